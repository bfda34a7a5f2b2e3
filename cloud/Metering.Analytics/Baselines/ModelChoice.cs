using Metering.Analytics.Savings;

namespace Metering.Analytics.Baselines;

/// <summary>
/// The model and those it was compared with. Chosen by BIC with the rows that autocorrelated rows are worth; within 2 the
/// model with fewer parameters; a model whose errors in blocks left out are more than 5 % larger than the best one's is
/// passed over. Never chosen by R², and never by the saving.
/// </summary>
internal sealed class ModelChoice
{
    /// <summary>Models that are told to the reader.</summary>
    public const int Shown = 5;

    private const double EqualBic = 2;
    private const double WorstCrossValidation = 1.05;

    private ModelChoice(PeriodRows rows, BaselineFit fit, IReadOnlyList<(CandidateModel Model, BaselineFit Fit)> candidates)
    {
        Rows = rows;
        Fit = fit;
        Candidates = candidates;
    }

    /// <summary>The rows it was fitted to, indicators of events among their drivers.</summary>
    public PeriodRows Rows { get; }

    /// <summary>The model chosen.</summary>
    public BaselineFit Fit { get; }

    /// <summary>The best models, the chosen one first.</summary>
    public IReadOnlyList<(CandidateModel Model, BaselineFit Fit)> Candidates { get; }

    /// <summary>Chooses a model for the rows of the baseline, or adds reasons to the gate and gives null.</summary>
    /// <param name="rows">Rows of the baseline.</param>
    /// <param name="events">Events of the baseline to estimate together with the model.</param>
    /// <param name="options">Which models, and how strict.</param>
    /// <param name="gate">Takes the reasons.</param>
    /// <param name="isFirstLook">Before events are known: an event makes residuals look correlated, so that real drivers would seem to be worth nothing; all rows count in full.</param>
    public static ModelChoice? Of(
        PeriodRows rows, IReadOnlyList<NonRoutineAdjustment> events, SavingsOptions options, BaselineGate gate, bool isFirstLook = false)
    {
        if (options.Model is ModelKind.Ols or ModelKind.Mean)
        {
            return gate.CheckBaseline(rows) is null ? null : Single(rows.WithEvents(events), gate);
        }

        PeriodRows extended = rows.WithEvents(events);
        if (gate.CheckCandidates(rows, options.DriversAreCandidates) is not { } usable)
        {
            return null;
        }

        bool[,] together = gate.CollinearPairs(rows, usable, options.DriversAreCandidates);
        if (gate.IsRefused)
        {
            return null;
        }

        DesignSearch search = new(extended, usable, together, gate);
        List<ScoredDesign> designs = search.All(options.Model == ModelKind.ChangePoint);
        return Best(extended, designs, gate, isFirstLook);
    }

    /// <summary>The terms of a choice fitted again to other rows, without its events.</summary>
    public static ModelChoice? Refit(ModelChoice choice, PeriodRows rows, BaselineGate gate)
    {
        int events = choice.Fit.Events.Count;
        ModelDesign design = new()
        {
            Kind = choice.Fit.Model,
            Terms = [.. choice.Fit.Terms.Take(choice.Fit.Terms.Count - events)],
        };
        return Fitted(rows, design, gate) is { } fit ? new ModelChoice(rows, fit, []) : null;
    }

    /// <summary>Which drivers of the table the chosen model uses.</summary>
    public bool[] DriversUsed(int drivers) => DriversUsed(Fit, drivers);

    /// <summary>Which drivers of the table a model uses.</summary>
    public static bool[] DriversUsed(BaselineFit fit, int drivers)
    {
        bool[] used = new bool[drivers];
        foreach (BaselineTerm term in fit.Terms)
        {
            if (term.Driver < drivers)
            {
                used[term.Driver] = true;
            }

            if (term.Second >= 0)
            {
                used[term.Second] = true;
            }
        }

        return used;
    }

    private static ModelChoice? Single(PeriodRows rows, BaselineGate gate)
    {
        ModelDesign design = ModelDesign.Linear(rows.Drivers.Length);
        design = rows.Drivers.Length == rows.Events.Count ? design with { Kind = ModelKind.Mean } : design;
        return Fitted(rows, design, gate) is { } fit ? new ModelChoice(rows, fit, []) : null;
    }

