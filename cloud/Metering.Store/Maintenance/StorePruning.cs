using Metering.Readings;
using Metering.Store.Chunks;
using Metering.Store.Rollups;
using Metering.Store.Sqlite;
using Microsoft.Data.Sqlite;

namespace Metering.Store.Maintenance;

/// <summary>A range of a channel that must stay: a project's baseline or reporting period, with a margin.</summary>
/// <param name="Gateway">Gateway identifier.</param>
/// <param name="Channel">Channel identifier.</param>
/// <param name="FromUtcMilliseconds">First instant.</param>
/// <param name="ToUtcMilliseconds">First instant after it.</param>
public sealed record ProtectedRange(string Gateway, string Channel, long FromUtcMilliseconds, long ToUtcMilliseconds);

/// <summary>What may be dropped.</summary>
/// <param name="BeforeUtcMilliseconds">UTC days that end at or before this instant.</param>
/// <param name="Protected">What must stay whatever its age.</param>
/// <param name="ThinJournal">Also drop the readings of batches in the journal; their signed manifests are always kept.</param>
public sealed record PruneRequest(long BeforeUtcMilliseconds, IReadOnlyList<ProtectedRange> Protected, bool ThinJournal);

/// <summary>What is dropped of one channel.</summary>
/// <param name="Gateway">Gateway identifier.</param>
/// <param name="Channel">Channel identifier.</param>
/// <param name="Days">UTC days.</param>
/// <param name="Readings">Readings in them.</param>
/// <param name="Length">Bytes of their chunks.</param>
/// <param name="Ranges">The same days as ranges.</param>
public sealed record PrunedChannel(string Gateway, string Channel, long Days, long Readings, long Length, IReadOnlyList<PrunedRange> Ranges);

/// <summary>What a pruning dropped, or would drop.</summary>
/// <param name="Channels">Channels of which something goes.</param>
/// <param name="Batches">Batches that are thinned.</param>
/// <param name="BatchLength">Bytes that the thinned batches lose.</param>
public sealed record PruneReport(IReadOnlyList<PrunedChannel> Channels, long Batches, long BatchLength);

/// <summary>
/// Drops old chunks and their rollups, and leaves a record of what was dropped. Of the journal only batches are thinned all
/// of whose readings lie in dropped days, so that whatever is left can still be made and verified from the journal.
/// </summary>
internal sealed class StorePruning(SqliteFile file, TimeProvider clock)
{
    private const int PageRows = 256;

    /// <param name="request">What may go.</param>
    /// <param name="isDryRun">True to look only.</param>
    public PruneReport Run(PruneRequest request, bool isDryRun)
    {
        List<PrunedChannel> channels = [];
        Dictionary<(string, string), List<(long First, long End)>> pruned = [];
        foreach (ChannelRow row in file.Read(ChannelTable.All))
        {
            (PrunedChannel? channel, List<(long, long)> ranges) = isDryRun
                ? file.Read(session => Prune(session, row, request, isDryRun))
                : file.Write(session => Prune(session, row, request, isDryRun));
            pruned.Add((row.Gateway, row.Channel.Id), ranges);
            if (channel is not null)
            {
                channels.Add(channel);
            }
        }

        (long batches, long length) = request.ThinJournal ? Thin(request, pruned, isDryRun) : (0, 0);
        return new(channels, batches, length);
    }

    private static (PrunedChannel? Channel, List<(long First, long End)> Ranges) Prune(SqliteSession session, ChannelRow row, PruneRequest request, bool isDryRun)
    {
        long endDay = request.BeforeUtcMilliseconds / ChunkCodec.MillisecondsPerDay;
        List<ProtectedRange> kept = [.. request.Protected.Where(range => range.Gateway == row.Gateway && range.Channel == row.Channel.Id)];
        List<(long First, long End)> ranges = [];
        (long days, long readings, long length) = (0, 0, 0);
        using (SqliteDataReader reader = session.Query(
            "SELECT id, count, length(data) FROM chunk WHERE id BETWEEN $0 AND $1 ORDER BY id", ChunkCodec.IdOf(row.Id, 0), ChunkCodec.IdOf(row.Id, endDay) - 1))
        {
            while (reader.Read())
            {
                long day = ChunkCodec.DayOf(reader.GetInt64(0));
                if (kept.Exists(range => IsIn(range, day)))
                {
                    continue;
                }

                (days, readings, length) = (days + 1, readings + reader.GetInt64(1), length + reader.GetInt64(2));
                Extend(ranges, day, kept);
            }
        }

        if (!isDryRun && ranges.Count > 0)
        {
            Drop(session, row, ranges);
        }

        List<PrunedRange> instants = ranges.ConvertAll(range => new PrunedRange(range.First * ChunkCodec.MillisecondsPerDay, range.End * ChunkCodec.MillisecondsPerDay));
        ranges.AddRange(PrunedTable.Of(session, row.Id));
        return (days == 0 ? null : new(row.Gateway, row.Channel.Id, days, readings, length, instants), ranges);
    }

