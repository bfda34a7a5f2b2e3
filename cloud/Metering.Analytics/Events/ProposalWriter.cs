using Metering.Analytics.Statistics;

namespace Metering.Analytics.Events;

/// <summary>Puts what a search found into the caller's terms: instants, sizes in the unit of use, and how sure they are.</summary>
internal sealed class ProposalWriter(PeriodSearch search, EventPeriod period, EventScanOptions options, EventScanRows rows)
{
    private const double FewestDegreesOfFreedom = 3;
    private const double LargestCorrelation = 0.98;
    private const int WideReach = 10;

    /// <summary>Correlation of the noise, corrected for its bias.</summary>
    public double Autocorrelation { get; private set; }

    /// <summary>Standard deviation of the noise in the unit of use.</summary>
    public double NoisePerInterval { get; private set; }

    /// <summary>Adds the outliers that are marked now, runs of rows as one.</summary>
    public void AddOutliers(List<EventProposal> proposals)
    {
        ReadOnlySpan<bool> marked = search.Local.Marked;
        for (int first = 0; first < marked.Length; first++)
        {
            if (!marked[first])
            {
                continue;
            }

            int end = first;
            double sum = 0;
            double most = 0;
            List<long> shown = [];
            while (end < marked.Length && marked[end])
            {
                sum += (search.Model.Noise[end] / search.Series.Weight[end]) - search.Local.Neighbours(end, WideReach);
                most = Math.Max(most, Math.Abs(search.Local.Distance(end)));
                shown.Add(search.Series.Start[end]);
                end++;
            }

            proposals.Add(Outlier(first, end, shown, sum, most));
            first = end - 1;
        }
    }

    /// <summary>Adds the events found.</summary>
    public void AddEvents(List<EventProposal> proposals, double confidence)
    {
        ReadOnlySpan<EventAtom> atoms = search.Atoms;
        Span<double> gains = stackalloc double[atoms.Length];
        for (int k = 0; k < atoms.Length; k++)
        {
            gains[k] = search.Gain(k);
        }

        WhitenedModel model = search.Model;
        int n = search.Series.Count;
        double r = search.Correlation;
        int fitted = search.Series.ColumnCount + atoms.Length;
        r = Math.Clamp(r + ((1 + (3 * r)) * fitted / (2.0 * n)), 0, LargestCorrelation);
        model.Build(atoms, -1, r);
        double variance = model.SumOfSquares / Math.Max(1, n - model.Order - 1);
        Autocorrelation = r;
        NoisePerInterval = search.Series.Unit * Math.Sqrt(variance / (1 - (r * r)));
        if (atoms.Length == 0)
        {
            return;
        }

        double degrees = Math.Max((n * (1 - r) / (1 + r)) - model.Order, FewestDegreesOfFreedom);
        double factor = StudentT.TwoSidedQuantile(confidence, degrees);
        double[] left = new double[n];
        for (int i = 0; i < n; i++)
        {
            left[i] = model.Noise[i] / search.Series.Weight[i];
        }

        DateUncertainty dates = new(search);
        for (int k = 0; k < atoms.Length; k++)
        {
            model.Build(atoms, k, r);
            search.Scan.Prepare();
            search.Scan.Gain(atoms[k], out double size, out double square);
            double half = square > 0 ? factor * Math.Sqrt(variance / square) : double.PositiveInfinity;
            EventProposal proposal = Event(atoms[k], size, half, left);
            double deviation = search.Series.Unit * dates.Deviation(atoms[k], variance);
            proposals.Add(proposal with
            {
                LikelihoodGain = gains[k],
                Penalty = search.Penalty(atoms[k].Kind),
                TotalDateDeviation = deviation,
                ExpectedTotal = proposal.Total + (search.Series.Unit * dates.Shift),
            });
        }
    }

    private EventProposal Event(EventAtom atom, double size, double half, double[] left)
    {
        EventSeries series = search.Series;
        ReadOnlySpan<double> position = series.Position;
        bool drift = atom.Kind == EventKind.Drift;
        double length = drift ? position[atom.End - 1] - position[atom.First] : 1;
        List<long> shown = [];
        double total = 0;
        for (int i = atom.First; i < atom.End; i++)
        {
            double effect = size * (drift ? position[i] - position[atom.First] : 1);
            total += effect;
            if (effect != 0 && (left[i] + effect) * Math.Sign(effect) > Math.Abs(effect) / 2)
            {
                shown.Add(series.Start[i]);
            }
        }

        double days = series.Spacing / (double)TimeSpan.MillisecondsPerDay;
        return new EventProposal
        {
            Kind = atom.Kind,
            Period = period,
            FromUtcMilliseconds = series.Start[atom.First],
            ToUtcMilliseconds = atom.End < series.Count ? series.Start[atom.End] : null,
            LastUtcMilliseconds = series.Start[atom.End - 1],
            SizePerInterval = series.Unit * size * length,
            SizeHalfWidth = series.Unit * half * length,
            SlopePerDay = drift ? series.Unit * size / days : null,
            Total = series.Unit * total,
            ExpectedTotal = series.Unit * total,
            TotalDateDeviation = 0,
            Intervals = atom.End - atom.First,
            ShownUtcMilliseconds = shown,
            LikelihoodGain = 0,
            Penalty = 0,
            IsNearInstallation = IsNear(series.Start[atom.First]),
        };
    }

    private EventProposal Outlier(int first, int end, List<long> shown, double sum, double most)
    {
        EventSeries series = search.Series;
        int count = end - first;
        return new EventProposal
        {
            Kind = EventKind.OutlierDays,
            Period = period,
            FromUtcMilliseconds = series.Start[first],
            ToUtcMilliseconds = end < series.Count ? series.Start[end] : null,
            LastUtcMilliseconds = series.Start[end - 1],
            SizePerInterval = series.Unit * sum / count,
            SizeHalfWidth = series.Unit * 1.645 * search.Local.Scale / series.Weight[first],
            Total = series.Unit * sum,
            ExpectedTotal = series.Unit * sum,
            TotalDateDeviation = 0,
            Intervals = count,
            ShownUtcMilliseconds = shown,
            LikelihoodGain = most * most,
            Penalty = options.OutlierDeviations * options.OutlierDeviations,
            IsNearInstallation = IsNear(series.Start[first]),
        };
    }

    private bool IsNear(long start)
    {
        double distance = period == EventPeriod.Baseline
            ? rows.StartUtcMilliseconds[^1] - start
            : start - rows.StartUtcMilliseconds[0];
        return distance <= options.NearInstallation.TotalMilliseconds;
    }
}
