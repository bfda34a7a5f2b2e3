using System.Security.Cryptography;

namespace Metering.Readings;

/// <summary>The two hashes of RFC 6962, 2.1. Their prefixes differ, so that no inner node can be passed off as a leaf.</summary>
public static class MerkleHash
{
    /// <summary>Bytes of a hash.</summary>
    public const int Length = SHA256.HashSizeInBytes;

    private const int LongestOnStack = 1024;
    private const byte LeafPrefix = 0;
    private const byte NodePrefix = 1;

    /// <summary>Root of the tree without leaves: the hash of nothing.</summary>
    public static byte[] EmptyRoot() => SHA256.HashData([]);

    /// <summary>SHA-256(0x00 || leaf).</summary>
    public static byte[] Leaf(ReadOnlySpan<byte> leaf)
    {
        Span<byte> buffer = leaf.Length < LongestOnStack ? stackalloc byte[leaf.Length + 1] : new byte[leaf.Length + 1];
        buffer[0] = LeafPrefix;
        leaf.CopyTo(buffer[1..]);
        return SHA256.HashData(buffer);
    }

    /// <summary>SHA-256(0x01 || left || right); both 32 bytes.</summary>
    public static byte[] Node(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        Span<byte> buffer = stackalloc byte[1 + (2 * Length)];
        buffer[0] = NodePrefix;
        left.CopyTo(buffer[1..]);
        right.CopyTo(buffer[(1 + Length)..]);
        return SHA256.HashData(buffer);
    }
}
