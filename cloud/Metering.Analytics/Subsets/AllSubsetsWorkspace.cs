using Metering.Analytics.Statistics;

namespace Metering.Analytics.Subsets;

/// <summary>Scratch memory for <see cref="AllSubsets"/>. Grows when needed; not for two threads at once.</summary>
public sealed class AllSubsetsWorkspace
{
    /// <summary>A column whose part outside the others is below this share of its length is a combination of them; as in single fits.</summary>
    private const double RankTolerance = 1e-10;

    /// <summary>Deviations below this share of the largest value are rounding.</summary>
    private const double ConstantTolerance = 1e-13;

    private const double SmallestForLogarithm = 1e-300;

    /// <summary>Room for the triangle of one node; the last column is the use.</summary>
    private const int Width = AllSubsets.MaximumDrivers + 1;

    private const int NodeSize = AllSubsets.MaximumDrivers * Width;

    /// <summary>One triangle a level, row by row.</summary>
    private readonly double[] triangles = new double[AllSubsets.MaximumDrivers * NodeSize];

    /// <summary>The drivers of each level's triangle, in their order.</summary>
    private readonly int[] members = new int[AllSubsets.MaximumDrivers * AllSubsets.MaximumDrivers];

    private readonly DriverSign[] required = new DriverSign[AllSubsets.MaximumDrivers];
    private readonly double[] coefficients = new double[AllSubsets.MaximumDrivers];
    private double[] columns = [];
    private int rows;
    private int count;
    private bool anySign;
    private double outside;
    private double useSquares;
    private double logRows;

    internal void Load(ReadOnlySpan<double> use, ReadOnlySpan<double[]> drivers, ReadOnlySpan<DriverSign> signs)
    {
        rows = use.Length;
        count = drivers.Length;
        anySign = signs.IndexOfAnyExcept(DriverSign.Any) >= 0;
        required.AsSpan().Clear();
        signs.CopyTo(required);
        if (columns.Length < rows * (count + 1))
        {
            columns = new double[rows * (count + 1)];
        }

        for (int j = 0; j < count; j++)
        {
            drivers[j].CopyTo(Column(j));
            Standardise(Column(j));
        }

        use.CopyTo(Column(count));
        double length = Standardise(Column(count));
        useSquares = length * length;
        logRows = Elementary.Log(rows);
        Factor();
    }

    internal void Run(Span<SubsetScore> scores)
    {
        double whole = outside;
        for (int i = 0; i < count; i++)
        {
            whole += triangles[(i * Width) + count] * triangles[(i * Width) + count];
            members[i] = i;
        }

        Put(scores, 0, 0, useSquares > 0 ? whole : 0, SubsetStatus.Fitted);
        if (count > 0)
        {
            Visit(scores, 0, count, 0, outside);
        }
    }

    private Span<double> Column(int index) => columns.AsSpan(index * rows, rows);

    /// <summary>A column less its mean, of length one, or all zero for a constant one. Gives the length.</summary>
    private static double Standardise(Span<double> column)
    {
        double first = FixedSum.Mean(column);
        double largest = 0;
        for (int i = 0; i < column.Length; i++)
        {
            largest = Math.Max(largest, Math.Abs(column[i]));
            column[i] -= first;
        }

        // A second pass takes out the rounding of the first mean.
        double correction = FixedSum.Mean(column);
        for (int i = 0; i < column.Length; i++)
        {
            column[i] -= correction;
        }

        double length = Math.Sqrt(FixedSum.SumOfSquares(column));
        if (!double.IsFinite(length))
        {
            throw new ArgumentException("Squares of a column do not fit a double; use another unit.");
        }

        if (length <= ConstantTolerance * largest * Math.Sqrt(column.Length))
        {
            column.Clear();
            return 0;
        }

        for (int i = 0; i < column.Length; i++)
        {
            column[i] /= length;
        }

        return length;
    }

    /// <summary>Reflects the columns to an upper triangle, the use with them; what lies below is outside all drivers.</summary>
    private void Factor()
    {
        int steps = Math.Min(rows, count);
        for (int j = 0; j < steps; j++)
        {
            Span<double> reflector = Column(j)[j..];
            double norm = Math.Sqrt(FixedSum.SumOfSquares(reflector));
            double axis = reflector[0] > 0 ? -norm : norm;
            if (norm > 0)
            {
                reflector[0] -= axis;
                double scale = 1 / Math.Sqrt(FixedSum.SumOfSquares(reflector));
                for (int i = 0; i < reflector.Length; i++)
                {
                    reflector[i] *= scale;
                }

                for (int k = j + 1; k <= count; k++)
                {
                    Reflect(reflector, Column(k)[j..]);
                }
            }

            triangles[(j * Width) + j] = axis;
            for (int k = j + 1; k <= count; k++)
            {
                triangles[(j * Width) + k] = Column(k)[j];
            }
        }

        // Fewer rows than drivers: the triangle ends in rows of zeros.
        triangles.AsSpan(steps * Width, (AllSubsets.MaximumDrivers - steps) * Width).Clear();
        outside = FixedSum.SumOfSquares(Column(count)[steps..]);
    }

