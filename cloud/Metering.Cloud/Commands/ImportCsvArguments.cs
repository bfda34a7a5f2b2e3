using System.CommandLine;
using System.Globalization;
using System.Text;
using Metering.Cloud.Hosting;
using Metering.Readings;

namespace Metering.Cloud.Commands;

/// <summary>The options of `cloud import csv`, as text, and the request made of them.</summary>
internal static class ImportCsvArguments
{
    private const string ColumnForm = "NAME=channel:unit:kind[:decimals[:factor]], for example 'kwh=mains.energy:kWh:counter'; kinds are counter, gauge and mean";
    private static readonly string[] UsualMissing = ["NA", "N/A", "NaN", "null"];

    private static readonly Option<string?> File = CsvArguments.Option("--file", "the CSV: plain or .gz, with a header row");
    private static readonly Option<string?> Plant = CsvArguments.Option("--plant", "the plant the readings belong to");
    private static readonly Option<string?> Name = CsvArguments.Option("--name", "the import's name; readings stand under the gateway import-NAME");
    private static readonly Option<string?> Map = CsvArguments.Option("--map", "a YAML file with columns, and time, zone, stamp, step if they are not given here");
    private static readonly Option<string[]> Column = new("--column") { Description = $"a column, repeatable: {ColumnForm}" };
    private static readonly Option<string?> Time = CsvArguments.Option("--time", "the column of the stamps (default: the first)");
    private static readonly Option<string?> Zone = CsvArguments.Option("--zone", "zone of stamps without an offset: UTC, an IANA name such as America/Mexico_City, or a fixed offset such as -06:00");
    private static readonly Option<string?> Stamp = CsvArguments.Option("--stamp", "start or end (default start): what the stamp of an interval names; matters for kind mean");
    private static readonly Option<string?> Step = CsvArguments.Option("--step", "length of the intervals, such as 15m or 1h; needed with --stamp end");
    private static readonly Option<string[]> Missing = new("--missing") { Description = "a text that means 'no value', repeatable; blank, NA, N/A, NaN and null always do" };
    private static readonly Option<bool> DecimalComma = new("--decimal-comma") { Description = "numbers are written 1234,5 (columns parted by semicolon or tab)" };
    private static readonly Option<bool> Round = new("--round") { Description = "round values to the decimals given for their column; without it, values that have more are refused" };
    private static readonly Option<bool> Sort = new("--sort") { Description = "rows may come in any order; without it, the first row that goes back in time is refused" };
    private static readonly Option<bool> KeepLast = new("--keep-last") { Description = "of rows with the same stamp the last one stands; without it they are refused" };
    private static readonly Option<bool> Overwrite = new("--overwrite") { Description = "stored readings of this import may change; without it, a different value is refused" };
    private static readonly Option<bool> DryRun = new("--dry-run") { Description = "read and check everything, write nothing" };

    /// <summary>All options but --config and --json.</summary>
    public static IReadOnlyList<Option> All { get; } =
        [File, Plant, Name, Map, Column, Time, Zone, Stamp, Step, Missing, DecimalComma, Round, Sort, KeepLast, Overwrite, DryRun];

    /// <summary>The request.</summary>
    /// <exception cref="CsvUsageException">An option is missing or cannot be meant.</exception>
    /// <exception cref="ConfigException">The map has faults.</exception>
    public static ImportCsvRequest Read(ParseResult arguments)
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

    private static ImportColumn ReadColumn(string text)
    {
        int equals = text.LastIndexOf('=');
        string[] parts = equals < 1 ? [] : text[(equals + 1)..].Split(':');
        if (parts.Length is < 3 or > 5 || FindKind(parts[2]) is not ImportKind kind)
        {
            throw new CsvUsageException($"{Column.Name} {text}: expected {ColumnForm}.");
        }

        int? decimals = null;
        if (parts.Length > 3 && parts[3].Length > 0)
        {
            decimals = int.TryParse(parts[3], NumberStyles.None, CultureInfo.InvariantCulture, out int places) && places <= Channel.MaximumDecimalPlaces
                ? places
                : throw new CsvUsageException($"{Column.Name} {text}: decimals are 0 to {Channel.MaximumDecimalPlaces}.");
        }

        ExactDecimal factor = new(1, 0);
        if (parts.Length > 4 && (!ExactDecimal.TryParse(Encoding.UTF8.GetBytes(parts[4]), out factor) || factor.Mantissa == 0))
        {
            throw new CsvUsageException($"{Column.Name} {text}: the factor is a number such as 0.003785411784, not zero.");
        }

        return new() { Name = text[..equals], Channel = parts[0], Meter = MeterOf(parts[0]), Unit = parts[1], Kind = kind, Decimals = decimals, Factor = factor };
    }

