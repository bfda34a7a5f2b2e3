namespace Metering.FirmwareSim.Plants;

/// <summary>
/// Turns a use law into amounts per slot, with and without the measure. Both carry the same noise: their difference is the true saving, exactly.
/// </summary>
internal sealed class UseSeries
{
    private const int SlotsPerDay = DayShape.SlotsPerDay;

    private readonly UseLaw _law;
    private readonly DailyDrivers _drivers;
    private readonly double _stepsPerUnit;
    private readonly double _unitsPerProductionStep;
    private readonly NoiseStream _slotNoise;
    private readonly double[] _dayNoise;
    private readonly double[] _baseWeights = new double[SlotsPerDay];
    private readonly double[] _productionWeights = new double[SlotsPerDay];

    /// <summary>Prepares a series.</summary>
    internal UseSeries(UseLaw law, DailyDrivers drivers, NoiseStream noise, NoiseStream slotNoise, (double Steps, double ProductionSteps) perUnit)
    {
        _law = law;
        _drivers = drivers;
        _stepsPerUnit = perUnit.Steps;
        _unitsPerProductionStep = 1 / perUnit.ProductionSteps;
        _slotNoise = slotNoise;
        _dayNoise = noise.Autoregressive(drivers.Window.ModelDays, law.NoiseRho);
    }

    /// <summary>Amounts counted up to the beginning of each slot, in millionths of a step, with the measure and as it would have been without.</summary>
    /// <param name="measure">The measure on this use; null for none (both arrays are then the same one).</param>
    /// <param name="periods">When it takes effect.</param>
    internal (long[] Actual, long[] Counterfactual) Build(MeasureSpec? measure, ProjectPeriods periods)
    {
        int days = _drivers.Window.ModelDays;
        long[] actual = new long[(days * SlotsPerDay) + 1];
        long[] counterfactual = measure is null ? actual : new long[actual.Length];
        for (int day = 0; day < days; day++)
        {
            double effect = measure is null ? 0 : periods.EffectOn(_drivers.Window.From.AddDays(day));
            Weigh(day);
            for (int slot = 0; slot < SlotsPerDay; slot++)
            {
                int index = (day * SlotsPerDay) + slot;
                (double use, double saving) = Slot(day, slot, measure);
                counterfactual[index + 1] = counterfactual[index] + Micro(use);
                if (measure is not null)
                {
                    actual[index + 1] = actual[index] + Micro(use - Math.Min(use, saving * effect));
                }
            }
        }

        return (actual, counterfactual);
    }

    private (double Use, double Saving) Slot(int day, int slot, MeasureSpec? measure)
    {
        int index = (day * SlotsPerDay) + slot;
        double always = _law.Base * _baseWeights[slot];
        double workday = _drivers.IsWorkday[day] ? _law.PerWorkday * _productionWeights[slot] : 0;
        double noise = _law.NoiseDeviation * _dayNoise[day] * _baseWeights[slot];
        double production = _law.PerProduction * _drivers.Production[day] * _unitsPerProductionStep * _productionWeights[slot];
        double cooling = _law.PerCoolingDegree * _drivers.CoolingDegrees(index) / SlotsPerDay;
        double heating = _law.PerHeatingDegree * _drivers.HeatingDegrees(index) / SlotsPerDay;
        double use = Math.Max(0, always + workday + noise + production + cooling + heating);
        return measure is null
            ? (use, 0)
            : (use, (measure.OfBase * always) + (measure.OfProduction * production) + (measure.OfCooling * cooling) + (measure.OfHeating * heating));
    }

    // The weights of a day add up to 1, so that unevenness within the day leaves the day's amount as the law has it.
    private void Weigh(int day)
    {
        bool isSaturday = _drivers.Window.From.AddDays(day).DayOfWeek == DayOfWeek.Saturday;
        DayShape productionShape = isSaturday ? _law.SaturdayShape ?? _law.ProductionShape : _law.ProductionShape;
        double baseSum = 0;
        double productionSum = 0;
        for (int slot = 0; slot < SlotsPerDay; slot++)
        {
            double unevenness = 1 + (_law.Unevenness * _slotNoise.Symmetric((day * SlotsPerDay) + slot));
            _baseWeights[slot] = _law.BaseShape[slot] * unevenness;
            _productionWeights[slot] = productionShape[slot] * unevenness;
            baseSum += _baseWeights[slot];
            productionSum += _productionWeights[slot];
        }

        for (int slot = 0; slot < SlotsPerDay; slot++)
        {
            _baseWeights[slot] /= baseSum;
            _productionWeights[slot] /= productionSum;
        }
    }

    private long Micro(double use) => (long)Math.Round(use * _stepsPerUnit * CounterSeries.Micro);
}
