using System.Globalization;
using Metering.Analytics.Intervals;
using Metering.Evidence.Log;
using Metering.Projects.Statements;
using Metering.Readings;

namespace Metering.Tests.Verifier;

/// <summary>True bundles whose results were computed in other ways: other events, drivers, periods and registers.</summary>
internal static class SampleVariants
{
    private const int Use = 0;
    private const int MadeChannel = 1;
    private static readonly DateOnly Before = new(2025, 10, 6);
    private static readonly DateOnly After = new(2025, 11, 24);

    /// <summary>Name of each and how it is made.</summary>
    public static IReadOnlyList<(string Name, Func<SampleBundle> Make)> All { get; } =
    [
        ("seed-2", () => SampleBundle.Make(2)),
        ("seed-3", () => SampleBundle.Make(3)),
        ("temporary-after", () => Decided("non-routine-temporary", After, 9)),
        ("permanent-after", () => Decided("non-routine-permanent", After, 9)),
        ("drift-after", () => Decided("non-routine-temporary", After, 20, "drift")),
        ("temporary-before", () => Decided("non-routine-temporary", Before, 9)),
        ("permanent-before", () => Decided("non-routine-permanent", Before, 9)),
        ("fault-before", () => Decided("data-fault", Before, 4)),
        ("ignored", () => Decided("ignored", After, 9)),
        ("project-effect", () => Decided("project-effect", After, 9)),
        ("one-driver", () => Planned(project => project with { Drivers = [project.Drivers[1]] })),
        ("workday", () => Planned(project => project with { Drivers = [project.Drivers[1], new("workday", DriverKind.Workday, null, 0)] })),
        ("three-drivers", () => Planned(project => project with { Drivers = [.. project.Drivers, new("workday", DriverKind.Workday, null, 0)] })),
        ("confidence-80", () => Planned(project => project with { ConfidencePercent = 80 })),
        ("still-running", () => Planned(project => project with { Reporting = new(project.Reporting.First, new(2026, 1, 31)) })),
        ("not-begun", () => Planned(project => project with { Installation = new(new(2025, 10, 31), new(2025, 12, 31)), Reporting = new(new(2026, 1, 1), new(2026, 1, 31)) })),
        ("spike", () => Read(After, reading => reading with { ScaledValue = reading.ScaledValue + 90_000_000 })),
        ("fell-and-returned", () => Read(After, reading => reading with { ScaledValue = 5 })),
        ("not-read", () => Read(After, reading => reading with { Quality = ReadingQuality.Bad(QualityReason.Timeout), HasValue = false })),
        ("not-sent", () => Read(After, _ => null)),
        ("uncertain", () => Read(Before, reading => reading with { Quality = ReadingQuality.Uncertain(QualityReason.Late) })),
        ("began-anew", () => Lowered(After, isMarked: true)),
        ("began-anew-unmarked", () => Lowered(After, isMarked: false)),
        ("began-anew-before", () => Lowered(Before, isMarked: true)),
        ("stood-still", StoodStill),
        ("change-point", () => WithExtra((_, made) => 300 * Math.Max(0, made - 380))),
        ("weekly-pattern", () => WithExtra((day, _) => day % 7 < 3 ? 9_000 : 0)),
    ];

    /// <summary>Those in which no number is given, with the reason, or something is said beside it, with the warning.</summary>
    public static IReadOnlyList<(string Name, string Said, Func<SampleBundle> Make)> Doubtful { get; } =
    [
        ("few-days", "too-few-points", () => Planned(project => project with { Baseline = new(new(2025, 10, 6), project.Baseline.Last) })),
        ("constant-driver", "constant-driver", () => Planned(project => project with { Drivers = [.. project.Drivers, new("never", DriverKind.Above, new(SampleBundle.Gateway, "m.made"), 1e12)] })),
        ("alike", "collinear", () => Planned(project => project with { Drivers = [.. project.Drivers, new("again", DriverKind.Difference, new(SampleBundle.Gateway, "m.made"), 0)] })),
        ("hardly-covered", "low-coverage", () => NotReadFor(40)),
        ("partly-covered", "low-coverage", () => NotReadFor(16)),
        ("more-made", "extrapolation", () => Made(200)),
        ("more-made-once", "extrapolation", () => Made(1)),
        ("event-before-everything", "event-not-estimable", () => Decided("non-routine-permanent", SampleBundle.Project.Baseline.First, 9)),
        ("event-through-everything", "event-not-estimable", () => Decided("non-routine-permanent", SampleBundle.Project.Reporting.First, 9)),
        ("all-faulty", "empty-period", () => Decided("data-fault", SampleBundle.Project.Reporting.First, 60)),
        ("always-the-same", "constant-use", () => SampleBundle.Make(onReading: reading => reading.ChannelIndex == Use ? reading with { ScaledValue = reading.UtcMilliseconds / 43_200_000 * 50_000 } : reading)),
        ("scattered", "wide-scatter", () => WithExtra((day, _) => day * day * 7 % 11 * 30_000)),
        ("falling", "unphysical-sign", () => WithExtra((_, made) => 120_000 - (250 * made))),
    ];

