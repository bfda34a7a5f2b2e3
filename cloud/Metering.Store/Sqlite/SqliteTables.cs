using Metering.Readings;
using Metering.Store.Chunks;
using Metering.Store.Maintenance;
using Metering.Store.Rollups;
using Microsoft.Data.Sqlite;

namespace Metering.Store.Sqlite;

/// <summary>The tables of a SQLite file, for verification and rebuilding. To write, the process must hold the right to append.</summary>
internal sealed class SqliteTables(SqliteFile file) : IStoreTables
{
    public T Read<T>(Func<IStoreMoment, T> body) => file.Read(session =>
    {
        session.BeginRead();
        return body(new Moment(session));
    });

    public void Write(Action<IStoreChange> body) => _ = file.Write(session =>
    {
        body(new Change(session));
        return true;
    });

    private sealed class Moment(SqliteSession session) : IStoreMoment
    {
        public List<GatewayEnrolment> Enrolments() => EnrolmentTable.All(session);

        public List<LostBatches> Losses() => RegisterTable.Losses(session);

        public long LastSequence() => JournalTable.LastSequence(session);

        public List<JournalRow> Page(long afterSequence, int maximum) => JournalTable.Page(session, afterSequence, maximum);

        public List<ChannelRow> Channels() => ChannelTable.All(session);

        public void ReplayDays((long First, long Last) days, bool skipsDamaged, Action<long, string, ChannelSegment> apply) =>
            JournalTable.ReplayDays(session, days, skipsDamaged, apply);

        public Func<string, long> SealedThrough()
        {
            long through = FollowerTable.Watermark(session, ReadingState.SealedWatermark);
            return _ => through;
        }

        public bool MayReplace(string gateway) => true;

        public Func<long, long, bool> Pruned() => (channelId, day) => PrunedTable.Contains(session, channelId, day);

        public long PrunedDays() => session.Scalar("SELECT ifnull(sum(end_day - first_day), 0) FROM pruned");

        public long ChunkCount() => session.Scalar("SELECT count(*) FROM chunk");

        public Dictionary<long, (long Count, byte[] Data)> Chunks((long First, long Last) days)
        {
            Dictionary<long, (long, byte[])> chunks = [];
            using SqliteDataReader reader = session.Query(
                "SELECT chunk.id, chunk.count, chunk.data FROM channel JOIN chunk ON chunk.id BETWEEN (channel.id << 24) + $0 AND (channel.id << 24) + $1",
                days.First, days.Last);
            while (reader.Read())
            {
                chunks.Add(reader.GetInt64(0), (reader.GetInt64(1), SqliteSession.Blob(reader, 2).ToArray()));
            }

            return chunks;
        }

        public List<long> ChunkIds((long First, long Last) days)
        {
            List<long> ids = [];
            using SqliteDataReader reader = session.Query("SELECT id FROM chunk WHERE (id & $0) BETWEEN $1 AND $2", DaySet.LastDay, days.First, days.Last);
            while (reader.Read())
            {
                ids.Add(reader.GetInt64(0));
            }

            return ids;
        }

        public List<RollupKind> RollupKinds(long channelId) => RollupTable.Kinds(session, channelId);

        public List<RollupRow> Rollups(long channelId, RollupKind kind) => RollupTable.Find(session, channelId, kind, 0, int.MaxValue);

        public RollupInput SealedInput(ChannelRow row) => ReadingReader.InputOf(session, row, [], new(long.MaxValue));
    }

    private sealed class Change(SqliteSession session) : IStoreChange
    {
        public void DropRollups() => _ = session.Execute("DELETE FROM rollup");

        public void Put(List<(long Id, Columns Readings)> chunks) => chunks.ForEach(chunk => ChunkTable.Put(session, chunk.Id, chunk.Readings));

        public void Drop(List<long> chunkIds) => chunkIds.ForEach(id => session.Execute("DELETE FROM chunk WHERE id=$0", id));

        public void NoteSealed(long through, Dictionary<string, long> readings)
        {
            ChannelTable.All(session).ForEach(row => ChannelTable.Recount(session, row));
            FollowerTable.Set(session, ReadingState.SealedWatermark, through);
        }
    }
}
