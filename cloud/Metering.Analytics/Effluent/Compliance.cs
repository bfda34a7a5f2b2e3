using Metering.Analytics.Indicators;
using Metering.Analytics.Intervals;

namespace Metering.Analytics.Effluent;

/// <summary>
/// Holds results against limits. Whether a result complies depends on how the sample was taken: a grab says nothing about a daily
/// mean, a composite below an instant limit says nothing about the instants. SOURCE: definitions of instantaneous value, daily and
/// monthly average in NOM-001 and NOM-002-SEMARNAT (from memory, to verify).
/// </summary>
public static class Compliance
{
    /// <summary>Most months one call judges.</summary>
    public const int MaximumMonths = 1200;

    private static readonly TimeSpan LongestDay = TimeSpan.FromHours(25);

    /// <summary>One finding per limit and sample or month, in the order of parameters, kinds and time.</summary>
    /// <param name="input">Limits, results, flow.</param>
    /// <exception cref="ArgumentException">A period without length or longer than 1200 months, a time outside 1970 to 2199, or fewer than one composite asked for.</exception>
    public static IReadOnlyList<ComplianceFinding> Judge(ComplianceInput input)
    {
        ArgumentNullException.ThrowIfNull(input);
        if (!FlowTable.IsUsable(input.Period) || input.Period.Length <= TimeSpan.Zero
            || input.Period.Length > TimeSpan.FromDays(MaximumMonths * 30.0) || input.MinimumMonthlyComposites < 1)
        {
            throw new ArgumentException("A period lies between 1970 and 2199, has a length and at most 1200 months; a mean needs a composite.", nameof(input));
        }

        if (!input.Results.All(result => FlowTable.IsUsable(result.Taken)))
        {
            throw new ArgumentException("A result was taken before 1970 or after 2199.", nameof(input));
        }

        List<ComplianceFinding> findings = [];
        List<FlowInterval>? flow = OrderFlow(input);
        List<LabResult> results = [.. input.Results.Where(result => input.Period.Contains(result.Taken.StartUtcMilliseconds))
            .DistinctBy(result => (result.Parameter, result.Sample, result.Taken, result.Value, result.Unit))
            .OrderBy(result => result.Taken.StartUtcMilliseconds)];
        foreach (IGrouping<(string Parameter, LimitKind Kind), DischargeLimit> group in input.Limits
            .Where(limit => limit.Authority == input.Authority && limit.ReceivingBody == input.ReceivingBody)
            .GroupBy(limit => (limit.Parameter, limit.Kind)))
        {
            List<DischargeLimit> limits = [.. group];
            List<LabResult> own = [.. results.Where(result => result.Parameter == group.Key.Parameter)];
            if (group.Key.Kind == LimitKind.Monthly)
            {
                JudgeMonths(input, limits, own, flow, findings);
                continue;
            }

            foreach (LabResult result in own)
            {
                DateOnly day = PlantCalendar.DayOf(result.Taken.StartUtcMilliseconds, input.Zone);
                Judgement judgement = Judgement.Begin(limits, new DateSpan(day, day.AddDays(1)), [result]);
                findings.Add(judgement.Failed ?? JudgeSample(judgement, result, input.ShortestDailyComposite));
            }
        }

        return findings;
    }

    private static ComplianceFinding JudgeSample(Judgement judgement, LabResult result, TimeSpan shortest)
    {
        DischargeLimit limit = judgement.Limit!;
        if (!judgement.TryConvert(result, out double low, out double high, out ComplianceFinding? failed))
        {
            return failed!;
        }

        bool isOfInstants = result.Unit is ConcentrationUnit.Ph or ConcentrationUnit.DegreeCelsius or ConcentrationUnit.CountPerHundredMillilitres;
        if (isOfInstants && (limit.Kind != LimitKind.Instant || result.Sample == SampleType.Composite))
        {
            return judgement.Not(NotJudgedReason.NoMean, "pH, temperature and counts have no arithmetic mean and change in a composite; they are judged by grabs against an instant limit.");
        }

        if (limit.Kind == LimitKind.Instant && result.Sample == SampleType.Composite)
        {
            // A mean above the limit proves that at some instant the water was above it.
            return low > limit.High
                ? judgement.Compare(low, high, result)
                : judgement.Not(NotJudgedReason.SampleType, "A composite is a mean; single instants may have been above the limit. Take grabs.");
        }

        if (limit.Kind == LimitKind.Daily && result.Sample == SampleType.Grab)
        {
            return judgement.Not(NotJudgedReason.SampleType, "A grab shows one instant; the mean of a day is judged by a composite.");
        }

        if (limit.Kind == LimitKind.Daily && (result.Taken.Length < shortest || result.Taken.Length > LongestDay))
        {
            return judgement.Not(NotJudgedReason.SampleType, FigureText.Line(
                $"The composite lasts {FigureText.Of(result.Taken.Length.TotalHours)} h; one that stands for a day lasts {FigureText.Of(shortest.TotalHours)} to {FigureText.Of(LongestDay.TotalHours)} h."));
        }

        return judgement.Compare(low, high, result);
    }

