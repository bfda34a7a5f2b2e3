using Metering.Analytics.Statistics;

namespace Metering.Analytics.Events;

/// <summary>The rows of one period made ready: residuals, nuisance columns (a constant first), time between rows, weights.</summary>
internal sealed class EventSeries
{
    private long[] start = [];
    private double[] position = [];
    private int[] gap = [];
    private double[] residual = [];
    private double[] prediction = [];
    private double[] weight = [];
    private double[][] columns = [];
    private long[] spacings = [];

    /// <summary>Rows in use.</summary>
    public int Count { get; private set; }

    /// <summary>Nuisance columns, the constant among them.</summary>
    public int ColumnCount { get; private set; }

    /// <summary>Usual time between rows, ms.</summary>
    public long Spacing { get; private set; }

    /// <summary>Residuals are held in this unit of the caller's: a power of two that brings the largest near one, so that no square overflows.</summary>
    public double Unit { get; private set; }

    public ReadOnlySpan<long> Start => start.AsSpan(0, Count);

    /// <summary>Rows since the first, missing ones counted.</summary>
    public ReadOnlySpan<double> Position => position.AsSpan(0, Count);

    /// <summary>Rows since the one before, 1 when none is missing.</summary>
    public ReadOnlySpan<int> Gap => gap.AsSpan(0, Count);

    public ReadOnlySpan<double> Residual => residual.AsSpan(0, Count);

    public ReadOnlySpan<double> Prediction => prediction.AsSpan(0, Count);

    /// <summary>One over the standard deviation of the noise on a row, as a share of its average.</summary>
    public Span<double> Weight => weight.AsSpan(0, Count);

    public ReadOnlySpan<double> Column(int index) => columns[index].AsSpan(0, Count);

    public void Load(EventScanRows rows)
    {
        Count = rows.Residuals.Count;
        ColumnCount = Math.Max(1, rows.Drivers.Count) + 1;
        Reserve();
        double largest = 0;
        for (int i = 0; i < Count; i++)
        {
            largest = Math.Max(largest, Math.Abs(rows.Residuals[i]));
        }

        Unit = PowerOfTwo(largest);
        for (int i = 0; i < Count; i++)
        {
            start[i] = rows.StartUtcMilliseconds[i];
            residual[i] = rows.Residuals[i] / Unit;
            prediction[i] = rows.Predictions[i];
            weight[i] = 1;
            columns[0][i] = 1;
        }

        for (int j = 1; j < ColumnCount; j++)
        {
            IReadOnlyList<double> source = rows.Drivers.Count > 0 ? rows.Drivers[j - 1] : rows.Predictions;
            for (int i = 0; i < Count; i++)
            {
                columns[j][i] = source[i];
            }

            Standardise(columns[j].AsSpan(0, Count));
        }

        for (int i = 1; i < Count; i++)
        {
            spacings[i - 1] = start[i] - start[i - 1];
        }

        Spacing = OrderStatistic.Of(spacings.AsSpan(0, Count - 1), (Count - 1) / 2);
        Place();
    }

    /// <summary>Takes out the rows that are marked.</summary>
    public void Remove(ReadOnlySpan<bool> marked)
    {
        int kept = 0;
        for (int i = 0; i < Count; i++)
        {
            if (marked[i])
            {
                continue;
            }

            start[kept] = start[i];
            residual[kept] = residual[i];
            prediction[kept] = prediction[i];
            for (int j = 0; j < ColumnCount; j++)
            {
                columns[j][kept] = columns[j][i];
            }

            kept++;
        }

        Count = kept;
        Place();
    }

    private static double PowerOfTwo(double size)
    {
        const double smallest = 1e-290;
        double power = 1;
        while (power < size / 2)
        {
            power *= 2;
        }

        while (size > 0 && power > size && power > smallest)
        {
            power /= 2;
        }

        return power;
    }

    private void Place()
    {
        position[0] = 0;
        gap[0] = 1;
        for (int i = 1; i < Count; i++)
        {
            double steps = Math.Floor(((start[i] - start[i - 1]) / (double)Spacing) + 0.5);
            gap[i] = (int)Math.Clamp(steps, 1, 1_000_000);
            position[i] = position[i - 1] + gap[i];
        }
    }

    private void Reserve()
    {
        if (start.Length < Count)
        {
            start = new long[Count];
            spacings = new long[Count];
            gap = new int[Count];
            position = new double[Count];
            residual = new double[Count];
            prediction = new double[Count];
            weight = new double[Count];
            columns = [];
        }

        if (columns.Length < ColumnCount)
        {
            columns = new double[ColumnCount][];
            for (int j = 0; j < columns.Length; j++)
            {
                columns[j] = new double[start.Length];
            }
        }
    }

    /// <summary>Mean 0, mean square 1; all zero when it does not vary.</summary>
    private static void Standardise(Span<double> column)
    {
        double mean = FixedSum.Mean(column);
        double largest = 0;
        for (int i = 0; i < column.Length; i++)
        {
            largest = Math.Max(largest, Math.Abs(column[i]));
            column[i] -= mean;
        }

        double scale = Math.Sqrt(FixedSum.SumOfSquares(column) / column.Length);
        bool varies = scale > 1e-12 * largest;
        for (int i = 0; i < column.Length; i++)
        {
            column[i] = varies ? column[i] / scale : 0;
        }
    }
}
