using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using Metering.Readings;
using Metering.Tests.Readings.Frozen;
using Metering.Tests.Support;
using Xunit;

namespace Metering.Tests.Readings;

/// <summary>The fast reader and the plain one it replaced must take the same bytes, refuse the same bytes, and read the same from them.</summary>
public sealed class WireDifferentialTests
{
    private const int Mutations = 40_000;
    private static readonly byte[] Interesting = " \n,-+0123456789GUBSabcf.\r\0_/\u007f"u8.ToArray().Append((byte)0x80).Append((byte)0xFF).ToArray();

    private static readonly string[] Lines =
    [
        "1704067200000,123456,G", "1704067200001,-5,G", "0,0,G", "12,7,U.late", "1704068100000,,B.timeout", "99,99999999,G", "100,123456789012345,G",
        "12345678,1234567890123456,G", "123456789012345,12345678,S.estimated", "1704067200002,9223372036854775807,G", "1704067200003,-9223372036854775808,G",
        "-62135596800000,1,G", "1704067200004,1,B.out-of-range", "1704067200005,0,G", "1704067200006,-0,G", "1704067200007,01,G", "9999999999999999999,1,G",
    ];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Both_readers_decide_alike_on_mutated_segments(int seed)
    {
        Random random = new(seed);
        (int taken, int refused) = (0, 0);
        for (int mutation = 0; mutation < Mutations; mutation++)
        {
            byte[] bytes = Mutate(random, SegmentOf(random), random.Next(3));
            ChannelSegment? plain = Try(() => PlainSegment.Parse(bytes));
            ChannelSegment? fast = Try(() => ChannelSegment.Parse(bytes));
            Assert.True(Same(plain, fast), $"seed {seed}, mutation {mutation}: plain {plain?.Count}, fast {fast?.Count}: {Encoding.Latin1.GetString(bytes)}");
            (taken, refused) = plain is null ? (taken, refused + 1) : (taken + 1, refused);
        }

        Assert.True(taken > Mutations / 10 && refused > Mutations / 10, $"{taken} taken, {refused} refused: the mutations are too tame or too wild");
    }

    [Theory]
    [InlineData(3)]
    [InlineData(4)]
    public void Both_readers_decide_alike_on_mutated_manifests(int seed)
    {
        using BatchFactory factory = new(channels: 3, slotsPerBatch: 2);
        byte[] text = (BatchEnvelope.Open(factory.Next()).Manifest with { Gaps = [new(1, 2, "stopped", 0), new(-5, 7, "outbox-full", 12)] }).ToText();
        Random random = new(seed);
        int taken = 0;
        for (int mutation = 0; mutation < Mutations / 2; mutation++)
        {
            byte[] bytes = Mutate(random, text, 1 + random.Next(2));
            BatchManifest? plain = Try(() => PlainManifest.Parse(bytes));
            BatchManifest? fast = Try(() => BatchManifest.Parse(bytes));
            bool same = plain is null ? fast is null : fast is not null && plain.ToText().AsSpan().SequenceEqual(fast.ToText()) && fast.ToText().AsSpan().SequenceEqual(bytes);
            Assert.True(same, $"seed {seed}, mutation {mutation}: plain {plain is not null}, fast {fast is not null}: {Encoding.Latin1.GetString(bytes)}");
            taken += plain is null ? 0 : 1;
        }

        Assert.True(taken > 100, $"only {taken} taken");
    }

    [Theory]
    [InlineData(5)]
    [InlineData(6)]
    public void Both_readers_decide_alike_on_mutated_envelopes(int seed)
    {
        using BatchFactory factory = new(channels: 3, slotsPerBatch: 5);
        byte[] whole = factory.Next();
        Random random = new(seed);
        int taken = 0;
        for (int mutation = 0; mutation < Mutations / 8; mutation++)
        {
            // Half of them are damaged under the compression, which hides nothing from the check sum then.
            byte[] bytes = random.Next(2) == 0 ? Mutate(random, whole, 1) : Compress(Mutate(random, Expand(whole), random.Next(2)), random);
            Assert.True(SameEnvelope(bytes, out bool isTaken), $"seed {seed}, mutation {mutation}: {Convert.ToBase64String(bytes)}");
            taken += isTaken ? 1 : 0;
        }

        Assert.True(taken > 100, $"only {taken} taken");
    }

