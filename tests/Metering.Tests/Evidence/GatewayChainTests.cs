using System.Formats.Asn1;
using System.Globalization;
using System.Numerics;
using System.Text;
using Metering.Evidence.Chain;
using Metering.Readings;
using Metering.Tests.Support;
using Xunit;

namespace Metering.Tests.Evidence;

public sealed class GatewayChainTests : IDisposable
{
    private readonly BatchFactory _factory = new();

    public void Dispose() => _factory.Dispose();

    [Fact]
    public void An_undisturbed_chain_has_no_fault_and_counts_every_reading()
    {
        GatewayChain chain = Check([.. _factory.Next(5)]);
        Assert.Empty(chain.Faults);
        Assert.Equal((5, _factory.ReadingsBuilt), (chain.Batches, chain.Readings));
        Assert.Equal(BatchFactory.StartUtcMilliseconds, chain.FirstUtcMilliseconds);
        Assert.Equal(BatchFactory.StartUtcMilliseconds + (19 * BatchFactory.StepMilliseconds), chain.LastUtcMilliseconds);
    }

    [Fact]
    public void A_dropped_batch_is_missing()
    {
        IReadOnlyList<byte[]> batches = _factory.Next(4);
        AssertFaults(Check(batches[0], batches[2], batches[3]), "batch 3 of key epoch 1: batch 2 is missing before it");
    }

    [Fact]
    public void Batches_dropped_at_the_start_are_missing()
    {
        IReadOnlyList<byte[]> batches = _factory.Next(4);
        AssertFaults(Check(batches[2], batches[3]), "batch 3 of key epoch 1: batches 1 to 2 are missing before it");
    }

    [Fact]
    public void Two_exchanged_batches_are_out_of_order()
    {
        IReadOnlyList<byte[]> batches = _factory.Next(4);
        AssertFaults(
            Check(batches[0], batches[2], batches[1], batches[3]),
            "batch 3 of key epoch 1: batch 2 is missing before it",
            "batch 2 of key epoch 1: it comes after batch 3");
    }

    [Fact]
    public void A_repeated_batch_is_a_duplicate()
    {
        IReadOnlyList<byte[]> batches = _factory.Next(3);
        AssertFaults(Check(batches[0], batches[1], batches[1], batches[2]), "batch 2 of key epoch 1: it is there twice");
    }

    [Fact]
    public void A_second_batch_with_the_same_number_is_a_fork()
    {
        byte[] first = _factory.Next();
        string head = _factory.Head;
        byte[] second = _factory.Next();
        (byte[] other, _) = _factory.Build(2, head, valueOffset: 1);
        AssertFaults(Check(first, second, other, _factory.Next()), "batch 2 of key epoch 1: there are two different batches with this number");
    }

    [Fact]
    public void A_batch_that_was_exchanged_for_another_signed_one_breaks_the_link_of_the_next()
    {
        byte[] first = _factory.Next();
        string head = _factory.Head;
        _ = _factory.Next();
        (byte[] other, _) = _factory.Build(2, head, valueOffset: 1);
        AssertFaults(Check(first, other, _factory.Next()), "batch 3 of key epoch 1: it does not name the hash of the batch before it");
    }

    [Fact]
    public void A_batch_of_another_gateway_is_named()
    {
        using BatchFactory other = new("silao-hotel");
        IReadOnlyList<byte[]> batches = _factory.Next(2);
        AssertFaults(Check(batches[0], other.Next(), batches[1]), "batch 1 of key epoch 1: it was written by another gateway (silao-hotel, not leon-tannery)");
    }

    [Fact]
    public void A_batch_of_an_epoch_without_a_key_is_refused()
    {
        using BatchFactory second = new(keyEpoch: 2);
        AssertFaults(Check(_factory.Next(), second.Next()), "batch 1 of key epoch 2: there is no key for its key epoch");
    }

    [Fact]
    public void A_new_key_epoch_starts_a_new_chain_and_the_old_one_does_not_come_back()
    {
        using BatchFactory second = new(keyEpoch: 2);
        GatewayChain chain = new(_factory.Gateway, epoch => epoch == 1 ? _factory.Key : second.Key);
        foreach (byte[] batch in new[] { _factory.Next(), second.Next(), second.Next(), _factory.Next() })
        {
            chain.Add(batch);
        }

        AssertFaults(chain, "batch 2 of key epoch 1: its key epoch is older than that of the batch before it (1 after 2)");
    }

