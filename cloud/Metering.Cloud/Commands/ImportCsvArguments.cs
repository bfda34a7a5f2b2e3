using System.CommandLine;
using System.Globalization;
using System.Text;
using Metering.Cloud.Hosting;
using Metering.Readings;

namespace Metering.Cloud.Commands;

/// <summary>The options of `cloud import csv`, as text, and the request made of them.</summary>
/// <param name="help">Language of the descriptions.</param>
internal sealed class ImportCsvArguments(Language help)
{
    private const string ColumnForm = "NAME=channel:unit:kind[:decimals[:factor]], for example 'kwh=mains.energy:kWh:counter'; kinds are counter, gauge and mean";
    private static readonly string[] UsualMissing = ["NA", "N/A", "NaN", "null"];

    private Option<string?> File { get; } = CsvArguments.Option("--file", new Text("el CSV: tal cual o .gz, con renglón de encabezado", "the CSV: plain or .gz, with a header row").In(help));
    private Option<string?> Plant { get; } = CsvArguments.Option("--plant", new Text("la planta de las lecturas", "the plant the readings belong to").In(help));
    private Option<string?> Name { get; } = CsvArguments.Option("--name", new Text("el nombre de la importación; las lecturas quedan bajo el gateway import-NAME", "the import's name; readings stand under the gateway import-NAME").In(help));
    private Option<string?> Map { get; } = CsvArguments.Option("--map", new Text("un archivo YAML con las columnas, y con time, zone, stamp y step si no se dan aquí", "a YAML file with columns, and time, zone, stamp, step if they are not given here").In(help));
    private Option<string[]> Column { get; } = new("--column") { Description = new Text(
        "una columna; se puede repetir: NAME=canal:unidad:tipo[:decimales[:factor]], por ejemplo 'kwh=mains.energy:kWh:counter'; los tipos son counter (contador), gauge (momentáneo) y mean (promedio)",
        "a column, repeatable: " + ColumnForm).In(help) };
    private Option<string?> Time { get; } = CsvArguments.Option("--time", new Text("la columna de las fechas y horas (si falta, la primera)", "the column of the stamps (default: the first)").In(help));
    private Option<string?> Zone { get; } = CsvArguments.Option("--zone", new Text("zona de las fechas sin desfase: UTC, un nombre IANA como America/Mexico_City o un desfase fijo como -06:00", "zone of stamps without an offset: UTC, an IANA name such as America/Mexico_City, or a fixed offset such as -06:00").In(help));
    private Option<string?> Stamp { get; } = CsvArguments.Option("--stamp", new Text("start o end (si falta, start): si la fecha nombra el inicio o el fin del intervalo; importa para el tipo mean", "start or end (default start): what the stamp of an interval names; matters for kind mean").In(help));
    private Option<string?> Step { get; } = CsvArguments.Option("--step", new Text("duración de los intervalos, por ejemplo 15m o 1h; hace falta con --stamp end", "length of the intervals, such as 15m or 1h; needed with --stamp end").In(help));
    private Option<string[]> Missing { get; } = new("--missing") { Description = new Text("un texto que significa 'sin valor'; se puede repetir; vacío, NA, N/A, NaN y null siempre lo significan", "a text that means 'no value', repeatable; blank, NA, N/A, NaN and null always do").In(help) };
    private Option<bool> DecimalComma { get; } = new("--decimal-comma") { Description = new Text("los números se escriben 1234,5 (columnas separadas por punto y coma o tabulador)", "numbers are written 1234,5 (columns parted by semicolon or tab)").In(help) };
    private Option<bool> Round { get; } = new("--round") { Description = new Text("redondear los valores a los decimales de su columna; si falta, se rechazan los que tienen más", "round values to the decimals given for their column; without it, values that have more are refused").In(help) };
    private Option<bool> Sort { get; } = new("--sort") { Description = new Text("los renglones pueden venir en cualquier orden; si falta, se rechaza el primero que retrocede en el tiempo", "rows may come in any order; without it, the first row that goes back in time is refused").In(help) };
    private Option<bool> KeepLast { get; } = new("--keep-last") { Description = new Text("de los renglones con la misma fecha y hora vale el último; si falta, se rechazan", "of rows with the same stamp the last one stands; without it they are refused").In(help) };
    private Option<bool> Overwrite { get; } = new("--overwrite") { Description = new Text("las lecturas guardadas de esta importación pueden cambiar; si falta, se rechaza un valor distinto", "stored readings of this import may change; without it, a different value is refused").In(help) };
    private Option<bool> DryRun { get; } = new("--dry-run") { Description = new Text("leer y revisar todo, sin escribir nada", "read and check everything, write nothing").In(help) };

