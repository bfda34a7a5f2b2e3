using Metering.Readings;
using Metering.Store;
using Xunit;
using static Metering.Tests.Store.StoreGateway;

namespace Metering.Tests.Store;

/// <summary>What every store does. Each kind of store has a class of its own that derives from this one.</summary>
public abstract partial class ReadingStoreConformance : IDisposable
{
    private readonly StoreGateway _gateway = new();
    private IStoreHouse? _house;
    private IReadingStore? _store;

    internal IStoreHouse House => _house ??= Build();

    internal IReadingStore Store
    {
        get
        {
            if (_store is null)
            {
                _store = House.Open();
                _store.Enrol(_gateway.Enrolment);
            }

            return _store;
        }
    }

    public void Dispose()
    {
        _store?.Dispose();
        _house?.Dispose();
        _gateway.Dispose();
        _factory.Dispose();
        _next.Dispose();
        GC.SuppressFinalize(this);
    }

    [StoreTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_batch_comes_back_reading_for_reading(bool isSealed)
    {
        Reading[] readings =
        [
            Good(Start + Day - 1, long.MaxValue), Good(Start + Day, long.MinValue), Good(Start + Day + 900_000, -1),
            Reading.Missing(Start + Day + 1_800_000, 0, QualityReason.Timeout),
            new(Start + (2 * Day), 7, 0, ReadingQuality.Uncertain(QualityReason.Frozen), HasValue: true),
            new(Start + (2 * Day) + 5, 8, 0, ReadingQuality.Bad(QualityReason.Glitch), HasValue: true),
            Good(Start, -512, 1),
        ];
        Assert.Equal(AppendOutcome.Stored, await SendAsync(readings));
        if (isSealed)
        {
            await Store.SealAsync();
        }

        ReadingColumns energy = All();
        Assert.Equal(Channels[0], energy.Channel);
        Assert.Equal(readings[..6].Select(reading => reading.UtcMilliseconds), energy.UtcMilliseconds);
        Assert.Equal(readings[..6].Select(reading => reading.ScaledValue), energy.ScaledValues);
        Assert.Equal(readings[..6].Select(reading => reading.Quality), energy.Qualities);
        Assert.Equal(readings[..6].Select(reading => reading.HasValue), energy.HasValues);
        Assert.Equal(-512, All(Channels[1].Id).ScaledValues[0]);
        Assert.Equal(readings[5], Store.Latest(GatewayName, Energy));
        StoredChannel stored = Store.Channels()[0];
        Assert.Equal((GatewayName, "leon-tannery", 6L, Start + Day - 1, Start + (2 * Day) + 5), (stored.Gateway, stored.Plant, stored.Count, stored.FirstUtcMilliseconds, stored.LastUtcMilliseconds));
        Assert.Equal(2, Store.Channels().Count);
        Assert.Equal(stored, Store.FindChannel(GatewayName, Energy));
    }

    [StoreFact]
    public async Task A_batch_says_when_it_came_and_a_birth_message_is_kept_once_for_each_configuration_and_software()
    {
        _ = await SendAsync([Good(Start, 1), Good(Start + 10, 2)]);
        long? received = Store.BatchesAt(GatewayName, Start, 1)[0].ReceivedUtcMilliseconds;
        Assert.NotNull(received);
        Assert.Null(Store.FindBirth(GatewayName, "config-1"));
        Assert.True(Store.KeepBirth(GatewayName, "config-1", "1.0", "{\"a\":1}"u8.ToArray()));
        Assert.False(Store.KeepBirth(GatewayName, "config-1", "1.0", "{\"a\":2}"u8.ToArray()));
        Assert.True(Store.KeepBirth(GatewayName, "config-2", "1.0", "{\"a\":3}"u8.ToArray()));
        Assert.False(Store.KeepBirth(GatewayName, "config-3", "1.0", new byte[StoreLimits.MaximumBirthLength + 1]));
        GatewayBirth birth = Store.FindBirth(GatewayName, "config-1")!;
        Assert.Equal("{\"a\":1}", System.Text.Encoding.UTF8.GetString(birth.Message.Span));
        Assert.Equal(("1.0", GatewayName), (birth.Software, birth.Gateway));
        Assert.Null(Store.FindBirth("nobody", "config-1"));
    }

    [StoreFact]
    public async Task The_batches_that_span_an_instant_are_found_the_one_received_last_first()
    {
        _ = await SendAsync([Good(Start, 1), Good(Start + 10, 2)]);
        _ = await SendAsync([Good(Start + 20, 3), Good(Start + 30, 4)]);
        _ = await SendAsync([Good(Start + 10, 5), Good(Start + 40, 6)]);
        Assert.Equal([3, 1], Store.BatchesAt(GatewayName, Start + 10, 9).Select(record => record.Batch));
        Assert.Equal([3, 2], Store.BatchesAt(GatewayName, Start + 25, 9).Select(record => record.Batch));
        Assert.Equal([3], Store.BatchesAt(GatewayName, Start + 25, 1).Select(record => record.Batch));
        Assert.Empty(Store.BatchesAt(GatewayName, Start + 41, 9));
        Assert.Empty(Store.BatchesAt("nobody", Start + 10, 9));
        Assert.Equal(Store.Journal(0, 9)[0].Envelope.ToArray(), Store.BatchesAt(GatewayName, Start, 9)[0].Envelope.ToArray());

        // Longer than a gateway's ever is: an import of years, and one of just eight days.
        const long eightDays = 8 * Day;
        _ = await SendAsync([Good(Start - (300 * Day), 7), Good(Start + (300 * Day), 8)]);
        _ = await SendAsync([Good(Start + Day, 9), Good(Start + Day + eightDays, 10)]);
        Assert.Equal([4, 3, 1], Store.BatchesAt(GatewayName, Start + 10, 9).Select(record => record.Batch));
        Assert.Equal([5, 4], Store.BatchesAt(GatewayName, Start + Day, 9).Select(record => record.Batch));
        Assert.Equal([5, 4], Store.BatchesAt(GatewayName, Start + Day + eightDays, 9).Select(record => record.Batch));
        Assert.Equal([4], Store.BatchesAt(GatewayName, Start + Day + eightDays + 1, 9).Select(record => record.Batch));
        Assert.Equal([4], Store.BatchesAt(GatewayName, Start - (300 * Day), 9).Select(record => record.Batch));
    }

    [StoreFact]
    public async Task The_batches_of_a_chain_are_found_by_time_and_read_by_number()
    {
        _ = await SendAsync([Good(Start, 1), Good(Start + 10, 2)]);
        _ = await SendAsync([Good(Start + 20, 3), Good(Start + 30, 4)]);
        _ = await SendAsync([Good(Start + 10, 5), Good(Start + 40, 6)]);
        Assert.Equal((1, 3), Store.BatchesWithin(GatewayName, 1, Start, Start + 100));
        Assert.Equal((2, 3), Store.BatchesWithin(GatewayName, 1, Start + 11, Start + 21));
        Assert.Equal((3, 3), Store.BatchesWithin(GatewayName, 1, Start + 31, Start + 100));
        Assert.Null(Store.BatchesWithin(GatewayName, 1, Start + 41, Start + 100));
        Assert.Null(Store.BatchesWithin(GatewayName, 1, Start - 100, Start));
        Assert.Null(Store.BatchesWithin(GatewayName, 2, Start, Start + 100));
        Assert.Equal([1, 2, 3], Store.BatchesFrom(GatewayName, 1, 1, 9).Select(batch => batch.Batch));
        Assert.Equal([2], Store.BatchesFrom(GatewayName, 1, 2, 1).Select(batch => batch.Batch));
        Assert.Empty(Store.BatchesFrom(GatewayName, 2, 1, 9));
        Assert.Equal(Store.Journal(1, 1)[0].Envelope.ToArray(), Store.BatchesFrom(GatewayName, 1, 2, 1)[0].Envelope.ToArray());
    }

    [StoreFact]
    public async Task A_batch_that_comes_again_changes_nothing()
    {
        byte[] bytes = _gateway.Next([Good(Start, 1), Good(Start + 1, 2)]);
        Assert.Equal(AppendOutcome.Stored, await AppendAsync(Store, bytes));
        string before = Store.VersionOf(GatewayName, Energy, 0, long.MaxValue);
        Assert.Equal(AppendOutcome.Duplicate, await AppendAsync(Store, bytes));
        Reopen();
        Assert.Equal(AppendOutcome.Duplicate, await AppendAsync(Store, bytes));
        Assert.Equal(before, Store.VersionOf(GatewayName, Energy, 0, long.MaxValue));
        _ = Assert.Single(Store.Journal(0, 10));
    }

    [StoreFact]
    public async Task The_same_batch_many_times_at_once_is_stored_once()
    {
        byte[] bytes = _gateway.Next([Good(Start, 1)]);
        AppendOutcome[] outcomes = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => AppendAsync(Store, bytes)));
        Assert.Equal(1, outcomes.Count(outcome => outcome == AppendOutcome.Stored));
        Assert.Equal(19, outcomes.Count(outcome => outcome == AppendOutcome.Duplicate));
        _ = Assert.Single(Store.Journal(0, 10));
    }

    [StoreFact]
    public async Task A_second_batch_of_the_same_number_is_a_fork_and_the_first_stays()
    {
        byte[] first = _gateway.Next([Good(Start, 1)]);
        (byte[] other, string otherHash) = _gateway.Build(1, BatchManifest.NoPrevious, [Good(Start, 2)]);
        Assert.Equal(AppendOutcome.Stored, await AppendAsync(Store, first));
        Assert.Equal(AppendOutcome.Fork, await AppendAsync(Store, other));
        (byte[] onOther, _) = _gateway.Build(2, otherHash, [Good(Start + 1, 3)]);
        Assert.Equal(AppendOutcome.Fork, await AppendAsync(Store, onOther));
        Assert.Equal([1], All().ScaledValues);
        Assert.Equal(new(1, BatchEnvelope.Open(first).NoteHash), Store.Head(GatewayName, 1));
    }

    [StoreFact]
    public async Task A_batch_after_a_hole_is_not_read_before_its_predecessor_is_there()
    {
        byte[] first = _gateway.Next([Good(Start, 1)]);
        byte[] second = _gateway.Next([Good(Start + 1, 2)]);
        Assert.Equal(new(0, BatchManifest.NoPrevious), Store.Head(GatewayName, 1));
        Assert.Equal(AppendOutcome.Early, await AppendAsync(Store, second));
        Assert.Empty(Store.Channels());
        Assert.Equal(0, Store.LastSequence);
        Assert.Equal(AppendOutcome.Stored, await AppendAsync(Store, first));
        Assert.Equal(2, Store.Head(GatewayName, 1).Through);

        // A gateway that does not know sends again.
        Assert.Equal(AppendOutcome.Duplicate, await AppendAsync(Store, second));
        Assert.Equal(new(2, _gateway.LastHash), Store.Head(GatewayName, 1));
        Assert.Equal([1, 2], All().ScaledValues);
        Assert.Equal(2, Store.LastSequence);
    }

    [StoreTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Late_readings_open_a_sealed_day_again_and_the_last_received_stands(bool sealAtTheEnd)
    {
        _ = await SendAsync(Good(Start, 1), Good(Start + 60_000, 2), Good(Start + Day, 9));
        await Store.SealAsync();
        _ = await SendAsync(Good(Start + 30_000, 5), Good(Start + 60_000, 6));
        Assert.Equal(4, Store.Channels()[0].Count);
        if (sealAtTheEnd)
        {
            await Store.SealAsync();
        }

        Assert.Equal([1, 5, 6, 9], All().ScaledValues);
        Assert.Equal(4, Store.Channels()[0].Count);
        Assert.Equal(9, Store.Latest(GatewayName, Energy)!.Value.ScaledValue);
    }

    [StoreFact]
    public async Task A_range_holds_its_first_instant_and_not_its_last()
    {
        (long From, long To, int Expected)[] ranges =
        [
            (0, 0, 0), (0, 1, 1), (1, 1, 0), (1, 900_000, 0), (0, Day, 96), (0, Day + 1, 97), (-5, Day - 1, 96), (Day, 2 * Day, 96),
            (Day / 2, (2 * Day) + (Day / 2), 192), (200_000_000, 100, 0), (400_000_000, 500_000_000, 0),
        ];
        foreach (int day in (int[])[0, 1, 2])
        {
            _ = await SendAsync([.. Enumerable.Range(0, 96).Select(slot => Good(Start + (day * Day) + (slot * 900_000L), (day * 1000) + slot))]);
        }

        AssertRanges();
        await Store.SealAsync();
        AssertRanges();

        void AssertRanges() => Assert.All(ranges, range =>
        {
            ReadingColumns columns = Store.Read(GatewayName, Energy, Start + range.From, Start + range.To);
            Assert.Equal(range.Expected, columns.Count);
            Assert.All(columns.UtcMilliseconds, instant => Assert.InRange(instant, Start + range.From, Start + range.To - 1));
        });
    }

    [StoreFact]
    public async Task The_first_and_the_last_instant_of_the_calendar_are_held()
    {
        const long Last = StoreLimits.EndInstantUtcMilliseconds - 1;
        _ = await SendAsync(Good(0, 1), Good(Last, 2));
        Assert.Equal([0, Last], All().UtcMilliseconds);
        await Store.SealAsync();
        Assert.Equal([0, Last], All().UtcMilliseconds);
        Assert.Equal(Last, Store.Latest(GatewayName, Energy)!.Value.UtcMilliseconds);
        Assert.Equal(1, Store.Read(GatewayName, Energy, Last, long.MaxValue).Count);
        Assert.Equal(1, Store.Read(GatewayName, Energy, long.MinValue, 1).Count);
        foreach (long outside in (long[])[-1, Last + 1])
        {
            (byte[] bytes, _) = _gateway.Build(2, _gateway.LastHash, [Good(outside, 1)]);
            _ = await Assert.ThrowsAsync<WireFormatException>(() => AppendAsync(Store, bytes));
        }

        Assert.Equal(AppendOutcome.Stored, await SendAsync(Good(5, 3)));
    }

    [StoreFact]
    public async Task The_standing_tells_who_brought_batches_after_a_place()
    {
        using StoreGateway other = new("another");
        Store.Enrol(other.Enrolment);
        ReadingStanding empty = Store.StandingAfter(0);
        Assert.Equal((0, "", "", 0), (empty.Through, empty.Head, empty.Earlier, empty.PrunedDays));
        Assert.Empty(empty.Newest!);
        _ = await SendAsync(Good(Start, 1));
        string first = _gateway.LastHash;
        _ = await AppendAsync(Store, other.Next([Good(Start, 1)]));
        _ = await SendAsync(Good(Start + 1, 2));
        (byte[] early, _) = other.Build(7, first, [Good(Start, 1)]);
        Assert.Equal(AppendOutcome.Early, await AppendAsync(Store, early));
        ReadingStanding after = Store.StandingAfter(1);
        Assert.Equal((3, _gateway.LastHash, first), (after.Through, after.Head, after.Earlier));
        Assert.Equal([("another", 2), (GatewayName, 3)], after.Newest!.Select(one => (one.Key, one.Value)).Order());
        Assert.Equal([GatewayName], Store.StandingAfter(2).Newest!.Keys);
        Assert.Empty(Store.StandingAfter(3).Newest!);
        ReadingStanding beyond = Store.StandingAfter(long.MaxValue);
        Assert.Equal((3, ""), (beyond.Through, beyond.Earlier));
        Assert.Empty(beyond.Newest!);
        Assert.Null(Store.StandingAfter(3 - StoreLimits.MaximumStandingBatches - 1).Newest);
        Assert.NotNull(Store.StandingAfter(3 - StoreLimits.MaximumStandingBatches).Newest);
    }

    [StoreFact]
    public void An_empty_store_answers_with_nothing()
    {
        Assert.Empty(Store.Channels());
        Assert.Empty(Store.Journal(0, 10));
        Assert.Null(Store.Latest(GatewayName, Energy));
        Assert.Null(Store.FindChannel(GatewayName, Energy));
        Assert.Equal((0, 0, 0), (Store.LastSequence, Store.QuarantineCount, Store.DamagedChunkCount));
        _ = Assert.Throws<KeyNotFoundException>(() => All());
        _ = Assert.Throws<KeyNotFoundException>(() => Store.VersionOf(GatewayName, Energy, 0, 1));
    }

    [StoreFact]
    public async Task Sealing_nothing_and_sealing_twice_change_nothing()
    {
        await Store.SealAsync();
        Assert.Empty(Store.Channels());
        _ = await SendAsync(Good(Start, 1));
        await Store.SealAsync();
        await Store.SealAsync();
        Assert.Equal([1], All().ScaledValues);
    }

    [StoreFact]
    public async Task The_largest_batch_is_taken()
    {
        Reading[] readings = [.. Enumerable.Range(0, BatchLimits.MaximumReadings).Select(slot => Good(Start + (slot * 60_000L), slot))];
        Assert.Equal(AppendOutcome.Stored, await SendAsync(readings));
        Assert.Equal(BatchLimits.MaximumReadings, All().Count);
        string version = Store.VersionOf(GatewayName, Energy, 0, long.MaxValue);
        await Store.SealAsync();
        Reopen();
        Assert.Equal(version, Store.VersionOf(GatewayName, Energy, 0, long.MaxValue));
        Assert.Equal(BatchLimits.MaximumReadings, Store.Channels()[0].Count);
    }

    [StoreFact]
    public async Task A_version_depends_on_the_readings_and_not_on_how_or_where_they_are_stored()
    {
        // The other store is always a SQLite file.
        using SqliteHouse house = new(Path.GetTempPath());
        using IReadingStore other = house.Open();
        using StoreGateway sender = new();
        other.Enrol(sender.Enrolment);
        _ = await AppendAsync(other, sender.Next([Good(Start, 1), Good(Start + 60_000, 2), Good(Start + Day, 3)]));
        _ = await SendAsync(Good(Start + Day, 3), Good(Start + 60_000, 99));
        await Store.SealAsync();
        _ = await SendAsync(Good(Start, 1), Good(Start + 60_000, 2));
        string version = other.VersionOf(GatewayName, Energy, Start, Start + (2 * Day));
        Assert.Equal(version, Store.VersionOf(GatewayName, Energy, Start, Start + (2 * Day)));
        _ = await SendAsync(Good(Start + 60_000, 4));
        Assert.NotEqual(version, Store.VersionOf(GatewayName, Energy, Start, Start + (2 * Day)));
        Assert.Equal(other.VersionOf(GatewayName, Energy, Start + Day, long.MaxValue), Store.VersionOf(GatewayName, Energy, Start + Day, long.MaxValue));
    }

    [StoreFact]
    public async Task Any_history_gives_what_a_plain_model_gives()
    {
        int count = Environment.GetEnvironmentVariable("METERING_LONG") == "1" ? SeedCount * 20 : SeedCount;
        for (int seed = 1; seed <= count; seed++)
        {
            using IStoreHouse house = BuildQuick();
            using StoreHistory history = new(house, seed);
            await history.RunAsync();
        }
    }

    /// <summary>How many histories a usual run plays.</summary>
    private protected abstract int SeedCount { get; }

    private protected abstract IStoreHouse Build();

    /// <summary>A house whose disk need not be a disk.</summary>
    private protected abstract IStoreHouse BuildQuick();

    private Task<AppendOutcome> SendAsync(params Reading[] readings) => AppendAsync(Store, _gateway.Next(readings));

    private ReadingColumns All(string? channel = null) => Store.Read(GatewayName, channel ?? Energy, long.MinValue, long.MaxValue);

    private void Reopen()
    {
        _store!.Dispose();
        _store = House.Open();
    }
}
