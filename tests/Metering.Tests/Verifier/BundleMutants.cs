using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Metering.Evidence.Bundle;
using Metering.Evidence.Log;

namespace Metering.Tests.Verifier;

/// <summary>
/// Bundles that are not what they were, made by a seeded generator: bytes changed after the seal; files, entries, batches and readings changed and sealed again with the log's own key, as an insider would, or
/// with a stranger's; and ZIP files that two programs could read in two ways. Some changes are harmless: both verifiers must say so, too.
/// </summary>
internal sealed class BundleMutants : IDisposable
{
    private const int EndLength = 22;
    private readonly SampleBundle _sample = SampleBundle.Make(hasPeople: true);
    private readonly ECDsa _stranger = SampleBundle.StrangerKey();
    private readonly byte[] _true;

    public BundleMutants() => _true = _sample.Draft.Seal();

    /// <summary>Public key of the true log.</summary>
    public ECDsa LogKey => _sample.Draft.LogKey;

    /// <summary>The true bundle.</summary>
    public byte[] True => _true;

    public void Dispose()
    {
        _sample.Dispose();
        _stranger.Dispose();
    }

    /// <summary>One changed bundle; the same seed makes the same change.</summary>
    /// <returns>What was done, and the file.</returns>
    public (string What, byte[] Bytes) Make(int seed)
    {
        Random random = new(seed);
        return random.Next(10) switch
        {
            0 or 1 => Raw(random),
            2 or 3 => Zip(random),
            4 or 5 or 6 => OneFile(random),
            _ => Statement(random),
        };
    }

    private (string, byte[]) Raw(Random random)
    {
        List<byte> bytes = [.. _true];
        int at = random.Next(bytes.Count);
        int length = random.Next(1, 200);
        switch (random.Next(6))
        {
            case 0:
                bytes.RemoveRange(at, Math.Min(length, bytes.Count - at));
                return ($"raw: {length} bytes taken out at {at}", [.. bytes]);
            case 1:
                bytes.InsertRange(at, Some(random, length));
                return ($"raw: {length} bytes put in at {at}", [.. bytes]);
            case 2:
                return ($"raw: cut off at {at}", _true[..at]);
            case 3:
                int other = random.Next(bytes.Count);
                (bytes[at], bytes[other]) = (bytes[other], bytes[at]);
                return ($"raw: bytes {at} and {other} change places", [.. bytes]);
            case 4:
                bytes.AddRange(Some(random, length));
                return ($"raw: {length} bytes behind the end", [.. bytes]);
            default:
                int bit = random.Next(8);
                bytes[at] ^= (byte)(1 << bit);
                return ($"raw: bit {bit} of byte {at}", [.. bytes]);
        }
    }

    // The directory or a header is changed, and what stands before the seal is sealed again by the log's own key.
    private (string, byte[]) Zip(Random random)
    {
        byte[] zip = [.. _true.AsSpan(0, EndOf(_true) + EndLength)];
        (int local, int central)[] places = [.. PlacesOf(zip)];
        (int header, int record) = places[random.Next(places.Length)];
        int kind = random.Next(14);
        switch (kind)
        {
            case 0: zip[record + 8] ^= 1; zip[header + 6] ^= 1; break;              // "encrypted", in both headers
            case 1: zip[record + 6] = 45; zip[header + 4] = 45; break;              // version of ZIP64
            case 2: zip[header + 30] ^= 1; break;                                    // another name in the local header
            case 3: zip[record + 46] ^= 1; break;                                    // and in the directory
            case 4: zip[record + 32] = 1; break;                                     // a comment that is not there
            case 5: zip[record + 24] ^= 1; zip[header + 22] ^= 1; break;            // another length
            case 6: zip[record + 16] ^= 1; zip[header + 14] ^= 1; break;            // another check sum
            case 7: zip[record + 10] ^= 8; zip[header + 8] ^= 8; break;             // stored in place of deflated
            case 8: zip[record + 38] = 0xFF; break;                                  // attributes
            case 9: BinaryPrimitives.WriteUInt32LittleEndian(zip.AsSpan(record + 42), (uint)places[0].local); break; // two names for one content
            case 10: zip = Grown(zip, header, record, Some(random, random.Next(1, 9))); break;
            case 11: zip = [.. Some(random, 8), .. zip]; break;
            case 12: zip = [.. zip.AsSpan(0, zip.Length - EndLength), .. Some(random, 4), .. zip.AsSpan(zip.Length - EndLength)]; break;
            default: zip[EndOf(zip) + 8] ^= 1; zip[EndOf(zip) + 10] ^= 1; break;    // number of files
        }

        return ($"zip {kind} of the file at {header}", Sealed(zip, _sample.Draft.LogKey));
    }

