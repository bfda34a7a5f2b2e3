using Metering.Readings;
using Metering.Store.Chunks;
using Metering.Store.Rollups;

namespace Metering.Store.Maintenance;

/// <summary>
/// Checks a store against itself, also while it is in use: the journal (form, signatures, chain), every chunk byte for byte
/// against what the journal gives, every rollup against what the chunks give. Changes nothing.
/// </summary>
internal sealed class StoreVerification(IStoreTables tables, StoreProgress progress)
{
    private const int PageRows = 256;
    private readonly VerificationReport _report = new();
    private readonly JournalWindows _windows = new();

    public VerificationReport Run(CancellationToken cancellationToken)
    {
        CheckJournal(cancellationToken);
        List<(long First, long Last)> windows = _windows.List();
        long total = tables.Read(moment => moment.ChunkCount());
        foreach ((long first, long last) in windows)
        {
            cancellationToken.ThrowIfCancellationRequested();
            _ = tables.Read(moment =>
            {
                CheckChunks(moment, (first, last));
                return true;
            });
            progress("chunks", _report.Chunks, Math.Max(total, _report.Chunks));
        }

        CheckRollups(cancellationToken);
        _report.PrunedDays = tables.Read(moment => moment.PrunedDays());
        return _report;
    }

    private void CheckJournal(CancellationToken cancellationToken)
    {
        using JournalCheck check = new(tables.Read(moment => moment.Enrolments()), tables.Read(moment => moment.Losses()), _report);
        long total = tables.Read(moment => moment.LastSequence());
        long after = 0;
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            List<JournalRow> page = tables.Read(moment => moment.Page(after, PageRows));
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

    private void CheckChunks(IStoreMoment moment, (long First, long Last) days)
    {
        Dictionary<long, (long Count, byte[] Data)> chunks = moment.Chunks(days);
        HashSet<long> found = [];
        foreach (JournalDay day in JournalWindows.Read(moment, days, moment.SealedThrough(), skipsDamaged: true))
        {
            long id = ChunkCodec.IdOf(day.Row.Id, day.Day);
            _ = found.Add(id);
            if (Difference(chunks, id, day) is string difference)
            {
                _report.Add($"channel {day.Row.Channel.Id} of gateway {day.Row.Gateway}, {DateOf(day.Day)}: {difference}.");
            }
        }

        foreach (long id in moment.ChunkIds(days))
        {
            if (found.Add(id))
            {
                _report.Add($"chunk {id} ({DateOf(ChunkCodec.DayOf(id))}): the journal has no reading of it.");
            }
        }
    }

    private string? Difference(Dictionary<long, (long Count, byte[] Data)> chunks, long id, JournalDay day)
    {
        if (!chunks.TryGetValue(id, out (long Count, byte[] Data) stored))
        {
            return day.Sealed is null ? null : "the chunk is missing";
        }

        _report.Chunks++;
        ReadOnlySpan<byte> data = stored.Data;
        if (ChunkCodec.TryDecode(id, data) is not Columns chunk || chunk.Count != stored.Count)
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
        List<ChannelRow> rows = tables.Read(moment => moment.Channels());
        for (int index = 0; index < rows.Count; index++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            ChannelRow row = rows[index];
            _ = tables.Read(moment =>
            {
                foreach (RollupKind kind in moment.RollupKinds(row.Id))
                {
                    CheckRollups(moment, row, kind);
                }

                return true;
            });
            progress("channels with rollups", index + 1, rows.Count);
        }
    }

    private void CheckRollups(IStoreMoment moment, ChannelRow row, RollupKind kind)
    {
        List<RollupRow> stored = moment.Rollups(row.Id, kind);
        if (kind.Step == RollupPace.StoredAs || !TimeZoneInfo.TryFindSystemTimeZoneById(kind.Zone, out TimeZoneInfo? zone))
        {
            _report.StaleRollups += kind.Step == RollupPace.StoredAs ? 0 : stored.Count;
            return;
        }

        RollupInput input = moment.SealedInput(row) with { Stored = (_, _, _) => [] };
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
