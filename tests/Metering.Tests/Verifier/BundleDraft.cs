using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Metering.Evidence.Bundle;
using Metering.Evidence.Log;
using Metering.Projects.Statements;
using Metering.Readings;

namespace Metering.Tests.Verifier;

/// <summary>An entry of a draft's log; its place in the list is its index.</summary>
internal sealed class DraftEntry(string kind, string subject, long utc, byte[] body)
{
    public string Kind { get; set; } = kind;

    public string Subject { get; set; } = subject;

    public long Utc { get; set; } = utc;

    public byte[] Salt { get; set; } = [];

    public byte[] Body { get; set; } = body;

    public bool IsShown { get; set; } = true;

    /// <summary>Whether a file of its body is in the bundle; never of batches, validations and results.</summary>
    public bool HasBody { get; set; } = kind is not (LogEntryKind.Batch or LogEntryKind.Validation or LogEntryKind.Result);

    /// <summary>Whether the body of an earlier bundle stays as it is; else it is the checkpoint over the entries ahead of it, whatever they are by then.</summary>
    public bool IsFixed { get; set; }

    /// <summary>The hash that stands in the log; null for the true one.</summary>
    public string? Hash { get; set; }

    public string TrueHash => LogEntry.HashOf(Salt, Body);
}

/// <summary>
/// A bundle before it is sealed: everything in it can be changed, by an honest maker or by an attacker, and then sealed with whatever key one has. It stands on the forms of the
/// log and the bundle alone, not on the verifier.
/// </summary>
internal sealed class BundleDraft : IDisposable
{
    public string Log { get; set; } = "bajio";

    public ECDsa LogKey { get; set; } = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public Dictionary<(string Gateway, int KeyEpoch), ECDsa> GatewayKeys { get; } = [];

    public List<DraftEntry> Entries { get; } = [];

    /// <summary>Notes of each file of batches.</summary>
    public Dictionary<string, List<byte[]>> Notes { get; } = new(StringComparer.Ordinal);

    /// <summary>Segments of each file of readings.</summary>
    public Dictionary<string, List<byte[]>> Segments { get; } = new(StringComparer.Ordinal);

    /// <summary>Public keys as the bundle shows them, by file name.</summary>
    public Dictionary<string, string> Keys { get; } = new(StringComparer.Ordinal);

    public string Project { get; set; } = "";

    public byte[] Result { get; set; } = [];

    public byte[] Validation { get; set; } = [];

    /// <summary>Number of the bundle.</summary>
    public long Number { get; set; } = 1;

    /// <summary>Signed checkpoint with the authority's answer over it; null without a time stamp.</summary>
    public (byte[] Note, byte[] Answer)? TimeStamp { get; set; }

    public Dictionary<string, byte[]> Reports { get; } = new(StringComparer.Ordinal);

    public byte[] Code { get; set; } = Encoding.ASCII.GetBytes("{\"version\":\"0.1.0\"}\n");

    public byte[] Parts { get; set; } = Encoding.ASCII.GetBytes("{\"bomFormat\":\"CycloneDX\"}\n");

    public long CheckpointUtc { get; set; }

    /// <summary>Changes a file on its way into the ZIP; null leaves it out.</summary>
    public Func<string, byte[], byte[]?> OnFile { get; set; } = (_, bytes) => bytes;

    /// <summary>Files that nobody asked for.</summary>
    public List<(string Name, byte[] Bytes)> Extra { get; } = [];

    /// <summary>What the description says; null for what the entries say.</summary>
    public byte[]? Description { get; set; }

    /// <summary>Key that signs the checkpoint; null for the log's.</summary>
    public ECDsa? CheckpointKey { get; set; }

    /// <summary>Makes the tree that the proof leads to; null for that of the entries.</summary>
    public Func<MerkleTree>? Tree { get; set; }

    public void Dispose()
    {
        LogKey.Dispose();
        foreach (ECDsa key in GatewayKeys.Values)
        {
            key.Dispose();
        }
    }

    /// <summary>What stands now is that of an earlier bundle: its checkpoint is logged, and the draft is of the next one.</summary>
    public void NextBundle()
    {
        Entries.Add(new(LogEntryKind.Bundle, string.Create(CultureInfo.InvariantCulture, $"bundle/{Project}/{Number}"), Entries[^1].Utc, []));
        Number++;
    }

