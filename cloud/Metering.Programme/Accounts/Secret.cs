using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Metering.Programme.Accounts;

/// <summary>Secrets that are shown once: 32 random bytes, kept as SHA-256. Random bytes need no slow hash, a person's password does.</summary>
public static class Secret
{
    /// <summary>What every machine key begins with, so that scanners of repositories can find a leaked one.</summary>
    public const string KeyPrefix = "mtr_";

    private const int Bytes = 32;
    private const int LongestTaken = 128;

    /// <summary>A new secret: the prefix and 43 characters of base64url (RFC 4648, 5).</summary>
    public static string New(string prefix) => prefix + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(Bytes));

    /// <summary>What is kept of a secret: lower-case hex of its SHA-256. A text too long to be one has the hash of nothing.</summary>
    public static string HashOf(string secret)
    {
        ArgumentNullException.ThrowIfNull(secret);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(secret.Length > LongestTaken ? "" : secret)));
    }

    /// <summary>A short identifier, 16 hex digits of chance.</summary>
    public static string NewId() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));
}
