using System.CommandLine;
using Metering.Analytics.Baselines;
using Metering.Analytics.Savings;

namespace Metering.Cloud.Commands;

/// <summary>The options of `cloud savings`, as text, and the request made of them.</summary>
/// <param name="help">Language of the descriptions.</param>
internal sealed class SavingsArguments(Language help)
{
    private const double DefaultConfidencePercent = 90;
    private const string AllColumns = "auto";

    private Option<string?> Csv { get; } = CsvArguments.Option("--csv", new Text("el archivo: tal cual o .gz, con renglón de encabezado", "the file: plain or .gz, with a header row").In(help));
    private Option<string?> Time { get; } = CsvArguments.Option("--time", new Text("la columna de los inicios de intervalo (hora local de --zone, salvo que la fecha lleve Z o un desfase)", "the column of interval starts (local time of --zone unless a stamp has Z or an offset)").In(help));
    private Option<string?> Use { get; } = CsvArguments.Option("--use", new Text("la columna del consumo medido; vacío = falta", "the column of metered use; blank = missing").In(help));
    private Option<string?> Drivers { get; } = CsvArguments.Option("--drivers", new Text("columnas que mueven el consumo, entre comas; 'auto' prueba todas las numéricas; sin ninguna se usa el promedio", "columns that drive use, between commas; 'auto' tries all numeric columns; none gives the mean").In(help));
    private Option<string?> Baseline { get; } = CsvArguments.Option("--baseline", new Text("primer y último día antes del proyecto, como 2024-01-01..2024-12-31", "first and last day before the project, as 2024-01-01..2024-12-31").In(help));
    private Option<string?> Reporting { get; } = CsvArguments.Option("--reporting", new Text("primer y último día después del proyecto, como 2025-03-01..2026-02-28", "first and last day after the project, as 2025-03-01..2026-02-28").In(help));
    private Option<string?> Model { get; } = CsvArguments.Option("--model", new Text("auto, ols, cp, mean, towt-hourly, towt-daily, caltrack-daily, caltrack-billing o caltrack-hourly (si falta: ols con variables nombradas, auto con --drivers auto, mean sin variables)", "auto, ols, cp, mean, towt-hourly, towt-daily, caltrack-daily, caltrack-billing or caltrack-hourly (default: ols on named drivers, auto with --drivers auto, mean without drivers)").In(help));
    private Option<string?> Confidence { get; } = CsvArguments.Option("--confidence", new Text("probabilidad del intervalo en por ciento, de 50 a 99.9 (si falta, 90)", "probability of the interval in percent, 50 to 99.9 (default 90)").In(help));
    private Option<string?> ZoneOption { get; } = CsvArguments.Option("--zone", new Text("la zona de la planta, por ejemplo America/Mexico_City (si falta, UTC)", "the plant's zone, for example America/Mexico_City (default UTC)").In(help));
    private Option<string?> Temperature { get; } = CsvArguments.Option("--temperature", new Text("un archivo de temperaturas exteriores por hora (hora, valor): la variable 'temperature' de los renglones, y lo que necesitan towt y caltrack", "a file of hourly outdoor temperatures (time, value): a driver 'temperature' for the rows, and what towt and caltrack need").In(help));
    private Option<string?> TemperatureUnit { get; } = CsvArguments.Option("--temperature-unit", new Text("C o F (si falta, según el nombre de la columna del archivo, como temp_c o tempF)", "C or F (default: from the name of the file's column, such as temp_c or tempF)").In(help));
    private Option<string?> FuelOption { get; } = CsvArguments.Option("--fuel", new Text("electricity, gas o water (si falta, electricity): el gas no se explica por enfriamiento; en electricidad, caltrack-daily y caltrack-billing leen cero como faltante", "electricity, gas or water (default electricity): gas is not explained by cooling; for electricity caltrack-daily and caltrack-billing read zero as missing").In(help));
    private Option<string?> Events { get; } = CsvArguments.Option("--events", new Text("none, propose, apply o apply:FILE (si falta, none): propose lista los eventos no rutinarios, apply ajusta por los propuestos y apply:FILE por las decisiones de un CSV con from,to,decision,person,reason", "none, propose, apply or apply:FILE (default none): propose lists non-routine events, apply adjusts for the proposals, apply:FILE for the decisions in a CSV with from,to,decision,person,reason").In(help));
    private Option<string?> Holidays { get; } = CsvArguments.Option("--holidays", new Text("MX: días de descanso obligatorio de México, como variable 'holiday' y como domingos para towt", "MX: statutory holidays of Mexico, as a driver 'holiday' and as Sundays for towt").In(help));
    private Option<string?> Segments { get; } = CsvArguments.Option("--segments", new Text("una columna de códigos (turno, producto, modo de operación): cada código recibe un consumo propio, y con --model auto una pendiente", "a column of codes (shift, product, operating mode): each code gets a use of its own, and with --model auto a slope").In(help));
    private Option<string?> KindOption { get; } = CsvArguments.Option("--kind", new Text("avoided (evitado), backcast (hacia atrás) o normalised (si falta, avoided; normalised: condiciones del periodo base)", "avoided, backcast or normalised (default avoided; normalised: conditions of the baseline period)").In(help));
    private Option<string?> Claim { get; } = CsvArguments.Option("--claim", new Text("un ahorro declarado en la unidad del consumo: imprime la probabilidad de que se haya alcanzado", "a claimed saving in the unit of use: prints the probability that it was reached").In(help));
    private Option<string?> MeterClass { get; } = CsvArguments.Option("--meter-class", new Text("clase de exactitud del medidor, en por ciento de la lectura", "accuracy class of the meter in percent of reading").In(help));
    private Option<bool> MeterReplaced { get; } = new("--meter-replaced") { Description = new Text("el medidor se cambió entre los periodos", "the meter was replaced between the periods").In(help) };

