using System.Runtime.InteropServices;

namespace Metering.Analytics.ChangePoints;

/// <summary>
/// The rows in ascending order of the driver, rows of one driver value by the linear drivers, and rows that are alike in all of
/// them by use: any order of the input gives the same order here. The order is kept, so that another use over the same drivers
/// is not sorted again.
/// </summary>
internal sealed class RowOrder
{
    private double[] drivers = [];
    private double[] sorted = [];
    private double[] keys = [];
    private int[] order = [];
    private bool[] alike = [];
    private int points;
    private int linearCount = -1;
    private bool anyAlike;

    /// <summary>The driver, ascending.</summary>
    public ReadOnlySpan<double> X => sorted.AsSpan(0, points);

    /// <summary>Orders the rows. False when these drivers were ordered by the call before: all that depends on them alone still holds.</summary>
    /// <param name="x">The driver, finite.</param>
    /// <param name="linear">The other drivers, finite, as long as <paramref name="x"/>.</param>
    public bool Load(ReadOnlySpan<double> x, ReadOnlySpan<double[]> linear)
    {
        if (Unchanged(x, linear))
        {
            return false;
        }

        points = x.Length;
        linearCount = linear.Length;
        Keep(x, linear);
        for (int i = 0; i < points; i++)
        {
            // Adding zero makes -0 a 0, so that equal values have equal bits.
            sorted[i] = x[i] + 0.0;
            order[i] = i;
            alike[i] = false;
        }

        anyAlike = false;
        sorted.AsSpan(0, points).Sort(order.AsSpan(0, points));
        SortTies(sorted, 0, points, linear);
        return true;
    }

    /// <summary>A column of the rows in their order.</summary>
    public void Gather(ReadOnlySpan<double> column, Span<double> ordered)
    {
        for (int i = 0; i < points; i++)
        {
            ordered[i] = column[order[i]] + 0.0;
        }
    }

    /// <summary>The use of the rows in their order.</summary>
    public void GatherUse(ReadOnlySpan<double> use, Span<double> ordered)
    {
        Gather(use, ordered);
        int from = 0;
        for (int i = 1; anyAlike && i <= points; i++)
        {
            if (i == points || !alike[i])
            {
                if (i - from > 1)
                {
                    ordered[from..i].Sort();
                }

                from = i;
            }
        }
    }

    private static bool SameBits(ReadOnlySpan<double> left, ReadOnlySpan<double> right) =>
        MemoryMarshal.AsBytes(left).SequenceEqual(MemoryMarshal.AsBytes(right));

    /// <summary>Orders every run of equal keys by the first of the given columns, and its runs by the others.</summary>
    private void SortTies(ReadOnlySpan<double> values, int first, int end, ReadOnlySpan<double[]> columns)
    {
        int from = first;
        for (int i = first + 1; i <= end; i++)
        {
            if (i < end && values[i] == values[from])
            {
                continue;
            }

            if (i - from > 1)
            {
                SortRun(from, i, columns);
            }

            from = i;
        }
    }

    private void SortRun(int from, int end, ReadOnlySpan<double[]> columns)
    {
        if (columns.IsEmpty)
        {
            alike.AsSpan(from + 1, end - from - 1).Fill(true);
            anyAlike = true;
            return;
        }

        // Each column has its own part of the scratch: the runs of the one before are still being read.
        Span<double> run = keys.AsSpan((linearCount - columns.Length) * points, points);
        for (int i = from; i < end; i++)
        {
            run[i] = columns[0][order[i]] + 0.0;
        }

        run[from..end].Sort(order.AsSpan(from, end - from));
        SortTies(run, from, end, columns[1..]);
    }

    private bool Unchanged(ReadOnlySpan<double> x, ReadOnlySpan<double[]> linear)
    {
        if (x.Length != points || linear.Length != linearCount || !SameBits(x, drivers.AsSpan(0, points)))
        {
            return false;
        }

        for (int k = 0; k < linear.Length; k++)
        {
            if (!SameBits(linear[k], drivers.AsSpan((k + 1) * points, points)))
            {
                return false;
            }
        }

        return true;
    }

    private void Keep(ReadOnlySpan<double> x, ReadOnlySpan<double[]> linear)
    {
        int columns = linear.Length + 1;
        if (order.Length < points)
        {
            sorted = new double[points];
            order = new int[points];
            alike = new bool[points];
        }

        if (drivers.Length < points * columns)
        {
            drivers = new double[points * columns];
            keys = new double[points * columns];
        }

        x.CopyTo(drivers);
        for (int k = 0; k < linear.Length; k++)
        {
            linear[k].CopyTo(drivers.AsSpan((k + 1) * points));
        }
    }
}
