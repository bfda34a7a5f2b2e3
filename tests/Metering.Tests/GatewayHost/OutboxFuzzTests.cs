using System.Globalization;
using System.Security.Cryptography;
using Metering.Gateway.Outbox;
using Metering.Readings;
using Metering.Tests.Support;
using Xunit;

namespace Metering.Tests.GatewayHost;

/// <summary>
/// Bytes that somebody or something has changed: batches and acks on the wire, segments on the disk. Nothing but the one
/// exception of the format may come, nothing changed may pass for genuine. METERING_SEED sets the seed.
/// </summary>
public sealed class OutboxFuzzTests
{
    private const int Envelopes = 400_000;
    private const int Acks = 100_000;
    private const int Segments = 20_000;

    private static readonly int Seed =
        int.TryParse(Environment.GetEnvironmentVariable("METERING_SEED"), NumberStyles.Integer, CultureInfo.InvariantCulture, out int seed) ? seed : 20_260_406;

    [Fact]
    public void Mutated_batches_are_refused_or_are_the_same_batch()
    {
        using BatchFactory factory = new("g", channels: 3, slotsPerBatch: 4);
        byte[] genuine = factory.Next();
        string hash = BatchEnvelope.Open(genuine).NoteHash;
        Random random = new(Seed);
        long passed = 0;
        for (int round = 0; round < Envelopes; round++)
        {
            byte[] bytes = Mutate(random, genuine);
            string context = string.Create(CultureInfo.InvariantCulture, $"METERING_SEED={Seed}, round {round}: {Convert.ToBase64String(bytes)}");
            try
            {
                BatchEnvelope envelope = BatchEnvelope.Open(bytes);
                passed += envelope.NoteHash == hash && envelope.ReadSegments().Count > 0 ? 1 : 0;
                Assert.True(envelope.NoteHash == hash || SignedNote.Verify(envelope.Note.Span, "g", factory.Key) != NoteFault.None, context);
            }
            catch (WireFormatException)
            {
                // The one way to be refused.
            }
            catch (Exception e) when (e is not Xunit.Sdk.XunitException)
            {
                Assert.Fail($"{e.GetType().Name}: {context}");
            }
        }

        Assert.True(passed < Envelopes / 10, "the mutations change too little");
    }

    [Fact]
    public void A_batch_that_asks_for_a_preset_dictionary_is_refused() =>
        Assert.Throws<WireFormatException>(() => BatchEnvelope.Open(Convert.FromBase64String("TVRSMXh9xZPNThsxFIWjLv0=")));

    [Fact]
    public void Mutated_acks_are_refused()
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        byte[] genuine = new BatchAck { Gateway = "g", KeyEpoch = 1, Through = 42, Head = new string('a', 64), Also = [44, 46], Answers = "0123456789abcdef" }.Sign("cloud", key);
        Assert.Equal(42, BatchAck.Open(genuine, "cloud", key).Through);
        Random random = new(Seed);
        for (int round = 0; round < Acks; round++)
        {
            byte[] bytes = Mutate(random, genuine);
            string context = string.Create(CultureInfo.InvariantCulture, $"METERING_SEED={Seed}, round {round}: {Convert.ToBase64String(bytes)}");
            try
            {
                _ = BatchAck.Open(bytes, "cloud", key);
                Assert.True(bytes.AsSpan().SequenceEqual(genuine), context);
            }
            catch (WireFormatException)
            {
                // The one way to be refused.
            }
            catch (Exception e) when (e is not Xunit.Sdk.XunitException)
            {
                Assert.Fail($"{e.GetType().Name}: {context}");
            }
        }
    }

    [Fact]
    public void Mutated_segments_show_only_frames_that_were_written()
    {
        Random random = new(Seed);
        HashSet<string> written = [];
        SimulatedDisk disk = new(random);
        using (FramedLog log = FramedLog.Open(disk, long.MaxValue, (_, _) => { }))
        {
            for (int frame = 0; frame < 12; frame++)
            {
                byte[] payload = new byte[random.Next(1, 120)];
                random.NextBytes(payload);
                _ = log.Append(payload);
                _ = written.Add(Convert.ToHexString(payload));
            }

            log.Commit();
        }

        byte[] genuine = disk.ReadAll(1);
        for (int round = 0; round < Segments; round++)
        {
            SimulatedDisk changed = new(random);
            using (ISegmentFile file = changed.Create(1))
            {
                file.Append(Mutate(random, genuine));
                file.Flush();
            }

            int at = round;
            using FramedLog log = FramedLog.Open(changed, long.MaxValue, (_, payload) =>
                Assert.True(written.Contains(Convert.ToHexString(payload)), $"METERING_SEED={Seed}, round {at}: a frame that nobody wrote"));
            long next = log.NextSequence;
            Assert.True(log.Append([1, 2, 3]).Sequence == next && next is >= 1 and <= 13, $"METERING_SEED={Seed}, round {round}: the log does not go on");
            log.Commit();
        }
    }

    private static byte[] Mutate(Random random, byte[] genuine)
    {
        List<byte> bytes = [.. genuine];
        for (int change = random.Next(1, 4); change > 0 && bytes.Count > 0; change--)
        {
            int at = random.Next(bytes.Count);
            switch (random.Next(6))
            {
                case 0:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 2:
                    bytes.RemoveAt(at);
                    break;
                case 3:
                    bytes.Insert(at, (byte)random.Next(256));
                    break;
                case 4:
                    bytes.RemoveRange(at, bytes.Count - at);
                    break;
                default:
                    int length = Math.Min(random.Next(1, 30), bytes.Count - at);
                    bytes.InsertRange(random.Next(bytes.Count + 1), bytes.GetRange(at, length));
                    break;
            }
        }

        return [.. bytes];
    }
}
