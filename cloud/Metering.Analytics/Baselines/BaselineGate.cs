using System.Globalization;
using Metering.Analytics.Intervals;
using Metering.Analytics.Statistics;

namespace Metering.Analytics.Baselines;

/// <summary>The checks that stand between data and a number. All of them run, so that the reader gets all reasons at once.</summary>
internal sealed partial class BaselineGate(BaselineRules rules, double spacing, List<Reason> reasons, List<Reason> warnings)
{
    private const double LongRowDays = 6;
    private const double GoodCoverage = 0.9;

    /// <summary>Checks the rows of the baseline; gives the factored drivers, or null when refused.</summary>
    public LeastSquares? CheckBaseline(PeriodRows rows)
    {
        if (!CheckRows(rows, "baseline"))
        {
            return null;
        }

        CheckCount(rows, rows.Drivers.Length + 1);
        bool varied = true;
        double[][] standard = new double[rows.Drivers.Length][];
        for (int j = 0; j < standard.Length; j++)
        {
            standard[j] = LeastSquares.Standardise(rows.Drivers[j], out double mean, out double length);
            if (length == 0)
            {
                varied = false;
                RefuseConstant(rows, j, mean);
            }
        }

        CheckSpread(rows);
        return varied ? Factor(rows, standard) : null;
    }

    /// <summary>
    /// Checks the rows of the baseline before a model is chosen; gives the drivers that can be used, or null when refused.
    /// Drivers that the caller named are refused when they stand still; candidates are left out with a note.
    /// </summary>
    public int[]? CheckCandidates(PeriodRows rows, bool areCandidates)
    {
        if (!CheckRows(rows, "baseline"))
        {
            return null;
        }

        CheckCount(rows, 1);
        CheckSpread(rows);
        if (!double.IsFinite(FixedSum.SumOfSquares(rows.Use)) || rows.Drivers.Any(driver => !double.IsFinite(FixedSum.SumOfSquares(driver))))
        {
            RefuseSize();
            return null;
        }

        List<int> usable = [];
        for (int j = 0; j < rows.Drivers.Length - rows.Events.Count; j++)
        {
            LeastSquares.Standardise(rows.Drivers[j], out double mean, out double length);
            if (length > 0)
            {
                usable.Add(j);
            }
            else if (areCandidates)
            {
                Warn(ReasonKind.DriverLeftOut, $"The column '{rows.Names[j]}' is {mean:R} throughout the baseline and was left out.");
            }
            else
            {
                RefuseConstant(rows, j, mean);
            }
        }

        return reasons.Count == 0 ? [.. usable] : null;
    }

    /// <summary>Pairs of drivers that move together: named drivers are refused, of candidates no model holds both.</summary>
    public bool[,] CollinearPairs(PeriodRows rows, int[] usable, bool areCandidates)
    {
        bool[,] together = new bool[rows.Drivers.Length, rows.Drivers.Length];
        double[][] standard = [.. rows.Drivers.Select(driver => LeastSquares.Standardise(driver, out _, out _))];
        for (int a = 0; a < usable.Length; a++)
        {
            for (int b = 0; b < a; b++)
            {
                (int j, int k) = (usable[a], usable[b]);
                double correlation = FixedSum.Dot(standard[k], standard[j]);
                if (Math.Abs(correlation) <= rules.MaximumCorrelation)
                {
                    continue;
                }

                together[j, k] = true;
                together[k, j] = true;
                if (areCandidates)
                {
                    Warn(ReasonKind.Collinear,
                        $"The columns '{rows.Names[k]}' and '{rows.Names[j]}' move together (correlation {correlation:0.000}, limit {rules.MaximumCorrelation:0.00}); no model was tried with both.");
                }
                else
                {
                    RefusePair(rows, k, j, correlation);
                }
            }
        }

        return together;
    }

    /// <summary>Rows that a model with so many parameters needs.</summary>
    public double RowsNeeded(int parameters)
    {
        double days = spacing / TimeSpan.MillisecondsPerDay;
        double needed = rules.MinimumLongRows;
        if (days < LongRowDays)
        {
            needed = days is > 0 and < 1 ? Math.Ceiling(rules.MinimumDays / days) : rules.MinimumDays;
        }

        return Math.Max(needed, parameters + rules.MinimumDegreesOfFreedom);
    }

    /// <summary>Whether there is a reason already.</summary>
    public bool IsRefused => reasons.Count > 0;

