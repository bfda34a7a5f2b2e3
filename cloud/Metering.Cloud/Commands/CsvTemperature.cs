using Metering.Analytics.CalTrack;

namespace Metering.Cloud.Commands;

/// <summary>Reads a file of outdoor temperatures: a column of times and a column of numbers, found by their names or their places.</summary>
internal static class CsvTemperature
{
    /// <summary>The series with its unit from the option or, failing that, from the end of the column's name.</summary>
    /// <exception cref="CsvException">The file cannot be read, or its unit is not known.</exception>
    public static TemperatureSeries Read(string path, TimeZoneInfo zone, bool? isFahrenheit)
    {
        using CsvReader reader = CsvReader.Open(path);
        if (reader.Columns.Count < 2)
        {
            throw new CsvException("{0}(1,1): las temperaturas necesitan dos columnas, la hora y el valor.", $"{Path.GetFileName(path)}(1,1): temperatures need two columns, the time and the value.");
        }

        int valueIndex = ValueColumn(reader);
        int timeIndex = valueIndex == 0 ? 1 : 0;
        TemperatureUnit unit = Unit(reader.Columns[valueIndex], isFahrenheit, path);
        CsvTime clock = new(zone);
        List<long> times = [];
        List<double> values = [];
        while (reader.Read())
        {
            times.Add(clock.Read(reader, timeIndex));
            values.Add(CsvNumber.Read(reader, valueIndex));
        }

        return new TemperatureSeries { UtcMilliseconds = times, Values = values, Unit = unit };
    }

    private static int ValueColumn(CsvReader reader)
    {
        for (int i = 0; i < reader.Columns.Count; i++)
        {
            if (reader.Columns[i].StartsWith("temp", StringComparison.OrdinalIgnoreCase))
            {
                return i;
            }
        }

        return 1;
    }

    private static TemperatureUnit Unit(string column, bool? isFahrenheit, string path)
    {
        if (isFahrenheit is { } given)
        {
            return given ? TemperatureUnit.Fahrenheit : TemperatureUnit.Celsius;
        }

        string name = column.TrimEnd(')', ']').ToUpperInvariant();
        bool fahrenheit = name.EndsWith("_F", StringComparison.Ordinal) || name.EndsWith("TEMPF", StringComparison.Ordinal) || name.EndsWith("°F", StringComparison.Ordinal)
            || name.EndsWith("DEGF", StringComparison.Ordinal) || name.EndsWith("FAHRENHEIT", StringComparison.Ordinal);
        bool celsius = name.EndsWith("_C", StringComparison.Ordinal) || name.EndsWith("TEMPC", StringComparison.Ordinal) || name.EndsWith("°C", StringComparison.Ordinal)
            || name.EndsWith("DEGC", StringComparison.Ordinal) || name.EndsWith("CELSIUS", StringComparison.Ordinal);
        return fahrenheit ? TemperatureUnit.Fahrenheit
            : celsius ? TemperatureUnit.Celsius
            : throw new CsvException("{0}: la columna «{1}» no dice si tiene grados Celsius o Fahrenheit. Nómbrela temp_c o temp_f, o dé --temperature-unit C o F.", $"{Path.GetFileName(path)}: the column '{column}' does not say whether it holds degrees Celsius or Fahrenheit. Name it temp_c or temp_f, or give --temperature-unit C or F.");
    }
}
