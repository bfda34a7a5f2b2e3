using Metering.Analytics.CalTrack;

namespace Metering.Analytics.Towt;

/// <summary>Temperatures of the methods, and the part of a temperature that lies in each span between knots.</summary>
internal static class TemperatureScale
{
    /// <summary>Rows that every span must hold (CalTRACK 2.0, 3.9.1.2: twenty hours).</summary>
    public const int FewestRows = 20;

    private const double FreezingFahrenheit = 32;
    private const double FahrenheitPerCelsius = 1.8;
    private const double LowestCelsius = -60;
    private const double HighestCelsius = 60;
    private const double HeatingFahrenheit = 50;
    private const double CoolingFahrenheit = 65;

    private static readonly double[] StandardFahrenheit = [30, 45, 55, 65, 75, 90];

    /// <summary>Knots before the thin ones are dropped (CalTRACK 2.0, 3.9.1.1).</summary>
    public static double[] StandardKnots(TemperatureUnit unit) => [.. StandardFahrenheit.Select(value => From(value, unit))];

    /// <summary>One of <see cref="StandardKnots"/>.</summary>
    public static double StandardKnot(int index, TemperatureUnit unit) => From(StandardFahrenheit[index], unit);

    /// <summary>Below this temperature the regression that finds occupied times has a slope of its own (CalTRACK 2.0, 3.8.3).</summary>
    public static double Heating(TemperatureUnit unit) => From(HeatingFahrenheit, unit);

    /// <summary>Above this temperature the regression that finds occupied times has a slope of its own (CalTRACK 2.0, 3.8.3).</summary>
    public static double Cooling(TemperatureUnit unit) => From(CoolingFahrenheit, unit);

    /// <summary>Lowest temperature taken for an outdoor one: -60 degrees Celsius.</summary>
    public static double Lowest(TemperatureUnit unit) => OfCelsius(LowestCelsius, unit);

    /// <summary>Highest temperature taken for an outdoor one: 60 degrees Celsius.</summary>
    public static double Highest(TemperatureUnit unit) => OfCelsius(HighestCelsius, unit);

    /// <summary>
    /// Splits a temperature into one element per span, one more than knots: they add up to it, less the lowest knot. A slope
    /// per element is a line with bends at the knots.
    /// </summary>
    public static void Split(ReadOnlySpan<double> knots, double temperature, Span<double> spans)
    {
        if (knots.Length == 0)
        {
            spans[0] = temperature;
            return;
        }

        spans[0] = Math.Min(temperature, knots[0]) - knots[0];
        for (int i = 1; i < knots.Length; i++)
        {
            spans[i] = Math.Clamp(temperature, knots[i - 1], knots[i]) - knots[i - 1];
        }

        spans[knots.Length] = Math.Max(temperature, knots[^1]) - knots[^1];
    }

    /// <summary>
    /// Drops knots until every span holds <see cref="FewestRows"/> rows: first those of thin outer spans, then the upper knot
    /// of thin inner ones, and again from the start (CalTRACK 2.0, 3.9.1.2; the order is OpenEEmeter's). A knot belongs to the span below it.
    /// </summary>
    /// <param name="counts">Rows per span of all knots, one more than knots; the method overwrites it.</param>
    /// <param name="kept">Receives whether each knot is kept.</param>
    public static void DropThin(Span<int> counts, Span<bool> kept)
    {
        kept.Fill(true);
        bool dropped = true;
        while (dropped && kept.Contains(true))
        {
            dropped = DropOuter(counts, kept) || DropInner(counts, kept);
        }
    }

    private static bool DropOuter(Span<int> counts, Span<bool> kept)
    {
        int first = kept.IndexOf(true);
        int last = kept.LastIndexOf(true);

        // Counts of dropped spans are kept in the span above, so the lowest span is found at its upper knot.
        bool low = counts[first] < FewestRows;
        bool high = counts[^1] < FewestRows;
        if (low)
        {
            Drop(counts, kept, first);
        }

        if (high && kept[last])
        {
            Drop(counts, kept, last);
        }

        return low || high;
    }

    private static bool DropInner(Span<int> counts, Span<bool> kept)
    {
        int first = kept.IndexOf(true);
        Span<int> thin = stackalloc int[kept.Length];
        int found = 0;
        for (int i = first + 1; i < kept.Length; i++)
        {
            if (kept[i] && counts[i] < FewestRows)
            {
                thin[found++] = i;
            }
        }

        for (int i = 0; i < found; i++)
        {
            Drop(counts, kept, thin[i]);
        }

        return found > 0;
    }

    /// <summary>Joins the span below a knot with the one above.</summary>
    private static void Drop(Span<int> counts, Span<bool> kept, int knot)
    {
        kept[knot] = false;
        int above = knot + 1;
        while (above < kept.Length && !kept[above])
        {
            above++;
        }

        counts[above] += counts[knot];
        counts[knot] = 0;
    }

    private static double From(double fahrenheit, TemperatureUnit unit) =>
        unit == TemperatureUnit.Fahrenheit ? fahrenheit : (fahrenheit - FreezingFahrenheit) / FahrenheitPerCelsius;

    private static double OfCelsius(double celsius, TemperatureUnit unit) =>
        unit == TemperatureUnit.Celsius ? celsius : (celsius * FahrenheitPerCelsius) + FreezingFahrenheit;
}