    [Fact]
    public void Every_cut_and_every_flipped_bit_of_the_check_sum_of_an_envelope_is_refused_by_both()
    {
        using BatchFactory factory = new(channels: 2, slotsPerBatch: 3);
        byte[] whole = factory.Next();
        Assert.True(SameEnvelope(whole, out bool isTaken) && isTaken);
        for (int length = 0; length < whole.Length; length++)
        {
            Assert.True(SameEnvelope(whole[..length], out isTaken) && !isTaken, $"cut to {length} of {whole.Length} bytes");
        }

        for (int bit = 0; bit < 96; bit++)
        {
            byte[] flipped = [.. whole];
            flipped[^(1 + (bit / 8))] ^= (byte)(1 << (bit % 8));

            // Before the check sum, the bits that fill up the last byte of the compressed data carry no meaning.
            Assert.True(SameEnvelope(flipped, out isTaken) && (!isTaken || bit >= 32), $"bit {bit} from the end");
        }

        for (int more = 1; more < 20_000; more = (more * 3) + 1)
        {
            Assert.True(SameEnvelope([.. whole, .. new byte[more]], out isTaken) && !isTaken, $"{more} bytes more");
        }
    }

    [Theory]
    [InlineData(7)]
    [InlineData(8)]
    public void Both_readers_find_the_same_fault_in_mutated_signatures(int seed)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        Random random = new(seed);
        Dictionary<NoteFault, int> found = [];
        for (int mutation = 0; mutation < Mutations / 20; mutation++)
        {
            byte[] note = mutation % 16 == 0 ? SignedNote.Sign(Encoding.ASCII.GetBytes($"text {mutation}\n"), "g", key) : WithDer(random, key);
            if (random.Next(4) == 0)
            {
                note = Mutate(random, note, 1);
            }

            NoteFault plain = PlainNote.Verify(note, "g", key);
            Assert.True(plain == SignedNote.Verify(note, "g", key), $"seed {seed}, mutation {mutation}: plain {plain}: {Encoding.UTF8.GetString(note)}");
            found[plain] = found.GetValueOrDefault(plain) + 1;
        }