    [Fact]
    public void An_altered_segment_is_named_with_its_channel()
    {
        byte[] first = _factory.Next();
        BatchEnvelope envelope = BatchEnvelope.Open(_factory.Next());
        byte[] segment = Encoding.ASCII.GetBytes(Encoding.ASCII.GetString(envelope.Segments[0]).Replace(",1000012,", ",1000011,", StringComparison.Ordinal));
        byte[] altered = BatchEnvelope.Pack(envelope.Note.Span, [segment, envelope.Segments[1]]);
        GatewayChain chain = Check(new BatchPlace(1, 1), first, altered, _factory.Next());
        AssertFaults(
            chain,
            "batch 2 of key epoch 1: the bytes are not a whole batch in canonical form (the segment of channel meter0.active-energy-import does not have the hash that the manifest states)");
        Assert.Equal(2, chain.Batches);
    }

    [Fact]
    public void An_altered_manifest_does_not_hold_its_signature()
    {
        byte[] first = _factory.Next();
        byte[] altered = Repack(_factory.Next(), note => Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(note).Replace("clock S", "clock I", StringComparison.Ordinal)));
        AssertFaults(
            Check(new BatchPlace(1, 1), first, altered, _factory.Next()),
            "batch 2 of key epoch 1: the signature does not hold (the manifest was altered after signing, or signed by another key)");
    }

    [Fact]
    public void A_batch_signed_by_another_key_of_the_same_name_is_refused()
    {
        using BatchFactory stranger = new();
        AssertFaults(Check(stranger.Next()), "batch 1 of key epoch 1: the signature does not hold (made by another key)");
    }

    [Fact]
    public void A_signature_with_high_s_is_refused()
    {
        byte[] altered = Repack(_factory.Next(), WithHighS);
        AssertFaults(Check(altered), "batch 1 of key epoch 1: the signature does not hold (not in its one canonical form)");
    }

    [Fact]
    public void Noise_is_a_fault_and_the_chain_goes_on()
    {
        byte[] first = _factory.Next();
        GatewayChain chain = Check(first, [1, 2, 3], _factory.Next());
        AssertFaults(chain, "a batch: the bytes are not a whole batch in canonical form (not a batch of version 1, or larger than the limit)");
        Assert.Equal(2, chain.Batches);
    }

    [Fact]
    public void A_batch_in_the_place_of_another_is_named()
    {
        IReadOnlyList<byte[]> batches = _factory.Next(2);
        AssertFaults(
            Check(new BatchPlace(1, 1), batches[1], batches[1]),
            "batch 2 of key epoch 1: it stands in a place named for batch 1 of key epoch 1");
    }

    [Fact]
    public void Faults_beyond_the_limit_are_counted_only()
    {
        GatewayChain chain = new(_factory.Gateway, _ => _factory.Key);
        for (int round = 0; round < GatewayChain.MaximumFaults + 5; round++)
        {
            chain.Add([0]);
        }

        Assert.Equal((GatewayChain.MaximumFaults, GatewayChain.MaximumFaults + 5), (chain.Faults.Count, chain.FaultCount));
    }

    internal static byte[] Repack(byte[] bytes, Func<byte[], byte[]> change)
    {
        BatchEnvelope envelope = BatchEnvelope.Open(bytes);
        return BatchEnvelope.Pack(change(envelope.Note.ToArray()), [.. envelope.Segments.Select(segment => (ReadOnlyMemory<byte>)segment)]);
    }

    private static byte[] WithHighS(byte[] note)
    {
        Assert.True(SignedNote.TrySplit(note, out int textLength, out string signer, out byte[] blob));
        AsnReader sequence = new AsnReader(blob.AsMemory(4), AsnEncodingRules.DER).ReadSequence();
        BigInteger r = sequence.ReadInteger();
        BigInteger s = sequence.ReadInteger();
        BigInteger order = BigInteger.Parse("0FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551", NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        AsnWriter writer = new(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteInteger(r);
            writer.WriteInteger(order - s);
        }

        return [.. note.AsSpan(0, textLength), .. Encoding.UTF8.GetBytes($"\n— {signer} {Convert.ToBase64String([.. blob.AsSpan(0, 4), .. writer.Encode()])}\n")];
    }

    private GatewayChain Check(params byte[][] batches)
    {
        GatewayChain chain = new(_factory.Gateway, epoch => epoch == 1 ? _factory.Key : null);
        foreach (byte[] batch in batches)
        {
            chain.Add(batch);
        }

        return chain;
    }

    private GatewayChain Check(BatchPlace first, params byte[][] batches)
    {
        GatewayChain chain = new(_factory.Gateway, epoch => epoch == 1 ? _factory.Key : null);
        for (int index = 0; index < batches.Length; index++)
        {
            chain.Add(batches[index], first with { Batch = first.Batch + index });
        }

        return chain;
    }

    private static void AssertFaults(GatewayChain chain, params string[] messages)
    {
        Assert.Equal(messages, chain.Faults.Select(fault => fault.Message));
        Assert.Equal(messages.Length, chain.FaultCount);
    }
}
