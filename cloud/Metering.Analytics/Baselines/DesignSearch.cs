using Metering.Analytics.ChangePoints;
using Metering.Analytics.Statistics;
using Metering.Analytics.Subsets;

namespace Metering.Analytics.Baselines;

/// <summary>A design with its sum of squared errors.</summary>
internal sealed record ScoredDesign(ModelDesign Design, double SumOfSquaredErrors)
{
    /// <summary>n' ln(SSE/n) + p ln(n').</summary>
    /// <param name="rows">Rows fitted.</param>
    /// <param name="worth">Rows that they are worth when their residuals are autocorrelated.</param>
    public double Bic(int rows, double worth) =>
        (worth * Elementary.Log(Math.Max(SumOfSquaredErrors / rows, 1e-290))) + (Design.ParameterCount * Elementary.Log(worth));
}

/// <summary>
/// All designs that the drivers allow: every subset of linear drivers, a slope of its own per segment, and a change point in
/// every driver with every subset of the others linear. Events of the baseline belong to each of them.
/// </summary>
internal sealed class DesignSearch
{
    /// <summary>Drivers of which all subsets are tried; of more, those that explain most by themselves.</summary>
    public const int MostDrivers = 10;

    private const int MostDriversBesideBreakpoint = 4;
    private const int FewestDistinct = 8;
    private const int BestForProducts = 4;
    private const int BestForTwoBreakpoints = 2;

    private static readonly ChangePointForm[] OneBreakpoint = [ChangePointForm.Cooling, ChangePointForm.Heating, ChangePointForm.TwoLines];

    private readonly PeriodRows rows;
    private readonly int[] usable;
    private readonly bool[,] together;
    private readonly int[] events;
    private readonly int mostParameters;
    private readonly BreakpointSearch search;
    private readonly List<ScoredDesign> found = [];

    public DesignSearch(PeriodRows rows, int[] usable, bool[,] together, BaselineGate gate)
    {
        this.rows = rows;
        this.together = together;
        search = new BreakpointSearch(rows);
        int plain = rows.Drivers.Length - rows.Events.Count;
        events = [.. Enumerable.Range(plain, rows.Events.Count)];
        this.usable = Strongest(usable, gate);
        int p = 1;
        while (p < rows.Count && gate.RowsNeeded(p + 1) <= rows.Count)
        {
            p++;
        }

        mostParameters = p;
    }

    /// <summary>All designs, unordered.</summary>
    public List<ScoredDesign> All(bool onlyChangePoints)
    {
        if (!onlyChangePoints)
        {
            Linear();
            Products();
        }

        foreach (int driver in usable)
        {
            if (HasEnoughValues(rows.Drivers[driver]))
            {
                ChangePoints(driver);
            }
        }

        return found;
    }

    // All subsets in one pass; those that hold every event count.
    private void Linear()
    {
        int[] columns = [.. usable, .. events];
        if (columns.Length > AllSubsets.MaximumDrivers)
        {
            LinearOneByOne();
            return;
        }

        SubsetScore[] scores = new SubsetScore[1 << columns.Length];
        AllSubsets.Score(rows.Use, columns.Select(column => rows.Drivers[column]).ToArray(), [], new AllSubsetsWorkspace(), scores);
        int all = ((1 << events.Length) - 1) << usable.Length;
        for (int mask = 0; mask < 1 << usable.Length; mask++)
        {
            int[] chosen = Chosen(usable, mask);
            if (scores[mask | all].Status == SubsetStatus.Fitted && IsAllowed(chosen, 0))
            {
                ModelKind kind = chosen.Length == 0 ? ModelKind.Mean : ModelKind.Ols;
                found.Add(new(new ModelDesign { Kind = kind, Terms = [.. chosen.Select(BaselineTerm.Of), .. events.Select(BaselineTerm.Of)] }, scores[mask | all].Sse));
            }
        }
    }

    private void LinearOneByOne()
    {
        for (int mask = 0; mask < 1 << usable.Length; mask++)
        {
            int[] chosen = Chosen(usable, mask);
            if (IsAllowed(chosen, 0))
            {
                Add(chosen.Length == 0 ? ModelKind.Mean : ModelKind.Ols, [.. chosen.Select(BaselineTerm.Of)]);
            }
        }
    }

    private void Products()
    {
        ScoredDesign[] best = [.. found.OrderBy(design => design.Bic(rows.Count, rows.Count)).Take(BestForProducts)];
        foreach (ScoredDesign design in best)
        {
            BaselineTerm[] terms = [.. design.Design.Terms.Take(design.Design.Terms.Count - events.Length)];
            foreach (BaselineTerm first in terms)
            {
                foreach (BaselineTerm second in terms)
                {
                    if (IsSegment(rows.Drivers[second.Driver]) && !IsSegment(rows.Drivers[first.Driver]) && design.Design.ParameterCount < mostParameters)
                    {
                        Add(ModelKind.Ols, [.. terms, new BaselineTerm(TermKind.Product, first.Driver, double.NaN, second.Driver)]);
                    }
                }
            }
        }
    }

