using System.Security.Cryptography;

namespace Metering.Readings;

/// <summary>Checks proofs of a Merkle tree without the tree (algorithms of RFC 9162, 2.1.3.2 and 2.1.4.2, which proves the same as RFC 6962).</summary>
public static class MerkleProof
{
    /// <summary>The longest proof of a tree with up to 2^63 leaves.</summary>
    public const int MaximumLength = 64;

    /// <summary>Whether a leaf is the one at this index of the tree with this size and root.</summary>
    public static bool VerifyInclusion(ReadOnlySpan<byte> leafHash, long index, long size, IReadOnlyList<byte[]> proof, ReadOnlySpan<byte> root)
    {
        if (index < 0 || index >= size || !IsProof(proof) || leafHash.Length != MerkleHash.Length)
        {
            return false;
        }

        long node = index;
        long last = size - 1;
        byte[] hash = leafHash.ToArray();
        foreach (byte[] sibling in proof)
        {
            if (last == 0)
            {
                return false;
            }

            if ((node & 1) == 1 || node == last)
            {
                hash = MerkleHash.Node(sibling, hash);
                while ((node & 1) == 0 && node != 0)
                {
                    (node, last) = (node >> 1, last >> 1);
                }
            }
            else
            {
                hash = MerkleHash.Node(hash, sibling);
            }

            (node, last) = (node >> 1, last >> 1);
        }

        return last == 0 && CryptographicOperations.FixedTimeEquals(hash, root);
    }

    /// <summary>Whether the tree of the second size and root only appended to that of the first. A tree without leaves is consistent with every other.</summary>
    public static bool VerifyConsistency(long first, ReadOnlySpan<byte> firstRoot, long second, ReadOnlySpan<byte> secondRoot, IReadOnlyList<byte[]> proof)
    {
        if (first < 0 || first > second || !IsProof(proof))
        {
            return false;
        }

        if (first == 0 || first == second)
        {
            bool sameRoots = first == 0 ? firstRoot.SequenceEqual(MerkleHash.EmptyRoot()) : firstRoot.SequenceEqual(secondRoot);
            return proof.Count == 0 && sameRoots;
        }

        return WalkConsistency(first, firstRoot, second, secondRoot, proof);
    }

    private static bool WalkConsistency(long first, ReadOnlySpan<byte> firstRoot, long second, ReadOnlySpan<byte> secondRoot, IReadOnlyList<byte[]> proof)
    {
        bool isPowerOfTwo = (first & (first - 1)) == 0;
        int next = isPowerOfTwo ? 0 : 1;
        if (proof.Count < next + (isPowerOfTwo ? 1 : 0))
        {
            return false;
        }

        byte[] seed = isPowerOfTwo ? firstRoot.ToArray() : proof[0];
        (byte[] oldHash, byte[] newHash) = (seed, seed);
        (long node, long last) = (first - 1, second - 1);
        while ((node & 1) == 1)
        {
            (node, last) = (node >> 1, last >> 1);
        }

        for (; next < proof.Count; next++)
        {
            if (last == 0)
            {
                return false;
            }

            if ((node & 1) == 1 || node == last)
            {
                oldHash = MerkleHash.Node(proof[next], oldHash);
                newHash = MerkleHash.Node(proof[next], newHash);
                while ((node & 1) == 0 && node != 0)
                {
                    (node, last) = (node >> 1, last >> 1);
                }
            }
            else
            {
                newHash = MerkleHash.Node(newHash, proof[next]);
            }

            (node, last) = (node >> 1, last >> 1);
        }

        return last == 0 && firstRoot.SequenceEqual(oldHash) && secondRoot.SequenceEqual(newHash);
    }

    private static bool IsProof(IReadOnlyList<byte[]> proof) =>
        proof.Count <= MaximumLength && proof.All(hash => hash.Length == MerkleHash.Length);
}
