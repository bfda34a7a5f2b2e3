using Metering.Analytics.Intervals;
using Metering.Programme.Records;
using Metering.Readings;
using Metering.Store;

namespace Metering.Cloud.Plants;

/// <summary>A meter held against the sum of the meters it feeds.</summary>
/// <param name="Meter">The meter upstream.</param>
/// <param name="Channel">Its counter.</param>
/// <param name="Fed">Meters it feeds.</param>
/// <param name="OldPercent">Their sum in percent of it, over the days before.</param>
/// <param name="NewPercent">The same over the last days.</param>
/// <param name="FirstDay">First of the last days.</param>
/// <param name="SpreadPercent">Standard deviation of the days before about their mean.</param>
internal sealed record DriftCheck(Programme.Kinds.MeterRecord Meter, StoredChannel Channel, int Fed, double OldPercent, double NewPercent, DateOnly FirstDay, double SpreadPercent)
{
    /// <summary>Last days looked at.</summary>
    public const int NewDays = 7;

    /// <summary>Days before them.</summary>
    public const int OldDays = 28;

    private const int FewestNewDays = 5;
    private const int FewestOldDays = 20;

    // What is fed can never be more than what feeds it, beyond what two good meters may differ.
    private const double MostPercent = 100 + BillCheck.TolerancePercent;
    private const double LeastChangePercent = 5;
    private const double Deviations = 3;

    /// <summary>Whether the parts count more than the whole.</summary>
    public bool IsImpossible => NewPercent > MostPercent;

    /// <summary>Whether the share of the parts has moved by more than 5 points and more than its usual scatter explains.</summary>
    public bool HasMoved => Math.Abs(NewPercent - OldPercent) > Math.Max(LeastChangePercent, Deviations * SpreadPercent / Math.Sqrt(NewDays));

    /// <summary>Every meter of a plant that feeds others, where days enough are known of all of them.</summary>
    public static IReadOnlyList<DriftCheck> Of(IReadingStore store, Plant plant, RegisterSnapshot register, DateTimeOffset now)
    {
        if (!register.All<Programme.Kinds.MeterRecord>().Any(meter => meter.Plant == plant.Id && meter.FedBy is not null))
        {
            return [];
        }

        Dictionary<string, StoredChannel> counters = new(StringComparer.Ordinal);
        foreach ((ChannelName name, Programme.Kinds.MeterRecord meter) in ResourceMeters.MetersByChannel(register, plant.Id))
        {
            if (store.FindChannel(name.Gateway, name.Channel) is { Channel.Kind: ChannelKind.Counter } channel && channel.Plant == plant.Id)
            {
                counters[meter.Id] = channel;
            }
        }

        DateOnly today = PlantCalendar.DayOf(now.ToUnixTimeMilliseconds(), plant.Zone);
        List<DriftCheck> checks = [];
        foreach (IGrouping<string, Programme.Kinds.MeterRecord> fed in register.All<Programme.Kinds.MeterRecord>().Where(meter => meter.Plant == plant.Id && meter.FedBy is not null).GroupBy(meter => meter.FedBy!))
        {
            StoredChannel?[] parts = [.. fed.Select(meter => counters.GetValueOrDefault(meter.Id))];
            if (register.Find<Programme.Kinds.MeterRecord>(fed.Key) is { } upstream && counters.TryGetValue(fed.Key, out StoredChannel? whole)
                && Array.TrueForAll(parts, part => part is not null && part.Channel.Unit == whole.Channel.Unit)
                && Compare(store, plant, upstream, whole, parts!, today) is { } check)
            {
                checks.Add(check);
            }
        }

        return checks;
    }

    private static DriftCheck? Compare(IReadingStore store, Plant plant, Programme.Kinds.MeterRecord meter, StoredChannel whole, StoredChannel[] parts, DateOnly today)
    {
        DateOnly first = today.AddDays(-NewDays - OldDays);
        double[] all = DailyUse.Of(store, whole, plant.Zone, first, NewDays + OldDays).Values;
        double[] sum = new double[all.Length];
        foreach (StoredChannel part in parts)
        {
            double[] own = DailyUse.Of(store, part, plant.Zone, first, NewDays + OldDays).Values;
            for (int day = 0; day < sum.Length; day++)
            {
                sum[day] += own[day]; // a day that one of them does not know is known of none
            }
        }

        (double old, int oldDays, double spread) = Share(sum, all, 0, OldDays);
        (double fresh, int newDays, _) = Share(sum, all, OldDays, all.Length);
        return oldDays >= FewestOldDays && newDays >= FewestNewDays ? new(meter, whole, parts.Length, old, fresh, today.AddDays(-NewDays), spread) : null;
    }

    private static (double Percent, int Days, double Spread) Share(double[] parts, double[] whole, int from, int to)
    {
        double partSum = 0;
        double wholeSum = 0;
        double shares = 0;
        double squares = 0;
        int days = 0;
        for (int day = from; day < to; day++)
        {
            if (double.IsFinite(parts[day]) && whole[day] > 0)
            {
                double share = 100 * parts[day] / whole[day];
                partSum += parts[day];
                wholeSum += whole[day];
                shares += share;
                squares += share * share;
                days++;
            }
        }

        double variance = days > 1 ? Math.Max(0, (squares - (shares * shares / days)) / (days - 1)) : 0;
        return (wholeSum > 0 ? 100 * partSum / wholeSum : double.NaN, days, Math.Sqrt(variance));
    }
}
