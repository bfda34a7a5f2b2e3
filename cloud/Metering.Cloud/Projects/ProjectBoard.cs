using System.Collections.Concurrent;
using System.Diagnostics;
using Metering.Analytics.Events;
using Metering.Readings;
using Metering.Store;

namespace Metering.Cloud.Projects;

/// <summary>
/// The results of every project, kept until the data they stand on change: of each project the summary, of those looked at last the whole result. A look at the journal's
/// end says which gateways brought anything; the readings of a project are hashed only when one of its gateways did, and only when their hash is another one is the project analysed
/// again. Safe from any thread.
/// </summary>
internal sealed class ProjectBoard
{
    /// <summary>Most results that are kept whole: each holds most of a megabyte.</summary>
    public const int MostWhole = 24;

    private const int RestFactor = 5;

    private static readonly TimeSpan ShortestRest = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan ShelfRest = TimeSpan.FromMinutes(1);

    private readonly IReadingStore store;
    private readonly TimeProvider clock;
    private readonly ConcurrentDictionary<string, Entry> entries = new(StringComparer.Ordinal);
    private readonly ProjectSource source;
    private readonly ReadingWatch watch;
    private readonly SummaryShelf? shelf;
    private readonly Lazy<IReadOnlyDictionary<string, ShelvedSummary>> shelved;
    private readonly LinkedList<Entry> whole = new();
    private readonly Lock wholeGate = new();
    private long changes;
    private long shelvedChanges;
    private long shelvedAt;
    private long analysed;
    private long records;
    private long? recordsAt;

    /// <summary>A board over plants, projects and a store.</summary>
    /// <param name="source">Plants, projects and decisions; asked at each look, from any thread.</param>
    /// <param name="store">The readings.</param>
    /// <param name="clock">The present.</param>
    /// <param name="shelf">Where summaries are kept between two runs; null for nowhere.</param>
    public ProjectBoard(ProjectSource source, IReadingStore store, TimeProvider clock, SummaryShelf? shelf = null)
    {
        this.source = source;
        this.store = store;
        this.clock = clock;
        this.shelf = shelf;
        watch = new(store, clock);
        shelved = new(() => shelf?.Take() ?? new Dictionary<string, ShelvedSummary>());
    }

    /// <summary>The plants and projects as they stand now.</summary>
    public ProjectRegister Register => source.Current;

    /// <summary>Where plants, projects and decisions come from.</summary>
    public ProjectSource Source => source;

    /// <summary>The store behind the board.</summary>
    public IReadingStore Store => store;

    /// <summary>The clock by which ages are told.</summary>
    public TimeProvider Clock => clock;

    /// <summary>Analyses made since the start.</summary>
    public long Analysed => Interlocked.Read(ref analysed);

    /// <summary>Projects of which nothing is known yet: each will be analysed, or taken from the shelf, when it is asked for.</summary>
    public int Unknown => Register.Projects.Count(project => !entries.TryGetValue(project.Id, out Entry? entry) || entry.Summary is null);

    /// <summary>The result of a project, at most a few seconds behind the readings, and never behind what a person changed or decided.</summary>
    public ProjectResult ResultOf(Project project)
    {
        Entry entry = entries.GetOrAdd(project.Id, _ => new());
        lock (entry.Gate)
        {
            ProjectResult result = Refresh(entry, project, wantsWhole: true)!;
            Keep(entry);
            return result;
        }
    }

    /// <summary>What lists need of a result, under the same promise.</summary>
    public ProjectSummary SummaryOf(Project project)
    {
        Entry entry = entries.GetOrAdd(project.Id, _ => new());
        lock (entry.Gate)
        {
            _ = Refresh(entry, project, wantsWhole: false);
            return entry.Summary!;
        }
    }

    /// <summary>The summaries of all projects, in the order of the file and then of the register.</summary>
    public IReadOnlyList<ProjectSummary> Summaries()
    {
        ProjectSummary[] all = [.. Register.Projects.Select(SummaryOf)];
        PutOnShelf();
        return all;
    }

    /// <summary>The result that a project would have, for a look before it is saved. Nothing of it is kept.</summary>
    public ProjectResult Preview(Project project)
    {
        IReadOnlyList<EventDecision> decisions = source.DecisionsOf(project);
        IReadOnlyList<DailyOutput> production = source.ProductionOf(project);
        IReadOnlyDictionary<ChannelName, string> versions = VersionsOf(project);
        return Analyse(project, (decisions, production), versions, ProjectVersion.Of(project, versions, decisions, production), null);
    }

