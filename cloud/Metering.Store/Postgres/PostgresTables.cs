using Metering.Readings;
using Metering.Store.Chunks;
using Metering.Store.Maintenance;
using Metering.Store.Rollups;

namespace Metering.Store.Postgres;

/// <summary>The tables in PostgreSQL, for verification; for rebuilding only with the seals of <see cref="SealHold"/>.</summary>
internal sealed class PostgresTables(PostgresDatabase database, SealHold? hold) : IStoreTables
{
    public T Read<T>(Func<IStoreMoment, T> body) => database.Read(session => body(new Moment(session, hold)));

    public void Write(Action<IStoreChange> body) => _ = database.Write(session =>
    {
        SealHold seals = hold ?? throw new InvalidOperationException("chunks are replaced by whoever holds the seals");
        seals.Renew(session);
        body(new Change(session, seals));
        return true;
    });

    private sealed class Moment(PostgresSession session, SealHold? hold) : IStoreMoment
    {
        public List<GatewayEnrolment> Enrolments() => EnrolmentTable.All(session);

        public List<LostBatches> Losses() => RegisterTable.Losses(session);

        public long LastSequence() => JournalTable.LastSequence(session);

        public List<JournalRow> Page(long afterSequence, int maximum) => JournalTable.Page(session, afterSequence, maximum);

        public List<ChannelRow> Channels() => ChannelTable.All(session).ConvertAll(view => view.Row);

        public void ReplayDays((long First, long Last) days, bool skipsDamaged, Action<long, string, ChannelSegment> apply) =>
            JournalTable.ReplayDays(session, days, skipsDamaged, apply);

        public Func<string, long> SealedThrough()
        {
            Dictionary<string, long> places = SealTable.Places(session);
            return gateway => places.GetValueOrDefault(gateway);
        }

        public bool MayReplace(string gateway) => hold is not null && hold.Gateways.Contains(gateway);

        public Func<long, long, bool> Pruned()
        {
            ILookup<long, (long First, long End)> pruned = PrunedTable.All(session, null);
            return (channelId, day) => PrunedTable.Contains(pruned, channelId, day);
        }

        public long PrunedDays() => session.Scalar("SELECT sum(end_day - first_day) FROM pruned");

        public long ChunkCount() => session.Scalar("SELECT count(*) FROM chunk");

        public Dictionary<long, (long Count, byte[] Data)> Chunks((long First, long Last) days)
        {
            Dictionary<long, (long, byte[])> chunks = [];
            _ = session.Query(
                "SELECT k.id, k.count, k.data FROM channel c JOIN chunk k ON k.id BETWEEN (c.id << 24) + $1 AND (c.id << 24) + $2",
                [days.First, days.Last],
                reader => chunks.Add(reader.GetInt64(0), (reader.GetInt32(1), reader.GetFieldValue<byte[]>(2))));
            return chunks;
        }

        public List<long> ChunkIds((long First, long Last) days)
        {
            List<long> ids = [];
            _ = session.Query("SELECT id FROM chunk WHERE (id & $1) BETWEEN $2 AND $3", [DaySet.LastDay, days.First, days.Last], reader => ids.Add(reader.GetInt64(0)));
            return ids;
        }

        public List<RollupKind> RollupKinds(long channelId) => RollupTable.Kinds(session, channelId);

        public List<RollupRow> Rollups(long channelId, RollupKind kind) => RollupTable.Find(session, channelId, kind, 0, int.MaxValue);

        public RollupInput SealedInput(ChannelRow row) => PostgresReader.InputOf(session, row, [], []);
    }

    private sealed class Change(PostgresSession session, SealHold hold) : IStoreChange
    {
        public void DropRollups() => _ = session.Execute("DELETE FROM rollup");

        public void Put(List<(long Id, Columns Readings)> chunks) => session.ExecuteTogether([ChunkTable.Put(chunks)]);

        // Chunks of a gateway that was enrolled meanwhile belong to whoever seals it; chunks of no channel to nobody.
        public void Drop(List<long> chunkIds) => _ = session.Execute(
            """
            DELETE FROM chunk WHERE id = ANY($1)
                AND NOT EXISTS(SELECT 1 FROM channel c JOIN seal s ON s.gateway=c.gateway WHERE c.id=chunk.id >> 24 AND s.owner IS DISTINCT FROM $2)
            """,
            chunkIds.ToArray(), hold.Owner);

        public void NoteSealed(long through, Dictionary<string, long> readings)
        {
            foreach (ChannelView view in ChannelTable.All(session).FindAll(view => hold.Gateways.Contains(view.Row.Gateway)))
            {
                ChunkTable.Recount(session, view.Row);
            }

            string[] gateways = [.. hold.Gateways];
            SealTable.Put(session, gateways, Array.ConvertAll(gateways, gateway => readings.GetValueOrDefault(gateway)), through);
        }
    }
}
