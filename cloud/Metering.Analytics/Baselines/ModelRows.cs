using System.Globalization;
using Metering.Analytics.Intervals;
using Metering.Analytics.Statistics;

namespace Metering.Analytics.Baselines;

/// <summary>The rows of a table in order of time, one per start.</summary>
internal sealed class ModelRows
{
    private const long Day = TimeSpan.MillisecondsPerDay;
    private const double MeanMonthDays = 30.436875;
    private const int ListedConflicts = 3;
    private const int MaximumRows = 10_000_000;

    private readonly long[] start;
    private readonly double[] use;
    private readonly double[] useVariance;
    private readonly double[][] drivers;

    private ModelRows(long[] start, double[] use, double[] useVariance, double[][] drivers, IReadOnlyList<string> names)
    {
        this.start = start;
        this.use = use;
        this.useVariance = useVariance;
        this.drivers = drivers;
        Names = names;
        Spacing = UsualSpacing(start);
    }

    /// <summary>Names of the drivers.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>What is known of the drivers.</summary>
    public IReadOnlyList<DriverRole> Roles { get; private init; } = [];

    /// <summary>Usual time between rows, ms: the median, made a whole day, week or mean month when it is close to one.</summary>
    public double Spacing { get; }

    public static ModelRows Order(ModelTable table, bool useDrivers, List<Reason> reasons, List<Reason> warnings)
    {
        IReadOnlyList<Driver> given = useDrivers ? table.Drivers : [];
        int rows = table.StartUtcMilliseconds.Count;
        Check(table, given, rows);
        int[] order = new int[rows];
        long[] keys = new long[rows];
        bool sorted = true;
        for (int i = 0; i < rows; i++)
        {
            order[i] = i;
            keys[i] = table.StartUtcMilliseconds[i];
            sorted &= i == 0 || keys[i] >= keys[i - 1];
        }

        if (!sorted)
        {
            Array.Sort(keys, order);
        }

        List<int> kept = new(rows);
        int same = 0;
        int conflicts = 0;
        for (int i = 0; i < rows; i++)
        {
            if (kept.Count == 0 || table.StartUtcMilliseconds[kept[^1]] != keys[i])
            {
                kept.Add(order[i]);
            }
            else if (IsSame(table, given, kept[^1], order[i]) || double.IsNaN(table.Use[order[i]]))
            {
                same++;
            }
            else if (double.IsNaN(table.Use[kept[^1]]))
            {
                // A row without use only marks where a period ends; the metered row at the same instant is the row.
                kept[^1] = order[i];
                same++;
            }
            else if (conflicts++ < ListedConflicts)
            {
                reasons.Add(new Reason(ReasonKind.ConflictingRows,
                    $"Two rows start at {Text(keys[i])} with different values. Remove one of them."));
            }
        }

        if (!sorted || same > 0)
        {
            warnings.Add(new Reason(ReasonKind.RowsPutInOrder, string.Create(CultureInfo.InvariantCulture,
                $"Rows were {(sorted ? "in order" : "out of order and were sorted")}; {same} rows came twice and count once.")));
        }

        return Copy(table, given, kept);
    }

    /// <summary>The usable rows of a period; rows of the excluded spans are not usable.</summary>
    public PeriodRows Select(Period period, IReadOnlyList<Period>? excluded = null)
    {
        List<int> chosen = [];
        int negative = 0;
        for (int i = 0; i < start.Length; i++)
        {
            if (!period.Contains(start[i]) || double.IsNaN(use[i]) || (excluded is not null && IsIn(excluded, start[i])))
            {
                continue;
            }

            bool complete = true;
            for (int j = 0; j < drivers.Length; j++)
            {
                complete &= !double.IsNaN(drivers[j][i]);
            }

            if (complete)
            {
                chosen.Add(i);
                negative += use[i] < 0 ? 1 : 0;
            }
        }

        double length = (double)period.EndUtcMilliseconds - period.StartUtcMilliseconds;
        double expected = Spacing > 0 ? Math.Max(1, Math.Floor((length / Spacing) + 0.5)) : 1;
        long[] starts = Pick(start, chosen);
        return new PeriodRows
        {
            Start = starts,
            StepsBefore = Steps(starts, Spacing),
            Use = Pick(use, chosen),
            UseVariance = useVariance.Length == 0 ? [] : Pick(useVariance, chosen),
            RowsPerDay = Spacing > 0 ? Day / Spacing : 0,
            Drivers = [.. drivers.Select(driver => Pick(driver, chosen))],
            Names = Names,
            Roles = Roles,
            Coverage = Math.Min(1, chosen.Count / expected),
            Expected = expected,
            Negative = negative,
        };
    }

