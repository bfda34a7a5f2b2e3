using System.Globalization;
using Metering.Analytics.Intervals;
using Metering.Analytics.Statistics;

namespace Metering.Analytics.Baselines;

/// <summary>The checks that stand between data and a number. All of them run, so that the reader gets all reasons at once.</summary>
internal sealed class BaselineGate(BaselineRules rules, double spacing, List<Reason> reasons, List<Reason> warnings)
{
    private const double LongRowDays = 6;
    private const int FewRows = 24;
    private const double WideCvRmse = 0.25;
    private const double GoodCoverage = 0.9;

    /// <summary>Checks the rows of the baseline; gives the factored drivers, or null when refused.</summary>
    public LeastSquares? CheckBaseline(PeriodRows rows)
    {
        if (!CheckRows(rows, "baseline"))
        {
            return null;
        }

        CheckCount(rows);
        double[][] standard = new double[rows.Drivers.Length][];
        bool varied = true;
        for (int j = 0; j < standard.Length; j++)
        {
            standard[j] = LeastSquares.Standardise(rows.Drivers[j], out double mean, out double length);
            if (length == 0)
            {
                varied = false;
                Refuse(ReasonKind.ConstantDriver,
                    $"The driver '{rows.Names[j]}' is {mean:R} throughout the baseline, so that its effect cannot be seen. Leave it out, or choose a baseline in which it varies.");
            }
        }

        LeastSquares.Standardise(rows.Use, out double meanUse, out double spread);
        if (spread == 0 && rows.Count > 1)
        {
            Refuse(ReasonKind.ConstantUse,
                $"Use is {meanUse:R} in every row of the baseline. A meter that stands still cannot carry a baseline; check the column.");
        }

        return varied ? Factor(rows, standard) : null;
    }

    /// <summary>Checks the rows of the reporting period against the fitted baseline.</summary>
    public void CheckReporting(PeriodRows rows, PeriodRows baseline)
    {
        if (!CheckRows(rows, "reporting"))
        {
            return;
        }

        for (int j = 0; j < rows.Drivers.Length; j++)
        {
            double low = baseline.Drivers[j].Min();
            double high = baseline.Drivers[j].Max();
            double margin = rules.RangeMargin * (high - low);
            int outside = rows.Drivers[j].Count(value => value < low - margin || value > high + margin);
            double share = outside / (double)rows.Count;
            if (outside == 0)
            {
                continue;
            }

            FormattableString text =
                $"The driver '{rows.Names[j]}' is outside the baseline's range {low:R} to {high:R} by more than {100 * rules.RangeMargin:0.#} % of it in {outside} of {rows.Count} reporting rows (it reaches {rows.Drivers[j].Min():R} to {rows.Drivers[j].Max():R})";
            if (share > rules.MaximumShareOutside)
            {
                Refuse(ReasonKind.Extrapolation,
                    $"{Invariant(text)}. The limit is {100 * rules.MaximumShareOutside:0.#} % of the rows: the model has not seen such conditions. Choose a baseline that has.");
            }
            else
            {
                Warn(ReasonKind.Extrapolation, $"{Invariant(text)}.");
            }
        }
    }

    /// <summary>Checks that the reporting period follows the baseline.</summary>
    public void CheckPeriods(Period baseline, Period reporting)
    {
        if (baseline.Overlaps(reporting))
        {
            Refuse(ReasonKind.PeriodsOverlap,
                $"The baseline and the reporting period share days. A saving is measured against time before the project; move one of them.");
        }
        else if (reporting.EndUtcMilliseconds <= baseline.StartUtcMilliseconds)
        {
            Refuse(ReasonKind.PeriodsOverlap,
                $"The reporting period lies before the baseline. Avoided use needs the baseline first; exchange them.");
        }
    }

    /// <summary>What a reader should know beside an accepted number.</summary>
    public void WarnOfFit(BaselineFit fit)
    {
        if (fit.CvRmse > WideCvRmse)
        {
            Warn(ReasonKind.WideScatter,
                $"CV(RMSE) is {100 * fit.CvRmse:0.0} %; above {100 * WideCvRmse:0} % (ASHRAE Guideline 14, whole building) a driver is probably missing.");
        }

        if (fit.N <= FewRows)
        {
            Warn(ReasonKind.Indicative, $"The baseline has {fit.N} rows; the interval is indicative.");
        }
    }

