using Metering.Gateway.Outbox;
using Metering.Gateway.Uplink;
using Metering.Readings;
using Metering.Tests.GatewayHost;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Metering.Tests.Contract;

public sealed class AckLedgerTests : IDisposable
{
    private readonly OutboxHarness _harness = new();
    private readonly GatewayOutbox _outbox;
    private readonly AckLedger _ledger;

    public AckLedgerTests()
    {
        _outbox = _harness.Open();
        for (int index = 0; index < 20; index++)
        {
            OutboxHarness.AddCycle(_outbox, index);
        }

        _outbox.Flush();
        _ledger = new("g", _outbox, _harness.Clock, NullLogger.Instance);
    }

    public void Dispose()
    {
        _outbox.Dispose();
        _harness.Dispose();
    }

    [Fact]
    public void An_ack_that_another_overtook_takes_nothing_back()
    {
        Assert.True(_ledger.Take(Ack(8)));
        Assert.True(_ledger.Take(Ack(5)));
        Assert.Equal(8, _outbox.AckedThrough);
        _harness.Clock.Advance(TimeSpan.FromHours(1));
        Assert.False(_ledger.TakeGoneBack());
        string question = _ledger.NextQuestion()!;
        Assert.False(_ledger.Take(Ack(8, question)));
        Assert.Null(_ledger.NextQuestion());
        Assert.Equal(8, _outbox.AckedThrough);
    }

    [Fact]
    public void A_lower_number_is_believed_in_the_answer_to_a_question()
    {
        _ = _ledger.Take(Ack(8));
        _ = _ledger.Take(Ack(3));
        string question = _ledger.NextQuestion()!;
        Assert.Null(_ledger.NextQuestion());
        Assert.False(_ledger.Take(Ack(3, "0123456789abcdef")));
        Assert.Equal(8, _outbox.AckedThrough);
        Assert.True(_ledger.Take(Ack(3, question)));
        Assert.Equal(3, _outbox.AckedThrough);
        Assert.True(_ledger.TakeGoneBack());
        Assert.False(_ledger.TakeGoneBack());
    }

    [Fact]
    public void An_answer_older_than_what_came_since_is_no_answer()
    {
        _ledger.Doubt();
        string question = _ledger.NextQuestion()!;
        Assert.True(_ledger.Take(Ack(9)));
        _ = _ledger.Take(Ack(7, question));
        Assert.Equal(9, _outbox.AckedThrough);
        Assert.NotNull(_ledger.NextQuestion());
    }

    [Fact]
    public void A_batch_named_before_its_turn_is_kept_until_the_chain_has_it_and_offered_again_when_it_is_named_no_longer()
    {
        Assert.True(_ledger.Take(Ack(2) with { Also = [5, 6] }));
        Assert.Equal([false, true, true, false], new long[] { 4, 5, 6, 7 }.Select(_ledger.IsThere));
        Assert.Equal(2, _outbox.AckedThrough);
        Assert.Equal(1, _outbox.OldestKept());
        Assert.True(_outbox.TryRead(5, out _, out _));

        // The cloud refused batch 5 when its turn came.
        Assert.True(_ledger.Take(Ack(4) with { Also = [6] }));
        Assert.Equal([false, true], new long[] { 5, 6 }.Select(_ledger.IsThere));
        Assert.Equal(4, _outbox.AckedThrough);
        Assert.True(_outbox.TryRead(5, out _, out _));

        // An ack that was overtaken says nothing about what is there.
        Assert.True(_ledger.Take(Ack(2) with { Also = [5] }));
        Assert.Equal([false, true], new long[] { 5, 6 }.Select(_ledger.IsThere));
    }

    [Fact]
    public void A_question_is_asked_again_when_no_answer_comes()
    {
        _ledger.Doubt();
        string first = _ledger.NextQuestion()!;
        Assert.Null(_ledger.NextQuestion());
        _harness.Clock.Advance(AckLedger.AnswerPatience);
        Assert.NotEqual(first, _ledger.NextQuestion());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Acks_of_many_processes_in_any_order_end_at_the_truth(int seed)
    {
        Random random = new(seed);
        long stored = 0;
        Queue<BatchAck> onTheWay = new();
        for (int step = 0; step < 2_000; step++)
        {
            // The store moves on, or is restored; some process reads it; acks arrive in any order, answers read what is stored now.
            stored = random.Next(100) == 0 ? random.Next((int)stored + 1) : Math.Min(_outbox.LastBatch, stored + random.Next(2));
            onTheWay.Enqueue(Ack(stored));
            if (random.Next(2) == 0 && _ledger.NextQuestion() is string question)
            {
                onTheWay.Enqueue(Ack(stored, question));
            }

            for (int turn = random.Next(onTheWay.Count); turn > 0; turn--)
            {
                onTheWay.Enqueue(onTheWay.Dequeue());
            }

            while (onTheWay.Count > 4)
            {
                _ = _ledger.Take(onTheWay.Dequeue());
            }
        }

        while (onTheWay.TryDequeue(out BatchAck? ack))
        {
            _ = _ledger.Take(ack);
        }

        // Quiet now: a new connection asks once, and the answer stands.
        _ledger.Doubt();
        _ = _ledger.Take(Ack(stored, _ledger.NextQuestion()));
        Assert.True(_outbox.AckedThrough == stored, $"seed {seed}: {_outbox.AckedThrough}, not {stored}");
    }

    [Fact]
    public void Places_count_on_over_a_change_of_key()
    {
        KeyRotation first = new() { Gateway = "g", KeyEpoch = 2, Through = 5, Head = new('a', 64), PublicKeyPem = SigningKey.PublicPem(_harness.Key) };
        BatchPlaces places = new(4, [new(first, default), new(first with { KeyEpoch = 3, Through = 0, Head = BatchManifest.NoPrevious }, default)]);
        Assert.Equal([1L, 5L, null, 6L, null, 7L, 8L, null], new (int, long)[] { (2, 1), (2, 5), (2, 6), (3, 0), (3, 1), (4, 0), (4, 1), (5, 0) }.Select(at => places.PlaceOf(at.Item1, at.Item2)));
        Assert.Equal([(2, 0L), (2, 5L), (3, 0L), (4, 0L), (4, 3L)], new long[] { 0, 5, 6, 7, 10 }.Select(places.At));
        Assert.Equal([false, false, true, true, false], new long[] { 0, 5, 6, 7, 8 }.Select(place => places.StepAt(place) is not null));
    }

    private BatchAck Ack(long through, string? answers = null) => new()
    {
        Gateway = "g",
        KeyEpoch = 1,
        Through = through,
        Head = through > 0 && _outbox.TryRead(through, out _, out string hash) ? hash : BatchManifest.NoPrevious,
        Also = [],
        Answers = answers,
    };
}
