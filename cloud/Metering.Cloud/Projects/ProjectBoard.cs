using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Metering.Analytics.Events;
using Metering.Analytics.Intervals;
using Metering.Readings;
using Metering.Store;

namespace Metering.Cloud.Projects;

/// <summary>
/// The results of every project, kept until the data they stand on change. A look at the journal's end says whether
/// anything arrived; only then are the project's own readings hashed, and only when their hash is another one is the
/// project analysed again. Safe from any thread.
/// </summary>
internal sealed class ProjectBoard
{
    private const int RestFactor = 5;
    private const long Lead = 6 * 60 * 60 * 1000L;

    private static readonly TimeSpan ShortestRest = TimeSpan.FromSeconds(2);

    private readonly IReadingStore store;
    private readonly TimeProvider clock;
    private readonly ConcurrentDictionary<string, Entry> entries = new(StringComparer.Ordinal);
    private readonly ProjectSource source;

    /// <summary>A board over plants, projects and a store.</summary>
    /// <param name="source">Plants, projects and decisions; asked at each look, from any thread.</param>
    /// <param name="store">The readings.</param>
    /// <param name="clock">The present.</param>
    public ProjectBoard(ProjectSource source, IReadingStore store, TimeProvider clock)
    {
        this.source = source;
        this.store = store;
        this.clock = clock;
    }

    /// <summary>The plants and projects as they stand now.</summary>
    public ProjectRegister Register => source.Current;

    /// <summary>Where plants, projects and decisions come from.</summary>
    public ProjectSource Source => source;

    /// <summary>The store behind the board.</summary>
    public IReadingStore Store => store;

    /// <summary>The clock by which ages are told.</summary>
    public TimeProvider Clock => clock;

    /// <summary>The result of a project, at most a few seconds behind the readings, and never behind what a person changed or decided.</summary>
    public ProjectResult ResultOf(Project project)
    {
        Entry entry = entries.GetOrAdd(project.Id, _ => new());
        IReadOnlyList<EventDecision> decisions = source.DecisionsOf(project);
        IReadOnlyList<DailyOutput> production = source.ProductionOf(project);
        lock (entry.Gate)
        {
            bool isChanged = entry.Result is null || !ReferenceEquals(entry.Result.Project, project) || !decisions.SequenceEqual(entry.Result.Decisions)
                || !DailyOutput.AreSame(production, entry.Result.Production);
            if (!isChanged && clock.GetElapsedTime(entry.CheckedAt) < entry.Rest)
            {
                return entry.Result!;
            }

            long sequence = store.LastSequence;
            if (isChanged || sequence != entry.Sequence)
            {
                long started = Stopwatch.GetTimestamp();
                entry.Result = Analyse(project, decisions, production, entry.Result);
                entry.Sequence = sequence;
                TimeSpan rest = RestFactor * Stopwatch.GetElapsedTime(started);
                entry.Rest = rest > ShortestRest ? rest : ShortestRest;
            }

            entry.CheckedAt = clock.GetTimestamp();
            return entry.Result!;
        }
    }

    /// <summary>The results of all projects, in the order of the file and then of the register.</summary>
    public IReadOnlyList<ProjectResult> Results() => [.. Register.Projects.Select(ResultOf)];

    /// <summary>The result that a project would have, for a look before it is saved. Nothing of it is kept.</summary>
    public ProjectResult Preview(Project project) => Analyse(project, source.DecisionsOf(project), source.ProductionOf(project), null);

    private ProjectResult Analyse(Project project, IReadOnlyList<EventDecision> decisions, IReadOnlyList<DailyOutput> production, ProjectResult? previous)
    {
        long from = PlantCalendar.StartOfDay(project.Baseline.First, project.Plant.Zone) - Lead;
        long to = PlantCalendar.StartOfDay(project.Reporting.Last.AddDays(1), project.Plant.Zone) + Lead;
        IReadOnlyList<ChannelName> names = project.Channels();
        Dictionary<ChannelName, string> versions = [];
        foreach (ChannelName name in names)
        {
            versions[name] = store.FindChannel(name.Gateway, name.Channel) is null ? "" : store.VersionOf(name.Gateway, name.Channel, from, to);
        }

        string version = VersionOf(project, versions, decisions, production);
        if (previous?.Version == version)
        {
            return ReferenceEquals(previous.Project, project) ? previous : previous with { Project = project }; // a title changes no number
        }

        Dictionary<ChannelName, ChannelReadings> readings = [];
        List<ChannelEvidence> evidence = [];
        foreach (ChannelName name in names)
        {
            ChannelReadings? channel = versions[name].Length == 0 ? null : Read(name, from, to);
            if (channel is not null)
            {
                readings[name] = channel;
            }

            evidence.Add(EvidenceOf(project, name, channel, versions[name]));
        }

        return ProjectAnalysis.Run(project, new() { Readings = readings, Evidence = evidence, Decisions = decisions, Production = production }, version, previous);
    }