    /// <summary>A UTC instant for a sentence.</summary>
    public static string Text(long utcMilliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(utcMilliseconds)
        .ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static void Check(ModelTable table, IReadOnlyList<Driver> given, int rows)
    {
        bool fits = table.Use.Count == rows && (table.UseVariance.Count == 0 || table.UseVariance.Count == rows);
        if (!fits || given.Any(driver => driver.Values.Count != rows))
        {
            throw new ArgumentException("The columns of starts, use and drivers have different lengths.", nameof(table));
        }

        if (rows > MaximumRows)
        {
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture,
                $"{rows} rows are given; the limit is {MaximumRows}. Use a longer step, or a shorter time."), nameof(table));
        }

        if (given.Count > BaselineModel.MaximumDrivers)
        {
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture,
                $"{given.Count} drivers are given; the limit is {BaselineModel.MaximumDrivers}."), nameof(table));
        }

        if (given.Select(driver => driver.Name).Distinct(StringComparer.Ordinal).Count() != given.Count)
        {
            throw new ArgumentException("Two drivers have the same name.", nameof(table));
        }
    }

    private static bool IsSame(ModelTable table, IReadOnlyList<Driver> given, int left, int right)
    {
        bool same = table.Use[left].Equals(table.Use[right]);
        foreach (Driver driver in given)
        {
            same &= driver.Values[left].Equals(driver.Values[right]);
        }

        return same;
    }

    private static ModelRows Copy(ModelTable table, IReadOnlyList<Driver> given, List<int> kept)
    {
        long[] starts = new long[kept.Count];
        double[] uses = new double[kept.Count];
        double[] variances = new double[table.UseVariance.Count == 0 ? 0 : kept.Count];
        double[][] columns = new double[given.Count][];
        for (int j = 0; j < columns.Length; j++)
        {
            columns[j] = new double[kept.Count];
        }

        for (int i = 0; i < starts.Length; i++)
        {
            starts[i] = table.StartUtcMilliseconds[kept[i]];
            uses[i] = table.Use[kept[i]];
            if (variances.Length > 0)
            {
                variances[i] = table.UseVariance[kept[i]];
            }

            for (int j = 0; j < columns.Length; j++)
            {
                columns[j][i] = given[j].Values[kept[i]];
            }
        }

        return new ModelRows(starts, uses, variances, columns, [.. given.Select(driver => driver.Name)])
        {
            Roles = [.. given.Select(driver => driver.Role)],
        };
    }

    private static T[] Pick<T>(T[] column, List<int> rows)
    {
        T[] picked = new T[rows.Count];
        for (int i = 0; i < picked.Length; i++)
        {
            picked[i] = column[rows[i]];
        }

        return picked;
    }

    private static bool IsIn(IReadOnlyList<Period> spans, long instant)
    {
        for (int i = 0; i < spans.Count; i++)
        {
            if (spans[i].Contains(instant))
            {
                return true;
            }
        }

        return false;
    }

    private static int[] Steps(long[] starts, double spacing)
    {
        // Beyond this a correlation of 0.985 has faded below 1e-6.
        const double farthest = 1000;
        int[] steps = new int[starts.Length];
        for (int i = 1; i < steps.Length; i++)
        {
            double gap = Math.Floor(((starts[i] - starts[i - 1]) / spacing) + 0.5);
            steps[i] = (int)Math.Clamp(gap, 1, farthest);
        }

        return steps;
    }

    private static double UsualSpacing(long[] start)
    {
        if (start.Length < 2)
        {
            return 0;
        }

        long[] spacings = new long[start.Length - 1];
        for (int i = 0; i < spacings.Length; i++)
        {
            spacings[i] = start[i + 1] - start[i];
        }

        long median = OrderStatistic.Of(spacings, spacings.Length / 2);
        return median switch
        {
            >= 23 * TimeSpan.MillisecondsPerHour and <= 25 * TimeSpan.MillisecondsPerHour => Day,
            >= (7 * Day) - (2 * TimeSpan.MillisecondsPerHour) and <= (7 * Day) + (2 * TimeSpan.MillisecondsPerHour) => 7 * Day,
            >= 27 * Day and <= 32 * Day => MeanMonthDays * Day,
            _ => median,
        };
    }
}
