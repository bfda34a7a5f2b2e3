using Metering.Readings;
using Metering.Store.Chunks;
using Metering.Store.Rollups;
using Metering.Store.Sqlite;
using Microsoft.Data.Sqlite;

namespace Metering.Store.Maintenance;

/// <summary>
/// Checks a store against itself, also while it is in use: the journal (form, signatures, chain), every chunk byte for byte
/// against what the journal gives, every rollup against what the chunks give. Changes nothing.
/// </summary>
internal sealed class StoreVerification(SqliteFile file, StoreProgress progress)
{
    private const int PageRows = 256;
    private readonly VerificationReport _report = new();
    private readonly JournalWindows _windows = new();

    public VerificationReport Run(CancellationToken cancellationToken)
    {
        CheckJournal(cancellationToken);
        List<(long First, long Last)> windows = _windows.List();
        long total = file.Read(session => session.Scalar("SELECT count(*) FROM chunk"));
        foreach ((long first, long last) in windows)
        {
            cancellationToken.ThrowIfCancellationRequested();
            _ = file.Read(session =>
            {
                session.BeginRead();
                CheckChunks(session, first, last);
                return true;
            });
            progress("chunks", _report.Chunks, Math.Max(total, _report.Chunks));
        }

        CheckRollups(cancellationToken);
        _report.PrunedDays = file.Read(session => session.Scalar("SELECT ifnull(sum(end_day - first_day), 0) FROM pruned"));
        return _report;
    }

    private void CheckJournal(CancellationToken cancellationToken)
    {
        using JournalCheck check = new(file.Read(EnrolmentTable.All), _report);
        long total = file.Read(JournalTable.LastSequence);
        long after = 0;
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            List<JournalRow> page = file.Read(session => JournalTable.Page(session, after, PageRows));
            if (page.Count == 0)
            {
                return;
            }

            foreach (JournalRow row in page)
            {
                if (check.Check(row) is BatchManifest manifest && !row.IsThinned)
                {
                    _windows.Count(manifest);
                }
            }

            after = page[^1].Sequence;
            progress("batches", after, Math.Max(total, after));
        }
    }

    private void CheckChunks(SqliteSession session, long firstDay, long lastDay)
    {
        long sealedThrough = FollowerTable.Watermark(session, ReadingState.SealedWatermark);
        HashSet<long> found = [];
        foreach (JournalDay day in JournalWindows.Read(session, (firstDay, lastDay), sealedThrough, skipsDamaged: true))
        {
            long id = ChunkCodec.IdOf(day.Row.Id, day.Day);
            _ = found.Add(id);
            if (Difference(session, id, day) is string difference)
            {
                _report.Add($"channel {day.Row.Channel.Id} of gateway {day.Row.Gateway}, {DateOf(day.Day)}: {difference}.");
            }
        }

        using SqliteDataReader reader = session.Query("SELECT id FROM chunk WHERE (id & $0) BETWEEN $1 AND $2", DaySet.LastDay, firstDay, lastDay);
        while (reader.Read())
        {
            long id = reader.GetInt64(0);
            if (found.Add(id))
            {
                _report.Add($"chunk {id} ({DateOf(ChunkCodec.DayOf(id))}): the journal has no reading of it.");
            }
        }
    }

    private string? Difference(SqliteSession session, long id, JournalDay day)
    {
        using SqliteDataReader reader = session.Query("SELECT count, data FROM chunk WHERE id=$0", id);
        bool exists = reader.Read();
        if (!exists)
        {
            return day.Sealed is null ? null : "the chunk is missing";
        }

        _report.Chunks++;
        ReadOnlySpan<byte> data = SqliteSession.Blob(reader, 1);
        if (ChunkCodec.TryDecode(id, data) is not Columns chunk || chunk.Count != reader.GetInt64(0))
        {
            return "the chunk does not fit its check sum";
        }

        // While sealing is under way a chunk may hold more than the watermark says: what readers see must be the same all the same.
        bool isSame = day.Unsealed is null
            ? day.Sealed is not null && data.SequenceEqual(ChunkCodec.Encode(id, day.Sealed))
            : ChunkCodec.Encode(id, Columns.Merge(chunk, day.Unsealed)).AsSpan().SequenceEqual(ChunkCodec.Encode(id, Columns.Merge(day.Sealed, day.Unsealed)));
        return isSame ? null : "the chunk is not what the journal gives";
    }

    private void CheckRollups(CancellationToken cancellationToken)
    {
        List<ChannelRow> rows = file.Read(ChannelTable.All);
        for (int index = 0; index < rows.Count; index++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            ChannelRow row = rows[index];
            _ = file.Read(session =>
            {
                session.BeginRead();
                foreach (RollupKind kind in RollupTable.Kinds(session, row.Id))
                {
                    CheckRollups(session, row, kind);
                }

                return true;
            });
            progress("channels with rollups", index + 1, rows.Count);
        }
    }

    private void CheckRollups(SqliteSession session, ChannelRow row, RollupKind kind)
    {
        List<RollupRow> stored = RollupTable.Find(session, row.Id, kind, 0, int.MaxValue);
        if (kind.Step == RollupPace.StoredAs || !TimeZoneInfo.TryFindSystemTimeZoneById(kind.Zone, out TimeZoneInfo? zone))
        {
            _report.StaleRollups += kind.Step == RollupPace.StoredAs ? 0 : stored.Count;
            return;
        }

        RollupInput input = ReadingReader.InputOf(session, row, [], new(long.MaxValue)) with { Stored = (_, _, _) => [] };
        RollupReader reader = new(input);
        _ = reader.Read(new() { Gateway = row.Gateway, Channel = row.Channel.Id, Step = (RollupStep)kind.Step, Zone = zone });
        Dictionary<int, RollupRow> now = reader.Made.Where(item => item.Kind == kind).ToDictionary(item => item.Row.Month, item => item.Row);
        foreach (RollupRow rollup in stored)
        {
            if (!now.TryGetValue(rollup.Month, out RollupRow? made) || !made.Source.AsSpan().SequenceEqual(rollup.Source))
            {
                _report.StaleRollups++;
            }
            else if (made.Data.AsSpan().SequenceEqual(rollup.Data))
            {
                _report.FreshRollups++;
            }
            else
            {
                _report.Add($"channel {row.Channel.Id} of gateway {row.Gateway}: the rollup of month {rollup.Month / 12:D4}-{(rollup.Month % 12) + 1:D2}, {(RollupStep)kind.Step}, is not what its chunks give.");
            }
        }
    }

    private static string DateOf(long day) => string.Create(null, $"{DateTimeOffset.FromUnixTimeMilliseconds(day * ChunkCodec.MillisecondsPerDay):yyyy-MM-dd}");
}
