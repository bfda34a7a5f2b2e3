using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using Metering.Evidence.Chain;
using Metering.Readings;

namespace Metering.Evidence.Archive;

/// <summary>Checks a batch archive batch by batch; needs memory for the list of entries and for one batch.</summary>
public static class BatchArchive
{
    /// <summary>How many entries an archive may have.</summary>
    public const int MaximumEntries = 4_000_000;

    private const int MaximumKeyLength = 4_096;

    /// <summary>Checks every batch of every gateway in the archive.</summary>
    /// <param name="zip">A stream that can seek.</param>
    /// <param name="trusted">Public keys that the reader trusts; empty to take the keys of the file itself.</param>
    /// <returns>What was found.</returns>
    /// <exception cref="ArchiveFormatException">Not a batch archive: no ZIP, an unknown, doubled or oversized entry, a batch without its key.</exception>
    public static ArchiveReport Verify(Stream zip, IReadOnlyList<ECDsa> trusted)
    {
        try
        {
            using ZipArchive archive = new(zip, ZipArchiveMode.Read, leaveOpen: true);
            return Verify(archive, [.. trusted.Select(Fingerprint)]);
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException or NotSupportedException or ArgumentException or OverflowException)
        {
            // The ZIP reader answers damaged headers with any of these.
            throw new ArchiveFormatException($"not a readable ZIP file ({e.Message.TrimEnd('.')}). Is it the file that 'cloud export batches' wrote, and did it arrive whole?", e);
        }
    }

    private static ArchiveReport Verify(ZipArchive archive, HashSet<string> trusted)
    {
        Contents contents = Sort(archive);
        List<GatewayReport> reports = [];
        try
        {
            foreach (((string gateway, int keyEpoch), ECDsa key) in contents.Keys)
            {
                _ = contents.Batches.TryGetValue((gateway, keyEpoch), out SortedDictionary<long, ZipArchiveEntry>? batches);
                reports.Add(VerifyEpoch(gateway, keyEpoch, key, batches ?? [], trusted));
            }
        }
        finally
        {
            foreach (ECDsa key in contents.Keys.Values)
            {
                key.Dispose();
            }
        }

        bool sound = reports.TrueForAll(report => report.FaultCount == 0 && (trusted.Count == 0 || report.IsTrusted));
        ArchiveVerdict verdict = !sound ? ArchiveVerdict.Mismatch : trusted.Count > 0 ? ArchiveVerdict.Verified : ArchiveVerdict.Consistent;
        return new(verdict, reports);
    }

    private static GatewayReport VerifyEpoch(
        string gateway, int keyEpoch, ECDsa key, SortedDictionary<long, ZipArchiveEntry> batches, HashSet<string> trusted)
    {
        GatewayChain chain = new(gateway, epoch => epoch == keyEpoch ? key : null);
        foreach ((long batch, ZipArchiveEntry entry) in batches)
        {
            chain.Add(Read(entry, BatchLimits.MaximumEnvelopeLength), new(keyEpoch, batch));
        }

        string fingerprint = Fingerprint(key);
        return new()
        {
            Gateway = gateway,
            KeyEpoch = keyEpoch,
            KeyFingerprint = fingerprint,
            IsTrusted = trusted.Contains(fingerprint),
            Batches = chain.Batches,
            Readings = chain.Readings,
            FirstUtc = Instant(chain.FirstUtcMilliseconds),
            LastUtc = Instant(chain.LastUtcMilliseconds),
            Faults = chain.Faults,
            FaultCount = chain.FaultCount,
        };
    }

