namespace Metering.FirmwareSim.Plants;

/// <summary>
/// How a day's amount lies over its 96 slots of 15 minutes: straight lines between given points, so that shift changes and breaks show.
/// </summary>
internal sealed class DayShape
{
    /// <summary>Slots of a day.</summary>
    internal const int SlotsPerDay = 96;

    private const double SlotsPerHour = 4;
    private readonly double[] _weights = new double[SlotsPerDay];

    /// <summary>Draws the shape.</summary>
    /// <param name="points">Hour of the day (0 to 24, rising) and weight at it; before the first and behind the last point the weight stays.</param>
    internal DayShape(params ReadOnlySpan<(double Hour, double Weight)> points)
    {
        for (int slot = 0; slot < SlotsPerDay; slot++)
        {
            _weights[slot] = At((slot + 0.5) / SlotsPerHour, points);
        }
    }

    /// <summary>The same all day.</summary>
    internal static DayShape Flat { get; } = new((0, 1));

    /// <summary>Sum of the weights.</summary>
    internal double Total => _weights.Sum();

    /// <summary>Weight of a slot, 0 or more.</summary>
    internal double this[int slot] => _weights[slot];

    private static double At(double hour, ReadOnlySpan<(double Hour, double Weight)> points)
    {
        if (hour <= points[0].Hour)
        {
            return points[0].Weight;
        }

        for (int index = 1; index < points.Length; index++)
        {
            (double before, double from) = points[index - 1];
            (double behind, double to) = points[index];
            if (hour <= behind)
            {
                return from + ((to - from) * (hour - before) / (behind - before));
            }
        }

        return points[^1].Weight;
    }
}
