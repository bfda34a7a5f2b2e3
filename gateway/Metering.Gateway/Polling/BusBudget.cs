using Metering.Gateway.Configuration;
using Metering.Meters.Polling;

namespace Metering.Gateway.Polling;

/// <summary>What a bus needs for one interval.</summary>
/// <param name="Interval">The interval.</param>
/// <param name="Requests">Requests of one slot.</param>
/// <param name="Registers">Registers they bring.</param>
/// <param name="Needed">Time they should take, with the silences that meters need between them and before the next slot.</param>
/// <param name="Available">What the faster values of the bus leave of the interval.</param>
internal sealed record RateBudget(TimeSpan Interval, int Requests, int Registers, TimeSpan Needed, TimeSpan Available);

/// <summary>What a bus should need by the cost model, before anything was asked.</summary>
internal sealed record BusBudget
{
    public required string Id { get; init; }

    public required string Line { get; init; }

    public required int MeterCount { get; init; }

    /// <summary>By interval, the shortest first.</summary>
    public required IReadOnlyList<RateBudget> Rates { get; init; }

    /// <summary>Share of the time in which a request is under way; above 1 the bus cannot keep up.</summary>
    public required double Utilisation { get; init; }

    /// <summary>What one silent meter adds to a slot: its answer timeout and the request, asked twice when it answered before.</summary>
    public required TimeSpan SilenceCost { get; init; }

    /// <summary>A slot of the shortest interval with one silent meter.</summary>
    public TimeSpan WithOneDead => Rates.Count == 0 ? TimeSpan.Zero : Rates[0].Needed + SilenceCost;

    /// <summary>The first interval that cannot be kept; null when all can.</summary>
    public RateBudget? Tightest => Rates.FirstOrDefault(rate => rate.Needed > rate.Available) ?? (Utilisation > 1 ? Rates[^1] : null);

    /// <summary>The first interval that cannot be kept while one meter is silent; null when all can.</summary>
    public RateBudget? TightestWithOneDead => Rates.FirstOrDefault(rate => rate.Needed + SilenceCost > rate.Available);

    /// <summary>The budgets of all buses of a configuration.</summary>
    internal static IReadOnlyList<BusBudget> Of(GatewayConfiguration configuration)
    {
        List<BusBudget> budgets = [];
        int channel = 0;
        foreach (BusConfiguration bus in configuration.Buses)
        {
            BusPlan plan = new(bus, channel, configuration.Intervals);
            channel += plan.ReadingCount;
            budgets.Add(Of(plan));
        }

        return budgets;
    }

    /// <summary>The budget of one bus.</summary>
    internal static BusBudget Of(BusPlan plan)
    {
        List<RateBudget> rates = [];
        double taken = 0;
        foreach (RateStatistics rate in plan.Rates)
        {
            List<PollRequest> requests = [.. plan.Groups.Where(group => group.Slot.Rate == rate).SelectMany(group => group.Group.Requests)];
            SlotForecast forecast = plan.PredictedFor(rate);
            rates.Add(new(rate.Interval, requests.Count, requests.Sum(request => request.Count), forecast.Renewal, rate.Interval * Math.Max(0, 1 - taken)));
            taken += forecast.Busy / rate.Interval;
        }

        TimeSpan longest = plan.Bus.Meters.Select(meter => meter.AnswerTimeout ?? plan.Bus.AnswerTimeout).Append(TimeSpan.Zero).Max();
        return new()
        {
            Id = plan.Bus.Id,
            Line = BusLine.NameOf(plan.Bus),
            MeterCount = plan.Bus.Meters.Count,
            Rates = rates,
            Utilisation = plan.Utilisation,
            SilenceCost = 2 * (longest + plan.Costs.WireOf(2)),
        };
    }
}
