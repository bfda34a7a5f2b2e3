using Metering.Gateway.Keys;
using Metering.Gateway.Outbox;
using Metering.Readings;
using Metering.Tests.GatewayHost;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Metering.Tests.Contract;

public sealed class KeyRotationTests : IDisposable
{
    private readonly OutboxHarness _harness = new();

    public void Dispose() => _harness.Dispose();

    [Fact]
    public void Unconfirmed_batches_of_the_old_key_stay_and_the_new_chain_begins_behind_them()
    {
        using (GatewayOutbox before = _harness.Open())
        {
            Fill(before, 0, 7);
            before.SetAcked(1);
        }

        Rotate();
        using KeyChain keys = Keys();
        Assert.Equal((2, 1), (keys.KeyEpoch, keys.Steps.Count));
        Assert.Equal((4L, 1), (keys.Steps[0].Rotation.Through, keys.Steps[0].Rotation.KeyEpoch));
        using (GatewayOutbox after = Open(keys))
        {
            Assert.Equal((1, 5), (after.AckedThrough, after.LastBatch));
            Fill(after, 7, 8);
            Assert.Equal(9, after.LastBatch);
            AssertChain(after, keys);
            after.SetAcked(6);
        }

        using GatewayOutbox again = Open(keys);
        Assert.Equal((6, 9), (again.AckedThrough, again.LastBatch));
        again.SetAcked(2);
        AssertChain(again, keys);
    }

    [Theory]
    [InlineData("epoch-2.note", false)]
    [InlineData("epoch-2.note", true)]
    public void A_rotation_cut_short_has_not_happened_and_is_done_anew(string lost, bool tearsKey)
    {
        using (GatewayOutbox before = _harness.Open())
        {
            Fill(before, 0, 4);
        }

        Rotate();
        string folder = Path.Combine(_harness.Directory, "keys");
        File.Move(Path.Combine(folder, lost), Path.Combine(folder, lost + ".new"));
        if (tearsKey)
        {
            File.WriteAllText(Path.Combine(folder, "epoch-2.pem"), "-----BEGIN PRIV");
        }

        using (KeyChain keys = Keys())
        {
            Assert.Equal(1, keys.KeyEpoch);
            using GatewayOutbox outbox = Open(keys);
            Fill(outbox, 4, 4);
            Assert.Equal(4, outbox.LastBatch);
        }

        Rotate();
        using KeyChain rotated = Keys();
        Assert.Equal((2, 4L), (rotated.KeyEpoch, rotated.Steps[0].Rotation.Through));
        using GatewayOutbox after = Open(rotated);
        Fill(after, 8, 4);
        AssertChain(after, rotated);
    }

    [Fact]
    public void A_key_may_change_before_it_signed_anything_and_many_times()
    {
        Rotate();
        Rotate();
        using (KeyChain keys = Keys())
        {
            using GatewayOutbox outbox = Open(keys);
            Fill(outbox, 0, 4);
            Assert.Equal((3, 4), (keys.KeyEpoch, outbox.LastBatch));
        }

        Rotate();
        using KeyChain last = Keys();
        using GatewayOutbox again = Open(last);
        Assert.Equal((4, 5), (last.KeyEpoch, again.LastBatch));
        AssertChain(again, last);
    }

    [Fact]
    public void A_note_that_the_old_key_did_not_sign_stops_the_start_with_a_reason()
    {
        Rotate();
        string note = Path.Combine(_harness.Directory, "keys", "epoch-2.note");
        byte[] bytes = File.ReadAllBytes(note);
        bytes[40] ^= 1;
        File.WriteAllBytes(note, bytes);
        OutboxException fault = Assert.Throws<OutboxException>(Keys);
        Assert.Contains("epoch-2.note", fault.Message, StringComparison.Ordinal);
    }

    private static void Fill(GatewayOutbox outbox, int first, int count)
    {
        for (int index = first; index < first + count; index++)
        {
            OutboxHarness.AddCycle(outbox, index);
        }

        outbox.Flush();
    }

    // Every place holds a batch of its epoch, chained within it, or the change of key that names the end of the one before.
    private static void AssertChain(GatewayOutbox outbox, KeyChain keys)
    {
        string previous = BatchManifest.NoPrevious;
        List<long> instants = [];
        for (long place = 1; place <= outbox.LastBatch; place++)
        {
            (int epoch, long batch) = outbox.Places.At(place);
            if (outbox.Places.StepAt(place) is RotationStep step)
            {
                KeyRotation rotation = KeyRotation.Open(step.Note.Span, keys.KeyOf(epoch - 1));
                Assert.Equal((epoch - 1, previous), (rotation.KeyEpoch, rotation.Head));
                previous = BatchManifest.NoPrevious;
                continue;
            }

            Assert.True(outbox.TryRead(place, out ReadOnlyMemory<byte> bytes, out string hash));
            BatchEnvelope envelope = BatchEnvelope.Open(bytes.Span);
            Assert.Equal((epoch, batch, previous), (envelope.Manifest.KeyEpoch, envelope.Manifest.Batch, envelope.Manifest.PreviousHash));
            Assert.Equal(NoteFault.None, SignedNote.Verify(envelope.Note.Span, "g", keys.KeyOf(epoch)));
            instants.AddRange(envelope.ReadSegments()[0].UtcMilliseconds.ToArray());
            previous = hash;
        }

        Assert.Equal(Enumerable.Range(0, instants.Count).Select(OutboxHarness.SlotOf), instants);
    }

    private KeyChain Keys() => KeyChain.Open(_harness.Directory, 1, _harness.Key);

    private void Rotate()
    {
        using KeyChain keys = Keys();
        using BatchLog batches = BatchLog.Open(Path.Combine(_harness.Directory, GatewayOutbox.BatchesName), new(keys.KeyEpoch, keys.Steps));
        keys.Rotate("g", batches.NextNumber - 1, batches.LastHash);
    }

    private GatewayOutbox Open(KeyChain keys) => GatewayOutbox.Open(
        new()
        {
            Directory = _harness.Directory,
            Gateway = "g",
            KeyEpoch = keys.KeyEpoch,
            Key = keys.Key,
            Rotations = keys.Steps,
            Table = new("0123456789abcdef", new string('0', 64), "metering-gateway/0.1.0", OutboxHarness.Channels),
            MaximumAge = TimeSpan.FromSeconds(60),
            MaximumReadings = 4,
        },
        _harness.Clock,
        NullLogger.Instance);
}
