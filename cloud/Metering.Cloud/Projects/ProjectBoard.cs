using System.Collections.Concurrent;
using System.Diagnostics;
using Metering.Analytics.Events;
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

    /// <summary>Content hash of the readings of each of a project's channels as they are stored now; empty for a channel without any.</summary>
    public IReadOnlyDictionary<ChannelName, string> VersionsOf(Project project)
    {
        (long from, long to) = project.Span();
        return project.Channels().ToDictionary(name => name, name => VersionOf(name, from, to));
    }

    private ProjectResult Analyse(Project project, IReadOnlyList<EventDecision> decisions, IReadOnlyList<DailyOutput> production, ProjectResult? previous)
    {
        (long from, long to) = project.Span();
        IReadOnlyList<ChannelName> names = project.Channels();
        IReadOnlyDictionary<ChannelName, string> versions = VersionsOf(project);
        string version = ProjectVersion.Of(project, versions, decisions, production);
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

            evidence.Add(ChannelEvidence.Of(project, name, channel, versions[name], ThroughOf(name.Gateway)) with { Grade = channel is null ? null : Evidence.Grades.Of(channel.Channel, store.EnrolmentsOf(name.Gateway)) });
        }

        return ProjectAnalysis.Run(project, new() { Readings = readings, Evidence = evidence, Decisions = decisions, Production = production }, version, previous);
    }

    // A channel without a reading in the span is none to the project, whatever came before or after: so it is for whoever has the span's readings alone.
    private string VersionOf(ChannelName name, long from, long to)
    {
        if (store.FindChannel(name.Gateway, name.Channel)?.Channel is not { } channel)
        {
            return "";
        }

        string version = store.VersionOf(name.Gateway, name.Channel, from, to);
        return version == ReadingVersion.Of(channel, [], [], [], []) ? "" : version;
    }

    private ChannelReadings Read(ChannelName name, long from, long to)
    {
        ReadingColumns columns = store.Read(name.Gateway, name.Channel, from, to);
        return ChannelReadings.Of(columns.Channel, columns.UtcMilliseconds, columns.ScaledValues, columns.Qualities, columns.HasValues);
    }

    private long ThroughOf(string gateway) => store.Enrolments().Where(enrolment => enrolment.Gateway == gateway)
        .Select(enrolment => store.Head(gateway, enrolment.KeyEpoch).Through).DefaultIfEmpty(0).Max();

    private sealed class Entry
    {
        public Lock Gate { get; } = new();

        public ProjectResult? Result { get; set; }

        public long Sequence { get; set; } = -1;

        public long CheckedAt { get; set; }

        public TimeSpan Rest { get; set; } = ShortestRest;
    }
}
