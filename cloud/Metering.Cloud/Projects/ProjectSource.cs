using Metering.Programme.Kinds;
using Metering.Programme.Records;
using Metering.Store;

namespace Metering.Cloud.Projects;

/// <summary>
/// Plants, projects and decisions as they stand now. What the register has (or had: a withdrawn record is gone) replaces the projects file's entry of the
/// same identifier. An entry that did not change stays the same object, so that its results are kept. Safe from any thread.
/// </summary>
internal sealed class ProjectSource(ProjectRegister file, RecordStore? records)
{
    private volatile Known? known;
    private volatile Decided? decided;
    private bool isFixed;

    /// <summary>Plants and projects of a file alone.</summary>
    public ProjectSource(ProjectRegister file)
        : this(file, null)
    {
    }

    /// <summary>The register; null when plants and projects come from a file alone.</summary>
    public RecordStore? Records => records;

    /// <summary>Plants and projects of the file, whatever the register says.</summary>
    public ProjectRegister OfFile => file;

    /// <summary>The decisions as they stand now, over plants and projects that stay as given: for a look at what would be.</summary>
    public ProjectSource Over(ProjectRegister register) => new(register, records) { isFixed = true };

    /// <summary>The plants and projects, those of the file first.</summary>
    /// <exception cref="StoreException">The register cannot be read.</exception>
    public ProjectRegister Current
    {
        get
        {
            RegisterSnapshot? snapshot = isFixed ? null : records?.Snapshot;
            if (snapshot is null)
            {
                return file;
            }

            Known? last = known;
            if (last is not null && last.IsOf(snapshot))
            {
                return last.Register;
            }

            Known next = new(snapshot, new RegisterMerge(file, snapshot, last?.Register).Merged());
            known = next;
            return next.Register;
        }
    }

    /// <summary>What persons decided on the events of a project, in order of time.</summary>
    public IReadOnlyList<Analytics.Events.EventDecision> DecisionsOf(Project project)
    {
        if (records is null)
        {
            return [];
        }

        // A page of all projects asks for each of them: those without a decision, most of them, cost one look.
        RegisterSnapshot snapshot = records.Snapshot;
        IReadOnlyList<EventDecision> all = snapshot.All<EventDecision>();
        Decided? last = decided;
        if (last is null || !ReferenceEquals(last.Of, all))
        {
            decided = last = new(all, all.Select(decision => decision.Project).ToHashSet(StringComparer.Ordinal));
        }

        return last.Projects.Contains(project.Id) ? RecordedEvents.Of(snapshot, project) : [];
    }

    /// <summary>Output of the products that a project's drivers name, by the production records as they stand now.</summary>
    public IReadOnlyList<DailyOutput> ProductionOf(Project project) => RecordedOutput.Of(records?.Snapshot, project);

    /// <summary>Whether a project stands in the register: only then can it be worked on.</summary>
    public bool IsRecorded(string project) => records?.Snapshot.Find<ProjectRecord>(project) is not null;

    /// <summary>What is on record of the meters of a project, by gateway and meter; null without a register.</summary>
    public Func<string, string, MeterRecord?>? MeterOf(Project project, IReadingStore store)
    {
        if (records is null)
        {
            return null;
        }

        RegisterSnapshot snapshot = records.Snapshot;
        return (gateway, meter) =>
        {
            MeterInstallation? newest = snapshot.All<MeterInstallation>()
                .Where(one => one.Plant == project.Plant.Id && one.Gateway == gateway && one.Channel is not null && store.FindChannel(gateway, one.Channel)?.Channel.Meter == meter)
                .MaxBy(one => one.From);
            return snapshot.Find<Programme.Kinds.MeterRecord>(newest?.Meter) is { } found
                ? new(found.AccuracyClass, newest!.Ratio.ToString(System.Globalization.CultureInfo.InvariantCulture), found.CalibratedOn)
                : null;
        };
    }

    private sealed record Decided(IReadOnlyList<EventDecision> Of, HashSet<string> Projects);

    // A kind in which nothing changed is the same array in the next snapshot.
    private sealed record Known(RegisterSnapshot Snapshot, ProjectRegister Register)
    {
        public bool IsOf(RegisterSnapshot snapshot) => ReferenceEquals(Snapshot, snapshot)
            || (ReferenceEquals(Snapshot.All<PlantRecord>(), snapshot.All<PlantRecord>())
                && ReferenceEquals(Snapshot.All<ProjectRecord>(), snapshot.All<ProjectRecord>())
                && ReferenceEquals(Snapshot.All<Programme.Kinds.ProjectDriver>(), snapshot.All<Programme.Kinds.ProjectDriver>()));
    }
}
