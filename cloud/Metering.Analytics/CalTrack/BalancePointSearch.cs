namespace Metering.Analytics.CalTrack;

/// <summary>A model of the search: balance points as index from the lowest, -1 for a side that is not in it.</summary>
internal readonly record struct BalancePointModel(int HeatingPoint, int CoolingPoint, double AdjustedR2)
{
    /// <summary>Slopes besides the intercept.</summary>
    public int Slopes => (HeatingPoint >= 0 ? 1 : 0) + (CoolingPoint >= 0 ? 1 : 0);
}

/// <summary>
/// Tries every balance point and every pair (CalTRACK 2.0, 3.2 and 3.4), each in constant time from sums over the rows, and keeps
/// the best qualified ones. No allocation.
/// </summary>
internal struct BalancePointSearch
{
    /// <summary>Models kept.</summary>
    public const int Kept = 5;

    /// <summary>Adjusted R2 this close counts as equal; the model tried first wins: fewer slopes, then lower balance points.</summary>
    private const double Tie = 1e-12;

    /// <summary>A pair whose determinant is below this share of the product of its squares moves together.</summary>
    private const double Collinear = 1e-9;

    private readonly BalancePointWorkspace rows;
    private readonly double minimumCount;
    private readonly double minimumTotal;
    private BestModels best;

    public BalancePointSearch(BalancePointWorkspace rows, double minimumCount, double minimumTotal)
    {
        this.rows = rows;
        this.minimumCount = minimumCount;
        this.minimumTotal = minimumTotal;
    }

    /// <summary>Models that were in question, those without enough degree days among them.</summary>
    public int CandidateCount { get; private set; }

    /// <summary>Models with enough degree days and without a negative parameter.</summary>
    public int QualifiedCount { get; private set; }

    /// <summary>How many of <see cref="this"/> there are.</summary>
    public int BestCount { get; private set; }

    /// <summary>The best models, the chosen one first.</summary>
    public readonly BalancePointModel this[int index] => best[index];

    /// <summary>Runs over rows whose sums are formed. The mean always qualifies; adjusted R2 of it is 0 by definition (3.4.3.1.4).</summary>
    public void Run(bool withCooling)
    {
        CandidateCount = 1;
        QualifiedCount = 0;
        BestCount = 0;
        if (rows.MeanUse >= 0)
        {
            Keep(new BalancePointModel(-1, -1, 0));
        }

        for (int point = 0; point < BalancePointWorkspace.Points; point++)
        {
            TrySide(rows.Heating, point, isHeating: true);
        }

        if (!withCooling)
        {
            return;
        }

        for (int point = 0; point < BalancePointWorkspace.Points; point++)
        {
            TrySide(rows.Cooling, point, isHeating: false);
        }

        TryPairs();
    }

    private readonly bool HasEnough(BalancePointWorkspace.SideSums side, int point) =>
        side.Counts[point] >= minimumCount && side.Totals[point] >= minimumTotal && side.Squares[point] > 0;

    private void TrySide(BalancePointWorkspace.SideSums side, int point, bool isHeating)
    {
        CandidateCount++;
        if (!HasEnough(side, point) || rows.Rows <= 2)
        {
            return;
        }

        double slope = side.Moments[point] / side.Squares[point];
        if (slope >= 0 && rows.MeanUse - (slope * side.Means[point]) >= 0)
        {
            double adjusted = Adjusted(slope * side.Moments[point], 1);
            Keep(new BalancePointModel(isHeating ? point : -1, isHeating ? -1 : point, adjusted));
        }
    }

    private void TryPairs()
    {
        BalancePointWorkspace.SideSums heating = rows.Heating;
        BalancePointWorkspace.SideSums cooling = rows.Cooling;
        CandidateCount += BalancePointWorkspace.Points * (BalancePointWorkspace.Points + 1) / 2;
        if (rows.Rows <= 3)
        {
            return;
        }

        for (int low = 0; low < BalancePointWorkspace.Points; low++)
        {
            if (!HasEnough(heating, low))
            {
                continue;
            }

            double square = heating.Squares[low];
            double moment = heating.Moments[low];
            double mean = heating.Means[low];
            ReadOnlySpan<double> products = rows.Products.AsSpan(low * BalancePointWorkspace.Stride, BalancePointWorkspace.Stride);
            for (int high = low; high < BalancePointWorkspace.Points; high++)
            {
                if (!HasEnough(cooling, high))
                {
                    continue;
                }

                double both = products[high] - (rows.TotalWeight * mean * cooling.Means[high]);
                double determinant = (square * cooling.Squares[high]) - (both * both);
                if (!(determinant > Collinear * square * cooling.Squares[high]))
                {
                    continue;
                }

                double warm = ((cooling.Squares[high] * moment) - (both * cooling.Moments[high])) / determinant;
                double cool = ((square * cooling.Moments[high]) - (both * moment)) / determinant;
                if (warm >= 0 && cool >= 0 && rows.MeanUse - (warm * mean) - (cool * cooling.Means[high]) >= 0)
                {
                    Keep(new BalancePointModel(low, high, Adjusted((warm * moment) + (cool * cooling.Moments[high]), 2)));
                }
            }
        }
    }

    /// <summary>Adjusted R2 with n - c - 1 degrees of freedom (3.4.3.3).</summary>
    private readonly double Adjusted(double explained, int slopes) =>
        1 - ((1 - (explained / rows.Variation)) * (rows.Rows - 1) / (rows.Rows - slopes - 1));

    private void Keep(BalancePointModel model)
    {
        QualifiedCount++;
        int place = BestCount;
        while (place > 0 && model.AdjustedR2 > best[place - 1].AdjustedR2 + Tie)
        {
            place--;
        }

        if (place == Kept)
        {
            return;
        }

        BestCount = Math.Min(BestCount + 1, Kept);
        for (int i = BestCount - 1; i > place; i--)
        {
            best[i] = best[i - 1];
        }

        best[place] = model;
    }

    [System.Runtime.CompilerServices.InlineArray(Kept)]
    private struct BestModels
    {
        private BalancePointModel first;
    }
}
