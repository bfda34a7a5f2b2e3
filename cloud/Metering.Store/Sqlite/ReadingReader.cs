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

    /// <summary>See <see cref="IReadingStore.StandingAfter"/>. The journal's end may be ahead of what can be read: a batch is committed before it is laid into the heads.</summary>
    public ReadingStanding StandingAfter(long afterSequence) => file.Read(session =>
    {
        long through;
        lock (state.Gate)
        {
            session.BeginRead();
            state.Follow(session);
            through = state.Applied;
        }

        return JournalTable.Standing(session, afterSequence, through);
    });

    public ReadingColumns? Read(string gateway, string channel, long fromUtcMilliseconds, long toUtcMilliseconds)
    {
        long from = Math.Clamp(fromUtcMilliseconds, StoreLimits.FirstInstantUtcMilliseconds, StoreLimits.EndInstantUtcMilliseconds);
        long to = Math.Clamp(toUtcMilliseconds, StoreLimits.FirstInstantUtcMilliseconds, StoreLimits.EndInstantUtcMilliseconds);
        Damage damage = new(0);
        ChannelRow? row = null;
        List<PrunedRange> pruned = [];
        Columns? columns = file.Read(session =>
        {
            List<(long, Columns)> heads = [];
            lock (state.Gate)
            {
                session.BeginRead();
                state.Follow(session);
                damage = new(state.Applied);
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
            return from < to ? ChunkTable.Read(session, row, (from, to), heads, damage) : new(0);
        });
        Repair(row, damage);
        return columns is null ? null : new(row!.Channel, columns, pruned);
    }

    /// <summary>The intervals of a request; what was made on the way is stored when this process appends.</summary>
    public IntervalReadings? ReadIntervals(IntervalRequest request, out int stored)
    {
        Damage damage = new(0);
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
                damage = new(state.Applied);
                mayStore = state.IsWriter;
                row = ChannelTable.Find(session, request.Gateway, request.Channel);
                if (row is null)
                {
                    return null;
                }

                heads = state.Heads.Snapshot(row.Id, DaySet.FirstDay, DaySet.LastDay);
            }

            RollupReader reader = new(InputOf(session, row, heads, damage));
            made = reader.Made;
            return reader.Answer(request, PrunedTable.Between(session, row.Id, request.FromUtcMilliseconds, request.ToUtcMilliseconds));
        });
        Repair(row, damage);
        stored = mayStore && made.Count > 0 ? Store(row!.Id, made) : 0;
        return intervals;
    }

    /// <summary>What the rollups of a channel are made from, as of the session's transaction.</summary>
    public static RollupInput InputOf(SqliteSession session, ChannelRow row, List<(long Day, Columns Readings)> heads, Damage damage) => RollupInput.Of(
        row,
        RollupTable.Days(session, row.Id),
        heads,
        (range, within) => ChunkTable.Read(session, row, range, within, damage),
        (kind, first, last) => RollupTable.Find(session, row.Id, kind, first, last));

    /// <summary>A channel and the days of its chunks; null when it has never had a reading, or some from a first to a last day are not sealed.</summary>
    public (Channel Channel, DaySet Days)? SealedDays(string gateway, string channel, (long First, long Last) days) => file.Read<(Channel, DaySet)?>(session =>
    {
        ChannelRow? row;
        List<(long Day, Columns Readings)> heads;
        lock (state.Gate)
        {
            session.BeginRead();
            state.Follow(session);
            row = ChannelTable.Find(session, gateway, channel);
            heads = row is null ? [] : state.Heads.Snapshot(row.Id, days.First, days.Last);
        }

        if (row is null || heads.Count > 0)
        {
            return null;
        }

        (List<long> found, List<long> versions) = RollupTable.Days(session, row.Id);
        return (row.Channel, new(found, versions));
    });

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
        Damage damage = new(0);
        ChannelRow? row = null;
        Reading? latest = file.Read<Reading?>(session =>
        {
            List<(long Day, Columns Readings)> heads = [];
            lock (state.Gate)
            {
                session.BeginRead();
                state.Follow(session);
                damage = new(state.Applied);
                row = ChannelTable.Find(session, gateway, channel);
                if (row is null)
                {
                    return null;
                }

                long headDay = state.Heads.LastDay(row.Id);
                heads = headDay < 0 ? heads : state.Heads.Snapshot(row.Id, headDay, headDay);
            }

            return ChunkTable.Reader(session, row, damage).Latest(heads);
        });
        Repair(row, damage);
        return latest;
    }

    /// <summary>Every channel with readings.</summary>
    public List<StoredChannel> Channels() => Describe(session => (EnrolmentTable.All(session), ChannelTable.All(session)));

    /// <summary>The channels with readings of gateways that are in this plant now.</summary>
    public List<StoredChannel> ChannelsOfPlant(string plant) => Describe(session =>
    {
        List<GatewayEnrolment> enrolments = EnrolmentTable.OfPlant(session, plant);
        return (enrolments, [.. enrolments.Select(enrolment => enrolment.Gateway).Distinct(StringComparer.Ordinal).SelectMany(gateway => ChannelTable.Of(session, gateway))]);
    });

    /// <summary>The channel, if it has readings.</summary>
    public StoredChannel? FindChannel(string gateway, string channel) =>
        Describe(session => (EnrolmentTable.Of(session, gateway), ChannelTable.Find(session, gateway, channel) is ChannelRow row ? [row] : [])).FirstOrDefault();

    private List<StoredChannel> Describe(Func<SqliteSession, (List<GatewayEnrolment>, List<ChannelRow>)> choose) => file.Read(session =>
    {
        List<GatewayEnrolment> chosen;
        List<ChannelRow> rows;
        List<List<(long, Columns)>> heads;
        Damage damage;
        lock (state.Gate)
        {
            session.BeginRead();
            state.Follow(session);
            damage = new(state.Applied);
            (chosen, rows) = choose(session);
            heads = rows.ConvertAll(row => state.Heads.Snapshot(row.Id, 0, long.MaxValue));
        }

        Dictionary<string, GatewayEnrolment> enrolments = EnrolmentRules.Newest(chosen);
        List<StoredChannel> channels = [];
        for (int index = 0; index < rows.Count; index++)
        {
            if (ChunkTable.Reader(session, rows[index], damage).Describe(heads[index], enrolments) is StoredChannel described)
            {
                channels.Add(described);
            }
        }

        return channels;
    });

    private void Repair(ChannelRow? row, Damage damage)
    {
        if (row is null || damage.Days.Count == 0)
        {
            return;
        }

        _ = Interlocked.Add(ref _damagedChunks, damage.Days.Count);
        try
        {
            _ = file.Write(session =>
            {
                // Only the process that appends knows which readings are in no chunk yet, and it cannot seal meanwhile.
                if (state.AppliedOfWriter is long through)
                {
                    damage.Days.ForEach(day => ChunkTable.Repair(session, row, day, through));
                }

                return true;
            });
        }
        catch (StoreException)
        {
            // The readings were made from the journal, so the caller has them; the next read tries the repair again.
        }
    }
}
