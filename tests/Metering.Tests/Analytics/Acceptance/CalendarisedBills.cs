using System.Globalization;
using Metering.Analytics.Baselines;
using Metering.Analytics.Intervals;
using Metering.Tests.Support;

namespace Metering.Tests.Analytics.Acceptance;

/// <summary>Bills spread evenly over the days after the reading before, up to and with the day of their own reading.</summary>
internal static class CalendarisedBills
{
    private const int Months = 12;

    public static double[] Year(string file, string meter, int year)
    {
        double[] use = new double[Months];
        DateOnly before = default;
        foreach (string[] row in Rows(file)[1..].Where(row => row[0] == meter))
        {
            DateOnly read = new(Integer(row[3]), Integer(row[4]), Integer(row[5]));
            if (before != default)
            {
                double perDay = double.Parse(row[6], CultureInfo.InvariantCulture) / (read.DayNumber - before.DayNumber);
                for (DateOnly day = before.AddDays(1); day <= read; day = day.AddDays(1))
                {
                    use[day.Month - 1] += day.Year == year ? perDay : 0;
                }
            }

            before = read;
        }

        return use;
    }

    public static ModelTable Table(string predictors, int year, double[] use, string[] drivers)
    {
        string[][] rows = Rows(predictors);
        string[][] chosen = [.. rows[1..].Where(row => Integer(row[0]) == year).OrderBy(row => Integer(row[1]))];
        return new ModelTable
        {
            StartUtcMilliseconds = [.. Enumerable.Range(1, Months).Select(month => PlantCalendar.StartOfDay(new DateOnly(year, month, 1), TimeZoneInfo.Utc))],
            Use = use,
            Drivers = [.. drivers.Select(name => new Driver(
                name, [.. chosen.Select(row => double.Parse(row[Array.IndexOf(rows[0], name)], CultureInfo.InvariantCulture))]))],
        };
    }

    private static int Integer(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    private static string[][] Rows(string file) =>
        [.. File.ReadLines(Repository.SharedFile(file)!).Where(line => line.Length > 0).Select(line => line.Split(','))];
}
