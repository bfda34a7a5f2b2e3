using Metering.Fieldbus.Serial;
using Metering.Gateway.Configuration;
using Metering.Gateway.Polling;
using Metering.Meters.Profiles;
using Metering.Readings;
using Metering.Tests.Meters;
using Metering.Tests.Support;
using Xunit;

namespace Metering.Tests.GatewayHost;

/// <summary>One bus in virtual time: who is asked when, and that every slot of every channel has exactly one reading.</summary>
public sealed class PollingBusTests
{
    private const long Start = 1_767_225_600_000;
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromMilliseconds(500);

    private readonly ManualTimeProvider _clock = new(DateTimeOffset.FromUnixTimeMilliseconds(Start));

    [Fact]
    public void Three_dead_meters_and_a_slow_one_starve_none_of_the_others()
    {
        BusConfiguration bus = Serial(19_200, [.. Enumerable.Range(1, 10).Select(unit => new MeterConfiguration($"m{unit}", (byte)unit, TestProfiles.UInt32At([0, 2])))]);
        PollingSimulatedBus line = new(bus, new(Second), _clock);
        line.Dead.UnionWith([2, 5, 9]);
        line.Turnarounds[7] = TimeSpan.FromMilliseconds(400);
        line.Run(TimeSpan.FromMinutes(10));
        AssertComplete(line, slots: 600);
        foreach (int meter in new[] { 0, 2, 3, 5, 7, 9 })
        {
            // In the very first slots nobody knows yet which meters are dead.
            Assert.All(line.Delivered.Where(entry => entry.Reading.ChannelIndex == 2 * meter && entry.Reading.UtcMilliseconds >= Start + 5000), entry => Assert.True(entry.Reading.Quality.IsGood));
        }

        Assert.InRange(line.GoodCount(2 * 6), 570, 600);
        Assert.All(new byte[] { 2, 5, 9 }, unit => Assert.InRange(line.Requests.Count(request => request.Unit == unit), 3, 16));
        BusSnapshot snapshot = line.Worker.Snapshot();
        Assert.Equal(
            ["Healthy", "Quarantined", "Healthy", "Healthy", "Quarantined", "Healthy", "Healthy", "Healthy", "Quarantined", "Healthy"],
            snapshot.Meters.Select(meter => meter.State.ToString()));
        Assert.Equal(400, snapshot.Meters[6].Turnaround.Mean!.Value.TotalMilliseconds, 1.0);
    }

    [Fact]
    public void A_dead_meter_is_probed_with_one_short_request_and_read_whole_in_the_slot_in_which_it_is_back()
    {
        BusConfiguration bus = Serial(19_200, [new("m1", 1, TestProfiles.UInt32At([0, 2, 50, 52, 54, 90]))]);
        PollingSimulatedBus line = new(bus, new(Second), _clock);
        line.Dead.Add(1);
        line.Run(TimeSpan.FromSeconds(60));
        line.Requests.Clear();
        line.Run(TimeSpan.FromMinutes(10));
        Assert.All(line.Requests, request => Assert.Equal(2, request.Count));
        Assert.InRange(line.Requests.Count, 1, 4);
        line.Dead.Clear();
        line.Delivered.Clear();
        line.Run(TimeSpan.FromMinutes(6));
        List<(Reading Reading, long At)> good = [.. line.Delivered.Where(entry => entry.Reading.Quality.IsGood)];
        long back = good[0].Reading.UtcMilliseconds;
        Assert.Equal(6, good.Count(entry => entry.Reading.UtcMilliseconds == back));
        Assert.True(line.Delivered.Where(entry => entry.Reading.UtcMilliseconds > back).All(entry => entry.Reading.Quality.IsGood));
    }

    [Fact]
    public void A_long_slow_block_makes_no_fast_value_miss_its_slot()
    {
        DeviceProfile profile = TestProfiles.UInt32At([.. Enumerable.Range(0, 100).Select(index => (ushort)(2 * index))]);
        profile = profile with { Registers = [.. profile.Registers.Select((register, index) => register with { Rate = index == 0 ? RateClass.Fast : RateClass.Slow })] };
        BusConfiguration bus = Serial(2400, [new("m1", 1, profile)]);
        PollingSimulatedBus line = new(bus, new(TimeSpan.FromSeconds(10), Second, TimeSpan.FromMinutes(1)), _clock);
        Assert.True(line.Plan.Costs.Of(125) > Second, "the longest request would not fit between two fast slots");
        line.Run(TimeSpan.FromMinutes(10));
        Assert.Equal(600, line.GoodCount(0));
        Assert.True(line.LongestDelay(0) < Second, $"{line.LongestDelay(0)}");
        Assert.All(Enumerable.Range(1, 99), channel => Assert.Equal(10, line.GoodCount(channel)));
        Assert.Equal([Second, TimeSpan.FromMinutes(1)], line.Worker.Snapshot().Rates.Select(rate => rate.Interval));
        Assert.Equal(0, line.Worker.Snapshot().Rates.Sum(rate => rate.MissedSlots));
    }

