using System.Security.Cryptography;
using Metering.Readings;
using Metering.Store;
using Metering.Store.Sqlite;
using Metering.Tests.Support;
using Xunit;

namespace Metering.Tests.Contract;

public sealed class GatewayRegisterTests : IDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);
    private readonly TemporaryFolder _folder = new(inMemory: true);
    private readonly BatchFactory _factory = new();
    private readonly ECDsa _next = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly SqliteStore _store;

    public GatewayRegisterTests() => _store = SqliteStore.Open(_folder.Combine("metering.db"), TimeProvider.System);

    public void Dispose()
    {
        _store.Dispose();
        _factory.Dispose();
        _next.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void A_code_enrols_once_and_its_own_key_may_ask_again()
    {
        string code = Offer(Now.AddHours(1));
        Assert.Equal(new CodeRedemption(EnrolmentResult.Enrolled, 1, "leon"), Redeem(_factory.Key, code, Now));
        Assert.Equal(new CodeRedemption(EnrolmentResult.Enrolled, 1, "leon"), Redeem(_factory.Key, code, Now.AddDays(1)));
        Assert.Equal(new CodeRedemption(EnrolmentResult.Used, 0, null), Redeem(_next, code, Now));
        Assert.Single(_store.Enrolments());

        // A new code gives the next epoch, and voids the old one.
        string second = Offer(Now.AddHours(1));
        Assert.Equal(EnrolmentResult.WrongCode, Redeem(_next, code, Now).Result);
        Assert.Equal(new CodeRedemption(EnrolmentResult.Enrolled, 2, "leon"), Redeem(_next, second, Now));
    }

    [Fact]
    public void An_old_code_and_a_gateway_without_one_are_refused()
    {
        Assert.Equal(EnrolmentResult.WrongCode, Redeem(_factory.Key, EnrolmentRequest.NewCode(), Now).Result);
        string code = Offer(Now.AddHours(1));
        Assert.Equal(EnrolmentResult.Expired, Redeem(_factory.Key, code, Now.AddHours(1)).Result);
        Assert.Empty(_store.Enrolments());
    }

    [Fact]
    public void Five_wrong_codes_kill_the_right_one()
    {
        string code = Offer(Now.AddHours(1));
        for (int attempt = 1; attempt <= StoreLimits.MaximumCodeAttempts; attempt++)
        {
            Assert.Equal(attempt < StoreLimits.MaximumCodeAttempts ? EnrolmentResult.WrongCode : EnrolmentResult.Locked, Redeem(_factory.Key, EnrolmentRequest.NewCode(), Now).Result);
        }

        Assert.Equal(EnrolmentResult.Locked, Redeem(_factory.Key, code, Now).Result);
        Assert.Empty(_store.Enrolments());
    }

    [Fact]
    public void A_revocation_is_kept_for_ever_with_its_first_instant()
    {
        Enrol();
        Assert.Null(_store.FindEnd(_factory.Gateway, 1));
        _store.Revoke(_factory.Gateway, 1, Now, "stolen");
        _store.Revoke(_factory.Gateway, 1, Now.AddDays(1), "later");
        Enrol();
        KeyEnd end = Assert.Single(_store.Ends());
        Assert.Equal(new KeyEnd(_factory.Gateway, 1, Now, "stolen", null), end);
        Assert.Throws<StoreException>(() => _store.Revoke(_factory.Gateway, 2, Now, "no such key"));
    }

    [Fact]
    public async Task A_change_of_key_needs_the_whole_chain_of_the_old_one()
    {
        Enrol();
        byte[] first = _factory.Next();
        KeyRotation rotation = RotationAt(2, _factory.Next());
        Assert.Equal(RotationOutcome.Behind, Rotate(rotation));
        await AppendAsync(first);
        Assert.Equal(RotationOutcome.Behind, Rotate(rotation));
        await AppendAsync(_last!);
        Assert.Equal(RotationOutcome.Contradicts, Rotate(rotation with { Head = new('b', 64) }));
        Assert.Equal(RotationOutcome.Contradicts, Rotate(rotation with { Through = 1 }));
        Assert.Null(_store.FindEnrolment(_factory.Gateway, 2));
        Assert.Equal(RotationOutcome.Rotated, Rotate(rotation));
        Assert.Equal(RotationOutcome.Rotated, Rotate(rotation));
        Assert.Equal("leon", _store.FindEnrolment(_factory.Gateway, 2)!.Plant);
        Assert.Equal(2, _store.FindEnd(_factory.Gateway, 1)!.ClosedThrough);
        Assert.Equal(RotationOutcome.Contradicts, Rotate(rotation with { PublicKeyPem = _factory.PublicPem }));
    }

    [Fact]
    public void A_revoked_key_names_no_other()
    {
        Enrol();
        _store.Revoke(_factory.Gateway, 1, Now, "stolen");
        Assert.Equal(RotationOutcome.Revoked, Rotate(RotationAt(0, null)));
        Assert.Equal(RotationOutcome.UnknownKey, Rotate(RotationAt(0, null) with { KeyEpoch = 7 }));
    }

    [Fact]
    public async Task A_chain_goes_on_behind_batches_that_are_stated_lost()
    {
        Enrol();
        byte[][] batches = [.. _factory.Next(6)];
        await AppendAsync(batches[0]);
        Assert.Equal(AppendOutcome.OutOfOrder, await AppendAsync(batches[4]));
        string hash = BatchEnvelope.Open(batches[3]).NoteHash;
        LostBatches lost = new(_factory.Gateway, 1, 2, 4, hash);
        Assert.False(AcceptLoss(lost with { First = 3 }));
        Assert.True(AcceptLoss(lost));
        Assert.False(AcceptLoss(lost));
        Assert.Equal(new ChainHead(4, hash), _store.Head(_factory.Gateway, 1));
        Assert.Equal(AppendOutcome.Stored, await AppendAsync(batches[4]));
        Assert.Equal(AppendOutcome.Stored, await AppendAsync(batches[5]));
        Assert.Equal([lost], _store.Losses());

        using SqliteStore again = Reopen();
        Assert.Equal(6, again.Head(_factory.Gateway, 1).Through);
    }

    [Fact]
    public void What_is_set_aside_is_listed_counted_retried_and_dropped()
    {
        _store.Quarantine("a", "form: cut off", new byte[] { 1, 2 });
        _store.Quarantine("a", "form: too large", new byte[] { 3 });
        _store.Quarantine("b", "signature: wrong", new byte[] { 4 });
        Assert.Equal([new("a", "form", 2), new("b", "signature", 1)], _store.QuarantineCounts());
        Assert.Equal([1L, 2L], _store.Quarantined(0, 10, "a").Select(message => message.Number));
        Assert.Equal([3L], _store.Quarantined(2, 10, null).Select(message => message.Number));
        Assert.Equal(new byte[] { 4 }, _store.QuarantinedBytes(3)!.Value.ToArray());
        Assert.True(_store.RequestRetry(2));
        Assert.False(_store.RequestRetry(9));
        Assert.Equal(2, Assert.Single(_store.RetriesWanted(10)).Number);
        _store.CancelRetry(2);
        Assert.Empty(_store.RetriesWanted(10));
        Assert.True(_store.DropQuarantined(2));
        Assert.False(_store.DropQuarantined(2));
        Assert.Equal(2, _store.QuarantineCount);
    }

    private byte[]? _last;

    private string Offer(DateTimeOffset expires)
    {
        string code = EnrolmentRequest.NewCode();
        _store.OfferCode(new(_factory.Gateway, "leon", EnrolmentRequest.HashOf(code)!, expires));
        return code;
    }

    private CodeRedemption Redeem(ECDsa key, string code, DateTimeOffset now) =>
        _store.Redeem(EnrolmentRequest.Open(EnrolmentRequest.Sign(_factory.Gateway, EnrolmentRequest.HashOf(code)!, key)), now);

    private void Enrol() => _store.Enrol(new(_factory.Gateway, 1, "leon", _factory.PublicPem));

    private KeyRotation RotationAt(long through, byte[]? last)
    {
        _last = last;
        return new() { Gateway = _factory.Gateway, KeyEpoch = 1, Through = through, Head = _factory.Head, PublicKeyPem = SigningKey.PublicPem(_next) };
    }

    private RotationOutcome Rotate(KeyRotation rotation) => _store.Rotate(rotation, rotation.Sign(_factory.Key));

    private bool AcceptLoss(LostBatches lost) => _store.AcceptLoss(lost, lost.Sign(_factory.Key), Now);

    private Task<AppendOutcome> AppendAsync(byte[] bytes)
    {
        BatchEnvelope envelope = BatchEnvelope.Open(bytes);
        return _store.AppendAsync(envelope, bytes, envelope.ReadSegments(), CancellationToken.None);
    }

    private SqliteStore Reopen()
    {
        _store.Dispose();
        return SqliteStore.Open(_folder.Combine("metering.db"), TimeProvider.System);
    }
}
