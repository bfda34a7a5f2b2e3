using System.Runtime.Intrinsics;

namespace Metering.Analytics.CalTrack;

/// <summary>
/// Degree days of every row for every balance point, and the sums over rows that the search needs. Grows when needed; filling
/// no more rows than before allocates nothing. Not for two threads at once. Every sum runs over the rows in order, one lane per
/// balance point, so that vectors of any width give the same bits.
/// </summary>
internal sealed class BalancePointWorkspace
{
    /// <summary>Balance points, 1 degree Fahrenheit apart (CalTRACK 2.0, 3.2.1 and 3.2.3).</summary>
    public const int Points = 61;

    /// <summary>The lowest balance point, degrees Fahrenheit.</summary>
    public const int LowestFahrenheit = 30;

    /// <summary>Places per row: the points, filled up to whole vectors. The last three are not looked at.</summary>
    public const int Stride = 64;

    private const int Lanes = 4;

    private static readonly double[] BalancePoints = [.. Enumerable.Range(0, Stride).Select(point => (double)(LowestFahrenheit + point))];

    private double[] heating = [];
    private double[] cooling = [];
    private double[] use = [];
    private double[] weights = [];

    public int Rows { get; private set; }

    /// <summary>Whether a row may have both heating and cooling degree days, as bills do and single days never.</summary>
    public bool HasMixedRows { get; private set; }

    public double TotalWeight { get; private set; }

    public double MeanUse { get; private set; }

    /// <summary>Weighted sum of squares of use about its mean.</summary>
    public double Variation { get; private set; }

    public SideSums Heating { get; } = new();

    public SideSums Cooling { get; } = new();

    /// <summary>Weighted sums of heating times cooling degree days; only for <see cref="HasMixedRows"/>.</summary>
    public double[] Products { get; } = new double[Points * Stride];

    public ReadOnlySpan<double> Use => use.AsSpan(0, Rows);

    public ReadOnlySpan<double> Weights => weights.AsSpan(0, Rows);

    public void Clear(int rows)
    {
        Rows = 0;
        HasMixedRows = false;
        if (use.Length < rows)
        {
            use = new double[rows];
            weights = new double[rows];
            heating = new double[rows * Stride];
            cooling = new double[rows * Stride];
        }
    }

    /// <summary>Adds a row: use per day, its weight, and the mean temperatures of its days, at least one.</summary>
    public void Add(double usePerDay, double weight, ReadOnlySpan<double> temperatures)
    {
        use[Rows] = usePerDay;
        weights[Rows] = weight;
        HasMixedRows |= temperatures.Length > 1;
        DegreeDays(temperatures, heating.AsSpan(Rows * Stride, Stride), cooling.AsSpan(Rows * Stride, Stride));
        Rows++;
    }

    public double HeatingOf(int row, int point) => heating[(row * Stride) + point];

    public double CoolingOf(int row, int point) => cooling[(row * Stride) + point];

    /// <summary>Forms all sums.</summary>
    public void Accumulate()
    {
        double total = 0;
        double sum = 0;
        for (int row = 0; row < Rows; row++)
        {
            total += weights[row];
            sum += weights[row] * use[row];
        }

        TotalWeight = total;
        MeanUse = sum / total;
        Variation = 0;
        Heating.Clear();
        Cooling.Clear();
        Array.Clear(Products);
        for (int row = 0; row < Rows; row++)
        {
            double deviation = use[row] - MeanUse;
            Variation += weights[row] * deviation * deviation;
            ReadOnlySpan<double> warm = heating.AsSpan(row * Stride, Stride);
            ReadOnlySpan<double> cool = cooling.AsSpan(row * Stride, Stride);
            Heating.Add(warm, weights[row], deviation);
            Cooling.Add(cool, weights[row], deviation);
            if (HasMixedRows)
            {
                AddProducts(warm, cool, weights[row]);
            }
        }

        Heating.Finish(total);
        Cooling.Finish(total);
    }

