using Metering.Analytics.Statistics;

namespace Metering.Analytics.Validation;

/// <summary>Scales estimates to totals that are known. What was measured is not touched.</summary>
internal static class KnownTotals
{
    public static void Apply(ValidatedSeries filled, ValidatedSeries before, IReadOnlyList<KnownTotal> totals)
    {
        int last = 0;
        for (int t = 0; t < totals.Count; t++)
        {
            int from = filled.Source.IndexOfBorder(totals[t].FromUtcMilliseconds);
            int to = filled.Source.IndexOfBorder(totals[t].ToUtcMilliseconds);
            if (from < last || to <= from || !double.IsFinite(totals[t].Total))
            {
                throw new ArgumentException($"Total {t} is not finite, off the borders, empty, or overlaps the one before.", nameof(totals));
            }

            Scale(filled, before, (from, to), totals[t].Total);
            last = to;
        }
    }

    private static void Scale(ValidatedSeries filled, ValidatedSeries before, (int From, int To) range, double total)
    {
        // A gap that stayed open makes the sum NaN: then there is nothing to scale to.
        double sum = FixedSum.Sum(filled.Value[range.From..range.To]);
        double estimated = 0;
        int count = 0;
        for (int i = range.From; i < range.To; i++)
        {
            if (Estimation.IsGap(before.Code[i]))
            {
                estimated += filled.Value[i];
                count++;
            }
        }

        double left = total - (sum - estimated);

        // What was measured is more than the total: one of the two is wrong, and the sum check says so. Nothing is scaled.
        if (count == 0 || !(left >= 0))
        {
            return;
        }

        for (int i = range.From; i < range.To; i++)
        {
            if (Estimation.IsGap(before.Code[i]))
            {
                double factor = left / estimated;
                bool isScaled = estimated > 0;
                filled.SetAllocated(
                    i,
                    isScaled ? filled.Value[i] * factor : left / count,
                    isScaled ? filled.Variance[i] * factor * factor : double.NaN);
            }
        }
    }
}
