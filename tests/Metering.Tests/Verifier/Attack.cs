using System.Formats.Asn1;
using System.Globalization;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;
using Metering.Evidence.Bundle;
using Metering.Evidence.Log;
using Metering.Readings;
using Metering.Verifier.Bundles;

namespace Metering.Tests.Verifier;

/// <summary>One attempt to pass a false bundle off as a true one.</summary>
/// <param name="Name">Name, in words joined by hyphens.</param>
/// <param name="What">What is done, for the table.</param>
/// <param name="Code">The fault that must be among those found.</param>
/// <param name="Make">Makes the bundle from a true draft.</param>
internal sealed record Attack(string Name, string What, FaultCode Code, Func<SampleBundle, byte[]> Make)
{
    /// <summary>Whether the true keys of gateways and log are given with --trust.</summary>
    public bool IsWithTrust { get; init; }

    /// <summary>Whether the sample has readings of people.</summary>
    public bool HasPeople { get; init; }

    /// <summary>Whether remarks count as faults.</summary>
    public bool IsStrict { get; init; }

    /// <summary>Root certificate of the time-stamp authority that the reader knows; null to know none.</summary>
    public Func<string>? TimeAuthority { get; init; }

    /// <summary>The bundle that was seen before; null without --seen.</summary>
    public Func<SampleBundle, byte[]>? Seen { get; init; }

    /// <summary>The bundle, and what the reader brings: keys in PEM form, a bundle seen before, an authority's certificate in PEM form.</summary>
    public BundleCase Prepare()
    {
        using SampleBundle sample = SampleBundle.Make(hasPeople: HasPeople);
        string[] trusted = IsWithTrust ? [SigningKey.PublicPem(sample.Draft.LogKey), .. sample.Draft.Keys.Values] : [];
        byte[]? seen = Seen?.Invoke(sample);
        return new(Name, Make(sample)) { Trusted = trusted, Seen = seen, IsStrict = IsStrict, TimeAuthority = TimeAuthority?.Invoke() };
    }
}

