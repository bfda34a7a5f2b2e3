using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Metering.Store.Rollups;

/// <summary>
/// The days of a channel that hold readings, ascending, each with the version of its chunk. A version is taken from the
/// chunk's bytes, so it says what is in the chunk and not how often it was written. A day with unsealed readings has none.
/// </summary>
internal sealed class DaySet(List<long> days, List<long> versions)
{
    /// <summary>Stands for a day whose readings are not all sealed.</summary>
    public const long Unsealed = -1;

    /// <summary>Before every day, and after every day that a chunk can have.</summary>
    public const long FirstDay = 0;
    public const long LastDay = (1 << 24) - 1;

    public int Count => days.Count;

    public long this[int index] => days[index];

    /// <summary>Index of the first day not before a day.</summary>
    public int FirstFrom(long day)
    {
        int index = days.BinarySearch(day);
        return index < 0 ? ~index : index;
    }

    /// <summary>The days of chunks with those of unsealed readings marked.</summary>
    public static DaySet Of(List<long> days, List<long> versions, IEnumerable<long> unsealed)
    {
        foreach (long day in unsealed)
        {
            int index = days.BinarySearch(day);
            if (index >= 0)
            {
                versions[index] = Unsealed;
            }
            else
            {
                days.Insert(~index, day);
                versions.Insert(~index, Unsealed);
            }
        }

        return new(days, versions);
    }

    /// <summary>Adds days and versions from a first to a last day to a hash. False when one of them is not sealed.</summary>
    public bool AddTo(IncrementalHash hash, long firstDay, long lastDay)
    {
        Span<byte> pair = stackalloc byte[16];
        for (int index = FirstFrom(firstDay); index < days.Count && days[index] <= lastDay; index++)
        {
            if (versions[index] == Unsealed)
            {
                return false;
            }

            BinaryPrimitives.WriteInt64LittleEndian(pair, days[index]);
            BinaryPrimitives.WriteInt64LittleEndian(pair[8..], versions[index]);
            hash.AppendData(pair);
        }

        return true;
    }

    /// <summary>The version of a chunk: from its bytes, never <see cref="Unsealed"/>.</summary>
    public static long VersionOf(ReadOnlySpan<byte> chunk)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        _ = SHA256.HashData(chunk, hash);
        return BinaryPrimitives.ReadInt64BigEndian(hash) & long.MaxValue;
    }
}
