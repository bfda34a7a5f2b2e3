namespace Metering.FirmwareSim.Plants;

/// <summary>
/// Outdoor temperature as a pattern like León's (about 4 to 36 degC): monthly means, a daily swing that is wide in the dry months, and
/// warm and cold spells of several days. Not a record of any station.
/// </summary>
internal static class Weather
{
    private const double SpellDeviation = 1.7;
    private const double SpellRho = 0.7;
    private const double ColdestHour = 6;
    private const double WarmestHour = 15;
    private const double Lowest = 2;
    private const double Highest = 36;
    private const int Scale = 10;

    private static readonly double[] MonthlyMean = [14.6, 16.3, 18.9, 21.7, 23.4, 22.6, 21.0, 20.9, 20.0, 18.6, 16.5, 14.8];
    private static readonly double[] MonthlySwing = [7.2, 7.6, 8.0, 8.0, 7.4, 6.0, 5.2, 5.2, 5.0, 5.8, 6.8, 7.0];

    /// <summary>Tenths of a degree at the beginning of each slot, and one more at the end of the last.</summary>
    internal static short[] Tenths(SimulationWindow window, WeatherLaw law, NoiseStream noise)
    {
        int days = window.ModelDays;
        double[] spell = noise.Autoregressive(days + 2, SpellRho);
        short[] tenths = new short[(days * DayShape.SlotsPerDay) + 1];
        for (int slot = 0; slot < tenths.Length; slot++)
        {
            int day = slot / DayShape.SlotsPerDay;
            double hour = slot % DayShape.SlotsPerDay / 4.0;
            DateOnly date = window.From.AddDays(day);
            double share = hour / 24;
            double mean = Seasonal(MonthlyMean, date, share) + law.OffsetDegrees
                + (SpellDeviation * (spell[day] + ((spell[day + 1] - spell[day]) * share)));
            double degrees = mean + (law.SwingFactor * Seasonal(MonthlySwing, date, share) * DailyCycle(hour));
            tenths[slot] = (short)Math.Round(Math.Clamp(degrees, Lowest, Highest) * Scale, MidpointRounding.AwayFromZero);
        }

        return tenths;
    }

    /// <summary>-1 at the coldest hour, 1 at the warmest; rises faster than it falls, as days do.</summary>
    internal static double DailyCycle(double hour)
    {
        const double Rise = WarmestHour - ColdestHour;
        const double Fall = 24 - Rise;
        double since = hour >= ColdestHour ? hour - ColdestHour : hour + 24 - ColdestHour;
        return since <= Rise ? -HalfCosine(since / Rise) : HalfCosine((since - Rise) / Fall);
    }

    // cos(pi x) for x in [0, 1] after Bhaskara I, good to 0.002: additions and divisions only, so the same on every machine.
    private static double HalfCosine(double x)
    {
        double toMiddle = x <= 0.5 ? x : 1 - x;
        double square = toMiddle * toMiddle;
        double cosine = (1 - (4 * square)) / (1 + square);
        return x <= 0.5 ? cosine : -cosine;
    }

    private static double Seasonal(double[] months, DateOnly day, double shareOfDay)
    {
        double position = day.Month - 1 + ((day.Day - 1 + shareOfDay) / DateTime.DaysInMonth(day.Year, day.Month)) - 0.5;
        int before = (int)Math.Floor(position);
        double share = position - before;
        double from = months[(before + 12) % 12];
        double to = months[(before + 1) % 12];
        return from + ((to - from) * share);
    }
}
