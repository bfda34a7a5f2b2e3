using System.Globalization;
using Metering.Analytics.CountryPacks;

namespace Metering.Analytics.Finance;

/// <summary>What to do when a series has no row for the day asked.</summary>
public enum MissingDayPolicy
{
    /// <summary>Refuse.</summary>
    Refuse = 0,

    /// <summary>
    /// Take the nearest earlier row, at most <see cref="DatedSeries.MaximumDaysBack"/> days back: weekends and holidays have
    /// no fixing.
    /// </summary>
    PreviousBusinessDay = 1,
}

/// <summary>A value of a series and the row it was taken from, to be frozen in the report that uses it.</summary>
/// <param name="Value">The value, above zero.</param>
/// <param name="Asked">The day it was asked for.</param>
/// <param name="Used">The day of the row; earlier than asked only under <see cref="MissingDayPolicy.PreviousBusinessDay"/>.</param>
/// <param name="Source">Where the row comes from.</param>
public sealed record DatedValue(decimal Value, DateOnly Asked, DateOnly Used, string Source);

/// <summary>
/// Values by day, such as an exchange rate fixing or a price index (by the first day of its month). Nothing is interpolated.
/// </summary>
public sealed class DatedSeries
{
    /// <summary>How far back an earlier row may lie. Ten days pass over any bank holiday, not over a gap in the data.</summary>
    public const int MaximumDaysBack = 10;

    private readonly DateOnly[] days;
    private readonly decimal[] values;
    private readonly string[] sources;

    /// <summary>Makes a series.</summary>
    /// <param name="name">What it is, for messages.</param>
    /// <param name="rows">Rows in any order: day, value above zero, source.</param>
    /// <exception cref="ArgumentException">A day twice, or a value that is not above zero.</exception>
    public DatedSeries(string name, IEnumerable<(DateOnly Day, decimal Value, string Source)> rows)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(rows);
        Name = name;
        List<(DateOnly Day, decimal Value, string Source)> sorted = [.. rows];
        sorted.Sort((a, b) => a.Day.CompareTo(b.Day));
        days = new DateOnly[sorted.Count];
        values = new decimal[sorted.Count];
        sources = new string[sorted.Count];
        for (int index = 0; index < sorted.Count; index++)
        {
            (days[index], values[index], sources[index]) = sorted[index];
            if (values[index] <= 0m || (index > 0 && days[index] == days[index - 1]))
            {
                throw new ArgumentException($"{name}: the row of {days[index]:yyyy-MM-dd} is not above zero or stands there twice");
            }
        }
    }

    /// <summary>What the series is.</summary>
    public string Name { get; }

    /// <summary>Number of rows.</summary>
    public int Count => days.Length;

    /// <summary>Reads comma-separated text with the header <c>date,value,source</c>; further columns are passed over.</summary>
    /// <param name="name">What the series is, for messages.</param>
    /// <param name="file">Name of the file, for messages.</param>
    /// <param name="text">Text of the file.</param>
    /// <exception cref="ArgumentException">A column is missing or a cell cannot be read; names file and line.</exception>
    public static DatedSeries Read(string name, string file, string text)
    {
        List<(int Line, string[] Cells)> lines = CommaSeparatedText.Read(file, text);
        Dictionary<string, int> columns = CommaSeparatedText.Columns(file, lines[0].Cells, ["date", "value", "source"]);
        List<(DateOnly Day, decimal Value, string Source)> rows = [];
        for (int index = 1; index < lines.Count; index++)
        {
            (int line, string[] cells) = lines[index];
            string day = cells[columns["date"]];
            string value = cells[columns["value"]];
            if (!DateOnly.TryParseExact(day, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly readDay)
                || !decimal.TryParse(value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal readValue))
            {
                throw new ArgumentException($"{file} line {line}: '{day},{value}' is not a day such as 2024-01-31 and a number such as 17.1234");
            }

            rows.Add((readDay, readValue, cells[columns["source"]]));
        }

        return new DatedSeries(name, rows);
    }

    /// <summary>The value of a day.</summary>
    /// <param name="day">The day.</param>
    /// <param name="policy">What to do when there is no row of that day.</param>
    public Answer<DatedValue> At(DateOnly day, MissingDayPolicy policy)
    {
        int index = Array.BinarySearch(days, day);
        if (index < 0 && policy == MissingDayPolicy.PreviousBusinessDay)
        {
            int earlier = ~index - 1;
            index = earlier >= 0 && day.DayNumber - days[earlier].DayNumber <= MaximumDaysBack ? earlier : -1;
        }

        if (index >= 0)
        {
            return Answer<DatedValue>.Of(new DatedValue(values[index], day, days[index], sources[index]));
        }

        string back = policy == MissingDayPolicy.PreviousBusinessDay ? $" and none within {MaximumDaysBack} days before" : string.Empty;
        return Answer<DatedValue>.Refuse($"{Name} has no row for {day:yyyy-MM-dd}{back}.");
    }
}
