using Metering.Readings;

namespace Metering.Store.Chunks;

/// <summary>Takes one row of chunks; the bytes are valid during the call only. False ends the visit.</summary>
internal delegate bool ChunkVisitor(long id, long count, ReadOnlySpan<byte> data);

/// <summary>The chunk rows of one channel as of one moment, in whatever database they stand.</summary>
internal interface IChunkRows
{
    /// <summary>Visits the rows from the first to the last identifier, ascending.</summary>
    void Visit(long firstId, long lastId, ChunkVisitor visitor);

    /// <summary>Readings that the rows say they hold.</summary>
    long CountBetween(long firstId, long lastId);

    /// <summary>The greatest identifier between two, or 0 when there is none.</summary>
    long LastId(long firstId, long lastId);

    /// <summary>One day's readings, made from the journal alone.</summary>
    Columns Rebuild(long day);
}

/// <summary>
/// Reads one channel as of one moment: its chunks with the unsealed readings laid over them. A chunk that does not fit its
/// check sum or its count is noted as damaged and its day is made from the journal.
/// </summary>
/// <param name="rows">The chunks.</param>
/// <param name="row">The channel.</param>
/// <param name="damaged">Receives the days whose chunk was damaged.</param>
internal sealed class ChunkReader(IChunkRows rows, ChannelRow row, List<long> damaged)
{
    /// <summary>Reads [from, to).</summary>
    /// <param name="range">Milliseconds since 1970-01-01 UTC, from inclusive, to exclusive, from before to.</param>
    /// <param name="heads">Unsealed readings of the days in the range, ascending.</param>
    public Columns Read((long From, long To) range, List<(long Day, Columns Readings)> heads)
    {
        // Days that need more than decoding: those at the ends of the range and those with unsealed readings.
        // All others are decoded straight into place.
        SortedList<long, Columns> special = [];
        foreach ((long day, Columns head) in heads)
        {
            special[day] = Columns.Merge(Load(day), head).Between(range.From, range.To);
        }

        long firstDay = range.From / ChunkCodec.MillisecondsPerDay;
        long lastDay = (range.To - 1) / ChunkCodec.MillisecondsPerDay;
        foreach (long day in (long[])[firstDay, lastDay])
        {
            bool isWhole = range.From <= day * ChunkCodec.MillisecondsPerDay && range.To >= (day + 1) * ChunkCodec.MillisecondsPerDay;
            if (!isWhole && !special.ContainsKey(day))
            {
                special.Add(day, Columns.Merge(Load(day), null).Between(range.From, range.To));
            }
        }

        Columns? readings;
        while ((readings = TryAssemble((firstDay, lastDay), special, out long unsound)) is null)
        {
            special.Add(unsound, Load(unsound) ?? new(0));
        }

        return readings;
    }

    /// <summary>The newest reading, or null when there is none.</summary>
    /// <param name="heads">Unsealed readings of the newest day that has some; none when there are none.</param>
    public Reading? Latest(List<(long Day, Columns Readings)> heads)
    {
        long id = rows.LastId(ChunkCodec.IdOf(row.Id, 0), ChunkCodec.IdOf(row.Id + 1, 0) - 1);
        long chunkDay = id == 0 ? -1 : ChunkCodec.DayOf(id);
        long day = heads.Count == 0 ? chunkDay : Math.Max(chunkDay, heads[0].Day);
        if (day < 0)
        {
            return null;
        }

        Columns readings = Columns.Merge(Load(day), heads.Count > 0 && heads[0].Day == day ? heads[0].Readings : null);
        int last = readings.Count - 1;
        return last < 0 ? null : new(readings.UtcMilliseconds[last], readings.ScaledValues[last], 0, readings.Qualities[last], readings.HasValues[last]);
    }

    /// <summary>What the channel holds, or null when it holds nothing.</summary>
    /// <param name="heads">All of its unsealed readings.</param>
    /// <param name="enrolments">The newest enrolment of each gateway.</param>
    public StoredChannel? Describe(List<(long Day, Columns Readings)> heads, Dictionary<string, GatewayEnrolment> enrolments)
    {
        long count = row.Count;
        long first = row.Count > 0 ? row.FirstUtcMilliseconds : long.MaxValue;
        long last = row.Count > 0 ? row.LastUtcMilliseconds : long.MinValue;
        foreach ((long day, Columns head) in heads)
        {
            // Only a head that reaches back over sealed readings needs a look at the chunk.
            bool isAllNew = row.Count == 0 || head.UtcMilliseconds[0] > row.LastUtcMilliseconds;
            Columns? chunk = isAllNew ? null : Load(day);
            count += Columns.Merge(chunk, head).Count - (chunk?.Count ?? 0);
            first = Math.Min(first, head.UtcMilliseconds[0]);
            last = Math.Max(last, head.UtcMilliseconds[^1]);
        }

        GatewayEnrolment? enrolment = enrolments.GetValueOrDefault(row.Gateway);
        return count == 0 ? null : new(row.Gateway, enrolment?.Plant ?? "", row.Channel, count, first, last, enrolment?.Origin ?? ReadingOrigin.Gateway);
    }

    /// <summary>The day's readings from its chunk, or from the journal when the chunk is damaged; null when there is no chunk.</summary>
    public Columns? Load(long day)
    {
        long id = ChunkCodec.IdOf(row.Id, day);
        bool isThere = false;
        Columns? readings = null;
        rows.Visit(id, id, (_, count, data) =>
        {
            isThere = true;
            readings = ChunkCodec.TryDecode(id, data);
            readings = readings?.Count == count ? readings : null;
            return false;
        });
        if (isThere && readings is null)
        {
            damaged.Add(day);
            readings = rows.Rebuild(day);
        }

        return readings;
    }

    private Columns? TryAssemble((long First, long Last) days, SortedList<long, Columns> special, out long unsound)
    {
        long firstId = ChunkCodec.IdOf(row.Id, days.First);
        long lastId = ChunkCodec.IdOf(row.Id, days.Last);
        long plain = rows.CountBetween(firstId, lastId);
        long total = 0;
        foreach ((long day, Columns columns) in special)
        {
            plain -= rows.CountBetween(ChunkCodec.IdOf(row.Id, day), ChunkCodec.IdOf(row.Id, day));
            total += columns.Count;
        }

        Columns result = Columns.Uninitialised((int)(total + Math.Max(0, plain)));
        int position = 0;
        int nextSpecial = 0;
        long found = -1;
        rows.Visit(firstId, lastId, (id, count, data) =>
        {
            long day = ChunkCodec.DayOf(id);
            CopySpecials(special, ref nextSpecial, day, result, ref position);
            if (special.ContainsKey(day))
            {
                return true;
            }

            if (!ChunkCodec.IsSound(id, data) || ChunkCodec.Count(data) != count || position + count > result.Count)
            {
                found = day;
                return false;
            }

            position += ChunkCodec.Decode(id, data, result, position);
            return true;
        });
        unsound = found;
        if (found >= 0)
        {
            return null;
        }

        CopySpecials(special, ref nextSpecial, long.MaxValue, result, ref position);
        return result.Slice(0, position);
    }

    /// <summary>Copies the special days up to and with a day.</summary>
    private static void CopySpecials(SortedList<long, Columns> special, ref int next, long throughDay, Columns result, ref int position)
    {
        while (next < special.Count && special.Keys[next] <= throughDay)
        {
            Columns columns = special.Values[next++];
            columns.CopyTo(0, result, position, columns.Count);
            position += columns.Count;
        }
    }
}