    // The two-breakpoint form costs most; it is tried where the forms with one do best.
    private void ChangePoints(int driver)
    {
        int[] others = [.. usable.Where(other => other != driver)];
        others = others.Length <= MostDriversBesideBreakpoint ? others : [.. others.OrderByDescending(other => Explained(other)).Take(MostDriversBesideBreakpoint).Order()];
        List<(int[] Linear, double Bic)> tried = [];
        for (int mask = 0; mask < 1 << others.Length; mask++)
        {
            int[] linear = Chosen(others, mask);
            if (IsAllowed([driver, .. linear], 1) && search.Load(driver, [.. linear, .. events]))
            {
                double best = double.PositiveInfinity;
                foreach (ChangePointForm form in OneBreakpoint)
                {
                    best = Math.Min(best, ChangePoint(linear, form));
                }

                tried.Add((linear, best));
            }
        }

        foreach ((int[] linear, double _) in tried.OrderBy(entry => entry.Bic).Take(BestForTwoBreakpoints))
        {
            if (search.Load(driver, [.. linear, .. events]))
            {
                ChangePoint(linear, ChangePointForm.HeatingAndCooling);
            }
        }
    }

    // The criterion of the form beside the linear drivers loaded; infinite when there is no fit of that form.
    private double ChangePoint(int[] linear, ChangePointForm form)
    {
        if (1 + linear.Length + events.Length + 1 + Extra(form) > mostParameters
            || !search.TryFind(form, out BaselineTerm[] sides, out double errors))
        {
            return double.PositiveInfinity;
        }

        ModelDesign design = new()
        {
            Kind = ModelKind.ChangePoint,
            Terms = [.. sides, .. linear.Select(BaselineTerm.Of), .. events.Select(BaselineTerm.Of)],
        };
        ScoredDesign scored = new(design, errors);
        found.Add(scored);
        return scored.Bic(rows.Count, rows.Count);
    }

    private void Add(ModelKind kind, BaselineTerm[] terms)
    {
        ModelDesign design = new() { Kind = kind, Terms = [.. terms, .. events.Select(BaselineTerm.Of)] };
        if (LeastSquares.Factor(rows.Count, design.Columns(rows.Drivers)) is { } factors)
        {
            found.Add(new(design, Errors(factors)));
        }
    }

    private double Errors(LeastSquares factors)
    {
        double[] rest = LeastSquares.Standardise(rows.Use, out _, out double length);
        foreach (double[] column in factors.Basis)
        {
            double part = FixedSum.Dot(column, rest);
            for (int i = 0; i < rest.Length; i++)
            {
                rest[i] -= part * column[i];
            }
        }

        return length * length * FixedSum.SumOfSquares(rest);
    }

    private bool IsAllowed(int[] chosen, int extra)
    {
        for (int a = 0; a < chosen.Length; a++)
        {
            for (int b = 0; b < a; b++)
            {
                if (together[chosen[a], chosen[b]])
                {
                    return false;
                }
            }
        }

        return 1 + chosen.Length + events.Length + extra <= mostParameters;
    }

    private int[] Strongest(int[] given, BaselineGate gate)
    {
        if (given.Length <= MostDrivers)
        {
            return given;
        }

        int[] kept = [.. given.OrderByDescending(Explained).Take(MostDrivers).Order()];
        foreach (int left in given.Except(kept))
        {
            gate.Warn(ReasonKind.DriverLeftOut,
                $"Of {given.Length} columns the {MostDrivers} that explain most by themselves were tried; '{rows.Names[left]}' was left out.");
        }

        return kept;
    }

    private double Explained(int driver)
    {
        double[] x = LeastSquares.Standardise(rows.Drivers[driver], out _, out _);
        double[] y = LeastSquares.Standardise(rows.Use, out _, out _);
        double correlation = FixedSum.Dot(x, y);
        return correlation * correlation;
    }

    private static int[] Chosen(int[] from, int mask)
    {
        List<int> chosen = [];
        for (int j = 0; j < from.Length; j++)
        {
            if ((mask & (1 << j)) != 0)
            {
                chosen.Add(from[j]);
            }
        }

        return [.. chosen];
    }

    private static int Extra(ChangePointForm form) => form switch
    {
        ChangePointForm.TwoLines => 2,
        ChangePointForm.HeatingAndCooling => 3,
        _ => 1,
    };

    // Shift, operating mode, working day: two values.
    private static bool IsSegment(double[] column) => column.Distinct().Take(3).Count() <= 2;

    private static bool HasEnoughValues(double[] column) => column.Distinct().Take(FewestDistinct).Count() == FewestDistinct;
}
