using System.Globalization;
using System.IO.Compression;
using Metering.Analytics.CountryPacks;
using Metering.Analytics.Tariffs;
using Metering.Tests.Support;

namespace Metering.Tests.Analytics.Tariffs;

/// <summary>The steel plant of 2018, UTC+9 without summer time. The stamps are ends, and 00:00 carries the date of the day it ends.</summary>
internal static class SteelPlant
{
    public const string File = "shared:data/steel_plant_15min_2018.csv.gz";

    public static readonly TimeZoneInfo Zone = TimeZoneInfo.CreateCustomTimeZone("UTC+9", TimeSpan.FromHours(9), "UTC+9", "UTC+9");

    public static MeteredIntervals Read(bool stampsAreStarts = false)
    {
        List<(long Start, double Kwh, double Kvarh)> rows = [];
        using FileStream file = System.IO.File.OpenRead(Repository.SharedFile(File["shared:".Length..])!);
        using StreamReader reader = new(new GZipStream(file, CompressionMode.Decompress));
        reader.ReadLine();
        while (reader.ReadLine() is string line)
        {
            string[] cells = line.Split(',');
            DateTimeOffset stamp = DateTimeOffset.ParseExact(cells[0] + " +09:00", "yyyy-MM-dd HH:mm zzz", CultureInfo.InvariantCulture);
            if (!stampsAreStarts)
            {
                stamp = (stamp.TimeOfDay == TimeSpan.Zero ? stamp.AddDays(1) : stamp).AddMinutes(-15);
            }

            rows.Add((stamp.ToUnixTimeMilliseconds(), Parse(cells[1]), Parse(cells[2])));
        }

        rows.Sort();
        return new MeteredIntervals(
            [.. rows.Select(row => row.Start)], [.. rows.Select(row => row.Kwh)], [.. rows.Select(row => row.Kvarh)], TimeSpan.FromMinutes(15));
    }

    public static TariffCalendar Calendar(bool withHolidays) => TariffCalendar.Read(
        CountryPack.Mexico.Table("cfe-periods"),
        withHolidays ? HolidayCalendar.Read(CountryPack.Mexico.Table("holidays")) : null,
        new TariffCalendarOptions { Zone = Zone });

    private static double Parse(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
