using System.Text.Json;
using Metering.Analytics.Baselines;
using Metering.Analytics.Intervals;
using Metering.Analytics.Towt;
using Metering.Tests.Support;
using Xunit;

namespace Metering.Tests.Analytics.Towt;

/// <summary>The hourly method against OpenEEmeter 3.2.0 on the same meters.</summary>
public class CalTrackHourlyReferenceTests
{
    private const string Electricity = "il-electricity-cdd-hdd-hourly";
    private const string Gas = "il-gas-intercept-only-hourly";
    private const string Uk = "uk-electricity-hdd-only-hourly-sample-0";
    private static readonly string[] Names =
    [
        "dec-jan-feb-weighted", "jan-feb-mar-weighted", "feb-mar-apr-weighted", "mar-apr-may-weighted", "apr-may-jun-weighted",
        "may-jun-jul-weighted", "jun-jul-aug-weighted", "jul-aug-sep-weighted", "aug-sep-oct-weighted", "sep-oct-nov-weighted",
        "oct-nov-dec-weighted", "nov-dec-jan-weighted",
    ];

    /// <summary>
    /// Largest and root mean square difference allowed, as shares of the mean load. The temperatures of the last meter are written
    /// with six digits; changing them by half of the last digit changes its predictions by up to 3.7e-5 and 1.2e-6 of the mean.
    /// The temperatures of the first two end 41 hours before the meter does; those hours have no prediction.
    /// </summary>
    [NeedsTheory("shared:reference/mv/eemeter")]
    [InlineData(Electricity, "temperature-il-tempF.csv", 8719, 1e-6, 1e-7)]
    [InlineData(Gas, "temperature-il-tempF.csv", 8719, 1e-6, 1e-7)]
    [InlineData(Uk, "temperature-uk-uk-tempC-sample-0.csv", 8760, 5e-5, 1.5e-6)]
    public void Every_hour_is_predicted_as_the_reference_does(string meter, string temperature, int hours, double largest, double typical)
    {
        TowtOutcome outcome = Fit(meter, temperature, out _);
        Assert.True(outcome.Fit is not null, TowtCases.Text(outcome.Reasons));
        string[][] expected = ReferenceFiles.ReadCsv(Repository.SharedFile($"reference/mv/eemeter/expected/{meter}.counterfactual.csv")!);
        Dictionary<long, double> reference = expected[1..].Where(row => row[2].Length > 0).ToDictionary(row => TowtCases.Instant(row[0]), row => TowtCases.Number(row[2]));
        TowtPrediction reporting = outcome.Reporting!;
        double mean = reference.Values.Average();
        double worst = 0;
        double squares = 0;
        for (int i = 0; i < reporting.Predicted.Count; i++)
        {
            double difference = Math.Abs(reporting.Predicted[i] - reference[reporting.StartUtcMilliseconds[i]]) / mean;
            worst = Math.Max(worst, difference);
            squares += difference * difference;
        }

        Assert.Equal(hours, reporting.Predicted.Count);
        Assert.InRange(worst, 0, largest);
        Assert.InRange(Math.Sqrt(squares / hours), 0, typical);
    }

    /// <summary>What is left between the reference and us on the last meter is the last digit of its temperatures.</summary>
    [NeedsFact("shared:reference/mv/eemeter")]
    public void Rounded_temperatures_explain_the_difference_that_is_left()
    {
        const int seed = 1;
        Random random = new(seed);
        ModelTable table = Table(Uk, "temperature-uk-uk-tempC-sample-0.csv");
        IReadOnlyList<double> written = table.Drivers[0].Values;
        ModelTable other = table with { Drivers = [new Driver("temperature", [.. written.Select(value => value + (1e-4 * (random.NextDouble() - 0.5)))])] };
        Period baseline = new(TowtCases.Instant("2020-04-01T01:00Z"), TowtCases.Instant("2021-04-01"));
        CalTrackHourlyOptions options = new() { Temperature = "temperature" };
        IReadOnlyList<double> ours = CalTrackHourly.Fit(table, baseline, Reporting(Uk), options).Reporting!.Predicted;
        IReadOnlyList<double> changed = CalTrackHourly.Fit(other, baseline, Reporting(Uk), options).Reporting!.Predicted;
        double[] reference = [.. ReferenceFiles.ReadCsv(Repository.SharedFile($"reference/mv/eemeter/expected/{Uk}.counterfactual.csv")!)[1..]
            .Where(row => row[2].Length > 0).Select(row => TowtCases.Number(row[2]))];
        double left = ours.Zip(reference, (a, b) => (a - b) * (a - b)).Sum();
        double rounding = ours.Zip(changed, (a, b) => (a - b) * (a - b)).Sum();
        Assert.True(left < 1.5 * rounding, $"{left} left, {rounding} from rounding with seed {seed}");
        Assert.Equal(1, ours.Sum() / reference.Sum(), 1e-7);
    }

