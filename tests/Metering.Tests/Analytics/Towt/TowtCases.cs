using System.Globalization;
using Metering.Analytics.Baselines;

namespace Metering.Tests.Analytics.Towt;

/// <summary>Rows of the reference folders, and rows made up from a seed.</summary>
internal static class TowtCases
{
    public const long Hour = TimeSpan.MillisecondsPerHour;
    public const long Day = TimeSpan.MillisecondsPerDay;

    public static long Instant(string text) =>
        DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal).ToUnixTimeMilliseconds();

    public static double Number(string text) => text.Length == 0 ? double.NaN : double.Parse(text, CultureInfo.InvariantCulture);

    public static string Text(IEnumerable<Reason> reasons) => string.Join(" | ", reasons.Select(reason => $"{reason.Kind}: {reason.Detail}"));

    /// <summary>A meter and its temperature, joined by the start of the hour.</summary>
    public static ModelTable Hourly(string meter, string temperature)
    {
        Dictionary<long, double> degrees = ReferenceFiles.ReadCsv(temperature)[1..].ToDictionary(row => Instant(row[0]), row => Number(row[1]));
        string[][] rows = ReferenceFiles.ReadCsv(meter)[1..];
        long[] start = [.. rows.Select(row => Instant(row[0]))];
        List<int> kept = [];
        for (int i = 0; i < rows.Length; i++)
        {
            // The end of the baseline and the start of the reporting period may be one instant; the empty one marks an end.
            if (rows[i][1].Length > 0)
            {
                kept.Add(i);
            }
        }

        return new ModelTable
        {
            StartUtcMilliseconds = [.. kept.Select(i => start[i])],
            Use = [.. kept.Select(i => Number(rows[i][1]))],
            Drivers = [new Driver("temperature", [.. kept.Select(i => degrees.GetValueOrDefault(start[i], double.NaN))])],
        };
    }

    /// <summary>
    /// Two years of hours with the week of a plant, a bent answer to temperature and production. From the second year on, use is
    /// lower by the given share.
    /// </summary>
    public static ModelTable Plant(int seed, double saving = 0, int hours = 2 * 8760)
    {
        Random random = new(seed);
        long first = Instant("2023-01-01T06:00Z");
        long[] start = new long[hours];
        double[] use = new double[hours];
        double[] temperature = new double[hours];
        double[] production = new double[hours];
        double[] shift = new double[hours];
        double noise = 0;
        double weather = 0;
        for (int i = 0; i < hours; i++)
        {
            start[i] = first + (i * Hour);
            double day = i / 24.0;
            weather = (0.98 * weather) + random.NextDouble() - 0.5;
            temperature[i] = 18 - (6 * Math.Cos(2 * Math.PI * day / 365)) - (6 * Math.Cos(2 * Math.PI * (day - 0.1))) + weather;
            bool works = i / 24 % 7 is not (5 or 6) && i % 24 is >= 6 and < 20;
            shift[i] = (i / 24 / 7 % 3) + 1;
            production[i] = works ? 20 + (10 * random.NextDouble()) : 0;
            noise = (0.5 * noise) + random.NextDouble() - 0.5;
            double expected = 40 + (works ? 60 : 0) + (i % 24) + (1.5 * Math.Max(temperature[i] - 18.3, 0)) + (2 * production[i]) + (5 * shift[i]);
            use[i] = (expected * (i < 8760 ? 1 : 1 - saving)) + (4 * noise);
        }

        return new ModelTable
        {
            StartUtcMilliseconds = start,
            Use = use,
            Drivers = [new Driver("temperature", temperature), new Driver("production", production), new Driver("shift", shift)],
        };
    }
}
