using System.Globalization;
using Metering.Analytics.CalTrack;
using Metering.Analytics.Baselines;
using Metering.Analytics.Intervals;

namespace Metering.Analytics.Towt;

/// <summary>
/// The hourly method of CalTRACK 2.0 (3.7 to 3.11): twelve models of the hour of the week and the temperature, each of a month
/// and, with half weight, its neighbours. Gives the predictions of OpenEEmeter 3.2.0, and refuses where that gives a number on a
/// part of a year or stops at a gap.
/// </summary>
public static class CalTrackHourly
{
    /// <summary>Share of the hours of every month and of its neighbours that must be usable (CalTRACK 2.0, 2.2.1.2).</summary>
    public const double NeededShareOfMonth = 0.9;

    /// <summary>Days that the single model must cover in nine of ten.</summary>
    private const double YearDays = 365;

    private const int Months = MonthWorkspace.Months;
    private const double HoursPerDay = 24;
    private const double TolerableMonthlyError = 0.01;
    private const int TolerableMonths = 2;

    private static readonly int[] CommonYear = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

    /// <summary>
    /// Fits the twelve models and predicts the reporting period. All twelve months must be usable, also when the reporting period
    /// is shorter: the method would let three months predict the one in the middle, which invites a choice of months.
    /// </summary>
    /// <param name="table">Rows of an hour, or of a part of an hour that divides it (all parts are then needed).</param>
    /// <param name="baseline">The period before the project: a year.</param>
    /// <param name="reporting">The period after it; null for the fit alone.</param>
    /// <param name="options">Columns, clock and rules.</param>
    /// <param name="workspace">Scratch memory to use again for the next meter; a new one when null.</param>
    /// <exception cref="ArgumentException">The temperature is not in the table, or columns differ in length.</exception>
    public static TowtOutcome Fit(
        ModelTable table, Period baseline, Period? reporting, CalTrackHourlyOptions options, MonthWorkspace? workspace = null)
    {
        ArgumentNullException.ThrowIfNull(table);
        ArgumentNullException.ThrowIfNull(options);
        TowtLayout layout = new()
        {
            Zone = options.Zone,
            Temperature = options.Temperature,
            ZeroUseIsMissing = options.ZeroUseIsMissing,
        };
        TowtGate gate = new(options.Rules, options.Unit);
        PeriodRows? before = gate.CheckBaseline(layout, table, baseline);
        if (before is null)
        {
            gate.CheckReporting(layout, table, baseline, reporting);
            return gate.Refused();
        }

        TowtRows rows = layout.Build(before);
        List<int> thin = ThinMonths(rows, baseline, options.Zone);
        CheckHours(gate, rows, thin, options);
        PeriodRows? after = gate.CheckReporting(layout, table, baseline, reporting);
        if (gate.IsRefused)
        {
            return gate.Refused();
        }

        workspace ??= new MonthWorkspace();
        List<int> narrow = after is null ? [] : NarrowMonths(rows, layout.Build(after), options.Rules);
        bool single = options.AllowSingleModel && thin.Count + narrow.Count > 0;
        if (narrow.Count > 0)
        {
            gate.Warn(ReasonKind.Extrapolation,
                $"In {Names(narrow)} more than {100 * options.Rules.MaximumShareOutside:0.#} % of the reporting hours have a temperature beyond the range of that month's baseline model by more than {100 * options.Rules.RangeMargin:0.#} % of it.");
        }

        TowtInside inside = single
            ? Single(layout, rows, options.Unit, workspace)
            : Monthly(layout, rows, options.Unit, workspace);
        if (single)
        {
            CheckSingle(gate, inside);
        }

        gate.CheckParameters(rows.Count, inside.Segments.Max(segment => segment.Parameters));
        return gate.Finish(inside, single ? TowtKind.CalTrackHourlySingle : TowtKind.CalTrackHourly, before.Coverage, after);
    }

    private static TowtInside Monthly(TowtLayout layout, TowtRows rows, TemperatureUnit unit, MonthWorkspace workspace)
    {
        MonthKernel.FitMonths(rows, unit, workspace);
        TowtSegment[] segments = new TowtSegment[Months];
        for (int month = 0; month < Months; month++)
        {
            double[] weights = new double[Months];
            MonthKernel.WeightsOf(month, weights);
            segments[month] = MonthSegment.Read(workspace, month, weights);
        }

        return new TowtInside(layout, rows, segments);
    }

    private static TowtInside Single(TowtLayout layout, TowtRows rows, TemperatureUnit unit, MonthWorkspace workspace)
    {
        MonthKernel.FitSingle(rows, unit, workspace);
        double[] weights = new double[Months];
        Array.Fill(weights, 1);
        return new TowtInside(layout, rows, [MonthSegment.Read(workspace, Months, weights)]);
    }

