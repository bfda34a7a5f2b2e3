using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using Metering.Readings;
using Metering.Tests.Support;
using Xunit;

namespace Metering.Tests.Readings;

/// <summary>
/// Bytes once written are read for ever. The files of a version are never changed: a new version gets a new folder.
/// Signatures are random, so the signed bytes were made once; text and segments are made again and compared.
/// </summary>
public sealed class GoldenWireTests
{
    private const string Gateway = "tannery-1";
    private const string Cloud = "metering-cloud";

    private static readonly Channel[] Channels =
    [
        new() { Id = "mains.active-energy-import", Meter = "mains", Unit = "kWh", Kind = ChannelKind.Counter, DecimalPlaces = 1, Modulus = 4_294_967_296, Profile = "generic-energy/1" },
        new() { Id = "air.temperature", Meter = "air", Unit = "degC", Kind = ChannelKind.Gauge, DecimalPlaces = 2, Profile = "generic-air/3" },
        new() { Id = "water.volume", Meter = "water", Unit = "m3", Kind = ChannelKind.Counter, DecimalPlaces = 3, Profile = "generic-water/1" },
    ];

    private static readonly Reading[] Readings =
    [
        new(1_704_067_200_000, 4_294_967_290, 0, ReadingQuality.Good, HasValue: true),
        new(1_704_068_100_000, 6, 0, ReadingQuality.Uncertain(QualityReason.Rollover), HasValue: true),
        Reading.Missing(1_704_069_000_000, 0, QualityReason.Timeout),
        new(1_704_069_900_000, 31, 0, ReadingQuality.Of(QualityClass.Substituted, QualityReason.Estimated), HasValue: true),
        new(1_704_067_200_000, -7, 1, ReadingQuality.Good, HasValue: true),
        new(1_704_068_100_000, 2_350, 1, ReadingQuality.Bad(QualityReason.OutOfRange), HasValue: true),
        new(1_704_067_200_000, 9_007_199_254_740_993, 2, ReadingQuality.Good, HasValue: true),
        new(1_704_070_800_000, 9_007_199_254_740_994, 2, ReadingQuality.Good, HasValue: true),
    ];

    private static readonly GapEvent[] Gaps = [new(1_704_063_600_000, 1_704_067_200_000, "stopped", 0), new(1_704_069_900_000, 1_704_070_800_000, "outbox-full", 3)];

    private static BatchAck Ack => new() { Gateway = Gateway, KeyEpoch = 2, Through = 42, Head = new string('a', 64), Also = [44, 46] };

    [Fact]
    public void The_batch_of_version_1_is_read_and_its_signature_holds()
    {
        WriteWhenAsked();
        BatchEnvelope envelope = BatchEnvelope.Open(File.ReadAllBytes(GoldenFile("batch.mtr")));
        using ECDsa key = SigningKey.Load(GoldenFile("gateway-key.pem"));
        Assert.Equal(NoteFault.None, SignedNote.Verify(envelope.Note.Span, Gateway, key));
        Assert.True(SignedNote.TrySplit(envelope.Note.Span, out int textLength, out _, out _));
        Assert.Equal(File.ReadAllBytes(GoldenFile("manifest.txt")), envelope.Note.Span[..textLength].ToArray());
        Assert.Equal(File.ReadAllText(GoldenFile("readings.csv")), Lines(envelope.ReadSegments()));
        for (int index = 0; index < envelope.Segments.Count; index++)
        {
            Assert.Equal(File.ReadAllBytes(GoldenFile($"segment-{envelope.Manifest.Channels[index].Channel}.txt")), envelope.Segments[index]);
        }
    }

    [Fact]
    public void The_same_readings_still_give_the_manifest_and_segments_of_version_1()
    {
        using ECDsa anyKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        BatchEnvelope golden = BatchEnvelope.Open(File.ReadAllBytes(GoldenFile("batch.mtr")));
        BatchEnvelope made = BatchEnvelope.Open(BatchBuilder.Build(Identity(), Channels, Readings, Gaps, anyKey).Envelope);
        Assert.Equal(golden.Manifest.ToText(), made.Manifest.ToText());
        Assert.Equal(golden.Segments, made.Segments);
        Assert.Equal(golden.Segments, golden.ReadSegments().Select(segment => segment.ToBytes()));
    }

    [Fact]
    public void Readings_in_any_order_give_the_same_segments()
    {
        using ECDsa anyKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        Reading[] backwards = [.. Enumerable.Reverse(Readings)];
        BatchEnvelope made = BatchEnvelope.Open(BatchBuilder.Build(Identity(), Channels, backwards, Gaps, anyKey).Envelope);
        Assert.Equal(BatchEnvelope.Open(File.ReadAllBytes(GoldenFile("batch.mtr"))).Segments, made.Segments);
    }

