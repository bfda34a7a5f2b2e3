using Metering.Analytics.CountryPacks;
using Metering.Analytics.Tariffs;

namespace Metering.Tests.Analytics.Tariffs;

/// <summary>Plants in Mexico City (UTC-6 in January 2018) with even use from Tuesday 2018-01-02 on.</summary>
internal static class SavingFixture
{
    public static readonly TariffCalendar Calendar = TariffCalendar.Read(
        CountryPack.Mexico.Table("cfe-periods"),
        HolidayCalendar.Read(CountryPack.Mexico.Table("holidays")),
        new TariffCalendarOptions { Zone = TimeZoneInfo.FindSystemTimeZoneById("America/Mexico_City") });

    public static (long[] Starts, double[] Kwh) Constant(int count, TimeSpan step, double kwh)
    {
        DateTimeOffset first = new(2018, 1, 2, 0, 0, 0, TimeSpan.FromHours(-6));
        long[] starts = [.. Enumerable.Range(0, count).Select(index => (first + (index * step)).ToUnixTimeMilliseconds())];
        double[] values = new double[count];
        Array.Fill(values, kwh);
        return (starts, values);
    }
}