    // Gives the whole result too, where there is one: another thread may take it away from the entry at any time.
    private ProjectResult? Refresh(Entry entry, Project project, bool wantsWhole)
    {
        IReadOnlyList<EventDecision> decisions = source.DecisionsOf(project);
        IReadOnlyList<DailyOutput> production = source.ProductionOf(project);
        ProjectResult? result = entry.Result;
        bool isChanged = entry.Summary is null || !ReferenceEquals(entry.Summary.Project, project) || !decisions.SequenceEqual(entry.Decisions) || !DailyOutput.AreSame(production, entry.Production);
        bool lacks = wantsWhole && result is null;
        if (!isChanged && !lacks && clock.GetElapsedTime(entry.CheckedAt) < entry.Rest)
        {
            return result;
        }

        ReadingLook look = watch.Look();
        long standing = RecordStanding();
        bool isRegraded = standing != entry.Records && HasManual(project);
        if (isChanged || lacks || isRegraded || !watch.IsSame(project, entry.Look, look))
        {
            long started = Stopwatch.GetTimestamp();
            ShelvedSummary? known = entry.Summary is null && !wantsWhole && !isRegraded ? shelved.Value.GetValueOrDefault(project.Id) : null;
            IReadOnlyDictionary<ChannelName, string> versions = known?.Sequence == look.Sequence ? VersionsOf(project, known) : VersionsOf(project);
            string version = ProjectVersion.Of(project, versions, decisions, production);
            entry.Summary ??= known?.Summary.Version == version ? known.Summary with { Project = project } : null;
            bool isOutdated = isRegraded || (result is not null && !decisions.SequenceEqual(result.Decisions)); // who decided, and which photos there are, is shown and changes no number
            if (entry.Summary?.Version == version && !lacks && !isOutdated)
            {
                if (!ReferenceEquals(entry.Summary.Project, project))
                {
                    entry.Summary = entry.Summary with { Project = project }; // a title changes no number
                    entry.Result = result = result is null ? null : result with { Project = project };
                }
            }
            else
            {
                entry.Result = result = Analyse(project, (decisions, production), versions, version, isOutdated ? null : result);
                entry.Summary = !isRegraded && entry.Summary?.Version == version && ReferenceEquals(entry.Summary.Project, project) ? entry.Summary : ProjectSummary.Of(result);
                if (!wantsWhole)
                {
                    Keep(entry); // whoever wants the whole result keeps it himself
                }
            }

            (entry.Decisions, entry.Production, entry.Versions) = (decisions, production, versions);
            Interlocked.Increment(ref changes);
            TimeSpan rest = RestFactor * Stopwatch.GetElapsedTime(started);
            (entry.Rest, entry.CheckedAt) = (rest > ShortestRest ? rest : ShortestRest, clock.GetTimestamp());
        }
        else
        {
            entry.CheckedAt = look.At;
        }

        if (entry.Look.Sequence != look.Sequence)
        {
            Interlocked.Increment(ref changes); // the shelf tells the next start up to where nothing has to be looked at again
        }

        (entry.Look, entry.Records) = (look, standing);

        return result;
    }

    // A list asks for every project; people record something a few times a day.
    private long RecordStanding()
    {
        lock (wholeGate)
        {
            if (recordsAt is not { } at || clock.GetElapsedTime(at) >= ShortestRest)
            {
                (records, recordsAt) = (store.RecordStanding, clock.GetTimestamp());
            }

            return records;
        }
    }

    private bool HasManual(Project project) => project.Channels().Any(name => store.FindChannel(name.Gateway, name.Channel)?.Channel is { } channel && ManualEvidence.IsManual(channel));

    // Whoever was looked at last stays whole; what goes is made again when somebody looks.
    private void Keep(Entry entry)
    {
        lock (wholeGate)
        {
            if (entry.Place.List is not null)
            {
                whole.Remove(entry.Place);
            }

            whole.AddFirst(entry.Place);
            while (whole.Count > MostWhole)
            {
                Entry oldest = whole.Last!.Value;
                whole.RemoveLast();
                oldest.Result = null;
            }
        }
    }