    /// <summary>All options but --config and --json.</summary>
    public IReadOnlyList<Option> All =>
    [
        File, Plant, Name, Map, Column, Time, Zone, Stamp, Step, Missing, DecimalComma, Round, Sort, KeepLast, Overwrite, DryRun
    ];

    /// <summary>The request.</summary>
    /// <exception cref="CsvUsageException">An option is missing or cannot be meant.</exception>
    /// <exception cref="ConfigException">The map has faults.</exception>
    public ImportCsvRequest Read(ParseResult arguments)
    {
        ImportMap map = arguments.GetValue(Map) is string path ? ImportMap.Read(path) : ImportMap.Empty;
        List<ImportColumn> columns = [.. map.Columns, .. (arguments.GetValue(Column) ?? []).Select(ReadColumn)];
        Check(columns, arguments.GetValue(Round));
        return new ImportCsvRequest
        {
            Path = CsvArguments.Required(arguments, File),
            Plant = Id(arguments, Plant),
            Name = Id(arguments, Name),
            Columns = columns,
            Times = ReadTimes(arguments, map, columns),
            Missing = [.. UsualMissing, .. arguments.GetValue(Missing) ?? []],
            HasDecimalComma = arguments.GetValue(DecimalComma),
            Rounds = arguments.GetValue(Round),
            Sorts = arguments.GetValue(Sort),
            KeepsLast = arguments.GetValue(KeepLast),
            Overwrites = arguments.GetValue(Overwrite),
            IsDryRun = arguments.GetValue(DryRun),
        };
    }

    /// <summary>A kind by its name, or null.</summary>
    public static ImportKind? FindKind(string text) => text switch
    {
        "counter" => ImportKind.Counter,
        "gauge" => ImportKind.Gauge,
        "mean" => ImportKind.Mean,
        _ => null,
    };

    /// <summary>The meter of a channel that names none: what stands before its first point.</summary>
    public static string MeterOf(string channel) => channel.IndexOf('.', StringComparison.Ordinal) is int point and > 0 ? channel[..point] : channel;

    private ImportColumn ReadColumn(string text)
    {
        int equals = text.LastIndexOf('=');
        string[] parts = equals < 1 ? [] : text[(equals + 1)..].Split(':');
        if (parts.Length is < 3 or > 5 || FindKind(parts[2]) is not ImportKind kind)
        {
            throw new CsvUsageException("{0} {1}: se espera {2}.", $"{Column.Name} {text}: expected {ColumnForm}.");
        }

        int? decimals = null;
        if (parts.Length > 3 && parts[3].Length > 0)
        {
            decimals = int.TryParse(parts[3], NumberStyles.None, CultureInfo.InvariantCulture, out int places) && places <= Channel.MaximumDecimalPlaces
                ? places
                : throw new CsvUsageException("{0} {1}: los decimales son de 0 a {2}.", $"{Column.Name} {text}: decimals are 0 to {Channel.MaximumDecimalPlaces}.");
        }

        ExactDecimal factor = new(1, 0);
        if (parts.Length > 4 && (!ExactDecimal.TryParse(Encoding.UTF8.GetBytes(parts[4]), out factor) || factor.Mantissa == 0))
        {
            throw new CsvUsageException("{0} {1}: el factor es un número como 0.003785411784, no cero.", $"{Column.Name} {text}: the factor is a number such as 0.003785411784, not zero.");
        }

        return new() { Name = text[..equals], Channel = parts[0], Meter = MeterOf(parts[0]), Unit = parts[1], Kind = kind, Decimals = decimals, Factor = factor };
    }

