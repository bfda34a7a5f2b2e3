using Metering.Analytics.Baselines;
using Metering.Analytics.CalTrack;
using Metering.Analytics.Statistics;

namespace Metering.Analytics.Acceptance;

/// <summary>The length of the rows of a model.</summary>
public enum RowFrequency
{
    /// <summary>Months or bills.</summary>
    Monthly = 0,

    /// <summary>Days.</summary>
    Daily = 1,

    /// <summary>Hours, or parts of them.</summary>
    Hourly = 2,
}

/// <summary>Which sign physics lets the coefficient of a driver have.</summary>
public enum ExpectedSign
{
    /// <summary>Nothing is known.</summary>
    Any = 0,

    /// <summary>More of it takes more: production, degree days.</summary>
    Positive = 1,

    /// <summary>More of it takes less: recovered heat, own generation.</summary>
    Negative = 2,
}

/// <summary>One driver of a model. Values that are not known are NaN.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Coefficient">Use per unit.</param>
/// <param name="PValue">Two-sided p value of the coefficient.</param>
/// <param name="Sign">Which sign the coefficient may have.</param>
public sealed record DriverStatistics(string Name, double Coefficient, double PValue, ExpectedSign Sign = ExpectedSign.Any)
{
    /// <summary>The driver over the period that the model was fitted to.</summary>
    public DriverSpread Fitted { get; init; } = DriverSpread.Unknown;

    /// <summary>Mean of the driver over the period that the model is applied to.</summary>
    public double AppliedMean { get; init; } = double.NaN;
}

/// <summary>How a driver varied over a period.</summary>
/// <param name="Mean">Its mean.</param>
/// <param name="Minimum">Its smallest value.</param>
/// <param name="Maximum">Its largest value.</param>
/// <param name="StandardDeviation">Its standard deviation, with n - 1.</param>
public readonly record struct DriverSpread(double Mean, double Minimum, double Maximum, double StandardDeviation)
{
    /// <summary>Nothing is known.</summary>
    public static DriverSpread Unknown { get; } = new(double.NaN, double.NaN, double.NaN, double.NaN);

    /// <summary>The spread of a column; values that are NaN make all of it NaN.</summary>
    /// <param name="values">The column, at least one value; the standard deviation of a single value is NaN.</param>
    /// <exception cref="ArgumentException">An empty column.</exception>
    public static DriverSpread Of(ReadOnlySpan<double> values)
    {
        if (values.IsEmpty)
        {
            throw new ArgumentException("A driver without values has no spread.", nameof(values));
        }

        double mean = FixedSum.Mean(values);
        double low = values[0];
        double high = values[0];
        double squares = 0;
        foreach (double value in values)
        {
            low = Math.Min(low, value);
            high = Math.Max(high, value);
            squares += (value - mean) * (value - mean);
        }

        return new DriverSpread(mean, low, high, Math.Sqrt(squares / (values.Length - 1)));
    }

    /// <summary>How many standard deviations a value lies from the mean; 0 when it lies between minimum and maximum, NaN when unknown.</summary>
    internal double Distance(double value)
    {
        if (value >= Minimum && value <= Maximum)
        {
            return 0;
        }

        return Math.Abs(value - Mean) / StandardDeviation;
    }
}

/// <summary>The plain figures of a fit that the rules look at. What is not known is NaN, and its tests fail.</summary>
public sealed record FitStatistics
{
    /// <summary>Rows fitted.</summary>
    public required int N { get; init; }

    /// <summary>Fitted parameters: the intercept and, by our count, each breakpoint.</summary>
    public required int P { get; init; }

    /// <summary>Mean use per row.</summary>
    public required double MeanUse { get; init; }

    /// <summary>Sum of squared residuals.</summary>
    public required double SumOfSquaredErrors { get; init; }

    /// <summary>Sum of residuals, metered less fitted.</summary>
    public required double ResidualSum { get; init; }

    /// <summary>Share of the variance explained, 0 to 1.</summary>
    public required double R2 { get; init; }

    /// <summary>p value of the F test of the whole model.</summary>
    public double FProbability { get; init; } = double.NaN;

    /// <summary>The drivers.</summary>
    public IReadOnlyList<DriverStatistics> Drivers { get; init; } = [];

    /// <summary>The length of the rows.</summary>
    public required RowFrequency Frequency { get; init; }

    /// <summary>Half-width of the saving's 68 % interval, in percent of the saving.</summary>
    public double SavingsUncertaintyPercent68 { get; init; } = double.NaN;

