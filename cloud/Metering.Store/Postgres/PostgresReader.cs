using Metering.Readings;
using Metering.Store.Chunks;
using Metering.Store.Rollups;

namespace Metering.Store.Postgres;

/// <summary>Everything that is read of readings: chunks with the unsealed readings laid over them, in one snapshot.</summary>
internal sealed class PostgresReader(PostgresDatabase database, TailCache tails)
{
    private const int MaximumRollupsPerTransaction = 32;
    private long _damagedChunks;

    public long DamagedChunkCount => Interlocked.Read(ref _damagedChunks);

    public ReadingColumns? Read(string gateway, string channel, long fromUtcMilliseconds, long toUtcMilliseconds)
    {
        long from = Math.Clamp(fromUtcMilliseconds, StoreLimits.FirstInstantUtcMilliseconds, StoreLimits.EndInstantUtcMilliseconds);
        long to = Math.Clamp(toUtcMilliseconds, StoreLimits.FirstInstantUtcMilliseconds, StoreLimits.EndInstantUtcMilliseconds);
        List<long> damaged = [];
        ChannelView? view = null;
        List<PrunedRange> pruned = [];
        Columns? columns = database.Read(session =>
        {
            damaged.Clear();
            view = ChannelTable.Find(session, gateway, channel);
            if (view is null || from >= to)
            {
                return view is null ? null : new Columns(0);
            }

            pruned = PrunedTable.Between(session, view.Row.Id, from, to);

            (long First, long Last) days = (from / ChunkCodec.MillisecondsPerDay, (to - 1) / ChunkCodec.MillisecondsPerDay);
            List<(long, Columns)> heads = tails.Use(session, gateway, (view.Sealed, view.Newest), tail => tail.Snapshot(view.Row.Id, days.First, days.Last));
            return ChunkTable.Reader(session, view.Row, days, damaged).Read((from, to), heads);
        });
        Repair(view, damaged);
        return columns is null ? null : new(view!.Row.Channel, columns, pruned);
    }

    /// <summary>The intervals of a request.</summary>
    /// <param name="request">What is wanted.</param>
    /// <param name="mayStore">Whether what was made on the way is stored.</param>
    /// <param name="stored">Rollups that were stored.</param>
    public IntervalReadings? ReadIntervals(IntervalRequest request, bool mayStore, out int stored)
    {
        List<long> damaged = [];
        ChannelView? view = null;
        List<(RollupKind Kind, RollupRow Row)> made = [];
        IntervalReadings? intervals = database.Read<IntervalReadings?>(session =>
        {
            damaged.Clear();
            view = ChannelTable.Find(session, request.Gateway, request.Channel);
            if (view is null)
            {
                return null;
            }

            long id = view.Row.Id;
            List<(long Day, Columns Readings)> heads = tails.Use(
                session, request.Gateway, (view.Sealed, view.Newest), tail => tail.Snapshot(id, DaySet.FirstDay, DaySet.LastDay));
            RollupReader reader = new(InputOf(session, view.Row, heads, damaged));
            made = reader.Made;
            return reader.Answer(request, PrunedTable.Between(session, id, request.FromUtcMilliseconds, request.ToUtcMilliseconds));
        });
        Repair(view, damaged);
        stored = mayStore && made.Count > 0 ? Store(view!.Row.Id, made) : 0;
        return intervals;
    }

    /// <summary>What the rollups of a channel are made from, as of the session's transaction.</summary>
    public static RollupInput InputOf(PostgresSession session, ChannelRow row, List<(long Day, Columns Readings)> heads, List<long> damaged) => RollupInput.Of(
        row,
        RollupTable.Days(session, row.Id, (DaySet.FirstDay, DaySet.LastDay)),
        heads,
        (range, within) => ChunkTable.Reader(
            session, row, (range.From / ChunkCodec.MillisecondsPerDay, (range.To - 1) / ChunkCodec.MillisecondsPerDay), damaged).Read(range, within),
        (kind, first, last) => RollupTable.Find(session, row.Id, kind, first, last));

    /// <summary>A channel and the days of its chunks in a range; null when it has never had a reading, or some of the range are not sealed.</summary>
    public (Channel Channel, DaySet Days)? SealedDays(string gateway, string channel, (long First, long Last) days) => database.Read<(Channel, DaySet)?>(session =>
    {
        if (ChannelTable.Find(session, gateway, channel) is not ChannelView view
            || tails.Use(session, gateway, (view.Sealed, view.Newest), tail => tail.Snapshot(view.Row.Id, days.First, days.Last)).Count > 0)
        {
            return null;
        }

        (List<long> found, List<long> versions) = RollupTable.Days(session, view.Row.Id, days);
        return (view.Row.Channel, new(found, versions));
    });

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
            long newest = session.Scalar("SELECT max(id) FROM chunk WHERE id BETWEEN $1 AND $2", ChunkCodec.IdOf(id, 0), ChunkCodec.IdOf(id, DaySet.LastDay));
            long chunkDay = newest == 0 ? 0 : ChunkCodec.DayOf(newest);
            long first = heads.Count == 0 ? chunkDay : Math.Max(chunkDay, heads[0].Day);
            return ChunkTable.Reader(session, view.Row, (first, first), damaged).Latest(heads);
        });
        Repair(view, damaged);
        return latest;
    }

    /// <summary>Every channel with readings.</summary>
    public List<StoredChannel> Channels() => Describe(session => (ChannelTable.All(session), EnrolmentTable.All(session)));

    /// <summary>The channels with readings of gateways that are in this plant now.</summary>
    public List<StoredChannel> ChannelsOfPlant(string plant) => Describe(session =>
    {
        List<GatewayEnrolment> enrolments = EnrolmentTable.OfPlant(session, plant);
        return (ChannelTable.Of(session, [.. enrolments.Select(enrolment => enrolment.Gateway).Distinct(StringComparer.Ordinal)]), enrolments);
    });

    /// <summary>The channel, if it has readings.</summary>
    public StoredChannel? FindChannel(string gateway, string channel) =>
        Describe(session => (ChannelTable.Find(session, gateway, channel) is ChannelView view ? [view] : [], EnrolmentTable.Of(session, gateway))).FirstOrDefault();

    private List<StoredChannel> Describe(Func<PostgresSession, (List<ChannelView>, List<GatewayEnrolment>)> choose) => database.Read(session =>
    {
        (List<ChannelView> views, List<GatewayEnrolment> chosen) = choose(session);
        Dictionary<string, GatewayEnrolment> enrolments = EnrolmentRules.Newest(chosen);
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

    private int Store(long channelId, List<(RollupKind Kind, RollupRow Row)> made)
    {
        try
        {
            // The source says what each was made of: should readings have come meanwhile, it is stale and not served. So no
            // flush is worth waiting for either.
            foreach ((RollupKind Kind, RollupRow Row)[] part in made.Chunk(MaximumRollupsPerTransaction))
            {
                _ = database.Write(session =>
                {
                    _ = session.Execute("SET LOCAL synchronous_commit=off");
                    RollupTable.Put(session, channelId, part);
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