    /// <summary>
    /// Whether the inflation of the linear terms of a model is inside the limit. The two sides of a change point and a
    /// product of two drivers share their driver by nature and are not judged, nor are indicators of events, the last terms.
    /// </summary>
    public bool IsInflationAllowed(LeastSquares factors, ModelDesign design, int events)
    {
        bool[] shared = new bool[factors.Count];
        for (int j = 0; j < shared.Length; j++)
        {
            BaselineTerm term = design.Terms[j];
            shared[j] = j >= shared.Length - events || term.Kind != TermKind.Linear || design.Terms.Any(other => other.Kind == TermKind.Product
                && (other.Driver == term.Driver || other.Second == term.Driver));
        }

        for (int j = 0; j < factors.Count; j++)
        {
            if (!shared[j] && factors.VarianceInflation(j) > rules.MaximumVarianceInflation)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Checks the rows of the reporting period against the fitted baseline.</summary>
    /// <param name="rows">Rows of the reporting period.</param>
    /// <param name="baseline">Rows of the baseline.</param>
    /// <param name="isUsed">Whether the model uses a driver; all when null.</param>
    public void CheckReporting(PeriodRows rows, PeriodRows baseline, bool[]? isUsed = null)
    {
        if (!CheckRows(rows, "reporting"))
        {
            return;
        }

        for (int j = 0; j < rows.Drivers.Length; j++)
        {
            if (isUsed is null || isUsed[j])
            {
                CheckRange(rows, baseline, j);
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

    /// <summary>Whether all drivers used stay inside what the baseline has seen, as far as the rules ask.</summary>
    public bool IsInside(PeriodRows rows, PeriodRows baseline, bool[] isUsed)
    {
        for (int j = 0; j < isUsed.Length; j++)
        {
            if (isUsed[j] && Outside(rows, baseline, j) > rules.MaximumShareOutside * rows.Count)
            {
                return false;
            }
        }

        return true;
    }

    private int Outside(PeriodRows rows, PeriodRows baseline, int driver)
    {
        double low = baseline.Drivers[driver].Min();
        double high = baseline.Drivers[driver].Max();
        double margin = rules.RangeMargin * (high - low);
        return rows.Drivers[driver].Count(value => value < low - margin || value > high + margin);
    }

    private void CheckRange(PeriodRows rows, PeriodRows baseline, int driver)
    {
        double low = baseline.Drivers[driver].Min();
        double high = baseline.Drivers[driver].Max();
        int outside = Outside(rows, baseline, driver);
        double share = outside / (double)rows.Count;
        if (outside == 0)
        {
            return;
        }

        FormattableString text =
            $"The driver '{rows.Names[driver]}' is outside the baseline's range {low:R} to {high:R} by more than {100 * rules.RangeMargin:0.#} % of it in {outside} of {rows.Count} reporting rows (it reaches {rows.Drivers[driver].Min():R} to {rows.Drivers[driver].Max():R})";
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

    private void CheckSpread(PeriodRows rows)
    {
        LeastSquares.Standardise(rows.Use, out double meanUse, out double spread);
        if (spread == 0 && rows.Count > 1)
        {
            Refuse(ReasonKind.ConstantUse,
                $"Use is {meanUse:R} in every row of the baseline. A meter that stands still cannot carry a baseline; check the column.");
        }
    }

    /// <summary>Squares of numbers beyond 1e154 or so are infinite, and what is made of them is no number.</summary>
    public void RefuseSize() => Refuse(ReasonKind.NoCounterfactual,
        $"The values are too large or too small to calculate with. Check the use column and the drivers for a slipped decimal point or exponent.");

    private void RefuseConstant(PeriodRows rows, int driver, double mean) => Refuse(ReasonKind.ConstantDriver,
        $"The driver '{rows.Names[driver]}' is {mean:R} throughout the baseline, so that its effect cannot be seen. Leave it out, or choose a baseline in which it varies.");

    private void RefusePair(PeriodRows rows, int k, int j, double correlation) => Refuse(ReasonKind.Collinear,
        $"The drivers '{rows.Names[k]}' and '{rows.Names[j]}' move together (correlation {correlation:0.000}, limit {rules.MaximumCorrelation:0.00}), so that their effects cannot be told apart. Keep one of them.");

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
                    RefusePair(rows, k, j, correlation);
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

    private void CheckCount(PeriodRows rows, int parameters)
    {
        double needed = RowsNeeded(parameters);
        if (rows.Count < needed)
        {
            Refuse(ReasonKind.TooFewPoints,
                $"The baseline has {rows.Count} usable rows; a model with {parameters} parameters on rows of this length needs {needed:0}. Lengthen the baseline, or use fewer drivers.");
        }
    }

    /// <summary>Adds a reason; there will be no number.</summary>
    public void Refuse(ReasonKind kind, FormattableString detail) => reasons.Add(new Reason(kind, Invariant(detail)));

    /// <summary>Adds a note beside the number.</summary>
    public void Warn(ReasonKind kind, FormattableString detail) => warnings.Add(new Reason(kind, Invariant(detail)));

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
