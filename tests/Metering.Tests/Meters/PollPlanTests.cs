using Metering.Fieldbus.Modbus;
using Metering.Fieldbus.Serial;
using Metering.Meters.Polling;
using Metering.Meters.Profiles;
using Xunit;

namespace Metering.Tests.Meters;

public sealed class PollPlanTests
{
    private static readonly TimeSpan Turnaround = TimeSpan.FromMilliseconds(30);

    // Two values 18 registers apart: 2 + 8 registers apart, or 28 together. Milliseconds worked out by hand: (13 + 7 + 2 n) characters of 10 bits a request, and 30 ms.
    [Theory]
    [InlineData(2400, 310, 347, 2)]
    [InlineData(9600, 122, 109, 1)]
    [InlineData(19200, 91, 70, 1)]
    public void Whether_a_hole_is_read_across_depends_on_the_speed_of_the_line(int baudRate, double apart, double together, int requests)
    {
        PollCosts costs = CostsAt(baudRate);
        Assert.Equal(apart, (costs.Of(2) + costs.Of(8)).TotalMilliseconds, 0.5);
        Assert.Equal(together, costs.Of(28).TotalMilliseconds, 0.5);
        DeviceProfile profile = TestProfiles.UInt32At([0, 20, 22, 24, 26], maximumHole: 64);
        Assert.Equal(requests, PollPlan.For(profile, [0, 1, 2, 3, 4], costs, new()).Count);
    }

    [Fact]
    public void A_meter_that_takes_its_time_is_asked_less_often_for_more()
    {
        DeviceProfile profile = TestProfiles.UInt32At([0, 20, 22, 24, 26], maximumHole: 64);
        PollCosts slow = CostsAt(2400) with { Turnaround = TimeSpan.FromMilliseconds(200) };
        Assert.Equal("0+28", Text(PollPlan.For(profile, [0, 1, 2, 3, 4], slow, new())));
    }

    [Fact]
    public void No_other_partition_is_cheaper()
    {
        Random random = new(20_260_101);
        for (int round = 0; round < 400; round++)
        {
            int count = random.Next(1, 10);
            ushort address = 0;
            List<ushort> addresses = [];
            for (int index = 0; index < count; index++)
            {
                addresses.Add(address);
                address += (ushort)(random.Next(4) == 0 ? 2 + random.Next(40) : 2);
            }

            DeviceProfile profile = TestProfiles.UInt32At(addresses, random.Next(64), random.Next(4, 60));
            PollCosts costs = CostsAt(new[] { 1200, 2400, 9600, 115_200 }[random.Next(4)]);
            long planned = PollPlan.For(profile, [.. Enumerable.Range(0, count)], costs, new()).Sum(request => costs.Of(request.Count).Ticks);
            Assert.True(planned == CheapestOfAll(profile, addresses, costs), $"round {round}: {string.Join(',', addresses)}");
        }
    }

    [Fact]
    public void A_request_of_a_slow_value_is_no_longer_than_the_faster_ones_leave_free()
    {
        PollCosts costs = CostsAt(9600);
        DeviceProfile profile = TestProfiles.UInt32At([.. Enumerable.Range(0, 40).Select(index => (ushort)(2 * index))]);
        TimeSpan longest = costs.Of(20);
        IReadOnlyList<PollRequest> plan = PollPlan.For(profile, [.. Enumerable.Range(0, 40)], costs, new() { LongestRequest = longest });
        Assert.Equal(4, plan.Count);
        Assert.All(plan, request => Assert.True(costs.Of(request.Count) <= longest));
        Assert.All(PollPlan.For(profile, [0, 1], costs, new() { LongestRequest = TimeSpan.Zero }), request => Assert.Equal(2, request.Count));
    }

    [Theory]
    [InlineData("0,2,10,20", 64, "10 20")]
    [InlineData("0,2,4,6", 0, "4")]
    [InlineData("0,2,4", 0, "4")]
    [InlineData("0", 0, "")]
    public void A_refused_request_is_cut_at_its_holes_or_else_in_its_middle(string addresses, int hole, string expected)
    {
        DeviceProfile profile = TestProfiles.UInt32At(addresses.Split(',').Select(text => ushort.Parse(text, System.Globalization.CultureInfo.InvariantCulture)), hole);
        Assert.Equal(expected, string.Join(' ', PollPlan.CutsOf(Assert.Single(PollPlan.For(profile)))));
    }

    [Fact]
    public void What_was_cut_stays_cut_in_the_next_plan()
    {
        DeviceProfile profile = TestProfiles.UInt32At([0, 2, 10, 12], 64);
        HashSet<(ModbusTable, ushort)> cuts = [(ModbusTable.HoldingRegisters, 10)];
        Assert.Equal("0+4 10+4", Text(PollPlan.For(profile, [0, 1, 2, 3], PollCosts.Tcp, new() { Cuts = cuts })));
        Assert.Equal("0+4 10+4", Text(PollPlan.Cut(Assert.Single(PollPlan.For(profile)), cuts)));
    }

    [Fact]
    public void Values_of_one_interval_only_are_planned_by_themselves()
    {
        DeviceProfile profile = TestProfiles.UInt32At([0, 2, 4]);
        IReadOnlyList<PollRequest> plan = PollPlan.For(profile, [0, 2], PollCosts.Tcp, new());
        Assert.Equal("0+2 4+2", Text(plan));
        Assert.Equal([0, 2], plan.SelectMany(request => request.Items).Select(item => item.RegisterIndex));
    }

    private static PollCosts CostsAt(int baudRate) =>
        PollCosts.Serial(new SerialSettings { BaudRate = baudRate }.CharacterTime) with { Turnaround = Turnaround };

    private static string Text(IEnumerable<PollRequest> plan) => string.Join(' ', plan.Select(request => $"{request.Start}+{request.Count}"));

    // Every way of cutting the sorted values into stretches, by the bits of a number.
    private static long CheapestOfAll(DeviceProfile profile, List<ushort> addresses, PollCosts costs)
    {
        long best = long.MaxValue;
        for (int bits = 0; bits < 1 << (addresses.Count - 1); bits++)
        {
            long cost = 0;
            int first = 0;
            bool isAllowed = true;
            for (int index = 0; index < addresses.Count; index++)
            {
                bool ends = index == addresses.Count - 1 || (bits >> index & 1) != 0;
                if (ends)
                {
                    int length = addresses[index] + 2 - addresses[first];
                    isAllowed &= length <= profile.MaximumRegisters || first == index;
                    cost += costs.Of(length).Ticks;
                    first = index + 1;
                }
                else
                {
                    isAllowed &= addresses[index + 1] - addresses[index] - 2 <= profile.MaximumHole;
                }
            }

            best = isAllowed ? Math.Min(best, cost) : best;
        }

        return best;
    }
}
