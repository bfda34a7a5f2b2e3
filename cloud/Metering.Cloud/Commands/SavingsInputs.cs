using Metering.Analytics.Baselines;
using Metering.Analytics.CalTrack;
using Metering.Analytics.Intervals;

namespace Metering.Cloud.Commands;

/// <summary>Reads what a request names: the rows with their drivers, and the temperatures.</summary>
internal sealed class SavingsInputs
{
    /// <summary>Name of the driver made of the temperature file.</summary>
    public const string TemperatureName = "temperature";

    /// <summary>Name of the driver made of the holidays.</summary>
    public const string HolidayName = "holiday";

    private SavingsInputs(ModelTable table, TemperatureSeries? temperatures, IReadOnlySet<DateOnly> holidays)
    {
        Table = table;
        Temperatures = temperatures;
        Holidays = holidays;
    }

    /// <summary>Rows with all drivers.</summary>
    public ModelTable Table { get; }

    /// <summary>Temperatures; null without a file.</summary>
    public TemperatureSeries? Temperatures { get; }

    /// <summary>Statutory holidays of the years in the table.</summary>
    public IReadOnlySet<DateOnly> Holidays { get; }

    /// <exception cref="CsvException">A file cannot be read.</exception>
    public static SavingsInputs Read(SavingsRequest request)
    {
        bool ownDrivers = request.Model is ModelKind.Auto or ModelKind.Ols or ModelKind.ChangePoint or ModelKind.TowtHourly or ModelKind.TowtDaily;
        IReadOnlyList<string> names = !ownDrivers ? [] : request.Drivers ?? CsvColumns.NumericNames(request.Path, request.Time, request.Use);
        ModelTable table = CsvColumns.ReadTable(request.Path, request.Time, request.Use, names, request.Zone);
        TemperatureSeries? temperatures = request.TemperaturePath is { } path ? CsvTemperature.Read(path, request.Zone, request.IsFahrenheit) : null;
        HashSet<DateOnly> holidays = request.Holidays is null ? [] : Days(table, request.Zone);
        if (temperatures is not null)
        {
            bool hourly = request.Model is ModelKind.CalTrackHourly;
            table = With(table, TemperatureName, RowTemperature.Of(table.StartUtcMilliseconds, temperatures, hourly));
        }

        if (request.Segments is { } segments)
        {
            table = table with { Drivers = [.. table.Drivers.Where(driver => !string.Equals(driver.Name, segments, StringComparison.Ordinal)), .. Segments(request, segments)] };
        }

        if (request.Holidays is not null && request.Model is ModelKind.Auto or ModelKind.Ols or ModelKind.ChangePoint)
        {
            table = With(table, HolidayName, [.. table.StartUtcMilliseconds.Select(start => holidays.Contains(PlantCalendar.DayOf(start, request.Zone)) ? 1.0 : 0.0)]);
        }

        DriverRole role = request.Fuel == Fuel.Gas ? DriverRole.HeatingTemperature : DriverRole.Temperature;
        table = table with
        {
            Drivers = [.. table.Drivers.Select(driver => driver.Name.StartsWith("temp", StringComparison.OrdinalIgnoreCase) && request.Fuel != Fuel.Water ? driver with { Role = role } : driver)],
        };
        return new SavingsInputs(table, temperatures, holidays);
    }

    private static IReadOnlyList<Driver> Segments(SavingsRequest request, string column)
    {
        IReadOnlyList<string> codes = CsvColumns.ReadTexts(request.Path, column);
        int different = codes.Where(code => code.Length > 0).Distinct(StringComparer.Ordinal).Count();
        return different is < 2 or > Driver.MaximumSegments
            ? throw new CsvException("{0}: la columna «{1}» tiene {2} códigos distintos; --segments necesita de 2 a {3}. Nombre una columna de códigos, como el turno.", $"{Path.GetFileName(request.Path)}: the column '{column}' has {different} different codes; --segments needs 2 to {Driver.MaximumSegments}. Name a column of codes, such as a shift.")
            : Driver.Segments(column, codes);
    }

    private static ModelTable With(ModelTable table, string name, double[] values) =>
        table with { Drivers = [.. table.Drivers, new Driver(name, values)] };

    private static HashSet<DateOnly> Days(ModelTable table, TimeZoneInfo zone)
    {
        HashSet<DateOnly> holidays = [];
        foreach (long start in table.StartUtcMilliseconds)
        {
            DateOnly day = PlantCalendar.DayOf(start, zone);
            if (MexicanCalendar.IsStatutoryHoliday(day))
            {
                holidays.Add(day);
            }
        }

        return holidays;
    }
}

/// <summary>Mean temperature of each row of a table.</summary>
internal static class RowTemperature
{
    private const double LongestRowDays = 70;

    /// <summary>
    /// One mean per row, from its start to the next row's, in the unit of the series; NaN where more than half of the row's hours
    /// have no temperature. Rows after a gap are taken as long as the usual row.
    /// </summary>
    /// <param name="starts">Starts of the rows.</param>
    /// <param name="series">Temperatures.</param>
    /// <param name="onlySameHour">Take the hour of the start alone, without filling gaps.</param>
    public static double[] Of(IReadOnlyList<long> starts, TemperatureSeries series, bool onlySameHour)
    {
        double[] means = new double[starts.Count];
        Array.Fill(means, double.NaN);
        if (onlySameHour)
        {
            Dictionary<long, double> hours = [];
            for (int i = 0; i < series.UtcMilliseconds.Count; i++)
            {
                hours[series.UtcMilliseconds[i] / TimeSpan.MillisecondsPerHour] = series.Values[i];
            }

            for (int i = 0; i < means.Length; i++)
            {
                means[i] = hours.GetValueOrDefault(starts[i] / TimeSpan.MillisecondsPerHour, double.NaN);
            }

            return means;
        }

        if (Weather.From(series).Weather is not { } weather || starts.Count == 0)
        {
            return means;
        }

        long usual = Usual(starts);
        for (int i = 0; i < means.Length; i++)
        {
            long next = i + 1 < starts.Count ? starts[i + 1] - starts[i] : usual;
            long length = next > 0 && next <= usual + (usual / 2) ? next : usual;
            double fahrenheit = weather.MeanFahrenheit(new Period(starts[i], starts[i] + length));
            means[i] = series.Unit == TemperatureUnit.Fahrenheit ? fahrenheit : Temperature.ToCelsius(fahrenheit);
        }

        return means;
    }

    private static long Usual(IReadOnlyList<long> starts)
    {
        long[] spacings = [.. starts.Zip(starts.Skip(1), (left, right) => right - left).Where(spacing => spacing > 0).Order()];
        return spacings.Length == 0 ? TimeSpan.MillisecondsPerDay : Math.Min(spacings[spacings.Length / 2], (long)(LongestRowDays * TimeSpan.MillisecondsPerDay));
    }
}
