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
internal static class IntervalsArguments
{
    private const int MostSiblings = 100;

    private static readonly Option<string?> Csv = CsvArguments.Option("--csv", "the file: plain or .gz, with a header row");
    private static readonly Option<string?> Time = CsvArguments.Option("--time", "the column of reading times (local time of --zone unless a stamp has Z or an offset)");
    private static readonly Option<string?> Register = CsvArguments.Option("--register", "the column of the cumulative register; blank = missing");
    private static readonly Option<string?> StepOption = CsvArguments.Option("--step", "15m, 1h, 1d, 1mo, or another step that divides a day");
    private static readonly Option<string?> Modulus = CsvArguments.Option("--modulus", "the register value at which the meter begins again at zero");
    private static readonly Option<string?> MaximumRate = CsvArguments.Option("--max-rate", "the most that can flow, in register units per hour");
    private static readonly Option<string?> ZoneOption = CsvArguments.Option("--zone", "the plant's zone, for example America/Mexico_City (default UTC)");
    private static readonly Option<string?> Gaps = CsvArguments.Option("--gaps", "even or profile (default even): how a total known over a gap is laid out; profile takes the shape of the same weekday and time");
    private static readonly Option<string?> Holidays = CsvArguments.Option("--holidays", "MX: statutory holidays of Mexico count as Sundays in profiles, checks and estimates (default none)");
    private static readonly Option<string?> Replacements = CsvArguments.Option("--replacements", "a CSV of recorded changes of the meter: at,final,initial,person,reason (default none)");
    private static readonly Option<bool> Checks = new("--checks") { Description = "run the validation checks and list what they find (default off)" };
    private static readonly Option<string[]> Siblings = new("--sibling") { Description = "other columns of the meter, between commas or repeated, that must have readings together with the register (needs --checks; default none)" };
    private static readonly Option<string?> Reactive = CsvArguments.Option("--reactive", "the column of the reactive register, kvarh, for the check of the power factor (needs --checks and a register in kWh; default none)");
    private static readonly Option<bool> Estimate = new("--estimate") { Description = "fill missing and rejected intervals by rule: a line up to 2 hours, else the same weekday and time of other weeks (default off)" };
    private static readonly Option<string?> Edits = CsvArguments.Option("--edits", "a CSV of a person's edits: from,to,value,person,reason; an empty value rejects; to is exclusive; optional columns withdraw (line taken back) and total (keep) (default none)");

    /// <summary>One JSON object instead of text.</summary>
    public static Option<bool> Json { get; } = new("--json") { Description = "one JSON object instead of text" };

    /// <summary>All options.</summary>
    public static IReadOnlyList<Option> All { get; } =
    [
        Csv, Time, Register, StepOption, Modulus, MaximumRate, ZoneOption, Gaps, Holidays, Replacements, Checks, Siblings, Reactive, Estimate, Edits, Json,
    ];

    /// <summary>The request.</summary>
    /// <exception cref="CsvUsageException">An option is missing or cannot be meant.</exception>
    public static IntervalsRequest Read(ParseResult arguments)
    {
        string register = CsvArguments.Required(arguments, Register);
        List<string> siblings = ReadSiblings(arguments, register);
        string? reactive = Named(arguments, Reactive, "a column");
        bool isChecked = arguments.GetValue(Checks);
        if (!isChecked && (siblings.Count > 0 || reactive is not null))
        {
            throw new CsvUsageException($"{(reactive is null ? Siblings.Name : Reactive.Name)} needs --checks.");
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
                string other => throw new CsvUsageException($"--gaps {other}: expected even or profile."),
            },
            HasHolidays = arguments.GetValue(Holidays) switch
            {
                null => false,
                "MX" => true,
                string other => throw new CsvUsageException($"--holidays {other}: only MX is known."),
            },
            ReplacementsPath = Named(arguments, Replacements, "a file"),
            EditsPath = Named(arguments, Edits, "a file"),
            IsEstimated = arguments.GetValue(Estimate),
            IsChecked = isChecked,
            Siblings = siblings,
            Reactive = string.Equals(reactive, register, StringComparison.Ordinal)
                ? throw new CsvUsageException($"--reactive {reactive}: that is the register itself. Name the column in kvarh.")
                : reactive,
        };
    }

    private static string? Named(ParseResult arguments, Option<string?> option, string what)
    {
        string? value = arguments.GetValue(option);
        return value is not null && string.IsNullOrWhiteSpace(value)
            ? throw new CsvUsageException($"{option.Name}: expected {what}: {option.Description}")
            : value;
    }

    private static List<string> ReadSiblings(ParseResult arguments, string register)
    {
        List<string> names = [];
        foreach (string text in arguments.GetValue(Siblings) ?? [])
        {
            names.AddRange(text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));
            if (names.Count == 0)
            {
                throw new CsvUsageException("--sibling: expected a column, or columns between commas.");
            }
        }

        if (names.Count > MostSiblings)
        {
            throw new CsvUsageException($"--sibling: {names.Count} columns; the limit is {MostSiblings}.");
        }

        if (names.Contains(register, StringComparer.Ordinal))
        {
            throw new CsvUsageException($"--sibling {register}: that is the register itself. Name other columns of the meter.");
        }

        return names.Distinct(StringComparer.Ordinal).Count() == names.Count
            ? names
            : throw new CsvUsageException("--sibling: a column occurs twice. Name each once.");
    }

    private static (long Mantissa, int Decimals) ReadModulus(string? text)
    {
        if (text is null)
        {
            return (0, 0);
        }

        return text.Length > 0 && CsvNumber.TryParseExact(Encoding.UTF8.GetBytes(text), out long mantissa, out int decimals) && mantissa > 0
            ? (mantissa, decimals)
            : throw new CsvUsageException($"--modulus {text}: expected a number above zero with at most {CsvNumber.MaximumDecimals} decimals, such as 100000 or 4294967.296.");
    }
}
