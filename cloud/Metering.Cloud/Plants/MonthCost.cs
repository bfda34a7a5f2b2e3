using Metering.Analytics.CountryPacks;
using Metering.Analytics.Intervals;
using Metering.Analytics.Tariffs;
using Metering.Programme.Kinds;
using Metering.Programme.Records;
using Metering.Store;

namespace Metering.Cloud.Plants;

/// <summary>One line of a month's cost.</summary>
/// <param name="Name">The charge.</param>
/// <param name="Quantity">kWh, kW or months.</param>
/// <param name="Unit">Unit of the quantity; empty for a fixed charge.</param>
/// <param name="Rate">MXN per unit; null when the rates do not state it.</param>
/// <param name="Amount">MXN, rounded to cents; null without a rate.</param>
internal sealed record CostLine(Text Name, decimal Quantity, string Unit, decimal? Rate, decimal? Amount);

/// <summary>What a plant's electricity has cost in a month so far, by tariff period, without taxes and power factor.</summary>
internal sealed record MonthCost
{
    private const int HoursPerDay = 24;
    private const int QuartersPerHour = 4;

    /// <summary>First day of the month.</summary>
    public required DateOnly Month { get; init; }

    /// <summary>Last day counted with, inclusive: yesterday.</summary>
    public required DateOnly Through { get; init; }

    /// <summary>Days that are known hour by hour; the others are not in the cost.</summary>
    public required int Days { get; init; }

    /// <summary>The rates.</summary>
    public required ElectricityRates Rates { get; init; }

    /// <summary>The lines; those of a charge without a rate have no amount.</summary>
    public required IReadOnlyList<CostLine> Lines { get; init; }

    /// <summary>Sum of the amounts of the lines, MXN.</summary>
    public decimal Total => Lines.Sum(line => line.Amount ?? 0);

    /// <summary>Days of the month that have passed.</summary>
    public int PossibleDays => Through.DayNumber - Month.DayNumber + 1;

    /// <summary>Whether the rates are those of an earlier month.</summary>
    public bool IsCarried => Rates.Month != Month;

    /// <summary>The cost of the month that yesterday belongs to; null when the plant has no rates of it or of an earlier month.</summary>
    /// <param name="store">The readings.</param>
    /// <param name="plant">The plant.</param>
    /// <param name="channel">The counter of its electricity, in kWh.</param>
    /// <param name="register">The register.</param>
    /// <param name="now">The present.</param>
    public static MonthCost? Of(IReadingStore store, Plant plant, StoredChannel channel, RegisterSnapshot register, DateTimeOffset now)
    {
        DateOnly through = PlantCalendar.DayOf(now.ToUnixTimeMilliseconds(), plant.Zone).AddDays(-1);
        DateOnly month = new(through.Year, through.Month, 1);
        if (channel.Channel.Unit != "kWh" || register.All<ElectricityRates>().Where(one => one.Plant == plant.Id && one.Month <= month).MaxBy(one => one.Month) is not { } rates)
        {
            return null;
        }

        Sums sums = new(rates.Tariff == ElectricityTariff.Gdmth ? Calendar(plant.Zone) : null);
        IntervalReadings hours = Intervals(store, plant, channel, month, through, RollupStep.Hour);
        for (DateOnly day = month; day <= through; day = day.AddDays(1))
        {
            sums.AddDay(hours, PlantCalendar.StartOfDay(day, plant.Zone), PlantCalendar.StartOfDay(day.AddDays(1), plant.Zone));
        }

        sums.AddDemand(Intervals(store, plant, channel, month, through, RollupStep.QuarterHour));
        return new() { Month = month, Through = through, Days = sums.Days, Rates = rates, Lines = LinesOf(rates, sums, through) };
    }

    private static IntervalReadings Intervals(IReadingStore store, Plant plant, StoredChannel channel, DateOnly first, DateOnly last, RollupStep step) => store.ReadIntervals(new()
    {
        Gateway = channel.Gateway,
        Channel = channel.Channel.Id,
        FromUtcMilliseconds = PlantCalendar.StartOfDay(first, plant.Zone),
        ToUtcMilliseconds = PlantCalendar.StartOfDay(last.AddDays(1), plant.Zone),
        Step = step,
        Zone = plant.Zone,
    });

    // The table of hours ends in 2022 and is carried forward; the page says so.
    private static TariffCalendar Calendar(TimeZoneInfo zone) => TariffCalendar.Read(
        CountryPack.Mexico.Table("cfe-periods"), HolidayCalendar.Read(CountryPack.Mexico.Table("holidays")), new() { Zone = zone, CarryLastTableForward = true });

