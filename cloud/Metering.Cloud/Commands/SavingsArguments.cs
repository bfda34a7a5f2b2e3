using System.CommandLine;
using Metering.Analytics.Baselines;
using Metering.Analytics.Savings;

namespace Metering.Cloud.Commands;

/// <summary>The options of `cloud savings`, as text, and the request made of them.</summary>
internal static class SavingsArguments
{
    private const double DefaultConfidencePercent = 90;
    private const string AllColumns = "auto";

    private static readonly Option<string?> Csv = CsvArguments.Option("--csv", "the file: plain or .gz, with a header row");
    private static readonly Option<string?> Time = CsvArguments.Option("--time", "the column of interval starts (local time of --zone unless a stamp has Z or an offset)");
    private static readonly Option<string?> Use = CsvArguments.Option("--use", "the column of metered use; blank = missing");
    private static readonly Option<string?> Drivers = CsvArguments.Option("--drivers", "columns that drive use, between commas; 'auto' tries all numeric columns; none gives the mean");
    private static readonly Option<string?> Baseline = CsvArguments.Option("--baseline", "first and last day before the project, as 2024-01-01..2024-12-31");
    private static readonly Option<string?> Reporting = CsvArguments.Option("--reporting", "first and last day after the project, as 2025-03-01..2026-02-28");
    private static readonly Option<string?> Model = CsvArguments.Option("--model", "auto, ols, cp, mean, towt-hourly, towt-daily, caltrack-daily, caltrack-billing or caltrack-hourly (default: ols on named drivers, auto with --drivers auto, mean without drivers)");
    private static readonly Option<string?> Confidence = CsvArguments.Option("--confidence", "probability of the interval in percent, 50 to 99.9 (default 90)");
    private static readonly Option<string?> ZoneOption = CsvArguments.Option("--zone", "the plant's zone, for example America/Mexico_City (default UTC)");
    private static readonly Option<string?> Temperature = CsvArguments.Option("--temperature", "a file of hourly outdoor temperatures (time, value): a driver 'temperature' for the rows, and what towt and caltrack need");
    private static readonly Option<string?> TemperatureUnit = CsvArguments.Option("--temperature-unit", "C or F (default: from the name of the file's column, such as temp_c or tempF)");
    private static readonly Option<string?> FuelOption = CsvArguments.Option("--fuel", "electricity, gas or water (default electricity): gas is not explained by cooling; for electricity caltrack-daily and caltrack-billing read zero as missing");
    private static readonly Option<string?> Events = CsvArguments.Option("--events", "none, propose, apply or apply:FILE (default none): propose lists non-routine events, apply adjusts for the proposals, apply:FILE for the decisions in a CSV with from,to,decision,person,reason");
    private static readonly Option<string?> Holidays = CsvArguments.Option("--holidays", "MX: statutory holidays of Mexico, as a driver 'holiday' and as Sundays for towt");
    private static readonly Option<string?> Segments = CsvArguments.Option("--segments", "a column of codes (shift, product, operating mode): each code gets a use of its own, and with --model auto a slope");
    private static readonly Option<string?> KindOption = CsvArguments.Option("--kind", "avoided, backcast or normalised (default avoided; normalised: conditions of the baseline period)");
    private static readonly Option<string?> Claim = CsvArguments.Option("--claim", "a claimed saving in the unit of use: prints the probability that it was reached");
    private static readonly Option<string?> MeterClass = CsvArguments.Option("--meter-class", "accuracy class of the meter in percent of reading");
    private static readonly Option<bool> MeterReplaced = new("--meter-replaced") { Description = "the meter was replaced between the periods" };

    /// <summary>One JSON object instead of text.</summary>
    public static Option<bool> Json { get; } = new("--json") { Description = "one JSON object instead of text" };

    /// <summary>All options.</summary>
    public static IReadOnlyList<Option> All { get; } =
    [
        Csv, Time, Use, Drivers, Baseline, Reporting, Model, Confidence, ZoneOption, Temperature, TemperatureUnit, FuelOption, Events,
        Holidays, Segments, KindOption, Claim, MeterClass, MeterReplaced, Json,
    ];

