using System.CommandLine;
using System.Text;
using Metering.Analytics.Intervals;

namespace Metering.Cloud.Commands;

/// <summary>What `cloud intervals` was asked for.</summary>
internal sealed record IntervalsRequest
{
    /// <summary>The file of readings.</summary>
    public required string Path { get; init; }

    /// <summary>Column of times.</summary>
    public required string Time { get; init; }

    /// <summary>Column of the register.</summary>
    public required string Register { get; init; }

    /// <summary>Length of the intervals.</summary>
    public required IntervalStep Step { get; init; }

    /// <summary>The plant's zone.</summary>
    public required TimeZoneInfo Zone { get; init; }

    /// <summary>Most that can flow, register units per hour; null when not given.</summary>
    public double? MaximumRatePerHour { get; init; }

    /// <summary>Modulus as written: mantissa (0 for none) and decimal places.</summary>
    public (long Mantissa, int Decimals) Modulus { get; init; }

    /// <summary>How the total of a gap is laid out.</summary>
    public GapAllocation Gaps { get; init; }

    /// <summary>Whether holidays of Mexico count as Sundays.</summary>
    public bool HasHolidays { get; init; }

    /// <summary>File of recorded changes of the meter; null for none.</summary>
    public string? ReplacementsPath { get; init; }

    /// <summary>File of edits; null for none.</summary>
    public string? EditsPath { get; init; }

    /// <summary>Whether missing intervals are estimated.</summary>
    public bool IsEstimated { get; init; }

    /// <summary>Whether the checks run.</summary>
    public bool IsChecked { get; init; }

    /// <summary>Columns that must have readings together with the register.</summary>
    public IReadOnlyList<string> Siblings { get; init; } = [];

    /// <summary>Column of the reactive register, kvarh; null for none.</summary>
    public string? Reactive { get; init; }
}

/// <summary>The options of `cloud intervals`, as text, and the request made of them.</summary>
/// <param name="help">Language of the descriptions.</param>
internal sealed class IntervalsArguments(Language help)
{
    private const int MostSiblings = 100;

    private Option<string?> Csv { get; } = CsvArguments.Option("--csv", new Text("el archivo: tal cual o .gz, con renglón de encabezado", "the file: plain or .gz, with a header row").In(help));
    private Option<string?> Time { get; } = CsvArguments.Option("--time", new Text("la columna de las horas de lectura (hora local de --zone, salvo que la fecha lleve Z o un desfase)", "the column of reading times (local time of --zone unless a stamp has Z or an offset)").In(help));
    private Option<string?> Register { get; } = CsvArguments.Option("--register", new Text("la columna del registro acumulado; vacío = falta", "the column of the cumulative register; blank = missing").In(help));
    private Option<string?> StepOption { get; } = CsvArguments.Option("--step", new Text("15m, 1h, 1d, 1mo u otro paso que divida un día", "15m, 1h, 1d, 1mo, or another step that divides a day").In(help));
    private Option<string?> Modulus { get; } = CsvArguments.Option("--modulus", new Text("el valor del registro en el que el medidor vuelve a empezar en cero", "the register value at which the meter begins again at zero").In(help));
    private Option<string?> MaximumRate { get; } = CsvArguments.Option("--max-rate", new Text("lo más que puede fluir, en unidades del registro por hora", "the most that can flow, in register units per hour").In(help));
    private Option<string?> ZoneOption { get; } = CsvArguments.Option("--zone", new Text("la zona de la planta, por ejemplo America/Mexico_City (si falta, UTC)", "the plant's zone, for example America/Mexico_City (default UTC)").In(help));
    private Option<string?> Gaps { get; } = CsvArguments.Option("--gaps", new Text("even o profile (si falta, even): cómo se reparte un total conocido a lo largo de un hueco; profile toma la forma del mismo día de la semana y hora", "even or profile (default even): how a total known over a gap is laid out; profile takes the shape of the same weekday and time").In(help));
    private Option<string?> Holidays { get; } = CsvArguments.Option("--holidays", new Text("MX: los días de descanso obligatorio de México cuentan como domingos en perfiles, revisiones y estimaciones (si falta, ninguno)", "MX: statutory holidays of Mexico count as Sundays in profiles, checks and estimates (default none)").In(help));
    private Option<string?> Replacements { get; } = CsvArguments.Option("--replacements", new Text("un CSV de cambios registrados del medidor: at,final,initial,person,reason (si falta, ninguno)", "a CSV of recorded changes of the meter: at,final,initial,person,reason (default none)").In(help));
    private Option<bool> Checks { get; } = new("--checks") { Description = new Text("hacer las revisiones de validación y listar lo que encuentren (si falta, no)", "run the validation checks and list what they find (default off)").In(help) };
    private Option<string[]> Siblings { get; } = new("--sibling") { Description = new Text("otras columnas del medidor, entre comas o repetidas, que deben tener lecturas junto con el registro (necesita --checks; si falta, ninguna)", "other columns of the meter, between commas or repeated, that must have readings together with the register (needs --checks; default none)").In(help) };
    private Option<string?> Reactive { get; } = CsvArguments.Option("--reactive", new Text("la columna del registro reactivo, kvarh, para revisar el factor de potencia (necesita --checks y un registro en kWh; si falta, ninguna)", "the column of the reactive register, kvarh, for the check of the power factor (needs --checks and a register in kWh; default none)").In(help));
    private Option<bool> Estimate { get; } = new("--estimate") { Description = new Text("llenar por regla los intervalos faltantes y rechazados: una recta hasta 2 horas; más allá, el mismo día de la semana y hora de otras semanas (si falta, no)", "fill missing and rejected intervals by rule: a line up to 2 hours, else the same weekday and time of other weeks (default off)").In(help) };
    private Option<string?> Edits { get; } = CsvArguments.Option("--edits", new Text("un CSV de correcciones de una persona: from,to,value,person,reason; un valor vacío rechaza; to ya no entra; columnas opcionales withdraw (renglón retirado) y total (keep) (si falta, ninguno)", "a CSV of a person's edits: from,to,value,person,reason; an empty value rejects; to is exclusive; optional columns withdraw (line taken back) and total (keep) (default none)").In(help));