    /// <summary>The signed checkpoint over the first entries.</summary>
    public byte[] CheckpointOver(int size)
    {
        MerkleTree tree = TreeOf(Entries.Take(size));
        return new Checkpoint(Log, size, tree.Root(size), Entries[Math.Max(0, size - 1)].Utc).Sign(LogKey);
    }

    /// <summary>Writes the checkpoints of earlier bundles anew, as somebody who has the log's key would.</summary>
    public void SignEarlier()
    {
        for (int index = 1; index < Entries.Count; index++)
        {
            if (Entries[index] is { Kind: LogEntryKind.Bundle, IsFixed: false } earlier)
            {
                // The same checkpoint keeps its signature: each signature is another one.
                byte[] note = CheckpointOver(index);
                bool isSame = earlier.Body.Length > 0 && TextOf(earlier.Body).SequenceEqual(TextOf(note)) && SignedNote.Verify(earlier.Body, Log, LogKey) == NoteFault.None;
                earlier.Body = isSame ? earlier.Body : note;
            }
        }
    }

    private static ReadOnlySpan<byte> TextOf(byte[] note) => SignedNote.TrySplit(note, out int length, out _, out _) ? note.AsSpan(0, length) : [];

    public int IndexOf(string subject) => Entries.FindIndex(entry => entry.Subject == subject);

    public DraftEntry Entry(string subject) => Entries[IndexOf(subject)];

    /// <summary>Replaces a body, with a hash in the log that fits.</summary>
    public void Rewrite(string subject, Func<string, string> change) => Entry(subject).Body = Encoding.UTF8.GetBytes(change(Encoding.UTF8.GetString(Entry(subject).Body)));

    /// <summary>The newest entry of a kind.</summary>
    public int Newest(string kind) => Entries.FindLastIndex(entry => entry.Kind == kind && entry.IsShown);

    /// <summary>The sealed bundle.</summary>
    public byte[] Seal()
    {
        using MemoryStream stream = new();
        Seal(stream);
        return stream.ToArray();
    }

    /// <summary>The sealed bundle into an empty stream.</summary>
    public void Seal(Stream stream)
    {
        BundleWriter writer = new(stream);
        foreach ((string name, byte[] bytes) in Files())
        {
            if (OnFile(name, bytes) is { } content)
            {
                writer.Add(name, content);
            }
        }

        writer.Seal(Log, LogKey);
    }

    private IEnumerable<(string Name, byte[] Bytes)> Files()
    {
        SignEarlier();
        MerkleTree tree = Tree?.Invoke() ?? TreeOf(Entries);
        long[] shown = [.. Enumerable.Range(0, Entries.Count).Where(index => Entries[index].IsShown).Select(index => (long)index)];
        yield return (BundleNames.Description, Description ?? new BundleDescription(Log, Project, Number, Newest(LogEntryKind.Result), ReportEntries()).ToBytes());
        yield return (BundleNames.ReadMe, "See the README.\n"u8.ToArray());
        yield return (BundleNames.LogKey, Encoding.ASCII.GetBytes(SigningKey.PublicPem(LogKey)));
        yield return (BundleNames.Checkpoint, new Checkpoint(Log, tree.Count, tree.Root(tree.Count), CheckpointUtc).Sign(CheckpointKey ?? LogKey));
        yield return (BundleNames.Entries, Encoding.ASCII.GetBytes(string.Concat(shown.Select(Line))));
        long[] proved = [.. shown.Where(index => index < tree.Count)];
        yield return (BundleNames.Proof, [.. MerkleSubset.Prove(tree, proved, tree.Count).SelectMany(hash => hash)]);
        yield return (BundleNames.Consistency, Consistency(tree));
        if (TimeStamp is { } stamp)
        {
            yield return (BundleNames.TimeStampNote, stamp.Note);
            yield return (BundleNames.TimeStamp, stamp.Answer);
        }

        foreach (long index in shown.Where(index => Entries[(int)index].HasBody))
        {
            DraftEntry entry = Entries[(int)index];
            string salt = entry.Salt.Length == 0 ? "-" : Convert.ToHexStringLower(entry.Salt);
            yield return (BundleNames.BodyOf(index), [.. Encoding.ASCII.GetBytes(salt + "\n"), .. entry.Body]);
        }

        foreach ((string name, string pem) in Keys)
        {
            yield return (name, Encoding.ASCII.GetBytes(pem));
        }

        foreach ((string name, List<byte[]> parts) in Notes)
        {
            (byte[] text, byte[] hashes) = Apart(Joined(parts));
            yield return (name, text);
            yield return (name.Replace(".notes", ".hashes", StringComparison.Ordinal), hashes);
        }

        foreach ((string name, List<byte[]> parts) in Segments)
        {
            yield return (name, Packed(parts));
        }

        yield return (BundleNames.Validation, Validation);
        yield return (BundleNames.Result, Result);
        yield return (BundleNames.Code, Code);
        yield return (BundleNames.Parts, Parts);
        foreach ((string language, byte[] html) in Reports)
        {
            yield return ($"report.{language}.html", html);
        }

        foreach ((string name, byte[] bytes) in Extra)
        {
            yield return (name, bytes);
        }
    }

