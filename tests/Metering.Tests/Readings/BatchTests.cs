using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using Metering.Readings;
using Xunit;

namespace Metering.Tests.Readings;

public sealed class BatchTests
{
    private static readonly Channel[] Channels =
    [
        new() { Id = "mains.energy", Meter = "mains", Unit = "kWh", Kind = ChannelKind.Counter, DecimalPlaces = 1, Modulus = 4_294_967_296, Profile = "generic-energy/1" },
        new() { Id = "air.temperature", Meter = "air", Unit = "degC", Kind = ChannelKind.Gauge, DecimalPlaces = 2, Profile = "generic-air/1" },
    ];

    [Fact]
    public void A_batch_comes_back_reading_for_reading()
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        Reading[] readings =
        [
            new(1_704_068_100_000, 123_457, 0, ReadingQuality.Good, true),
            new(1_704_067_200_000, 123_456, 0, ReadingQuality.Good, true),
            Reading.Missing(1_704_069_000_000, 0, QualityReason.Timeout),
            new(1_704_067_200_000, -512, 1, ReadingQuality.Uncertain(QualityReason.Frozen), true),
        ];
        (byte[] bytes, string hash) = BatchBuilder.Build(Identity(1, BatchManifest.NoPrevious), Channels, readings, [], key);
        BatchEnvelope envelope = BatchEnvelope.Open(bytes);
        Assert.Equal(NoteFault.None, SignedNote.Verify(envelope.Note.Span, "tannery-1", key));
        Assert.Equal(hash, envelope.NoteHash);
        Assert.Equal(4, envelope.Manifest.ReadingCount);
        IReadOnlyList<ChannelSegment> segments = envelope.ReadSegments();
        Assert.Equal("air.temperature", segments[0].Channel.Id);
        Assert.Equal(Channels[0], segments[1].Channel);
        Assert.Equal([1_704_067_200_000, 1_704_068_100_000, 1_704_069_000_000], segments[1].UtcMilliseconds.ToArray());
        Assert.Equal([true, true, false], segments[1].HasValues.ToArray());
        Assert.Equal("B.timeout", segments[1].Qualities.Span[2].ToString());
        Assert.Equal(-512, segments[0].ScaledValues.Span[0]);
    }

    [Fact]
    public void Every_single_bit_flip_of_an_envelope_is_noticed()
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        (byte[] bytes, _) = BatchBuilder.Build(Identity(1, BatchManifest.NoPrevious), Channels, [new(1_704_067_200_000, 7, 0, ReadingQuality.Good, true)], [], key);
        BatchEnvelope original = BatchEnvelope.Open(bytes);
        int unnoticed = 0;
        for (int bit = 0; bit < bytes.Length * 8; bit++)
        {
            byte[] altered = [.. bytes];
            altered[bit / 8] ^= (byte)(1 << (bit % 8));
            unnoticed += SaysTheSame(altered, key, original) ? 0 : Accepts(altered, key) ? 1 : 0;
        }

        Assert.Equal(0, unnoticed);
    }

    [Fact]
    public void Bytes_appended_to_an_envelope_are_noticed()
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        (byte[] bytes, _) = BatchBuilder.Build(Identity(1, BatchManifest.NoPrevious), Channels, [new(1_704_067_200_000, 7, 0, ReadingQuality.Good, true)], [], key);
        Assert.False(Accepts([.. bytes, 0], key));
        Assert.False(Accepts([.. bytes, .. bytes[4..]], key));
        Assert.False(Accepts(bytes[..^1], key));
    }

    [Theory]
    [InlineData("tannery-1", NoteFault.None)]
    [InlineData("tannery-2", NoteFault.WrongSigner)]
    public void A_note_names_its_signer(string signer, NoteFault expected)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        byte[] note = SignedNote.Sign("one\ntwo\n"u8, "tannery-1", key);
        Assert.Equal(expected, SignedNote.Verify(note, signer, key));
    }

    [Fact]
    public void A_signature_with_high_s_is_refused()
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        byte[] note = SignedNote.Sign("one\n"u8, "tannery-1", key);
        Assert.True(SignedNote.TrySplit(note, out int textLength, out _, out byte[] blob));
        System.Formats.Asn1.AsnReader reader = new(blob.AsMemory(4), System.Formats.Asn1.AsnEncodingRules.DER);
        System.Formats.Asn1.AsnReader sequence = reader.ReadSequence();
        System.Numerics.BigInteger r = sequence.ReadInteger();
        System.Numerics.BigInteger s = sequence.ReadInteger();
        System.Numerics.BigInteger order = System.Numerics.BigInteger.Parse("0FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551", System.Globalization.NumberStyles.HexNumber);
        System.Formats.Asn1.AsnWriter writer = new(System.Formats.Asn1.AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteInteger(r);
            writer.WriteInteger(order - s);
        }

        byte[] forged = [.. note.AsSpan(0, textLength), .. Encoding.UTF8.GetBytes($"\n— tannery-1 {Convert.ToBase64String([.. blob.AsSpan(0, 4), .. writer.Encode()])}\n")];
        Assert.Equal(NoteFault.NotCanonical, SignedNote.Verify(forged, "tannery-1", key));
    }

    [Fact]
    public void Openssl_confirms_our_signature()
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        byte[] note = SignedNote.Sign("metering\n"u8, "tannery-1", key);
        Assert.True(SignedNote.TrySplit(note, out int textLength, out _, out byte[] blob));
        string folder = Directory.CreateTempSubdirectory("metering-note-").FullName;
        File.WriteAllBytes(Path.Combine(folder, "text"), note[..textLength]);
        File.WriteAllBytes(Path.Combine(folder, "signature"), blob[4..]);
        File.WriteAllText(Path.Combine(folder, "key.pem"), SigningKey.PublicPem(key));
        ProcessStartInfo start = new("openssl", ["dgst", "-sha256", "-verify", "key.pem", "-signature", "signature", "text"]) { WorkingDirectory = folder, RedirectStandardOutput = true, UseShellExecute = false };
        using Process process = Process.Start(start)!;
        Assert.Equal("Verified OK", process.StandardOutput.ReadToEnd().Trim());
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void An_ack_comes_back_and_only_from_the_right_key()
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using ECDsa other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        BatchAck ack = new() { Gateway = "tannery-1", KeyEpoch = 1, Through = 41, Head = new string('a', 64), Also = [44, 46] };
        byte[] note = ack.Sign("cloud", key);
        BatchAck back = BatchAck.Open(note, "cloud", key);
        Assert.Equal((41, 2), (back.Through, back.Also.Count));
        _ = Assert.Throws<WireFormatException>(() => BatchAck.Open(note, "cloud", other));
    }

    [Theory]
    [InlineData("span 1 2", "span 01 2")]
    [InlineData("epoch 1\n", "epoch 1 \n")]
    [InlineData("batch 1\n", "batch 2\n")]
    [InlineData("clock S", "clock X")]
    public void A_manifest_in_any_other_spelling_is_refused(string from, string to)
    {
        BatchManifest manifest = new()
        {
            Gateway = "g",
            KeyEpoch = 1,
            Boot = "0123456789abcdef",
            Batch = 1,
            PreviousHash = BatchManifest.NoPrevious,
            ConfigHash = new string('0', 64),
            Software = "metering-gateway/0.1.0",
            FirstUtcMilliseconds = 1,
            LastUtcMilliseconds = 2,
            Clock = ClockState.Synchronised,
            MonotonicMilliseconds = 5,
            AnchorUtcMilliseconds = 6,
            Channels = [new("c", 2, new string('b', 64))],
            Gaps = [new(1, 2, "stopped", 0)],
        };
        string text = Encoding.ASCII.GetString(manifest.ToText());
        _ = BatchManifest.Parse(manifest.ToText());
        Assert.Contains(from, text, StringComparison.Ordinal);
        _ = Assert.Throws<WireFormatException>(() => BatchManifest.Parse(Encoding.ASCII.GetBytes(text.Replace(from, to, StringComparison.Ordinal))));
    }

    private static BatchIdentity Identity(long batch, string previous) => new()
    {
        Gateway = "tannery-1",
        KeyEpoch = 1,
        Boot = "0123456789abcdef",
        Batch = batch,
        PreviousHash = previous,
        ConfigHash = new string('0', 64),
        Software = "metering-gateway/0.1.0",
        Clock = ClockState.Synchronised,
        MonotonicMilliseconds = 1000,
        AnchorUtcMilliseconds = 1_704_067_200_000,
    };

    private static bool Accepts(byte[] bytes, ECDsa key)
    {
        try
        {
            BatchEnvelope envelope = BatchEnvelope.Open(bytes);
            _ = envelope.ReadSegments();
            return SignedNote.Verify(envelope.Note.Span, "tannery-1", key) == NoteFault.None;
        }
        catch (WireFormatException)
        {
            return false;
        }
    }

    // Compression has more than one spelling of the same bytes: such a flip changes nothing that was signed.
    private static bool SaysTheSame(byte[] bytes, ECDsa key, BatchEnvelope original) =>
        Accepts(bytes, key)
        && BatchEnvelope.Open(bytes).Note.Span.SequenceEqual(original.Note.Span)
        && BatchEnvelope.Open(bytes).Segments[0].AsSpan().SequenceEqual(original.Segments[0]);
}
