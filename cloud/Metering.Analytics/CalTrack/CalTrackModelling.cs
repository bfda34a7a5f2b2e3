using System.Globalization;
using Metering.Analytics.Baselines;
using Metering.Analytics.Intervals;

namespace Metering.Analytics.CalTrack;

/// <summary>CalTRACK 2.0 for daily data: ordinary least squares on heating and cooling degree days (3.1 to 3.4).</summary>
public static class CalTrackDaily
{
    /// <summary>Chooses and fits the model of a baseline.</summary>
    /// <param name="days">Daily use; rows that are not wholly in the period, not 23 to 25 hours long or without temperature are not used.</param>
    /// <param name="weather">Outdoor temperature.</param>
    /// <param name="baseline">The period before the project, 365 days.</param>
    /// <param name="options">Limits and fuel; electricity when null.</param>
    /// <param name="workspace">Memory to reuse; own one when null.</param>
    /// <exception cref="ArgumentException">An interval that ends before it begins, an instant outside the years 1 to 9999, or more than 20,000 rows.</exception>
    public static CalTrackOutcome Fit(
        IReadOnlyList<MeteredInterval> days, Weather weather, Period baseline, CalTrackOptions? options = null, CalTrackWorkspace? workspace = null)
    {
        ArgumentNullException.ThrowIfNull(days);
        ArgumentNullException.ThrowIfNull(weather);
        CalTrackModelling modelling = new(weather, options ?? new CalTrackOptions(), isBilling: false);
        return modelling.Fit(days, baseline, workspace ?? new CalTrackWorkspace());
    }
}

/// <summary>CalTRACK 2.0 for bills of one or two months: least squares weighted by days on mean degree days (3.1 to 3.4).</summary>
public static class CalTrackBilling
{
    /// <summary>Chooses and fits the model of a baseline.</summary>
    /// <param name="bills">Bills; their days are counted in steps of 24 hours from the start of each.</param>
    /// <param name="weather">Outdoor temperature.</param>
    /// <param name="baseline">The period before the project; bills wholly inside are used.</param>
    /// <param name="options">Limits and fuel; electricity when null.</param>
    /// <param name="workspace">Memory to reuse; own one when null.</param>
    /// <exception cref="ArgumentException">An interval that ends before it begins, an instant outside the years 1 to 9999, or more than 20,000 rows.</exception>
    public static CalTrackOutcome Fit(
        IReadOnlyList<MeteredInterval> bills, Weather weather, Period baseline, CalTrackOptions? options = null, CalTrackWorkspace? workspace = null)
    {
        ArgumentNullException.ThrowIfNull(bills);
        ArgumentNullException.ThrowIfNull(weather);
        CalTrackModelling modelling = new(weather, options ?? new CalTrackOptions(), isBilling: true);
        return modelling.Fit(bills, baseline, workspace ?? new CalTrackWorkspace());
    }
}

/// <summary>Cleans the rows, runs the search, fits the chosen model and says what stands against it.</summary>
internal sealed class CalTrackModelling(Weather weather, CalTrackOptions options, bool isBilling)
{
    private const double WideCvRmse = 1;

    private readonly List<Reason> reasons = [];
    private readonly List<Reason> warnings = [];
    private double[] dayMeans = new double[128];
    private double lowest = double.PositiveInfinity;
    private double highest = double.NegativeInfinity;

    public CalTrackOutcome Fit(IReadOnlyList<MeteredInterval> given, Period baseline, CalTrackWorkspace memory)
    {
        IntervalCleaning cleaning = new(options, reasons, warnings);
        List<MeteredInterval> rows = isBilling
            ? cleaning.Bills(given, baseline, "baseline", isBaseline: true)
            : cleaning.Days(given, baseline, "baseline");
        BalancePointWorkspace points = memory.Points;
        if (reasons.TrueForAll(reason => reason.Kind == ReasonKind.NegativeUse))
        {
            rows = Load(rows, points);
            if (rows.Count == 0)
            {
                Refuse(ReasonKind.EmptyPeriod, $"The baseline period has no row with use and temperature. Check its dates and the columns.");
            }
        }
        else
        {
            rows = [];
        }

        return new CalTrackOutcome
        {
            Fit = rows.Count > 0 ? Choose(rows, points, cleaning.EstimatedDays) : null,
            Reasons = reasons,
            Warnings = warnings,
        };
    }

    private void Refuse(ReasonKind kind, FormattableString text) => reasons.Add(new Reason(kind, text.ToString(CultureInfo.InvariantCulture)));

    private void Warn(ReasonKind kind, FormattableString text) => warnings.Add(new Reason(kind, text.ToString(CultureInfo.InvariantCulture)));

    /// <summary>Puts the rows that have temperatures into the workspace and gives them back.</summary>
    private List<MeteredInterval> Load(List<MeteredInterval> rows, BalancePointWorkspace points)
    {
        List<MeteredInterval> used = new(rows.Count);
        points.Clear(rows.Count);
        foreach (MeteredInterval row in rows)
        {
            int count = DayTemperatures.Read(weather, row, isBilling ? options.TemperatureWindow : null, ref dayMeans, out double coverage);
            if (count == 0 || (isBilling && coverage < options.MinimumTemperatureCoverage))
            {
                continue;
            }

            foreach (double mean in dayMeans.AsSpan(0, count))
            {
                lowest = Math.Min(lowest, mean);
                highest = Math.Max(highest, mean);
            }

            points.Add(row.Use / row.Days, isBilling ? count : 1, dayMeans.AsSpan(0, count));
            used.Add(row);
        }

        int without = rows.Count - used.Count;
        if (without > 0)
        {
            Warn(ReasonKind.LowCoverage, $"{without} rows of the baseline have too little temperature and are not used (CalTRACK 2.0, 2.2.2.3 and 2.2.3.2).");
        }

        return used;
    }