    /// <summary>Mean degree days per day beyond every balance point (CalTRACK 2.0, 3.3.4 and 3.3.5).</summary>
    private static void DegreeDays(ReadOnlySpan<double> temperatures, Span<double> warm, Span<double> cool)
    {
        Vector256<double> count = Vector256.Create((double)temperatures.Length);
        for (int point = 0; point < Stride; point += Lanes)
        {
            Vector256<double> balance = Vector256.Create(BalancePoints.AsSpan(point, Lanes));
            Vector256<double> below = Vector256<double>.Zero;
            Vector256<double> above = Vector256<double>.Zero;
            foreach (double temperature in temperatures)
            {
                Vector256<double> difference = balance - Vector256.Create(temperature);
                below += Vector256.Max(difference, Vector256<double>.Zero);
                above += Vector256.Max(-difference, Vector256<double>.Zero);
            }

            (below / count).CopyTo(warm[point..]);
            (above / count).CopyTo(cool[point..]);
        }
    }

    /// <summary>Pairs whose cooling balance point lies below the heating one are summed along with the others and not looked at.</summary>
    private void AddProducts(ReadOnlySpan<double> warm, ReadOnlySpan<double> cool, double weight)
    {
        for (int heatingPoint = 0; heatingPoint < Points; heatingPoint++)
        {
            double weighted = weight * warm[heatingPoint];
            if (weighted == 0)
            {
                continue;
            }

            Vector256<double> left = Vector256.Create(weighted);
            Span<double> target = Products.AsSpan(heatingPoint * Stride, Stride);
            for (int point = heatingPoint / Lanes * Lanes; point < Stride; point += Lanes)
            {
                (Vector256.Create(target.Slice(point, Lanes)) + (left * Vector256.Create(cool.Slice(point, Lanes)))).CopyTo(target[point..]);
            }
        }
    }

    /// <summary>Sums over the rows for each balance point of one side.</summary>
    internal sealed class SideSums
    {
        /// <summary>A variation below this share of the raw squares is rounding: the column is constant.</summary>
        private const double ConstantShare = 1e-10;

        /// <summary>Weighted sums, then weighted means, of degree days per day.</summary>
        public double[] Means { get; } = new double[Stride];

        /// <summary>Weighted sums of squares, then of squares about the mean; 0 for a constant column.</summary>
        public double[] Squares { get; } = new double[Stride];

        /// <summary>Weighted sums of degree days times use about its mean.</summary>
        public double[] Moments { get; } = new double[Stride];

        /// <summary>Degree days: per day times the row's weight.</summary>
        public double[] Totals { get; } = new double[Stride];

        /// <summary>Rows with any.</summary>
        public double[] Counts { get; } = new double[Stride];

        public void Clear()
        {
            Array.Clear(Means);
            Array.Clear(Squares);
            Array.Clear(Moments);
            Array.Clear(Counts);
        }

        public void Add(ReadOnlySpan<double> row, double weight, double deviation)
        {
            Vector256<double> weights = Vector256.Create(weight);
            Vector256<double> deviations = Vector256.Create(deviation);
            for (int point = 0; point < Stride; point += Lanes)
            {
                Vector256<double> value = Vector256.Create(row.Slice(point, Lanes));
                Vector256<double> weighted = weights * value;
                (Vector256.Create(Means.AsSpan(point, Lanes)) + weighted).CopyTo(Means.AsSpan(point));
                (Vector256.Create(Squares.AsSpan(point, Lanes)) + (weighted * value)).CopyTo(Squares.AsSpan(point));
                (Vector256.Create(Moments.AsSpan(point, Lanes)) + (weighted * deviations)).CopyTo(Moments.AsSpan(point));
                Vector256<double> any = Vector256.ConditionalSelect(
                    Vector256.GreaterThan(value, Vector256<double>.Zero), Vector256<double>.One, Vector256<double>.Zero);
                (Vector256.Create(Counts.AsSpan(point, Lanes)) + any).CopyTo(Counts.AsSpan(point));
            }
        }

        public void Finish(double totalWeight)
        {
            for (int point = 0; point < Points; point++)
            {
                Totals[point] = Means[point];
                Means[point] /= totalWeight;
                double raw = Squares[point];
                double central = raw - (totalWeight * Means[point] * Means[point]);
                Squares[point] = central > ConstantShare * raw ? central : 0;
            }
        }
    }
}
