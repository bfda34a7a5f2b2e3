using System.Globalization;
using System.Text.Json;
using Metering.Analytics.Baselines;
using Metering.Analytics.Intervals;
using Xunit;

namespace Metering.Tests.Analytics;

/// <summary>Fits against results of independent public tools on the same plants.</summary>
public class LeastSquaresReferenceTests
{
    private const double Tolerance = 1e-9;

    /// <summary>The limits are for savings; here the arithmetic is compared, collinear drivers and all.</summary>
    private static readonly BaselineRules NoLimits = new()
    {
        MaximumCorrelation = 1,
        MaximumVarianceInflation = 1e12,
        MinimumDegreesOfFreedom = 1,
    };

    [Fact]
    public void Monthly_plants_with_production_and_degree_days_fit_as_the_reference_did()
    {
        string? path = ReferenceFiles.Find("reference/mv/industrial/expected-acme-ols.json");
        if (path is null)
        {
            return;
        }

        using JsonDocument document = JsonDocument.Parse(File.ReadAllText(path));
        int compared = 0;
        foreach (JsonElement expected in document.RootElement.EnumerateArray())
        {
            string site = expected.GetProperty("site").GetString()!;
            int year = expected.GetProperty("model_year").GetInt32();
            BaselineFit fit = Fit(
                ReferenceFiles.Find($"reference/mv/industrial/{site}.csv")!,
                expected.GetProperty("energy").GetString()!,
                [.. expected.GetProperty("vars").EnumerateArray().Select(name => name.GetString()!)],
                Period.FromDays(new DateOnly(year, 1, 1), new DateOnly(year, 12, 31), TimeZoneInfo.Utc));
            AssertClose(expected.GetProperty("coef"), fit.Coefficients);
            AssertClose(expected.GetProperty("se"), fit.StandardErrors);
            AssertClose(expected.GetProperty("p"), fit.PValues);
            AssertClose(expected.GetProperty("r2"), fit.R2);
            AssertClose(expected.GetProperty("r2_adj"), fit.AdjustedR2);
            AssertClose(expected.GetProperty("F"), fit.F);
            AssertClose(expected.GetProperty("F_p"), fit.FProbability);
            AssertClose(expected.GetProperty("cvrmse"), fit.CvRmse);
            AssertClose(expected.GetProperty("lag1"), fit.Lag1Autocorrelation);
            Assert.InRange(fit.Nmbe, -1e-13, 1e-13);
            compared++;
        }

        Assert.Equal(84, compared);
    }

    [Fact]
    public void Every_window_of_a_plant_over_eleven_years_fits_as_the_reference_did()
    {
        string? path = ReferenceFiles.Find("reference/mv/industrial/expected-ornl-sliding.json");
        if (path is null)
        {
            return;
        }

        using JsonDocument document = JsonDocument.Parse(File.ReadAllText(path));
        string plant = ReferenceFiles.Find("reference/mv/industrial/ornl-sliding-plant-2005-2015.csv")!;
        int compared = 0;
        foreach (JsonElement expected in document.RootElement.EnumerateArray())
        {
            DateOnly start = DateOnly.Parse(expected.GetProperty("start").GetString()!, CultureInfo.InvariantCulture);
            BaselineFit fit = Fit(
                plant,
                expected.GetProperty("energy").GetString()!,
                expected.GetProperty("vars").GetString()!.Split('+'),
                Period.FromDays(start, start.AddMonths(12).AddDays(-1), TimeZoneInfo.Utc));

            // A coefficient far below its standard error is noise; it agrees to a share of that error.
            for (int j = 0; j < fit.P; j++)
            {
                double allowed = Tolerance * Math.Max(Math.Abs(fit.Coefficients[j]), fit.StandardErrors[j]);
                Assert.InRange(expected.GetProperty("coef")[j].GetDouble() - fit.Coefficients[j], -allowed, allowed);
            }

            AssertClose(expected.GetProperty("p"), fit.PValues);
            AssertClose(expected.GetProperty("r2"), fit.R2);
            AssertClose(expected.GetProperty("F_p"), fit.FProbability);
            AssertClose(expected.GetProperty("cv"), fit.CvRmse);
            compared++;
        }

        Assert.True(compared > 800, $"{compared} windows compared");
    }