    [NeedsTheory("shared:reference/mv/eemeter")]
    [InlineData(Electricity, "temperature-il-tempF.csv")]
    [InlineData(Gas, "temperature-il-tempF.csv")]
    [InlineData(Uk, "temperature-uk-uk-tempC-sample-0.csv")]
    public void Occupied_hours_knots_and_statistics_are_those_of_the_reference(string meter, string temperature)
    {
        TowtFit fit = Fit(meter, temperature, out JsonElement expected).Fit!;
        Assert.Equal(expected.GetProperty("n").GetInt32(), fit.N);
        for (int month = 0; month < 12; month++)
        {
            TowtSegmentSummary segment = fit.Segments[month];
            Assert.Equal(month + 1, segment.Month);
            Assert.Equal(expected.GetProperty("occupied_hours").GetProperty(Names[month]).GetInt32(), segment.Occupied.Count(value => value));
            Assert.Equal(Knots(expected, "temp_bins_occ", month), segment.OccupiedKnots);
            Assert.Equal(Knots(expected, "temp_bins_unocc", month), segment.UnoccupiedKnots);
        }

        double scale = Math.Sqrt(fit.SumOfSquaredErrors / fit.N);
        Assert.Equal(1, expected.GetProperty("avgs_rmse").GetDouble() / scale, 1e-6);
        Assert.Equal(expected.GetProperty("avgs_cvrmse").GetDouble(), scale / fit.MeanUse, 1e-5);
        Assert.Equal(expected.GetProperty("baseline_predicted").GetDouble(), fit.Fitted.Sum(), 1e-6 * fit.Fitted.Sum());
    }

    [NeedsFact("shared:reference/mv/eemeter")]
    public void A_baseline_of_three_months_is_refused_where_the_reference_gave_minus_86_percent()
    {
        ModelTable table = Table(Electricity, "temperature-il-tempF.csv");
        Period baseline = new(TowtCases.Instant("2016-09-26"), TowtCases.Instant("2016-12-26"));
        TowtOutcome outcome = CalTrackHourly.Fit(table, baseline, Reporting(Electricity), new CalTrackHourlyOptions { Temperature = "temperature" });
        Assert.Null(outcome.Fit);
        Assert.Null(outcome.Reporting);
        Assert.NotEmpty(outcome.Reasons);
    }

    private static TowtOutcome Fit(string meter, string temperature, out JsonElement expected)
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllText(Repository.SharedFile("reference/mv/eemeter/expected/results.json")!));
        expected = document.RootElement.EnumerateArray().First(element => element.GetProperty("sample").GetString() == meter).GetProperty("eemeter_3_2_0").Clone();
        Period baseline = new(
            TowtCases.Instant(expected.GetProperty("baseline_start").GetString()!), TowtCases.Instant(expected.GetProperty("baseline_end").GetString()!));
        return CalTrackHourly.Fit(Table(meter, temperature), baseline, Reporting(meter), new CalTrackHourlyOptions { Temperature = "temperature" });
    }

    private static Period Reporting(string meter) => string.Equals(meter, Uk, StringComparison.Ordinal)
        ? new(TowtCases.Instant("2021-04-01"), TowtCases.Instant("2022-04-01"))
        : new(TowtCases.Instant("2017-01-04"), TowtCases.Instant("2018-01-04"));

    private static ModelTable Table(string meter, string temperature) => TowtCases.Hourly(
        Repository.SharedFile($"reference/mv/eemeter/{meter}.csv")!, Repository.SharedFile($"reference/mv/eemeter/{temperature}")!);

    private static double[] Knots(JsonElement expected, string name, int month) =>
        [.. expected.GetProperty(name).GetProperty(Names[month]).EnumerateArray().Select(value => value.GetDouble())];
}
