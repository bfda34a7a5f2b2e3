using Metering.Cloud.Projects;
using Metering.Evidence.Log;
using Metering.Programme.Kinds;
using Metering.Programme.Log;
using Metering.Programme.Records;
using Metering.Programme.Storage;
using Metering.Projects.Statements;
using Metering.Store;

namespace Metering.Cloud.Evidence;

/// <summary>
/// Keeps the transparency log at the end of everything a saving stands on: keys, configurations, batches and losses of the store, changes of the register, projects of the
/// projects file. Any number of processes may follow at once; each thing is logged once. Safe from any thread.
/// </summary>
internal sealed class LogFollower : IDisposable
{
    private const int Page = 1000;
    private readonly EvidenceLog log;
    private readonly ProjectSource source;
    private readonly StoreFollower ofStore;
    private readonly RegisterFollower ofRegister;
    private readonly BillFollower ofBills;
    private readonly SemaphoreSlim gate = new(1);
    private readonly Dictionary<string, Project> planned = new(StringComparer.Ordinal);

    /// <summary>A follower of a store and a programme.</summary>
    public LogFollower(EvidenceLog log, IReadingStore store, ProgrammeDatabase database, ProjectSource source, TimeProvider clock)
    {
        this.log = log;
        this.source = source;
        ofStore = new(log, store, clock);
        ofRegister = new(log, database, source.OfFile);
        ofBills = new(log, store, source, clock);
    }

    /// <summary>The log.</summary>
    public EvidenceLog Log => log;

    /// <summary>Follows to what store and register held when this was called, at least.</summary>
    /// <param name="cancellationToken">Ends it between two transactions; what was done stays.</param>
    /// <exception cref="StoreException">Store or programme database cannot be read or written.</exception>
    public async Task CatchUpAsync(CancellationToken cancellationToken)
    {
        await gate.WaitAsync(cancellationToken);
        try
        {
            // On a thread of the pool: the first time a year's batches are followed, which takes a second.
            await Task.Yield();
            ofStore.CatchUp(cancellationToken);
            ofRegister.CatchUp(cancellationToken);
            FollowFile();
            ofBills.CatchUp(cancellationToken);
        }
        finally
        {
            _ = gate.Release();
        }
    }

    public void Dispose() => gate.Dispose();

    // A project of the file alone has no change on record: its plan is logged when it is seen first, and whenever it is another.
    private void FollowFile()
    {
        RegisterSnapshot? register = source.Records?.Snapshot;
        IEnumerable<Project> changed = source.Current.Projects.Where(project =>
            register?.Version(new(ProjectRecord.Kind.Name, project.Id)) is null && !ReferenceEquals(planned.GetValueOrDefault(project.Id), project));
        foreach (Project[] some in changed.ToList().Chunk(Page))
        {
            _ = log.Append([.. some.Select(project => new LogDraft(LogEntryKind.Plan, project.Id, true, PlanStatement.Write(project, null)) { OnlyIfChanged = true })]);
            foreach (Project project in some)
            {
                planned[project.Id] = project;
            }
        }
    }
}
