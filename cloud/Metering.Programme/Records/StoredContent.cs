namespace Metering.Programme.Records;

/// <summary>Content of an attached file, once for each content.</summary>
public sealed class StoredContent
{
    /// <summary>SHA-256 of the bytes, hexadecimal in lower case; the key.</summary>
    public required string Sha256 { get; set; }

    /// <summary>The bytes, at most 10 MB.</summary>
    public required byte[] Bytes { get; set; }
}