    private static BaselineFit? Fitted(PeriodRows rows, ModelDesign design, BaselineGate gate)
    {
        if (LeastSquares.Factor(rows.Count, design.Columns(rows.Drivers)) is { } factors)
        {
            return BaselineModel.FitRows(rows, design, factors);
        }

        RefuseEvents(gate);
        return null;
    }

    private static void RefuseEvents(BaselineGate gate) => gate.Refuse(ReasonKind.EventNotEstimable,
        $"An event of the baseline covers all of its rows or none, or cannot be told from the drivers. Correct its dates, or exclude its days.");

    private static ModelChoice? Best(PeriodRows rows, List<ScoredDesign> designs, BaselineGate gate, bool isFirstLook)
    {
        if (designs.Count == 0 && rows.Events.Count > 0)
        {
            RefuseEvents(gate);
            return null;
        }

        if (designs.Count == 0)
        {
            gate.Refuse(ReasonKind.ModelUnsuitable,
                $"None of the models asked for can be fitted to these rows. A change point needs a driver with enough different values on both of its sides; let the model be chosen, or take other drivers.");
            return null;
        }

        // The correlation of the residuals of the plainly best model says what the rows are worth.
        ScoredDesign first = designs.MinBy(design => design.Bic(rows.Count, rows.Count))!;
        if (Fitted(rows, first.Design, gate) is not { } firstFit)
        {
            return null;
        }

        double correlation = isFirstLook ? 0 : AutocorrelatedErrors.Of(firstFit).Correlation;
        double worth = Math.Max(rows.Count * (1 - correlation) / (1 + correlation), Math.Min(rows.Count, 8));
        List<(ScoredDesign Design, BaselineFit Fit, double Bic, BlockErrors Blocks)> best = [];
        foreach (ScoredDesign design in designs.OrderBy(design => design.Bic(rows.Count, worth)).ThenBy(design => design.Design.ParameterCount))
        {
            if (LeastSquares.Factor(rows.Count, design.Design.Columns(rows.Drivers)) is not { } factors || !gate.IsInflationAllowed(factors, design.Design, rows.Events.Count))
            {
                continue;
            }

            BaselineFit fit = BaselineModel.FitRows(rows, design.Design, factors);
            best.Add((design, fit, design.Bic(rows.Count, worth), BlockErrors.Of(fit)));
            if (best.Count == Shown)
            {
                break;
            }
        }

        return best.Count == 0 ? Best(rows, [], gate, isFirstLook) : Rank(rows, best);
    }

    private static ModelChoice Rank(PeriodRows rows, List<(ScoredDesign Design, BaselineFit Fit, double Bic, BlockErrors Blocks)> best)
    {
        double lowest = best.Min(candidate => candidate.Bic);
        double smallest = best.Min(candidate => candidate.Blocks.RootMeanSquare);
        int chosen = 0;
        int fewest = int.MaxValue;
        for (int k = 0; k < best.Count; k++)
        {
            bool holds = best[k].Blocks.RootMeanSquare <= WorstCrossValidation * smallest;
            if (holds && best[k].Bic <= lowest + EqualBic && best[k].Fit.P < fewest)
            {
                chosen = k;
                fewest = best[k].Fit.P;
            }
        }

        if (fewest == int.MaxValue)
        {
            chosen = best.FindIndex(candidate => candidate.Blocks.RootMeanSquare <= WorstCrossValidation * smallest);
        }

        double[] weights = [.. best.Select(candidate => Statistics.Elementary.Exp(Math.Max(-700, (lowest - candidate.Bic) / 2)))];
        double total = Statistics.FixedSum.Sum(weights);
        List<(CandidateModel, BaselineFit)> told = [.. best.Select((candidate, k) => (Describe(candidate.Fit, candidate.Bic, candidate.Blocks, weights[k] / total), candidate.Fit))];
        (CandidateModel, BaselineFit) first = told[chosen];
        told.RemoveAt(chosen);
        told.Insert(0, first);
        return new ModelChoice(rows, first.Item2, told);
    }

    private static CandidateModel Describe(BaselineFit fit, double bic, BlockErrors blocks, double weight) => new()
    {
        Model = fit.Model,
        Terms = [.. Enumerable.Range(0, fit.Terms.Count).Select(fit.TermName)],
        P = fit.P,
        Bic = bic,
        CvRmse = fit.CvRmse,
        CrossValidatedCvRmse = blocks.RootMeanSquare / fit.MeanUse,
        CrossValidatedNmbe = blocks.Mean / fit.MeanUse,
        Weight = weight,
    };
}
