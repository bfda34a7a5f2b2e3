using Metering.Store.Chunks;
using Metering.Store.Rollups;
using Metering.Store.Sqlite;
using Microsoft.Data.Sqlite;

namespace Metering.Store.Maintenance;

/// <summary>
/// Makes every chunk from the journal alone and puts it in place of the one that is there; rollups are dropped and come
/// back by themselves. A rebuild that is cut off leaves a sound store: some chunks are new, and the old ones were made of
/// the same batches. Needs the right to append.
/// </summary>
internal sealed class StoreRebuild(SqliteFile file, StoreProgress progress)
{
    private const int PageRows = 256;
    private const int ChunksPerTransaction = 512;

    /// <returns>Chunks made.</returns>
    public long Run(CancellationToken cancellationToken)
    {
        long through = file.Read(JournalTable.LastSequence);
        JournalWindows windows = CountReadings(through, cancellationToken);
        _ = file.Write(session => session.Execute("DELETE FROM rollup"));
        long made = 0;
        foreach ((long first, long last) in windows.List())
        {
            List<JournalDay> days = file.Read(session =>
            {
                session.BeginRead();
                return JournalWindows.Read(session, (first, last), long.MaxValue, skipsDamaged: false);
            });
            foreach (JournalDay[] part in days.Chunk(ChunksPerTransaction))
            {
                cancellationToken.ThrowIfCancellationRequested();
                _ = file.Write(session =>
                {
                    Array.ForEach(part, day => ChunkTable.Put(session, ChunkCodec.IdOf(day.Row.Id, day.Day), day.Sealed!));
                    return true;
                });
                made += part.Length;
                progress("chunks", made, made);
            }

            DropOthers(first, last, days);
        }

        _ = file.Write(session =>
        {
            ChannelTable.All(session).ForEach(row => ChannelTable.Recount(session, row));
            FollowerTable.Set(session, ReadingState.SealedWatermark, through);
            return true;
        });
        return made;
    }

    private JournalWindows CountReadings(long through, CancellationToken cancellationToken)
    {
        JournalWindows windows = new();
        long after = 0;
        while (after < through)
        {
            cancellationToken.ThrowIfCancellationRequested();
            List<JournalRow> page = file.Read(session => JournalTable.Page(session, after, PageRows));
            foreach (JournalRow row in page)
            {
                if (!row.IsThinned)
                {
                    windows.Count(JournalReplay.Open(row.Sequence, row.Envelope).Manifest);
                }
            }

            after = page[^1].Sequence;
            progress("batches", after, through);
        }

        return windows;
    }

    private void DropOthers(long firstDay, long lastDay, List<JournalDay> days)
    {
        HashSet<long> made = [.. days.Select(day => ChunkCodec.IdOf(day.Row.Id, day.Day))];
        _ = file.Write(session =>
        {
            List<long> others = [];
            using (SqliteDataReader reader = session.Query("SELECT id FROM chunk WHERE (id & $0) BETWEEN $1 AND $2", DaySet.LastDay, firstDay, lastDay))
            {
                while (reader.Read())
                {
                    if (!made.Contains(reader.GetInt64(0)))
                    {
                        others.Add(reader.GetInt64(0));
                    }
                }
            }

            others.ForEach(id => session.Execute("DELETE FROM chunk WHERE id=$0", id));
            return true;
        });
    }
}
