using Metering.Readings;
using Metering.Store.Chunks;

namespace Metering.Store.Maintenance;

/// <summary>What the journal gives for one channel and day.</summary>
/// <param name="Row">The channel.</param>
/// <param name="Day">UTC day.</param>
/// <param name="Sealed">From the batches that are in chunks; null when none of them has the day.</param>
/// <param name="Unsealed">From the batches that are not; null when none of them has the day.</param>
internal sealed record JournalDay(ChannelRow Row, long Day, Columns? Sealed, Columns? Unsealed);

/// <summary>
/// Makes channel days from the journal alone, a window of days at a time, so that a journal of any length needs the memory
/// of <see cref="WindowReadings"/> readings. A first pass tells how many readings a day has.
/// </summary>
internal sealed class JournalWindows
{
    private const int WindowReadings = 4_000_000;
    private readonly SortedDictionary<long, long> _readingsOfDay = [];

    /// <summary>Notes the readings of a batch.</summary>
    public void Count(BatchManifest manifest)
    {
        long first = manifest.FirstUtcMilliseconds / ChunkCodec.MillisecondsPerDay;
        long last = manifest.LastUtcMilliseconds / ChunkCodec.MillisecondsPerDay;
        long share = (manifest.ReadingCount / (last - first + 1)) + 1;
        for (long day = first; day <= last; day++)
        {
            _readingsOfDay[day] = _readingsOfDay.GetValueOrDefault(day) + share;
        }
    }

    /// <summary>The windows, first and last day, that cover all days there can be.</summary>
    public List<(long First, long Last)> List()
    {
        List<(long, long)> windows = [];
        long first = 0;
        long readings = 0;
        foreach ((long day, long count) in _readingsOfDay)
        {
            if (readings > 0 && readings + count > WindowReadings)
            {
                windows.Add((first, day - 1));
                first = day;
                readings = 0;
            }

            readings += count;
        }

        windows.Add((first, Rollups.DaySet.LastDay));
        return windows;
    }

    /// <summary>The channel days of a window, by channel and day. Pruned days are left out.</summary>
    /// <param name="moment">What the store holds.</param>
    /// <param name="window">First and last day.</param>
    /// <param name="sealedThrough">Up to which place a gateway's batches are in chunks.</param>
    /// <param name="skipsDamaged">Whether a damaged batch is passed over instead of an error.</param>
    public static List<JournalDay> Read(IStoreMoment moment, (long First, long Last) window, Func<string, long> sealedThrough, bool skipsDamaged)
    {
        (long firstDay, long lastDay) = window;
        Dictionary<(string, string), ChannelRow> channels = moment.Channels().ToDictionary(row => (row.Gateway, row.Channel.Id));
        HeadSet inChunks = new();
        HeadSet waiting = new();
        Func<long, long, bool> isPruned = moment.Pruned();
        moment.ReplayDays(window, skipsDamaged, (sequence, gateway, segment) =>
        {
            if (channels.TryGetValue((gateway, segment.Channel.Id), out ChannelRow? row))
            {
                (sequence <= sealedThrough(gateway) ? inChunks : waiting).Apply(row.Id, segment);
            }
        });
        Dictionary<long, ChannelRow> rows = channels.Values.ToDictionary(row => row.Id);
        SortedDictionary<(long, long), JournalDay> days = [];
        foreach ((long id, long day, Columns readings) in inChunks.Freeze())
        {
            if (day >= firstDay && day <= lastDay && !isPruned(id, day))
            {
                days[(id, day)] = new(rows[id], day, readings, null);
            }
        }

        foreach ((long id, long day, Columns readings) in waiting.Freeze())
        {
            if (day >= firstDay && day <= lastDay && !isPruned(id, day))
            {
                days[(id, day)] = days.TryGetValue((id, day), out JournalDay? known) ? known with { Unsealed = readings } : new(rows[id], day, null, readings);
            }
        }

        return [.. days.Values];
    }
}