    // The sample's decision, in its newest version, on another event.
    private static SampleBundle Decided(string kind, DateOnly first, int days, string shape = "temporary")
    {
        SampleBundle sample = SampleBundle.Make();
        (long from, long to, long last) = (SampleBundle.At(first), SampleBundle.At(first.AddDays(days)), SampleBundle.At(first.AddDays(days - 1)));
        string before = first < SampleBundle.Project.Installation.First ? "baseline" : "reporting";
        sample.Draft.Rewrite("decision/drives-2026/2", text => string.Create(CultureInfo.InvariantCulture, $"{text[..text.IndexOf("\"kind\":", StringComparison.Ordinal)]}\"kind\":\"{kind}\",\"event\":{{\"kind\":\"{shape}\",\"period\":\"{before}\",\"fromUtc\":{from},\"toUtc\":{to},\"lastUtc\":{last},")
            + text[text.IndexOf("\"sizePerInterval\"", StringComparison.Ordinal)..].Replace("\"totalDateDeviation\":0", "\"totalDateDeviation\":25.5", StringComparison.Ordinal));
        sample.Compute();
        return sample;
    }

    // Another plan in force; readings of a channel that it does not name are not shown.
    private static SampleBundle Planned(Func<Project, Project> change)
    {
        SampleBundle sample = SampleBundle.Make();
        Project project = change(SampleBundle.Project);
        sample.Draft.Entries[sample.Draft.Newest(LogEntryKind.Plan)].Body = PlanStatement.Write(project, null);
        string[] unnamed = [.. sample.Draft.Segments.Keys.Where(file => !project.Channels().Any(name => file.EndsWith($"/{name.Channel}.txt", StringComparison.Ordinal)))];
        foreach (string file in unnamed)
        {
            sample.Draft.Segments.Remove(file);
        }

        sample.Compute();
        return sample;
    }

    // The reading of the metered use at one midnight is another.
    private static SampleBundle Read(DateOnly day, Func<Reading, Reading?> change)
    {
        long at = SampleBundle.At(day);
        return SampleBundle.Make(onReading: reading => reading.ChannelIndex == Use && reading.UtcMilliseconds == at ? change(reading) : reading);
    }

    private static SampleBundle Lowered(DateOnly day, bool isMarked)
    {
        long at = SampleBundle.At(day);
        long? first = null;
        return SampleBundle.Make(onReading: reading =>
        {
            if (reading.ChannelIndex != Use || reading.UtcMilliseconds < at)
            {
                return reading;
            }

            bool isFirst = first is null;
            first ??= reading.ScaledValue;
            return reading with { ScaledValue = reading.ScaledValue - first.Value + 10, Quality = isFirst && isMarked ? ReadingQuality.Of(QualityClass.Good, QualityReason.Reset) : reading.Quality };
        });
    }

    // More is used on each day, by its place in the week and what was made on it.
    private static SampleBundle WithExtra(Func<long, long, long> extra)
    {
        SortedDictionary<long, long> made = [];
        using (SampleBundle plain = SampleBundle.Make(onReading: reading =>
        {
            if (reading.ChannelIndex == MadeChannel && reading.HasValue)
            {
                made[reading.UtcMilliseconds] = reading.ScaledValue;
            }

            return reading;
        }))
        {
            _ = plain;
        }

        Dictionary<long, long> added = [];
        long sum = 0;
        KeyValuePair<long, long>? before = null;
        foreach (KeyValuePair<long, long> midnight in made.Where(point => SampleBundle.At(PlantCalendar.DayOf(point.Key, SampleBundle.Zone)) == point.Key))
        {
            sum += before is { } last ? extra(PlantCalendar.DayOf(last.Key, SampleBundle.Zone).DayNumber, midnight.Value - last.Value) : 0;
            added[midnight.Key] = sum;
            before = midnight;
        }

        return SampleBundle.Make(onReading: reading => reading.ChannelIndex == Use
            ? reading with { ScaledValue = reading.ScaledValue + added[SampleBundle.At(PlantCalendar.DayOf(reading.UtcMilliseconds, SampleBundle.Zone))] }
            : reading);
    }

    // The metered use is not read for so many days of the baseline.
    private static SampleBundle NotReadFor(int days)
    {
        (long from, long to) = (SampleBundle.At(Before.AddDays(-20)), SampleBundle.At(Before.AddDays(days - 20)));
        return SampleBundle.Make(onReading: reading => reading.ChannelIndex == Use && reading.UtcMilliseconds >= from && reading.UtcMilliseconds < to ? null : reading);
    }

    // After the installation 400 pieces more are made on each of the first days.
    private static SampleBundle Made(long days)
    {
        long from = SampleBundle.At(SampleBundle.Project.Reporting.First);
        return SampleBundle.Make(onReading: reading => reading.ChannelIndex != MadeChannel || reading.UtcMilliseconds <= from
            ? reading
            : reading with { ScaledValue = reading.ScaledValue + (400 * Math.Min(days, ((reading.UtcMilliseconds - from) / 86_400_000) + 1)) });
    }

    private static SampleBundle StoodStill()
    {
        (long from, long to) = (SampleBundle.At(After), SampleBundle.At(After.AddDays(5)));
        long? held = null;
        return SampleBundle.Make(onReading: reading => reading.ChannelIndex != Use || reading.UtcMilliseconds < from || reading.UtcMilliseconds > to
            ? reading
            : reading with { ScaledValue = held ??= reading.ScaledValue });
    }
}
