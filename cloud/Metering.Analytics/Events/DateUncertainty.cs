using Metering.Analytics.Statistics;

namespace Metering.Analytics.Events;

/// <summary>
/// What the dates of an event leave open. Every other place for it, and for a step also a drift and the reverse, is weighed by
/// exp(half of what it explains), which is its share of the posterior when all places are equally likely beforehand.
/// </summary>
internal sealed class DateUncertainty(PeriodSearch search)
{
    private double variance;
    private double most;
    private double total;
    private double weights;
    private double squares;
    private double shifts;

    /// <summary>Weighed mean of the totals less the chosen one.</summary>
    public double Shift => weights > 0 ? shifts / weights : 0;

    /// <summary>Root of the weighed mean square distance of the totals from the chosen one. The scan stands for the model without the event.</summary>
    public double Deviation(EventAtom chosen, double whiteVariance)
    {
        int n = search.Series.Count;
        variance = whiteVariance;
        weights = 0;
        squares = 0;
        shifts = 0;
        most = search.Scan.Gain(chosen, out double size, out _);
        total = size * Sum(chosen);
        if (chosen.Kind == EventKind.Temporary)
        {
            int distance = Math.Max(AtomChoice.TemporaryReach, n / 128);
            for (int first = chosen.First - distance; first <= chosen.First + distance; first++)
            {
                for (int end = chosen.End - distance; end <= chosen.End + distance; end++)
                {
                    Weigh(new EventAtom(EventKind.Temporary, first, end), end - first);
                }
            }
        }
        else
        {
            double later = 0;
            for (int row = n - 1; row > 0; row--)
            {
                later += search.Series.Position[row];
                Weigh(new EventAtom(EventKind.StepChange, row, n), n - row);
                Weigh(new EventAtom(EventKind.Drift, row, n), later - (search.Series.Position[row] * (n - row)));
            }
        }

        return weights > 0 ? Math.Sqrt(squares / weights) : 0;
    }

    private void Weigh(EventAtom atom, double sum)
    {
        const double largest = 50;
        if (!search.Choice.IsAllowed(atom))
        {
            return;
        }

        double gain = search.Scan.Gain(atom, out double size, out _);
        double weight = Elementary.Exp(Math.Min((gain - most) / (2 * variance), largest));
        double distance = (size * sum) - total;
        weights += weight;
        shifts += weight * distance;
        squares += weight * distance * distance;
    }

    private double Sum(EventAtom atom)
    {
        if (atom.Kind != EventKind.Drift)
        {
            return atom.End - atom.First;
        }

        ReadOnlySpan<double> position = search.Series.Position;
        double sum = 0;
        for (int i = atom.First; i < atom.End; i++)
        {
            sum += position[i] - position[atom.First];
        }

        return sum;
    }
}
