using System.Globalization;
using Metering.Analytics.Baselines;
using Metering.Analytics.Intervals;

namespace Metering.Analytics.CalTrack;

/// <summary>
/// What the baseline model says for one interval of the reporting period. The loads are NaN, and the interval counts on neither
/// side, where temperature is missing (CalTRACK 2.0, 3.5.3.1).
/// </summary>
/// <param name="Interval">The interval and its metered use.</param>
/// <param name="HeatingDegreeDaysPerDay">Heating degree days per day, Fahrenheit; 0 when the model has no heating.</param>
/// <param name="CoolingDegreeDaysPerDay">Cooling degree days per day, Fahrenheit; 0 when the model has no cooling.</param>
/// <param name="BaseLoad">Use without heating and cooling.</param>
/// <param name="HeatingLoad">Use for heating.</param>
/// <param name="CoolingLoad">Use for cooling.</param>
public readonly record struct CounterfactualRow(
    MeteredInterval Interval, double HeatingDegreeDaysPerDay, double CoolingDegreeDaysPerDay, double BaseLoad, double HeatingLoad, double CoolingLoad)
{
    /// <summary>The model's use, in the order in which the loads are added: base, heating, cooling.</summary>
    public double Use => BaseLoad + HeatingLoad + CoolingLoad;
}

/// <summary>Avoided use over a reporting period (CalTRACK 2.0, 3.6.1), row by row.</summary>
public sealed record CalTrackCounterfactual
{
    /// <summary>The rows with metered use, ascending in time.</summary>
    public required IReadOnlyList<CounterfactualRow> Rows { get; init; }

    /// <summary>Sum of the model's use over rows with temperature.</summary>
    public required double Counterfactual { get; init; }

    /// <summary>Sum of the metered use over the same rows.</summary>
    public required double Metered { get; init; }

    /// <summary>Rows with temperature.</summary>
    public required int RowCount { get; init; }

    /// <summary>Days of the rows with temperature.</summary>
    public required double CoveredDays { get; init; }

    /// <summary>Why the sums may not be reported as a saving; empty when they may.</summary>
    public required IReadOnlyList<Reason> Reasons { get; init; }

    /// <summary>What to look at beside the numbers.</summary>
    public required IReadOnlyList<Reason> Warnings { get; init; }

    /// <summary>Counterfactual less metered; negative when more was used.</summary>
    public double Savings => Counterfactual - Metered;

    /// <summary>
    /// Rows of the baseline and of the reporting period, without those that lack temperature, as use per day and degree days per
    /// day: least squares on the table, weighted by <see cref="CalTrackFit.Weights"/>, is the fit. For whole days the weights are
    /// equal and use per day is use per row, so that the general savings code gives this counterfactual with an interval.
    /// </summary>
    public required ModelTable PerDayTable { get; init; }

    /// <summary>Computes the counterfactual of a reporting period.</summary>
    /// <param name="fit">The baseline's model.</param>
    /// <param name="intervals">Days or bills, as in the baseline.</param>
    /// <param name="weather">Outdoor temperature of the reporting period.</param>
    /// <param name="reporting">The period after the project; intervals wholly inside are used.</param>
    /// <param name="rules">Limits of extrapolation and coverage; the defaults when null.</param>
    /// <exception cref="ArgumentException">As for the baseline.</exception>
    public static CalTrackCounterfactual Of(
        CalTrackFit fit, IReadOnlyList<MeteredInterval> intervals, Weather weather, Period reporting, BaselineRules? rules = null)
    {
        ArgumentNullException.ThrowIfNull(fit);
        ArgumentNullException.ThrowIfNull(intervals);
        ArgumentNullException.ThrowIfNull(weather);
        CounterfactualBuilder builder = new(fit, rules ?? new BaselineRules());
        return builder.Build(intervals, weather, reporting);
    }
}

/// <summary>Builds the rows and the reasons of a <see cref="CalTrackCounterfactual"/>.</summary>
internal sealed class CounterfactualBuilder(CalTrackFit fit, BaselineRules rules)
{
    private readonly List<Reason> reasons = [];
    private readonly List<Reason> warnings = [];
    private double[] dayMeans = new double[128];
    private int days;
    private int daysOutside;

