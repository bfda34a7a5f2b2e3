using Metering.Analytics.Statistics;

namespace Metering.Analytics.Events;

/// <summary>
/// Searches one period: outliers out, then events one by one, each the best by penalised likelihood beside those already found,
/// dates moved until none improves, and at the end each tested again beside the others.
/// </summary>
internal sealed class PeriodSearch
{
    private const int MostChanges = 12;
    public const int MostAtoms = 16;
    private const int OutlierRounds = 3;
    private const int Sweeps = 2;
    private const double PartitionPrice = 7;
    private const double WorthFitting = 0.6;
    private const double MedianOfChiSquare = 0.45493642311957283;
    private const double FirstCorrelation = 0.3;
    private const int StepReach = 20;
    private const int DriftReach = 60;
    private const int TemporaryReach = 6;

    private readonly EventSeries series = new();
    private readonly WhitenedModel model;
    private readonly AtomScan scan;
    private readonly OptimalPartition partition;
    private readonly LocalDeviation local;
    private readonly EventAtom[] atoms = new EventAtom[MostAtoms + 1];
    private readonly int[] changes = new int[MostChanges + 2];
    private EventScanOptions options = new();
    private double[] values = [];
    private int atomCount;
    private int shortest;
    private int longest;
    private double likelihood;
    private double correlation;

    public PeriodSearch()
    {
        model = new WhitenedModel(series);
        scan = new AtomScan(series, model);
        partition = new OptimalPartition(series, model);
        local = new LocalDeviation(series, model);
    }

    public EventSeries Series => series;

    public WhitenedModel Model => model;

    public AtomScan Scan => scan;

    public LocalDeviation Local => local;

    public ReadOnlySpan<EventAtom> Atoms => atoms.AsSpan(0, atomCount);

    /// <summary>Correlation of the noise with all events found in the model.</summary>
    public double Correlation => correlation;

    /// <summary>Whether the limit on the number of events ended the search.</summary>
    public bool IsCut { get; private set; }

    /// <summary>Loads the rows and takes the outliers out; each is handed to the caller before.</summary>
    public EventScanRefusal Load(EventScanRows rows, EventScanOptions scanOptions, Action<PeriodSearch> onOutliers)
    {
        options = scanOptions;
        atomCount = 0;
        IsCut = false;
        series.Load(rows);
        for (int round = 0; round <= OutlierRounds; round++)
        {
            model.Reset();
            series.Weight.Fill(1);
            model.Build([], -1, 0);
            local.Measure();
            model.Reset();
            if (!(local.Scale > 1e-12 * Largest(series.Residual)) || series.Count < series.ColumnCount + MostAtoms)
            {
                return EventScanRefusal.NoScatter;
            }

            if (round == OutlierRounds || local.Mark(options.OutlierDeviations) == 0)
            {
                break;
            }

            onOutliers(this);
            series.Remove(local.Marked);
        }

        double day = TimeSpan.MillisecondsPerDay / (double)series.Spacing;
        shortest = Math.Max(3, (int)Math.Ceiling(options.ShortestEvent.TotalDays * day));
        longest = (int)Math.Min(options.LongestTemporary.TotalDays * day, series.Count);
        return EventScanRefusal.None;
    }

    /// <summary>Finds the events.</summary>
    public void Run()
    {
        if (values.Length < series.Count)
        {
            values = new double[series.Count];
        }

        FitAll(FirstCorrelation);
        while (Extend())
        {
            for (int sweep = 0; sweep < Sweeps && Move(); sweep++)
            {
                FitAll(correlation);
            }

            if (atomCount == options.MostEvents)
            {
                IsCut = Extend();
                atomCount = options.MostEvents;
                FitAll(correlation);
                break;
            }
        }

        for (int k = atomCount - 1; k >= 0; k--)
        {
            if (atomCount > 1 && Gain(k) < Penalty(atoms[k].Kind))
            {
                RemoveAt(k);
                FitAll(correlation);
            }
        }
    }

