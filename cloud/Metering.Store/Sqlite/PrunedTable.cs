using Metering.Store.Chunks;
using Microsoft.Data.Sqlite;

namespace Metering.Store.Sqlite;

/// <summary>The days whose readings were dropped on purpose, as ranges per channel that neither overlap nor touch.</summary>
internal static class PrunedTable
{
    /// <summary>First day and first day after it, of each range, ascending.</summary>
    public static List<(long First, long End)> Of(SqliteSession session, long channelId)
    {
        List<(long, long)> ranges = [];
        using SqliteDataReader reader = session.Query("SELECT first_day, end_day FROM pruned WHERE channel=$0 ORDER BY first_day", channelId);
        while (reader.Read())
        {
            ranges.Add((reader.GetInt64(0), reader.GetInt64(1)));
        }

        return ranges;
    }

    /// <summary>The same as instants, those that touch [from, to) only.</summary>
    public static List<PrunedRange> Between(SqliteSession session, long channelId, long fromUtcMilliseconds, long toUtcMilliseconds)
    {
        List<PrunedRange> ranges = [];
        foreach ((long first, long end) in Of(session, channelId))
        {
            PrunedRange range = new(first * ChunkCodec.MillisecondsPerDay, end * ChunkCodec.MillisecondsPerDay);
            if (range.FromUtcMilliseconds < toUtcMilliseconds && range.ToUtcMilliseconds > fromUtcMilliseconds)
            {
                ranges.Add(range);
            }
        }

        return ranges;
    }

    public static bool Contains(SqliteSession session, long channelId, long day) =>
        session.Scalar("SELECT count(*) FROM pruned WHERE channel=$0 AND first_day<=$1 AND end_day>$1", channelId, day) > 0;

    /// <summary>Adds a range and joins it with those it overlaps or touches.</summary>
    public static void Add(SqliteSession session, long channelId, long firstDay, long endDay)
    {
        long first = firstDay;
        long end = endDay;
        foreach ((long otherFirst, long otherEnd) in Of(session, channelId))
        {
            if (otherFirst <= endDay && otherEnd >= firstDay)
            {
                first = Math.Min(first, otherFirst);
                end = Math.Max(end, otherEnd);
                _ = session.Execute("DELETE FROM pruned WHERE channel=$0 AND first_day=$1", channelId, otherFirst);
            }
        }

        _ = session.Execute("INSERT INTO pruned(channel, first_day, end_day) VALUES($0, $1, $2)", channelId, first, end);
    }
}