    private static void JudgeMonths(
        ComplianceInput input, List<DischargeLimit> limits, List<LabResult> results, List<FlowInterval>? flow, List<ComplianceFinding> findings)
    {
        DateOnly first = PlantCalendar.DayOf(input.Period.StartUtcMilliseconds, input.Zone);
        DateOnly month = new(first.Year, first.Month, 1);
        if (PlantCalendar.StartOfDay(month, input.Zone) < input.Period.StartUtcMilliseconds)
        {
            month = month.AddMonths(1);
        }

        for (; PlantCalendar.StartOfDay(month.AddMonths(1), input.Zone) <= input.Period.EndUtcMilliseconds; month = month.AddMonths(1))
        {
            Period span = new(PlantCalendar.StartOfDay(month, input.Zone), PlantCalendar.StartOfDay(month.AddMonths(1), input.Zone));
            List<LabResult> composites = [.. results.Where(result => result.Sample == SampleType.Composite
                && !double.IsNaN(result.Value.Figure) && span.Contains(result.Taken.StartUtcMilliseconds))];
            Judgement judgement = Judgement.Begin(limits, new DateSpan(month, month.AddMonths(1)), composites);
            findings.Add(judgement.Failed ?? JudgeMonth(judgement, composites, flow, input.MinimumMonthlyComposites));
        }
    }

    private static ComplianceFinding JudgeMonth(Judgement judgement, List<LabResult> composites, List<FlowInterval>? flow, int minimum)
    {
        if (judgement.Limit!.Unit is ConcentrationUnit.Ph or ConcentrationUnit.DegreeCelsius or ConcentrationUnit.CountPerHundredMillilitres)
        {
            return judgement.Not(NotJudgedReason.NoMean, "pH and temperature are not averaged, and means of counts are geometric; no monthly mean is made of them.");
        }

        if (composites.Count < minimum)
        {
            return judgement.Not(NotJudgedReason.TooFewSamples, FigureText.Line(
                $"The month has {composites.Count} composites with a result; a monthly mean needs {minimum}. Grabs do not count."));
        }

        for (int i = 1; i < composites.Count; i++)
        {
            if (composites[i].Taken.Overlaps(composites[i - 1].Taken))
            {
                return judgement.Not(NotJudgedReason.ResultsConflict, FigureText.Line(
                    $"{composites[i - 1].Number} and {composites[i].Number} stand for the same water."));
            }
        }

        double volumes = 0;
        double low = 0;
        double high = 0;
        foreach (LabResult composite in composites)
        {
            if (!judgement.TryConvert(composite, out double lowValue, out double highValue, out ComplianceFinding? failed))
            {
                return failed!;
            }

            double volume = flow is null ? double.NaN : FlowTable.VolumeIn(flow, composite.Taken);
            if (!(volume >= 0))
            {
                return judgement.Not(NotJudgedReason.FlowMissing, FigureText.Line(
                    $"The mean is weighted by flow, and the flow during {composite.Number} is not known."));
            }

            volumes += volume;
            low += volume * lowValue;
            high += volume * highValue;
        }

        return volumes > 0
            ? judgement.Compare(low / volumes, high / volumes, null)
            : judgement.Not(NotJudgedReason.FlowMissing, "No water flowed during the composites.");
    }

    // Null when the flow contradicts itself: then it weighs nothing. A composite may begin before or end after the period.
    private static List<FlowInterval>? OrderFlow(ComplianceInput input)
    {
        List<EffluentReason> faults = [];
        List<FlowInterval> flow = FlowTable.Order(input.Flow, new Period(IntervalBuilder.EarliestUtcMilliseconds, IntervalBuilder.LatestUtcMilliseconds), faults, []);
        return faults.Count == 0 ? flow : null;
    }
}
