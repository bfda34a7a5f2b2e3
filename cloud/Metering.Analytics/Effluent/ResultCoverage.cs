using Metering.Analytics.Indicators;
using Metering.Analytics.Intervals;

namespace Metering.Analytics.Effluent;

/// <summary>A stretch of time one result stands for.</summary>
internal readonly record struct CoveredSpan(Period Span, int ResultIndex);

/// <summary>Which result stands for which water: a composite for its span, a grab from its instant until the next sample, within a limit.</summary>
internal static class ResultCoverage
{
    /// <summary>Ascending spans that share no time.</summary>
    public static List<CoveredSpan> Of(IReadOnlyList<LabResult> results, TimeSpan grabValidity, List<EffluentReason> reasons)
    {
        List<int> composites = [];
        List<int> grabs = [];
        for (int i = 0; i < results.Count; i++)
        {
            (results[i].Sample == SampleType.Composite ? composites : grabs).Add(i);
        }

        Sort(composites, results, reasons);
        Sort(grabs, results, reasons);
        List<CoveredSpan> spans = [];
        foreach (int index in composites)
        {
            spans.Add(new CoveredSpan(results[index].Taken, index));
        }

        long limit = (long)grabValidity.TotalMilliseconds;
        int next = 0;
        for (int i = 0; i < grabs.Count; i++)
        {
            long start = results[grabs[i]].Taken.StartUtcMilliseconds;
            long end = start + limit;
            if (i + 1 < grabs.Count)
            {
                end = Math.Min(end, results[grabs[i + 1]].Taken.StartUtcMilliseconds);
            }

            while (next < composites.Count && results[composites[next]].Taken.EndUtcMilliseconds <= start)
            {
                next++;
            }

            // The next sample of any kind ends what a grab stands for; inside a composite's span the composite stands.
            if (next < composites.Count)
            {
                end = Math.Min(end, results[composites[next]].Taken.StartUtcMilliseconds);
            }

            if (end > start)
            {
                spans.Add(new CoveredSpan(new Period(start, end), grabs[i]));
            }
        }

        spans.Sort((left, right) => left.Span.StartUtcMilliseconds.CompareTo(right.Span.StartUtcMilliseconds));
        return spans;
    }

    private static void Sort(List<int> order, IReadOnlyList<LabResult> results, List<EffluentReason> reasons)
    {
        order.Sort((left, right) =>
        {
            int byTime = results[left].Taken.StartUtcMilliseconds.CompareTo(results[right].Taken.StartUtcMilliseconds);
            return byTime != 0 ? byTime : left.CompareTo(right);
        });
        int kept = 0;
        for (int i = 0; i < order.Count; i++)
        {
            LabResult result = results[order[i]];
            if (kept > 0 && results[order[kept - 1]] is { } before
                && (before.Taken.Overlaps(result.Taken) || before.Taken.StartUtcMilliseconds == result.Taken.StartUtcMilliseconds))
            {
                if (before.Taken == result.Taken && before.Value == result.Value && before.Unit == result.Unit)
                {
                    continue;
                }

                reasons.Add(new EffluentReason(EffluentReasonKind.ResultsConflict, FigureText.Line(
                    $"Results {before.Number} and {result.Number} stand for the same water. Which one holds has to be decided by a person.")));
            }

            order[kept++] = order[i];
        }

        order.RemoveRange(kept, order.Count - kept);
    }
}