    // Bytes of one file are changed on the way into the ZIP; hashes in the log stay what they were.
    private (string, byte[]) OneFile(Random random)
    {
        BundleDraft draft = _sample.Draft;
        List<string> names = [];
        draft.OnFile = (name, bytes) =>
        {
            names.Add(name);
            return bytes;
        };
        _ = draft.Seal();
        string chosen = names[random.Next(names.Count)];
        int kind = random.Next(6);
        int place = random.Next();
        ECDsa key = draft.LogKey;
        draft.OnFile = (name, bytes) => name != chosen ? bytes : kind switch
        {
            0 => null,
            1 => [.. bytes, (byte)'\n'],
            2 => bytes.Length > 1 ? bytes[..^1] : [.. bytes, 1],
            _ => Flipped(bytes, place),
        };
        bool isForeign = random.Next(4) == 0;
        draft.LogKey = isForeign ? _stranger : key;
        try
        {
            return ($"file {chosen}, change {kind}{(isForeign ? ", stranger's key" : "")}", draft.Seal());
        }
        finally
        {
            (draft.OnFile, draft.LogKey) = ((_, bytes) => bytes, key);
        }
    }

    // What an insider with the log's key could write: statements, entries, notes and segments, with hashes and root that fit.
    private static (string, byte[]) Statement(Random random)
    {
        using SampleBundle sample = SampleBundle.Make(hasPeople: true);
        using ECDsa stranger = SampleBundle.StrangerKey();
        BundleDraft draft = sample.Draft;
        string what = Change(draft, random, stranger);
        return ("statement: " + what, draft.Seal());
    }

    private static string Change(BundleDraft draft, Random random, ECDsa stranger)
    {
        int kind = random.Next(16);
        DraftEntry entry = draft.Entries[random.Next(draft.Entries.Count)];
        string file = draft.Notes.Keys.Order(StringComparer.Ordinal).ElementAt(random.Next(draft.Notes.Count));
        List<byte[]> notes = draft.Notes[file];
        string channel = draft.Segments.Keys.Order(StringComparer.Ordinal).ElementAt(random.Next(draft.Segments.Count));
        List<byte[]> segments = draft.Segments[channel];
        int one = random.Next(Math.Min(notes.Count, segments.Count));
        switch (kind)
        {
            case 0: entry.IsShown ^= true; break;
            case 1: entry.HasBody ^= true; break;
            case 2: entry.Utc += random.Next(-200_000_000, 200_000_000); break;
            case 3: entry.Subject += "0"; break;
            case 4: draft.Entries.Remove(entry); break;
            case 5: draft.Entries.Insert(random.Next(draft.Entries.Count), new(entry.Kind, entry.Subject, entry.Utc, entry.Body) { Salt = entry.Salt }); break;
            case 6: notes.RemoveAt(one); break;
            case 7: notes.Insert(one, notes[random.Next(notes.Count)]); break;
            case 8: segments.RemoveAt(one); break;
            case 9: (segments[0], segments[one]) = (segments[one], segments[0]); break;
            case 10: segments[one] = Flipped(segments[one], random.Next()); break;
            case 11: draft.LogKey.Dispose(); draft.LogKey = ECDsa.Create(ECCurve.NamedCurves.nistP256); break;
            case 12: draft.CheckpointKey = stranger; break;
            case 13: draft.Keys[draft.Keys.Keys.First()] = Metering.Readings.SigningKey.PublicPem(stranger); break;
            case 14: return EditResult(draft, random);
            default: return EditBody(draft, entry, random);
        }

        return string.Create(CultureInfo.InvariantCulture, $"change {kind} at {entry.Subject}, {file} {one}, {channel}");
    }

    // A figure of the result that both verifiers work out: the log then says that this was the result.
    private static string EditResult(BundleDraft draft, Random random)
    {
        string text = Encoding.UTF8.GetString(draft.Result);
        string[] forms = ["\"use\":(\\d+\\.?\\d*)", "\"baseline\":(\\d{3}\\.\\d+)", "\"metered\":(\\d+\\.?\\d*)", "\"readings\":(\\d+)", "\"version\":\"([0-9a-f])", "\"startUtc\":(\\d+)", "\"plan\":(\\d+)", "\"logSize\":(\\d+)", "\"saving\":(\\d+\\.?\\d*)"];
        string form = forms[random.Next(forms.Length)];
        MatchCollection found = Regex.Matches(text, form, RegexOptions.None, TimeSpan.FromSeconds(10));
        if (found.Count == 0)
        {
            return $"nothing like {form} in the result";
        }

        Group digit = found[random.Next(found.Count)].Groups[1];
        text = text[..digit.Index] + (digit.Value[0] == '7' ? '8' : '7') + text[(digit.Index + 1)..];
        draft.Result = Encoding.UTF8.GetBytes(text);
        DraftEntry entry = draft.Entries[draft.Newest(LogEntryKind.Result)];
        entry.Body = draft.Result;
        return $"result {form} at {digit.Index.ToString(CultureInfo.InvariantCulture)}";
    }

    // One character of a body, with the hash in the log that fits it.
    private static string EditBody(BundleDraft draft, DraftEntry entry, Random random)
    {
        DraftEntry[] some = [.. draft.Entries.Where(one => one.HasBody && one.IsShown && one.Body.Length > 0)];
        entry = some[random.Next(some.Length)];
        Dictionary<string, long> reports = new() { ["es"] = draft.IndexOf($"report/{draft.Project}/1"), ["en"] = draft.IndexOf($"report/{draft.Project}/2") };
        draft.Description = new Metering.Projects.Statements.BundleDescription(draft.Log, draft.Project, draft.Number, draft.Newest(LogEntryKind.Result), reports).ToBytes();
        entry.Body = Flipped(entry.Body, random.Next());
        return $"body of {entry.Subject}";
    }

    private static byte[] Flipped(byte[] bytes, int place)
    {
        if (bytes.Length == 0)
        {
            return [1];
        }

        byte[] changed = [.. bytes];
        int at = place % bytes.Length;
        changed[at] ^= (byte)(1 << (place % 7));
        return changed;
    }

    private static byte[] Some(Random random, int length)
    {
        byte[] bytes = new byte[length];
        random.NextBytes(bytes);
        return bytes;
    }

    private static int EndOf(byte[] zip) => zip.AsSpan().LastIndexOf("PK\u0005\u0006"u8);

    private static IEnumerable<(int Local, int Central)> PlacesOf(byte[] zip)
    {
        int at = (int)BinaryPrimitives.ReadUInt32LittleEndian(zip.AsSpan(EndOf(zip) + 16));
        while (BinaryPrimitives.ReadUInt32LittleEndian(zip.AsSpan(at)) == 0x02014b50)
        {
            yield return ((int)BinaryPrimitives.ReadUInt32LittleEndian(zip.AsSpan(at + 42)), at);
            at += 46 + BinaryPrimitives.ReadUInt16LittleEndian(zip.AsSpan(at + 28));
        }
    }

    // Bytes behind the end of the compressed data of one file, with every length and offset made to fit.
    private static byte[] Grown(byte[] zip, int header, int record, byte[] more)
    {
        int packed = (int)BinaryPrimitives.ReadUInt32LittleEndian(zip.AsSpan(header + 18));
        int end = header + 30 + BinaryPrimitives.ReadUInt16LittleEndian(zip.AsSpan(header + 26)) + packed;
        foreach ((int local, int central) in PlacesOf(zip).Where(place => place.Local > header).ToArray())
        {
            BinaryPrimitives.WriteUInt32LittleEndian(zip.AsSpan(central + 42), (uint)(local + more.Length));
        }

        BinaryPrimitives.WriteUInt32LittleEndian(zip.AsSpan(header + 18), (uint)(packed + more.Length));
        BinaryPrimitives.WriteUInt32LittleEndian(zip.AsSpan(record + 20), (uint)(packed + more.Length));
        int directory = EndOf(zip) + 16;
        BinaryPrimitives.WriteUInt32LittleEndian(zip.AsSpan(directory), BinaryPrimitives.ReadUInt32LittleEndian(zip.AsSpan(directory)) + (uint)more.Length);
        return [.. zip.AsSpan(0, end), .. more, .. zip.AsSpan(end)];
    }

    private byte[] Sealed(byte[] zip, ECDsa key)
    {
        byte[] seal = [];
        byte[] before;
        do
        {
            BinaryPrimitives.WriteUInt16LittleEndian(zip.AsSpan(zip.Length - 2), (ushort)seal.Length);
            before = seal;
            seal = new BundleSeal(_sample.Draft.Log, zip.Length, Convert.ToHexStringLower(SHA256.HashData(zip))).Sign(key);
        }
        while (seal.Length != before.Length);
        return [.. zip, .. seal];
    }
}