    /// <summary>Twice the rise of the logarithm of the likelihood through one of the events found.</summary>
    public double Gain(int index) => model.Fit(Atoms, index, correlation) - likelihood;

    public double Penalty(EventKind kind) => Elementary.Log(series.Count) * (kind switch
    {
        EventKind.StepChange => options.StepPenalty,
        EventKind.Drift => options.DriftPenalty,
        _ => options.TemporaryPenalty,
    });

    /// <summary>Adds the event that raises the penalised likelihood most; false when none does.</summary>
    private bool Extend()
    {
        double looking = Math.Min(correlation, CorrelationOfDifferences());
        model.Build(Atoms, -1, looking);
        double variance = RobustVariance();
        int found = FindChanges(variance, looking);
        scan.Prepare();
        double bestNet = 0;
        EventAtom chosen = default;
        ReadOnlySpan<EventAtom> candidates = [BestStep(), BestDrift(), BestTemporary(found)];
        ReadOnlySpan<double> explained = [Explained(candidates[0]), Explained(candidates[1]), Explained(candidates[2])];
        for (int c = 0; c < candidates.Length; c++)
        {
            double penalty = Penalty(candidates[c].Kind);
            if (candidates[c].End == 0 || explained[c] < WorthFitting * penalty * variance)
            {
                continue;
            }

            atoms[atomCount] = candidates[c];
            double net = likelihood - model.Fit(atoms.AsSpan(0, atomCount + 1), -1, looking) - penalty;
            if (net > bestNet)
            {
                bestNet = net;
                chosen = candidates[c];
            }
        }

        if (bestNet <= 0)
        {
            return false;
        }

        atoms[atomCount++] = chosen;
        FitAll(looking);
        return true;
    }

    private void FitAll(double startCorrelation)
    {
        likelihood = model.Fit(Atoms, -1, startCorrelation);
        correlation = model.Correlation;
    }

    private double Explained(EventAtom atom) => atom.End == 0 ? 0 : scan.Gain(atom, out _, out _);

    private int FindChanges(double variance, double looking)
    {
        double price = PartitionPrice - Elementary.Log(1 - (looking * looking));
        int found = partition.Find(variance, price, shortest, changes);
        for (int attempt = 0; found > MostChanges && attempt < 6; attempt++)
        {
            price *= 1.5;
            found = partition.Find(variance, price, shortest, changes);
        }

        return Math.Min(found, MostChanges);
    }

    private EventAtom BestStep() => Best(EventKind.StepChange, shortest, series.Count - shortest);

    private EventAtom BestDrift() => Best(EventKind.Drift, 1, series.Count - Math.Max(4 * shortest, 30));

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

    /// <summary>Moves each event to where it explains most beside the others. False when none moved.</summary>
    private bool Move()
    {
        bool moved = false;
        for (int k = 0; k < atomCount; k++)
        {
            model.Build(Atoms, k, correlation);
            scan.Prepare();
            EventAtom best = BestNear(atoms[k]);
            moved |= best != atoms[k];
            atoms[k] = best;
        }

        return moved;
    }

    private EventAtom BestNear(EventAtom atom)
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

    private bool IsAllowed(EventAtom atom)
    {
        int n = series.Count;
        return atom.Kind switch
        {
            EventKind.Temporary => atom.First >= shortest && atom.End <= n - shortest
                && atom.End - atom.First >= shortest && atom.End - atom.First <= longest,
            EventKind.Drift => atom.First >= 1 && atom.First <= n - Math.Max(4 * shortest, 30),
            _ => atom.First >= shortest && atom.First <= n - shortest,
        };
    }

    private void RemoveAt(int index)
    {
        for (int k = index; k < atomCount - 1; k++)
        {
            atoms[k] = atoms[k + 1];
        }

        atomCount--;
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
        return Math.Clamp((ratio * ratio) - 1, 0, 0.95);
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

    private static double Largest(ReadOnlySpan<double> of)
    {
        double largest = 0;
        foreach (double value in of)
        {
            largest = Math.Max(largest, Math.Abs(value));
        }

        return largest;
    }
}
