using System.Globalization;
using System.Text.Json;
using Metering.Analytics.Baselines;
using Metering.Analytics.CalTrack;
using Metering.Analytics.Intervals;
using Metering.Analytics.Towt;
using Metering.Tests.Support;
using Xunit;

namespace Metering.Tests.Analytics.Towt;

/// <summary>The own hourly and daily models on data on which public tools were run.</summary>
public class TowtReferenceTests
{
    private const string Buildings = "shared:reference/mv/rmv2";

    /// <summary>
    /// The simulated building keeps the clock of the United States, with the changes of 2017 in both years, while its stamps end
    /// the hour in standard time throughout.
    /// </summary>
    private static readonly TimeZoneInfo SimulatedClock = TimeZoneInfo.CreateCustomTimeZone(
        "simulated",
        TimeSpan.Zero,
        "simulated",
        "simulated",
        "simulated summer",
        [
            TimeZoneInfo.AdjustmentRule.CreateAdjustmentRule(
                DateTime.MinValue.Date,
                DateTime.MaxValue.Date,
                TimeSpan.FromHours(1),
                TimeZoneInfo.TransitionTime.CreateFloatingDateRule(new DateTime(1, 1, 1, 2, 0, 0), 3, 2, DayOfWeek.Sunday),
                TimeZoneInfo.TransitionTime.CreateFloatingDateRule(new DateTime(1, 1, 1, 2, 0, 0), 11, 1, DayOfWeek.Sunday)),
        ]);

    /// <summary>
    /// Expected values from a dense regression with 168 indicators in numpy. Building 1 had no project, so that its saving is an
    /// error; the limit asked for is 0.2 %.
    /// </summary>
    [NeedsTheory(Buildings)]
    [InlineData(1, 0.07272223940646365)]
    [InlineData(3, 16.084392294223406)]
    public void A_building_without_project_shows_no_saving_and_one_with_a_project_about_16_percent(int building, double savingPercent)
    {
        TowtOutcome outcome = Fit(building, SimulatedClock);
        TowtPrediction reporting = outcome.Reporting!;
        double saving = 100 * (1 - (reporting.Metered.Sum() / reporting.TotalPredicted));
        Assert.Equal(savingPercent, saving, 1e-8);
        Assert.Equal(0.1465806549176012, outcome.Fit!.CvRmse, 1e-10);
        Assert.Equal(0.94432668303438, outcome.Fit.R2, 1e-10);
        Assert.Equal(74, outcome.Fit.Segments[0].Occupied.Count(value => value));
    }

    [NeedsFact(Buildings)]
    public void The_clock_of_the_plant_matters_more_than_the_knots()
    {
        TowtFit plant = Fit(1, SimulatedClock).Fit!;
        TowtFit standard = Fit(1, TimeZoneInfo.Utc).Fit!;

        // 14.66 % and 17.82 %, both as in numpy.
        Assert.Equal(0.1781564754228212, standard.CvRmse, 1e-10);
        Assert.True(plant.CvRmse < 0.85 * standard.CvRmse);
    }

    [NeedsTheory(Buildings)]
    [InlineData(1, 0.09609902697926866)]
    [InlineData(3, 16.104023343716023)]
    public void Twelve_models_give_the_savings_that_an_independent_program_gave(int building, double savingPercent)
    {
        (ModelTable table, Period before, Period after) = Building(building, TimeSpan.FromHours(-1));
        TowtOutcome outcome = CalTrackHourly.Fit(table, before, after, new CalTrackHourlyOptions { Temperature = "Temp", Unit = TemperatureUnit.Celsius });
        Assert.True(outcome.Fit is not null, TowtCases.Text(outcome.Reasons));
        TowtPrediction reporting = outcome.Reporting!;
        Assert.Equal(savingPercent, 100 * (1 - (reporting.Metered.Sum() / reporting.TotalPredicted)), 1e-6);
    }

