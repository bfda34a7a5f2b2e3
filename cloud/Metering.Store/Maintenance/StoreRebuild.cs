using Metering.Store.Chunks;

namespace Metering.Store.Maintenance;

/// <summary>
/// Makes every chunk from the journal alone and puts it in place of the one that is there; rollups are dropped and come
/// back by themselves. A rebuild that is cut off leaves a sound store: some chunks are new, and the old ones were made of
/// the same batches. Needs the right to seal.
/// </summary>
internal sealed class StoreRebuild(IStoreTables tables, StoreProgress progress)
{
    private const int PageRows = 256;
    private const int ChunksPerTransaction = 512;
    private readonly JournalWindows _windows = new();
    private readonly Dictionary<string, long> _readings = new(StringComparer.Ordinal);

    /// <returns>Chunks made.</returns>
    public long Run(CancellationToken cancellationToken)
    {
        long through = tables.Read(moment => moment.LastSequence());
        CountReadings(through, cancellationToken);
        tables.Write(change => change.DropRollups());
        long made = 0;
        foreach ((long First, long Last) window in _windows.List())
        {
            List<(long Id, Columns Readings)> chunks = tables.Read(moment => Chunks(moment, window, through));
            foreach ((long Id, Columns Readings)[] part in chunks.Chunk(ChunksPerTransaction))
            {
                cancellationToken.ThrowIfCancellationRequested();
                tables.Write(change => change.Put([.. part]));
                made += part.Length;
                progress("chunks", made, made);
            }

            HashSet<long> ids = [.. chunks.Select(chunk => chunk.Id)];
            List<long> others = tables.Read(moment => moment.ChunkIds(window)).FindAll(id => !ids.Contains(id));
            tables.Write(change => change.Drop(others));
        }

        tables.Write(change => change.NoteSealed(through, _readings));
        return made;
    }

    private static List<(long Id, Columns Readings)> Chunks(IStoreMoment moment, (long First, long Last) window, long through)
    {
        List<(long, Columns)> chunks = [];
        foreach (JournalDay day in JournalWindows.Read(moment, window, gateway => moment.MayReplace(gateway) ? through : 0, skipsDamaged: false))
        {
            if (day.Sealed is not null)
            {
                chunks.Add((ChunkCodec.IdOf(day.Row.Id, day.Day), day.Sealed));
            }
        }

        return chunks;
    }

    private void CountReadings(long through, CancellationToken cancellationToken)
    {
        long after = 0;
        while (after < through)
        {
            cancellationToken.ThrowIfCancellationRequested();
            List<JournalRow> page = tables.Read(moment => moment.Page(after, PageRows)).FindAll(row => row.Sequence <= through);
            foreach (JournalRow row in page)
            {
                if (!row.IsThinned)
                {
                    Metering.Readings.BatchManifest manifest = JournalReplay.Open(row.Sequence, row.Envelope).Manifest;
                    _windows.Count(manifest);
                    _readings[row.Gateway] = _readings.GetValueOrDefault(row.Gateway) + manifest.ReadingCount;
                }
            }

            after = page[^1].Sequence;
            progress("batches", after, through);
        }
    }
}