    /// <summary>The request.</summary>
    /// <exception cref="CsvUsageException">An option is missing or cannot be meant.</exception>
    public static SavingsRequest Read(ParseResult arguments)
    {
        TimeZoneInfo zone = CsvArguments.Zone(arguments, ZoneOption);
        string use = CsvArguments.Required(arguments, Use);
        string? temperature = arguments.GetValue(Temperature);
        IReadOnlyList<string>? drivers = ReadDrivers(arguments, use);
        string? holidays = ReadHolidays(arguments);
        bool hasDriver = drivers is null || drivers.Count > 0 || temperature is not null || holidays is not null || arguments.GetValue(Segments) is not null;
        ModelKind model = ReadModel(arguments.GetValue(Model), drivers is null, hasDriver, temperature is not null);
        (EventHandling events, string? eventsPath) = ReadEvents(arguments.GetValue(Events) ?? "none");
        return Checked(new SavingsRequest
        {
            Path = CsvArguments.Required(arguments, Csv),
            Time = CsvArguments.Required(arguments, Time),
            Use = use,
            Drivers = model == ModelKind.Mean ? [] : drivers,
            Baseline = CsvArguments.Days(arguments, Baseline, zone),
            Reporting = CsvArguments.Days(arguments, Reporting, zone),
            Model = model,
            ConfidencePercent = ReadConfidence(arguments),
            Zone = zone,
            TemperaturePath = model == ModelKind.Mean ? null : temperature,
            IsFahrenheit = ReadUnit(arguments),
            Fuel = Choice(arguments, FuelOption, "electricity", ["electricity", "gas", "water"]) switch { "gas" => Fuel.Gas, "water" => Fuel.Water, _ => Fuel.Electricity },
            Events = events,
            EventsPath = eventsPath,
            Holidays = model == ModelKind.Mean ? null : holidays,
            Segments = model == ModelKind.Mean ? null : arguments.GetValue(Segments),
            Kind = Choice(arguments, KindOption, "avoided", ["avoided", "backcast", "normalised"]) switch { "backcast" => SavingsKind.Backcast, "normalised" => SavingsKind.Normalised, _ => SavingsKind.Avoided },
            Claim = CsvArguments.Positive(arguments, Claim),
            MeterClassPercent = ReadClass(arguments),
            IsMeterReplaced = arguments.GetValue(MeterReplaced),
        });
    }

    private static IReadOnlyList<string>? ReadDrivers(ParseResult arguments, string use)
    {
        if (string.Equals(arguments.GetValue(Drivers)?.Trim(), AllColumns, StringComparison.Ordinal))
        {
            return null;
        }

        IReadOnlyList<string> drivers = CsvArguments.Names(arguments, Drivers);
        if (drivers.Count > BaselineModel.MaximumDrivers)
        {
            throw new CsvUsageException($"--drivers: {drivers.Count} names; the limit is {BaselineModel.MaximumDrivers}.");
        }

        if (drivers.Contains(use, StringComparer.Ordinal))
        {
            throw new CsvUsageException($"--drivers: '{use}' is the use itself. Name what drives it.");
        }

        foreach (string taken in new[] { SavingsJson.Intercept, SavingsInputs.TemperatureName, SavingsInputs.HolidayName })
        {
            bool isTaken = string.Equals(taken, SavingsJson.Intercept, StringComparison.Ordinal)
                || (string.Equals(taken, SavingsInputs.TemperatureName, StringComparison.Ordinal) && arguments.GetValue(Temperature) is not null)
                || (string.Equals(taken, SavingsInputs.HolidayName, StringComparison.Ordinal) && arguments.GetValue(Holidays) is not null);
            if (isTaken && drivers.Contains(taken, StringComparer.Ordinal))
            {
                throw new CsvUsageException($"--drivers: '{taken}' is the name of a term of its own. Rename the column.");
            }
        }

        return drivers;
    }

