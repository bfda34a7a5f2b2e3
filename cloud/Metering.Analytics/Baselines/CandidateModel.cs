namespace Metering.Analytics.Baselines;

/// <summary>One of the models that were compared.</summary>
public sealed record CandidateModel
{
    /// <summary>Kind of the model.</summary>
    public required ModelKind Model { get; init; }

    /// <summary>Names of the terms; empty for the mean.</summary>
    public required IReadOnlyList<string> Terms { get; init; }

    /// <summary>Fitted parameters, breakpoints among them.</summary>
    public required int P { get; init; }

    /// <summary>
    /// Bayesian information criterion, n' ln(SSE/n) + p ln(n'), with n' the rows that the autocorrelated rows are worth
    /// (Schwarz, Annals of Statistics 6, 1978). Only differences between candidates have a meaning.
    /// </summary>
    public required double Bic { get; init; }

    /// <summary>Adjusted R², by which CalTRACK 2.0 chooses; NaN for other models, which are never chosen by it.</summary>
    public double AdjustedR2 { get; init; } = double.NaN;

    /// <summary>sqrt(SSE/(n - p)) / mean use, as a fraction.</summary>
    public required double CvRmse { get; init; }

    /// <summary>Root mean square of the errors in blocks that were left out of the fit, divided by mean use, as a fraction.</summary>
    public required double CrossValidatedCvRmse { get; init; }

    /// <summary>Sum of the errors in blocks that were left out of the fit, divided by total use (out-of-sample NMBE), as a fraction.</summary>
    public required double CrossValidatedNmbe { get; init; }

    /// <summary>Share of the belief in this model among those compared, by BIC, 0 to 1.</summary>
    public required double Weight { get; init; }

    /// <summary>The saving that this model would give, in the unit of use; NaN before there is a reporting period.</summary>
    public double Savings { get; init; } = double.NaN;

    /// <summary><see cref="Savings"/> in percent of this model's counterfactual.</summary>
    public double SavingsPercent { get; init; } = double.NaN;
}