    private void Check(List<ImportColumn> columns, bool rounds)
    {
        if (columns.Count == 0)
        {
            throw new CsvUsageException("no se nombra ninguna columna. Dé {0} o {1} {2}.", $"no column is named. Give {Map.Name} or {Column.Name} {ColumnForm}.");
        }

        HashSet<string> channels = new(StringComparer.Ordinal);
        foreach (ImportColumn column in columns)
        {
            try
            {
                column.ToChannel().Check();
            }
            catch (ArgumentException e)
            {
                throw new CsvUsageException("columna {0}: {1}.", $"column {column.Name}: {e.Message}.");
            }

            if (!channels.Add(column.Channel))
            {
                throw new CsvUsageException("dos columnas se volverían el canal {0}. Dé otro nombre a una de ellas.", $"two columns would become the channel {column.Channel}. Give one of them another name.");
            }

            if (rounds && column.Decimals is null)
            {
                throw new CsvUsageException("{0} necesita los decimales de la columna {1}: {2}.", $"{Round.Name} needs the decimals of column {column.Name}: {ColumnForm}.");
            }
        }
    }

    private ImportTimes ReadTimes(ParseResult arguments, ImportMap map, List<ImportColumn> columns)
    {
        string zone = arguments.GetValue(Zone) ?? map.Zone
            ?? throw new CsvUsageException("falta {0}: {1}. Las fechas que llevan desfase lo conservan.", $"{Zone.Name} is missing: {Zone.Description}. Stamps that carry an offset keep it.");
        string stamp = arguments.GetValue(Stamp) ?? map.Stamp ?? "start";
        if (stamp is not ("start" or "end"))
        {
            throw new CsvUsageException("{0} {1}: se espera start o end.", $"{Stamp.Name} {stamp}: expected start or end.");
        }

        TimeSpan? step = ReadStep(arguments.GetValue(Step) ?? map.Step);
        bool needsStep = stamp == "end" && columns.Exists(column => column.Kind == ImportKind.Mean);
        return needsStep && step is null
            ? throw new CsvUsageException("falta {0}: con {1} end un promedio se guarda al inicio de su intervalo, así que hay que saber cuánto dura.", $"{Step.Name} is missing: with {Stamp.Name} end a mean is kept at the start of its interval, so its length must be known.")
            : new(arguments.GetValue(Time) ?? map.Time, FindZone(zone), stamp == "end", step);
    }

    private TimeSpan? ReadStep(string? text)
    {
        if (text is null)
        {
            return null;
        }

        long seconds = text.Length < 2 ? 0 : text[^1] switch { 's' => 1, 'm' => 60, 'h' => 3600, 'd' => 86_400, _ => 0 };
        return seconds > 0 && int.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out int count) && count is > 0 and <= 86_400
            ? TimeSpan.FromSeconds(count * seconds)
            : throw new CsvUsageException("{0} {1}: se espera una duración como 1s, 15m, 1h o 1d.", $"{Step.Name} {text}: expected a length such as 1s, 15m, 1h or 1d.");
    }

    private TimeZoneInfo FindZone(string text)
    {
        if (text.Length == 6 && text[0] is '+' or '-' && TimeSpan.TryParseExact(text.AsSpan(1), "hh\\:mm", CultureInfo.InvariantCulture, out TimeSpan offset) && offset <= TimeSpan.FromHours(14))
        {
            return TimeZoneInfo.CreateCustomTimeZone(text, text[0] == '-' ? -offset : offset, text, text);
        }

        return TimeZoneInfo.TryFindSystemTimeZoneById(text, out TimeZoneInfo? zone)
            ? zone
            : throw new CsvUsageException("{0} {1}: no hay tal zona. Dé UTC, un nombre de la lista IANA como America/Mexico_City, o un desfase fijo como -06:00.", $"{Zone.Name} {text}: there is no such zone. Give UTC, a name of the IANA list such as America/Mexico_City, or a fixed offset such as -06:00.");
    }

    private string Id(ParseResult arguments, Option<string?> option)
    {
        string text = CsvArguments.Required(arguments, option);
        return Identifier.IsValid(text) && text.Length <= Identifier.MaximumLength - 8
            ? text
            : throw new CsvUsageException("{0} '{1}' no es un identificador: {2}.", $"{option.Name} '{text}' is no identifier: {Identifier.RuleText.In(help)}.");
    }
}