    private LeastSquares? Factor(PeriodRows rows, double[][] standard)
    {
        bool paired = false;
        for (int j = 0; j < standard.Length; j++)
        {
            for (int k = 0; k < j; k++)
            {
                double correlation = FixedSum.Dot(standard[k], standard[j]);
                if (Math.Abs(correlation) > rules.MaximumCorrelation)
                {
                    paired = true;
                    Refuse(ReasonKind.Collinear,
                        $"The drivers '{rows.Names[k]}' and '{rows.Names[j]}' move together (correlation {correlation:0.000}, limit {rules.MaximumCorrelation:0.00}), so that their effects cannot be told apart. Keep one of them.");
                }
            }
        }

        LeastSquares? factors = LeastSquares.Factor(rows.Count, rows.Drivers);
        if (factors is null && !paired)
        {
            Refuse(ReasonKind.Collinear, $"One driver is a combination of the others. Leave one out.");
        }

        for (int j = 0; factors is not null && !paired && j < factors.Count; j++)
        {
            double inflation = factors.VarianceInflation(j);
            if (inflation > rules.MaximumVarianceInflation)
            {
                Refuse(ReasonKind.Collinear,
                    $"The driver '{rows.Names[j]}' nearly follows from the other drivers (variance inflation {inflation:0.0}, limit {rules.MaximumVarianceInflation:0}). Leave one out.");
            }
        }

        return factors;
    }

    private bool CheckRows(PeriodRows rows, string period)
    {
        if (rows.Count == 0)
        {
            Refuse(ReasonKind.EmptyPeriod,
                $"The {period} period has no row with use and all drivers. Check its dates and the columns.");
            return false;
        }

        bool finite = CheckFinite(rows.Use, "use", period);
        for (int j = 0; j < rows.Drivers.Length; j++)
        {
            finite &= CheckFinite(rows.Drivers[j], $"driver '{rows.Names[j]}'", period);
        }

        if (rows.Coverage < rules.MinimumCoverage)
        {
            Refuse(ReasonKind.LowCoverage,
                $"Usable rows cover {100 * rows.Coverage:0.0} % of the {period} period ({rows.Count} of {rows.Expected:0}); the limit is {100 * rules.MinimumCoverage:0} %. Fill the gaps from the meter, or shorten the period.");
        }
        else if (rows.Coverage < GoodCoverage)
        {
            Warn(ReasonKind.LowCoverage,
                $"Usable rows cover {100 * rows.Coverage:0.0} % of the {period} period ({rows.Count} of {rows.Expected:0}); nothing is claimed for the rest.");
        }

        if (rows.Negative > rules.MaximumNegativeShare * rows.Count)
        {
            Refuse(ReasonKind.NegativeUse,
                $"Use is below zero in {rows.Negative} of {rows.Count} rows of the {period} period; the limit is {100 * rules.MaximumNegativeShare:0.#} %. Give imported and exported use as separate columns.");
        }
        else if (rows.Negative > 0)
        {
            Warn(ReasonKind.NegativeUse, $"Use is below zero in {rows.Negative} of {rows.Count} rows of the {period} period.");
        }

        return finite;
    }

    private bool CheckFinite(double[] column, string name, string period)
    {
        int infinite = column.Count(double.IsInfinity);
        if (infinite > 0)
        {
            Refuse(ReasonKind.NotFinite, $"The {name} is infinite in {infinite} rows of the {period} period. Leave missing values blank.");
        }

        return infinite == 0;
    }

    private void CheckCount(PeriodRows rows)
    {
        double days = spacing / TimeSpan.MillisecondsPerDay;
        int parameters = rows.Drivers.Length + 1;
        double needed = rules.MinimumLongRows;
        if (days < LongRowDays)
        {
            needed = days is > 0 and < 1 ? Math.Ceiling(rules.MinimumDays / days) : rules.MinimumDays;
        }

        needed = Math.Max(needed, parameters + rules.MinimumDegreesOfFreedom);
        if (rows.Count < needed)
        {
            Refuse(ReasonKind.TooFewPoints,
                $"The baseline has {rows.Count} usable rows; a model with {parameters} parameters on rows of this length needs {needed:0}. Lengthen the baseline, or use fewer drivers.");
        }
    }

    private void Refuse(ReasonKind kind, FormattableString detail) => reasons.Add(new Reason(kind, Invariant(detail)));

    private void Warn(ReasonKind kind, FormattableString detail) => warnings.Add(new Reason(kind, Invariant(detail)));

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
