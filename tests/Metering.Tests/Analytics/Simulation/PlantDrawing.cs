using Metering.Analytics.Baselines;

namespace Metering.Tests.Analytics.Simulation;

/// <summary>Draws one plant: drivers, use, noise, project, event, missing days, in that order.</summary>
internal sealed class PlantDrawing(SimulatedKind kind, ulong seed, SimulatedPlantOptions options)
{
    /// <summary>Beyond it, use would hardly depend on anything.</summary>
    private const double LargestBaseShare = 0.8;

    // Factors other than the generator's own step, or neighbouring seeds would draw the same numbers one place apart.
    private readonly SeededRandom random = new(unchecked(((seed + 1) * 0xD1342543DE82EF95) + (((ulong)kind + 1) * 0x8CB92BA72F3D8DD7)));
    private readonly int days = SimulatedCalendar.Days;
    private readonly List<Driver> drivers = [];
    private readonly List<string> columns = [];

    public SimulatedPlant Draw()
    {
        double correlation = options.Autocorrelation ?? random.Pick([0, 0.2, 0.4, 0.6, 0.8]);
        double share = options.NoiseShareOfUse ?? random.Pick([0.04, 0.07, 0.10, 0.15]);
        double fraction = options.SavingsFraction ?? random.Pick([0, 0.03, 0.05, 0.08, 0.2]);
        double missing = options.MissingShare ?? (random.Uniform() < 0.5 ? 0 : random.Uniform(0, 0.08));
        double[] temperature = Temperature();
        double[] workday = [.. Enumerable.Range(0, days).Select(i => SimulatedCalendar.Workday(SimulatedCalendar.First.AddDays(i)))];
        double[] one = Production(workday, random.Uniform(8, 32), 0.22, 1);
        double[] two = Production(workday, random.Uniform(3, 11), 0.30, 0.6);
        double[] expected = Expected(temperature, workday, one, two);
        SimulatedEvent change = DrawEvent();
        double mean = RaiseBase(expected, ((3.2 * share) + Math.Max(0, -change.SizePerDay)) / (1 - fraction));
        change = change with { SizePerDay = change.SizePerDay * mean };
        double[] use = Use(expected, share * mean, correlation, fraction, change);
        for (int i = 0; i < days; i++)
        {
            use[i] = random.Uniform() < missing ? double.NaN : use[i];
        }

        return new SimulatedPlant
        {
            Seed = seed,
            Kind = kind,
            Autocorrelation = correlation,
            NoiseShareOfUse = share,
            NoisePerDay = share * mean,
            SavingsFraction = fraction,
            Event = change,
            Use = use,
            Expected = expected,
            TemperatureC = temperature,
            ProductionOne = one,
            ProductionTwo = two,
            Workday = workday,
            TrueDrivers = drivers,
            RelevantColumns = columns,
        };
    }

    /// <summary>The Bajio: warmest in May before the rains, coldest in January, spells of a few days.</summary>
    private double[] Temperature()
    {
        double mean = random.Uniform(17, 23);
        double swing = random.Uniform(4, 7.5);
        double[] wave = SimulatedCalendar.SineOfYear(days, random.Uniform(30, 50));
        double[] temperature = new double[days];
        double spell = 1.8 * random.Normal();
        for (int i = 0; i < days; i++)
        {
            spell = (0.7 * spell) + (1.3 * random.Normal());
            temperature[i] = mean + (swing * wave[i]) + spell;
        }

        return temperature;
    }

    /// <summary>A mean on full working days, less on Saturdays, weeks of good and of poor orders, nothing on days off.</summary>
    private double[] Production(double[] workday, double mean, double scatter, double dependence)
    {
        double[] production = new double[days];
        double orders = 0;
        double season = random.Uniform(-0.08, 0.08);
        double[] wave = SimulatedCalendar.SineOfYear(days, random.Uniform(0, 360));
        for (int i = 0; i < days; i++)
        {
            orders = (0.9 * orders) + (0.03 * random.Normal());
            double level = 1 + orders + (season * wave[i]) + (scatter * random.Normal());
            double shift = workday[i] > 0 ? 1 - (dependence * (1 - workday[i])) : 0;
            production[i] = mean * shift * Math.Max(0.15, level);
        }

        return production;
    }

