using Metering.Gateway.Configuration;
using Metering.Meters.Polling;

namespace Metering.Gateway.Polling;

/// <summary>What is read on one bus, and how often: the groups of its meters and their requests.</summary>
internal sealed class BusPlan
{
    // What a request of a slow value may take of the time that faster values leave free on the bus.
    private const double FreeShare = 0.8;

    /// <param name="bus">The bus.</param>
    /// <param name="firstChannelIndex">Index of its first channel in the gateway's list.</param>
    /// <param name="intervals">How often the rate classes are read.</param>
    internal BusPlan(BusConfiguration bus, int firstChannelIndex, PollingIntervals intervals)
    {
        Bus = bus;
        Costs = BusLine.CostsOf(bus);
        List<SortedDictionary<TimeSpan, List<int>>> registers = [.. bus.Meters.Select(meter => PolledMeter.RegistersByInterval(meter, intervals))];
        SortedDictionary<TimeSpan, TimeSpan?> longest = LongestRequests(bus, registers, Costs);
        Dictionary<TimeSpan, RateStatistics> rates = longest.Keys.ToDictionary(interval => interval, interval => new RateStatistics(interval));
        List<PolledGroup> groups = [];
        List<PolledMeter> meters = [];
        int channel = firstChannelIndex;
        for (int index = 0; index < bus.Meters.Count; index++)
        {
            MeterConfiguration meter = bus.Meters[index];
            MeterReader reader = new(new()
            {
                Profile = meter.Profile,
                Unit = meter.Unit,
                FirstChannelIndex = channel,
                AnswerTimeout = meter.AnswerTimeout ?? (meter.Profile.AnswerTimeout > bus.AnswerTimeout ? meter.Profile.AnswerTimeout.Value : bus.AnswerTimeout),
                Costs = Costs with { Turnaround = meter.Profile.Turnaround ?? Costs.Turnaround, Gap = meter.Profile.MinimumGap ?? TimeSpan.Zero },
                Groups = [.. registers[index].Select(group => new MeterGroupOptions(group.Value, longest[group.Key]))],
            });
            PolledMeter polled = new(meter, channel, reader, registers[index].Keys.FirstOrDefault());
            meters.Add(polled);
            int number = 0;
            foreach ((TimeSpan interval, List<int> indices) in registers[index])
            {
                int first = channel;
                groups.Add(new(polled, reader.Groups[number++], new SlotGroup(rates[interval], [.. indices.Select(register => first + register)])));
            }

            channel += reader.ReadingCount;
        }

        ReadingCount = channel - firstChannelIndex;
        Groups = groups;
        Meters = meters;
        Rates = [.. rates.Values.OrderBy(rate => rate.Interval)];
    }

    internal BusConfiguration Bus { get; }

    internal PollCosts Costs { get; }

    internal int ReadingCount { get; }

    internal IReadOnlyList<PolledGroup> Groups { get; }

    internal IReadOnlyList<PolledMeter> Meters { get; }

    internal IReadOnlyList<RateStatistics> Rates { get; }

    /// <summary>Time that one slot of an interval should take, when every meter answers as it is known to.</summary>
    internal SlotForecast PredictedFor(RateStatistics rate) => SlotForecast.Of([.. Groups.Where(group => group.Slot.Rate == rate)]);

    /// <summary>Share of the time that the bus is busy with all its intervals, 1 for always.</summary>
    internal double Utilisation => Rates.Sum(rate => PredictedFor(rate).Busy / rate.Interval);

    // A request cannot be interrupted; so none may be longer than what the faster values leave free, or they would miss their slot.
    private static SortedDictionary<TimeSpan, TimeSpan?> LongestRequests(
        BusConfiguration bus, List<SortedDictionary<TimeSpan, List<int>>> registers, PollCosts costs)
    {
        SortedDictionary<TimeSpan, TimeSpan?> longest = [];
        foreach (TimeSpan interval in registers.SelectMany(groups => groups.Keys).Distinct().Order())
        {
            longest[interval] = null;
        }

        TimeSpan? limit = null;
        TimeSpan work = TimeSpan.Zero;
        foreach (TimeSpan interval in longest.Keys.ToArray())
        {
            longest[interval] = limit;
            for (int index = 0; index < bus.Meters.Count; index++)
            {
                if (registers[index].TryGetValue(interval, out List<int>? indices))
                {
                    work += PollPlan.For(bus.Meters[index].Profile, indices, costs, new() { LongestRequest = limit }).Aggregate(TimeSpan.Zero, (sum, request) => sum + costs.Of(request.Count));
                }
            }

            TimeSpan free = (interval - work) * FreeShare;
            free = free > TimeSpan.Zero ? free : TimeSpan.Zero;
            limit = limit is TimeSpan before && before < free ? before : free;
        }

        return longest;
    }
}
