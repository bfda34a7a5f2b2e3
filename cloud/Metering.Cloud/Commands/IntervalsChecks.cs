using Metering.Analytics.Baselines;
using Metering.Analytics.Intervals;
using Metering.Analytics.Validation;

namespace Metering.Cloud.Commands;

/// <summary>What the checks look at.</summary>
/// <param name="Request">What was asked for.</param>
/// <param name="Register">Readings in the order of the file.</param>
/// <param name="Options">How the intervals were made.</param>
/// <param name="Series">The intervals as the register gives them.</param>
/// <param name="Validated">The intervals that count.</param>
internal sealed record IntervalsCheckInput(
    IntervalsRequest Request, CsvRegister Register, CounterOptions Options, IntervalSeries Series, ValidatedSeries Validated);

/// <summary>
/// Runs the checks that one register allows. They look at the intervals as they came; only the sum check and the check of
/// prolonged estimation look at those that count, after edits and estimation.
/// </summary>
internal sealed class IntervalsChecks
{
    private readonly int?[] counts = new int?[Enum.GetValues<ValidationRule>().Length];
    private readonly List<ValidationFinding> findings = [];
    private readonly ValidationLimits limits = new();
    private readonly IntervalsCheckInput input;
    private readonly MeasuredSeries measured;

    private IntervalsChecks(IntervalsCheckInput input)
    {
        this.input = input;
        measured = input.Validated.Source;
    }

    /// <summary>What was found: by check, then by time.</summary>
    public IReadOnlyList<ValidationFinding> Findings => findings;

    /// <summary>Number of findings of a check; null when it did not run.</summary>
    public int? Count(ValidationRule rule) => counts[(int)rule];

    /// <exception cref="CsvException">A column cannot be used.</exception>
    public static IntervalsChecks Run(IntervalsCheckInput input)
    {
        IntervalsChecks checks = new(input);
        checks.RunAll();
        checks.findings.Sort((left, right) => (left.Rule, left.FromUtcMilliseconds, left.ToUtcMilliseconds).CompareTo((right.Rule, right.FromUtcMilliseconds, right.ToUtcMilliseconds)));
        return checks;
    }

    /// <summary>A finding as a sentence.</summary>
    /// <param name="finding">The finding.</param>
    /// <param name="language">The language.</param>
    public static string Detail(ValidationFinding finding, Language language) => finding.Rule switch
    {
        ValidationRule.Spike => language.Say("El intervalo más alto del día es {0:0.##} veces el tercero más alto.", $"The highest interval of the day is {finding.Value + 1:0.##} times the third highest."),
        ValidationRule.SumCheck => language.Say("Los intervalos suman {0:0.##} pasos del registro {1} de lo que el registro contó.", $"The intervals add up to {Math.Abs(finding.Value):0.##} register steps {(finding.Value > 0 ? language.Say("más", $"more") : language.Say("menos", $"less"))} than the register counted."),
        ValidationRule.Stuck => language.Say("{0} intervalos iguales seguidos a horas que varían en otras semanas.", $"{finding.Value} equal intervals in a row at times that vary in other weeks."),
        ValidationRule.HighUse => language.Say("El consumo del día, {0:G6}, está arriba de {1:G6}, lo más que se cree para ese día de la semana.", $"The day's use of {finding.Value:G6} is above {finding.Limit:G6}, the most believed for its weekday."),
        ValidationRule.LowUse => language.Say("El consumo del día, {0:G6}, está abajo de {1:G6}, lo menos que se cree para ese día de la semana.", $"The day's use of {finding.Value:G6} is below {finding.Limit:G6}, the least believed for its weekday."),
        ValidationRule.UnusualZero => language.Say("Cero donde otras semanas nunca consumieron menos de {0:G6}.", $"Zero where other weeks never used less than {finding.Value:G6}."),
        ValidationRule.PowerFactor => language.Say("El factor de potencia de un día es {0:0.###}.", $"The power factor of a day is {finding.Value:0.###}."),
        ValidationRule.Siblings => language.Say("«{0}» no tiene lectura, y {1} de {2} canales la tienen.", $"'{finding.Channel}' has no reading, and {finding.Value} of {finding.Limit} channels have."),
        ValidationRule.MainAndSubs => language.Say("El medidor general y sus submedidores difieren en {0:P1}.", $"The main meter and its sub-meters differ by {finding.Value:P1}."),
        ValidationRule.Gap => language.Say("{0} {1} sin valor.", $"{finding.Value} {(finding.Value == 1 ? language.Say("intervalo", $"interval") : language.Say("intervalos", $"intervals"))} without a value."),
        ValidationRule.Duplicate => language.Say("La fecha está {0} veces seguidas.", $"The stamp stands {finding.Value} times in a row."),
        ValidationRule.Negative => language.Say("Consumo de {0:G6}, menor que cero.", $"Use of {finding.Value:G6}, below zero."),
        ValidationRule.UnitSlip => language.Say("{0:G4} veces el consumo por hora del mes anterior, cerca de {1}: una unidad o un multiplicador.", $"{finding.Value:G4} times the use per hour of the month before, near {finding.Limit}: a unit or multiplier."),
        ValidationRule.ProlongedEstimation => language.Say("Estimado durante {0:0.##} horas.", $"Estimated for {finding.Value:0.##} hours."),
        ValidationRule.TimeSync => language.Say("Los relojes difieren en {0:0.###} s.", $"The clocks differ by {finding.Value:0.###} s."),
        ValidationRule.OutOfOrder => language.Say("La fecha es {0:0.###} s anterior a la de arriba.", $"The stamp lies {finding.Value:0.###} s before the one above it."),
        _ => throw new ArgumentOutOfRangeException(nameof(finding), finding.Rule, "There is no sentence for this check."),
    };