    [NeedsFact("shared:reference/mv/nmecr")]
    public void The_daily_model_equals_that_of_nmecr()
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllText(Repository.SharedFile("reference/mv/nmecr/expected/results-eload.json")!));
        JsonElement expected = document.RootElement.EnumerateArray().First(element =>
            element.GetProperty("type").GetString() == "TOWT" && element.GetProperty("interval").GetString() == "Daily");
        string[][] rows = [.. ReferenceFiles.ReadCsv(Repository.SharedFile("reference/mv/nmecr/eload-daily-baseline.csv")!)[1..],
            .. ReferenceFiles.ReadCsv(Repository.SharedFile("reference/mv/nmecr/eload-daily-performance.csv")!)[1..]];
        ModelTable table = new()
        {
            StartUtcMilliseconds = [.. rows.Select(row => TowtCases.Instant(row[0].Trim('"')))],
            Use = [.. rows.Select(row => TowtCases.Number(row[4]))],
            Drivers = [new Driver("temp", [.. rows.Select(row => TowtCases.Number(row[1]))])],
        };
        TowtOptions options = new() { Zone = TimeZoneInfo.Utc, Temperature = "temp", Unit = TemperatureUnit.Fahrenheit };
        Period before = new(TowtCases.Instant("2012-03-01"), TowtCases.Instant("2013-03-01"));
        Period after = new(TowtCases.Instant("2014-03-01"), TowtCases.Instant("2015-03-01"));
        TowtOutcome outcome = TowtModel.FitDaily(table, before, after, options);
        Assert.True(outcome.Fit is not null, TowtCases.Text(outcome.Reasons));
        TowtFit fit = outcome.Fit!;
        JsonElement statistics = expected.GetProperty("stats");
        JsonElement savings = expected.GetProperty("savings");
        Assert.Equal(statistics.GetProperty("#Parameters").GetInt32(), fit.P);
        Assert.Equal([.. expected.GetProperty("temp_knots").EnumerateArray().Select(value => value.GetDouble())], fit.Segments[0].OccupiedKnots);

        // Sunday is 1 there; Monday is 0 here.
        int[] occupied = [.. expected.GetProperty("occupied_intervals").EnumerateArray().Select(value => (value.GetInt32() + 5) % 7)];
        Assert.Equal(occupied, Enumerable.Range(0, 7).Where(day => fit.Segments[0].Occupied[day]));
        Assert.Equal(statistics.GetProperty("R_squared").GetDouble(), fit.R2, 1e-10);
        Assert.Equal(statistics.GetProperty("CVRMSE %").GetDouble(), 100 * fit.CvRmse, 0.005);
        Assert.Equal(1, outcome.Reporting!.TotalPredicted / savings.GetProperty("adjusted_baseline_use").GetDouble(), 1e-10);
        Assert.Equal(savings.GetProperty("savings").GetDouble(), outcome.Reporting.TotalPredicted - outcome.Reporting.Metered.Sum(), 1e-3);
    }

    private static TowtOutcome Fit(int building, TimeZoneInfo clock)
    {
        (ModelTable table, Period before, Period after) = Building(building, TimeSpan.FromHours(-1));
        TowtOutcome outcome = TowtModel.FitHourly(table, before, after, new TowtOptions { Zone = clock, Temperature = "Temp", Unit = TemperatureUnit.Celsius });
        Assert.True(outcome.Fit is not null, TowtCases.Text(outcome.Reasons));
        return outcome;
    }

    private static (ModelTable Table, Period Before, Period After) Building(int building, TimeSpan shift)
    {
        string[][] rows = [.. ReferenceFiles.ReadCsv(Repository.SharedFile($"reference/mv/rmv2/Data_pre_{building}_2.csv")!)[1..],
            .. ReferenceFiles.ReadCsv(Repository.SharedFile($"reference/mv/rmv2/Data_post_{building}_2.csv")!)[1..]];

        // One hour of the night of a clock change has no stamp.
        rows = [.. rows.Where(row => row[0] != "NA")];
        ModelTable table = new()
        {
            StartUtcMilliseconds = [.. rows.Select(row => (DateTimeOffset.ParseExact(
                row[0], "MM/dd/yy HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal) + shift).ToUnixTimeMilliseconds())],
            Use = [.. rows.Select(row => TowtCases.Number(row[1]))],
            Drivers = [new Driver("Temp", [.. rows.Select(row => TowtCases.Number(row[2]))])],
        };
        return (table, new(TowtCases.Instant("2006-01-01"), TowtCases.Instant("2007-01-01")), new(TowtCases.Instant("2017-01-01"), TowtCases.Instant("2018-01-01")));
    }
}
