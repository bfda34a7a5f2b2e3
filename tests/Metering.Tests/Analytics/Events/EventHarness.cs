using Metering.Analytics.Events;
using Metering.Tests.Analytics.Simulation;

namespace Metering.Tests.Analytics.Events;

/// <summary>Saving of a simulated plant with the right drivers, with and without what the search for events proposes.</summary>
internal sealed class EventHarness
{
    private const double NormalQuantile = 1.6448536269514722;

    private readonly SimulatedPlant plant;
    private readonly int[] before;
    private readonly int[] after;

    public EventHarness(SimulatedPlant plant, EventScanOptions? options = null, EventScanWorkspace? workspace = null)
    {
        this.plant = plant;
        before = Rows(0, SimulatedPlant.BaselineEndRow);
        after = Rows(SimulatedPlant.ReportingStartRow, plant.Rows);
        Unadjusted = Saving([], out double unadjustedHalf);
        UnadjustedHalfWidth = unadjustedHalf;
        SmallRegression fit = Baseline([]);
        (BaselineRows, ReportingRows) = (ScanRows(before, fit), ScanRows(after, fit));
        Scan = EventScanner.Scan(BaselineRows, ReportingRows, options, workspace);
        Events = [.. Scan.Proposals.Where(proposal => proposal.Kind != EventKind.OutlierDays)];
        EventProposal[] early = [.. Events.Where(change => !change.IsNearInstallation && change.Period == EventPeriod.Baseline)];
        EventProposal[] late = [.. Events.Where(change => !change.IsNearInstallation && change.Period == EventPeriod.Reporting)];
        double plain = Saving(early, out _);
        AdjustedByTotals = plain + late.Sum(change => change.Total);
        AdjustedByExpectedTotals = plain + late.Sum(change => change.ExpectedTotal);
        Adjusted = Saving([.. Events.Where(proposal => !proposal.IsNearInstallation)], out double half);
        AdjustedHalfWidth = half;
    }

    public EventScanRows BaselineRows { get; }

    public EventScanRows ReportingRows { get; }

    public EventScanResult Scan { get; }

    /// <summary>Proposals but outliers.</summary>
    public IReadOnlyList<EventProposal> Events { get; }

    public double Unadjusted { get; }

    public double UnadjustedHalfWidth { get; }

    public double Adjusted { get; }

    public double AdjustedByTotals { get; }

    public double AdjustedByExpectedTotals { get; }

    public double AdjustedHalfWidth { get; }

    /// <summary>Proposals that share no day with the true event (none when there is none).</summary>
    public int FalseEvents => Events.Count(proposal => !Overlaps(proposal));

    public bool IsDetected => Events.Any(Overlaps);

    public double ErrorShare(double saving) => (saving - plant.TrueSavings) / plant.ExpectedCounterfactual;

    private bool Overlaps(EventProposal proposal)
    {
        if (plant.Event.Kind == SimulatedEventKind.None)
        {
            return false;
        }

        bool inBaseline = proposal.Period == EventPeriod.Baseline;
        long first = SimulatedPlant.StartOf(Math.Max(plant.Event.FirstRow, inBaseline ? 0 : SimulatedPlant.ReportingStartRow));
        long last = SimulatedPlant.StartOf(Math.Min(plant.Event.EndRow, inBaseline ? SimulatedPlant.BaselineEndRow : plant.Rows) - 1);
        return proposal.FromUtcMilliseconds <= last && (proposal.ToUtcMilliseconds ?? long.MaxValue) > first
            && last > first;
    }

    private int[] Rows(int first, int end) => [.. Enumerable.Range(first, end - first).Where(i => !double.IsNaN(plant.Use[i]))];

    private List<double[]> Columns(int[] rows, IEnumerable<EventProposal> events)
    {
        List<double[]> columns = [[.. rows.Select(_ => 1.0)]];
        columns.AddRange(plant.TrueDrivers.Select(driver => rows.Select(i => driver.Values[i]).ToArray()));
        columns.AddRange(events.Select(change => rows.Select(i => change.WeightAt(SimulatedPlant.StartOf(i))).ToArray()));
        return columns;
    }

    private double[] Use(int[] rows) => [.. rows.Select(i => plant.Use[i])];