    private CalTrackFit? Choose(List<MeteredInterval> rows, BalancePointWorkspace points, double estimatedDays)
    {
        points.Accumulate();
        if (!double.IsFinite(points.Variation))
        {
            Refuse(ReasonKind.NotFinite, $"Use in the baseline is too large to be squared. Check the unit of the column.");
            return null;
        }

        if (points.Variation == 0)
        {
            Refuse(ReasonKind.ConstantUse,
                $"Use per day is {points.MeanUse:R} in every row of the baseline. A meter that stands still cannot carry a baseline; check the column.");
            return null;
        }

        BalancePointSearch search = new(points, isBilling ? 0 : options.MinimumDaysBeyond, options.MinimumDegreeDays);
        search.Run(options.Fuel != MeteredFuel.Gas);
        if (search.BestCount == 0)
        {
            Refuse(ReasonKind.NegativeUse, $"Use is below zero on average. Give imported and exported use as separate columns.");
            return null;
        }

        CalTrackFit fit = CalTrackSolution.Solve(rows, points, search) with
        {
            IsBilling = isBilling,
            Fuel = options.Fuel,
            DayTemperatures = (lowest, highest),
            Options = options,
        };
        Judge(fit, estimatedDays);
        return fit;
    }

    /// <summary>Whether the data suffice (CalTRACK 2.0, 2.2.1) and can carry the model.</summary>
    private void Judge(CalTrackFit fit, double estimatedDays)
    {
        double measured = fit.CoveredDays - estimatedDays;
        if (measured < options.Days)
        {
            Refuse(ReasonKind.TooFewPoints,
                $"Thin data: usable rows cover {measured:0.#} of {options.BaselineDays} days of the baseline; at most {options.MaximumMissingDays} may be missing (CalTRACK 2.0, 2.2.1.2). A part of a year shows a part of the weather; lengthen the baseline.");
        }
        else if (fit.CoveredDays > options.BaselineDays + 1 + (isBilling ? options.MaximumMissingDays : 0))
        {
            Warn(ReasonKind.LowCoverage,
                $"The baseline covers {fit.CoveredDays:0.#} days; the method takes the last {options.BaselineDays} before the project (CalTRACK 2.0, 3.1.3).");
        }

        int parameters = fit.P + fit.P - 1;
        if (fit.N < parameters + options.MinimumDegreesOfFreedom)
        {
            Refuse(ReasonKind.TooFewPoints,
                $"Thin data: {fit.N} rows for {parameters} parameters, balance points counted; {parameters + options.MinimumDegreesOfFreedom} are needed. Such a fit looks exact because nothing is left to contradict it. Use shorter intervals or a longer baseline.");
        }

        if (isBilling && options.TemperatureWindow is TimeSpan window && fit.Intervals.Any(row => row.Days > window.TotalDays))
        {
            Warn(ReasonKind.LowCoverage,
                $"Degree days of baseline bills are taken from the first {window.TotalDays:0.#} days of each, as OpenEEmeter 3.2.0 does; the rest of a longer bill's weather is not seen.");
        }

        if (fit.CvRmse > WideCvRmse)
        {
            Warn(ReasonKind.WideScatter, $"CV(RMSE) is {100 * fit.CvRmse:0.0} %; the limit for one site is 100 % (CalTRACK 2.0, 4.3.2).");
        }
    }
}

/// <summary>Mean temperatures of the days of an interval.</summary>
internal static class DayTemperatures
{
    private const long Day = TimeSpan.MillisecondsPerDay;
    private const int HoursPerDay = 24;
    private const long LongestDay = Day + (TimeSpan.MillisecondsPerHour * 3 / 2);

    /// <summary>
    /// Fills in the means of the days with at least half of their hours (CalTRACK 2.0, 2.2.2.3), in order, and gives their number.
    /// An interval of up to a long day is one day; a longer one is cut every 24 hours from its start.
    /// </summary>
    /// <param name="weather">The temperatures.</param>
    /// <param name="interval">The interval.</param>
    /// <param name="window">How far from its start to look; null for all of it.</param>
    /// <param name="means">Where to put the means; grown when too short.</param>
    /// <param name="coverage">Share of the hours looked at that have a temperature, 0 to 1.</param>
    public static int Read(Weather weather, in MeteredInterval interval, TimeSpan? window, ref double[] means, out double coverage)
    {
        long start = interval.StartUtcMilliseconds;
        long end = interval.EndUtcMilliseconds;
        if (window is TimeSpan limit)
        {
            end = Math.Min(end, start + (limit.Ticks / TimeSpan.TicksPerMillisecond));
        }

        bool isDay = end - start <= LongestDay;
        int blocks = isDay ? 1 : (int)((end - start + Day - 1) / Day);
        if (means.Length < blocks)
        {
            means = new double[blocks];
        }

        int kept = 0;
        long hours = 0;
        long all = 0;
        for (int block = 0; block < blocks; block++)
        {
            long from = start + (block * Day);
            Period day = new(from, isDay ? end : Math.Min(end, from + Day));
            int present = weather.Sum(day, out double sum, out long expected);
            hours += present;
            all += expected;
            if (present > 0 && 2L * present >= (isDay ? expected : HoursPerDay))
            {
                means[kept++] = sum / present;
            }
        }

        coverage = all > 0 ? hours / (double)all : 0;
        return kept;
    }
}
