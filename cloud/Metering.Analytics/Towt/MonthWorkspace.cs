namespace Metering.Analytics.Towt;

/// <summary>
/// Scratch memory and results of <see cref="MonthKernel"/>, about 1 MB. Grows with the rows when needed; fits of no more rows than
/// one before allocate nothing. Not for two threads at once.
/// </summary>
public sealed class MonthWorkspace
{
    internal const int Months = 12;
    internal const int Groups = 168;
    internal const int Knots = 6;
    internal const int Spans = Knots + 1;

    /// <summary>Room for both modes with all spans.</summary>
    internal const int Columns = 2 * Spans;

    /// <summary>Numbers per month, hour of the week and span: rows, then sums of part, squared part, use, part x use.</summary>
    internal const int PerSpan = 5;

    internal const int PerCell = PerSpan * Spans;

    /// <summary>Twelve months and one model of all.</summary>
    internal const int Models = Months + 1;

    private double[] cold = [];
    private double[] warm = [];
    private double[] use = [];
    private byte[] group = [];

    internal int Rows { get; private set; }

    internal double MeanUse { get; set; }

    internal double[] KnotValues { get; } = new double[Knots];

    internal double[] Cells { get; } = new double[Months * Groups * PerCell];

    /// <summary>First row of each month in the sorted columns, and the end of the last.</summary>
    internal int[] MonthStart { get; } = new int[Months + 1];

    /// <summary>Per month: rows, sums of cold, warm, their squares, use, and use times either.</summary>
    internal double[] MonthSums { get; } = new double[Months * MonthKernel.PerMonth];

    internal int[] Positive { get; } = new int[Groups];

    internal int[] Seen { get; } = new int[Groups];

    internal bool[] Occupied { get; } = new bool[Models * Groups];

    internal bool[] Kept { get; } = new bool[Models * 2 * Knots];

    internal double[] Weight { get; } = new double[Models * Groups];

    internal double[] Use { get; } = new double[Models * Groups];

    /// <summary>Weighted means of the spans per model and hour of the week.</summary>
    internal double[] Means { get; } = new double[Models * Groups * Spans];

    /// <summary>Sums of squares and products of the spans about the means of their hour, then with use, per mode of one model.</summary>
    internal double[] Products { get; } = new double[2 * Spans * Spans];

    internal double[] WithUse { get; } = new double[2 * Spans];

    /// <summary>Factor per model and mode, in the columns of the kept knots.</summary>
    internal double[] Factors { get; } = new double[Models * 2 * Spans * Spans];

    /// <summary>Slopes per model and mode, in the columns of the kept knots.</summary>
    internal double[] Slopes { get; } = new double[Models * 2 * Spans];

    internal int[] Ranks { get; } = new int[Models * 2];

    /// <summary>Columns sorted by month.</summary>
    internal Span<double> Cold => cold.AsSpan(0, Rows);

    internal Span<double> Warm => warm.AsSpan(0, Rows);

    internal Span<double> SortedUse => use.AsSpan(0, Rows);

    internal Span<byte> SortedGroup => group.AsSpan(0, Rows);

    internal void Reset(int rows)
    {
        if (cold.Length < rows)
        {
            cold = new double[rows];
            warm = new double[rows];
            use = new double[rows];
            group = new byte[rows];
        }

        Rows = rows;
        Array.Clear(Cells);
        Array.Clear(MonthSums);
    }
}
