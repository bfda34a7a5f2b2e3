using Metering.Analytics.CountryPacks;
using Metering.Analytics.Finance;
using Metering.Analytics.Tariffs;
using Metering.Tests.Support;
using Xunit;

namespace Metering.Tests.Analytics.Tariffs;

public sealed class TariffCalendarTests
{
    private static readonly TimeZoneInfo MexicoCity = TimeZoneInfo.FindSystemTimeZoneById("America/Mexico_City");

    private static readonly TariffCalendar Calendar = TariffCalendar.Read(
        CountryPack.Mexico.Table("cfe-periods"),
        HolidayCalendar.Read(CountryPack.Mexico.Table("holidays")),
        new TariffCalendarOptions { Zone = MexicoCity });

    // Local times; summer time was in force in Mexico from 2022-04-03 to 2022-10-30.
    [Theory]
    [InlineData("2022-07-04 05:59 -05:00", TariffPeriod.Base)]
    [InlineData("2022-07-04 06:00 -05:00", TariffPeriod.Intermedia)]
    [InlineData("2022-07-04 19:45 -05:00", TariffPeriod.Intermedia)]
    [InlineData("2022-07-04 20:00 -05:00", TariffPeriod.Punta)]
    [InlineData("2022-07-04 22:00 -05:00", TariffPeriod.Intermedia)]
    [InlineData("2022-07-09 06:45 -05:00", TariffPeriod.Base)]
    [InlineData("2022-07-09 20:00 -05:00", TariffPeriod.Intermedia)]
    [InlineData("2022-07-10 18:45 -05:00", TariffPeriod.Base)]
    [InlineData("2022-07-10 19:00 -05:00", TariffPeriod.Intermedia)]
    [InlineData("2022-04-02 19:00 -06:00", TariffPeriod.Punta)]
    [InlineData("2022-04-03 18:45 -05:00", TariffPeriod.Base)]
    [InlineData("2022-10-29 19:00 -05:00", TariffPeriod.Intermedia)]
    [InlineData("2022-10-30 18:00 -06:00", TariffPeriod.Intermedia)]
    [InlineData("2022-10-31 18:00 -06:00", TariffPeriod.Punta)]
    [InlineData("2022-11-21 18:00 -06:00", TariffPeriod.Intermedia)]
    [InlineData("2022-11-21 10:00 -06:00", TariffPeriod.Base)]
    [InlineData("2022-11-26 21:00 -06:00", TariffPeriod.Intermedia)]
    public void The_period_follows_season_day_and_local_hour(string local, TariffPeriod expected) => Assert.Equal(
        expected,
        Calendar.At(DateTimeOffset.ParseExact(local, "yyyy-MM-dd HH:mm zzz", null).ToUnixTimeMilliseconds()));

    // 2022 has a day of 23 hours in April and one of 25 in October.
    [Fact]
    public void Placing_intervals_by_day_gives_the_period_of_each_instant_when_clocks_change_too()
    {
        long first = DateTimeOffset.ParseExact("2022-01-01 00:00 -06:00", "yyyy-MM-dd HH:mm zzz", null).ToUnixTimeMilliseconds();
        long[] starts = [.. Enumerable.Range(0, 365 * 96).Select(index => first + (index * 900_000L))];
        TariffPeriod[] periods = new TariffPeriod[starts.Length];
        Assert.Null(Calendar.Fill(starts, TimeSpan.FromMinutes(15), periods));
        Assert.Equal(starts.Select(Calendar.At), periods);
    }

    [Fact]
    public void Days_after_the_last_table_are_refused_unless_it_is_carried_forward_and_said_so()
    {
        DateOnly day = new(2025, 7, 7);
        Assert.Contains("2025-07-07", Calendar.Refusal(day, day), StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => Calendar.At(1_751_900_000_000));

        TariffCalendar carried = TariffCalendar.Read(
            CountryPack.Mexico.Table("cfe-periods"), null, new TariffCalendarOptions { Zone = MexicoCity, CarryLastTableForward = true });
        Assert.Null(carried.Refusal(day, day));
        Assert.Contains(carried.Notes(day, day), note => note.Contains("carried forward", StringComparison.Ordinal));
        Assert.NotNull(carried.Refusal(new DateOnly(2017, 12, 31), day));
    }

    [Fact]
    public void A_table_from_memory_says_so() =>
        Assert.Contains(Calendar.Notes(new DateOnly(2019, 1, 1), new DateOnly(2019, 1, 2)), note => note.Contains("from memory", StringComparison.Ordinal));

    [Theory]
    [InlineData("hours,winter,sunday-holiday,base,00:00,18:00", "hours,winter,sunday-holiday,base,00:00,17:00", "without a period")]
    [InlineData("hours,winter,sunday-holiday,base,00:00,18:00", "hours,winter,sunday-holiday,base,00:00,19:00", "have a period already")]
    [InlineData("season,summer,,,,,4,sunday,1", "season,winter,,,,,4,sunday,1", "when summer and winter begin")]
    [InlineData("season,summer,,,,,4,sunday,1", "season,summer,,,,,4,sunday,5", "fifth weekday")]
    public void A_table_with_holes_or_overlaps_is_refused(string from, string to, string reason)
    {
        string text = File.ReadAllText(Repository.Path("cloud", "country-packs", "mx", "cfe-periods.csv"));
        Assert.Contains(from, text, StringComparison.Ordinal);
        PackTable changed = CountryPack.Read(new Dictionary<string, string> { ["p.csv"] = text.Replace(from, to, StringComparison.Ordinal) }).Table("p");
        ArgumentException fault = Assert.Throws<ArgumentException>(
            () => TariffCalendar.Read(changed, null, new TariffCalendarOptions { Zone = MexicoCity }));
        Assert.Contains(reason, fault.Message, StringComparison.Ordinal);
    }

    // Sums by a Python script over the same file with the same hours, in which holidays count as Sundays or do not.
    // Stamps misread as starts put 8.2 % more into punta: the label of an interval is part of its value.
    [NeedsTheory(SteelPlant.File)]
    [InlineData(false, false, "73744.58", "779087.01", "106805.12")]
    [InlineData(true, false, "82841.20", "772370.33", "104425.18")]
    [InlineData(false, true, "75056.19", "768995.25", "115585.27")]
    public void A_year_of_the_steel_plant_is_divided_exactly(
        bool withHolidays, bool stampsAreStarts, string inBase, string inIntermedia, string inPunta)
    {
        Answer<BillMeasurement> year = BillMeasurement.Measure(
            SteelPlant.Read(stampsAreStarts), SteelPlant.Calendar(withHolidays), CfeTariff.Gdmth, new DateOnly(2018, 1, 1), new DateOnly(2018, 12, 31));
        Assert.Equal([Number(inBase), Number(inIntermedia), Number(inPunta)], year.Value!.KwhByPeriod);
        Assert.Equal(959_636.71m, year.Value.Kwh);
    }

    private static decimal Number(string text) => decimal.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}
