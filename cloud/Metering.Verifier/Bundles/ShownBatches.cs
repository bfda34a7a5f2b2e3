using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Metering.Verifier.Bundles;

/// <summary>The batches of a gateway's key epoch whose notes are shown, in columns: a year of quarters of an hour is 35,040 of them.</summary>
internal sealed class ShownBatches(string gateway, int keyEpoch)
{
    /// <summary>The gateway.</summary>
    public string Gateway => gateway;

    /// <summary>The key epoch.</summary>
    public int KeyEpoch => keyEpoch;

    /// <summary>Number of each batch, ascending.</summary>
    public List<long> Number { get; } = [];

    /// <summary>Place of each in the log.</summary>
    public List<long> LogIndex { get; } = [];

    /// <summary>First and last instant that each note states.</summary>
    public List<(long First, long Last)> Span { get; } = [];

    /// <summary>Hash of each note.</summary>
    public HashColumn NoteHash { get; } = new();

    /// <summary>The segments that the notes name, of the channels that are of interest.</summary>
    public Dictionary<string, SegmentLines> Lines { get; } = new(StringComparer.Ordinal);

    /// <summary>Readings in all segments that the notes name.</summary>
    public long ReadingCount { get; set; }
}

/// <summary>The segments of one channel as the notes name them; room for as many as there are batches, so that nothing is copied while it grows.</summary>
internal sealed class SegmentLines(int room)
{
    /// <summary>Which of the batches each belongs to.</summary>
    public List<int> Batch { get; } = new(room);

    /// <summary>Readings of each.</summary>
    public List<int> Count { get; } = new(room);

    /// <summary>Hash of each.</summary>
    public HashColumn Hash { get; } = new(room);
}

/// <summary>Many SHA-256 hashes, one behind the other.</summary>
internal sealed class HashColumn(int room = 0)
{
    private readonly List<byte> bytes = new(room * SHA256.HashSizeInBytes);

    /// <summary>A hash by its place.</summary>
    public ReadOnlySpan<byte> this[int place] => CollectionsMarshal.AsSpan(bytes).Slice(place * SHA256.HashSizeInBytes, SHA256.HashSizeInBytes);

    /// <summary>Adds a hash written in hexadecimal.</summary>
    public void Add(string hexadecimal)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        _ = Convert.FromHexString(hexadecimal, hash, out _, out _);
        bytes.AddRange(hash);
    }

    /// <summary>A hash in hexadecimal.</summary>
    public string Text(int place) => Convert.ToHexStringLower(this[place]);
}
