using Metering.Analytics.CountryPacks;
using Xunit;

namespace Metering.Tests.Analytics.CountryPacks;

public sealed class HolidayCalendarTests
{
    private static readonly HolidayCalendar Mexico = HolidayCalendar.Read(CountryPack.Mexico.Table("holidays"));

    // Statutory days of rest as printed in calendars of those years; 2018 and 2024 changed the federal executive.
    [Theory]
    [InlineData(2018, "01-01 02-05 03-19 05-01 09-16 11-19 12-01 12-25")]
    [InlineData(2019, "01-01 02-04 03-18 05-01 09-16 11-18 12-25")]
    [InlineData(2024, "01-01 02-05 03-18 05-01 09-16 10-01 11-18 12-25")]
    [InlineData(2025, "01-01 02-03 03-17 05-01 09-16 11-17 12-25")]
    public void The_statutory_holidays_of_a_year_follow_from_the_rules(int year, string expected)
    {
        IReadOnlyList<DateOnly> days = Mexico.Between(new DateOnly(year, 1, 1), new DateOnly(year, 12, 31));
        Assert.Equal(expected, string.Join(' ', days.Select(day => $"{day:MM-dd}")));
    }

    [Fact]
    public void A_day_before_all_rules_is_refused_instead_of_being_an_ordinary_day() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Mexico.IsHoliday(new DateOnly(2000, 1, 1)));

    [Fact]
    public void The_last_weekday_of_a_month_counts_from_its_end()
    {
        HolidayCalendar calendar = HolidayCalendar.Read(CountryPack.Read(new Dictionary<string, string>
        {
            ["h.csv"] = "id,value,unit,valid_from,valid_to,source,confidence,note,kind,month,day,weekday,ordinal,every_years,from_year\n"
                + "x,,,2020-01-01,,book,read,,nth-weekday,5,,monday,-1,,\n",
        }).Table("h"));
        Assert.Equal([new DateOnly(2024, 5, 27)], calendar.Between(new DateOnly(2024, 1, 1), new DateOnly(2024, 12, 31)));
    }
}
