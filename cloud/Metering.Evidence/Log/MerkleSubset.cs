using System.Security.Cryptography;
using Metering.Readings;

namespace Metering.Evidence.Log;

/// <summary>
/// One proof for many leaves of a tree: the hashes of every largest stretch of which no leaf is shown, from the left. With no leaf shown it is the
/// root itself, with all of them it is empty; showing 35,040 batches that lie together costs some twenty hashes instead of 35,040 paths. Follows
/// from the definition of the tree hash in RFC 6962, 2.1.
/// </summary>
public static class MerkleSubset
{
    /// <summary>The hashes that lead from some leaves to the root over the first <paramref name="size"/> leaves.</summary>
    /// <param name="tree">The tree.</param>
    /// <param name="indices">0-based places of the leaves shown, ascending, none twice.</param>
    /// <param name="size">Leaves under the root, 1 or more.</param>
    /// <returns>Hashes of 32 bytes, from the left.</returns>
    /// <exception cref="ArgumentException">The places are not ascending, or not below the size.</exception>
    public static IReadOnlyList<byte[]> Prove(MerkleTree tree, IReadOnlyList<long> indices, long size)
    {
        ArgumentNullException.ThrowIfNull(tree);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(size);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(size, tree.Count);
        if (!AreAscending(indices, size))
        {
            throw new ArgumentException("the places must ascend and lie below the size", nameof(indices));
        }

        List<byte[]> proof = [];
        Prove(tree, indices, (0, indices.Count), (0, size), proof);
        return proof;
    }

    /// <summary>Whether these leaves are the ones at these places of the tree with this size and root.</summary>
    /// <param name="indices">0-based places, ascending, none twice.</param>
    /// <param name="leafHashes">Hash of each leaf (<see cref="MerkleHash.Leaf"/>), as many as places.</param>
    /// <param name="size">Leaves under the root.</param>
    /// <param name="proof">From <see cref="Prove(MerkleTree, IReadOnlyList{long}, long)"/>.</param>
    /// <param name="root">Root, 32 bytes.</param>
    public static bool Verify(IReadOnlyList<long> indices, IReadOnlyList<byte[]> leafHashes, long size, IReadOnlyList<byte[]> proof, ReadOnlySpan<byte> root)
    {
        if (size <= 0 || leafHashes.Count != indices.Count || !AreAscending(indices, size)
            || proof.Any(hash => hash.Length != MerkleHash.Length) || leafHashes.Any(hash => hash.Length != MerkleHash.Length))
        {
            return false;
        }

        int used = 0;
        byte[]? found = Fold(indices, leafHashes, (0, indices.Count), (0, size), proof, ref used);
        return found is not null && used == proof.Count && CryptographicOperations.FixedTimeEquals(found, root);
    }

    private static bool AreAscending(IReadOnlyList<long> indices, long size)
    {
        long last = -1;
        foreach (long index in indices)
        {
            if (index <= last || index >= size)
            {
                return false;
            }

            last = index;
        }

        return true;
    }

    // "some" are positions in the list of places, "range" leaves of the tree.
    private static void Prove(MerkleTree tree, IReadOnlyList<long> indices, (int From, int To) some, (long Start, long Length) range, List<byte[]> proof)
    {
        if (some.From == some.To)
        {
            proof.Add(tree.Range(range.Start, range.Length));
            return;
        }

        if (range.Length == some.To - some.From)
        {
            return;
        }

        long split = MerkleTree.SplitOf(range.Length);
        int middle = FirstAtOrAfter(indices, some, range.Start + split);
        Prove(tree, indices, (some.From, middle), (range.Start, split), proof);
        Prove(tree, indices, (middle, some.To), (range.Start + split, range.Length - split), proof);
    }

    private static byte[]? Fold(
        IReadOnlyList<long> indices, IReadOnlyList<byte[]> leafHashes, (int From, int To) some, (long Start, long Length) range, IReadOnlyList<byte[]> proof, ref int used)
    {
        if (some.From == some.To)
        {
            return used < proof.Count ? proof[used++] : null;
        }

        if (range.Length == 1)
        {
            return leafHashes[some.From];
        }

        long split = MerkleTree.SplitOf(range.Length);
        int middle = FirstAtOrAfter(indices, some, range.Start + split);
        byte[]? left = Fold(indices, leafHashes, (some.From, middle), (range.Start, split), proof, ref used);
        byte[]? right = left is null ? null : Fold(indices, leafHashes, (middle, some.To), (range.Start + split, range.Length - split), proof, ref used);
        return left is null || right is null ? null : MerkleHash.Node(left, right);
    }

    private static int FirstAtOrAfter(IReadOnlyList<long> indices, (int From, int To) some, long place)
    {
        (int low, int high) = some;
        while (low < high)
        {
            int middle = low + ((high - low) / 2);
            (low, high) = indices[middle] < place ? (middle + 1, high) : (low, middle);
        }

        return low;
    }
}
