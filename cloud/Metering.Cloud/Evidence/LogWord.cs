using Metering.Cloud.Hosting;
using Metering.Programme.Log;
using Metering.Programme.Storage;
using Metering.Readings;

namespace Metering.Cloud.Evidence;

/// <summary>What ingestion tells a gateway of the log: where it stands, and that what the gateway has seen of it is still there.</summary>
/// <param name="find">The log; null while there is none.</param>
/// <param name="clock">The log's clock.</param>
internal sealed class LogWord(Func<EvidenceLog?> find, TimeProvider clock)
{
    private readonly Lock gate = new();
    private EvidenceLog? log;

    /// <summary>The word of a log that another process writes, opened when it is first asked for and there.</summary>
    public static LogWord Of(CloudConfig config, TimeProvider clock) => new(
        () => config.Programme.File is not string file || File.Exists(file) ? new(ProgrammeDatabase.Open(config.Programme), config.Name, clock) : null, clock);

    /// <summary>Where the log stands.</summary>
    /// <param name="size">Entries the gateway has seen; of more than there are no proof can be given, and none is.</param>
    /// <returns>Null while the log has no entry.</returns>
    /// <exception cref="Metering.Store.StoreException">It cannot be read.</exception>
    public LogStanding? Since(long size)
    {
        lock (gate)
        {
            log ??= find();
        }

        return log?.WithTree(tree =>
        {
            long since = size <= tree.Count ? size : 0;
            return tree.Count == 0
                ? null
                : new LogStanding(log.Name, tree.Count, tree.Root(tree.Count), clock.GetUtcNow().ToUnixTimeMilliseconds(), since, tree.ConsistencyProof(since, tree.Count));
        });
    }
}