    private static List<CostLine> LinesOf(ElectricityRates rates, Sums sums, DateOnly through)
    {
        List<CostLine> lines = [];
        if (rates.Tariff == ElectricityTariff.Gdmth)
        {
            Add(lines, CostWords.Base, sums.Kwh[(int)TariffPeriod.Base], "kWh", rates.Base);
            Add(lines, CostWords.Intermedia, sums.Kwh[(int)TariffPeriod.Intermedia], "kWh", rates.Intermedia);
            Add(lines, CostWords.Punta, sums.Kwh[(int)TariffPeriod.Punta], "kWh", rates.Punta);
        }
        else
        {
            Add(lines, CostWords.Energy, sums.Kwh[0], "kWh", rates.Energy);
        }

        decimal kwh = sums.Kwh.Sum();
        Add(lines, CostWords.Transmission, kwh, "kWh", rates.Transmission);
        Add(lines, CostWords.GridOperator, kwh, "kWh", rates.GridOperator);
        Add(lines, CostWords.Ancillary, kwh, "kWh", rates.Ancillary);
        if (sums.Days > 0 && CfeRules.At(CountryPack.Mexico.Table("cfe-rules"), rates.Tariff == ElectricityTariff.Gdmth ? CfeTariff.Gdmth : CfeTariff.Gdmto, through) is { IsGiven: true, Value: { } rules })
        {
            decimal capacity = rates.Tariff == ElectricityTariff.Gdmth ? sums.MaximumKw[(int)TariffPeriod.Punta] : sums.MaximumKw.Max();
            Add(lines, CostWords.Capacity, rules.Demand(capacity, kwh, sums.Days).BilledKw, "kW", rates.Capacity);
            Add(lines, CostWords.Distribution, rules.Demand(sums.MaximumKw.Max(), kwh, sums.Days).BilledKw, "kW", rates.Distribution);
        }

        Add(lines, CostWords.Supplier, 1, "", rates.Supplier);
        return lines;
    }

    private static void Add(List<CostLine> lines, Text name, decimal quantity, string unit, decimal? rate) =>
        lines.Add(new(name, quantity, unit, rate, rate is { } price ? decimal.Round(quantity * price, 2, MidpointRounding.AwayFromZero) : null));

    private sealed class Sums(TariffCalendar? calendar)
    {
        private readonly List<(long Start, long End)> days = [];

        public decimal[] Kwh { get; } = new decimal[calendar is null ? 1 : TariffCalendar.PeriodCount];

        public decimal[] MaximumKw { get; } = new decimal[calendar is null ? 1 : TariffCalendar.PeriodCount];

        public int Days => days.Count;

        // Only a day of which every hour was read at both ends: else the energy of a gap could lie in another period.
        public void AddDay(IntervalReadings hours, long start, long end)
        {
            int first = hours.Count == 0 ? -1 : hours.BordersUtcMilliseconds[..hours.Count].BinarySearch(start);
            int count = (int)((end - start) / TimeSpan.FromHours(1).TotalMilliseconds);
            if (first < 0 || count is < HoursPerDay - 1 or > HoursPerDay + 1 || first + count > hours.Count || hours.Code.Slice(first, count).ContainsAnyExcept(IntervalCode.Measured))
            {
                return;
            }

            days.Add((start, end));
            for (int hour = first; hour < first + count; hour++)
            {
                int period = PeriodOf(hours.BordersUtcMilliseconds[hour]);
                decimal kwh = Exact(hours.Value[hour]);
                Kwh[period] += kwh;
                MaximumKw[period] = Math.Max(MaximumKw[period], kwh);
            }
        }

        // Demand is the largest quarter of an hour; where only hours were read, their mean stands, which is no more than that.
        public void AddDemand(IntervalReadings quarters)
        {
            int day = 0;
            for (int index = 0; index < quarters.Count; index++)
            {
                long start = quarters.BordersUtcMilliseconds[index];
                while (day < days.Count && days[day].End <= start)
                {
                    day++;
                }

                if (day < days.Count && start >= days[day].Start && quarters.Code[index] == IntervalCode.Measured)
                {
                    int period = PeriodOf(start);
                    MaximumKw[period] = Math.Max(MaximumKw[period], Exact(quarters.Value[index]) * QuartersPerHour);
                }
            }
        }

        private static decimal Exact(double value) => decimal.Round((decimal)value, 9);

        private int PeriodOf(long start) => calendar is null ? 0 : (int)calendar.At(start);
    }
}
