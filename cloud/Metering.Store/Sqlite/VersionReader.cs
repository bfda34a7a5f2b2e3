using System.Collections.Concurrent;
using System.Security.Cryptography;
using Metering.Store.Chunks;
using Metering.Store.Rollups;

namespace Metering.Store.Sqlite;

/// <summary>
/// The versions of ranges. A version is taken from the readings themselves; it is remembered together with the versions of
/// the chunks it came from, so that asking again costs a look at an index as long as nothing has changed.
/// </summary>
internal sealed class VersionReader(SqliteFile file, ReadingState state, ReadingReader reader)
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
        string? chunks = file.Read(session => ChunksOf(session, gateway, channel, fromUtcMilliseconds, toUtcMilliseconds));
        if (chunks is not null && _known.TryGetValue(key, out (string Chunks, string Version) known) && known.Chunks == chunks)
        {
            return known.Version;
        }

        ReadingColumns? readings = reader.Read(gateway, channel, fromUtcMilliseconds, toUtcMilliseconds);
        if (readings is null)
        {
            return null;
        }

        _ = Interlocked.Increment(ref _computed);
        string version = ReadingVersion.Of(readings);
        bool isSame = chunks is not null
            && file.Read(session => ChunksOf(session, gateway, channel, fromUtcMilliseconds, toUtcMilliseconds)) == chunks;
        if (isSame)
        {
            if (_known.Count >= MaximumRemembered)
            {
                _known.Clear();
            }

            _known[key] = (chunks!, version);
        }

        return version;
    }

    /// <summary>What says that the readings of a range are the same as before; null when some of them are not sealed.</summary>
    private string? ChunksOf(SqliteSession session, string gateway, string channel, long fromUtcMilliseconds, long toUtcMilliseconds)
    {
        long from = Math.Clamp(fromUtcMilliseconds, StoreLimits.FirstInstantUtcMilliseconds, StoreLimits.EndInstantUtcMilliseconds);
        long to = Math.Clamp(toUtcMilliseconds, StoreLimits.FirstInstantUtcMilliseconds, StoreLimits.EndInstantUtcMilliseconds);
        (long first, long last) = (from / ChunkCodec.MillisecondsPerDay, (to - 1) / ChunkCodec.MillisecondsPerDay);
        ChannelRow? row;
        List<(long Day, Columns Readings)> heads;
        lock (state.Gate)
        {
            session.BeginRead();
            state.Follow(session);
            row = ChannelTable.Find(session, gateway, channel);
            heads = row is null ? [] : state.Heads.Snapshot(row.Id, first, last);
        }

        if (row is null || heads.Count > 0)
        {
            return null;
        }

        (List<long> days, List<long> versions) = RollupTable.Days(session, row.Id);
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        RollupSource.AddChannel(hash, row.Channel);
        return new DaySet(days, versions).AddTo(hash, first, last) ? Convert.ToHexStringLower(hash.GetHashAndReset()) : null;
    }
}
