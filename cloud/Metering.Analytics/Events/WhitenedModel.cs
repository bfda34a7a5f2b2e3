using Metering.Analytics.Statistics;

namespace Metering.Analytics.Events;

/// <summary>
/// Least squares with noise that is a first-order autoregression, exactly also at the first row and across missing rows (Prais
/// and Winsten 1954; between rows g apart the correlation is r^g): rows are transformed so that the noise becomes white, then
/// nuisance columns and events are orthogonalised in turn (modified Gram-Schmidt) and taken out of the residuals.
/// </summary>
internal sealed class WhitenedModel(EventSeries series)
{
    private const double LargestCorrelation = 0.98;
    private const double EnoughCorrelation = 0.002;
    private const int MostRounds = 8;
    private const double RankTolerance = 1e-7;
    private const int LongestMemory = 400;

    private double[] carry = [];
    private double[] factor = [];
    private double[] residual = [];
    private double[] noise = [];
    private double[] raw = [];
    private double[][] basis = [];
    private double correlation = double.NaN;
    private double logFactors;
    private int baseOrder;

    /// <summary>Orthonormal columns in use.</summary>
    public int Order { get; private set; }

    /// <summary>Correlation from row to row that the transformation uses.</summary>
    public double Correlation => correlation;

    /// <summary>Sum of squared white residuals.</summary>
    public double SumOfSquares { get; private set; }

    /// <summary>Share of the row before that is taken off a row.</summary>
    public ReadOnlySpan<double> Carry => carry.AsSpan(0, series.Count);

    /// <summary>What makes the noise of a row as large as that of its neighbours.</summary>
    public ReadOnlySpan<double> Factor => factor.AsSpan(0, series.Count);

    /// <summary>White residuals.</summary>
    public ReadOnlySpan<double> Residual => residual.AsSpan(0, series.Count);

    /// <summary>Residuals before whitening, weighted.</summary>
    public ReadOnlySpan<double> Noise => noise.AsSpan(0, series.Count);

    public ReadOnlySpan<double> Basis(int index) => basis[index].AsSpan(0, series.Count);

    /// <summary>Forgets what was prepared; needed after the series has changed.</summary>
    public void Reset() => correlation = double.NaN;

    /// <summary>Fits with the correlation estimated. Gives minus twice the logarithm of the likelihood, less a constant.</summary>
    /// <param name="atoms">Events in the model.</param>
    /// <param name="skip">Index of an event to leave out; -1 for none.</param>
    /// <param name="startCorrelation">Where the search begins.</param>
    public double Fit(ReadOnlySpan<EventAtom> atoms, int skip, double startCorrelation)
    {
        double trial = startCorrelation;
        for (int round = 0; round < MostRounds; round++)
        {
            Build(atoms, skip, trial);
            double next = EstimatedCorrelation();
            if (Math.Abs(next - trial) < EnoughCorrelation)
            {
                break;
            }

            trial = next;
        }

        double perRow = SumOfSquares / series.Count;
        return (series.Count * Elementary.Log(Math.Max(perRow, 1e-300))) - (2 * logFactors);
    }

    /// <summary>Transforms with a given correlation and takes out columns and events.</summary>
    public void Build(ReadOnlySpan<EventAtom> atoms, int skip, double atCorrelation)
    {
        Reserve(series.ColumnCount + atoms.Length);
        if (!correlation.Equals(atCorrelation))
        {
            Prepare(atCorrelation);
        }

        Order = baseOrder;
        Span<double> column = raw.AsSpan(0, series.Count);
        for (int k = 0; k < atoms.Length; k++)
        {
            if (k != skip)
            {
                atoms[k].Fill(series.Position, column);
                Append(column);
            }
        }

        Span<double> left = residual.AsSpan(0, series.Count);
        Whiten(series.Residual, left);
        for (int j = 0; j < Order; j++)
        {
            Subtract(left, basis[j]);
        }

        SumOfSquares = FixedSum.SumOfSquares(left);
        double before = 0;
        for (int i = 0; i < left.Length; i++)
        {
            before = (left[i] / factor[i]) + (carry[i] * before);
            noise[i] = before;
        }
    }

