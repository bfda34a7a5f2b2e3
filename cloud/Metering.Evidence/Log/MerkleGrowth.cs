using Metering.Readings;

namespace Metering.Evidence.Log;

/// <summary>
/// Proofs that a log only grew: from the root over its first entries to the root over more of them. A proof is SUBPROOF(m, D[n], false) of RFC 6962, 2.1.2: unlike the usual form it tells the
/// root of the first m entries also where m is a power of two, so that an altered proof and a false earlier root are told apart.
/// </summary>
public static class MerkleGrowth
{
    /// <summary>The proof from one size of a tree to another.</summary>
    /// <param name="tree">The tree.</param>
    /// <param name="first">Entries of the earlier size, 1 or more.</param>
    /// <param name="second">Entries of the later size, not less.</param>
    /// <returns>Hashes of 32 bytes.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The sizes are not 0 &lt; first &lt;= second &lt;= those of the tree.</exception>
    public static IReadOnlyList<byte[]> Prove(MerkleTree tree, long first, long second)
    {
        ArgumentNullException.ThrowIfNull(tree);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(first);
        IReadOnlyList<byte[]> usual = tree.ConsistencyProof(first, second);
        bool leavesOut = first == second || long.IsPow2(first);
        return leavesOut ? [tree.Root(first), .. usual] : usual;
    }

    /// <summary>The two roots that a proof leads to; null when it has too few hashes.</summary>
    /// <param name="first">Entries of the earlier size, 1 or more.</param>
    /// <param name="second">Entries of the later size, not less.</param>
    /// <param name="proof">Hashes of 32 bytes; several proofs may stand one behind the other.</param>
    /// <param name="used">Hashes taken so far; moved on.</param>
    public static (byte[] First, byte[] Second)? Roots(long first, long second, IReadOnlyList<byte[]> proof, ref int used)
    {
        ArgumentNullException.ThrowIfNull(proof);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(first);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(first, second);
        if (first == second)
        {
            return used < proof.Count ? (proof[used], proof[used++]) : null;
        }

        long split = MerkleTree.SplitOf(second);
        bool isLeft = first <= split;
        if (Roots(isLeft ? first : first - split, isLeft ? split : second - split, proof, ref used) is not { } inner || used >= proof.Count)
        {
            return null;
        }

        byte[] beside = proof[used++];
        return isLeft
            ? (inner.First, MerkleHash.Node(inner.Second, beside))
            : (MerkleHash.Node(beside, inner.First), MerkleHash.Node(beside, inner.Second));
    }
}
