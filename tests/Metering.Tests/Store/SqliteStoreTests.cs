using Metering.Readings;
using Metering.Store;
using Metering.Store.Sqlite;
using Xunit;
using static Metering.Tests.Store.StoreBench;

namespace Metering.Tests.Store;

public sealed class SqliteStoreTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_batch_comes_back_reading_for_reading(bool isSealed)
    {
        using StoreBench bench = new();
        Reading[] readings =
        [
            Good(Start + Day - 1, long.MaxValue), Good(Start + Day, long.MinValue), Good(Start + Day + 900_000, -1),
            Reading.Missing(Start + Day + 1_800_000, 0, QualityReason.Timeout),
            new(Start + (2 * Day), 7, 0, ReadingQuality.Uncertain(QualityReason.Frozen), HasValue: true),
            new(Start + (2 * Day) + 5, 8, 0, ReadingQuality.Bad(QualityReason.Glitch), HasValue: true),
            Good(Start, -512, 1),
        ];
        Assert.Equal(AppendOutcome.Stored, await bench.AppendAsync(readings));
        if (isSealed)
        {
            await bench.Store.SealAsync();
        }

        ReadingColumns energy = bench.All();
        Assert.Equal(Channels[0], energy.Channel);
        Assert.Equal(readings[..6].Select(reading => reading.UtcMilliseconds), energy.UtcMilliseconds);
        Assert.Equal(readings[..6].Select(reading => reading.ScaledValue), energy.ScaledValues);
        Assert.Equal(readings[..6].Select(reading => reading.Quality), energy.Qualities);
        Assert.Equal(readings[..6].Select(reading => reading.HasValue), energy.HasValues);
        Assert.Equal(-512, bench.All(Channels[1].Id).ScaledValues[0]);
        Assert.Equal(readings[5], bench.Store.Latest(GatewayName, Energy));
        StoredChannel stored = bench.Store.Channels()[0];
        Assert.Equal((GatewayName, "leon-tannery", 6L, Start + Day - 1, Start + (2 * Day) + 5), (stored.Gateway, stored.Plant, stored.Count, stored.FirstUtcMilliseconds, stored.LastUtcMilliseconds));
        Assert.Equal(2, bench.Store.Channels().Count);
    }

    [Fact]
    public async Task A_batch_that_comes_again_changes_nothing()
    {
        using StoreBench bench = new();
        byte[] bytes = bench.Next([Good(Start, 1), Good(Start + 1, 2)]);
        Assert.Equal(AppendOutcome.Stored, await bench.AppendAsync(bytes));
        string before = bench.Store.VersionOf(GatewayName, Energy, 0, long.MaxValue);
        Assert.Equal(AppendOutcome.Duplicate, await bench.AppendAsync(bytes));
        bench.Reopen();
        Assert.Equal(AppendOutcome.Duplicate, await bench.AppendAsync(bytes));
        Assert.Equal(before, bench.Store.VersionOf(GatewayName, Energy, 0, long.MaxValue));
        _ = Assert.Single(bench.Store.Journal(0, 10));
    }

    [Fact]
    public async Task A_second_batch_of_the_same_number_is_a_fork_and_the_first_stays()
    {
        using StoreBench bench = new();
        byte[] first = bench.Next([Good(Start, 1)]);
        (byte[] other, string otherHash) = bench.Build(1, BatchManifest.NoPrevious, [Good(Start, 2)]);
        Assert.Equal(AppendOutcome.Stored, await bench.AppendAsync(first));
        Assert.Equal(AppendOutcome.Fork, await bench.AppendAsync(other));
        (byte[] onOther, _) = bench.Build(2, otherHash, [Good(Start + 1, 3)]);
        Assert.Equal(AppendOutcome.Fork, await bench.AppendAsync(onOther));
        Assert.Equal([1], bench.All().ScaledValues);
        Assert.Equal(new(1, BatchEnvelope.Open(first).NoteHash), bench.Store.Head(GatewayName, 1));
    }

    [Fact]
    public async Task A_batch_after_a_hole_waits_for_its_predecessor()
    {
        using StoreBench bench = new();
        byte[] first = bench.Next([Good(Start, 1)]);
        byte[] second = bench.Next([Good(Start + 1, 2)]);
        Assert.Equal(new(0, BatchManifest.NoPrevious), bench.Store.Head(GatewayName, 1));
        Assert.Equal(AppendOutcome.OutOfOrder, await bench.AppendAsync(second));
        Assert.Empty(bench.Store.Channels());
        Assert.Equal(AppendOutcome.Stored, await bench.AppendAsync(first));
        Assert.Equal(AppendOutcome.Stored, await bench.AppendAsync(second));
        Assert.Equal(2, bench.Store.Head(GatewayName, 1).Through);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Late_readings_open_a_sealed_day_again_and_the_last_received_stands(bool sealAtTheEnd)
    {
        using StoreBench bench = new();
        _ = await bench.AppendAsync(Good(Start, 1), Good(Start + 60_000, 2), Good(Start + Day, 9));
        await bench.Store.SealAsync();
        _ = await bench.AppendAsync(Good(Start + 30_000, 5), Good(Start + 60_000, 6));
        Assert.Equal(4, bench.Store.Channels()[0].Count);
        if (sealAtTheEnd)
        {
            await bench.Store.SealAsync();
        }

        Assert.Equal([1, 5, 6, 9], bench.All().ScaledValues);
        Assert.Equal(4, bench.Store.Channels()[0].Count);
        Assert.Equal(9, bench.Store.Latest(GatewayName, Energy)!.Value.ScaledValue);
    }

    [Theory]
    [InlineData(0, 0, 0)]
    [InlineData(0, 1, 1)]
    [InlineData(1, 1, 0)]
    [InlineData(1, 900_000, 0)]
    [InlineData(0, 86_400_000, 96)]
    [InlineData(0, 86_400_001, 97)]
    [InlineData(-5, 86_399_999, 96)]
    [InlineData(86_400_000, 172_800_000, 96)]
    [InlineData(43_200_000, 216_000_000, 192)]
    [InlineData(200_000_000, 100, 0)]
    [InlineData(400_000_000, 500_000_000, 0)]
    public async Task A_range_holds_its_first_instant_and_not_its_last(long from, long to, int expected)
    {
        using StoreBench bench = new();
        foreach (int day in (int[])[0, 1, 2])
        {
            Reading[] readings = [.. Enumerable.Range(0, 96).Select(slot => Good(Start + (day * Day) + (slot * 900_000L), (day * 1000) + slot))];
            _ = await bench.AppendAsync(readings);
        }

        Assert.Equal(expected, bench.Store.Read(GatewayName, Energy, Start + from, Start + to).Count);
        await bench.Store.SealAsync();
        ReadingColumns columns = bench.Store.Read(GatewayName, Energy, Start + from, Start + to);
        Assert.Equal(expected, columns.Count);
        Assert.All(columns.UtcMilliseconds, instant => Assert.InRange(instant, Start + from, Start + to - 1));
    }

    [Fact]
    public void An_empty_store_answers_with_nothing()
    {
        using StoreBench bench = new();
        Assert.Empty(bench.Store.Channels());
        Assert.Empty(bench.Store.Journal(0, 10));
        Assert.Null(bench.Store.Latest(GatewayName, Energy));
        Assert.Null(bench.Store.FindChannel(GatewayName, Energy));
        Assert.Equal(0, bench.Store.LastSequence);
        _ = Assert.Throws<KeyNotFoundException>(() => bench.All());
    }

    [Fact]
    public async Task A_version_depends_on_the_readings_and_not_on_how_they_are_stored()
    {
        using StoreBench one = new();
        using StoreBench two = new();
        _ = await one.AppendAsync(Good(Start, 1), Good(Start + 60_000, 2), Good(Start + Day, 3));
        _ = await two.AppendAsync(Good(Start + Day, 3), Good(Start + 60_000, 99));
        await two.Store.SealAsync();
        _ = await two.AppendAsync(Good(Start, 1), Good(Start + 60_000, 2));
        string version = one.Store.VersionOf(GatewayName, Energy, Start, Start + (2 * Day));
        Assert.Equal(version, two.Store.VersionOf(GatewayName, Energy, Start, Start + (2 * Day)));
        _ = await two.AppendAsync(Good(Start + 60_000, 4));
        Assert.NotEqual(version, two.Store.VersionOf(GatewayName, Energy, Start, Start + (2 * Day)));
        Assert.Equal(one.Store.VersionOf(GatewayName, Energy, Start + Day, long.MaxValue), two.Store.VersionOf(GatewayName, Energy, Start + Day, long.MaxValue));
    }

    [Fact]
    public async Task An_enrolment_is_kept_and_cannot_be_replaced_in_its_epoch()
    {
        using StoreBench bench = new();
        using StoreBench other = new();
        bench.Store.Enrol(bench.Enrolment);
        Assert.Equal(bench.Enrolment, bench.Store.FindEnrolment(GatewayName, 1));
        Assert.Null(bench.Store.FindEnrolment(GatewayName, 2));
        Assert.Equal(StoreException.Configuration, Assert.Throws<StoreException>(() => bench.Store.Enrol(other.Enrolment)).ExitCode);
        bench.Store.Enrol(other.Enrolment with { KeyEpoch = 2, Plant = "moved" });
        Assert.Equal(2, bench.Store.Enrolments().Count);
        _ = await bench.AppendAsync(Good(Start, 1));
        Assert.Equal("moved", bench.Store.Channels()[0].Plant);
        _ = Assert.Throws<ArgumentException>(() => bench.Store.Enrol(bench.Enrolment with { Gateway = "Has Space" }));
        _ = Assert.Throws<ArgumentException>(() => bench.Store.Enrol(bench.Enrolment with { PublicKeyPem = "nothing" }));
    }

    [Fact]
    public async Task A_gateway_that_is_not_enrolled_is_refused()
    {
        using StoreBench bench = new();
        using StoreBench stranger = new();
        string path = Path.Combine(bench.Folder, "other.db");
        using SqliteStore empty = SqliteStore.Open(path, TimeProvider.System);
        byte[] bytes = stranger.Next([Good(Start, 1)]);
        _ = await Assert.ThrowsAsync<ArgumentException>(() => bench.AppendAsync(bytes, empty));
        empty.Enrol(stranger.Enrolment);
        Assert.Equal(AppendOutcome.Stored, await bench.AppendAsync(bytes, empty));
    }

    [Fact]
    public async Task A_channel_that_changes_its_meaning_is_refused_and_its_neighbours_in_the_group_are_stored()
    {
        using StoreBench bench = new();
        _ = await bench.AppendAsync(Good(Start, 1));
        Channel[] changed = [Channels[0] with { DecimalPlaces = 2 }];
        (byte[] bytes, _) = bench.Build(2, bench.Store.Head(GatewayName, 1).NoteHash, [Good(Start + 1, 10)], changed);
        byte[] proper = bench.Next([Good(Start + 1, 2)]);
        Task<AppendOutcome> refused = bench.AppendAsync(bytes);
        Task<AppendOutcome> stored = bench.AppendAsync(proper);
        WireFormatException e = await Assert.ThrowsAsync<WireFormatException>(() => refused);
        Assert.Contains("identifier of its own", e.Message, StringComparison.Ordinal);
        Assert.Equal(AppendOutcome.Stored, await stored);
        Assert.Equal([1, 2], bench.All().ScaledValues);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(StoreLimits.EndInstantUtcMilliseconds)]
    public async Task An_instant_outside_the_calendar_is_refused(long instant)
    {
        using StoreBench bench = new();
        byte[] bytes = bench.Next([Good(instant, 1)]);
        _ = await Assert.ThrowsAsync<WireFormatException>(() => bench.AppendAsync(bytes));
    }

    [Fact]
    public async Task The_journal_gives_the_bytes_as_they_came()
    {
        using StoreBench bench = new();
        byte[][] sent = [bench.Next([Good(Start, 1)]), bench.Next([Good(Start + 1, 2)]), bench.Next([Good(Start + 2, 3)])];
        foreach (byte[] bytes in sent)
        {
            _ = await bench.AppendAsync(bytes);
        }

        await bench.Store.SealAsync();
        JournalRecord[] records = [.. bench.Store.Journal(1, 10)];
        Assert.Equal([2L, 3L], records.Select(record => record.Sequence));
        Assert.Equal((GatewayName, 1, 3L), (records[1].Gateway, records[1].KeyEpoch, records[1].Batch));
        Assert.True(records[1].Envelope.Span.SequenceEqual(sent[2]));
        _ = Assert.Single(bench.Store.Journal(0, 1));
    }

    [Fact]
    public void Quarantine_keeps_what_was_refused_with_its_reason()
    {
        using StoreBench bench = new();
        bench.Store.Quarantine(GatewayName, "not a batch", new byte[] { 1, 2, 3 });
        bench.Store.Quarantine("stranger", "not enrolled", ReadOnlyMemory<byte>.Empty);
        bench.Reopen();
        Assert.Equal(2, bench.Store.QuarantineCount);
        Assert.Equal(1, bench.Store.QuarantinedOf(GatewayName));
    }

    [Fact]
    public async Task The_export_of_two_stores_with_the_same_readings_is_the_same()
    {
        using StoreBench bench = new();
        _ = await bench.AppendAsync(Good(Start + Day, 3), Reading.Missing(Start + 1, 0, QualityReason.Timeout), Good(Start, -5));
        string folder = Path.Combine(bench.Folder, "out");
        Assert.Equal(1, ReadingExport.Write(bench.Store, folder));
        string text = File.ReadAllText(Path.Combine(folder, "tannery-1__mains.active-energy-import.csv"));
        Assert.Equal("utcMilliseconds,scaledValue,quality\n1704067200000,-5,G\n1704067200001,,B.timeout\n1704153600000,3,G\n", text);
    }
}