    private void RunAll()
    {
        IntervalStep step = measured.Frame.Step;
        Add(StampChecks.Order(measured.Channel, input.Register.UtcMilliseconds), ValidationRule.Duplicate, ValidationRule.OutOfOrder);
        Add(ValidationChecks.Gaps(measured), ValidationRule.Gap);
        Add(ValidationChecks.Negative(measured), ValidationRule.Negative);
        Add(SumChecks(), ValidationRule.SumCheck);
        Add(ValidationChecks.ProlongedEstimation(input.Validated, limits), ValidationRule.ProlongedEstimation);
        Add(LevelChecks.UnitSlips(measured, limits), ValidationRule.UnitSlip);
        if (!step.IsMonth)
        {
            Add(ValidationChecks.Stuck(measured, limits), ValidationRule.Stuck);
            Add(ValidationChecks.UnusualZeros(measured, limits), ValidationRule.UnusualZero);
            Add(LevelChecks.HighAndLow(measured, limits), ValidationRule.HighUse, ValidationRule.LowUse);
        }

        if (!step.IsMonth && !step.IsDay)
        {
            Add(ValidationChecks.Spikes(measured, limits), ValidationRule.Spike);
        }

        if (input.Request.Siblings.Count > 0)
        {
            Add(MeterChecks.Siblings(Presence()), ValidationRule.Siblings);
        }

        if (input.Request.Reactive is { } reactive)
        {
            Add(MeterChecks.PowerFactor(measured, Reactive(reactive), limits), ValidationRule.PowerFactor);
        }
    }

    private void Add(IReadOnlyList<ValidationFinding> found, params ReadOnlySpan<ValidationRule> rules)
    {
        foreach (ValidationRule rule in rules)
        {
            counts[(int)rule] = 0;
        }

        foreach (ValidationFinding finding in found)
        {
            counts[(int)finding.Rule]++;
            findings.Add(finding);
        }
    }