    [Fact]
    public void Each_rate_class_and_each_meter_with_an_interval_of_its_own_has_its_slots()
    {
        DeviceProfile profile = TestProfiles.UInt32At([0, 2, 4]);
        profile = profile with { Registers = [profile.Registers[0] with { Rate = RateClass.Fast }, profile.Registers[1], profile.Registers[2] with { Rate = RateClass.Slow }] };
        BusConfiguration bus = Serial(19_200, [new("m1", 1, profile), new("m2", 2, profile, TimeSpan.FromSeconds(30))]);
        PollingSimulatedBus line = new(bus, new(TimeSpan.FromSeconds(10), Second, TimeSpan.FromMinutes(1)), _clock);
        line.Run(TimeSpan.FromMinutes(2));
        Assert.Equal([120, 12, 2, 4, 4, 4], Enumerable.Range(0, 6).Select(line.GoodCount));
        Assert.All(line.Delivered.Where(entry => entry.Reading.ChannelIndex == 2), entry => Assert.Equal(0, entry.Reading.UtcMilliseconds % 60_000));
    }

    [Fact]
    public void A_bus_that_cannot_keep_its_interval_marks_what_it_did_not_read()
    {
        DeviceProfile profile = TestProfiles.UInt32At([.. Enumerable.Range(0, 60).Select(index => (ushort)(2 * index))]);
        BusConfiguration bus = Serial(2400, [new("m1", 1, profile), new("m2", 2, profile), new("m3", 3, profile)]);
        PollingSimulatedBus line = new(bus, new(Second), _clock);
        line.Run(TimeSpan.FromMinutes(1));
        AssertComplete(line, slots: 60);
        BusSnapshot snapshot = line.Worker.Snapshot();
        Assert.Equal(BusState.Behind, snapshot.State);
        Assert.True(snapshot.Rates[0].MissedSlots > 60);
        Assert.True(snapshot.UtilisationPercent > 95);
        Assert.Equal([QualityReason.None, QualityReason.Timeout], line.Delivered.Select(entry => entry.Reading.Quality.Reason).Distinct().Order());
    }

    [Fact]
    public void A_prediction_is_what_a_slot_then_takes()
    {
        BusConfiguration bus = Serial(9600, [.. Enumerable.Range(1, 5).Select(unit => new MeterConfiguration($"m{unit}", (byte)unit, TestProfiles.UInt32At([0, 2, 60])))]);
        PollingSimulatedBus line = new(bus, new(TimeSpan.FromSeconds(10)), _clock);
        TimeSpan predicted = line.Plan.PredictedFor(line.Plan.Rates[0]).Cycle;
        line.Run(TimeSpan.FromMinutes(5));
        RateSnapshot rate = line.Worker.Snapshot().Rates[0];
        Assert.Equal(predicted.TotalMilliseconds, rate.Cycle.Maximum!.Value.TotalMilliseconds, 1.0);
        Assert.Equal((30L, 0L, 10), (rate.Slots, rate.MissedSlots, rate.Requests));
    }

    [Fact]
    public void A_slow_value_of_a_silent_meter_waits_for_the_next_try_as_long_as_its_slot_lasts()
    {
        DeviceProfile profile = TestProfiles.UInt32At([0, 2]);
        profile = profile with { Registers = [profile.Registers[0] with { Rate = RateClass.Fast }, profile.Registers[1] with { Rate = RateClass.Slow }] };
        PollingSimulatedBus line = new(Serial(19_200, [new("m1", 1, profile)]), new(TimeSpan.FromSeconds(10), Second, TimeSpan.FromMinutes(1)), _clock);
        line.Run(TimeSpan.FromSeconds(60));
        line.Dead.Add(1);
        line.Run(TimeSpan.FromSeconds(2));
        Assert.Equal(QualityReason.Timeout, line.Delivered[^2].Reading.Quality.Reason);
        Assert.Equal(1, line.GoodCount(1));
    }

    [Fact]
    public void The_values_of_a_snapshot_survive_their_JSON()
    {
        PollingSimulatedBus line = new(Serial(19_200, [new("m1", 1, TestProfiles.UInt32At([0, 2]))]), new(Second), _clock);
        line.Run(TimeSpan.FromSeconds(10));
        PollingSnapshot snapshot = new()
        {
            AtUtcMilliseconds = Start, Running = TimeSpan.FromSeconds(10), LastSlotUtcMilliseconds = null, ReadingCount = 20, PassedSlots = 0, Buses = [line.Worker.Snapshot()], Inputs = [],
        };
        byte[] json = PollingSnapshotJson.ToBytes(snapshot);
        using System.Text.Json.JsonDocument document = System.Text.Json.JsonDocument.Parse(json);
        Assert.Equal(json, PollingSnapshotJson.ToBytes(PollingSnapshotJson.Read(document.RootElement)));
        Assert.Equal(1, document.RootElement.GetProperty("buses")[0].GetProperty("rates")[0].GetProperty("intervalSeconds").GetDouble());
        Assert.Equal("Healthy", document.RootElement.GetProperty("buses")[0].GetProperty("meters")[0].GetProperty("state").GetString());
        Assert.Equal("0.3", PollingSnapshotJson.Read(document.RootElement).Buses[0].Meters[0].Channels[1].Value?.ToString(System.Globalization.CultureInfo.InvariantCulture));
    }

    private static BusConfiguration Serial(int baudRate, IReadOnlyList<MeterConfiguration> meters) =>
        new() { Id = "rs485", Serial = new("/dev/none", new SerialSettings { BaudRate = baudRate }), AnswerTimeout = AnswerTimeout, Meters = meters };

    private static void AssertComplete(PollingSimulatedBus line, int slots)
    {
        int channels = line.Plan.ReadingCount;
        Assert.Equal(slots * channels, line.Delivered.Count);
        Assert.Equal(slots * channels, line.Delivered.Select(entry => (entry.Reading.UtcMilliseconds, entry.Reading.ChannelIndex)).Distinct().Count());
    }
}