        Assert.True(found.Count >= 5 && found[NoteFault.NotCanonical] > 100 && found[NoteFault.BadSignature] > 100, string.Join(", ", found));
    }

    private static byte[] WithDer(Random random, ECDsa key)
    {
        byte[] der = [0x30, 0, .. Integer(random), .. Integer(random)];
        der[1] = (byte)(der.Length - 2);
        if (random.Next(3) == 0)
        {
            der[random.Next(Math.Min(der.Length, 40))] ^= (byte)(1 << random.Next(8));
        }

        byte[] blob = [.. SignedNote.KeyId(key), .. random.Next(8) == 0 ? [.. der, 0] : der];
        return Encoding.UTF8.GetBytes($"text\n\n— g {Convert.ToBase64String(blob)}\n");
    }

    // Mostly near the borders: 0, 1, n / 2, n, 2^255, 2^256 and one beyond, with and without a leading zero.
    private static byte[] Integer(Random random)
    {
        const string Order = "FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551";
        const string Half = "7FFFFFFF800000007FFFFFFFFFFFFFFFDE737D56D38BCF4279DCE5617E3192A8";
        byte[] scalar = random.Next(8) switch
        {
            0 => Convert.FromHexString(Order),
            1 => [.. Enumerable.Repeat((byte)0xFF, 32 + random.Next(2))],
            2 => [(byte)random.Next(2)],
            3 => Convert.FromHexString("00" + Order),
            4 => [0, .. random.GetItems(Interesting, random.Next(1, 34))],
            _ => Convert.FromHexString(Half),
        };
        scalar[^1] = (byte)Math.Clamp(scalar[^1] + random.Next(-1, 2), byte.MinValue, byte.MaxValue);
        bool isShort = random.Next(4) != 0;
        scalar = isShort && scalar[0] >= 0x80 ? [0, .. scalar] : scalar;
        return [0x02, (byte)scalar.Length, .. scalar];
    }

    private static byte[] SegmentOf(Random random)
    {
        StringBuilder text = new("metering/v1/segment\n");
        string kind = random.Next(3) switch { 0 => "gauge", 1 => "counter -", _ => "counter 4294967296" };
        _ = text.Append(CultureInfo.InvariantCulture, $"gateway g-{random.Next(3)}\nbatch {random.Next(12)}\nchannel c.{random.Next(3)}\nmeter m\nunit kWh\ndecimals {random.Next(3)}\nkind {kind}\nprofile p/{random.Next(4)}\n\n");
        if (random.Next(2) == 0)
        {
            long instant = random.NextInt64(-100, 2_000_000_000_000);
            for (int line = random.Next(4); line >= 0; line--)
            {
                instant += random.Next(1, 100_000);
                _ = text.Append(CultureInfo.InvariantCulture, $"{instant},{random.NextInt64(long.MinValue, long.MaxValue) >> random.Next(64)},{(random.Next(5) == 0 ? "U.frozen" : "G")}\n");
            }
        }
        else
        {
            foreach (string line in random.GetItems(Lines, random.Next(3)))
            {
                _ = text.Append(line).Append('\n');
            }
        }

        return Encoding.ASCII.GetBytes(text.ToString());
    }

    private static byte[] Mutate(Random random, byte[] original, int changes)
    {
        List<byte> bytes = [.. original];
        for (int change = 0; change < changes && bytes.Count > 0; change++)
        {
            int at = random.Next(bytes.Count);
            switch (random.Next(5))
            {
                case 0:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    bytes[at] = random.GetItems(Interesting, 1)[0];
                    break;
                case 2:
                    bytes.RemoveRange(at, Math.Min(bytes.Count - at, random.Next(1, 4)));
                    break;
                case 3:
                    bytes.InsertRange(at, random.GetItems(Interesting, random.Next(1, 3)));
                    break;
                default:
                    // A digit for a digit keeps most of them well-formed.
                    at = bytes.FindIndex(at, one => one is >= (byte)'0' and <= (byte)'9');
                    bytes[Math.Max(at, 0)] = (byte)('0' + random.Next(10));
                    break;
            }
        }

        return [.. bytes];
    }

    private static byte[] Expand(byte[] envelope)
    {
        using ZLibStream zlib = new(new MemoryStream(envelope, 4, envelope.Length - 4), CompressionMode.Decompress);
        using MemoryStream expanded = new();
        zlib.CopyTo(expanded);
        return expanded.ToArray();
    }

    private static byte[] Compress(byte[] expanded, Random random)
    {
        using MemoryStream stream = new();
        stream.Write("MTR1"u8);
        using (ZLibStream zlib = new(stream, (CompressionLevel)random.Next(4), leaveOpen: true))
        {
            zlib.Write(expanded);
        }

        return stream.ToArray();
    }

    private static bool SameEnvelope(byte[] bytes, out bool isTaken)
    {
        (byte[] Note, BatchManifest Manifest, IReadOnlyList<byte[]> Segments)? plain = null;
        IReadOnlyList<ChannelSegment>? plainRead = null;
        try
        {
            plain = PlainEnvelope.Open(bytes);
            plainRead = PlainEnvelope.ReadSegments(plain.Value.Manifest, plain.Value.Segments);
        }
        catch (WireFormatException)
        {
            // Refused.
        }

        isTaken = plainRead is not null;
        BatchEnvelope? fast = Try(() => BatchEnvelope.Open(bytes));
        IReadOnlyList<ChannelSegment>? fastRead = fast is null ? null : Try(fast.ReadSegments);
        if (plain is null || plainRead is null || fast is null || fastRead is null)
        {
            return (plain is null) == (fast is null) && (plainRead is null) == (fastRead is null);
        }

        return fast.Note.Span.SequenceEqual(plain.Value.Note) && fast.Segments.Count == plain.Value.Segments.Count && fastRead.Count == plainRead.Count
            && fast.NoteHash == BatchManifest.HashOf(plain.Value.Note)
            && fast.Segments.Zip(plain.Value.Segments).All(pair => pair.First.AsSpan().SequenceEqual(pair.Second))
            && fastRead.Zip(plainRead).All(pair => Same(pair.First, pair.Second));
    }

    private static bool Same(ChannelSegment? one, ChannelSegment? other) => one is null || other is null
        ? one is null && other is null
        : (one.Gateway, one.Batch, one.Channel) == (other.Gateway, other.Batch, other.Channel)
            && one.UtcMilliseconds.Span.SequenceEqual(other.UtcMilliseconds.Span) && one.ScaledValues.Span.SequenceEqual(other.ScaledValues.Span)
            && one.Qualities.Span.SequenceEqual(other.Qualities.Span) && one.HasValues.Span.SequenceEqual(other.HasValues.Span);

    private static T? Try<T>(Func<T> read)
        where T : class
    {
        try
        {
            return read();
        }
        catch (WireFormatException)
        {
            return null;
        }
    }
}