/// <summary>The tools of an attacker.</summary>
internal static class Forge
{
    private static readonly BigInteger Order = BigInteger.Parse("0FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551", NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    /// <summary>Changes a draft and seals it with the log's own key, as an insider can.</summary>
    public static Func<SampleBundle, byte[]> Insider(Action<BundleDraft> change) => sample =>
    {
        change(sample.Draft);
        return sample.Draft.Seal();
    };

    /// <summary>Changes a draft, computes the result anew, and seals it with the log's own key.</summary>
    public static Func<SampleBundle, byte[]> Recomputed(Action<BundleDraft> change) => sample =>
    {
        change(sample.Draft);
        sample.Compute();
        return sample.Draft.Seal();
    };

    /// <summary>Changes the bytes of the sealed file.</summary>
    public static Func<SampleBundle, byte[]> Bytes(Func<byte[], byte[]> change) => sample => change(sample.Draft.Seal());

    /// <summary>Changes one file of an otherwise true bundle; the seal is made over the change.</summary>
    public static Func<SampleBundle, byte[]> File(string name, Func<byte[], byte[]?> change) => sample =>
    {
        sample.Draft.OnFile = (file, bytes) => file == name ? change(bytes) : bytes;
        return sample.Draft.Seal();
    };

    /// <summary>Replaces text in UTF-8 bytes; it must be there.</summary>
    public static byte[] Replace(byte[] bytes, string what, string by)
    {
        string text = Encoding.UTF8.GetString(bytes);
        int place = text.IndexOf(what, StringComparison.Ordinal);
        return place < 0 ? throw new InvalidOperationException($"'{what}' is not there") : Encoding.UTF8.GetBytes(text[..place] + by + text[(place + what.Length)..]);
    }

    /// <summary>Takes a batch out of notes and readings.</summary>
    public static void Drop(BundleDraft draft, int place)
    {
        draft.Notes[SampleBundle.NotesFile].RemoveAt(place);
        foreach (List<byte[]> segments in draft.Segments.Where(file => file.Key.StartsWith("readings/leon-tannery.1/", StringComparison.Ordinal)).Select(file => file.Value))
        {
            segments.RemoveAt(place);
        }
    }

    /// <summary>Replaces a note, in the bundle and in its entry of the log.</summary>
    public static void SetNote(BundleDraft draft, int place, byte[] note)
    {
        draft.Notes[SampleBundle.NotesFile][place] = note;
        draft.Entry(string.Create(CultureInfo.InvariantCulture, $"batch/{SampleBundle.Gateway}/1/{place + 1}")).Body = note;
    }

    /// <summary>The text of a note signed again by some key.</summary>
    public static byte[] Sign(byte[] note, ECDsa key, Func<string, string>? change = null)
    {
        _ = SignedNote.TrySplit(note, out int length, out string signer, out _);
        string text = Encoding.ASCII.GetString(note.AsSpan(0, length));
        return SignedNote.Sign(Encoding.ASCII.GetBytes(change?.Invoke(text) ?? text), signer, key);
    }

    /// <summary>The text of a note changed under its old signature.</summary>
    public static byte[] Unsigned(byte[] note, Func<string, string> change)
    {
        _ = SignedNote.TrySplit(note, out int length, out _, out _);
        return [.. Encoding.ASCII.GetBytes(change(Encoding.ASCII.GetString(note.AsSpan(0, length)))), .. note.AsSpan(length)];
    }

    /// <summary>The same signature with n - s in place of s: it verifies with any library that does not look.</summary>
    public static byte[] HighS(byte[] note)
    {
        _ = SignedNote.TrySplit(note, out int length, out string signer, out byte[] blob);
        AsnReader sequence = new AsnReader(blob.AsMemory(4), AsnEncodingRules.DER).ReadSequence();
        (BigInteger r, BigInteger s) = (sequence.ReadInteger(), sequence.ReadInteger());
        AsnWriter writer = new(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteInteger(r);
            writer.WriteInteger(Order - s);
        }

        return [.. note.AsSpan(0, length), .. Encoding.UTF8.GetBytes($"\n— {signer} {Convert.ToBase64String([.. blob.AsSpan(0, 4), .. writer.Encode()])}\n")];
    }

    /// <summary>The same signature with bits set in base64 that carry nothing; null where its length leaves none.</summary>
    public static byte[]? Slack(byte[] note)
    {
        string text = Encoding.UTF8.GetString(note);
        int padding = text.IndexOf('=', text.LastIndexOf('—'));
        if (padding < 0)
        {
            return null;
        }

        const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        int digit = Alphabet.IndexOf(text[padding - 1], StringComparison.Ordinal);
        return Encoding.UTF8.GetBytes(text[..(padding - 1)] + Alphabet[digit ^ 1] + text[padding..]);
    }

    /// <summary>Replaces a name, of the same length, in both headers of the ZIP.</summary>
    public static byte[] Rename(byte[] bytes, string name, string other) =>
        Encoding.Latin1.GetBytes(Encoding.Latin1.GetString(bytes).Replace(name, other, StringComparison.Ordinal));

    /// <summary>Sets the expanded length of a file in both headers.</summary>
    public static byte[] Inflate(byte[] bytes, string name, uint length)
    {
        byte[] changed = [.. bytes];
        byte[] wanted = Encoding.ASCII.GetBytes(name);
        int local = changed.AsSpan().IndexOf(wanted) - 30;
        int central = changed.AsSpan().LastIndexOf(wanted) - 46;
        BitConverter.TryWriteBytes(changed.AsSpan(local + 22), length);
        BitConverter.TryWriteBytes(changed.AsSpan(central + 24), length);
        return changed;
    }

    /// <summary>Two entries change places.</summary>
    public static void Swap(BundleDraft draft, string one, string other)
    {
        (int left, int right) = (draft.IndexOf(one), draft.IndexOf(other));
        (draft.Entries[left], draft.Entries[right]) = (draft.Entries[right], draft.Entries[left]);
        (draft.Entries[left].Utc, draft.Entries[right].Utc) = (draft.Entries[right].Utc, draft.Entries[left].Utc);
    }

    /// <summary>A statement of lost batches, as the log would hold it.</summary>
    public static DraftEntry Loss(ECDsa key, long first, long last, string lastHash, long utc) => new(
        LogEntryKind.Loss,
        string.Create(CultureInfo.InvariantCulture, $"loss/{SampleBundle.Gateway}/1/{first}"),
        utc,
        new LostBatches(SampleBundle.Gateway, 1, first, last, lastHash).Sign(key));

    /// <summary>What a reader remembers of a bundle that verified.</summary>
    public static SeenLogs SeenOf(byte[] bundle)
    {
        SeenLogs seen = SeenLogs.Parse("");
        BundleVerifier verified = BundleVerifier.Verify(new MemoryStream(bundle), new([], seen));
        return verified.Report.Faults.Count == 0 ? seen : throw new InvalidOperationException("the bundle seen before is no true one");
    }

    /// <summary>Name of a file of readings.</summary>
    public static string FileOf(string channel) => BundleNames.SegmentsOf(SampleBundle.Gateway, 1, channel);
}
