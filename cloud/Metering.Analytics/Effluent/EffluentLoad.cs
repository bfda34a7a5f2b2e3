using Metering.Analytics.Indicators;
using Metering.Analytics.Intervals;

namespace Metering.Analytics.Effluent;

/// <summary>
/// Load of a discharge: sum of volume x concentration, mg/L x m3 / 1000 = kg. SOURCE: LFD (Mexico) 277-A, 278-B for flow-proportional
/// samples. Mean flow x mean concentration is another number whenever the two move together, and is not offered.
/// </summary>
public static class EffluentLoad
{
    private const double LargestPercent = 1000;

    // 1 / sqrt(12): deviation of a value of which only an interval of length 1 is known.
    private const double DeviationOfUniform = 0.28867513459481287;

    /// <summary>The load over the covered part of a period, or the reasons why there is none.</summary>
    /// <param name="input">Flow, results and rules.</param>
    /// <exception cref="ArgumentException">A grab validity of zero or less or above 366 days, a censored share outside 0 to 1, or an uncertainty outside 0 to 1000 %.</exception>
    public static LoadOutcome Compute(LoadInput input)
    {
        ArgumentNullException.ThrowIfNull(input);
        CheckOptions(input.Options);
        List<EffluentReason> reasons = [];
        List<EffluentReason> notes = [];
        if (!FlowTable.IsUsable(input.Period) || input.Period.Length <= TimeSpan.Zero)
        {
            reasons.Add(new EffluentReason(EffluentReasonKind.EmptySpan, "The period has no length, or lies outside 1970 to 2199."));
            return new LoadOutcome { Reasons = reasons, Notes = notes };
        }

        List<LabResult> results = Usable(input.Results, reasons, notes);
        List<FlowInterval> flow = FlowTable.Order(input.Flow, input.Period, reasons, notes);
        List<CoveredSpan> spans = reasons.Count == 0 ? ResultCoverage.Of(results, input.Options.GrabValidity, reasons) : [];
        if (reasons.Count == 0 && !flow.Exists(interval => !double.IsNaN(interval.VolumeM3)))
        {
            reasons.Add(new EffluentReason(EffluentReasonKind.NoFlow, "No flow is known in the period."));
        }

        LoadResult? result = null;
        if (reasons.Count == 0)
        {
            LoadSums sums = new(results, input.Options);
            double[] loads = Walk(flow, spans, sums);
            if (sums.CoveredMilliseconds == 0)
            {
                reasons.Add(new EffluentReason(EffluentReasonKind.NothingCovered, "No result stands for any of the flow. Check the dates and the validity of grabs."));
            }
            else
            {
                result = sums.ToResult(input.Period, flow, loads);
                sums.AddNotes(result, notes);
            }
        }

        return new LoadOutcome { Result = result, Reasons = reasons, Notes = notes };
    }

    // Both lists ascend and share no time within themselves, so one pass meets every pair that overlaps.
    private static double[] Walk(List<FlowInterval> flow, List<CoveredSpan> spans, LoadSums sums)
    {
        double[] loads = new double[flow.Count];
        int first = 0;
        for (int i = 0; i < loads.Length; i++)
        {
            Period span = flow[i].Span;
            long length = span.EndUtcMilliseconds - span.StartUtcMilliseconds;
            double volume = flow[i].VolumeM3;
            loads[i] = double.NaN;
            if (double.IsNaN(volume))
            {
                continue;
            }

            while (first < spans.Count && spans[first].Span.EndUtcMilliseconds <= span.StartUtcMilliseconds)
            {
                first++;
            }

            long covered = 0;
            double load = 0;
            for (int k = first; k < spans.Count && spans[k].Span.StartUtcMilliseconds < span.EndUtcMilliseconds; k++)
            {
                long overlap = Math.Min(span.EndUtcMilliseconds, spans[k].Span.EndUtcMilliseconds)
                    - Math.Max(span.StartUtcMilliseconds, spans[k].Span.StartUtcMilliseconds);
                covered += overlap;
                load += sums.Add(spans[k].ResultIndex, overlap == length ? volume : volume * ((double)overlap / length));
            }

            sums.CloseInterval(volume, load, covered, length);
            loads[i] = covered == length ? load : double.NaN;
        }

        return loads;
    }

