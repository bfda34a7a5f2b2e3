using System.IO.Compression;
using System.Text;
using Metering.Evidence.Chain;

namespace Metering.Evidence.Archive;

/// <summary>
/// Writes batches and keys into an ordinary ZIP file. The same content gives the same bytes: no clock, no compression (a
/// batch is compressed already).
/// </summary>
public sealed class BatchArchiveWriter : IDisposable
{
    private static readonly DateTimeOffset EarliestZipTime = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private readonly ZipArchive _zip;

    /// <summary>Starts the archive; the stream stays open.</summary>
    public BatchArchiveWriter(Stream output) => _zip = new(output, ZipArchiveMode.Create, leaveOpen: true);

    /// <summary>Adds a gateway's public key.</summary>
    /// <param name="gateway">The gateway.</param>
    /// <param name="keyEpoch">Its key epoch.</param>
    /// <param name="publicKeyPem">SubjectPublicKeyInfo in PEM.</param>
    public void AddKey(string gateway, int keyEpoch, string publicKeyPem) =>
        Add(BatchArchiveNames.OfKey(gateway, keyEpoch), Encoding.ASCII.GetBytes(publicKeyPem));

    /// <summary>Adds a batch as it travelled.</summary>
    public void AddBatch(string gateway, BatchPlace place, ReadOnlySpan<byte> envelope) =>
        Add(BatchArchiveNames.OfBatch(gateway, place), envelope);

    /// <summary>Writes the ZIP directory.</summary>
    public void Dispose() => _zip.Dispose();

    private void Add(string name, ReadOnlySpan<byte> content)
    {
        ZipArchiveEntry entry = _zip.CreateEntry(name, CompressionLevel.NoCompression);
        entry.LastWriteTime = EarliestZipTime;
        using Stream stream = entry.Open();
        stream.Write(content);
    }
}