    /// <summary>One JSON object instead of text.</summary>
    public Option<bool> Json { get; } = new("--json") { Description = new Text("un objeto JSON en lugar de texto", "one JSON object instead of text").In(help) };

    /// <summary>Language of the descriptions, and of what is said of a faulty line.</summary>
    public Language Language { get; } = help;

    /// <summary>All options.</summary>
    public IReadOnlyList<Option> All =>
    [
        Csv, Time, Register, StepOption, Modulus, MaximumRate, ZoneOption, Gaps, Holidays, Replacements, Checks, Siblings, Reactive, Estimate, Edits, Json,
    ];

    /// <summary>The request.</summary>
    /// <exception cref="CsvUsageException">An option is missing or cannot be meant.</exception>
    public IntervalsRequest Read(ParseResult arguments)
    {
        string register = CsvArguments.Required(arguments, Register);
        List<string> siblings = ReadSiblings(arguments, register);
        string? reactive = Named(arguments, Reactive, new Text("una columna", "a column").In(Language));
        bool isChecked = arguments.GetValue(Checks);
        if (!isChecked && (siblings.Count > 0 || reactive is not null))
        {
            throw new CsvUsageException("{0} necesita --checks.", $"{(reactive is null ? Siblings.Name : Reactive.Name)} needs --checks.");
        }

        return new IntervalsRequest
        {
            Path = CsvArguments.Required(arguments, Csv),
            Time = CsvArguments.Required(arguments, Time),
            Register = register,
            Step = CsvArguments.Step(arguments, StepOption),
            Zone = CsvArguments.Zone(arguments, ZoneOption),
            MaximumRatePerHour = CsvArguments.Positive(arguments, MaximumRate),
            Modulus = ReadModulus(arguments.GetValue(Modulus)),
            Gaps = arguments.GetValue(Gaps) switch
            {
                null or "even" => GapAllocation.Even,
                "profile" => GapAllocation.ByProfile,
                string other => throw new CsvUsageException("--gaps {0}: se espera even o profile.", $"--gaps {other}: expected even or profile."),
            },
            HasHolidays = arguments.GetValue(Holidays) switch
            {
                null => false,
                "MX" => true,
                string other => throw new CsvUsageException("--holidays {0}: solo se conoce MX.", $"--holidays {other}: only MX is known."),
            },
            ReplacementsPath = Named(arguments, Replacements, new Text("un archivo", "a file").In(Language)),
            EditsPath = Named(arguments, Edits, new Text("un archivo", "a file").In(Language)),
            IsEstimated = arguments.GetValue(Estimate),
            IsChecked = isChecked,
            Siblings = siblings,
            Reactive = string.Equals(reactive, register, StringComparison.Ordinal)
                ? throw new CsvUsageException("--reactive {0}: ese es el registro mismo. Nombre la columna en kvarh.", $"--reactive {reactive}: that is the register itself. Name the column in kvarh.")
                : reactive,
        };
    }

    private static string? Named(ParseResult arguments, Option<string?> option, string what)
    {
        string? value = arguments.GetValue(option);
        return value is not null && string.IsNullOrWhiteSpace(value)
            ? throw new CsvUsageException("{0}: se espera {1}: {2}", $"{option.Name}: expected {what}: {option.Description}")
            : value;
    }

    private List<string> ReadSiblings(ParseResult arguments, string register)
    {
        List<string> names = [];
        foreach (string text in arguments.GetValue(Siblings) ?? [])
        {
            names.AddRange(text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));
            if (names.Count == 0)
            {
                throw new CsvUsageException("--sibling: se espera una columna, o columnas entre comas.", $"--sibling: expected a column, or columns between commas.");
            }
        }

        if (names.Count > MostSiblings)
        {
            throw new CsvUsageException("--sibling: {0} columnas; el límite es {1}.", $"--sibling: {names.Count} columns; the limit is {MostSiblings}.");
        }

        if (names.Contains(register, StringComparer.Ordinal))
        {
            throw new CsvUsageException("--sibling {0}: ese es el registro mismo. Nombre otras columnas del medidor.", $"--sibling {register}: that is the register itself. Name other columns of the meter.");
        }

        return names.Distinct(StringComparer.Ordinal).Count() == names.Count
            ? names
            : throw new CsvUsageException("--sibling: una columna se repite. Nombre cada una una vez.", $"--sibling: a column occurs twice. Name each once.");
    }

    private static (long Mantissa, int Decimals) ReadModulus(string? text)
    {
        if (text is null)
        {
            return (0, 0);
        }

        return text.Length > 0 && CsvNumber.TryParseExact(Encoding.UTF8.GetBytes(text), out long mantissa, out int decimals) && mantissa > 0
            ? (mantissa, decimals)
            : throw new CsvUsageException("--modulus {0}: se espera un número mayor que cero con {1} decimales a lo más, como 100000 o 4294967.296.", $"--modulus {text}: expected a number above zero with at most {CsvNumber.MaximumDecimals} decimals, such as 100000 or 4294967.296.");
    }
}
