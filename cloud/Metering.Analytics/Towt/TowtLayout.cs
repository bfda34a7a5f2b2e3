using System.Globalization;
using Metering.Analytics.Baselines;
using Metering.Analytics.Intervals;

namespace Metering.Analytics.Towt;

/// <summary>Where a model finds its columns and how a row gets its time of the week.</summary>
internal sealed record TowtLayout
{
    private const long Hour = TimeSpan.MillisecondsPerHour;
    private const int HoursPerDay = 24;
    private const int DaysPerWeek = 7;

    public required TimeZoneInfo Zone { get; init; }

    public required string Temperature { get; init; }

    public IReadOnlyList<string> LinearDrivers { get; init; } = [];

    public string? OperatingMode { get; init; }

    /// <summary>Codes of the operating modes in the baseline, ascending; the first has no indicator.</summary>
    public double[] Modes { get; init; } = [];

    public IReadOnlySet<DateOnly> Holidays { get; init; } = new HashSet<DateOnly>();

    public bool IsDaily { get; init; }

    public bool ZeroUseIsMissing { get; init; }

    public int GroupCount => IsDaily ? DaysPerWeek : DaysPerWeek * HoursPerDay;

    public int DriverCount => LinearDrivers.Count + Math.Max(0, Modes.Length - 1);

    /// <summary>The columns of the model: temperature, linear drivers, operating mode.</summary>
    /// <param name="table">The caller's table.</param>
    /// <param name="metered">Whether rows need a use; otherwise every row has a use of zero.</param>
    public ModelTable Narrow(ModelTable table, bool metered)
    {
        List<Driver> drivers = [Find(table, Temperature)];
        drivers.AddRange(LinearDrivers.Select(name => Find(table, name)));
        if (OperatingMode is not null)
        {
            drivers.Add(Find(table, OperatingMode));
        }

        IReadOnlyList<double> use = table.Use;
        if (!metered)
        {
            use = new double[table.Use.Count];
        }
        else if (ZeroUseIsMissing)
        {
            use = [.. table.Use.Select(value => value == 0 ? double.NaN : value)];
        }

        return table with { Use = use, Drivers = drivers };
    }

    /// <summary>The complete rows of a period. Shorter rows become hours, when the model is hourly and all parts of the hour are there.</summary>
    public PeriodRows Select(ModelRows rows, Period period)
    {
        PeriodRows chosen = rows.Select(period);
        return !IsDaily && IsPartOfHour(rows.Spacing) ? Join(chosen, (int)(Hour / rows.Spacing)) : chosen;
    }

    /// <summary>Whether rows of this spacing, in milliseconds, can carry the model.</summary>
    public bool Fits(double spacing) =>
        IsDaily ? spacing == TimeSpan.MillisecondsPerDay : spacing == Hour || IsPartOfHour(spacing);

    /// <summary>Gives rows their time of the week and their columns.</summary>
    public TowtRows Build(PeriodRows rows)
    {
        double[]? codes = OperatingMode is null ? null : rows.Drivers[^1];
        List<int> taken = new(rows.Count);
        for (int i = 0; i < rows.Count; i++)
        {
            if (codes is null || Array.BinarySearch(Modes, codes[i]) >= 0)
            {
                taken.Add(i);
            }
        }

        TowtRows built = Allocate(rows, taken);
        for (int i = 0; i < taken.Count; i++)
        {
            int row = taken[i];
            built.Start[i] = rows.Start[row];
            built.Use[i] = rows.Use[row];
            built.Temperature[i] = rows.Drivers[0][row];
            for (int j = 0; j < LinearDrivers.Count; j++)
            {
                built.Drivers[j][i] = rows.Drivers[j + 1][row];
            }

            int mode = codes is null ? 0 : Array.BinarySearch(Modes, codes[row]);
            if (mode > 0)
            {
                built.Drivers[LinearDrivers.Count + mode - 1][i] = 1;
            }

            Place(built, i);
        }

        return built;
    }

    private TowtRows Allocate(PeriodRows rows, List<int> taken)
    {
        double[][] drivers = new double[DriverCount][];
        for (int j = 0; j < drivers.Length; j++)
        {
            drivers[j] = new double[taken.Count];
        }

        return new TowtRows
        {
            Start = new long[taken.Count],
            Use = new double[taken.Count],
            Temperature = new double[taken.Count],
            Drivers = drivers,
            Group = new byte[taken.Count],
            Month = new byte[taken.Count],
            UnknownModes = rows.Count - taken.Count,
            Coverage = rows.Count == 0 ? 0 : rows.Coverage * taken.Count / rows.Count,
        };
    }

    private void Place(TowtRows rows, int i)
    {
        DateTimeOffset local = TimeZoneInfo.ConvertTime(DateTimeOffset.FromUnixTimeMilliseconds(rows.Start[i]), Zone);
        DayOfWeek day = local.DayOfWeek;
        if (Holidays.Count > 0 && Holidays.Contains(DateOnly.FromDateTime(local.DateTime)))
        {
            day = DayOfWeek.Sunday;
        }

        int fromMonday = ((int)day + DaysPerWeek - 1) % DaysPerWeek;
        rows.Group[i] = (byte)(IsDaily ? fromMonday : (fromMonday * HoursPerDay) + local.Hour);
        rows.Month[i] = (byte)(local.Month - 1);
    }

    private static bool IsPartOfHour(double spacing) => spacing is >= 1000 and < Hour && Hour % spacing == 0;

    private static Driver Find(ModelTable table, string name) =>
        table.Drivers.FirstOrDefault(driver => string.Equals(driver.Name, name, StringComparison.Ordinal))
        ?? throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"The table has no driver '{name}'."), nameof(table));

    private PeriodRows Join(PeriodRows parts, int perHour)
    {
        List<long> start = [];
        List<double> use = [];
        List<double>[] drivers = [.. parts.Drivers.Select(_ => new List<double>())];
        int negative = 0;
        for (int first = 0; first < parts.Count;)
        {
            long hour = Math.DivRem(parts.Start[first], Hour, out long rest) * Hour;
            hour -= rest < 0 ? Hour : 0;
            int end = first;
            while (end < parts.Count && parts.Start[end] < hour + Hour)
            {
                end++;
            }

            if (end - first == perHour)
            {
                start.Add(hour);
                double sum = Sum(parts.Use, first, end);
                use.Add(sum);
                negative += sum < 0 ? 1 : 0;
                for (int j = 0; j < drivers.Length; j++)
                {
                    drivers[j].Add(OfHour(parts.Drivers[j], first, end, j));
                }
            }

            first = end;
        }

        double expected = Math.Max(1, Math.Floor((parts.Expected / perHour) + 0.5));
        return parts with
        {
            Start = [.. start],
            Use = [.. use],
            Drivers = [.. drivers.Select(column => column.ToArray())],
            Expected = expected,
            Coverage = Math.Min(1, start.Count / expected),
            Negative = negative,
        };
    }

    /// <summary>Mean of the temperature, sum of a linear driver, the operating mode that the hour began with.</summary>
    private double OfHour(double[] column, int first, int end, int index)
    {
        bool isMode = OperatingMode is not null && index == LinearDrivers.Count + 1;
        double sum = isMode ? column[first] : Sum(column, first, end);
        return index == 0 ? sum / (end - first) : sum;
    }

    private static double Sum(double[] column, int first, int end)
    {
        double sum = 0;
        for (int i = first; i < end; i++)
        {
            sum += column[i];
        }

        return sum;
    }
}