    private ChannelReadings Read(ChannelName name, long from, long to)
    {
        ReadingColumns columns = store.Read(name.Gateway, name.Channel, from, to);
        bool[] usable = Projects.Register.Usable(columns, out IReadOnlyList<MeterReplacement> breaks);
        return new(columns.Channel, columns.UtcMilliseconds, columns.ScaledValues, usable, breaks);
    }

    private ChannelEvidence EvidenceOf(Project project, ChannelName name, ChannelReadings? readings, string version)
    {
        long through = store.Enrolments().Where(enrolment => enrolment.Gateway == name.Gateway)
            .Select(enrolment => store.Head(name.Gateway, enrolment.KeyEpoch).Through).DefaultIfEmpty(0).Max();
        if (readings is null)
        {
            return new() { Name = name, Version = version, ThroughBatch = through };
        }

        bool isCounter = readings.Channel.Kind == ChannelKind.Counter;
        IntervalSeries? series = isCounter
            ? IntervalBuilder.FromCounter(
                readings.UtcMilliseconds, readings.ScaledValues, readings.Usable, Projects.Register.Options(readings.Channel, IntervalStep.Day, project.Plant.Zone, readings.Breaks))
            : null;
        return new()
        {
            Name = name,
            Channel = readings.Channel,
            Count = readings.Count,
            UsableCount = readings.Usable.Count(usable => usable),
            Version = version,
            ThroughBatch = through,
            Registers = isCounter ? [.. Registers(project, readings)] : [],
            Findings = series?.Findings ?? [],
        };
    }

    private static IEnumerable<RegisterPoint> Registers(Project project, ChannelReadings readings)
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

    // Every field that changes a number is in the text, so that an edited project never shows the numbers of the old one.
    private static string VersionOf(Project project, Dictionary<ChannelName, string> versions, IReadOnlyList<EventDecision> decisions, IReadOnlyList<DailyOutput> production)
    {
        StringBuilder text = new();
        text.Append(CultureInfo.InvariantCulture, $"{project.Id} {project.Plant.Zone.Id} {project.Resource} {project.ConfidencePercent:R} ");
        text.Append(CultureInfo.InvariantCulture, $"{project.Baseline} {project.Installation} {project.Reporting}\n");
        foreach (ProjectDriver driver in project.Drivers)
        {
            text.Append(CultureInfo.InvariantCulture, $"{driver.Id} {driver.Kind} {driver.Base:R} {driver.Source}{driver.Product}\n");
        }

        foreach (ChannelName name in project.Channels())
        {
            text.Append(CultureInfo.InvariantCulture, $"{name.Gateway} {name.Channel} {versions[name]}\n");
        }

        foreach (EventDecision decision in decisions)
        {
            text.Append(CultureInfo.InvariantCulture, $"{decision.Kind} {decision.Event.Kind} {decision.Event.Period} {decision.Event.FromUtcMilliseconds} {decision.Event.ToUtcMilliseconds} ");
            text.Append(CultureInfo.InvariantCulture, $"{decision.Event.LastUtcMilliseconds} {decision.Event.TotalDateDeviation:R} {decision.Instant:O} {decision.AttachmentSha256} {decision.Person}\n{decision.Reason}\n");
        }

        foreach (DailyOutput output in production)
        {
            text.Append(CultureInfo.InvariantCulture, $"{output.Product} {output.Unit} {string.Join(' ', output.Records)}\n");
        }

        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }

    private sealed class Entry
    {
        public Lock Gate { get; } = new();

        public ProjectResult? Result { get; set; }

        public long Sequence { get; set; } = -1;

        public long CheckedAt { get; set; }

        public TimeSpan Rest { get; set; } = ShortestRest;
    }
}
