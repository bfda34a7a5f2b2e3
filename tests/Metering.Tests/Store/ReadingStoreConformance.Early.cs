using Metering.Readings;
using Metering.Store;
using Xunit;
using static Metering.Tests.Store.StoreGateway;

namespace Metering.Tests.Store;

/// <content>Batches that come before their turn.</content>
public abstract partial class ReadingStoreConformance
{
    [StoreTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_early_batch_is_durable_and_shown_but_not_read_until_the_chain_reaches_it(bool isKilled)
    {
        byte[][] batches = [.. Enumerable.Range(0, 5).Select(slot => _gateway.Next([Good(Start + slot, slot), Good(Start + slot, -slot, 1)]))];
        _ = await AppendAsync(Store, batches[0]);
        Assert.Equal(AppendOutcome.Early, await AppendAsync(Store, batches[3]));
        Assert.Equal(AppendOutcome.Early, await AppendAsync(Store, batches[2]));
        Assert.Equal(AppendOutcome.Early, await AppendAsync(Store, batches[3]));
        string version = Store.VersionOf(GatewayName, Energy, 0, long.MaxValue);
        _store = isKilled ? House.Crash(Store) : Store;
        if (!isKilled)
        {
            Reopen();
        }

        Assert.Equal([3, 4], Store.Standing(GatewayName, 1).Early);
        Assert.Equal(new ChainHead(1, BatchEnvelope.Open(batches[0]).NoteHash), Store.Standing(GatewayName, 1).Head);
        Assert.Equal(
            [new(GatewayName, 1, 4, Channels[0], Good(Start + 3, 3)), new EarlyReading(GatewayName, 1, 4, Channels[1], Good(Start + 3, -3))],
            Store.NewestEarly(GatewayName));
        Assert.Equal(Store.NewestEarly(GatewayName), Store.NewestEarly(null));
        Assert.Empty(Store.NewestEarly("another"));
        Assert.Equal([0], All().ScaledValues);
        Assert.Equal((0, 1), (Store.Latest(GatewayName, Energy)!.Value.ScaledValue, Store.LastSequence));
        Assert.Equal(version, Store.VersionOf(GatewayName, Energy, 0, long.MaxValue));

        Assert.Equal(AppendOutcome.Stored, await AppendAsync(Store, batches[1]));
        Assert.Equal(new ChainHead(4, BatchEnvelope.Open(batches[3]).NoteHash), Store.Head(GatewayName, 1));
        Assert.Empty(Store.Standing(GatewayName, 1).Early);
        Assert.Empty(Store.NewestEarly(null));
        Assert.Equal([0, 1, 2, 3], All().ScaledValues);
        Assert.Equal(batches[..4], Store.Journal(0, 10).Select(record => record.Envelope.ToArray()));
        Assert.Equal(AppendOutcome.Duplicate, await AppendAsync(Store, batches[3]));
        Assert.Empty(Verify().Differences);
    }

    [StoreFact]
    public async Task An_early_batch_that_does_not_fit_goes_to_quarantine_when_its_turn_comes_and_nothing_of_it_stays()
    {
        byte[] first = _gateway.Next([Good(Start, 1)]);
        byte[] second = _gateway.Next([Good(Start + 1, 2)]);
        byte[] third = _gateway.Next([Good(Start + 2, 3)]);
        (byte[] otherSecond, _) = _gateway.Build(2, new string('a', 64), [Good(Start + 1, 9)]);
        (byte[] otherMeaning, _) = _gateway.Build(4, _gateway.LastHash, [Good(Start + 3, 4)], [Channels[0] with { Unit = "kVAh" }]);
        foreach (byte[] early in (byte[][])[otherSecond, second, third, otherMeaning])
        {
            Assert.Equal(AppendOutcome.Early, await AppendAsync(Store, early));
        }

        Assert.Equal([2, 3, 4], Store.Standing(GatewayName, 1).Early);
        Assert.Equal(AppendOutcome.Stored, await AppendAsync(Store, first));
        Assert.Equal((3, 2), (Store.Head(GatewayName, 1).Through, Store.QuarantinedOf(GatewayName)));
        Assert.Equal([1, 2, 3], All().ScaledValues);
        Assert.Empty(Store.Standing(GatewayName, 1).Early);
        Assert.Empty(Store.NewestEarly(null));
        string[] reasons = [.. Store.Quarantined(0, 10, null).Select(message => message.Reason)];
        Assert.Equal("fork: batch 2 of key epoch 1 had come before its turn: it contradicts the stored chain", reasons[0]);
        Assert.Contains("identifier of its own", reasons[1], StringComparison.Ordinal);

        // One whose channels contradict what is known already is not kept at all.
        (byte[] refused, _) = _gateway.Build(6, new string('b', 64), [Good(Start + 3, 4)], [Channels[0] with { Unit = "kVAh" }]);
        _ = await Assert.ThrowsAsync<WireFormatException>(() => AppendAsync(Store, refused));
    }

    [StoreFact]
    public async Task Early_batches_of_a_gateway_are_kept_up_to_a_number()
    {
        byte[][] batches = [.. Enumerable.Range(0, StoreLimits.MaximumEarlyBatches + 3).Select(slot => _gateway.Next([Good(Start + slot, slot)]))];
        AppendOutcome[] outcomes = await Task.WhenAll(batches.Skip(1).Select(bytes => AppendAsync(Store, bytes)));
        Assert.Equal((StoreLimits.MaximumEarlyBatches, 2), (outcomes.Count(outcome => outcome == AppendOutcome.Early), outcomes.Count(outcome => outcome == AppendOutcome.OutOfOrder)));
        Assert.Equal(StoreLimits.MaximumEarlyBatches, Store.Standing(GatewayName, 1).Early.Count);

        // One that is kept is still found when there is no room.
        Assert.Equal(AppendOutcome.Early, await AppendAsync(Store, batches[1]));
        foreach (byte[] bytes in batches)
        {
            _ = await AppendAsync(Store, bytes);
        }

        Assert.Equal(new ChainHead(batches.Length, _gateway.LastHash), Store.Head(GatewayName, 1));
        Assert.Equal(batches.Length, All().Count);
        Assert.Empty(Store.NewestEarly(null));
        Assert.Equal(0, Store.QuarantineCount);
    }

    [StoreFact]
    public async Task Early_batches_of_a_gateway_are_kept_up_to_a_length()
    {
        Random random = new(20_261_122);
        long length = 0;
        int kept = 0;
        bool isFull = false;
        for (int batch = 2; !isFull && batch < StoreLimits.MaximumEarlyBatches; batch++)
        {
            Reading[] readings = [.. Enumerable.Range(0, 20_000).Select(slot => Good(Start + slot, random.NextInt64()))];
            (byte[] bytes, _) = _gateway.Build(batch, new string('a', 64), readings);
            AppendOutcome outcome = await AppendAsync(Store, bytes);
            isFull = outcome == AppendOutcome.OutOfOrder;
            Assert.Equal(length + bytes.Length <= StoreLimits.MaximumEarlyLength ? AppendOutcome.Early : AppendOutcome.OutOfOrder, outcome);
            length += isFull ? 0 : bytes.Length;
            kept += isFull ? 0 : 1;
        }

        Assert.True(isFull);
        Assert.Equal(kept, Store.Standing(GatewayName, 1).Early.Count);
    }

    [StoreTheory]
    [InlineData(true, "revoked: batch 3 of key epoch 1 had come before its turn: its key is revoked")]
    [InlineData(false, "closed: batch 3 of key epoch 1 had come before its turn: its key was closed before it")]
    public async Task An_early_batch_of_a_key_that_ends_goes_to_quarantine(bool isRevoked, string reason)
    {
        EnrolFactory();
        byte[][] batches = [.. _factory.Next(4)];
        _ = await AppendAsync(Store, batches[0]);
        Assert.Equal(AppendOutcome.Early, await AppendAsync(Store, batches[2]));
        if (isRevoked)
        {
            Store.Revoke(_factory.Gateway, 1, Now, "stolen");
        }
        else
        {
            KeyRotation rotation = RotationAt(1) with { Head = BatchEnvelope.Open(batches[0]).NoteHash };
            Assert.Equal(RotationOutcome.Rotated, Rotate(rotation));
        }

        Assert.Empty(Store.Standing(_factory.Gateway, 1).Early);
        Assert.Empty(Store.NewestEarly(null));
        QuarantinedMessage aside = Assert.Single(Store.Quarantined(0, 10, _factory.Gateway));
        Assert.Equal(reason, aside.Reason);
        Assert.Equal(batches[2], Store.QuarantinedBytes(aside.Number)!.Value.ToArray());

        // Whatever comes of it on the way in meanwhile is not kept.
        Assert.Equal(AppendOutcome.OutOfOrder, await AppendAsync(Store, batches[3]));
        Assert.Empty(Store.NewestEarly(null));
    }
}
