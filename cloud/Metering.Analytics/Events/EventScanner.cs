using Metering.Analytics.Baselines;

namespace Metering.Analytics.Events;

/// <summary>Memory for searches; a warm one makes a search without events free of all but its result. Not for two threads at once.</summary>
public sealed class EventScanWorkspace
{
    internal PeriodSearch Search { get; } = new();
}

/// <summary>
/// Proposes non-routine events from the residuals of a baseline model, in the baseline period and in the reporting period apart:
/// a change at the installation itself is the project's effect and never an event.
/// </summary>
public static class EventScanner
{
    /// <summary>Fewest rows of a period that is searched.</summary>
    public const int FewestRows = 45;

    /// <summary>Most rows of a period that is searched.</summary>
    public const int MostRows = 20_000;

    private const int MostOutliers = 16;
    private const double Confidence = 0.9;

    /// <summary>Searches both periods.</summary>
    /// <param name="baseline">Usable rows of the baseline period; null when it is not to be searched.</param>
    /// <param name="reporting">Usable rows of the reporting period, residuals against the same model; null when it is not to be searched.</param>
    /// <param name="options">How; the defaults when null.</param>
    /// <param name="workspace">Memory to use again; new when null.</param>
    /// <exception cref="ArgumentException">Columns of different lengths, values not finite, starts not ascending, periods not in order, too many drivers, or options out of range.</exception>
    public static EventScanResult Scan(
        EventScanRows? baseline, EventScanRows? reporting, EventScanOptions? options = null, EventScanWorkspace? workspace = null)
    {
        options ??= new EventScanOptions();
        workspace ??= new EventScanWorkspace();
        Check(options);
        CheckRows(baseline, nameof(baseline));
        CheckRows(reporting, nameof(reporting));
        if (baseline is { Residuals.Count: > 0 } && reporting is { Residuals.Count: > 0 }
            && baseline.StartUtcMilliseconds[^1] >= reporting.StartUtcMilliseconds[0])
        {
            throw new ArgumentException("The reporting period begins before the baseline ends.", nameof(reporting));
        }

        PeriodScan before = Scan(baseline, EventPeriod.Baseline, options, workspace.Search);
        PeriodScan after = Scan(reporting, EventPeriod.Reporting, options, workspace.Search);
        return new EventScanResult
        {
            Baseline = before,
            Reporting = after,
            Proposals = [.. before.Proposals, .. after.Proposals],
        };
    }

    private static PeriodScan Scan(EventScanRows? rows, EventPeriod period, EventScanOptions options, PeriodSearch search)
    {
        EventScanRefusal refusal = rows is null ? EventScanRefusal.NotGiven
            : rows.Residuals.Count < FewestRows ? EventScanRefusal.TooFewRows
            : rows.Residuals.Count > MostRows ? EventScanRefusal.TooManyRows
            : EventScanRefusal.None;
        List<EventProposal> proposals = [];
        if (rows is null || refusal != EventScanRefusal.None)
        {
            return Refused(refusal, proposals);
        }

        ProposalWriter writer = new(search, period, options, rows);
        refusal = search.Load(rows, options, _ => writer.AddOutliers(proposals));
        if (refusal != EventScanRefusal.None)
        {
            return Refused(refusal, proposals);
        }

        bool isCut = proposals.Count > MostOutliers;
        if (isCut)
        {
            proposals.Sort((left, right) => right.LikelihoodGain.CompareTo(left.LikelihoodGain));
            proposals.RemoveRange(MostOutliers, proposals.Count - MostOutliers);
        }

        search.Run();
        writer.AddEvents(proposals, Confidence);
        proposals.Sort((left, right) => left.FromUtcMilliseconds != right.FromUtcMilliseconds
            ? left.FromUtcMilliseconds.CompareTo(right.FromUtcMilliseconds)
            : left.Kind.CompareTo(right.Kind));
        return new PeriodScan
        {
            Refusal = EventScanRefusal.None,
            Rows = search.Series.Count,
            Autocorrelation = writer.Autocorrelation,
            NoisePerInterval = writer.NoisePerInterval,
            NoiseGrowsWithUse = search.Local.GrowsWithUse,
            IsCut = isCut || search.IsCut,
            Proposals = proposals,
        };
    }

    private static PeriodScan Refused(EventScanRefusal why, List<EventProposal> proposals) => new()
    {
        Refusal = why,
        Rows = 0,
        Autocorrelation = double.NaN,
        NoisePerInterval = double.NaN,
        NoiseGrowsWithUse = false,
        IsCut = false,
        Proposals = proposals,
    };

    private static void Check(EventScanOptions options)
    {
        bool valid = options.StepPenalty > 0 && options.DriftPenalty > 0 && options.TemporaryPenalty > 0 && options.OutlierDeviations > 0
            && options.PenaltyGrowth >= 0 && options.ShortestEvent > TimeSpan.Zero && options.LongestTemporary >= options.ShortestEvent
            && options.NearInstallation >= TimeSpan.Zero && options.MostEvents is >= 1 and <= PeriodSearch.MostAtoms;
        if (!valid)
        {
            throw new ArgumentOutOfRangeException(nameof(options), options, "A penalty, a length or a limit is out of its range.");
        }
    }

    private static void CheckRows(EventScanRows? rows, string name)
    {
        if (rows is null)
        {
            return;
        }

        int count = rows.Residuals.Count;
        bool even = rows.StartUtcMilliseconds.Count == count && rows.Predictions.Count == count
            && rows.Drivers.All(driver => driver.Count == count);
        if (!even || rows.Drivers.Count > BaselineModel.MaximumDrivers)
        {
            throw new ArgumentException("The columns have different lengths, or there are too many drivers.", name);
        }

        for (int i = 0; i < count; i++)
        {
            bool finite = double.IsFinite(rows.Residuals[i]) && double.IsFinite(rows.Predictions[i]);
            foreach (IReadOnlyList<double> driver in rows.Drivers)
            {
                finite &= double.IsFinite(driver[i]);
            }

            if (!finite)
            {
                throw new ArgumentException("A residual, a prediction or a driver is not a finite number; leave such rows out.", name);
            }

            if (i > 0 && rows.StartUtcMilliseconds[i] <= rows.StartUtcMilliseconds[i - 1])
            {
                throw new ArgumentException("The starts of the rows do not ascend, or one comes twice.", name);
            }
        }
    }
}
