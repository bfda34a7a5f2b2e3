using Metering.Analytics.Intervals;
using Metering.Readings;

namespace Metering.Projects;

/// <summary>
/// Days of a project in the plant's zone: metered use and drivers. The use of a day is known when the register was read
/// close to both of its midnights, whatever is missing between them. A midnight in a longer gap leaves both of its days
/// unknown: the register still knows the total over the gap, but not what of it belongs to which day.
/// </summary>
internal sealed class DailyTable
{
    /// <summary>Longest time between the readings around a midnight for the days beside it to be known.</summary>
    public static readonly TimeSpan LongestMidnightGap = TimeSpan.FromHours(3);

    // Up to here the reading of midnight counts as made: one missed poll of an hourly register.
    internal static readonly TimeSpan ReadGap = TimeSpan.FromHours(2);

    private readonly Project project;
    private readonly DayRange range;
    private readonly long[] borders;

    private DailyTable(Project project)
    {
        this.project = project;
        range = new(project.Baseline.First, project.Reporting.Last);
        borders = new long[range.Count + 1];
        for (int index = 0; index < borders.Length; index++)
        {
            borders[index] = PlantCalendar.StartOfDay(range.First.AddDays(index), project.Plant.Zone);
        }
    }

    /// <summary>The days of a project, from the first of the baseline to the last of the reporting period.</summary>
    /// <param name="project">The project.</param>
    /// <param name="readings">Readings of its channels; a channel that is not there has none.</param>
    /// <param name="production">Output of the products that drivers name; a product that is not there has none.</param>
    public static IReadOnlyList<ProjectDay> Build(Project project, IReadOnlyDictionary<ChannelName, ChannelReadings> readings, IReadOnlyList<DailyOutput>? production = null)
    {
        DailyTable table = new(project);
        (double[] use, DayState[] states) = table.Use(readings.GetValueOrDefault(project.Use));
        double[][] drivers = [.. project.Drivers.Select(driver => driver.Kind == DriverKind.Production
            ? (production?.FirstOrDefault(output => output.Product == driver.Product) ?? new("", "", [])).Over(table.range)
            : table.Driver(driver, readings))];
        ProjectDay[] days = new ProjectDay[use.Length];
        for (int index = 0; index < days.Length; index++)
        {
            DateOnly day = table.range.First.AddDays(index);
            double[] row = new double[drivers.Length];
            for (int driver = 0; driver < row.Length; driver++)
            {
                row[driver] = drivers[driver][index];
            }

            bool lacksDriver = states[index] is DayState.Measured or DayState.Allocated && Array.Exists(row, double.IsNaN);
            days[index] = new()
            {
                Day = day,
                Phase = project.PhaseOf(day),
                State = lacksDriver ? DayState.DriverMissing : states[index],
                Use = use[index],
                Drivers = row,
            };
        }

        return days;
    }

    private (double[] Use, DayState[] States) Use(ChannelReadings? readings)
    {
        double[] use = new double[range.Count];
        DayState[] states = new DayState[range.Count];
        Array.Fill(use, double.NaN);
        Array.Fill(states, DayState.Ahead);
        if (readings is not { LastUsable: { } last, Channel.Kind: ChannelKind.Counter })
        {
            return (use, states);
        }

        for (int index = 0; index < states.Length && borders[index + 1] <= last; index++)
        {
            states[index] = DayState.Missing;
        }

        TimeSpan[] gaps = MidnightGaps(readings);
        IntervalSeries series = CounterDays(readings);
        for (int index = 0; index < series.StartUtcMilliseconds.Count; index++)
        {
            int day = IndexOf(series.StartUtcMilliseconds[index]);
            if (day < 0 || states[day] == DayState.Ahead)
            {
                continue;
            }

            TimeSpan gap = gaps[day] > gaps[day + 1] ? gaps[day] : gaps[day + 1];
            if ((series.Code[index] is IntervalCode.Measured or IntervalCode.Allocated) && gap <= LongestMidnightGap)
            {
                states[day] = gap <= ReadGap ? DayState.Measured : DayState.Allocated;
                use[day] = series.Value[index];
            }
        }

        return (use, states);
    }

    private double[] Driver(ProjectDriver driver, IReadOnlyDictionary<ChannelName, ChannelReadings> readings)
    {
        double[] values = new double[range.Count];
        Array.Fill(values, double.NaN);
        if (driver.Source is null)
        {
            for (int index = 0; index < values.Length; index++)
            {
                values[index] = MexicanCalendar.IsWorkday(range.First.AddDays(index)) ? 1 : 0;
            }

            return values;
        }

        if (!readings.TryGetValue(driver.Source, out ChannelReadings? source) || source.Count == 0)
        {
            return values;
        }

        if (driver.Kind == DriverKind.Difference)
        {
            (double[] use, _) = Use(source);
            return use;
        }

        double[] transformed = source.Values(value => driver.Kind switch
        {
            DriverKind.Above => Math.Max(0, value - driver.Base),
            DriverKind.Below => Math.Max(0, driver.Base - value),
            _ => value,
        });
        MeanSeries means = IntervalBuilder.FromInstantaneous(
            source.UtcMilliseconds, transformed, source.Usable, new() { Step = IntervalStep.Day, Zone = project.Plant.Zone });
        for (int index = 0; index < means.StartUtcMilliseconds.Count; index++)
        {
            int day = IndexOf(means.StartUtcMilliseconds[index]);
            if (day >= 0)
            {
                values[day] = means.Mean[index];
            }
        }

        return values;
    }

    private IntervalSeries CounterDays(ChannelReadings readings) => IntervalBuilder.FromCounter(
        readings.UtcMilliseconds,
        readings.ScaledValues,
        readings.Usable,
        RegisterIntervals.Options(readings.Channel, IntervalStep.Day, project.Plant.Zone, readings.Breaks));

    // Time between the usable readings on either side of each midnight; zero when it was read.
    private TimeSpan[] MidnightGaps(ChannelReadings readings)
    {
        TimeSpan[] gaps = new TimeSpan[borders.Length];
        for (int index = 0; index < gaps.Length; index++)
        {
            int before = readings.LastUsableTo(borders[index]);
            int after = readings.FirstUsableFrom(borders[index]);
            gaps[index] = before < 0 || after < 0
                ? TimeSpan.MaxValue
                : TimeSpan.FromMilliseconds(readings.UtcMilliseconds[after] - readings.UtcMilliseconds[before]);
        }

        return gaps;
    }

    private int IndexOf(long startOfDay)
    {
        int index = Array.BinarySearch(borders, startOfDay);
        return index >= 0 && index < range.Count ? index : -1;
    }
}