    [Fact]
    public void The_longley_data_fit_to_the_certified_values()
    {
        // NIST Statistical Reference Datasets, Longley (1967): highly collinear; certified to 15 digits.
        double[][] rows =
        [
            [60323, 83.0, 234289, 2356, 1590, 107608, 1947], [61122, 88.5, 259426, 2325, 1456, 108632, 1948],
            [60171, 88.2, 258054, 3682, 1616, 109773, 1949], [61187, 89.5, 284599, 3351, 1650, 110929, 1950],
            [63221, 96.2, 328975, 2099, 3099, 112075, 1951], [63639, 98.1, 346999, 1932, 3594, 113270, 1952],
            [64989, 99.0, 365385, 1870, 3547, 115094, 1953], [63761, 100.0, 363112, 3578, 3350, 116219, 1954],
            [66019, 101.2, 397469, 2904, 3048, 117388, 1955], [67857, 104.6, 419180, 2822, 2857, 118734, 1956],
            [68169, 108.4, 442769, 2936, 2798, 120445, 1957], [66513, 110.8, 444546, 4681, 2637, 121950, 1958],
            [68655, 112.6, 482704, 3813, 2552, 123366, 1959], [69564, 114.2, 502601, 3931, 2514, 125368, 1960],
            [69331, 115.7, 518173, 4806, 2572, 127852, 1961], [70551, 116.9, 554894, 4007, 2827, 130081, 1962],
        ];
        double[] coefficients =
        [
            -3482258.63459582, 15.0618722713733, -0.358191792925910E-01, -2.02022980381683,
            -1.03322686717359, -0.511041056535807E-01, 1829.15146461355,
        ];
        double[] errors =
        [
            890420.383607373, 84.9149257747669, 0.334910077722432E-01, 0.488399681651699,
            0.214274163161675, 0.226073200069370, 455.478499142212,
        ];
        ModelTable table = new()
        {
            StartUtcMilliseconds = [.. Enumerable.Range(0, 16).Select(i => i * 365L * 86_400_000)],
            Use = [.. rows.Select(row => row[0])],
            Drivers = [.. Enumerable.Range(1, 6).Select(j => new Driver($"x{j}", [.. rows.Select(row => row[j])]))],
        };
        BaselineOutcome outcome = BaselineModel.Fit(table, new Period(0, 16 * 365L * 86_400_000), ModelKind.Ols, NoLimits);
        Assert.Empty(outcome.Reasons);
        BaselineFit fit = outcome.Fit!;
        for (int j = 0; j < 7; j++)
        {
            Assert.Equal(1, fit.Coefficients[j] / coefficients[j], 1e-9);
            Assert.Equal(1, fit.StandardErrors[j] / errors[j], 1e-9);
        }

        Assert.Equal(0.995479004577296, fit.R2, 1e-12);
        Assert.Equal(330.285339234588, fit.F, 1e-7);
    }

    private static BaselineFit Fit(string path, string energy, string[] drivers, Period baseline)
    {
        string[][] rows = ReferenceFiles.ReadCsv(path);
        int Column(string name) => Array.IndexOf(rows[0], name);
        ModelTable table = new()
        {
            StartUtcMilliseconds = [.. rows[1..].Select(row => DateTimeOffset.Parse(row[0] + "T00:00Z", CultureInfo.InvariantCulture).ToUnixTimeMilliseconds())],
            Use = Values(rows, Column(energy)),
            Drivers = [.. drivers.Select(name => new Driver(name, Values(rows, Column(name))))],
        };
        BaselineOutcome outcome = BaselineModel.Fit(table, baseline, ModelKind.Ols, NoLimits);
        Assert.True(outcome.Fit is not null, string.Join(' ', outcome.Reasons.Select(reason => reason.Detail)));
        return outcome.Fit!;
    }

    private static double[] Values(string[][] rows, int column) => [.. rows[1..].Select(row =>
        column < row.Length && row[column].Length > 0 ? double.Parse(row[column], CultureInfo.InvariantCulture) : double.NaN)];

    private static void AssertClose(JsonElement expected, IReadOnlyList<double> actual)
    {
        Assert.Equal(expected.GetArrayLength(), actual.Count);
        for (int i = 0; i < actual.Count; i++)
        {
            AssertClose(expected[i], actual[i]);
        }
    }

    private static void AssertClose(JsonElement expected, double actual)
    {
        double value = expected.GetDouble();
        Assert.InRange(actual - value, -Tolerance * Math.Max(1e-3, Math.Abs(value)), Tolerance * Math.Max(1e-3, Math.Abs(value)));
    }
}
