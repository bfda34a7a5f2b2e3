using Metering.Analytics.CountryPacks;
using Xunit;

namespace Metering.Tests.Pages;

/// <summary>The holiday rule of the projects against the rows of the country pack.</summary>
public sealed class ReferenceDataHolidayTests
{
    [Fact]
    public void The_projects_and_the_pack_agree_from_2006_to_2034()
    {
        HolidayCalendar pack = HolidayCalendar.Read(CountryPack.Mexico.Table("holidays"));
        List<DateOnly> apart = [];
        for (DateOnly day = new(2006, 2, 1); day.Year <= 2034; day = day.AddDays(1))
        {
            if (pack.IsHoliday(day) != MexicanCalendar.IsStatutoryHoliday(day))
            {
                apart.Add(day);
            }
        }

        Assert.Empty(apart);
    }

    [Fact]
    public void The_projects_know_days_of_rest_before_the_first_row_of_the_pack()
    {
        DateOnly day = new(2006, 1, 1);
        Assert.False(HolidayCalendar.Read(CountryPack.Mexico.Table("holidays")).Covers(day));
        Assert.True(MexicanCalendar.IsStatutoryHoliday(day));
    }
}
