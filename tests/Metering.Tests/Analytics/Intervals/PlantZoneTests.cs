using Metering.Analytics.Intervals;
using Xunit;

namespace Metering.Tests.Analytics.Intervals;

/// <summary>
/// Borders in Mexico City around 2022-10-30, when daylight saving ended for good. The rule comes from the time zone database
/// of the machine; a machine whose database is older than October 2022 fails here and must be brought up to date.
/// </summary>
public class PlantZoneTests
{
    private const long Hour = 3_600_000;
    private static readonly TimeZoneInfo Mexico = TimeZoneInfo.FindSystemTimeZoneById("America/Mexico_City");

    [Theory]
    [InlineData(2022, 4, 2, 24)]
    [InlineData(2022, 4, 3, 23)]
    [InlineData(2022, 10, 29, 24)]
    [InlineData(2022, 10, 30, 25)]
    [InlineData(2022, 10, 31, 24)]
    [InlineData(2023, 4, 2, 24)]
    [InlineData(2023, 10, 29, 24)]
    [InlineData(2025, 4, 6, 24)]
    [InlineData(2025, 10, 26, 24)]
    public void A_day_has_the_hours_that_the_law_of_its_date_gave_it(int year, int month, int day, int hours)
    {
        DateOnly date = new(year, month, day);
        Assert.Equal(hours * Hour, PlantCalendar.StartOfDay(date.AddDays(1), Mexico) - PlantCalendar.StartOfDay(date, Mexico));
    }

    [Theory]
    [InlineData(2022, 10, 1, -5)]
    [InlineData(2022, 11, 1, -6)]
    [InlineData(2023, 7, 1, -6)]
    public void Midnight_has_the_offset_of_its_date(int year, int month, int day, int offset)
    {
        DateTimeOffset midnight = new(year, month, day, 0, 0, 0, TimeSpan.FromHours(offset));
        Assert.Equal(midnight.ToUnixTimeMilliseconds(), PlantCalendar.StartOfDay(new DateOnly(year, month, day), Mexico));
    }

    [Theory]
    [InlineData(900_000)]
    [InlineData(420_000)]
    public void Quarter_hours_hours_days_and_months_add_up_to_the_register(long spacing)
    {
        long first = PlantCalendar.StartOfDay(new DateOnly(2022, 1, 1), Mexico);
        long last = PlantCalendar.StartOfDay(new DateOnly(2024, 1, 1), Mexico);
        Random random = new(20221030);
        List<long> time = [];
        List<long> register = [];
        long value = 123_456;
        for (long at = first; at < last; at += spacing)
        {
            time.Add(at);
            register.Add(value);
            value += random.Next(0, 50);
        }

        time.Add(last);
        register.Add(value);
        foreach (IntervalStep step in new[] { IntervalStep.QuarterHour, IntervalStep.Hour, IntervalStep.Day, IntervalStep.Month })
        {
            IntervalSeries series = IntervalBuilder.FromCounter(time.ToArray(), register.ToArray(), [], new() { Step = step, Zone = Mexico });
            Assert.Equal(register[^1] - register[0], series.KnownScaled.Sum());
            Assert.All(series.Code, code => Assert.Equal(IntervalCode.Measured, code));
        }

        IntervalSeries months = IntervalBuilder.FromCounter(time.ToArray(), register.ToArray(), [], new() { Step = IntervalStep.Month, Zone = Mexico });
        IntervalSeries days = IntervalBuilder.FromCounter(time.ToArray(), register.ToArray(), [], new() { Step = IntervalStep.Day, Zone = Mexico });
        Assert.Equal(24, months.Value.Count);
        Assert.Equal(730, days.Value.Count);
        for (int month = 0; month < 24; month++)
        {
            long from = months.StartUtcMilliseconds[month];
            long to = month == 23 ? months.EndUtcMilliseconds : months.StartUtcMilliseconds[month + 1];
            long ofDays = days.KnownScaled.Where((_, day) => days.StartUtcMilliseconds[day] >= from && days.StartUtcMilliseconds[day] < to).Sum();
            Assert.Equal(ofDays, months.KnownScaled[month]);
        }
    }
}