    private static List<LabResult> Usable(IReadOnlyList<LabResult> results, List<EffluentReason> reasons, List<EffluentReason> notes)
    {
        List<LabResult> usable = [];
        int lost = 0;
        foreach (LabResult result in results)
        {
            if (double.IsNaN(result.Value.Figure))
            {
                lost++;
                continue;
            }

            EffluentReason? fault = Fault(result, results[0].Parameter);
            if (fault is not null && !reasons.Exists(reason => reason.Kind == fault.Kind))
            {
                reasons.Add(fault);
            }

            usable.Add(result);
        }

        if (lost > 0)
        {
            notes.Add(new EffluentReason(EffluentReasonKind.ResultsMissing, FigureText.Line($"{lost} results have no value; the water they would stand for is not covered by them.")));
        }

        if (usable.Count == 0)
        {
            reasons.Add(new EffluentReason(EffluentReasonKind.NoResults, "There is no laboratory result with a value."));
        }

        return usable;
    }

    private static EffluentReason? Fault(LabResult result, string parameter)
    {
        bool hasRightLength = FlowTable.IsUsable(result.Taken)
            && (result.Sample == SampleType.Grab ? result.Taken.Length == TimeSpan.Zero : result.Taken.Length > TimeSpan.Zero);
        return result switch
        {
            _ when result.Parameter != parameter => new EffluentReason(EffluentReasonKind.MixedParameters, FigureText.Line(
                $"{result.Number} is {result.Parameter}, others are {parameter}.")),
            _ when double.IsNaN(LabResult.MilligramsPerLitre(result.Unit)) => new EffluentReason(EffluentReasonKind.UnitIsNoConcentration, FigureText.Line(
                $"{result.Number} is stated in {result.Unit}, which is no mass per volume: there is no load of it.")),
            _ when result.Value.Figure < 0 => new EffluentReason(EffluentReasonKind.Negative, result.Number + " is negative."),
            _ when result.Value.Figure > AmountCheck.Largest => new EffluentReason(EffluentReasonKind.NotFinite, result.Number + " is infinite or above 1e15."),
            _ when result.StandardUncertaintyPercent is < 0 or > LargestPercent => new EffluentReason(EffluentReasonKind.Negative, result.Number + ": its uncertainty is negative or above 1000 %."),
            _ when !hasRightLength => new EffluentReason(EffluentReasonKind.EmptySpan, FigureText.Line(
                $"{result.Number}: a grab is taken at one instant, a composite lasts; both lie between 1970 and 2199.")),
            _ => null,
        };
    }

    private static void CheckOptions(LoadOptions options)
    {
        bool isLimit = options.GrabValidity > TimeSpan.Zero && options.GrabValidity <= TimeSpan.FromDays(366);
        if (!isLimit || !(options.CensoredShare >= 0 && options.CensoredShare <= 1)
            || options.FlowSharedPercent is < 0 or > LargestPercent
            || options.FlowIndependentPercent is not (>= 0 and <= LargestPercent)
            || options.ConcentrationSharedPercent is not (>= 0 and <= LargestPercent))
        {
            throw new ArgumentException("A grab stands for more than nothing and at most 366 days; a censored share is 0 to 1; uncertainties are 0 to 1000 %.", nameof(options));
        }
    }

    /// <summary>Running sums of one load.</summary>
    private sealed class LoadSums(List<LabResult> results, LoadOptions options)
    {
        private readonly double[] _volumes = new double[results.Count];
        private double _kilograms;
        private double _coveredM3;
        private double _uncoveredM3;
        private double _intervalSquares;
        private int _split;

        public long CoveredMilliseconds { get; private set; }

        /// <summary>Books a volume on a result and gives its load.</summary>
        public double Add(int index, double volume)
        {
            _volumes[index] += volume;
            _coveredM3 += volume;
            return volume * Central(index) / 1000;
        }

        public void CloseInterval(double volume, double load, long covered, long length)
        {
            _uncoveredM3 += covered == length ? 0 : volume * ((double)(length - covered) / length);
            _kilograms += load;
            _intervalSquares += load * load;
            CoveredMilliseconds += covered;
            _split += covered > 0 && covered < length ? 1 : 0;
        }