    /// <summary>Months with too few usable hours. The hours of a whole month are needed even where the baseline ends within it.</summary>
    private static List<int> ThinMonths(TowtRows rows, Period baseline, TimeZoneInfo zone)
    {
        double[] needed = new double[Months];
        int[] usable = new int[Months];
        for (int month = 0; month < Months; month++)
        {
            needed[month] = CommonYear[month] * HoursPerDay;
        }

        DateOnly day = PlantCalendar.DayOf(baseline.StartUtcMilliseconds, zone);
        double[] held = new double[Months];
        for (DateOnly first = new(day.Year, day.Month, 1); ; first = first.AddMonths(1))
        {
            long start = Math.Max(PlantCalendar.StartOfDay(first, zone), baseline.StartUtcMilliseconds);
            long end = Math.Min(PlantCalendar.StartOfDay(first.AddMonths(1), zone), baseline.EndUtcMilliseconds);
            if (start >= end)
            {
                break;
            }

            held[first.Month - 1] += (end - start) / (double)TimeSpan.MillisecondsPerHour;
        }

        foreach (byte month in rows.Month)
        {
            usable[month]++;
        }

        List<int> thin = [];
        for (int month = 0; month < Months; month++)
        {
            if (usable[month] <= NeededShareOfMonth * Math.Max(needed[month], held[month]))
            {
                thin.Add(month);
            }
        }

        return thin;
    }

    private static void CheckHours(TowtGate gate, TowtRows rows, List<int> thin, CalTrackHourlyOptions options)
    {
        double days = rows.Count / HoursPerDay;
        if (thin.Count > 0 && !options.AllowSingleModel)
        {
            gate.Refuse(ReasonKind.LowCoverage,
                $"Too few hours are usable in {Names(thin)}: CalTRACK needs more than {100 * NeededShareOfMonth:0} % of the hours of every month and of its neighbours. Fill the gaps from the meter, or choose a baseline of a whole year.");
        }
        else if (days < NeededShareOfMonth * YearDays)
        {
            gate.Refuse(ReasonKind.LowCoverage,
                $"The usable hours of the baseline make {days:0} days; a single model needs {100 * NeededShareOfMonth:0} % of a year.");
        }
    }

    /// <summary>Months whose reporting hours go beyond the temperatures of their own model.</summary>
    private static List<int> NarrowMonths(TowtRows rows, TowtRows target, BaselineRules rules)
    {
        List<int> narrow = [];
        double[] weights = new double[Months];
        for (int month = 0; month < Months; month++)
        {
            MonthKernel.WeightsOf(month, weights);
            double low = double.PositiveInfinity;
            double high = double.NegativeInfinity;
            for (int i = 0; i < rows.Count; i++)
            {
                if (weights[rows.Month[i]] > 0)
                {
                    low = Math.Min(low, rows.Temperature[i]);
                    high = Math.Max(high, rows.Temperature[i]);
                }
            }

            double margin = rules.RangeMargin * (high - low);
            int hours = 0;
            int outside = 0;
            for (int i = 0; i < target.Count; i++)
            {
                if (target.Month[i] == month)
                {
                    hours++;
                    outside += target.Temperature[i] < low - margin || target.Temperature[i] > high + margin ? 1 : 0;
                }
            }

            if (outside > rules.MaximumShareOutside * hours)
            {
                narrow.Add(month);
            }
        }

        return narrow;
    }

    /// <summary>Whether one model may stand in for twelve.</summary>
    private static void CheckSingle(TowtGate gate, TowtInside inside)
    {
        TowtRows rows = inside.Baseline;
        double[] fitted = inside.Fitted();
        double[] error = new double[Months];
        double[] use = new double[Months];
        for (int i = 0; i < rows.Count; i++)
        {
            error[rows.Month[i]] += rows.Use[i] - fitted[i];
            use[rows.Month[i]] += rows.Use[i];
        }

        List<int> biased = [];
        for (int month = 0; month < Months; month++)
        {
            if (Math.Abs(error[month]) > TolerableMonthlyError * Math.Abs(use[month]))
            {
                biased.Add(month);
            }
        }

        if (biased.Count > TolerableMonths)
        {
            gate.Refuse(ReasonKind.WideScatter,
                $"One model for the whole year misses the use of {Names(biased)} by more than {100 * TolerableMonthlyError:0} %; CalTRACK allows that in {TolerableMonths} months. Give a baseline in which every month is complete.");
        }
        else
        {
            gate.Warn(ReasonKind.Indicative, $"One model for the whole year stands in for the twelve of CalTRACK, because months of them are too thin or too narrow.");
        }
    }

    private static string Names(List<int> months) =>
        string.Join(", ", months.Select(month => CultureInfo.InvariantCulture.DateTimeFormat.GetMonthName(month + 1)));
}
