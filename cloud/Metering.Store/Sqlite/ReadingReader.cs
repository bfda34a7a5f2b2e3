using Metering.Readings;
using Metering.Store.Chunks;

namespace Metering.Store.Sqlite;

/// <summary>Everything that is read of readings: chunks with the unsealed readings laid over them, as of one moment.</summary>
internal sealed class ReadingReader(SqliteFile file, ReadingState state)
{
    private long _damagedChunks;

    public long DamagedChunkCount => Interlocked.Read(ref _damagedChunks);

    /// <summary>Takes over what the journal holds beyond the chunks, so that a fault shows at the start and not at the first reading.</summary>
    public void Open() => _ = file.Read(session =>
    {
        lock (state.Gate)
        {
            session.BeginRead();
            state.Follow(session);
            return true;
        }
    });

    public ReadingColumns? Read(string gateway, string channel, long fromUtcMilliseconds, long toUtcMilliseconds)
    {
        long from = Math.Clamp(fromUtcMilliseconds, StoreLimits.FirstInstantUtcMilliseconds, StoreLimits.EndInstantUtcMilliseconds);
        long to = Math.Clamp(toUtcMilliseconds, StoreLimits.FirstInstantUtcMilliseconds, StoreLimits.EndInstantUtcMilliseconds);
        List<long> damaged = [];
        ChannelRow? row = null;
        Columns? columns = file.Read(session =>
        {
            List<(long, Columns)> heads = [];
            lock (state.Gate)
            {
                session.BeginRead();
                state.Follow(session);
                row = ChannelTable.Find(session, gateway, channel);
                if (row is not null && from < to)
                {
                    heads = state.Heads.Snapshot(row.Id, from / ChunkCodec.MillisecondsPerDay, (to - 1) / ChunkCodec.MillisecondsPerDay);
                }
            }

            return row is null ? null : from < to ? ChunkTable.Read(session, row, (from, to), heads, damaged) : new(0);
        });
        Repair(row, damaged);
        return columns is null ? null : new(row!.Channel, columns);
    }

    public Reading? Latest(string gateway, string channel)
    {
        List<long> damaged = [];
        ChannelRow? row = null;
        Reading? latest = file.Read<Reading?>(session =>
        {
            List<(long Day, Columns Readings)> heads = [];
            lock (state.Gate)
            {
                session.BeginRead();
                state.Follow(session);
                row = ChannelTable.Find(session, gateway, channel);
                if (row is null)
                {
                    return null;
                }

                long headDay = state.Heads.LastDay(row.Id);
                heads = headDay < 0 ? heads : state.Heads.Snapshot(row.Id, headDay, headDay);
            }

            return ChunkTable.Reader(session, row, damaged).Latest(heads);
        });
        Repair(row, damaged);
        return latest;
    }

    /// <summary>The channels with readings: all of them, or the one asked for.</summary>
    public List<StoredChannel> Channels(string? gateway, string? channel) => file.Read(session =>
    {
        List<ChannelRow> rows;
        List<List<(long, Columns)>> heads;
        lock (state.Gate)
        {
            session.BeginRead();
            state.Follow(session);
            rows = gateway is null || channel is null
                ? ChannelTable.All(session)
                : ChannelTable.Find(session, gateway, channel) is ChannelRow row ? [row] : [];
            heads = rows.ConvertAll(row => state.Heads.Snapshot(row.Id, 0, long.MaxValue));
        }

        Dictionary<string, GatewayEnrolment> enrolments = EnrolmentRules.Newest(EnrolmentTable.All(session));
        List<StoredChannel> channels = [];
        for (int index = 0; index < rows.Count; index++)
        {
            if (ChunkTable.Reader(session, rows[index], []).Describe(heads[index], enrolments) is StoredChannel described)
            {
                channels.Add(described);
            }
        }

        return channels;
    });

    private void Repair(ChannelRow? row, List<long> damaged)
    {
        if (row is null || damaged.Count == 0)
        {
            return;
        }

        _ = Interlocked.Add(ref _damagedChunks, damaged.Count);
        try
        {
            _ = file.Write(session =>
            {
                damaged.ForEach(day => ChunkTable.Repair(session, row, day));
                return true;
            });
        }
        catch (StoreException)
        {
            // The readings were made from the journal, so the caller has them; the next read tries the repair again.
        }
    }
}
