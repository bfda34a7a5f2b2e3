using Metering.Readings;
using Metering.Store.Chunks;
using Metering.Store.Rollups;

namespace Metering.Store.Sqlite;

/// <summary>Everything that is read of readings: chunks with the unsealed readings laid over them, as of one moment.</summary>
internal sealed class ReadingReader(SqliteFile file, ReadingState state)
{
    private const int MaximumRollupsPerTransaction = 32;
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
        List<PrunedRange> pruned = [];
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

            if (row is null)
            {
                return null;
            }

            pruned = PrunedTable.Between(session, row.Id, from, to);
            return from < to ? ChunkTable.Read(session, row, (from, to), heads, damaged) : new(0);
        });
        Repair(row, damaged);
        return columns is null ? null : new(row!.Channel, columns, pruned);
    }

    /// <summary>The intervals of a request; what was made on the way is stored when this process appends.</summary>
    public IntervalReadings? ReadIntervals(IntervalRequest request, out int stored)
    {
        List<long> damaged = [];
        ChannelRow? row = null;
        bool mayStore = false;
        List<(RollupKind Kind, RollupRow Row)> made = [];
        IntervalReadings? intervals = file.Read<IntervalReadings?>(session =>
        {
            List<(long Day, Columns Readings)> heads = [];
            lock (state.Gate)
            {
                session.BeginRead();
                state.Follow(session);
                mayStore = state.IsWriter;
                row = ChannelTable.Find(session, request.Gateway, request.Channel);
                if (row is null)
                {
                    return null;
                }

                heads = state.Heads.Snapshot(row.Id, DaySet.FirstDay, DaySet.LastDay);
            }

            RollupReader reader = new(InputOf(session, row, heads, damaged));
            RollupColumns columns = reader.Read(request);
            made = reader.Made;
            return new(row.Channel, request, columns)
            {
                Pruned = PrunedTable.Between(session, row.Id, request.FromUtcMilliseconds, request.ToUtcMilliseconds),
                StoredMonths = reader.StoredMonths,
                ComputedMonths = reader.ComputedMonths,
            };
        });
        Repair(row, damaged);
        stored = mayStore && made.Count > 0 ? Store(row!.Id, made) : 0;
        return intervals;
    }

    private static RollupInput InputOf(SqliteSession session, ChannelRow row, List<(long Day, Columns Readings)> heads, List<long> damaged)
    {
        (List<long> days, List<long> versions) = RollupTable.Days(session, row.Id);
        return new(
            row.Id,
            row.Channel,
            DaySet.Of(days, versions, heads.Select(head => head.Day)),
            (first, last) => ChunkTable.Read(
                session,
                row,
                (first * ChunkCodec.MillisecondsPerDay, (last + 1) * ChunkCodec.MillisecondsPerDay),
                heads.FindAll(head => head.Day >= first && head.Day <= last),
                damaged),
            (kind, first, last) => RollupTable.Find(session, row.Id, kind, first, last));
    }

    private int Store(long channelId, List<(RollupKind Kind, RollupRow Row)> made)
    {
        try
        {
            // The source says what each was made of: should readings have come meanwhile, it is stale and not served.
            foreach ((RollupKind Kind, RollupRow Row)[] part in made.Chunk(MaximumRollupsPerTransaction))
            {
                _ = file.Write(session =>
                {
                    Array.ForEach(part, item => RollupTable.Put(session, channelId, item.Kind, item.Row));
                    return true;
                });
            }

            return made.Count;
        }
        catch (StoreException)
        {
            // The caller has the intervals; the next request stores them.
            return 0;
        }
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

            long chunkDay = ChunkTable.LastDay(session, row.Id);
            long day = heads.Count == 0 ? chunkDay : Math.Max(chunkDay, heads[0].Day);
            if (day < 0)
            {
                return null;
            }

            Columns? chunk = ChunkTable.Load(session, row, day, damaged);
            Columns readings = Columns.Merge(chunk, heads.Count > 0 && heads[0].Day == day ? heads[0].Readings : null);
            int last = readings.Count - 1;
            return last < 0 ? null : new(readings.UtcMilliseconds[last], readings.ScaledValues[last], 0, readings.Qualities[last], readings.HasValues[last]);
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

        Dictionary<string, GatewayEnrolment> enrolments = EnrolmentTable.Newest(session);
        List<StoredChannel> channels = [];
        for (int index = 0; index < rows.Count; index++)
        {
            if (Describe(session, rows[index], heads[index], enrolments) is StoredChannel described)
            {
                channels.Add(described);
            }
        }

        return channels;
    });

    private static StoredChannel? Describe(
        SqliteSession session, ChannelRow row, List<(long Day, Columns Readings)> heads, Dictionary<string, GatewayEnrolment> enrolments)
    {
        long count = row.Count;
        long first = row.Count > 0 ? row.FirstUtcMilliseconds : long.MaxValue;
        long last = row.Count > 0 ? row.LastUtcMilliseconds : long.MinValue;
        foreach ((long day, Columns head) in heads)
        {
            // Only a head that reaches back over sealed readings needs a look at the chunk.
            bool isAllNew = row.Count == 0 || head.UtcMilliseconds[0] > row.LastUtcMilliseconds;
            Columns? chunk = isAllNew ? null : ChunkTable.Load(session, row, day, []);
            count += Columns.Merge(chunk, head).Count - (chunk?.Count ?? 0);
            first = Math.Min(first, head.UtcMilliseconds[0]);
            last = Math.Max(last, head.UtcMilliseconds[^1]);
        }

        GatewayEnrolment? enrolment = enrolments.GetValueOrDefault(row.Gateway);
        return count == 0 ? null : new(row.Gateway, enrolment?.Plant ?? "", row.Channel, count, first, last, enrolment?.Origin ?? ReadingOrigin.Gateway);
    }

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