    /// <summary>Day by day in each unbroken stretch of the register: what it counted against what the intervals that count add up to.</summary>
    private List<ValidationFinding> SumChecks()
    {
        const double FinestShare = 1e-12;
        IntervalSeries series = input.Series;
        MeasuredSeries counting = MeasuredSeries.OfColumns(measured.Channel, [.. series.StartUtcMilliseconds], input.Validated.Value, measured.Frame);
        List<ValidationFinding> found = [];
        foreach (CounterSegment segment in series.Segments)
        {
            List<RegisterReading> readings = Readings(segment);
            if (readings.Count > 1)
            {
                // A file with many decimals has steps finer than a double can tell.
                double step = Math.Max(IntervalsAnswer.Units(1, series.Exponent), readings[^1].Register * FinestShare);
                found.AddRange(ValidationChecks.SumChecks(counting, readings, step, limits));
            }
        }

        return found;
    }

    /// <summary>What the register had counted since the first border of a stretch, at the borders between local days.</summary>
    private List<RegisterReading> Readings(CounterSegment segment)
    {
        ReadOnlySpan<long> borders = measured.BordersUtcMilliseconds;
        int first = borders.BinarySearch(segment.StartUtcMilliseconds);
        int last = borders.BinarySearch(segment.EndUtcMilliseconds);
        first = first >= 0 ? first : ~first;
        last = last >= 0 ? last : ~last - 1;
        List<RegisterReading> readings = [];
        Int128 used = 0;
        DateOnly day = default;
        for (int i = first; i <= last; i++)
        {
            DateOnly date = PlantCalendar.DayOf(borders[i], measured.Frame.Zone);
            if (i == first || i == last || date != day)
            {
                readings.Add(new RegisterReading(borders[i], IntervalsAnswer.Units(used, input.Series.Exponent)));
            }

            day = date;
            used += i < last ? input.Series.KnownScaled[i] : 0;
        }

        return readings;
    }

    /// <summary>For the register and each sibling: 1 where an interval holds a reading.</summary>
    private List<MeasuredSeries> Presence()
    {
        IntervalsRequest request = input.Request;
        ModelTable table = CsvColumns.ReadTable(request.Path, request.Time, request.Register, request.Siblings, request.Zone);
        List<MeasuredSeries> channels = [Presence(request.Register, table.StartUtcMilliseconds, table.Use)];
        foreach (Driver sibling in table.Drivers)
        {
            channels.Add(Presence(sibling.Name, table.StartUtcMilliseconds, sibling.Values));
        }

        return channels;
    }

    private MeasuredSeries Presence(string channel, IReadOnlyList<long> stamps, IReadOnlyList<double> readings)
    {
        ReadOnlySpan<long> borders = measured.BordersUtcMilliseconds;
        double[] present = new double[measured.Count];
        Array.Fill(present, double.NaN);
        for (int row = 0; row < stamps.Count; row++)
        {
            int found = borders.BinarySearch(stamps[row]);
            int interval = found >= 0 ? found : ~found - 1;
            if (interval >= 0 && interval < present.Length && !double.IsNaN(readings[row]))
            {
                present[interval] = 1;
            }
        }

        return MeasuredSeries.OfColumns(channel, [.. input.Series.StartUtcMilliseconds], present, measured.Frame);
    }

    /// <summary>
    /// The intervals of the reactive register on those of the active one. Where the meter was changed its first register is
    /// not known: the use across stays missing.
    /// </summary>
    private MeasuredSeries Reactive(string column)
    {
        CsvRegister register = IntervalsComputation.ReadRegister(input.Request, column, 0);
        IntervalSeries series = IntervalBuilder.FromCounter(register.UtcMilliseconds, register.Register, [], new CounterOptions
        {
            Step = input.Options.Step,
            Exponent = register.Exponent,
            Zone = input.Options.Zone,
            Replacements = [.. input.Options.Replacements.Select(replacement => replacement with { FinalRegister = null, InitialRegister = null })],
        });
        double[] values = new double[measured.Count];
        Array.Fill(values, double.NaN);
        for (int i = 0; i < series.Value.Count; i++)
        {
            int interval = measured.BordersUtcMilliseconds.BinarySearch(series.StartUtcMilliseconds[i]);
            if (interval >= 0 && interval < values.Length)
            {
                values[interval] = series.Value[i];
            }
        }

        return MeasuredSeries.OfColumns(column, [.. input.Series.StartUtcMilliseconds], values, measured.Frame);
    }
}
