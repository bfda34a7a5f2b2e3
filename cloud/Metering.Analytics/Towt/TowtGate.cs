using System.Globalization;
using Metering.Analytics.CalTrack;
using Metering.Analytics.Baselines;
using Metering.Analytics.Intervals;
using Metering.Analytics.Statistics;

namespace Metering.Analytics.Towt;

/// <summary>The checks that stand between rows and a model of the time of the week, and the statistics after it.</summary>
internal sealed class TowtGate(BaselineRules rules, TemperatureUnit unit)
{
    private const double WideDailyCvRmse = 0.25;
    private const double WideHourlyCvRmse = 0.30;
    private const double NearlyAYearDays = 328.5;

    private readonly List<Reason> reasons = [];
    private readonly List<Reason> warnings = [];
    private BaselineGate? gate;
    private PeriodRows? checkedBaseline;

    public bool IsRefused => reasons.Count > 0;

    /// <summary>Checks the rows of the baseline; null when refused before a fit can be tried.</summary>
    public PeriodRows? CheckBaseline(TowtLayout layout, ModelTable table, Period period)
    {
        ModelRows rows = ModelRows.Order(layout.Narrow(table, metered: true), useDrivers: true, reasons, warnings);
        if (rows.Spacing > 0 && !layout.Fits(rows.Spacing))
        {
            Refuse(ReasonKind.WrongRowLength,
                $"Rows stand {rows.Spacing / TimeSpan.MillisecondsPerHour:0.##} h apart; this model needs rows of {(layout.IsDaily ? "one day" : "one hour, or of a part of it")}. Choose intervals of that length.");
            return null;
        }

        PeriodRows chosen = layout.Select(rows, period);
        double spacing = layout.IsDaily ? TimeSpan.MillisecondsPerDay : TimeSpan.MillisecondsPerHour;
        gate = new BaselineGate(rules, spacing, reasons, warnings);
        checkedBaseline = Quantities(layout, chosen);
        LeastSquares? factors = gate.CheckBaseline(checkedBaseline);
        CheckTemperature(chosen, "baseline");
        double days = ((double)period.EndUtcMilliseconds - period.StartUtcMilliseconds) / TimeSpan.MillisecondsPerDay;
        if (days < NearlyAYearDays)
        {
            Warn(ReasonKind.Indicative,
                $"The baseline is {days:0} days long. A model of the time of the week needs a whole year to see all seasons; read the result as an indication.");
        }

        return factors is null || reasons.Count > 0 ? null : chosen;
    }

    /// <summary>Checks the metered rows of the reporting period; null when there is none or it is refused.</summary>
    public PeriodRows? CheckReporting(TowtLayout layout, ModelTable table, Period baseline, Period? reporting)
    {
        if (reporting is not Period period || gate is null || checkedBaseline is null)
        {
            return null;
        }

        gate.CheckPeriods(baseline, period);
        ModelRows rows = ModelRows.Order(layout.Narrow(table, metered: true), useDrivers: true, [], []);
        PeriodRows chosen = layout.Select(rows, period);
        CheckTemperature(chosen, "reporting");
        if (checkedBaseline.Count > 0)
        {
            gate.CheckReporting(Quantities(layout, chosen), checkedBaseline);
        }

        return reasons.Count > 0 ? null : chosen;
    }

    public void CheckParameters(int rows, int parameters)
    {
        if (rows < parameters + rules.MinimumDegreesOfFreedom)
        {
            Refuse(ReasonKind.TooFewPoints,
                $"The baseline has {rows} usable rows; the {parameters} parameters of this model need {parameters + rules.MinimumDegreesOfFreedom}. Lengthen the baseline.");
        }
    }

    public void Refuse(ReasonKind kind, FormattableString detail) => reasons.Add(new Reason(kind, Invariant(detail)));

    public void Warn(ReasonKind kind, FormattableString detail) => warnings.Add(new Reason(kind, Invariant(detail)));

    public TowtOutcome Refused() => new() { Reasons = reasons, Warnings = warnings };

    /// <summary>Statistics of the fit, predictions of the reporting rows, last checks.</summary>
    public TowtOutcome Finish(TowtInside inside, TowtKind kind, double coverage, PeriodRows? after)
    {
        if (reasons.Count > 0)
        {
            return Refused();
        }

        TowtFit fit = Describe(inside, kind, coverage);
        TowtPrediction? reporting = after is null ? null : inside.Predict(inside.Layout.Build(after));
        if (!double.IsFinite(fit.SumOfSquaredErrors) || (reporting is not null && !double.IsFinite(reporting.TotalPredicted)))
        {
            Refuse(ReasonKind.NoCounterfactual,
                $"The values are too large or too small to calculate with. Check the use column and the drivers for a slipped decimal point or exponent.");
            return Refused();
        }

        double wide = kind == TowtKind.Daily ? WideDailyCvRmse : WideHourlyCvRmse;
        if (fit.CvRmse > wide)
        {
            Warn(ReasonKind.WideScatter,
                $"CV(RMSE) is {100 * fit.CvRmse:0.0} %; above {100 * wide:0} % (ASHRAE Guideline 14) a driver is probably missing.");
        }

        if (reporting is { RowsLeftOut: > 0 })
        {
            CheckLeftOut(reporting);
        }

        return reasons.Count > 0 ? Refused() : new TowtOutcome { Fit = fit, Reporting = reporting, Reasons = reasons, Warnings = warnings };
    }