    public CalTrackCounterfactual Build(IReadOnlyList<MeteredInterval> intervals, Weather weather, Period reporting)
    {
        IntervalCleaning cleaning = new(fit.Options, reasons, warnings);
        List<MeteredInterval> given = fit.IsBilling
            ? cleaning.Bills(intervals, reporting, "reporting", isBaseline: false)
            : cleaning.Days(intervals, reporting, "reporting");
        if (given.Count > 0 && given[0].StartUtcMilliseconds < fit.Intervals[^1].EndUtcMilliseconds)
        {
            reasons.Add(new Reason(ReasonKind.PeriodsOverlap, "The reporting period begins before the baseline ends. Move one of them."));
        }

        List<CounterfactualRow> rows = new(given.Count);
        double use = 0;
        double metered = 0;
        double coveredDays = 0;
        int used = 0;
        foreach (MeteredInterval interval in given)
        {
            CounterfactualRow row = Row(interval, weather);
            rows.Add(row);
            if (!double.IsNaN(row.Use))
            {
                use += row.Use;
                metered += interval.Use;
                coveredDays += interval.Days;
                used++;
            }
        }

        Judge(rows.Count, used, coveredDays / reporting.Length.TotalDays, use);
        return new CalTrackCounterfactual
        {
            Rows = rows,
            Counterfactual = used > 0 ? use : double.NaN,
            Metered = used > 0 ? metered : double.NaN,
            RowCount = used,
            CoveredDays = coveredDays,
            Reasons = reasons,
            Warnings = warnings,
            PerDayTable = Table([.. rows.Where(row => !double.IsNaN(row.Use))]),
        };
    }

    private ModelTable Table(CounterfactualRow[] reporting)
    {
        List<Driver> drivers = [];
        if (fit.HeatingDegreeDaysPerDay.Count > 0)
        {
            drivers.Add(new Driver(fit.TermNames[0], [.. fit.HeatingDegreeDaysPerDay, .. reporting.Select(row => row.HeatingDegreeDaysPerDay)]));
        }

        if (fit.CoolingDegreeDaysPerDay.Count > 0)
        {
            drivers.Add(new Driver(fit.TermNames[^1], [.. fit.CoolingDegreeDaysPerDay, .. reporting.Select(row => row.CoolingDegreeDaysPerDay)]));
        }

        MeteredInterval[] intervals = [.. fit.Intervals, .. reporting.Select(row => row.Interval)];
        return new ModelTable
        {
            StartUtcMilliseconds = [.. intervals.Select(row => row.StartUtcMilliseconds)],
            Use = [.. intervals.Select(row => row.Use / row.Days)],
            Drivers = drivers,
        };
    }

    private CounterfactualRow Row(in MeteredInterval interval, Weather weather)
    {
        int count = DayTemperatures.Read(weather, interval, null, ref dayMeans, out double coverage);
        if (count == 0 || (fit.IsBilling && coverage < fit.Options.MinimumTemperatureCoverage))
        {
            return new CounterfactualRow(interval, double.NaN, double.NaN, double.NaN, double.NaN, double.NaN);
        }

        double below = 0;
        double above = 0;
        double margin = rules.RangeMargin * (fit.DayTemperatures.High - fit.DayTemperatures.Low);
        foreach (double mean in dayMeans.AsSpan(0, count))
        {
            // A comparison with NaN, the balance point of a side that is not in the model, is false.
            below += mean < fit.HeatingBalanceFahrenheit ? fit.HeatingBalanceFahrenheit - mean : 0;
            above += mean > fit.CoolingBalanceFahrenheit ? mean - fit.CoolingBalanceFahrenheit : 0;
            daysOutside += mean < fit.DayTemperatures.Low - margin || mean > fit.DayTemperatures.High + margin ? 1 : 0;
        }

        days += count;
        below /= count;
        above /= count;
        double length = interval.Days;
        return new CounterfactualRow(
            interval, below, above, fit.BasePerDay * length, fit.HeatingPerDegreeDay * below * length, fit.CoolingPerDegreeDay * above * length);
    }

    private void Judge(int rowCount, int used, double coverage, double use)
    {
        if (used == 0)
        {
            Add(reasons, ReasonKind.EmptyPeriod, $"The reporting period has no row with use and temperature. Check its dates and the columns.");
            return;
        }

        if (used < rowCount)
        {
            Add(warnings, ReasonKind.LowCoverage,
                $"{rowCount - used} of {rowCount} rows of the reporting period have no temperature; nothing is claimed for them (CalTRACK 2.0, 3.5.3.1).");
        }

        if (coverage < rules.MinimumCoverage)
        {
            Add(reasons, ReasonKind.LowCoverage,
                $"Usable rows cover {100 * coverage:0.0} % of the reporting period; the limit is {100 * rules.MinimumCoverage:0} %. Fill the gaps, or shorten the period.");
        }

        if (daysOutside > 0)
        {
            bool tooMany = daysOutside > rules.MaximumShareOutside * days;
            Add(tooMany ? reasons : warnings, ReasonKind.Extrapolation,
                $"{daysOutside} of {days} days are colder or warmer than the baseline's {fit.DayTemperatures.Low:0.#} to {fit.DayTemperatures.High:0.#} degrees Fahrenheit by more than {100 * rules.RangeMargin:0.#} % of that range.");
        }

        if (!(use > 0))
        {
            Add(reasons, ReasonKind.NoCounterfactual, $"The model predicts no use in the reporting period.");
        }
    }

    private static void Add(List<Reason> list, ReasonKind kind, FormattableString text) =>
        list.Add(new Reason(kind, text.ToString(CultureInfo.InvariantCulture)));
}
