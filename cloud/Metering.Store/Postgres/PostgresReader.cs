using Metering.Readings;
using Metering.Store.Chunks;

namespace Metering.Store.Postgres;

/// <summary>Everything that is read of readings: chunks with the unsealed readings laid over them, in one snapshot.</summary>
internal sealed class PostgresReader(PostgresDatabase database, TailCache tails)
{
    // Beyond the year 9999; the last day a chunk can have.
    private const long LastDay = (1L << 24) - 1;

    private long _damagedChunks;

    public long DamagedChunkCount => Interlocked.Read(ref _damagedChunks);

    public ReadingColumns? Read(string gateway, string channel, long fromUtcMilliseconds, long toUtcMilliseconds)
    {
        long from = Math.Clamp(fromUtcMilliseconds, StoreLimits.FirstInstantUtcMilliseconds, StoreLimits.EndInstantUtcMilliseconds);
        long to = Math.Clamp(toUtcMilliseconds, StoreLimits.FirstInstantUtcMilliseconds, StoreLimits.EndInstantUtcMilliseconds);
        List<long> damaged = [];
        ChannelView? view = null;
        Columns? columns = database.Read(session =>
        {
            damaged.Clear();
            view = ChannelTable.Find(session, gateway, channel);
            if (view is null || from >= to)
            {
                return view is null ? null : new Columns(0);
            }

            (long First, long Last) days = (from / ChunkCodec.MillisecondsPerDay, (to - 1) / ChunkCodec.MillisecondsPerDay);
            List<(long, Columns)> heads = tails.Use(session, gateway, (view.Sealed, view.Newest), tail => tail.Snapshot(view.Row.Id, days.First, days.Last));
            return ChunkTable.Reader(session, view.Row, days, damaged).Read((from, to), heads);
        });
        Repair(view, damaged);
        return columns is null ? null : new(view!.Row.Channel, columns, []);
    }

    public Reading? Latest(string gateway, string channel)
    {
        List<long> damaged = [];
        ChannelView? view = null;
        Reading? latest = database.Read<Reading?>(session =>
        {
            damaged.Clear();
            view = ChannelTable.Find(session, gateway, channel);
            if (view is null)
            {
                return null;
            }

            long id = view.Row.Id;
            List<(long Day, Columns Readings)> heads = tails.Use(session, gateway, (view.Sealed, view.Newest), tail => tail.LastDay(id) is >= 0 and long day ? tail.Snapshot(id, day, day) : []);
            long newest = session.Scalar("SELECT max(id) FROM chunk WHERE id BETWEEN $1 AND $2", ChunkCodec.IdOf(id, 0), ChunkCodec.IdOf(id, LastDay));
            long chunkDay = newest == 0 ? 0 : ChunkCodec.DayOf(newest);
            long first = heads.Count == 0 ? chunkDay : Math.Max(chunkDay, heads[0].Day);
            return ChunkTable.Reader(session, view.Row, (first, first), damaged).Latest(heads);
        });
        Repair(view, damaged);
        return latest;
    }

    /// <summary>The channels with readings: all of them, or the one asked for.</summary>
    public List<StoredChannel> Channels(string? gateway, string? channel) => database.Read(session =>
    {
        List<ChannelView> views = gateway is null || channel is null
            ? ChannelTable.All(session)
            : ChannelTable.Find(session, gateway, channel) is ChannelView view ? [view] : [];
        Dictionary<string, GatewayEnrolment> enrolments = EnrolmentRules.Newest(EnrolmentTable.All(session));
        List<StoredChannel> channels = [];
        foreach (ChannelView each in views)
        {
            List<(long Day, Columns Readings)> heads = tails.Use(session, each.Row.Gateway, (each.Sealed, each.Newest), tail => tail.Snapshot(each.Row.Id, 0, long.MaxValue));

            // Only heads that reach back over sealed readings need chunks; those before them need none.
            bool needsChunks = each.Row.Count > 0 && heads.Count > 0 && heads[0].Readings.UtcMilliseconds[0] <= each.Row.LastUtcMilliseconds;
            (long, long) days = needsChunks ? (heads[0].Day, each.Row.LastUtcMilliseconds / ChunkCodec.MillisecondsPerDay) : (0, -1);
            if (ChunkTable.Reader(session, each.Row, days, []).Describe(heads, enrolments) is StoredChannel described)
            {
                channels.Add(described);
            }
        }

        return channels;
    });

    private void Repair(ChannelView? view, List<long> damaged)
    {
        if (view is null || damaged.Count == 0)
        {
            return;
        }

        _ = Interlocked.Add(ref _damagedChunks, damaged.Count);
        try
        {
            _ = database.Write(session =>
            {
                ChunkTable.Repair(session, view.Row, damaged);
                return true;
            });
        }
        catch (StoreException)
        {
            // The readings were made from the journal, so the caller has them; the next read tries the repair again.
        }
    }
}
