using Metering.Analytics.Indicators;

namespace Metering.Analytics.Portfolio;

/// <summary>Why there is no total.</summary>
public enum PortfolioReasonKind
{
    /// <summary>No project has a result.</summary>
    NoResults = 0,

    /// <summary>Units, currencies or price years that cannot be added.</summary>
    UnitsMixed = 1,

    /// <summary>A saving or error that is no finite number, a negative error, or a saving of more than 1e15.</summary>
    BadNumber = 2,

    /// <summary>Resources that have no common meaning when added.</summary>
    ResourcesMixed = 3,

    /// <summary>A reporting period without days.</summary>
    EmptyPeriod = 4,
}

/// <summary>A reason, with the figures in a sentence.</summary>
/// <param name="Kind">What.</param>
/// <param name="Detail">A sentence for the reader, in English.</param>
public sealed record PortfolioReason(PortfolioReasonKind Kind, string Detail);

/// <summary>A part of the total. The parts of one grouping add up to the total exactly.</summary>
/// <param name="Name">Name of the part.</param>
/// <param name="ProjectCount">Results in it.</param>
/// <param name="Total">Sum.</param>
/// <param name="StandardError">Standard error of the sum; parts share causes, so that these do not add up in squares.</param>
public sealed record PortfolioPart(string Name, int ProjectCount, decimal Total, double StandardError);

/// <summary>A project without a result.</summary>
/// <param name="Project">The project.</param>
/// <param name="Reporting">Its reporting period.</param>
/// <param name="Why">Why there is none.</param>
public sealed record MissingResult(string Project, DateSpan Reporting, string Why);

/// <summary>How much one shared cause carries.</summary>
/// <param name="Cause">Kind.</param>
/// <param name="Name">Which one.</param>
/// <param name="ProjectCount">Results that name it.</param>
/// <param name="StandardError">Sum of their shared errors, with their signs, made positive.</param>
public sealed record CauseShare(SharedCause Cause, string Name, int ProjectCount, double StandardError);

/// <summary>Why two savings may be the same one.</summary>
public enum DoubleCountKind
{
    /// <summary>The same meter channel.</summary>
    SameChannel = 0,

    /// <summary>The same boundary, or one inside the other.</summary>
    NestedBoundary = 1,

    /// <summary>A boundary or channel is not stated, so that it cannot be ruled out within one site.</summary>
    CannotBeRuledOut = 2,
}

/// <summary>Two results of one resource whose reporting periods overlap and that may hold the same saving.</summary>
/// <param name="Kind">Why.</param>
/// <param name="First">First result.</param>
/// <param name="Second">Second result.</param>
/// <param name="Overlap">Days claimed by both.</param>
/// <param name="IsBetweenProgrammes">Whether two programmes claim it.</param>
/// <param name="Detail">A sentence for the reader, in English.</param>
public sealed record DoubleCount(
    DoubleCountKind Kind, ProjectSaving First, ProjectSaving Second, DateSpan Overlap, bool IsBetweenProgrammes, string Detail);

/// <summary>Total of a portfolio with its uncertainty.</summary>
public sealed record PortfolioResult
{
    /// <summary>Unit of all figures.</summary>
    public required MeasureUnit Unit { get; init; }

    /// <summary>Sum of the results, exact in steps of a millionth of the unit.</summary>
    public required decimal Total { get; init; }

    /// <summary>Results in the sum.</summary>
    public required int ResultCount { get; init; }

    /// <summary>Results asked for, with the missing ones.</summary>
    public required int AskedCount { get; init; }

    /// <summary>Standard error: independent parts in squares, shared parts added up per cause first, then in squares.</summary>
    public required double StandardError { get; init; }

    /// <summary>Effective degrees of freedom (Welch-Satterthwaite, shared parts taken as known); infinite when all are.</summary>
    public required double DegreesOfFreedom { get; init; }

    /// <summary>Half-width of the interval with the confidence asked for.</summary>
    public required double HalfWidth { get; init; }

    /// <summary>Standard error if nothing were shared; the lower bound when all shared errors have one sign.</summary>
    public required double IndependentOnlyStandardError { get; init; }

    /// <summary>Standard error if everything were shared: the upper bound.</summary>
    public required double FullyCorrelatedStandardError { get; init; }

    /// <summary>Half-width as a fraction of the total; null when the total is not positive.</summary>
    public required double? RelativeHalfWidth { get; init; }

    /// <summary>Whether the half-width is small enough (90/10 with the default options); false when the total is not positive.</summary>
    public required bool MeetsPrecision { get; init; }

    /// <summary>Results like the mean of these that would be needed for the precision; null when shared errors alone are too large for any number, or the total is not positive.</summary>
    public required int? ResultsNeeded { get; init; }

    /// <summary>The true total is at least this, with the one-sided probability asked for. It can be negative.</summary>
    public required double AtLeast { get; init; }

    /// <summary>
    /// Fractional savings uncertainty of the portfolio: sqrt(sum of squared half-widths) / total. SOURCE: CalTRACK 4.3.2.5; its
    /// limits are 0.15 (non-wires alternatives) and 0.25 (pay for performance). Null when the total is not positive.
    /// </summary>
    public required double? FractionalUncertainty { get; init; }

    /// <summary>Sum of the biases as a fraction of the total (CalTRACK 4.3.2.6: reported beside it); null when one is not known or the total is not positive.</summary>
    public required double? RelativeBias { get; init; }

    /// <summary>What each shared cause carries, the largest first.</summary>
    public required IReadOnlyList<CauseShare> Causes { get; init; }

    /// <summary>By programme.</summary>
    public required IReadOnlyList<PortfolioPart> Programmes { get; init; }

    /// <summary>By group.</summary>
    public required IReadOnlyList<PortfolioPart> Groups { get; init; }
}

/// <summary>A portfolio, or the reasons why there is no total.</summary>
public sealed record PortfolioOutcome
{
    /// <summary>The total; null when refused.</summary>
    public PortfolioResult? Result { get; init; }

    /// <summary>Why it is refused; empty when given.</summary>
    public required IReadOnlyList<PortfolioReason> Reasons { get; init; }

    /// <summary>Projects without a result; they are in no sum.</summary>
    public required IReadOnlyList<MissingResult> Missing { get; init; }

    /// <summary>Savings that may be counted twice. The total holds both until a person decides.</summary>
    public required IReadOnlyList<DoubleCount> DoubleCounts { get; init; }

    /// <summary>Whether the total may be claimed as it stands: given, and nothing found that is counted twice.</summary>
    public bool IsClaimable => Result is not null && !DoubleCounts.Any(found => found.Kind != DoubleCountKind.CannotBeRuledOut);
}
