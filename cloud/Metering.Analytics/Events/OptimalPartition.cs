namespace Metering.Analytics.Events;

/// <summary>
/// The best division of a series into stretches of constant level, each change at a price: dynamic programming over all places
/// (Jackson et al. 2005, "An algorithm for optimal partitioning of data on an interval"). The cost of a stretch is the exact
/// sum of squares of its white residuals about its own level, so that a shift shows as a shift however strongly the noise hangs together.
/// Long series are divided at every few rows only; the caller finds the exact row.
/// </summary>
internal sealed class OptimalPartition(EventSeries series, WhitenedModel model)
{
    private const int MostPlaces = 128;

    private readonly double[] best = new double[MostPlaces + 2];
    private readonly int[] previous = new int[MostPlaces + 2];
    private readonly int[] place = new int[MostPlaces + 2];
    private double[] levels = [];
    private double[] products = [];
    private double[] squares = [];

    /// <summary>Finds the changes of level in the model's residuals. Gives how many; more than fit are not counted.</summary>
    /// <param name="variance">Variance of the white residuals.</param>
    /// <param name="price">Price of a change, in units of the variance.</param>
    /// <param name="shortest">Fewest rows in a stretch.</param>
    /// <param name="changes">First rows of the stretches but the first, ascending.</param>
    public int Find(double variance, double price, int shortest, Span<int> changes)
    {
        Accumulate();
        int n = series.Count;
        int distance = Math.Max(1, (n + MostPlaces - 1) / MostPlaces);
        int places = 0;
        for (int row = 0; row < n; row += distance)
        {
            place[places++] = row;
        }

        place[places] = n;
        double cost = price * variance;
        best[0] = -cost;
        for (int j = 1; j <= places; j++)
        {
            best[j] = double.PositiveInfinity;
            for (int i = 0; i < j && place[j] - place[i] >= shortest; i++)
            {
                double sum = best[i] + Cost(place[i], place[j]) + cost;
                if (sum < best[j])
                {
                    best[j] = sum;
                    previous[j] = i;
                }
            }
        }

        int count = 0;
        for (int j = previous[places]; j > 0; j = previous[j])
        {
            count++;
        }

        int stored = Math.Min(count, changes.Length);
        int at = previous[places];
        for (int k = count - 1; k >= 0; k--)
        {
            if (k < stored)
            {
                changes[k] = place[at];
            }

            at = previous[at];
        }

        return stored;
    }

    private double Cost(int from, int to)
    {
        double start = Start(from, out double first);
        double level = (start * start) + levels[to - 1] - levels[from];
        double product = (start * first) + products[to - 1] - products[from];
        double square = (first * first) + squares[to - 1] - squares[from];
        return square - (product * product / level);
    }

    /// <summary>The first row of a stretch stands for itself: its noise is as large as noise is on the whole.</summary>
    private double Start(int row, out double value)
    {
        double stationary = model.Factor[0];
        value = model.Noise[row] * stationary;
        return series.Weight[row] * stationary;
    }

    private void Accumulate()
    {
        int n = series.Count;
        if (levels.Length < n)
        {
            levels = new double[n];
            products = new double[n];
            squares = new double[n];
        }

        ReadOnlySpan<double> weight = series.Weight;
        ReadOnlySpan<double> carry = model.Carry;
        ReadOnlySpan<double> factor = model.Factor;
        ReadOnlySpan<double> white = model.Residual;
        levels[0] = 0;
        products[0] = 0;
        squares[0] = 0;
        for (int i = 1; i < n; i++)
        {
            double tail = (weight[i] - (carry[i] * weight[i - 1])) * factor[i];
            levels[i] = levels[i - 1] + (tail * tail);
            products[i] = products[i - 1] + (tail * white[i]);
            squares[i] = squares[i - 1] + (white[i] * white[i]);
        }
    }
}