    /// <summary>One JSON object instead of text.</summary>
    public Option<bool> Json { get; } = new("--json") { Description = new Text("un objeto JSON en lugar de texto", "one JSON object instead of text").In(help) };

    /// <summary>Language of the descriptions, and of what is said of a faulty line.</summary>
    public Language Language { get; } = help;

    /// <summary>All options.</summary>
    public IReadOnlyList<Option> All =>
    [
        Csv, Time, Use, Drivers, Baseline, Reporting, Model, Confidence, ZoneOption, Temperature, TemperatureUnit, FuelOption, Events,
        Holidays, Segments, KindOption, Claim, MeterClass, MeterReplaced, Json,
    ];

    /// <summary>The request.</summary>
    /// <exception cref="CsvUsageException">An option is missing or cannot be meant.</exception>
    public SavingsRequest Read(ParseResult arguments)
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

    private IReadOnlyList<string>? ReadDrivers(ParseResult arguments, string use)
    {
        if (string.Equals(arguments.GetValue(Drivers)?.Trim(), AllColumns, StringComparison.Ordinal))
        {
            return null;
        }

        IReadOnlyList<string> drivers = CsvArguments.Names(arguments, Drivers);
        if (drivers.Count > BaselineModel.MaximumDrivers)
        {
            throw new CsvUsageException("--drivers: {0} nombres; el límite es {1}.", $"--drivers: {drivers.Count} names; the limit is {BaselineModel.MaximumDrivers}.");
        }

        if (drivers.Contains(use, StringComparer.Ordinal))
        {
            throw new CsvUsageException("--drivers: '{0}' es el consumo mismo. Nombre lo que lo mueve.", $"--drivers: '{use}' is the use itself. Name what drives it.");
        }

        foreach (string taken in new[] { SavingsJson.Intercept, SavingsInputs.TemperatureName, SavingsInputs.HolidayName })
        {
            bool isTaken = string.Equals(taken, SavingsJson.Intercept, StringComparison.Ordinal)
                || (string.Equals(taken, SavingsInputs.TemperatureName, StringComparison.Ordinal) && arguments.GetValue(Temperature) is not null)
                || (string.Equals(taken, SavingsInputs.HolidayName, StringComparison.Ordinal) && arguments.GetValue(Holidays) is not null);
            if (isTaken && drivers.Contains(taken, StringComparer.Ordinal))
            {
                throw new CsvUsageException("--drivers: '{0}' es el nombre de un término propio. Cambie el nombre de la columna.", $"--drivers: '{taken}' is the name of a term of its own. Rename the column.");
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
            _ => throw new CsvUsageException("--model {0}: se espera auto, ols o mean, cp, towt-hourly, towt-daily, caltrack-daily, caltrack-billing o caltrack-hourly.", $"--model {text}: expected auto, ols or mean, cp, towt-hourly, towt-daily, caltrack-daily, caltrack-billing or caltrack-hourly."),
        };
        if (model is ModelKind.Ols or ModelKind.ChangePoint && !hasDriver)
        {
            throw new CsvUsageException("--model {0} necesita --drivers. Nombre las columnas que mueven el consumo, o tome --model mean.", $"--model {text} needs --drivers. Name the columns that drive use, or take --model mean.");
        }

        bool needsTemperature = model is ModelKind.TowtHourly or ModelKind.TowtDaily or ModelKind.CalTrackDaily or ModelKind.CalTrackBilling or ModelKind.CalTrackHourly;
        return needsTemperature && !hasTemperature
            ? throw new CsvUsageException("--model {0} necesita --temperature con temperaturas exteriores por hora de ambos periodos.", $"--model {text} needs --temperature with hourly outdoor temperatures of both periods.")
            : model;
    }

    private static (EventHandling Handling, string? Path) ReadEvents(string text) => text switch
    {
        "none" => (EventHandling.None, null),
        "propose" => (EventHandling.Propose, null),
        "apply" => (EventHandling.Apply, null),
        _ when text.StartsWith("apply:", StringComparison.Ordinal) && text.Length > 6 => (EventHandling.ApplyFile, text[6..]),
        _ => throw new CsvUsageException("--events {0}: se espera none, propose, apply o apply:ARCHIVO.", $"--events {text}: expected none, propose, apply or apply:FILE."),
    };

    private static SavingsRequest Checked(SavingsRequest request)
    {
        bool isOwn = request.Model is ModelKind.Auto or ModelKind.Ols or ModelKind.Mean or ModelKind.ChangePoint;
        if (!isOwn && request.Kind != SavingsKind.Avoided)
        {
            throw new CsvUsageException("--kind backcast y normalised se calculan con --model auto, ols, cp o mean.", $"--kind backcast and normalised are computed with --model auto, ols, cp or mean.");
        }

        return request.Events != EventHandling.None && (!isOwn || request.Kind != SavingsKind.Avoided)
            ? throw new CsvUsageException("--events va con --model auto, ols, cp o mean y --kind avoided.", $"--events works with --model auto, ols, cp or mean and --kind avoided.")
            : request;
    }

    private double ReadConfidence(ParseResult arguments)
    {
        double confidence = CsvArguments.Positive(arguments, Confidence) ?? DefaultConfidencePercent;
        return confidence is < 50 or > 99.9
            ? throw new CsvUsageException("--confidence {0}: se espera por ciento, de 50 a 99.9.", $"--confidence {arguments.GetValue(Confidence)}: expected percent, 50 to 99.9.")
            : confidence;
    }

    private double ReadClass(ParseResult arguments)
    {
        double percent = CsvArguments.Positive(arguments, MeterClass) ?? 0;
        return percent >= 100 ? throw new CsvUsageException("--meter-class {0}: se espera por ciento de la lectura, menos de 100.", $"--meter-class {arguments.GetValue(MeterClass)}: expected percent of reading, below 100.") : percent;
    }

    private bool? ReadUnit(ParseResult arguments) => arguments.GetValue(TemperatureUnit) switch
    {
        null => null,
        "C" or "c" => false,
        "F" or "f" => true,
        string other => throw new CsvUsageException("--temperature-unit {0}: se espera C o F.", $"--temperature-unit {other}: expected C or F."),
    };

    private string? ReadHolidays(ParseResult arguments) => arguments.GetValue(Holidays) switch
    {
        null => null,
        "MX" => "MX",
        string other => throw new CsvUsageException("--holidays {0}: solo se conoce MX.", $"--holidays {other}: only MX is known."),
    };

    private static string Choice(ParseResult arguments, Option<string?> option, string standard, string[] choices)
    {
        string text = arguments.GetValue(option) ?? standard;
        return choices.Contains(text, StringComparer.Ordinal)
            ? text
            : throw new CsvUsageException("{0} {1}: se espera {2}.", $"{option.Name} {text}: expected {string.Join(", ", choices)}.");
    }
}
