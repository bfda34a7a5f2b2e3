using Metering.FirmwareSim.Plants;
using Xunit;
using MexicanCalendar = Metering.FirmwareSim.Plants.MexicanCalendar;

namespace Metering.Tests.FirmwareSim;

public sealed class CalendarTests
{
    [Theory]
    [InlineData("2025-01-01", true)]
    [InlineData("2025-02-03", true)] // first Monday of February
    [InlineData("2025-02-05", false)] // the date it stands for
    [InlineData("2025-03-17", true)] // third Monday of March
    [InlineData("2025-05-01", true)]
    [InlineData("2025-09-16", true)]
    [InlineData("2024-10-01", true)] // a president takes office
    [InlineData("2025-10-01", false)]
    [InlineData("2030-10-01", true)]
    [InlineData("2025-11-17", true)] // third Monday of November
    [InlineData("2026-11-16", true)]
    [InlineData("2025-12-25", true)]
    [InlineData("2025-12-12", false)] // custom, not law
    [InlineData("2026-02-02", true)]
    [InlineData("2026-03-16", true)]
    public void Statutory_holidays_follow_the_labour_law(string day, bool isHoliday) =>
        Assert.Equal(isHoliday, MexicanCalendar.IsStatutoryHoliday(DateOnly.Parse(day)));

    [Theory]
    [InlineData(2023, "2023-04-09")]
    [InlineData(2024, "2024-03-31")]
    [InlineData(2025, "2025-04-20")]
    [InlineData(2026, "2026-04-05")]
    [InlineData(2027, "2027-03-28")]
    [InlineData(2038, "2038-04-25")]
    public void Easter_falls_on_its_published_Sundays(int year, string sunday) =>
        Assert.Equal(DateOnly.Parse(sunday), MexicanCalendar.EasterSunday(year));

    [Fact]
    public void A_workday_is_Monday_to_Saturday_without_holidays()
    {
        Assert.True(MexicanCalendar.IsWorkday(new DateOnly(2026, 5, 2)));
        Assert.False(MexicanCalendar.IsWorkday(new DateOnly(2026, 5, 3)));
        Assert.False(MexicanCalendar.IsWorkday(new DateOnly(2026, 5, 1)));
    }

    [Fact]
    public void A_tannery_stands_still_on_Sundays_holidays_in_Holy_Week_and_at_the_end_of_the_year()
    {
        PlantModel plant = PlantFixture.Plant("leon-tannery");
        for (DateOnly day = PlantFixture.TwoYears.From; day < PlantFixture.TwoYears.Until; day = day.AddDays(1))
        {
            long made = plant.Counter(FieldChannel.Production).TrueSteps(PlantFixture.Offset(plant, day.AddDays(1)))
                - plant.Counter(FieldChannel.Production).TrueSteps(PlantFixture.Offset(plant, day));
            bool isIdle = !MexicanCalendar.IsWorkday(day) || MexicanCalendar.IsHolyWeek(day) || MexicanCalendar.IsYearEnd(day);
            Assert.True(isIdle ? made == 0 : made > 150, $"{day:yyyy-MM-dd}: {made} hides");
        }
    }

    [Fact]
    public void The_default_history_is_two_years_up_to_the_last_midnight_of_the_plants()
    {
        // 05:59 UTC is still the evening before in Mexico.
        Assert.Equal(new DateOnly(2026, 11, 19), SimulationWindow.LastMidnight(new DateTimeOffset(2026, 11, 20, 5, 59, 0, TimeSpan.Zero)));
        Assert.Equal(new DateOnly(2026, 11, 20), SimulationWindow.LastMidnight(new DateTimeOffset(2026, 11, 20, 6, 0, 0, TimeSpan.Zero)));
    }

    [Theory]
    [InlineData("2026-01-01", "2026-01-10")]
    [InlineData("2026-01-10", "2026-01-01")]
    [InlineData("2022-10-01", "2024-10-01")]
    public void A_history_too_short_or_too_early_is_refused(string from, string until) =>
        Assert.Throws<ArgumentException>(() => new SimulationWindow(DateOnly.Parse(from), DateOnly.Parse(until)));

    [Theory]
    [InlineData("2024-11-20", "2026-11-20")]
    [InlineData("2024-11-01", "2026-11-01")]
    [InlineData("2024-02-29", "2026-02-28")]
    [InlineData("2024-12-31", "2026-12-31")]
    [InlineData("2026-05-01", "2026-06-01")]
    public void Periods_follow_each_other_and_leave_the_last_day_out(string from, string until)
    {
        SimulationWindow window = new(DateOnly.Parse(from), DateOnly.Parse(until));
        foreach (int months in new[] { 12, 13 })
        {
            ProjectPeriods periods = ProjectPeriods.Of(window, months);
            Assert.Equal(window.From, periods.Baseline.First);
            Assert.Equal(periods.Baseline.Last.AddDays(1), periods.Installation.First);
            Assert.Equal(periods.Installation.Last.AddDays(1), periods.Reporting.First);
            Assert.True(periods.Reporting.Last <= window.Until.AddDays(-2));
            Assert.True(periods.Reporting.First < periods.Reporting.Last);
            if (window.HistoryDays > 600)
            {
                Assert.True(periods.Reporting.Last.DayNumber - periods.Reporting.First.DayNumber > 240);
                Assert.InRange(periods.Baseline.Last.DayNumber - periods.Baseline.First.DayNumber, 330, 400);
            }
        }
    }
}