    private static void Reflect(ReadOnlySpan<double> reflector, Span<double> target)
    {
        double twice = 2 * FixedSum.Dot(reflector, target);
        for (int i = 0; i < target.Length; i++)
        {
            target[i] -= twice * reflector[i];
        }
    }

    /// <summary>
    /// Scores the subsets that begin this level's list with more than <paramref name="kept"/> drivers, then drops each driver that may
    /// be dropped. Every subset comes up once.
    /// </summary>
    private void Visit(Span<SubsetScore> scores, int level, int length, int kept, double rest)
    {
        ReadOnlySpan<double> triangle = triangles.AsSpan(level * NodeSize, NodeSize);
        ReadOnlySpan<int> drivers = members.AsSpan(level * AllSubsets.MaximumDrivers, length);
        ScorePrefixes(scores, triangle, drivers, kept, rest);
        for (int drop = kept; drop < length - 1; drop++)
        {
            Span<int> fewer = members.AsSpan((level + 1) * AllSubsets.MaximumDrivers, length - 1);
            drivers[..drop].CopyTo(fewer);
            drivers[(drop + 1)..].CopyTo(fewer[drop..]);
            Span<double> smaller = triangles.AsSpan((level + 1) * NodeSize, NodeSize);
            double last = Drop(triangle, smaller, length, drop);
            Visit(scores, level + 1, length - 1, drop, rest + (last * last));
        }
    }

    private void ScorePrefixes(Span<SubsetScore> scores, ReadOnlySpan<double> triangle, ReadOnlySpan<int> drivers, int kept, double rest)
    {
        int subset = 0;
        int independent = 0;
        for (int i = 0; i < drivers.Length; i++)
        {
            subset |= 1 << drivers[i];
            independent += independent == i && Math.Abs(triangle[(i * Width) + i]) > RankTolerance ? 1 : 0;
        }

        double squares = rest;
        for (int size = drivers.Length; size > kept; size--)
        {
            SubsetStatus status = size >= rows - 1 ? SubsetStatus.TooFewRows
                : independent < size ? SubsetStatus.Collinear
                : HasSigns(triangle, drivers[..size]) ? SubsetStatus.Fitted
                : SubsetStatus.WrongSign;
            Put(scores, subset, size, squares, status);
            double part = triangle[((size - 1) * Width) + count];
            squares += part * part;
            subset &= ~(1 << drivers[size - 1]);
        }
    }

    private void Put(Span<SubsetScore> scores, int subset, int size, double squares, SubsetStatus status)
    {
        double sse = squares * useSquares;
        double share = sse / rows;
        if (status is SubsetStatus.Collinear or SubsetStatus.TooFewRows || rows <= size + 1)
        {
            status = status == SubsetStatus.Collinear ? status : SubsetStatus.TooFewRows;
            scores[subset] = new SubsetScore(subset, status, double.NaN, double.NaN);
            return;
        }

        double bic = share < SmallestForLogarithm ? double.NegativeInfinity : (rows * Elementary.Log(share)) + ((size + 1) * logRows);
        scores[subset] = new SubsetScore(subset, status, sse, bic);
    }

    /// <summary>Whether the coefficients have their signs; scaling does not change them.</summary>
    private bool HasSigns(ReadOnlySpan<double> triangle, ReadOnlySpan<int> drivers)
    {
        for (int i = drivers.Length - 1; anySign && i >= 0; i--)
        {
            double value = triangle[(i * Width) + count];
            for (int k = i + 1; k < drivers.Length; k++)
            {
                value -= triangle[(i * Width) + k] * coefficients[k];
            }

            coefficients[i] = value / triangle[(i * Width) + i];
            DriverSign sign = required[drivers[i]];
            if ((sign == DriverSign.NotNegative && coefficients[i] < 0) || (sign == DriverSign.NotPositive && coefficients[i] > 0))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The triangle without one column, made a triangle again by rotations of neighbouring rows. Gives the use's part that left it.</summary>
    private double Drop(ReadOnlySpan<double> triangle, Span<double> smaller, int length, int drop)
    {
        for (int i = 0; i < length; i++)
        {
            int to = i * Width;
            triangle.Slice(to, drop).CopyTo(smaller[to..]);
            triangle.Slice(to + drop + 1, length - drop - 1).CopyTo(smaller[(to + drop)..]);
            smaller[to + count] = triangle[to + count];
        }

        for (int i = drop; i < length - 1; i++)
        {
            Span<double> upper = smaller.Slice(i * Width, Width);
            Span<double> lower = smaller.Slice((i + 1) * Width, Width);
            double size = Math.Sqrt((upper[i] * upper[i]) + (lower[i] * lower[i]));
            if (size == 0)
            {
                continue;
            }

            double cosine = upper[i] / size;
            double sine = lower[i] / size;
            Rotate(upper[i..(length - 1)], lower[i..(length - 1)], cosine, sine);
            Rotate(upper.Slice(count, 1), lower.Slice(count, 1), cosine, sine);
        }

        return smaller[((length - 1) * Width) + count];
    }

    private static void Rotate(Span<double> upper, Span<double> lower, double cosine, double sine)
    {
        for (int k = 0; k < upper.Length; k++)
        {
            double a = upper[k];
            double b = lower[k];
            upper[k] = (cosine * a) + (sine * b);
            lower[k] = (cosine * b) - (sine * a);
        }
    }
}
