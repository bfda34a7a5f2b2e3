using Metering.Analytics.Statistics;

namespace Metering.Analytics.Events;

/// <summary>The most promising next event of each kind, beside those in the model, and the best place near a given one.</summary>
internal sealed class AtomChoice(EventSeries series, WhitenedModel model, AtomScan scan)
{
    /// <summary>Rows that either date of a temporary event is tried away from where it stands; more in long series.</summary>
    public const int TemporaryReach = 6;

    private const int MostChanges = 12;
    private const int PriceRises = 6;
    private const double PartitionPrice = 7;
    private const double MedianOfChiSquare = 0.45493642311957283;
    private const double LargestCorrelation = 0.95;
    private const int StepReach = 20;
    private const int DriftReach = 60;
    private const int FewestDriftRows = 30;

    private readonly OptimalPartition partition = new(series, model);
    private readonly EventAtom[] candidates = new EventAtom[3];
    private readonly int[] changes = new int[MostChanges + 2];
    private double[] values = [];
    private int shortest;
    private int longest;

    /// <summary>Step, drift and temporary event found by <see cref="Look"/>; one without an end was not found.</summary>
    public ReadOnlySpan<EventAtom> Candidates => candidates;

    /// <summary>Correlation at which <see cref="Look"/> searched.</summary>
    public double Correlation { get; private set; }

    /// <summary>Variance of white residuals at <see cref="Correlation"/>, events not counted.</summary>
    public double Variance { get; private set; }

    /// <summary>Sets the lengths for a series.</summary>
    public void Begin(EventScanOptions options)
    {
        double day = TimeSpan.MillisecondsPerDay / (double)series.Spacing;
        shortest = (int)Math.Clamp(Math.Ceiling(options.ShortestEvent.TotalDays * day), 3, series.Count);
        longest = (int)Math.Min(options.LongestTemporary.TotalDays * day, series.Count);
        if (values.Length < series.Count)
        {
            values = new double[series.Count];
        }
    }

    /// <summary>
    /// Finds the candidates beside the events in the model. An event that is not yet in the model makes noise look more
    /// correlated than it is; the search uses the lower of that correlation and one that shifts hardly touch.
    /// </summary>
    public void Look(ReadOnlySpan<EventAtom> atoms, double correlation)
    {
        Correlation = Math.Min(correlation, CorrelationOfDifferences());
        model.Build(atoms, -1, Correlation);
        Variance = RobustVariance();
        int found = FindChanges();
        scan.Prepare();
        candidates[0] = Best(EventKind.StepChange, shortest, series.Count - shortest);
        candidates[1] = Best(EventKind.Drift, 1, series.Count - DriftRows);
        candidates[2] = BestTemporary(found);
    }

    /// <summary>Fall of the sum of squares through a candidate, in units of <see cref="Variance"/>.</summary>
    public double Explained(int candidate) =>
        candidates[candidate].End == 0 ? 0 : scan.Gain(candidates[candidate], out _, out _) / Variance;

    private int DriftRows => Math.Max(4 * shortest, FewestDriftRows);

    private int FindChanges()
    {
        double price = PartitionPrice - Elementary.Log(1 - (Correlation * Correlation));
        int found = partition.Find(Variance, price, shortest, changes);
        for (int attempt = 0; found > MostChanges && attempt < PriceRises; attempt++)
        {
            price *= 1.5;
            found = partition.Find(Variance, price, shortest, changes);
        }

        return Math.Min(found, MostChanges);
    }

    private EventAtom Best(EventKind kind, int first, int last)
    {
        double most = 0;
        EventAtom best = default;
        for (int row = Math.Max(1, first); row <= last; row++)
        {
            EventAtom atom = new(kind, row, series.Count);
            double gain = scan.Gain(atom, out _, out _);
            if (gain > most)
            {
                most = gain;
                best = atom;
            }
        }

        return best;
    }

    private EventAtom BestTemporary(int found)
    {
        double most = 0;
        EventAtom best = default;
        for (int i = 0; i < found; i++)
        {
            for (int j = i + 1; j < found; j++)
            {
                EventAtom atom = new(EventKind.Temporary, changes[i], changes[j]);
                double gain = IsAllowed(atom) ? scan.Gain(atom, out _, out _) : 0;
                if (gain > most)
                {
                    most = gain;
                    best = atom;
                }
            }
        }

        return best.End == 0 ? best : BestNear(best);
    }

    /// <summary>The place near an event where it explains most beside the model, which does not hold it.</summary>
    public EventAtom BestNear(EventAtom atom)
    {
        int reach = atom.Kind switch
        {
            EventKind.Temporary => TemporaryReach,
            EventKind.Drift => DriftReach,
            _ => StepReach,
        };
        int distance = Math.Max(reach, series.Count / 128);
        int endReach = atom.Kind == EventKind.Temporary ? distance : 0;
        EventAtom best = atom;
        double most = scan.Gain(atom, out _, out _);
        for (int first = atom.First - distance; first <= atom.First + distance; first++)
        {
            for (int end = atom.End - endReach; end <= atom.End + endReach; end++)
            {
                EventAtom near = new(atom.Kind, first, end);
                double gain = IsAllowed(near) ? scan.Gain(near, out _, out _) : 0;
                if (gain > most)
                {
                    most = gain;
                    best = near;
                }
            }
        }

        return best;
    }

    /// <summary>Whether the event is neither too short nor too long, and the rows around it are enough.</summary>
    public bool IsAllowed(EventAtom atom)
    {
        int n = series.Count;
        return atom.Kind switch
        {
            EventKind.Temporary => atom.First >= shortest && atom.End <= n - shortest
                && atom.End - atom.First >= shortest && atom.End - atom.First <= longest,
            EventKind.Drift => atom.First >= 1 && atom.First <= n - DriftRows,
            _ => atom.First >= shortest && atom.First <= n - shortest,
        };
    }

    /// <summary>
    /// Correlation from differences over one row and over two: variances 2(1 - r) and 2(1 - r^2). A shift touches three of
    /// them, and the median does not see three.
    /// </summary>
    private double CorrelationOfDifferences()
    {
        ReadOnlySpan<double> noise = model.Noise;
        double one = MiddleDifference(noise, 1);
        double two = MiddleDifference(noise, 2);
        double ratio = one > 0 ? two / one : 1;
        return Math.Clamp((ratio * ratio) - 1, 0, LargestCorrelation);
    }

    private double MiddleDifference(ReadOnlySpan<double> noise, int distance)
    {
        int count = noise.Length - distance;
        for (int i = 0; i < count; i++)
        {
            values[i] = Math.Abs(noise[i + distance] - noise[i]);
        }

        return OrderStatistic.Of(values.AsSpan(0, count), count / 2);
    }

    private double RobustVariance()
    {
        ReadOnlySpan<double> white = model.Residual;
        for (int i = 0; i < white.Length; i++)
        {
            values[i] = white[i] * white[i];
        }

        return OrderStatistic.Of(values.AsSpan(0, white.Length), white.Length / 2) / MedianOfChiSquare;
    }
}
