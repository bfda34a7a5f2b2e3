using Metering.Analytics.Statistics;

namespace Metering.Analytics.Savings;

/// <summary>What is said of a saving once its variance is known: the one place where a variance becomes an interval.</summary>
internal readonly record struct StatedInterval
{
    /// <summary>Quantile of Student's t by which standard errors are multiplied.</summary>
    public required double Factor { get; init; }

    public required double StandardError { get; init; }

    public required double ProbabilityOfSaving { get; init; }

    /// <summary>Null without a claim.</summary>
    public required double? ProbabilityOfClaim { get; init; }

    public double HalfWidth => Factor * StandardError;

    public static StatedInterval Of(double savings, double variance, double degreesOfFreedom, SavingsOptions options)
    {
        double standardError = Math.Sqrt(variance);
        return new StatedInterval
        {
            Factor = StudentT.TwoSidedQuantile(options.Confidence, degreesOfFreedom),
            StandardError = standardError,
            ProbabilityOfSaving = Probability(savings, standardError, degreesOfFreedom),
            ProbabilityOfClaim = options.Claim is { } claim ? Probability(savings - claim, standardError, degreesOfFreedom) : null,
        };
    }

    // Probability that the true value lies above zero.
    private static double Probability(double value, double standardError, double degreesOfFreedom)
    {
        if (standardError > 0)
        {
            return StudentT.Cumulative(value / standardError, degreesOfFreedom);
        }

        return value > 0 ? 1 : 0;
    }
}