    /// <summary>Sum of (metered less predicted) over sum of metered for blocks left out of the fit, in percent.</summary>
    public double OutOfSampleNmbePercent { get; init; } = double.NaN;

    /// <summary>Half-width of a portfolio's 90 % interval, in percent of its saving; null when the fit is not part of one.</summary>
    public double? PortfolioUncertaintyPercent { get; init; }

    /// <summary>The figures of a fit on drivers; what it does not know (savings, other periods, signs) is left to be added.</summary>
    /// <param name="fit">The fit.</param>
    /// <param name="frequency">The length of its rows.</param>
    public static FitStatistics Of(BaselineFit fit, RowFrequency frequency)
    {
        ArgumentNullException.ThrowIfNull(fit);
        DriverStatistics[] drivers = new DriverStatistics[fit.Terms.Count];
        for (int j = 0; j < drivers.Length; j++)
        {
            double deviation = fit.Factors.Scales[j] / Math.Sqrt(fit.N - 1);
            (double low, double high) = fit.Terms[j].Range(fit.DriverMinimum, fit.DriverMaximum);
            drivers[j] = new DriverStatistics(fit.TermName(j), fit.Coefficients[j + 1], fit.PValues[j + 1])
            {
                Fitted = new DriverSpread(fit.Factors.Means[j], low, high, deviation),
            };
        }

        return new FitStatistics
        {
            N = fit.N,
            P = fit.P,
            MeanUse = fit.MeanUse,
            SumOfSquaredErrors = fit.SumOfSquaredErrors,
            ResidualSum = FixedSum.Sum(fit.Residuals as double[] ?? [.. fit.Residuals]),
            R2 = fit.R2,
            FProbability = fit.FProbability,
            Drivers = drivers,
            Frequency = frequency,
        };
    }

    /// <summary>The figures of a CalTRACK fit, in use per row; each balance point counts as a parameter.</summary>
    /// <param name="fit">The fit.</param>
    public static FitStatistics Of(CalTrackFit fit)
    {
        ArgumentNullException.ThrowIfNull(fit);
        double total = 0;
        foreach (MeteredInterval row in fit.Intervals)
        {
            total += (row.Use - fit.MeanUse) * (row.Use - fit.MeanUse);
        }

        DriverStatistics[] drivers = new DriverStatistics[fit.TermNames.Count];
        for (int j = 0; j < drivers.Length; j++)
        {
            bool heating = j == 0 && !double.IsNaN(fit.HeatingBalanceFahrenheit);
            IReadOnlyList<double> column = heating ? fit.HeatingDegreeDaysPerDay : fit.CoolingDegreeDaysPerDay;
            drivers[j] = new DriverStatistics(fit.TermNames[j], fit.Coefficients[j + 1], fit.PValues[j + 1], ExpectedSign.Positive)
            {
                Fitted = DriverSpread.Of(column as double[] ?? [.. column]),
            };
        }

        return new FitStatistics
        {
            N = fit.N,
            P = fit.P + drivers.Length,
            MeanUse = fit.MeanUse,
            SumOfSquaredErrors = fit.SumOfSquaredErrors,
            ResidualSum = fit.ResidualSum,
            R2 = drivers.Length == 0 ? 0 : 1 - (fit.SumOfSquaredErrors / total),
            FProbability = fit.FProbability,
            Drivers = drivers,
            Frequency = fit.IsBilling ? RowFrequency.Monthly : RowFrequency.Daily,
        };
    }

    /// <summary>sqrt(SSE/(n - p)) / mean use, in percent (ASHRAE Guideline 14); NaN when n does not pass p or the mean is not above zero.</summary>
    public double CvRmsePercent => N > P && MeanUse > 0 ? 100 * Math.Sqrt(SumOfSquaredErrors / (N - P)) / MeanUse : double.NaN;

    /// <summary>Sum of residuals / ((n - p) mean use), in percent (ASHRAE Guideline 14); NaN as for <see cref="CvRmsePercent"/>.</summary>
    public double NmbePercentOfDegreesOfFreedom => N > P && MeanUse > 0 ? 100 * ResidualSum / ((N - P) * MeanUse) : double.NaN;

    /// <summary>Sum of residuals / sum of metered use, in percent (the net bias; OpenEEmeter's definition with the sign turned); NaN when the mean is not above zero.</summary>
    public double NmbePercentOfUse => N > 0 && MeanUse > 0 ? 100 * ResidualSum / (N * MeanUse) : double.NaN;
}
