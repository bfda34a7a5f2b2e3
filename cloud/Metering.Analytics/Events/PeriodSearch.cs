using Metering.Analytics.Statistics;

namespace Metering.Analytics.Events;

/// <summary>
/// Searches one period: outliers out, then events one by one, each the best by penalised likelihood beside those already found,
/// dates moved until none improves, and at the end each tested again beside the others.
/// </summary>
internal sealed class PeriodSearch
{
    public const int MostAtoms = 16;
    private const int OutlierRounds = 3;
    private const int Sweeps = 2;
    private const double SmallestScale = 1e-12;
    private const double WorthFitting = 0.6;
    private const double FirstCorrelation = 0.3;

    private readonly EventSeries series = new();
    private readonly WhitenedModel model;
    private readonly AtomScan scan;
    private readonly AtomChoice choice;
    private readonly LocalDeviation local;
    private readonly EventAtom[] atoms = new EventAtom[MostAtoms + 1];
    private readonly EventAtom[] saved = new EventAtom[MostAtoms + 1];
    private EventScanOptions options = new();
    private int atomCount;
    private double likelihood;
    private double correlation;

    public PeriodSearch()
    {
        model = new WhitenedModel(series);
        scan = new AtomScan(series, model);
        choice = new AtomChoice(series, model, scan);
        local = new LocalDeviation(series, model);
    }

    public EventSeries Series => series;

    public WhitenedModel Model => model;

    public AtomScan Scan => scan;

    public LocalDeviation Local => local;

    public AtomChoice Choice => choice;

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
            if (!(local.Scale > SmallestScale))
            {
                return EventScanRefusal.NoScatter;
            }

            if (series.Count < series.ColumnCount + MostAtoms)
            {
                return EventScanRefusal.TooFewRows;
            }

            if (round == OutlierRounds || local.Mark(options.OutlierDeviations) == 0)
            {
                break;
            }

            onOutliers(this);
            series.Remove(local.Marked);
        }

        choice.Begin(options);
        return EventScanRefusal.None;
    }

    /// <summary>Finds the events.</summary>
    public void Run()
    {
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

        if (atomCount > 0)
        {
            Tidy();
        }
    }

    /// <summary>Exchanges events for better ones, two opposite steps for one temporary event, and drops those that no longer pay.</summary>
    private void Tidy()
    {
        for (int k = 0; k < atomCount && !IsCut; k++)
        {
            Exchange(k);
        }

        bool joined = true;
        while (joined && atomCount > 1)
        {
            joined = false;
            for (int i = 0; i < atomCount && !joined; i++)
            {
                for (int j = 0; j < i && !joined; j++)
                {
                    joined = Join(i, j) || Join(j, i);
                }
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

    /// <summary>Takes one event out and lets the search choose again; keeps whichever is better.</summary>
    private void Exchange(int index)
    {
        EventAtom old = atoms[index];
        double before = Score();
        Atoms.CopyTo(saved);
        int count = atomCount;
        RemoveAt(index);
        FitAll(correlation);
        bool better = Extend() && atoms[atomCount - 1].Kind != old.Kind;
        if (better)
        {
            Move();
            FitAll(correlation);
            better = Score() < before;
        }

        if (!better)
        {
            Restore(count);
        }
    }

    /// <summary>Two steps become one temporary event when that is better.</summary>
    private bool Join(int first, int second)
    {
        EventAtom joined = new(EventKind.Temporary, atoms[first].First, atoms[second].First);
        if (atoms[first].Kind != EventKind.StepChange || atoms[second].Kind != EventKind.StepChange || !choice.IsAllowed(joined))
        {
            return false;
        }

        double before = Score();
        Atoms.CopyTo(saved);
        int count = atomCount;
        atoms[first] = joined;
        RemoveAt(second);
        Move();
        FitAll(correlation);
        return IsBetter(before, count);
    }

    private bool IsBetter(double before, int count)
    {
        if (Score() < before)
        {
            return true;
        }

        Restore(count);
        return false;
    }

    private void Restore(int count)
    {
        saved.AsSpan(0, count).CopyTo(atoms);
        atomCount = count;
        FitAll(correlation);
    }

    /// <summary>Minus twice the penalised logarithm of the likelihood.</summary>
    private double Score()
    {
        double score = likelihood;
        foreach (EventAtom atom in Atoms)
        {
            score += Penalty(atom.Kind);
        }

        return score;
    }

    /// <summary>Twice the rise of the logarithm of the likelihood through one of the events found.</summary>
    public double Gain(int index) => model.Fit(Atoms, index, correlation) - likelihood;

    /// <summary>What an event has to gain, at the correlation of the noise as found with all events.</summary>
    public double Penalty(EventKind kind) => Penalty(kind, correlation);

    private double Penalty(EventKind kind, double atCorrelation)
    {
        double times = kind switch
        {
            EventKind.StepChange => options.StepPenalty,
            EventKind.Drift => options.DriftPenalty,
            _ => options.TemporaryPenalty,
        };
        return times * Elementary.Log(series.Count) * (1 + (options.PenaltyGrowth * atCorrelation * atCorrelation));
    }

    /// <summary>Adds the event that raises the penalised likelihood most; false when none does.</summary>
    private bool Extend()
    {
        choice.Look(Atoms, correlation);
        double bestNet = 0;
        EventAtom chosen = default;
        ReadOnlySpan<EventAtom> candidates = choice.Candidates;
        ReadOnlySpan<double> explained = [choice.Explained(0), choice.Explained(1), choice.Explained(2)];
        for (int c = 0; c < candidates.Length; c++)
        {
            if (candidates[c].End == 0 || explained[c] < WorthFitting * Penalty(candidates[c].Kind, 0))
            {
                continue;
            }

            atoms[atomCount] = candidates[c];
            double gain = likelihood - model.Fit(atoms.AsSpan(0, atomCount + 1), -1, choice.Correlation);
            double net = gain - Penalty(candidates[c].Kind, model.Correlation);
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
        FitAll(choice.Correlation);
        return true;
    }

    private void FitAll(double startCorrelation)
    {
        likelihood = model.Fit(Atoms, -1, startCorrelation);
        correlation = model.Correlation;
    }

    /// <summary>Moves each event to where it explains most beside the others. False when none moved.</summary>
    private bool Move()
    {
        bool moved = false;
        for (int k = 0; k < atomCount; k++)
        {
            model.Build(Atoms, k, correlation);
            scan.Prepare();
            EventAtom best = choice.BestNear(atoms[k]);
            moved |= best != atoms[k];
            atoms[k] = best;
        }

        return moved;
    }

    private void RemoveAt(int index)
    {
        for (int k = index; k < atomCount - 1; k++)
        {
            atoms[k] = atoms[k + 1];
        }

        atomCount--;
    }
}