    private static Contents Sort(ZipArchive archive)
    {
        if (archive.Entries.Count is 0 or > MaximumEntries)
        {
            throw new ArchiveFormatException(archive.Entries.Count == 0
                ? "the archive is empty: there is nothing to verify. Export it again with 'cloud export batches'"
                : $"the archive has {archive.Entries.Count} entries, expected 1 to {MaximumEntries}");
        }

        Contents contents = new([], []);
        HashSet<string> names = new(StringComparer.Ordinal);
        foreach (ZipArchiveEntry entry in archive.Entries)
        {
            string name = entry.FullName;
            if (!names.Add(name))
            {
                throw new ArchiveFormatException($"entry '{Clean(name)}' is there twice: one program could read the first and another the second");
            }

            if (BatchArchiveNames.TryParseBatch(name, out string gateway, out BatchPlace place))
            {
                contents.Add(gateway, place, entry);
            }
            else if (BatchArchiveNames.TryParseKey(name, out gateway, out int keyEpoch))
            {
                contents.Keys.Add((gateway, keyEpoch), ReadKey(entry));
            }
            else
            {
                throw new ArchiveFormatException($"entry '{Clean(name)}' does not belong into a batch archive");
            }
        }

        (string Gateway, int KeyEpoch) orphan = contents.Batches.Keys.FirstOrDefault(place => !contents.Keys.ContainsKey(place));
        return orphan.Gateway is null
            ? contents
            : throw new ArchiveFormatException($"the archive has batches of {orphan.Gateway}, but no key '{BatchArchiveNames.OfKey(orphan.Gateway, orphan.KeyEpoch)}'");
    }

    private static ECDsa ReadKey(ZipArchiveEntry entry)
    {
        try
        {
            return SigningKey.Parse(Encoding.ASCII.GetString(Read(entry, MaximumKeyLength)));
        }
        catch (Exception e) when (e is WireFormatException or PlatformNotSupportedException)
        {
            // The platform's own word for a curve it does not know.
            throw new ArchiveFormatException($"entry '{entry.FullName}' holds no P-256 key", e);
        }
    }

    // The length in the ZIP directory is a claim, so the bytes are counted as they come.
    private static byte[] Read(ZipArchiveEntry entry, int maximum)
    {
        if (entry.Length > maximum)
        {
            throw TooLarge(entry, maximum);
        }

        byte[] buffer = new byte[entry.Length + 1];
        using Stream stream = entry.Open();
        int length = stream.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
        return length == entry.Length ? buffer[..length] : throw TooLarge(entry, maximum);
    }

    private static ArchiveFormatException TooLarge(ZipArchiveEntry entry, int maximum) =>
        new($"entry '{entry.FullName}' is larger than {maximum} bytes, or not as long as the ZIP directory says");

    private static string Clean(string name)
    {
        string text = string.Concat(name.Take(100).Select(c => char.IsControl(c) ? '?' : c));
        return name.Length > 100 ? text + "..." : text;
    }

    private static string Fingerprint(ECDsa key) => Convert.ToHexStringLower(SHA256.HashData(key.ExportSubjectPublicKeyInfo()));

    private static DateTimeOffset? Instant(long? utcMilliseconds)
    {
        bool isDate = utcMilliseconds >= DateTimeOffset.MinValue.ToUnixTimeMilliseconds() && utcMilliseconds <= DateTimeOffset.MaxValue.ToUnixTimeMilliseconds();
        return isDate ? DateTimeOffset.FromUnixTimeMilliseconds(utcMilliseconds!.Value) : null;
    }

    private sealed record Contents(
        SortedDictionary<(string Gateway, int KeyEpoch), ECDsa> Keys,
        SortedDictionary<(string Gateway, int KeyEpoch), SortedDictionary<long, ZipArchiveEntry>> Batches)
    {
        public void Add(string gateway, BatchPlace place, ZipArchiveEntry entry)
        {
            if (!Batches.TryGetValue((gateway, place.KeyEpoch), out SortedDictionary<long, ZipArchiveEntry>? batches))
            {
                batches = [];
                Batches.Add((gateway, place.KeyEpoch), batches);
            }

            batches.Add(place.Batch, entry);
        }
    }
}