    private static void Check(List<ImportColumn> columns, bool rounds)
    {
        if (columns.Count == 0)
        {
            throw new CsvUsageException($"no column is named. Give {Map.Name} or {Column.Name} {ColumnForm}.");
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
                throw new CsvUsageException($"column {column.Name}: {e.Message}.");
            }

            if (!channels.Add(column.Channel))
            {
                throw new CsvUsageException($"two columns would become the channel {column.Channel}. Give one of them another name.");
            }

            if (rounds && column.Decimals is null)
            {
                throw new CsvUsageException($"{Round.Name} needs the decimals of column {column.Name}: {ColumnForm}.");
            }
        }
    }

    private static ImportTimes ReadTimes(ParseResult arguments, ImportMap map, List<ImportColumn> columns)
    {
        string zone = arguments.GetValue(Zone) ?? map.Zone
            ?? throw new CsvUsageException($"{Zone.Name} is missing: {Zone.Description}. Stamps that carry an offset keep it.");
        string stamp = arguments.GetValue(Stamp) ?? map.Stamp ?? "start";
        if (stamp is not ("start" or "end"))
        {
            throw new CsvUsageException($"{Stamp.Name} {stamp}: expected start or end.");
        }

        TimeSpan? step = ReadStep(arguments.GetValue(Step) ?? map.Step);
        bool needsStep = stamp == "end" && columns.Exists(column => column.Kind == ImportKind.Mean);
        return needsStep && step is null
            ? throw new CsvUsageException($"{Step.Name} is missing: with {Stamp.Name} end a mean is kept at the start of its interval, so its length must be known.")
            : new(arguments.GetValue(Time) ?? map.Time, FindZone(zone), stamp == "end", step);
    }

    private static TimeSpan? ReadStep(string? text)
    {
        if (text is null)
        {
            return null;
        }

        long seconds = text.Length < 2 ? 0 : text[^1] switch { 's' => 1, 'm' => 60, 'h' => 3600, 'd' => 86_400, _ => 0 };
        return seconds > 0 && int.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out int count) && count is > 0 and <= 86_400
            ? TimeSpan.FromSeconds(count * seconds)
            : throw new CsvUsageException($"{Step.Name} {text}: expected a length such as 1s, 15m, 1h or 1d.");
    }

    private static TimeZoneInfo FindZone(string text)
    {
        if (text.Length == 6 && text[0] is '+' or '-' && TimeSpan.TryParseExact(text.AsSpan(1), "hh\\:mm", CultureInfo.InvariantCulture, out TimeSpan offset) && offset <= TimeSpan.FromHours(14))
        {
            return TimeZoneInfo.CreateCustomTimeZone(text, text[0] == '-' ? -offset : offset, text, text);
        }

        return TimeZoneInfo.TryFindSystemTimeZoneById(text, out TimeZoneInfo? zone)
            ? zone
            : throw new CsvUsageException($"{Zone.Name} {text}: there is no such zone. Give UTC, a name of the IANA list such as America/Mexico_City, or a fixed offset such as -06:00.");
    }

    private static string Id(ParseResult arguments, Option<string?> option)
    {
        string text = CsvArguments.Required(arguments, option);
        return Identifier.IsValid(text) && text.Length <= Identifier.MaximumLength - 8
            ? text
            : throw new CsvUsageException($"{option.Name} '{text}' is no identifier: {Identifier.Rule}.");
    }
}
