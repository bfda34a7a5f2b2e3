using System.Collections.Concurrent;
using System.Security.Cryptography;
using Metering.Readings;
using Metering.Store.Chunks;

namespace Metering.Store.Rollups;

/// <summary>
/// The versions of ranges, over a store of any kind. A version is taken from the readings themselves; it is remembered
/// together with the versions of the chunks it came from, so that asking again costs a look at an index as long as nothing
/// has changed.
/// </summary>
/// <param name="sealedDays">
/// Gives a channel and, at least from a first to a last day, the days of its chunks; null when it has never had a reading
/// or some of these days are not sealed.
/// </param>
/// <param name="read">Reads a range; null when the channel has never had a reading.</param>
internal sealed class VersionReader(
    Func<string, string, (long First, long Last), (Channel Channel, DaySet Days)?> sealedDays, Func<string, string, long, long, ReadingColumns?> read)
{
    private const int MaximumRemembered = 4_096;
    private readonly ConcurrentDictionary<(string Gateway, string Channel, long From, long To), (string Chunks, string Version)> _known = new();
    private long _computed;

    /// <summary>How many versions were taken from readings.</summary>
    public long ComputedCount => Interlocked.Read(ref _computed);

    /// <summary>The version of [from, to), or null when the channel has never had a reading.</summary>
    public string? Of(string gateway, string channel, long fromUtcMilliseconds, long toUtcMilliseconds)
    {
        (string, string, long, long) key = (gateway, channel, fromUtcMilliseconds, toUtcMilliseconds);
        string? chunks = ChunksOf(gateway, channel, fromUtcMilliseconds, toUtcMilliseconds);
        if (chunks is not null && _known.TryGetValue(key, out (string Chunks, string Version) known) && known.Chunks == chunks)
        {
            return known.Version;
        }

        ReadingColumns? readings = read(gateway, channel, fromUtcMilliseconds, toUtcMilliseconds);
        if (readings is null)
        {
            return null;
        }

        _ = Interlocked.Increment(ref _computed);
        string version = ReadingVersion.Of(readings.Channel, readings.UtcMilliseconds, readings.ScaledValues, readings.Qualities, readings.HasValues);
        if (chunks is not null && ChunksOf(gateway, channel, fromUtcMilliseconds, toUtcMilliseconds) == chunks)
        {
            if (_known.Count >= MaximumRemembered)
            {
                _known.Clear();
            }

            _known[key] = (chunks, version);
        }

        return version;
    }

    /// <summary>What says that the readings of a range are the same as before; null when some of them are not sealed.</summary>
    private string? ChunksOf(string gateway, string channel, long fromUtcMilliseconds, long toUtcMilliseconds)
    {
        long from = Math.Clamp(fromUtcMilliseconds, StoreLimits.FirstInstantUtcMilliseconds, StoreLimits.EndInstantUtcMilliseconds);
        long to = Math.Clamp(toUtcMilliseconds, StoreLimits.FirstInstantUtcMilliseconds, StoreLimits.EndInstantUtcMilliseconds);
        (long First, long Last) days = (from / ChunkCodec.MillisecondsPerDay, (to - 1) / ChunkCodec.MillisecondsPerDay);
        if (sealedDays(gateway, channel, days) is not (Channel definition, DaySet set))
        {
            return null;
        }

        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        RollupSource.AddChannel(hash, definition);
        return set.AddTo(hash, days.First, days.Last) ? Convert.ToHexStringLower(hash.GetHashAndReset()) : null;
    }
}
