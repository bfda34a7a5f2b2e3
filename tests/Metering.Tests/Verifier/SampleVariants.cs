using System.Globalization;
using System.Text.Json;
using Metering.Analytics.Intervals;
using Metering.Evidence.Log;
using Metering.Projects.Statements;
using Metering.Readings;

namespace Metering.Tests.Verifier;

/// <summary>True bundles whose results were computed in other ways: other events, drivers, periods and registers.</summary>
internal static class SampleVariants
{
    private const int Use = 0;
    private const int Made = 1;
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

    /// <summary>The verdict of its result.</summary>
    public static string VerdictOf(SampleBundle sample)
    {
        using JsonDocument result = JsonDocument.Parse(sample.Draft.Result);
        return result.RootElement.GetProperty("verdict").GetString()!;
    }

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
            if (reading.ChannelIndex == Made && reading.HasValue)
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

    private static SampleBundle StoodStill()
    {
        (long from, long to) = (SampleBundle.At(After), SampleBundle.At(After.AddDays(5)));
        long? held = null;
        return SampleBundle.Make(onReading: reading => reading.ChannelIndex != Use || reading.UtcMilliseconds < from || reading.UtcMilliseconds > to
            ? reading
            : reading with { ScaledValue = held ??= reading.ScaledValue });
    }
}