    // From every earlier checkpoint that is one to this one.
    private byte[] Consistency(MerkleTree tree)
    {
        using MemoryStream proofs = new();
        IEnumerable<byte[]> notes = Entries.Where(entry => entry is { Kind: LogEntryKind.Bundle, IsShown: true }).Select(entry => entry.Body);
        foreach (byte[] note in TimeStamp is { } stamp ? notes.Append(stamp.Note) : notes)
        {
            long size;
            try
            {
                size = Checkpoint.Read(note).Size;
            }
            catch (WireFormatException)
            {
                continue;
            }

            foreach (byte[] hash in size <= tree.Count ? MerkleGrowth.Prove(tree, size, tree.Count) : [])
            {
                proofs.Write(hash);
            }
        }

        return proofs.ToArray();
    }

    private static (byte[] Text, byte[] Hashes) Apart(byte[] notes)
    {
        ArrayBufferWriter<byte> text = new();
        ArrayBufferWriter<byte> hashes = new();
        NoteHashes.Pack(notes, text, hashes);
        return (text.WrittenSpan.ToArray(), hashes.WrittenSpan.ToArray());
    }

    // What is no segment (an attack made it so) stands as it is.
    private static byte[] Packed(List<byte[]> parts)
    {
        SegmentPacker packer = new();
        using MemoryStream file = new();
        foreach (byte[] part in parts)
        {
            try
            {
                file.Write(packer.Pack(part));
            }
            catch (WireFormatException)
            {
                file.Write(part);
            }
        }

        return file.ToArray();
    }

    private static byte[] Joined(List<byte[]> parts)
    {
        byte[] whole = new byte[parts.Sum(part => part.Length)];
        int place = 0;
        foreach (byte[] part in parts)
        {
            part.CopyTo(whole, place);
            place += part.Length;
        }

        return whole;
    }

    /// <summary>The tree over some entries.</summary>
    public static MerkleTree TreeOf(IEnumerable<DraftEntry> entries)
    {
        MerkleTree tree = new();
        foreach (DraftEntry entry in entries)
        {
            _ = tree.Append(new LogEntry(entry.Kind, entry.Utc, entry.Subject, entry.Hash ?? entry.TrueHash).ToBytes());
        }

        return tree;
    }

    private Dictionary<string, long> ReportEntries()
    {
        Dictionary<string, long> reports = new(StringComparer.Ordinal);
        for (int index = 0; index < Entries.Count; index++)
        {
            if (Entries[index].Kind == LogEntryKind.Report && Entries[index].IsShown)
            {
                using JsonDocument body = JsonDocument.Parse(Entries[index].Body);
                reports[body.RootElement.GetProperty("language").GetString()!] = index;
            }
        }

        return reports;
    }

    private string Line(long index)
    {
        DraftEntry entry = Entries[(int)index];
        string hash = entry.Kind == LogEntryKind.Batch ? "-" : entry.Hash ?? entry.TrueHash;
        return string.Create(CultureInfo.InvariantCulture, $"{index} {entry.Kind} {LogEntry.Instant(entry.Utc)} {entry.Subject} {hash}\n");
    }
}