    private SmallRegression Baseline(IReadOnlyList<EventProposal> events) => new(Columns(before, events), Use(before));

    private EventScanRows ScanRows(int[] rows, SmallRegression fit)
    {
        List<double[]> columns = Columns(rows, []);
        double[] predictions = [.. rows.Select((_, i) => Enumerable.Range(0, columns.Count).Sum(j => fit.Coefficients[j] * columns[j][i]))];
        return new EventScanRows
        {
            StartUtcMilliseconds = [.. rows.Select(SimulatedPlant.StartOf)],
            Residuals = [.. rows.Select((row, i) => plant.Use[row] - predictions[i])],
            Predictions = predictions,
            Drivers = [.. columns.Skip(1)],
        };
    }

    /// <summary>
    /// Events of the baseline are columns of its regression; those of the reporting period are columns of a regression of that
    /// period, and what they add there is taken off. The variance is that of the rows' weights under the baseline's noise.
    /// </summary>
    private double Saving(IReadOnlyList<EventProposal> events, out double halfWidth)
    {
        EventProposal[] early = [.. events.Where(change => change.Period == EventPeriod.Baseline)];
        EventProposal[] late = [.. events.Where(change => change.Period == EventPeriod.Reporting)];
        SmallRegression fit = Baseline(early);
        double[] sums = [.. Columns(after, early).Select(column => column.Sum())];
        double saving = fit.Coefficients.Zip(sums, (coefficient, sum) => coefficient * sum).Sum() - Use(after).Sum();
        double[] rowWeights = [.. after.Select(_ => -1.0)];
        if (late.Length > 0)
        {
            List<double[]> columns = Columns(after, late);
            SmallRegression own = new(columns, Use(after));
            double[] combination = [.. columns.Select((column, j) => j < columns.Count - late.Length ? 0 : column.Sum())];
            saving += own.Coefficients.Zip(combination, (coefficient, sum) => coefficient * sum).Sum();
            double[] weights = own.RowWeights(combination);
            rowWeights = [.. rowWeights.Zip(weights, (left, right) => left + right)];
        }

        double r = Correlation(fit.Residuals, sums.Length);
        double trace = Enumerable.Range(0, sums.Length).Sum(j => Trace(fit, early, j, r));
        double variance = fit.Residuals.Sum(residual => residual * residual) / Math.Max(1, before.Length - trace);
        double dates = late.Sum(change => change.TotalDateDeviation * change.TotalDateDeviation);
        double standardError = Math.Sqrt(dates + (variance
            * (SmallRegression.Quadratic(fit.RowWeights(sums), r) + SmallRegression.Quadratic(rowWeights, r))));
        double degrees = Math.Max((before.Length * (1 - r) / (1 + r)) - sums.Length, 3);

        // Hill's first terms of Student's t are enough here.
        double factor = NormalQuantile + (((NormalQuantile * NormalQuantile * NormalQuantile) + NormalQuantile) / (4 * degrees));
        halfWidth = factor * standardError;
        return saving;
    }

    /// <summary>Part j of trace(X (X'X)^-1 X' O).</summary>
    private double Trace(SmallRegression fit, IReadOnlyList<EventProposal> early, int j, double r)
    {
        double[] unit = new double[fit.Coefficients.Length];
        unit[j] = 1;
        double[] left = fit.RowWeights(unit);
        double[] right = Columns(before, early)[j];
        double sum = 0;
        double pastLeft = 0;
        double pastRight = 0;
        for (int i = 0; i < left.Length; i++)
        {
            sum += (left[i] * right[i]) + (left[i] * pastRight) + (right[i] * pastLeft);
            pastLeft = r * (pastLeft + left[i]);
            pastRight = r * (pastRight + right[i]);
        }

        return sum;
    }

    private static double Correlation(double[] residuals, int parameters)
    {
        double products = 0;
        double squares = 0;
        for (int i = 1; i < residuals.Length; i++)
        {
            products += residuals[i] * residuals[i - 1];
            squares += ((residuals[i] * residuals[i]) + (residuals[i - 1] * residuals[i - 1])) / 2;
        }

        double r = products / squares;
        return Math.Clamp(r + ((1 + (3 * r)) * parameters / (2.0 * residuals.Length)), 0, 0.985);
    }
}
