using System.Globalization;
using System.Text;

namespace Metering.Tests.CloudCommands;

/// <summary>
/// A register of hours in kWh from Monday 2025-01-06 0:00 UTC: 10 kWh an hour from 7 to 19, 2 kWh at night, half of it on
/// Sundays, and up to 0.4 kWh more that differs from week to week.
/// </summary>
internal sealed class IntervalsPlant
{
    private static readonly DateTimeOffset Start = new(2025, 1, 6, 0, 0, 0, TimeSpan.Zero);
    private readonly HashSet<int> blank = [];
    private readonly Dictionary<int, int> tenths = [];

    public IntervalsPlant(int weeks) => Hours = weeks * 168;

    public int Hours { get; }

    /// <summary>Use of an hour in tenths of a kWh.</summary>
    public int this[int hour]
    {
        get => tenths.TryGetValue(hour, out int own) ? own : ((hour % 24 is >= 7 and < 19 ? 100 : 20) / (hour / 24 % 7 == 6 ? 2 : 1)) + (((hour / 168 * 3) + (hour % 24)) % 5);
        set => tenths[hour] = value;
    }

    public static string Stamp(int hour) => Start.AddHours(hour).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    /// <summary>Leaves out the readings from one border to another, exclusive.</summary>
    public IntervalsPlant WithoutReadings(int from, int to)
    {
        blank.UnionWith(Enumerable.Range(from, to - from));
        return this;
    }

    public double Sum(int from, int to) => Enumerable.Range(from, to - from).Sum(hour => this[hour]) / 10.0;

    /// <summary>The file: time, kwh, and a column more when given, which maps the number of a border and the register to a field.</summary>
    public string Csv(Func<int, double, string>? more = null)
    {
        StringBuilder text = new(more is null ? "time,kwh\n" : "time,kwh,more\n");
        int register = 12345;
        for (int border = 0; border <= Hours; border++)
        {
            double shown = register / 10.0;
            text.Append(Stamp(border)).Append(',').Append(blank.Contains(border) ? "" : shown.ToString(CultureInfo.InvariantCulture));
            text.Append(more is null ? "" : "," + more(border, shown)).Append('\n');
            register += border < Hours ? this[border] : 0;
        }

        return text.ToString();
    }
}
