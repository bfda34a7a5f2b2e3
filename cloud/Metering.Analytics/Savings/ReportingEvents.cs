using Metering.Analytics.Baselines;
using Metering.Analytics.Statistics;

namespace Metering.Analytics.Savings;

/// <summary>
/// Events of the reporting period. Their sizes come from a regression of the reporting rows on the baseline's terms and one
/// indicator per event: what the project does to the terms stays with the project. The saving then weighs each reporting row
/// with 1 less what the row contributes to the sizes, and its variance follows from these weights.
/// </summary>
internal sealed class ReportingEvents
{
    private readonly IReadOnlyList<NonRoutineAdjustment> adjustments;
    private readonly double[] sizes;
    private readonly double[][] indicators;
    private readonly double[][] contributions;
    private readonly PeriodRows rows;

    private ReportingEvents(PeriodRows rows, IReadOnlyList<NonRoutineAdjustment> adjustments, LeastSquares? factors, int terms)
    {
        this.rows = rows;
        this.adjustments = adjustments;
        indicators = [.. adjustments.Select(adjustment => Indicator(rows, adjustment))];
        sizes = new double[adjustments.Count];
        contributions = new double[adjustments.Count][];
        for (int k = 0; k < sizes.Length; k++)
        {
            contributions[k] = Contribution(factors!, terms + k);
            sizes[k] = FixedSum.Dot(contributions[k], rows.Use);
        }
    }

    /// <summary>Whether nothing is adjusted.</summary>
    public bool IsEmpty => sizes.Length == 0;

    /// <summary>No events.</summary>
    public static ReportingEvents None(PeriodRows rows) => new(rows, [], null, 0);

    /// <summary>Estimates the events; null when their indicators cannot be told from the terms.</summary>
    public static ReportingEvents? Estimate(BaselineFit fit, PeriodRows rows, IReadOnlyList<NonRoutineAdjustment> adjustments)
    {
        if (adjustments.Count == 0)
        {
            return None(rows);
        }

        // A term that stands still in this period (an indicator of the baseline, a season that did not come) has nothing to add.
        List<double[]> columns = [.. fit.Terms.Select(term => term.Column(rows.Drivers)).Where(Varies)];
        int terms = columns.Count;
        columns.AddRange(adjustments.Select(adjustment => Indicator(rows, adjustment)));
        return rows.Count > columns.Count + 1 && LeastSquares.Factor(rows.Count, columns) is { } factors
            ? new ReportingEvents(rows, adjustments, factors, terms)
            : null;
    }

    /// <summary>1 in the rows in which an event acted, else 0.</summary>
    public static double[] Indicator(PeriodRows rows, NonRoutineAdjustment adjustment)
    {
        double[] indicator = new double[rows.Count];
        for (int i = 0; i < indicator.Length; i++)
        {
            indicator[i] = adjustment.WeightAt(rows.Start[i]);
        }

        return indicator;
    }

    /// <summary>Variance from the dates of the events of the reporting period, in squared units of use.</summary>
    public double DateVariance
    {
        get
        {
            double sum = 0;
            foreach (NonRoutineAdjustment adjustment in adjustments)
            {
                sum += adjustment.TotalDateDeviation * adjustment.TotalDateDeviation;
            }

            return sum;
        }
    }

    /// <summary>Use that events added in a row.</summary>
    public double At(int row)
    {
        double sum = 0;
        for (int k = 0; k < sizes.Length; k++)
        {
            sum += sizes[k] * indicators[k][row];
        }

        return sum;
    }

    /// <summary>Minus the derivative of the saving by a reporting row's use.</summary>
    public double Weight(int row)
    {
        double weight = 1;
        for (int k = 0; k < sizes.Length; k++)
        {
            weight -= FixedSum.Sum(indicators[k]) * contributions[k][row];
        }

        return weight;
    }

    /// <summary><see cref="Weight"/> of every row.</summary>
    public double[] Weights()
    {
        double[] weights = new double[rows.Count];
        Array.Fill(weights, 1.0);
        for (int k = 0; k < sizes.Length; k++)
        {
            double days = FixedSum.Sum(indicators[k]);
            for (int i = 0; i < weights.Length; i++)
            {
                weights[i] -= days * contributions[k][i];
            }
        }

        return weights;
    }

    /// <summary>Variance of the weighted sum of the reporting residuals, in units of the residual variance.</summary>
    public double NoiseOfSum(PeriodRows period, double correlation) => Noise(Weights(), period, correlation);

    /// <summary>What is told of each event, those of the baseline first.</summary>
    public IReadOnlyList<AdjustmentSize> Sizes(BaselineFit fit, AutocorrelatedErrors errors)
    {
        List<AdjustmentSize> told = [.. fit.Events.Select((adjustment, k) => BaselineSize(fit, errors, adjustment, k))];
        for (int k = 0; k < sizes.Length; k++)
        {
            double variance = errors.Variance * Noise(contributions[k], rows, errors.Correlation);
            told.Add(new(adjustments[k], false, sizes[k], Math.Sqrt(variance), (int)FixedSum.Sum(indicators[k])));
        }

        return told;
    }

    private AdjustmentSize BaselineSize(BaselineFit fit, AutocorrelatedErrors errors, NonRoutineAdjustment adjustment, int index)
    {
        int term = fit.Terms.Count - fit.Events.Count + index;
        double[] gradient = new double[errors.Order - 1];
        double[] origin = new double[errors.Order];
        double[] coordinates = new double[errors.Order];
        fit.Spread.Coordinates(gradient, origin);
        gradient[term] = 1;
        fit.Spread.Coordinates(gradient, coordinates);
        for (int j = 0; j < coordinates.Length; j++)
        {
            coordinates[j] -= origin[j];
        }

        double error = Math.Sqrt(errors.Variance * errors.OfModel(coordinates));
        return new(adjustment, true, fit.Coefficients[term + 1], error, (int)FixedSum.Sum(Indicator(rows, adjustment)));
    }

    private static double Noise(double[] weights, PeriodRows period, double correlation)
    {
        double[] applied = new double[weights.Length];
        AutocorrelatedErrors.Apply(weights, period.StepsBefore, correlation, applied);
        return FixedSum.Dot(weights, applied);
    }

    // Row of the pseudo-inverse that gives one coefficient: the basis times the coordinates of a unit step in its column.
    private double[] Contribution(LeastSquares factors, int column)
    {
        double[] step = new double[factors.Count];
        double[] origin = new double[factors.Count + 1];
        double[] coordinates = new double[factors.Count + 1];
        factors.Coordinates(step, origin);
        step[column] = 1;
        factors.Coordinates(step, coordinates);
        double[] contribution = new double[rows.Count];
        for (int j = 1; j < coordinates.Length; j++)
        {
            double z = coordinates[j] - origin[j];
            double[] basis = factors.Basis[j - 1];
            for (int i = 0; i < contribution.Length; i++)
            {
                contribution[i] += z * basis[i];
            }
        }

        return contribution;
    }

    private static bool Varies(double[] column) => column.AsSpan().ContainsAnyExcept(column[0]);
}