        public LoadResult ToResult(Period period, List<FlowInterval> flow, double[] loads)
        {
            long known = 0;
            foreach (FlowInterval interval in flow)
            {
                known += double.IsNaN(interval.VolumeM3) ? 0 : interval.Span.EndUtcMilliseconds - interval.Span.StartUtcMilliseconds;
            }

            double low = 0;
            double high = 0;
            double grab = 0;
            int used = 0;
            double squares = 0;
            for (int i = 0; i < _volumes.Length; i++)
            {
                double scale = LabResult.MilligramsPerLitre(results[i].Unit) / 1000;
                low += _volumes[i] * results[i].Value.Low * scale;
                high += _volumes[i] * results[i].Value.High * scale;
                grab += results[i].Sample == SampleType.Grab ? _volumes[i] * Central(i) / 1000 : 0;
                used += _volumes[i] > 0 ? 1 : 0;
                double deviation = _volumes[i] > 0 ? _volumes[i] * Deviation(i) * scale : 0;
                squares += deviation * deviation;
            }

            double shared = _kilograms * options.ConcentrationSharedPercent / 100;
            double flowShared = _kilograms * options.FlowSharedPercent / 100;
            double flowOwn = options.FlowIndependentPercent / 100;
            return new LoadResult
            {
                Parameter = results[0].Parameter,
                Kilograms = _kilograms,
                LowKilograms = low,
                HighKilograms = high,
                CoveredM3 = _coveredM3,
                UncoveredM3 = _uncoveredM3,
                CoveredTime = TimeSpan.FromMilliseconds(CoveredMilliseconds),
                FlowMissingTime = period.Length - TimeSpan.FromMilliseconds(known),
                GrabKilograms = grab,
                ResultCount = used,
                FlowUncertaintyKilograms = OrNull(Math.Sqrt((flowShared * flowShared) + (flowOwn * flowOwn * _intervalSquares))),
                ConcentrationUncertaintyKilograms = OrNull(Math.Sqrt((shared * shared) + squares)),
                Intervals = flow,
                IntervalKilograms = loads,
            };
        }

        public void AddNotes(LoadResult result, List<EffluentReason> notes)
        {
            int censored = 0;
            for (int i = 0; i < _volumes.Length; i++)
            {
                censored += results[i].Value.IsCensored && _volumes[i] > 0 ? 1 : 0;
            }

            Note(notes, result.FlowMissingTime > TimeSpan.Zero, EffluentReasonKind.FlowMissing,
                $"For {FigureText.Of(result.FlowMissingTime.TotalDays)} days of the period no flow is known; nothing is counted for them.");
            Note(notes, result.UncoveredM3 > 0, EffluentReasonKind.Uncovered,
                $"{FigureText.Of(result.UncoveredM3)} of {FigureText.Of(result.UncoveredM3 + result.CoveredM3)} m3 flowed while no result stood for them; their load is not in the figure.");
            Note(notes, censored > 0, EffluentReasonKind.Censored,
                $"{censored} results lie below their limit of detection: the load is between {FigureText.Of(result.LowKilograms)} and {FigureText.Of(result.HighKilograms)} kg.");
            Note(notes, result.GrabKilograms > 0, EffluentReasonKind.Grabs,
                $"{FigureText.Of(result.GrabKilograms)} kg rest on grab samples, each standing for the water until the next one. How well they stand for it is not in the uncertainty.");
            Note(notes, _split > 0, EffluentReasonKind.SplitEvenly, $"{_split} intervals are covered in part; their volume was split evenly in time.");
            Note(notes, result.StandardUncertaintyKilograms is null, EffluentReasonKind.UncertaintyUnknown,
                $"The uncertainty is not given: the flow meter's or that of at least one result is not stated.");
        }

        private static void Note(List<EffluentReason> notes, bool applies, EffluentReasonKind kind, FormattableString text)
        {
            if (applies)
            {
                notes.Add(new EffluentReason(kind, FigureText.Line(text)));
            }
        }

        private static double? OrNull(double value) => double.IsNaN(value) ? null : value;

        private double Central(int index)
        {
            LabValue value = results[index].Value;
            return (value.IsCensored ? options.CensoredShare * value.Figure : value.Figure) * LabResult.MilligramsPerLitre(results[index].Unit);
        }

        private double Deviation(int index)
        {
            LabValue value = results[index].Value;
            return value.IsCensored ? value.Figure * DeviationOfUniform : value.Figure * results[index].StandardUncertaintyPercent / 100;
        }
    }
}
