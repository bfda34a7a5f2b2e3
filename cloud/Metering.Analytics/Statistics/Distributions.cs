namespace Metering.Analytics.Statistics;

/// <summary>Student's t distribution with any positive number of degrees of freedom (whole or not).</summary>
internal static class StudentT
{
    private const int MaximumSteps = 200;
    private const double Precision = 1e-15;

    /// <summary>Probability that |T| is at least |t|: the p value of a two-sided test.</summary>
    public static double TwoSidedTail(double t, double degreesOfFreedom)
    {
        double square = t * t;
        if (double.IsInfinity(square))
        {
            return 0;
        }

        double sum = degreesOfFreedom + square;
        return BetaFunction.Regularised(degreesOfFreedom / 2, 0.5, degreesOfFreedom / sum, square / sum);
    }

    /// <summary>Probability that T is at most t.</summary>
    public static double Cumulative(double t, double degreesOfFreedom)
    {
        double half = TwoSidedTail(t, degreesOfFreedom) / 2;
        return t < 0 ? half : 1 - half;
    }

    /// <summary>The t for which |T| stays below t with the given probability (0.90 gives the half-width factor of a 90 % interval).</summary>
    public static double TwoSidedQuantile(double probability, double degreesOfFreedom)
    {
        double tail = 1 - probability;
        double low = 0;
        double high = 1;
        int doublings = 0;
        while (TwoSidedTail(high, degreesOfFreedom) > tail && doublings++ < MaximumSteps)
        {
            low = high;
            high *= 2;
        }

        double logConstant = Elementary.LogGamma((degreesOfFreedom + 1) / 2) - Elementary.LogGamma(degreesOfFreedom / 2)
            - (0.5 * Elementary.Log(degreesOfFreedom * Math.PI));
        double t = (low + high) / 2;
        for (int step = 0; step < MaximumSteps && high - low > Precision * high; step++)
        {
            double excess = TwoSidedTail(t, degreesOfFreedom) - tail;
            if (excess > 0)
            {
                low = t;
            }
            else
            {
                high = t;
            }

            // Newton's step, replaced by halving when it leaves the bracket.
            double density = Elementary.Exp(logConstant
                - ((degreesOfFreedom + 1) / 2 * Elementary.Log(1 + (t * t / degreesOfFreedom))));
            double next = t + (excess / (2 * density));
            if (!(next > low && next < high))
            {
                next = (low + high) / 2;
            }

            double move = next - t;
            t = next;
            if (move < Precision * t && move > -Precision * t)
            {
                break;
            }
        }

        return t;
    }
}

/// <summary>Fisher's F distribution.</summary>
internal static class FisherF
{
    /// <summary>Probability that F is at least <paramref name="f"/>: the p value of the overall test of a regression.</summary>
    public static double Tail(double f, double numeratorDegrees, double denominatorDegrees)
    {
        if (!(f > 0))
        {
            return 1;
        }

        double scaled = numeratorDegrees * f;
        if (double.IsInfinity(scaled))
        {
            return 0;
        }

        double sum = denominatorDegrees + scaled;
        return BetaFunction.Regularised(denominatorDegrees / 2, numeratorDegrees / 2, denominatorDegrees / sum, scaled / sum);
    }
}
