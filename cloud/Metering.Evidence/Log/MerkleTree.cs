using System.Numerics;
using Metering.Readings;

namespace Metering.Evidence.Log;

/// <summary>
/// An append-only Merkle tree (RFC 6962, 2.1) that keeps the hash of every complete subtree: appending costs two hashes on
/// average, a root or proof of any earlier size some log2(n) look-ups and hashes. 64 bytes a leaf. Not safe for use by two
/// threads at once.
/// </summary>
public sealed class MerkleTree
{
    // _levels[h][i] is the hash of the complete subtree over leaves [i * 2^h, (i + 1) * 2^h).
    private readonly List<List<byte[]>> _levels = [[]];

    /// <summary>Number of leaves.</summary>
    public long Count => _levels[0].Count;

    /// <summary>Appends a leaf.</summary>
    /// <returns>Its 0-based index.</returns>
    public long Append(ReadOnlySpan<byte> leaf) => AppendHash(MerkleHash.Leaf(leaf));

    /// <summary>Appends a leaf by its hash (32 bytes, see <see cref="MerkleHash.Leaf"/>).</summary>
    /// <returns>Its 0-based index.</returns>
    public long AppendHash(byte[] leafHash)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(leafHash.Length, MerkleHash.Length);
        byte[] hash = leafHash;
        for (int height = 0; ; height++)
        {
            if (height == _levels.Count)
            {
                _levels.Add([]);
            }

            List<byte[]> level = _levels[height];
            level.Add(hash);
            if (level.Count % 2 == 1)
            {
                return Count - 1;
            }

            hash = MerkleHash.Node(level[^2], level[^1]);
        }
    }

    /// <summary>Root over the first <paramref name="size"/> leaves.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There are fewer leaves.</exception>
    public byte[] Root(long size)
    {
        CheckSize(size, Count);
        return size == 0 ? MerkleHash.EmptyRoot() : Range(0, size);
    }

    /// <summary>The hashes that lead from a leaf to the root over the first <paramref name="size"/> leaves, lowest first (RFC 6962, 2.1.1).</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such leaf or size.</exception>
    public IReadOnlyList<byte[]> InclusionProof(long index, long size)
    {
        CheckSize(size, Count);
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, size);
        List<byte[]> path = [];
        long start = 0;
        long length = size;
        while (length > 1)
        {
            long split = SplitOf(length);
            bool isLeft = index - start < split;
            path.Add(isLeft ? Range(start + split, length - split) : Range(start, split));
            (start, length) = isLeft ? (start, split) : (start + split, length - split);
        }

        path.Reverse();
        return path;
    }

    /// <summary>The hashes that show the tree of the first size inside that of the second (RFC 6962, 2.1.2); empty when the sizes are equal or the first is 0.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The sizes are not 0 &lt;= first &lt;= second &lt;= <see cref="Count"/>.</exception>
    public IReadOnlyList<byte[]> ConsistencyProof(long first, long second)
    {
        CheckSize(second, Count);
        CheckSize(first, second);
        List<byte[]> path = [];
        long start = 0;
        long length = second;
        long rest = first;
        bool isWholeOld = true;   // the old tree's root is known to the verifier and is left out
        while (rest != length && first > 0)
        {
            long split = SplitOf(length);
            if (rest <= split)
            {
                path.Add(Range(start + split, length - split));
                length = split;
            }
            else
            {
                path.Add(Range(start, split));
                (start, length, rest) = (start + split, length - split, rest - split);
                isWholeOld = false;
            }
        }

        if (!isWholeOld)
        {
            path.Add(Range(start, length));
        }

        path.Reverse();
        return path;
    }

    /// <summary>Hash over leaves [start, start + length) as the tree groups them: a stored subtree where it is complete, else put together.</summary>
    internal byte[] Range(long start, long length)
    {
        if (BitOperations.IsPow2(length))
        {
            int height = BitOperations.Log2((ulong)length);
            return _levels[height][(int)(start >> height)];
        }

        long split = SplitOf(length);
        return MerkleHash.Node(Range(start, split), Range(start + split, length - split));
    }

    /// <summary>The largest power of two smaller than the length, which must be 2 or more: where a range is split (RFC 6962, 2.1).</summary>
    internal static long SplitOf(long length) => 1L << BitOperations.Log2((ulong)(length - 1));

    private static void CheckSize(long size, long maximum)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(size);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(size, maximum);
    }
}