    private static ModelKind ReadModel(string? text, bool isAllColumns, bool hasDriver, bool hasTemperature)
    {
        ModelKind model = text switch
        {
            null when isAllColumns => ModelKind.Auto,
            null => hasDriver ? ModelKind.Ols : ModelKind.Mean,
            "auto" => hasDriver ? ModelKind.Auto : ModelKind.Mean,
            "ols" => ModelKind.Ols,
            "cp" => ModelKind.ChangePoint,
            "mean" => ModelKind.Mean,
            "towt-hourly" => ModelKind.TowtHourly,
            "towt-daily" => ModelKind.TowtDaily,
            "caltrack-daily" => ModelKind.CalTrackDaily,
            "caltrack-billing" => ModelKind.CalTrackBilling,
            "caltrack-hourly" => ModelKind.CalTrackHourly,
            _ => throw new CsvUsageException($"--model {text}: expected auto, ols or mean, cp, towt-hourly, towt-daily, caltrack-daily, caltrack-billing or caltrack-hourly."),
        };
        if (model is ModelKind.Ols or ModelKind.ChangePoint && !hasDriver)
        {
            throw new CsvUsageException($"--model {text} needs --drivers. Name the columns that drive use, or take --model mean.");
        }

        bool needsTemperature = model is ModelKind.TowtHourly or ModelKind.TowtDaily or ModelKind.CalTrackDaily or ModelKind.CalTrackBilling or ModelKind.CalTrackHourly;
        return needsTemperature && !hasTemperature
            ? throw new CsvUsageException($"--model {text} needs --temperature with hourly outdoor temperatures of both periods.")
            : model;
    }

    private static (EventHandling Handling, string? Path) ReadEvents(string text) => text switch
    {
        "none" => (EventHandling.None, null),
        "propose" => (EventHandling.Propose, null),
        "apply" => (EventHandling.Apply, null),
        _ when text.StartsWith("apply:", StringComparison.Ordinal) && text.Length > 6 => (EventHandling.ApplyFile, text[6..]),
        _ => throw new CsvUsageException($"--events {text}: expected none, propose, apply or apply:FILE."),
    };

    private static SavingsRequest Checked(SavingsRequest request)
    {
        bool isOwn = request.Model is ModelKind.Auto or ModelKind.Ols or ModelKind.Mean or ModelKind.ChangePoint;
        if (!isOwn && request.Kind != SavingsKind.Avoided)
        {
            throw new CsvUsageException("--kind backcast and normalised are computed with --model auto, ols, cp or mean.");
        }

        return request.Events != EventHandling.None && (!isOwn || request.Kind != SavingsKind.Avoided)
            ? throw new CsvUsageException("--events works with --model auto, ols, cp or mean and --kind avoided.")
            : request;
    }

    private static double ReadConfidence(ParseResult arguments)
    {
        double confidence = CsvArguments.Positive(arguments, Confidence) ?? DefaultConfidencePercent;
        return confidence is < 50 or > 99.9
            ? throw new CsvUsageException($"--confidence {arguments.GetValue(Confidence)}: expected percent, 50 to 99.9.")
            : confidence;
    }

    private static double ReadClass(ParseResult arguments)
    {
        double percent = CsvArguments.Positive(arguments, MeterClass) ?? 0;
        return percent >= 100 ? throw new CsvUsageException($"--meter-class {arguments.GetValue(MeterClass)}: expected percent of reading, below 100.") : percent;
    }

    private static bool? ReadUnit(ParseResult arguments) => arguments.GetValue(TemperatureUnit) switch
    {
        null => null,
        "C" or "c" => false,
        "F" or "f" => true,
        string other => throw new CsvUsageException($"--temperature-unit {other}: expected C or F."),
    };

    private static string? ReadHolidays(ParseResult arguments) => arguments.GetValue(Holidays) switch
    {
        null => null,
        "MX" => "MX",
        string other => throw new CsvUsageException($"--holidays {other}: only MX is known."),
    };

    private static string Choice(ParseResult arguments, Option<string?> option, string standard, string[] choices)
    {
        string text = arguments.GetValue(option) ?? standard;
        return choices.Contains(text, StringComparer.Ordinal)
            ? text
            : throw new CsvUsageException($"{option.Name} {text}: expected {string.Join(", ", choices)}.");
    }
}