    // Days without readings between two dropped ones are dropped with them, unless one of them must stay.
    private static void Extend(List<(long First, long End)> ranges, long day, List<ProtectedRange> kept)
    {
        if (ranges.Count > 0)
        {
            (long first, long end) = ranges[^1];
            bool isJoined = true;
            for (long between = end; between < day && isJoined; between++)
            {
                isJoined = !kept.Exists(range => IsIn(range, between));
            }

            if (isJoined)
            {
                ranges[^1] = (first, day + 1);
                return;
            }
        }

        ranges.Add((day, day + 1));
    }

    private static bool IsIn(ProtectedRange range, long day) =>
        range.FromUtcMilliseconds < (day + 1) * ChunkCodec.MillisecondsPerDay && range.ToUtcMilliseconds > day * ChunkCodec.MillisecondsPerDay;

    private static void Drop(SqliteSession session, ChannelRow row, List<(long First, long End)> ranges)
    {
        foreach ((long first, long end) in ranges)
        {
            _ = session.Execute("DELETE FROM chunk WHERE id BETWEEN $0 AND $1", ChunkCodec.IdOf(row.Id, first), ChunkCodec.IdOf(row.Id, end) - 1);
            int firstMonth = RollupMonth.Of(first * ChunkCodec.MillisecondsPerDay);
            int lastMonth = RollupMonth.Of((end * ChunkCodec.MillisecondsPerDay) - 1);
            _ = session.Execute("DELETE FROM rollup WHERE channel=$0 AND step>=0 AND period BETWEEN $1 AND $2", row.Id, (long)firstMonth, (long)lastMonth);
            PrunedTable.Add(session, row.Id, first, end);
        }

        ChannelTable.Recount(session, row);
    }

    private (long Batches, long Length) Thin(PruneRequest request, Dictionary<(string, string), List<(long First, long End)>> pruned, bool isDryRun)
    {
        (long batches, long length) = (0, 0);
        long through = file.Read(session => FollowerTable.Watermark(session, ReadingState.SealedWatermark));
        long after = 0;
        while (after < through)
        {
            List<JournalRow> page = file.Read(session => JournalTable.Page(session, after, PageRows));
            if (page.Count == 0)
            {
                break;
            }

            after = page[^1].Sequence;
            foreach (JournalRow row in page)
            {
                bool isCandidate = !row.IsThinned && row.Sequence <= through && row.Last < request.BeforeUtcMilliseconds;
                if (!isCandidate || JournalReplay.Open(row.Sequence, row.Envelope) is not BatchEnvelope envelope || !IsAllPruned(row.Gateway, envelope, pruned))
                {
                    continue;
                }

                batches++;
                length += row.Envelope.Length - envelope.Note.Length;
                if (!isDryRun)
                {
                    long now = clock.GetUtcNow().ToUnixTimeMilliseconds();
                    _ = file.Write(session =>
                    {
                        JournalTable.Thin(session, row, envelope.Note.ToArray(), now);
                        return true;
                    });
                }
            }
        }

        return (batches, length);
    }

    private static bool IsAllPruned(string gateway, BatchEnvelope envelope, Dictionary<(string, string), List<(long First, long End)>> pruned)
    {
        foreach (ChannelSegment segment in envelope.ReadSegments())
        {
            List<(long First, long End)> ranges = pruned.GetValueOrDefault((gateway, segment.Channel.Id), []);
            foreach (long instant in segment.UtcMilliseconds.Span)
            {
                long day = instant / ChunkCodec.MillisecondsPerDay;
                if (!ranges.Exists(range => day >= range.First && day < range.End))
                {
                    return false;
                }
            }
        }

        return true;
    }
}
