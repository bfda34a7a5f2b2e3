using Metering.Store.Chunks;

namespace Metering.Store.Postgres;

/// <summary>The days whose readings were dropped on purpose, as ranges per channel that neither overlap nor touch.</summary>
internal static class PrunedTable
{
    /// <summary>The ranges of a channel that touch [from, to), ascending.</summary>
    public static List<PrunedRange> Between(PostgresSession session, long channelId, long fromUtcMilliseconds, long toUtcMilliseconds)
    {
        List<PrunedRange> ranges = [];
        _ = session.Query(
            "SELECT first_day*$4, end_day*$4 FROM pruned WHERE channel=$1 AND end_day*$4>$2 AND first_day*$4<$3 ORDER BY first_day",
            [channelId, fromUtcMilliseconds, toUtcMilliseconds, ChunkCodec.MillisecondsPerDay],
            reader => ranges.Add(new(reader.GetInt64(0), reader.GetInt64(1))));
        return ranges;
    }

    /// <summary>The ranges of all channels of a gateway, or of every gateway: first day and first day after it.</summary>
    public static ILookup<long, (long First, long End)> All(PostgresSession session, string? gateway)
    {
        List<(long Channel, long First, long End)> ranges = [];
        _ = session.Query(
            "SELECT p.channel, p.first_day, p.end_day FROM pruned p JOIN channel c ON c.id=p.channel WHERE $1::text IS NULL OR c.gateway=$1::text",
            [gateway],
            reader => ranges.Add((reader.GetInt64(0), reader.GetInt64(1), reader.GetInt64(2))));
        return ranges.ToLookup(range => range.Channel, range => (range.First, range.End));
    }

    /// <summary>Whether a day of a channel was dropped.</summary>
    public static bool Contains(ILookup<long, (long First, long End)> pruned, long channelId, long day) =>
        pruned[channelId].Any(range => range.First <= day && range.End > day);
}