    [Fact]
    public void The_ack_of_version_1_is_read_and_its_signature_holds()
    {
        WriteWhenAsked();
        using ECDsa key = SigningKey.Load(GoldenFile("cloud-key.pem"));
        BatchAck ack = BatchAck.Open(File.ReadAllBytes(GoldenFile("ack.note")), Cloud, key);
        Assert.Equal((Ack.Gateway, Ack.KeyEpoch, Ack.Through, Ack.Head), (ack.Gateway, ack.KeyEpoch, ack.Through, ack.Head));
        Assert.Equal(Ack.Also, ack.Also);
        using ECDsa anyKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        byte[] made = Ack.Sign(Cloud, anyKey);
        Assert.True(SignedNote.TrySplit(made, out int textLength, out _, out _));
        Assert.Equal(File.ReadAllText(GoldenFile("ack.txt")), Encoding.ASCII.GetString(made.AsSpan(0, textLength)));
    }

    [NeedsFact("python3", "openssl")]
    public void A_script_of_the_standard_library_and_openssl_reads_the_same_readings()
    {
        (int code, string output) = RunScript(GoldenFile("batch.mtr"));
        Assert.Equal((0, File.ReadAllText(GoldenFile("readings.csv"))), (code, output));
    }

    [NeedsFact("python3", "openssl")]
    public void The_script_refuses_a_batch_with_one_changed_reading()
    {
        BatchEnvelope golden = BatchEnvelope.Open(File.ReadAllBytes(GoldenFile("batch.mtr")));
        byte[][] segments = [.. golden.Segments.Select(segment => segment.ToArray())];
        segments[0][^3] ^= 1;
        using TemporaryFolder folder = new();
        string path = folder.Combine("changed.mtr");
        File.WriteAllBytes(path, BatchEnvelope.Pack(golden.Note.Span, [.. segments.Select(segment => (ReadOnlyMemory<byte>)segment)]));
        Assert.Equal((65, ""), RunScript(path));
    }

    private static (int Code, string Output) RunScript(string batch)
    {
        ProcessStartInfo start = new("/usr/bin/python3", [Repository.Path("tests", "golden", "wire", "read_batch.py"), batch, GoldenFile("gateway-key.pem")])
        {
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        using Process process = Process.Start(start)!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output);
    }

    private static string GoldenFile(string name) => Repository.Path("tests", "golden", "wire", "v1", name);

    private static BatchIdentity Identity() => new()
    {
        Gateway = Gateway,
        KeyEpoch = 2,
        Boot = "0123456789abcdef",
        Batch = 42,
        PreviousHash = new string('b', 64),
        ConfigHash = new string('c', 64),
        Software = "metering-gateway/0.1.0",
        Clock = ClockState.Synchronised,
        MonotonicMilliseconds = 3_600_000,
        AnchorUtcMilliseconds = 1_704_070_801_234,
    };

    private static string Lines(IReadOnlyList<ChannelSegment> segments)
    {
        StringBuilder text = new();
        foreach (ChannelSegment segment in segments)
        {
            for (int index = 0; index < segment.Count; index++)
            {
                decimal value = segment.ScaledValues.Span[index] / (decimal)segment.Channel.Divisor;
                string shown = segment.HasValues.Span[index] ? value.ToString("F" + segment.Channel.DecimalPlaces) : "";
                _ = text.Append($"{segment.Channel.Id},{segment.UtcMilliseconds.Span[index]},{shown},{segment.Channel.Unit},{segment.Qualities.Span[index]}\n");
            }
        }

        return text.ToString();
    }

    /// <summary>Makes the files of a version that has none yet; never writes over one.</summary>
    private static void WriteWhenAsked()
    {
        if (Environment.GetEnvironmentVariable("METERING_GOLDEN") != "write" || File.Exists(GoldenFile("batch.mtr")))
        {
            return;
        }

        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using ECDsa cloudKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        byte[] bytes = BatchBuilder.Build(Identity(), Channels, Readings, Gaps, key).Envelope;
        BatchEnvelope envelope = BatchEnvelope.Open(bytes);
        byte[] ack = Ack.Sign(Cloud, cloudKey);
        _ = SignedNote.TrySplit(ack, out int ackLength, out _, out _);
        _ = Directory.CreateDirectory(Repository.Path("tests", "golden", "wire", "v1"));
        File.WriteAllBytes(GoldenFile("batch.mtr"), bytes);
        File.WriteAllBytes(GoldenFile("manifest.txt"), envelope.Manifest.ToText());
        File.WriteAllText(GoldenFile("readings.csv"), Lines(envelope.ReadSegments()));
        File.WriteAllText(GoldenFile("gateway-key.pem"), SigningKey.PublicPem(key));
        File.WriteAllText(GoldenFile("cloud-key.pem"), SigningKey.PublicPem(cloudKey));
        File.WriteAllBytes(GoldenFile("ack.note"), ack);
        File.WriteAllBytes(GoldenFile("ack.txt"), ack[..ackLength]);
        for (int index = 0; index < envelope.Segments.Count; index++)
        {
            File.WriteAllBytes(GoldenFile($"segment-{envelope.Manifest.Channels[index].Channel}.txt"), envelope.Segments[index]);
        }
    }
}