    private double[] Expected(double[] temperature, double[] workday, double[] one, double[] two)
    {
        // Change points near the middle of the plant's own temperatures: a boiler that never runs would be no driver.
        double middle = temperature.AsSpan(0, SimulatedPlant.BaselineEndRow).ToArray().Average();
        double cold = middle - random.Uniform(1, 3);
        double warm = middle + random.Uniform(-1, 2);
        double unit = random.Uniform(1, 4);
        double[] use = new double[days];
        double perProduct = unit * random.Uniform(5, 9);
        double perDegree = unit * random.Uniform(4, 8);
        bool isProductive = kind is SimulatedKind.Production or SimulatedKind.Water or SimulatedKind.ProductionAndCooling
            or SimulatedKind.TwoProducts or SimulatedKind.WorkdayBase;
        double perDay = isProductive ? unit * random.Uniform(25, 120) : unit * random.Uniform(90, 250);
        Array.Fill(use, perDay);
        if (isProductive)
        {
            Add("production_1", "production_1", one, perProduct, use);
        }

        switch (kind)
        {
            case SimulatedKind.Cooling:
                Add("temp_c", "cooling", [.. temperature.Select(t => Math.Max(0, t - warm))], perDegree, use);
                break;
            case SimulatedKind.Heating:
                Add("temp_c", "heating", [.. temperature.Select(t => Math.Max(0, cold - t))], perDegree, use);
                break;
            case SimulatedKind.HeatingAndCooling:
                Add("temp_c", "heating", [.. temperature.Select(t => Math.Max(0, cold - 1 - t))], perDegree, use);
                Add("temp_c", "cooling", [.. temperature.Select(t => Math.Max(0, t - warm - 0.5))], unit * random.Uniform(4, 8), use);
                break;
            case SimulatedKind.ProductionAndCooling:
                Add("temp_c", "cooling", [.. temperature.Select(t => Math.Max(0, t - warm))], perDegree, use);
                break;
            case SimulatedKind.TwoProducts:
                Add("production_2", "production_2", two, unit * random.Uniform(5, 14), use);
                break;
            case SimulatedKind.Water:
            case SimulatedKind.WorkdayBase:
                Add("workday", "workday", workday, unit * random.Uniform(20, 70), use);
                break;
            default:
                break;
        }

        return use;
    }

    private void Add(string column, string name, double[] values, double perUnit, double[] use)
    {
        if (!columns.Contains(column))
        {
            columns.Add(column);
        }

        drivers.Add(new Driver(name, values));
        for (int i = 0; i < days; i++)
        {
            use[i] += perUnit * values[i];
        }
    }

    /// <summary>Raises the base so that noise and event leave nearly no day with negative use: a meter of imported energy has none.</summary>
    private static double RaiseBase(double[] use, double shareOfMean)
    {
        double mean = use.AsSpan(0, SimulatedPlant.BaselineEndRow).ToArray().Average();
        double needed = Math.Min(shareOfMean, LargestBaseShare);
        double raise = Math.Max(0, ((needed * mean) - use.Min()) / (1 - needed));
        for (int i = 0; i < use.Length; i++)
        {
            use[i] += raise;
        }

        return mean + raise;
    }

    /// <summary>The event with its size as a share of mean use.</summary>
    private SimulatedEvent DrawEvent()
    {
        int baselineEnd = SimulatedPlant.BaselineEndRow;
        int reporting = SimulatedPlant.ReportingStartRow;
        double sign = random.Uniform() < 0.5 ? -1 : 1;
        int length = random.Whole(14, 30);
        (int first, int end, double share) = options.Event switch
        {
            SimulatedEventKind.StepInReporting => (random.Whole(reporting + 60, days - 90), days, sign * random.Uniform(0.08, 0.25)),
            SimulatedEventKind.TemporaryInBaseline => From(random.Whole(60, baselineEnd - 100), length, random.Uniform(0.25, 0.5)),
            SimulatedEventKind.TemporaryInReporting => From(random.Whole(reporting + 30, days - 70), length, sign > 0 ? random.Uniform(0.25, 0.5) : random.Uniform(-0.3, -0.15)),
            SimulatedEventKind.DriftInReporting => (random.Whole(reporting + 30, days - 180), days, sign * random.Uniform(0.15, 0.35)),
            SimulatedEventKind.StepInBaseline => (random.Whole(100, baselineEnd - 80), days, sign * random.Uniform(0.08, 0.25)),
            _ => (0, 0, 0.0),
        };
        return new SimulatedEvent(options.Event, first, end, options.EventShareOfUse ?? share);
    }

    private static (int First, int End, double Share) From(int first, int length, double share) => (first, first + length, share);

    private double[] Use(double[] expected, double noisePerDay, double correlation, double fraction, SimulatedEvent change)
    {
        int install = SimulatedPlant.BaselineEndRow;
        int reporting = SimulatedPlant.ReportingStartRow;
        double mean = expected.AsSpan(0, install).ToArray().Average();
        double noise = random.Normal();
        double innovation = Math.Sqrt(1 - (correlation * correlation));
        double[] use = new double[days];
        for (int i = 0; i < days; i++)
        {
            noise = (correlation * noise) + (innovation * random.Normal());
            double done = Math.Clamp((i - install) / (double)(reporting - install), 0, 1);
            double scale = options.NoiseGrowsWithUse ? expected[i] / mean : 1;
            use[i] = (expected[i] * (1 - (done * fraction))) + (noisePerDay * scale * noise) + change.On(i);
        }

        return use;
    }
}
