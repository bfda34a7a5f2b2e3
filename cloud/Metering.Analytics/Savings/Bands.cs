using Metering.Analytics.Baselines;

namespace Metering.Analytics.Savings;

/// <summary>One walk over the reporting rows: predictions, their sum in the baseline's basis, and variances on the way.</summary>
internal sealed class Bands
{
    private Bands(int rows, int order)
    {
        Adjusted = new double[rows];
        RowVariance = new double[rows];
        Cumulative = new double[rows];
        CumulativeVariance = new double[rows];
        Sum = new double[order];
        GradientSum = new double[order - 1];
    }

    /// <summary>Sum of the terms, and of the derivatives by the breakpoints, over the rows.</summary>
    public double[] GradientSum { get; }

    /// <summary>The baseline's use per row, events of the reporting period added.</summary>
    public double[] Adjusted { get; }

    /// <summary>Variance of a single row about the prediction, in units of the residual variance.</summary>
    public double[] RowVariance { get; }

    /// <summary>Saving up to and with each row.</summary>
    public double[] Cumulative { get; }

    /// <summary>Variance of <see cref="Cumulative"/>, in units of the residual variance.</summary>
    public double[] CumulativeVariance { get; }

    /// <summary>Coordinates of the sum of all predictions.</summary>
    public double[] Sum { get; }

    /// <summary>Variance of the weighted sum of the reporting residuals, in units of the residual variance.</summary>
    public double NoiseOfSum { get; private set; }

    public static Bands Walk(BaselineFit fit, PeriodRows rows, ReportingEvents events, AutocorrelatedErrors errors)
    {
        Bands bands = new(rows.Count, errors.Order);
        double[] row = new double[rows.Drivers.Length];
        double[] gradient = new double[errors.Order - 1];
        double[] coordinates = new double[errors.Order];
        GrowingSum noise = new(errors.Correlation);
        double saved = 0;
        for (int i = 0; i < rows.Count; i++)
        {
            rows.CopyDrivers(i, row);
            fit.Gradient(row, gradient);
            fit.Spread.Coordinates(gradient, coordinates);
            for (int j = 0; j < gradient.Length; j++)
            {
                bands.GradientSum[j] += gradient[j];
            }

            for (int j = 0; j < coordinates.Length; j++)
            {
                bands.Sum[j] += coordinates[j];
            }

            bands.Adjusted[i] = fit.Predict(row) + events.At(i);
            saved += bands.Adjusted[i] - rows.Use[i];
            bands.Cumulative[i] = saved;
            bands.RowVariance[i] = errors.OfModel(coordinates) + 1;
            noise.Add(rows.StepsBefore[i]);
            bands.CumulativeVariance[i] = errors.OfModel(bands.Sum) + noise.Variance;
        }

        bands.NoiseOfSum = events.IsEmpty ? noise.Variance : events.NoiseOfSum(rows, errors.Correlation);
        return bands;
    }
}
