using Metering.Analytics.Intervals;
using Metering.Cloud.Projects;
using Metering.Programme.Kinds;
using Metering.Readings;
using Metering.Store;

namespace Metering.Cloud.Plants;

/// <summary>A bill held against a counter.</summary>
/// <param name="Channel">The counter.</param>
/// <param name="Days">Days of the bill.</param>
/// <param name="KnownDays">Of these, days whose use is known.</param>
/// <param name="Metered">Use over all days of the bill in its unit; NaN when a day is not known.</param>
/// <param name="MeanOfKnownDays">Mean use of the days that are known; 0 when none is.</param>
/// <param name="Billed">Use that was billed.</param>
internal sealed record BillCheck(StoredChannel Channel, int Days, int KnownDays, double Metered, double MeanOfKnownDays, double Billed)
{
    /// <summary>Beyond it a meter and its bill differ by more than two meters of class 1 or 0.5 with their transformers do.</summary>
    public const double TolerancePercent = 3;

    private const int LongestDays = 400;

    /// <summary>Meter less bill, percent of the bill; NaN when not known.</summary>
    public double DifferencePercent => Billed > 0 ? 100 * (Metered - Billed) / Billed : double.NaN;

    /// <summary>Whether they differ by more than the tolerance; false when not known.</summary>
    public bool IsApart => Math.Abs(DifferencePercent) > TolerancePercent;

    /// <summary>A bill against every counter of its unit in the plant, the one that counts most first: what is billed is what enters the plant. Days run from midnight to midnight of the plant's clock, the last one included.</summary>
    public static IReadOnlyList<BillCheck> Of(IReadingStore store, Plant plant, DateOnly first, DateOnly last, decimal use, string unit)
    {
        int days = last.DayNumber - first.DayNumber + 1;
        if (days is < 1 or > LongestDays)
        {
            return [];
        }

        return [.. store.ChannelsOfPlant(plant.Id).Where(channel => channel.Channel.Kind == ChannelKind.Counter && channel.Channel.Unit == unit)
            .Select(channel => Against(store, plant, channel, first, days, (double)use))
            .OrderByDescending(check => check.MeanOfKnownDays)];
    }

    /// <summary>The meter that a stored bill is held against: the one that counts most in those days; null when the plant has no counter of its unit, or it does not know every day.</summary>
    public static BillCheck? Of(IReadingStore store, Plant plant, UtilityBill bill) =>
        Of(store, plant, bill.FirstDay, bill.LastDay, bill.Use.Amount, bill.Use.Unit) is [{ } main, ..] && double.IsFinite(main.Metered) ? main : null;

    private static BillCheck Against(IReadingStore store, Plant plant, StoredChannel channel, DateOnly first, int days, double use)
    {
        DailyUse daily = DailyUse.Of(store, channel, plant.Zone, first, days);
        int known = 0;
        double total = 0;
        foreach (double value in daily.Values)
        {
            known += double.IsFinite(value) ? 1 : 0;
            total += double.IsFinite(value) ? value : 0;
        }

        // One day that is not known leaves the whole unknown.
        return new(channel, days, known, known == days ? total : double.NaN, known == 0 ? 0 : total / known, use);
    }
}

/// <summary>Use of days in the plant's zone; NaN where it is not known.</summary>
internal sealed record DailyUse(DateOnly First, double[] Values)
{
    /// <summary>Use of a counter, or mean of a gauge, on each of some days.</summary>
    public static DailyUse Of(IReadingStore store, StoredChannel channel, TimeZoneInfo zone, DateOnly first, int days)
    {
        long from = PlantCalendar.StartOfDay(first, zone);
        long to = PlantCalendar.StartOfDay(first.AddDays(days), zone) + 1;
        ReadingColumns columns = store.Read(channel.Gateway, channel.Channel.Id, from, to);
        (IReadOnlyList<long> starts, IReadOnlyList<double> values) = ChannelSeries.Of(columns, IntervalStep.Day, zone);
        double[] daily = new double[days];
        Array.Fill(daily, double.NaN);
        for (int index = 0; index < starts.Count; index++)
        {
            int day = PlantCalendar.DayOf(starts[index], zone).DayNumber - first.DayNumber;
            if (day >= 0 && day < days)
            {
                daily[day] = values[index];
            }
        }

        return new(first, daily);
    }
}