    /// <summary>Correlation of neighbouring residuals, 0 to 0.98.</summary>
    private double EstimatedCorrelation()
    {
        ReadOnlySpan<int> gap = series.Gap;
        double products = 0;
        double squares = 0;
        for (int i = 1; i < gap.Length; i++)
        {
            if (gap[i] == 1)
            {
                products += noise[i] * noise[i - 1];
                squares += (noise[i] * noise[i]) + (noise[i - 1] * noise[i - 1]);
            }
        }

        return squares > 0 ? Math.Clamp(2 * products / squares, 0, LargestCorrelation) : 0;
    }

    private void Prepare(double atCorrelation)
    {
        correlation = atCorrelation;
        ReadOnlySpan<int> gap = series.Gap;
        double stationary = 1 - (atCorrelation * atCorrelation);
        logFactors = 0;
        double product = 1;
        for (int i = 0; i < gap.Length; i++)
        {
            carry[i] = i == 0 ? 0 : gap[i] == 1 ? atCorrelation : Power(atCorrelation, gap[i]);
            factor[i] = i > 0 && gap[i] == 1 ? 1 : Math.Sqrt(stationary / (1 - (carry[i] * carry[i])));
            product *= factor[i];
            if (product < 1e-100)
            {
                logFactors += Elementary.Log(product);
                product = 1;
            }
        }

        logFactors += Elementary.Log(product);
        Order = 0;
        for (int j = 0; j < series.ColumnCount; j++)
        {
            Append(series.Column(j));
        }

        baseOrder = Order;
    }

    private static double Power(double x, int exponent)
    {
        if (exponent > LongestMemory)
        {
            return 0;
        }

        double power = x;
        for (int i = 1; i < exponent; i++)
        {
            power *= x;
        }

        return power;
    }

    /// <summary>Adds a column to the basis unless the others already hold it.</summary>
    private void Append(ReadOnlySpan<double> column)
    {
        Span<double> next = basis[Order].AsSpan(0, series.Count);
        Whiten(column, next);
        double length = Math.Sqrt(FixedSum.SumOfSquares(next));
        for (int j = 0; j < Order; j++)
        {
            Subtract(next, basis[j]);
        }

        double left = Math.Sqrt(FixedSum.SumOfSquares(next));
        if (!(left > RankTolerance * length))
        {
            return;
        }

        for (int i = 0; i < next.Length; i++)
        {
            next[i] /= left;
        }

        Order++;
    }

    private static void Subtract(Span<double> from, double[] direction)
    {
        ReadOnlySpan<double> along = direction.AsSpan(0, from.Length);
        double share = FixedSum.Dot(from, along);
        for (int i = 0; i < from.Length; i++)
        {
            from[i] -= share * along[i];
        }
    }

    private void Whiten(ReadOnlySpan<double> source, Span<double> target)
    {
        ReadOnlySpan<double> weight = series.Weight;
        double before = 0;
        for (int i = 0; i < target.Length; i++)
        {
            double now = source[i] * weight[i];
            target[i] = (now - (carry[i] * before)) * factor[i];
            before = now;
        }
    }

    private void Reserve(int most)
    {
        if (carry.Length < series.Count)
        {
            carry = new double[series.Count];
            factor = new double[series.Count];
            residual = new double[series.Count];
            noise = new double[series.Count];
            raw = new double[series.Count];
            basis = [];
            correlation = double.NaN;
        }

        if (basis.Length < most)
        {
            double[][] grown = new double[most][];
            for (int j = 0; j < most; j++)
            {
                grown[j] = j < basis.Length ? basis[j] : new double[carry.Length];
            }

            basis = grown;
        }
    }
}
