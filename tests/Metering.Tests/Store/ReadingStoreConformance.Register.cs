using System.Security.Cryptography;
using Metering.Readings;
using Metering.Store;
using Metering.Tests.Support;
using Xunit;
using static Metering.Tests.Store.StoreGateway;

namespace Metering.Tests.Store;

/// <content>The life of keys, and the messages put aside.</content>
public abstract partial class ReadingStoreConformance
{
    private static readonly DateTimeOffset Now = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);
    private readonly BatchFactory _factory = new();
    private readonly ECDsa _next = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    [StoreFact]
    public void A_code_enrols_once_and_its_own_key_may_ask_again()
    {
        string code = Offer(Now.AddHours(1));
        Assert.Equal(new CodeRedemption(EnrolmentResult.Enrolled, 1, "leon"), Redeem(_factory.Key, code, Now));
        Assert.Equal(new CodeRedemption(EnrolmentResult.Enrolled, 1, "leon"), Redeem(_factory.Key, code, Now.AddDays(1)));
        Assert.Equal(new CodeRedemption(EnrolmentResult.Used, 0, null), Redeem(_next, code, Now));
        Assert.Single(Store.EnrolmentsOf(_factory.Gateway));

        // A new code gives the next epoch, and voids the old one.
        string second = Offer(Now.AddHours(1));
        Assert.Equal(EnrolmentResult.WrongCode, Redeem(_next, code, Now).Result);
        Assert.Equal(new CodeRedemption(EnrolmentResult.Enrolled, 2, "leon"), Redeem(_next, second, Now));
    }

    [StoreFact]
    public void A_code_can_be_asked_how_it_stands_and_never_for_itself()
    {
        Assert.Empty(Store.Codes());
        string code = Offer(Now.AddHours(1));
        Assert.Equal(new CodeStanding(_factory.Gateway, "leon", Now.AddHours(1), 0, null), Assert.Single(Store.Codes()));
        _ = Redeem(_factory.Key, EnrolmentRequest.NewCode(), Now);
        CodeStanding open = Assert.Single(Store.Codes());
        Assert.Equal(1, open.WrongProofs);
        Assert.True(open.IsOpenAt(Now));
        Assert.False(open.IsOpenAt(Now.AddHours(1)));
        _ = Redeem(_factory.Key, code, Now);
        Reopen();
        CodeStanding used = Assert.Single(Store.Codes());
        Assert.Equal(1, used.UsedEpoch);
        Assert.False(used.IsOpenAt(Now));
    }

    [StoreFact]
    public void An_old_code_and_a_gateway_without_one_are_refused()
    {
        Assert.Equal(EnrolmentResult.WrongCode, Redeem(_factory.Key, EnrolmentRequest.NewCode(), Now).Result);
        string code = Offer(Now.AddHours(1));
        Assert.Equal(EnrolmentResult.Expired, Redeem(_factory.Key, code, Now.AddHours(1)).Result);
        Assert.Empty(Store.EnrolmentsOf(_factory.Gateway));
    }

    [StoreFact]
    public void Five_wrong_codes_kill_the_right_one()
    {
        string code = Offer(Now.AddHours(1));
        for (int attempt = 1; attempt <= StoreLimits.MaximumCodeAttempts; attempt++)
        {
            Assert.Equal(attempt < StoreLimits.MaximumCodeAttempts ? EnrolmentResult.WrongCode : EnrolmentResult.Locked, Redeem(_factory.Key, EnrolmentRequest.NewCode(), Now).Result);
        }

        Assert.Equal(EnrolmentResult.Locked, Redeem(_factory.Key, code, Now).Result);
        Assert.Empty(Store.EnrolmentsOf(_factory.Gateway));
    }

    [StoreFact]
    public async Task A_gateway_that_was_enrolled_by_code_brings_batches()
    {
        Assert.Equal(EnrolmentResult.Enrolled, Redeem(_factory.Key, Offer(Now.AddHours(1)), Now).Result);
        Assert.Equal(AppendOutcome.Stored, await AppendAsync(Store, _factory.Next()));
        await Store.SealAsync();
        Assert.Equal("leon", Store.FindChannel(_factory.Gateway, _factory.Channels[0].Id)!.Plant);
    }

    [StoreFact]
    public void A_revocation_is_kept_for_ever_with_its_first_instant()
    {
        EnrolFactory();
        Assert.Null(Store.FindEnd(_factory.Gateway, 1));
        Store.Revoke(_factory.Gateway, 1, Now, "stolen");
        Store.Revoke(_factory.Gateway, 1, Now.AddDays(1), "later");
        EnrolFactory();
        Reopen();
        KeyEnd end = Assert.Single(Store.Ends());
        Assert.Equal(new KeyEnd(_factory.Gateway, 1, Now, "stolen", null), end);
        Assert.Equal(end, Store.FindEnd(_factory.Gateway, 1));
        Assert.Equal(StoreException.Configuration, Assert.Throws<StoreException>(() => Store.Revoke(_factory.Gateway, 2, Now, "no such key")).ExitCode);
    }

    [StoreFact]
    public async Task A_change_of_key_needs_the_whole_chain_of_the_old_one()
    {
        EnrolFactory();
        byte[] first = _factory.Next();
        byte[] last = _factory.Next();
        KeyRotation rotation = RotationAt(2);
        Assert.Equal(RotationOutcome.Behind, Rotate(rotation));
        _ = await AppendAsync(Store, first);
        Assert.Equal(RotationOutcome.Behind, Rotate(rotation));
        _ = await AppendAsync(Store, last);
        Assert.Equal(RotationOutcome.Contradicts, Rotate(rotation with { Head = new('b', 64) }));
        Assert.Equal(RotationOutcome.Contradicts, Rotate(rotation with { Through = 1 }));
        Assert.Null(Store.FindEnrolment(_factory.Gateway, 2));
        Assert.Equal(RotationOutcome.Rotated, Rotate(rotation));
        Assert.Equal(RotationOutcome.Rotated, Rotate(rotation));
        Assert.Equal("leon", Store.FindEnrolment(_factory.Gateway, 2)!.Plant);
        Assert.Equal(RotationOutcome.Contradicts, Rotate(rotation with { PublicKeyPem = _factory.PublicPem }));

        // A closed key may be revoked later, and stays closed.
        Store.Revoke(_factory.Gateway, 1, Now, "stolen");
        Assert.Equal(new KeyEnd(_factory.Gateway, 1, Now, "stolen", 2), Store.FindEnd(_factory.Gateway, 1));
    }

    [StoreFact]
    public void A_revoked_key_names_no_other()
    {
        EnrolFactory();
        Store.Revoke(_factory.Gateway, 1, Now, "stolen");
        Assert.Equal(RotationOutcome.Revoked, Rotate(RotationAt(0)));
        Assert.Equal(RotationOutcome.UnknownKey, Rotate(RotationAt(0) with { KeyEpoch = 7 }));
    }

    [StoreFact]
    public async Task A_chain_goes_on_behind_batches_that_are_stated_lost()
    {
        EnrolFactory();
        byte[][] batches = [.. _factory.Next(8)];
        _ = await AppendAsync(Store, batches[0]);
        LostBatches lost = new(_factory.Gateway, 1, 2, 4, BatchEnvelope.Open(batches[3]).NoteHash);
        Assert.False(AcceptLoss(lost with { First = 3 }));
        Assert.False(AcceptLoss(lost with { KeyEpoch = 2, First = 1 }));
        Assert.True(AcceptLoss(lost));
        Assert.False(AcceptLoss(lost));
        Assert.Equal(new ChainHead(4, lost.LastHash), Store.Head(_factory.Gateway, 1));
        Assert.Equal(AppendOutcome.Fork, await AppendAsync(Store, batches[2]));
        Assert.Equal(AppendOutcome.Stored, await AppendAsync(Store, batches[4]));
        LostBatches again = new(_factory.Gateway, 1, 6, 6, BatchEnvelope.Open(batches[5]).NoteHash);
        LostBatches further = new(_factory.Gateway, 1, 7, 7, BatchEnvelope.Open(batches[6]).NoteHash);
        Assert.True(AcceptLoss(again));
        Assert.True(AcceptLoss(further));
        Assert.Equal(AppendOutcome.Stored, await AppendAsync(Store, batches[7]));
        Reopen();
        Assert.Equal([lost, again, further], Store.Losses());
        Assert.Equal(new ChainHead(8, _factory.Head), Store.Head(_factory.Gateway, 1));
        Assert.Equal(AppendOutcome.Duplicate, await AppendAsync(Store, batches[0]));
        Assert.Equal(3 * _factory.SlotsPerBatch, Store.Read(_factory.Gateway, _factory.Channels[0].Id, 0, long.MaxValue).Count);
        Assert.Empty(Verify().Differences);
    }

    [StoreFact]
    public async Task A_batch_that_came_before_its_turn_follows_the_lost_ones()
    {
        EnrolFactory();
        byte[][] batches = [.. _factory.Next(6)];
        _ = await AppendAsync(Store, batches[0]);
        Assert.Equal(AppendOutcome.Early, await AppendAsync(Store, batches[2]));
        Assert.Equal(AppendOutcome.Early, await AppendAsync(Store, batches[4]));
        Assert.True(AcceptLoss(new(_factory.Gateway, 1, 2, 4, BatchEnvelope.Open(batches[3]).NoteHash)));
        Assert.Equal(5, Store.Head(_factory.Gateway, 1).Through);
        Assert.Equal(AppendOutcome.Duplicate, await AppendAsync(Store, batches[4]));
        Assert.Equal(AppendOutcome.Stored, await AppendAsync(Store, batches[5]));

        // What was kept and is stated lost all the same is put aside, not thrown away.
        IReadOnlyList<QuarantinedMessage> aside = Store.Quarantined(0, 10, _factory.Gateway);
        _ = Assert.Single(aside);
        Assert.All(aside, message => Assert.Equal(batches[2], Store.QuarantinedBytes(message.Number)!.Value.ToArray()));
        Assert.All(aside, message => Assert.Equal("fork: batch 3 of key epoch 1 had come before its turn: its number is stated lost", message.Reason));
    }

    [StoreFact]
    public void An_enrolment_says_whose_key_it_is()
    {
        GatewayEnrolment import = new(_factory.Gateway, 1, "leon", _factory.PublicPem, ReadingOrigin.Import);
        GatewayEnrolment next = new(_factory.Gateway, 2, "leon", SigningKey.PublicPem(_next));
        Store.Enrol(next);
        Store.Enrol(import);
        Reopen();
        Assert.Equal([import, next], Store.EnrolmentsOf(_factory.Gateway));
        Assert.Equal(import, Store.FindEnrolment(_factory.Gateway, 1));
        Assert.Equal(ReadingOrigin.Gateway, Assert.Single(Store.EnrolmentsOf(GatewayName)).Origin);
        Assert.Empty(Store.EnrolmentsOf("nobody"));
        Assert.Equal(StoreException.Configuration, Assert.Throws<StoreException>(() => Store.Enrol(import with { Origin = ReadingOrigin.Gateway })).ExitCode);
    }

    [StoreFact]
    public async Task Readings_of_an_import_have_their_evidence_grade()
    {
        Store.Enrol(new(_factory.Gateway, 1, "leon", _factory.PublicPem, ReadingOrigin.Import));
        _ = await AppendAsync(Store, _factory.Next());
        _ = await SendAsync(Good(Start, 1));
        Assert.Equal(('D', 'B'), (Metering.Cloud.Evidence.Grades.Of(Store, Store.FindChannel(_factory.Gateway, _factory.Channels[0].Id)!), Metering.Cloud.Evidence.Grades.Of(Store, Store.FindChannel(GatewayName, Energy)!)));
    }

    [StoreTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_channel_of_doubles_gives_the_very_bits_back_and_stays_one(bool isSealed)
    {
        Channel channel = Channels[1].WithDecimalsCode(Channel.Binary64Code);
        double[] values = [0.1 + 0.2, -0.0, double.Epsilon, double.MaxValue, -1e300];
        long[] scaled = [.. values.Select(value => channel.TryToScaled(value, out long integer) ? integer : throw new InvalidOperationException())];
        _ = await AppendAsync(Store, _gateway.Next([.. scaled.Select((value, slot) => Good(Start + slot, value))], [channel]));
        if (isSealed)
        {
            await Store.SealAsync();
        }

        Reopen();
        ReadingColumns columns = All(channel.Id);
        Assert.Equal(channel, columns.Channel);
        Assert.Equal(values.Select(BitConverter.DoubleToInt64Bits), columns.ScaledValues.Select(value => BitConverter.DoubleToInt64Bits(columns.Channel.ToDouble(value))));
        (byte[] other, _) = _gateway.Build(2, _gateway.LastHash, [Good(Start + 9, 1)], [channel.WithDecimalsCode(0)]);
        _ = await Assert.ThrowsAsync<WireFormatException>(() => AppendAsync(Store, other));
    }

    [StoreFact]
    public void What_is_set_aside_is_listed_counted_retried_and_dropped()
    {
        Store.Quarantine("a", "form: cut off", new byte[] { 1, 2 });
        Store.Quarantine("a", "form: too large", new byte[] { 3 });
        Store.Quarantine("b", "signature", new byte[] { 4 });
        Store.Quarantine("a", "Form: too much", new byte[StoreLimits.MaximumQuarantineLength]);
        Assert.Equal([new("a", "Form", 1), new("a", "form", 2), new("b", "signature", 1)], Store.QuarantineCounts());
        long[] numbers = [.. Store.Quarantined(0, 10, null).Select(message => message.Number)];
        Assert.Equal(numbers.Order().Distinct(), numbers);
        Assert.Equal(numbers[..2], Store.Quarantined(0, 2, "a").Select(message => message.Number));
        Assert.Equal(numbers[2..], Store.Quarantined(numbers[1], 10, null).Select(message => message.Number));
        QuarantinedMessage second = Store.FindQuarantined(numbers[1])!;
        Assert.Equal(("a", "form: too large", 1, true), (second.Gateway, second.Reason, second.Length, second.IsKept));
        Assert.Equal(new byte[] { 4 }, Store.QuarantinedBytes(numbers[2])!.Value.ToArray());
        Assert.False(Store.FindQuarantined(numbers[3])!.IsKept);
        Assert.Null(Store.QuarantinedBytes(numbers[3]));
        Assert.True(Store.RequestRetry(numbers[1]));
        Assert.True(Store.RequestRetry(numbers[1]));
        Assert.True(Store.RequestRetry(numbers[0]));
        Assert.False(Store.RequestRetry(numbers[3]));
        Assert.False(Store.RequestRetry(numbers[3] + 1));
        Assert.Equal(numbers[..2], Store.RetriesWanted(10).Select(message => message.Number));
        Assert.Equal(numbers[0], Assert.Single(Store.RetriesWanted(1)).Number);
        Store.CancelRetry(numbers[0]);
        Assert.Equal(second, Assert.Single(Store.RetriesWanted(10)));
        Assert.True(Store.DropQuarantined(numbers[1]));
        Assert.False(Store.DropQuarantined(numbers[1]));
        Assert.Empty(Store.RetriesWanted(10));
        Assert.Null(Store.FindQuarantined(numbers[1]));
        Assert.Null(Store.QuarantinedBytes(numbers[1]));
        Assert.Equal(3, Store.QuarantineCount);
    }

    private string Offer(DateTimeOffset expires)
    {
        string code = EnrolmentRequest.NewCode();
        Store.OfferCode(new(_factory.Gateway, "leon", EnrolmentRequest.HashOf(code)!, expires));
        return code;
    }

    private CodeRedemption Redeem(ECDsa key, string code, DateTimeOffset now) =>
        Store.Redeem(EnrolmentRequest.Open(EnrolmentRequest.Sign(_factory.Gateway, EnrolmentRequest.HashOf(code)!, key)), now);

    private void EnrolFactory() => Store.Enrol(new(_factory.Gateway, 1, "leon", _factory.PublicPem));

    private KeyRotation RotationAt(long through) =>
        new() { Gateway = _factory.Gateway, KeyEpoch = 1, Through = through, Head = _factory.Head, PublicKeyPem = SigningKey.PublicPem(_next) };

    private RotationOutcome Rotate(KeyRotation rotation) => Store.Rotate(rotation, rotation.Sign(_factory.Key));

    private bool AcceptLoss(LostBatches lost) => Store.AcceptLoss(lost, lost.Sign(_factory.Key), Now);
}