    private void CheckLeftOut(TowtPrediction reporting)
    {
        int all = reporting.RowsLeftOut + reporting.Predicted.Count;
        FormattableString text =
            $"{reporting.RowsLeftOut} of {all} reporting rows have an operating mode, or stand at a time of the week, that the baseline does not hold";
        if (reporting.RowsLeftOut > rules.MaximumShareOutside * all)
        {
            Refuse(ReasonKind.Extrapolation,
                $"{Invariant(text)}. The limit is {100 * rules.MaximumShareOutside:0.#} % of the rows. Choose a baseline that holds them.");
        }
        else
        {
            Warn(ReasonKind.Extrapolation, $"{Invariant(text)}; they are left out.");
        }
    }

    private static TowtFit Describe(TowtInside inside, TowtKind kind, double coverage)
    {
        TowtRows rows = inside.Baseline;
        double[] fitted = inside.Fitted();
        double[] residuals = new double[fitted.Length];
        double[] deviations = new double[fitted.Length];
        double mean = FixedSum.Mean(rows.Use);
        for (int i = 0; i < fitted.Length; i++)
        {
            residuals[i] = rows.Use[i] - fitted[i];
            deviations[i] = rows.Use[i] - mean;
        }

        double trace = inside.HatTrace();
        double errors = FixedSum.SumOfSquares(residuals);
        double scale = mean > 0 ? mean : double.NaN;
        TowtSegment first = inside.Segments[0];
        return new TowtFit
        {
            Kind = kind,
            Segments = [.. inside.Segments.Select((segment, index) => Summary(segment, inside.Segments.Count == 1 ? 0 : index + 1))],
            N = rows.Count,
            HatTrace = trace,
            P = inside.Segments.Sum(segment => segment.Parameters),
            MeanUse = mean,
            SumOfSquaredErrors = errors,
            R2 = 1 - (errors / FixedSum.SumOfSquares(deviations)),
            CvRmse = Math.Sqrt(errors / (rows.Count - trace)) / scale,
            Nmbe = FixedSum.Sum(residuals) / (rows.Count * scale),
            Lag1Autocorrelation = Lag1(residuals),
            Coverage = coverage,
            DriverNames = Names(inside.Layout),
            DriverSlopes = first.Slopes[(first.Columns - first.DriverCount)..],
            StartUtcMilliseconds = rows.Start,
            Metered = rows.Use,
            Fitted = fitted,
            Residuals = residuals,
            Inside = inside,
        };
    }

    private static TowtSegmentSummary Summary(TowtSegment segment, int month) =>
        new(month, segment.Occupied, segment.OccupiedKnots, segment.UnoccupiedKnots, segment.Parameters);

    private static string[] Names(TowtLayout layout) =>
        [.. layout.LinearDrivers, .. layout.Modes.Skip(1).Select(mode => string.Create(CultureInfo.InvariantCulture, $"{layout.OperatingMode}={mode:R}"))];

    private void CheckTemperature(PeriodRows rows, string period)
    {
        double low = TemperatureScale.Lowest(unit);
        double high = TemperatureScale.Highest(unit);
        int outside = rows.Drivers[0].Count(value => value < low || value > high);
        if (outside > 0)
        {
            Refuse(ReasonKind.OutsidePhysicalRange,
                $"The temperature is outside {low:0} to {high:0} degrees {unit} in {outside} of {rows.Count} rows of the {period} period. Check its unit, and leave readings of a broken sensor blank.");
        }
    }

    /// <summary>The rows without the column of the operating mode, which is a code and has no range.</summary>
    private static PeriodRows Quantities(TowtLayout layout, PeriodRows rows) => layout.OperatingMode is null
        ? rows
        : rows with { Drivers = rows.Drivers[..^1], Names = [.. rows.Names.Take(rows.Names.Count - 1)] };

    private static double Lag1(double[] residuals)
    {
        double later = FixedSum.Mean(residuals.AsSpan(1));
        double earlier = FixedSum.Mean(residuals.AsSpan(0, residuals.Length - 1));
        double product = 0;
        double laterSquares = 0;
        double earlierSquares = 0;
        for (int i = 1; i < residuals.Length; i++)
        {
            double a = residuals[i] - later;
            double b = residuals[i - 1] - earlier;
            product += a * b;
            laterSquares += a * a;
            earlierSquares += b * b;
        }

        double squares = laterSquares * earlierSquares;
        return squares > 0 ? product / Math.Sqrt(squares) : 0;
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
