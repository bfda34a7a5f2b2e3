using System.Security.Cryptography;
using Metering.Projects.Statements;

namespace Metering.Verifier.Bundles;

/// <summary>A gateway's public key, as the bundle and its log have it.</summary>
internal sealed record ShownKey
{
    /// <summary>What the log says of it.</summary>
    public required KeyStatement Statement { get; init; }

    /// <summary>Its entry.</summary>
    public required long Index { get; init; }

    /// <summary>The key.</summary>
    public required ECDsa Key { get; init; }

    /// <summary>When it ended; null while it holds.</summary>
    public (KeyEndStatement Statement, long Index)? End { get; init; }

    /// <summary>SHA-256 of a key's SubjectPublicKeyInfo, lower-case hexadecimal: the value to compare with the plant's own record.</summary>
    public static string FingerprintOf(ECDsa key) => Convert.ToHexStringLower(SHA256.HashData(key.ExportSubjectPublicKeyInfo()));
}
