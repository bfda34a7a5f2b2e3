using Metering.Analytics.Baselines;
using Metering.Analytics.Intervals;

namespace Metering.Analytics.Towt;

/// <summary>
/// Models of use by the time of the week and the outdoor temperature (Mathieu, Price, Kiliccote and Piette 2011; CalTRACK 2.0,
/// 3.7 to 3.11), on the plant's own clock and with production and operating modes beside them.
/// </summary>
public static class TowtModel
{
    /// <summary>Most operating modes.</summary>
    public const int MaximumModes = 12;

    /// <summary>Most temperature knots.</summary>
    public const int MaximumKnots = 12;

    /// <summary>Parts with equal numbers of days between the knots of the daily model.</summary>
    internal const int DailyParts = 6;

    /// <summary>Fits a mean per hour of the week; rows of an hour, or of a part of an hour that divides it (all parts are then needed).</summary>
    /// <param name="table">The rows.</param>
    /// <param name="baseline">The period before the project.</param>
    /// <param name="reporting">The period after it; null for the fit alone.</param>
    /// <param name="options">Columns, clock and rules.</param>
    /// <exception cref="ArgumentException">A column is not in the table, columns differ in length, more than <see cref="MaximumModes"/> modes, or knots that do not ascend.</exception>
    public static TowtOutcome FitHourly(ModelTable table, Period baseline, Period? reporting, TowtOptions options) =>
        Fit(table, baseline, reporting, options, isDaily: false);

    /// <summary>Fits a mean per day of the week; rows of a day, with the mean temperature of the day.</summary>
    /// <param name="table">The rows.</param>
    /// <param name="baseline">The period before the project.</param>
    /// <param name="reporting">The period after it; null for the fit alone.</param>
    /// <param name="options">Columns, clock and rules.</param>
    /// <exception cref="ArgumentException">A column is not in the table, columns differ in length, more than <see cref="MaximumModes"/> modes, or knots that do not ascend.</exception>
    public static TowtOutcome FitDaily(ModelTable table, Period baseline, Period? reporting, TowtOptions options) =>
        Fit(table, baseline, reporting, options, isDaily: true);

    private static TowtOutcome Fit(ModelTable table, Period baseline, Period? reporting, TowtOptions options, bool isDaily)
    {
        ArgumentNullException.ThrowIfNull(table);
        ArgumentNullException.ThrowIfNull(options);
        double[]? knots = CheckKnots(options.TemperatureKnots);
        TowtLayout layout = new()
        {
            Zone = options.Zone,
            Temperature = options.Temperature,
            LinearDrivers = options.LinearDrivers,
            OperatingMode = options.OperatingMode,
            Holidays = options.Holidays,
            IsDaily = isDaily,
        };
        CheckModes(layout, table);
        TowtGate gate = new(options.Rules, options.Unit);
        PeriodRows? before = gate.CheckBaseline(layout, table, baseline);
        PeriodRows? after = gate.CheckReporting(layout, table, baseline, reporting);
        if (before is null || (reporting is not null && after is null))
        {
            return gate.Refused();
        }

        layout = layout with { Modes = FindModes(layout, before) };
        TowtRows rows = layout.Build(before);
        TowtSegment segment = FitSegment(rows, layout.GroupCount, knots, options, isDaily);
        gate.CheckParameters(rows.Count, segment.Parameters);
        TowtInside inside = new(layout, rows, [segment]);
        return gate.Finish(inside, isDaily ? TowtKind.Daily : TowtKind.Hourly, before.Coverage, after);
    }

    private static TowtSegment FitSegment(TowtRows rows, int groups, double[]? knots, TowtOptions options, bool isDaily)
    {
        bool[] occupied = TowtRegression.FindOccupied(
            rows, groups, TemperatureScale.Heating(options.Unit), TemperatureScale.Cooling(options.Unit));
        if (isDaily && knots is null)
        {
            double[] shared = TowtRegression.EqualCountKnots(rows, DailyParts);
            return TowtRegression.Fit(rows, occupied, shared, shared);
        }

        knots ??= TemperatureScale.StandardKnots(options.Unit);
        return TowtRegression.Fit(
            rows,
            occupied,
            TowtRegression.KeepKnots(rows, occupied, true, knots),
            TowtRegression.KeepKnots(rows, occupied, false, knots));
    }

    private static double[]? CheckKnots(IReadOnlyList<double>? knots)
    {
        if (knots is null)
        {
            return null;
        }

        if (knots.Count > MaximumKnots)
        {
            throw new ArgumentOutOfRangeException(nameof(knots), knots.Count, "There are at most 12 temperature knots.");
        }

        for (int i = 0; i < knots.Count; i++)
        {
            if (!double.IsFinite(knots[i]) || (i > 0 && knots[i] <= knots[i - 1]))
            {
                throw new ArgumentException("Temperature knots are finite and ascending.", nameof(knots));
            }
        }

        return [.. knots];
    }

    private static void CheckModes(TowtLayout layout, ModelTable table)
    {
        if (layout.OperatingMode is null)
        {
            return;
        }

        HashSet<double> modes = [];
        foreach (double code in layout.Narrow(table, metered: true).Drivers[^1].Values)
        {
            if (!double.IsNaN(code) && modes.Add(code) && modes.Count > MaximumModes)
            {
                throw new ArgumentException(
                    "The operating mode has more than 12 different values; it is a code, not a quantity. Give a quantity as a linear driver.",
                    nameof(table));
            }
        }
    }

    private static double[] FindModes(TowtLayout layout, PeriodRows rows) =>
        layout.OperatingMode is null ? [] : [.. rows.Drivers[^1].Distinct().Order()];
}
