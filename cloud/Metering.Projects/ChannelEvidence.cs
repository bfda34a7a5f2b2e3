using Metering.Analytics.Intervals;
using Metering.Readings;

namespace Metering.Projects;

/// <summary>Where a project's numbers come from.</summary>
internal sealed record ChannelEvidence
{
    /// <summary>Gateway and channel.</summary>
    public required ChannelName Name { get; init; }

    /// <summary>What the channel is; null when no reading has arrived.</summary>
    public Channel? Channel { get; init; }

    /// <summary>How far its readings prove anything, see <see cref="EvidenceGrade"/>; null when no reading has arrived, or nobody asked whose keys signed them.</summary>
    public char? Grade { get; init; }

    /// <summary>Readings in the span of the project.</summary>
    public int Count { get; init; }

    /// <summary>Of these, usable.</summary>
    public int UsableCount { get; init; }

    /// <summary>Content hash of the readings in the span.</summary>
    public required string Version { get; init; }

    /// <summary>Last batch of its gateway that is stored.</summary>
    public long ThroughBatch { get; init; }

    /// <summary>First and last register of the baseline and of the reporting period; for counters only.</summary>
    public IReadOnlyList<RegisterPoint> Registers { get; init; } = [];

    /// <summary>The readings that count, of a channel whose readings people enter; none of any other.</summary>
    public IReadOnlyList<ManualReading> ManualReadings { get; init; } = [];

    /// <summary>What was found while reading the register.</summary>
    public IReadOnlyList<IntervalFinding> Findings { get; init; } = [];

    /// <summary>Days of a register by how their use is known; null for a gauge, and without readings.</summary>
    public IntervalCounts? Intervals { get; init; }

    /// <summary>What is to be said of a channel of a project.</summary>
    /// <param name="project">The project.</param>
    /// <param name="name">The channel.</param>
    /// <param name="readings">Its readings over <see cref="Project.Span"/>; null when none has ever arrived.</param>
    /// <param name="version">Content hash of these readings; empty when there are none.</param>
    /// <param name="through">Last batch of its gateway that is stored.</param>
    public static ChannelEvidence Of(Project project, ChannelName name, ChannelReadings? readings, string version, long through)
    {
        if (readings is null)
        {
            return new() { Name = name, Version = version, ThroughBatch = through };
        }

        bool isCounter = readings.Channel.Kind == ChannelKind.Counter;
        IntervalSeries? series = isCounter
            ? IntervalBuilder.FromCounter(
                readings.UtcMilliseconds, readings.ScaledValues, readings.Usable, RegisterIntervals.Options(readings.Channel, IntervalStep.Day, project.Plant.Zone, readings.Breaks))
            : null;
        return new()
        {
            Name = name,
            Channel = readings.Channel,
            Count = readings.Count,
            UsableCount = readings.Usable.Count(usable => usable),
            Version = version,
            ThroughBatch = through,
            Registers = isCounter ? [.. PointsOf(project, readings)] : [],
            Findings = series?.Findings ?? [],
            ManualReadings = ManualEvidence.IsManual(readings.Channel) ? [.. ManualOf(readings)] : [],
            Intervals = series is null ? null : IntervalCounts.Of(series.Code),
        };
    }

    /// <summary>The readings that count.</summary>
    public static IEnumerable<ManualReading> ManualOf(ChannelReadings readings)
    {
        for (int index = 0; index < readings.Count; index++)
        {
            if (readings.Usable[index])
            {
                yield return new(readings.UtcMilliseconds[index], readings.ScaledValues[index]);
            }
        }
    }

    private static IEnumerable<RegisterPoint> PointsOf(Project project, ChannelReadings readings)
    {
        foreach ((DayPhase phase, DayRange range) in ((DayPhase, DayRange)[])[(DayPhase.Baseline, project.Baseline), (DayPhase.Reporting, project.Reporting)])
        {
            long start = PlantCalendar.StartOfDay(range.First, project.Plant.Zone);
            long end = PlantCalendar.StartOfDay(range.Last.AddDays(1), project.Plant.Zone);
            int first = readings.FirstUsableFrom(start);
            int last = readings.LastUsableTo(end);
            if (first >= 0 && last > first)
            {
                yield return new(phase, IsFirst: true, readings.UtcMilliseconds[first], readings.ValueAt(first));
                yield return new(phase, IsFirst: false, readings.UtcMilliseconds[last], readings.ValueAt(last));
            }
        }
    }
}

/// <summary>Intervals of a register by how their use is known.</summary>
/// <param name="Measured">Both borders were read.</param>
/// <param name="Allocated">A known total was laid out.</param>
/// <param name="Missing">Not known, or found wrong.</param>
internal readonly record struct IntervalCounts(int Measured, int Allocated, int Missing)
{
    /// <summary>Counts them.</summary>
    public static IntervalCounts Of(IReadOnlyList<IntervalCode> codes)
    {
        (int measured, int allocated) = (0, 0);
        foreach (IntervalCode code in codes)
        {
            measured += code == IntervalCode.Measured ? 1 : 0;
            allocated += code == IntervalCode.Allocated ? 1 : 0;
        }

        return new(measured, allocated, codes.Count - measured - allocated);
    }
}

/// <summary>A register as it was read.</summary>
internal readonly record struct RegisterPoint(DayPhase Phase, bool IsFirst, long UtcMilliseconds, double Value);