    /// <summary>Content hash of the readings of each of a project's channels as they are stored now; empty for a channel without any.</summary>
    public IReadOnlyDictionary<ChannelName, string> VersionsOf(Project project)
    {
        (long from, long to) = project.Span();
        return project.Channels().ToDictionary(name => name, name => VersionOf(name, from, to));
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

    private IReadOnlyDictionary<ChannelName, string> VersionsOf(Project project, ShelvedSummary known) =>
        project.Channels().All(name => known.Channels.ContainsKey(KeyOf(name)))
            ? project.Channels().ToDictionary(name => name, name => known.Channels[KeyOf(name)])
            : VersionsOf(project);

    private ProjectResult Analyse(
        Project project, (IReadOnlyList<EventDecision> Decisions, IReadOnlyList<DailyOutput> Production) recorded, IReadOnlyDictionary<ChannelName, string> versions, string version, ProjectResult? previous)
    {
        if (previous?.Version == version)
        {
            return ReferenceEquals(previous.Project, project) ? previous : previous with { Project = project };
        }

        Interlocked.Increment(ref analysed);
        (long from, long to) = project.Span();
        Dictionary<ChannelName, ChannelReadings> readings = [];
        List<ChannelEvidence> evidence = [];
        foreach (ChannelName name in project.Channels())
        {
            ChannelReadings? channel = versions[name].Length == 0 ? null : Read(name, from, to);
            if (channel is not null)
            {
                readings[name] = channel;
            }

            ChannelEvidence told = ChannelEvidence.Of(project, name, channel, versions[name], ThroughOf(name.Gateway));
            evidence.Add(channel is null ? told : told with { Grade = Evidence.Grades.Of(store, told) });
        }

        return ProjectAnalysis.Run(project, new() { Readings = readings, Evidence = evidence, Decisions = recorded.Decisions, Production = recorded.Production }, version, previous);
    }

    private ChannelReadings Read(ChannelName name, long from, long to)
    {
        ReadingColumns columns = store.Read(name.Gateway, name.Channel, from, to);
        return ChannelReadings.Of(columns.Channel, columns.UtcMilliseconds, columns.ScaledValues, columns.Qualities, columns.HasValues);
    }

    private long ThroughOf(string gateway) => store.EnrolmentsOf(gateway)
        .Select(enrolment => store.Head(gateway, enrolment.KeyEpoch).Through).DefaultIfEmpty(0).Max();

    private void PutOnShelf()
    {
        long now = Interlocked.Read(ref changes);
        long before = Interlocked.Read(ref shelvedChanges);
        long at = Interlocked.Read(ref shelvedAt);
        if (shelf is null || now == before || (at != 0 && clock.GetElapsedTime(at) < ShelfRest) || Interlocked.CompareExchange(ref shelvedChanges, now, before) != before)
        {
            return;
        }

        Interlocked.Exchange(ref shelvedAt, clock.GetTimestamp());
        Dictionary<string, ShelvedSummary> all = new(StringComparer.Ordinal);
        foreach ((string id, Entry entry) in entries)
        {
            lock (entry.Gate)
            {
                if (entry.Summary is { } summary)
                {
                    all[id] = new(summary, entry.Versions.ToDictionary(pair => KeyOf(pair.Key), pair => pair.Value, StringComparer.Ordinal), entry.Look.Sequence);
                }
            }
        }

        _ = shelf.Put(all);
    }

    private static string KeyOf(ChannelName name) => $"{name.Gateway}/{name.Channel}";

    private sealed class Entry
    {
        private volatile ProjectResult? result;

        public Entry() => Place = new(this);

        public Lock Gate { get; } = new();

        public LinkedListNode<Entry> Place { get; }

        public ProjectSummary? Summary { get; set; }

        // Another thread takes it away when others are looked at.
        public ProjectResult? Result
        {
            get => result;
            set => result = value;
        }

        public IReadOnlyList<EventDecision> Decisions { get; set; } = [];

        public IReadOnlyList<DailyOutput> Production { get; set; } = [];

        public IReadOnlyDictionary<ChannelName, string> Versions { get; set; } = new Dictionary<ChannelName, string>();

        // The one before its readings were hashed, or a later one at which they could be no others.
        public ReadingLook Look { get; set; }

        public long Records { get; set; } = -1;

        public long CheckedAt { get; set; }

        public TimeSpan Rest { get; set; } = ShortestRest;
    }
}
