using Metering.Analytics.Intervals;

namespace Metering.Cloud.Pages;

/// <summary>The tables of a project for spreadsheets.</summary>
internal static class ProjectCsv
{
    /// <summary>A line a day: use, model, saving, interval, drivers, state of the data.</summary>
    public static string Daily(ProjectResult result)
    {
        Csv csv = new();
        TimeZoneInfo zone = result.Project.Plant.Zone;
        _ = csv.Text("start_utc").Text("start_local").Text("period").Text("data")
            .Text($"use [{result.Unit}]").Text($"adjusted_baseline [{result.Unit}]").Text($"difference [{result.Unit}]").Text($"half_width [{result.Unit}]");
        for (int driver = 0; driver < result.Project.Drivers.Count; driver++)
        {
            _ = csv.Text($"{result.Project.Drivers[driver].Id} [{result.DriverUnits[driver]}]");
        }

        csv.Line();
        foreach (ProjectDay day in result.Days)
        {
            _ = csv.Instant(PlantCalendar.StartOfDay(day.Day, zone), zone).Text(PhaseName(day.Phase)).Text(StateName(day.State))
                .Number(day.Use).Number(day.Baseline).Number(day.Saving).Number(day.HalfWidth);
            foreach (double driver in day.Drivers)
            {
                _ = csv.Number(driver);
            }

            csv.Line();
        }

        return csv.ToString();
    }

    /// <summary>A line a month of the reporting period.</summary>
    public static string Monthly(ProjectResult result)
    {
        Csv csv = new();
        TimeZoneInfo zone = result.Project.Plant.Zone;
        _ = csv.Text("start_utc").Text("start_local").Text($"use [{result.Unit}]").Text($"adjusted_baseline [{result.Unit}]")
            .Text($"saving [{result.Unit}]").Text($"half_width [{result.Unit}]").Text("days_counted").Text("days_possible");
        csv.Line();
        foreach (MonthRow month in result.Months)
        {
            _ = csv.Instant(PlantCalendar.StartOfDay(new(month.Year, month.Month, 1), zone), zone)
                .Number(month.Metered).Number(month.Baseline).Number(month.Saving).Number(month.HalfWidth)
                .Number(month.Days).Number(month.PossibleDays);
            csv.Line();
        }

        return csv.ToString();
    }

    /// <summary>The word for a period in files.</summary>
    public static string PhaseName(DayPhase phase) => phase switch
    {
        DayPhase.Baseline => "baseline",
        DayPhase.Installation => "installation",
        DayPhase.Reporting => "reporting",
        _ => "outside",
    };

    /// <summary>The word for the state of a day in files.</summary>
    public static string StateName(DayState state) => state switch
    {
        DayState.Measured => "measured",
        DayState.Allocated => "allocated",
        DayState.DriverMissing => "driver-missing",
        DayState.Missing => "missing",
        DayState.Excluded => "excluded",
        _ => "ahead",
    };
}
