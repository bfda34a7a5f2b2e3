namespace Metering.FirmwareSim.Plants;

/// <summary>What moves the use of a plant: output, weather and calendar of each day.</summary>
internal sealed class DailyDrivers
{
    /// <summary>Above it buildings are cooled, below it heated, degC.</summary>
    internal const double BalanceDegrees = 18;

    private const int SpreadLimit = 3;
    private const int DaysPerYear = 365;

    /// <summary>Works out the drivers of a plant.</summary>
    internal DailyDrivers(PlantSpec plant, SimulationWindow window, long seed)
    {
        Window = window;
        Temperature = Weather.Tenths(window, plant.Weather, new NoiseStream(seed, plant.Id, "weather"));
        Production = ProductionSteps(plant.Production, window, new NoiseStream(seed, plant.Id, "production"));
        IsWorkday = new bool[window.ModelDays];
        for (int day = 0; day < IsWorkday.Length; day++)
        {
            IsWorkday[day] = MexicanCalendar.IsWorkday(window.From.AddDays(day));
        }
    }

    /// <summary>The days.</summary>
    internal SimulationWindow Window { get; }

    /// <summary>Tenths of a degree at the beginning of each slot, and one more.</summary>
    internal short[] Temperature { get; }

    /// <summary>Output of each day in steps of the production counter.</summary>
    internal long[] Production { get; }

    /// <summary>The workday driver of the projects.</summary>
    internal bool[] IsWorkday { get; }

    /// <summary>Degrees above 18 at the beginning of a slot, 0 or more.</summary>
    internal double CoolingDegrees(int slot) => Math.Max(0, (Temperature[slot] / 10.0) - BalanceDegrees);

    /// <summary>Degrees below 18 at the beginning of a slot, 0 or more.</summary>
    internal double HeatingDegrees(int slot) => Math.Max(0, BalanceDegrees - (Temperature[slot] / 10.0));

    private static long[] ProductionSteps(ProductionLaw law, SimulationWindow window, NoiseStream noise)
    {
        double steps = 1;
        for (int place = 0; place < law.Decimals; place++)
        {
            steps *= 10;
        }

        double[] spread = noise.Autoregressive(window.ModelDays, law.Rho);
        long[] production = new long[window.ModelDays];
        for (int day = 0; day < production.Length; day++)
        {
            double growth = 1 + (law.Trend * day / DaysPerYear);
            double chance = 1 + (law.Deviation * Math.Clamp(spread[day], -SpreadLimit, SpreadLimit));
            double amount = law.PerDay * Calendar(law, window.From.AddDays(day)) * growth * chance;
            production[day] = (long)Math.Round(amount * steps, MidpointRounding.AwayFromZero);
        }

        return production;
    }

    private static double Calendar(ProductionLaw law, DateOnly day)
    {
        double factor = law.Weekdays[(int)day.DayOfWeek] * law.Months[day.Month - 1];
        if (MexicanCalendar.IsYearEnd(day))
        {
            return factor * law.YearEnd;
        }

        if (MexicanCalendar.IsHolyWeek(day))
        {
            return factor * law.HolyWeek;
        }

        return MexicanCalendar.IsStatutoryHoliday(day) ? factor * law.Holiday : factor;
    }
}
