using Metering.FirmwareSim.Field;
using Metering.FirmwareSim.Output;
using Metering.FirmwareSim.Plants;
using MexicanCalendar = Metering.FirmwareSim.Plants.MexicanCalendar;

namespace Metering.Tests.FirmwareSim;

/// <summary>
/// Ordinary least squares on the daily drivers a project names, with an interval that knows of the residuals' autocorrelation: a
/// plain second opinion on what a verifier should find in the simulated registers.
/// </summary>
internal sealed record ReferenceSaving(double Estimate, double HalfWidth, double Truth)
{
    private const double Normal90 = 1.645;

    internal bool HoldsTruth => Math.Abs(Estimate - Truth) <= HalfWidth;

    internal bool IsSignificant => Math.Abs(Estimate) > HalfWidth;

    internal static ReferenceSaving Of(PlantModel plant)
    {
        int days = plant.Window.HistoryDays;
        double[][] drivers = new double[days][];
        double[] use = new double[days];
        UseLaw law = ProjectsYaml.LawOf(plant.Spec);
        for (int day = 0; day < days; day++)
        {
            drivers[day] = Drivers(plant, law, day);
            use[day] = Difference(plant.Counter(plant.Spec.Measure.Channel), day);
        }

        int first = plant.Periods.Reporting.First.DayNumber - plant.Window.From.DayNumber;
        int last = plant.Periods.Reporting.Last.DayNumber - plant.Window.From.DayNumber;
        int baseline = plant.Periods.Installation.First.DayNumber - plant.Window.From.DayNumber;
        (double estimate, double halfWidth) = Estimated(drivers, use, baseline, (first, last));
        (long counterfactual, long actual) = TruthJson.ReportingSteps(plant);
        return new ReferenceSaving(estimate, halfWidth, counterfactual - actual);
    }

    private static (double Estimate, double HalfWidth) Estimated(double[][] x, double[] y, int n, (int First, int Last) reporting)
    {
        int p = x[0].Length;
        double[,] inverse = InverseOfNormal(x, n, p);
        double[] right = new double[p];
        for (int day = 0; day < n; day++)
        {
            for (int j = 0; j < p; j++)
            {
                right[j] += x[day][j] * y[day];
            }
        }

        double[] beta = Multiply(inverse, right);
        double[] residual = [.. Enumerable.Range(0, n).Select(day => y[day] - Dot(beta, x[day]))];
        double squares = residual.Sum(e => e * e);
        double lagged = Enumerable.Range(1, n - 1).Sum(day => residual[day] * residual[day - 1]);
        double rho = lagged / squares;
        rho = Math.Clamp(rho + ((1 + (3 * rho)) * p / (2.0 * n)), 0, 0.985);
        double estimate = 0;
        double[] sum = new double[p];
        for (int day = reporting.First; day <= reporting.Last; day++)
        {
            estimate += Dot(beta, x[day]) - y[day];
            for (int j = 0; j < p; j++)
            {
                sum[j] += x[day][j];
            }
        }

        double[] direction = Multiply(inverse, sum);
        double recursion = 0;
        double model = 0;
        for (int day = 0; day < n; day++)
        {
            double w = Dot(direction, x[day]);
            model += (w * w) + (2 * w * recursion);
            recursion = rho * (recursion + w);
        }

        int m = reporting.Last - reporting.First + 1;
        double noise = (m * (1 + rho) / (1 - rho)) - (2 * rho * (1 - Math.Pow(rho, m)) / ((1 - rho) * (1 - rho)));
        return (estimate, Normal90 * Math.Sqrt(squares / (n - p) * (model + noise)));
    }

    private static double[] Drivers(PlantModel plant, UseLaw law, int day)
    {
        List<double> row = [1];
        if (law.PerProduction > 0)
        {
            row.Add(Difference(plant.Counter(FieldChannel.Production), day));
        }

        if (law.PerCoolingDegree > 0)
        {
            row.Add(DegreeDays(plant, day, above: true));
        }

        if (law.PerHeatingDegree > 0)
        {
            row.Add(DegreeDays(plant, day, above: false));
        }

        if (law.PerWorkday > 0)
        {
            row.Add(MexicanCalendar.IsWorkday(plant.Window.From.AddDays(day)) ? 1 : 0);
        }

        return [.. row];
    }

    private static double DegreeDays(PlantModel plant, int day, bool above)
    {
        long[] values = new long[8];
        ChannelState[] states = new ChannelState[8];
        double sum = 0;
        for (int slot = 0; slot < DayShape.SlotsPerDay; slot++)
        {
            plant.Fill(plant.FirstUtcMilliseconds + ((((long)day * DayShape.SlotsPerDay) + slot) * SimulationWindow.SlotMilliseconds), values, states);
            double degrees = (values[(int)FieldChannel.Temperature] / 10.0) - 18;
            sum += Math.Max(0, above ? degrees : -degrees);
        }

        return sum / DayShape.SlotsPerDay;
    }

    private static double Difference(CounterSeries counter, int day)
    {
        const long Day = (long)DayShape.SlotsPerDay * SimulationWindow.SlotMilliseconds;
        return counter.TrueSteps((day + 1) * Day) - counter.TrueSteps(day * Day);
    }

    // Gauss-Jordan with pivots; four columns at most.
    private static double[,] InverseOfNormal(double[][] x, int n, int p)
    {
        double[,] a = new double[p, 2 * p];
        for (int i = 0; i < p; i++)
        {
            a[i, p + i] = 1;
            for (int j = 0; j < p; j++)
            {
                for (int day = 0; day < n; day++)
                {
                    a[i, j] += x[day][i] * x[day][j];
                }
            }
        }

        for (int column = 0; column < p; column++)
        {
            double pivot = a[column, column];
            for (int j = 0; j < 2 * p; j++)
            {
                a[column, j] /= pivot;
            }

            for (int i = 0; i < p; i++)
            {
                double factor = i == column ? 0 : a[i, column];
                for (int j = 0; j < 2 * p; j++)
                {
                    a[i, j] -= factor * a[column, j];
                }
            }
        }

        double[,] inverse = new double[p, p];
        for (int i = 0; i < p; i++)
        {
            for (int j = 0; j < p; j++)
            {
                inverse[i, j] = a[i, p + j];
            }
        }

        return inverse;
    }

    private static double[] Multiply(double[,] matrix, double[] vector) =>
        [.. Enumerable.Range(0, vector.Length).Select(i => Enumerable.Range(0, vector.Length).Sum(j => matrix[i, j] * vector[j]))];

    private static double Dot(double[] left, double[] right) => left.Zip(right, (l, r) => l * r).Sum();
}
