using System.Globalization;
using System.Text.Json;
using Metering.Analytics.Acceptance;
using Metering.Analytics.Baselines;
using Metering.Analytics.Intervals;
using Metering.Tests.Support;
using Xunit;

namespace Metering.Tests.Analytics.Acceptance;

/// <summary>Verdicts and chains against public tools on the same plants.</summary>
public sealed class SepReferenceTests
{
    private const string Folder = "reference/mv/industrial/";
    private const double Tolerance = 1e-9;

    /// <summary>The limits are for savings; here verdicts are compared, collinear drivers and all.</summary>
    private static readonly BaselineRules NoLimits = new() { MaximumCorrelation = 1, MaximumVarianceInflation = 1e12, MinimumDegreesOfFreedom = 1 };

    [NeedsFact("shared:" + Folder)]
    public void Every_model_of_the_acme_plants_gets_the_verdict_of_the_reference()
    {
        using JsonDocument document = Expected("expected-acme-ols.json");
        Dictionary<string, Plant> plants = [];
        int valid = 0;
        int negative = 0;
        foreach (JsonElement item in document.RootElement.EnumerateArray())
        {
            string site = item.GetProperty("site").GetString()!;
            Plant plant = plants.TryGetValue(site, out Plant? known) ? known : plants[site] = new Plant(site + ".csv");
            string[] drivers = [.. item.GetProperty("vars").EnumerateArray().Select(name => name.GetString()!)];
            DateOnly start = new(item.GetProperty("model_year").GetInt32(), 1, 1);
            FitStatistics fit = FitStatistics.Of(plant.Fit(item.GetProperty("energy").GetString()!, drivers, start), RowFrequency.Monthly);
            bool verdict = SepTests.IsPassed(SepTests.Regression(fit));
            Assert.True(item.GetProperty("sep_valid").GetBoolean() == verdict, item.GetRawText());
            valid += verdict ? 1 : 0;
            fit = fit with { Drivers = [.. fit.Drivers.Select(driver => driver with { Sign = ExpectedSign.Positive })] };
            negative += verdict && SepTests.SignWarnings(fit).Count > 0 ? 1 : 0;
            Assert.Equal(item.GetProperty("cvrmse").GetDouble(), fit.CvRmsePercent / 100, Tolerance);
            Assert.InRange(fit.NmbePercentOfUse, -1e-10, 1e-10);
            Assert.InRange(fit.NmbePercentOfDegreesOfFreedom, -1e-10, 1e-10);
        }

        Assert.Equal(34, valid);
        Assert.True(negative > 0, "no valid model has a negative coefficient");
    }

    [NeedsFact("shared:" + Folder)]
    public void Every_window_of_the_eleven_year_plant_gets_the_verdict_of_the_reference()
    {
        using JsonDocument document = Expected("expected-ornl-sliding.json");
        Plant plant = new("ornl-sliding-plant-2005-2015.csv");
        int valid = 0;
        int compared = 0;
        foreach (JsonElement item in document.RootElement.EnumerateArray())
        {
            string[] drivers = item.GetProperty("vars").GetString()!.Split('+');
            DateOnly start = DateOnly.Parse(item.GetProperty("start").GetString()!, CultureInfo.InvariantCulture);
            FitStatistics fit = FitStatistics.Of(plant.Fit(item.GetProperty("energy").GetString()!, drivers, start), RowFrequency.Monthly);
            bool verdict = SepTests.IsPassed(SepTests.Regression(fit));
            Assert.True(item.GetProperty("sep_valid").GetBoolean() == verdict, item.GetRawText());
            valid += verdict ? 1 : 0;
            compared++;
        }

        Assert.Equal((221, 847), (valid, compared));
    }

    [NeedsFact("shared:" + Folder)]
    public void Bills_spread_over_their_days_fit_as_the_reference_did()
    {
        using JsonDocument document = Expected("expected-verifi-calendarised-ols.json");
        int compared = 0;
        foreach (JsonElement item in document.RootElement.EnumerateArray())
        {
            string site = item.GetProperty("site").GetString()!;
            int year = item.GetProperty("year").GetInt32();
            string[] drivers = [.. item.GetProperty("vars").EnumerateArray().Select(name => name.GetString()!)];
            double[] use = CalendarisedBills.Year($"{Folder}verifi-{site}-bills.csv", item.GetProperty("meter").GetString()!, year);
            if (item.GetProperty("monthly").ValueKind == JsonValueKind.Array)
            {
                AssertClose(item.GetProperty("monthly"), use);
            }

            ModelTable table = CalendarisedBills.Table($"{Folder}verifi-{site}-predictors.csv", year, use, drivers);
            BaselineOutcome outcome = BaselineModel.Fit(table, Year(new DateOnly(year, 1, 1)), ModelKind.Ols, NoLimits);
            Assert.True(outcome.Fit is not null, string.Join(' ', outcome.Reasons.Select(reason => reason.Detail)));

            // A coefficient far below its standard error is noise; it agrees to a share of that error.
            BaselineFit fit = outcome.Fit!;
            for (int j = 0; j < fit.P; j++)
            {
                double allowed = Tolerance * Math.Max(Math.Abs(fit.Coefficients[j]), fit.StandardErrors[j]);
                Assert.Equal(item.GetProperty("coef")[j].GetDouble(), fit.Coefficients[j], allowed);
            }

            AssertClose(item.GetProperty("p"), fit.PValues);
            Assert.Equal(item.GetProperty("r2").GetDouble(), fit.R2, Tolerance);
            Assert.Equal(item.GetProperty("r2a").GetDouble(), fit.AdjustedR2, Tolerance);
            Assert.Equal(item.GetProperty("F_p").GetDouble(), fit.FProbability, Tolerance);
            compared++;
        }

        Assert.Equal(168, compared);
    }

    [NeedsFact("shared:" + Folder)]
    public void A_forecast_and_a_backcast_of_one_facility_differ_as_published()
    {
        // The cached totals of the EnPI tool are off by up to 0.05 MMBtu, because it rounds intercepts.
        Plant plant = new("acme-mclean.csv");
        SepFuel[] fuels = [Fuel(plant, "Electricity (MMBTU)", "CDD", 2007, 2009), Fuel(plant, "Natural Gas (MMBTU)", "HDD", 2007, 2009)];
        SepImprovement forecast = SepChain.Improve(fuels).Improvement!;
        using JsonDocument document = Expected("expected-Acme_Mclean.json");
        JsonElement third = document.RootElement.GetProperty("3");
        Assert.Equal(SepMethod.Forecast, forecast.Method);
        Assert.Equal(third.GetProperty("Total Improvement in Energy Intensity (%)").GetDouble(), forecast.ImprovementPercent, 1e-5);
        Assert.Equal(third.GetProperty("TOTAL ENERGY SAVINGS SINCE BASELINE YEAR (MMBtu/Year)").GetDouble(), forecast.PrimarySavings, 0.1);

        SepImprovement backcast = SepChain.Improve([.. fuels.Select(fuel => fuel with { Forecast = null })]).Improvement!;
        Assert.Equal(SepMethod.Backcast, backcast.Method);
        Assert.Equal(7.50, backcast.ImprovementPercent, 0.005);
    }

    private static SepFuel Fuel(Plant plant, string energy, string weather, int from, int to)
    {
        string[] drivers = ["Production", weather];
        DateOnly first = new(from, 1, 1);
        DateOnly last = new(to, 1, 1);
        return new SepFuel
        {
            Name = energy,
            PrimaryEnergyFactor = 1,
            BaselineUse = plant.Values(energy, first).Sum(),
            ReportingUse = plant.Values(energy, last).Sum(),
            Forecast = SepLeg.Of(plant.Fit(energy, drivers, first), [.. drivers.Select(name => plant.Values(name, last))]),
            Backcast = SepLeg.Of(plant.Fit(energy, drivers, last), [.. drivers.Select(name => plant.Values(name, first))]),
        };
    }

    private static Period Year(DateOnly start) => Period.FromDays(start, start.AddMonths(12).AddDays(-1), TimeZoneInfo.Utc);

    private static JsonDocument Expected(string name) => JsonDocument.Parse(File.ReadAllText(Repository.SharedFile(Folder + name)!));

    private static void AssertClose(JsonElement expected, IReadOnlyList<double> actual)
    {
        Assert.Equal(expected.GetArrayLength(), actual.Count);
        for (int i = 0; i < actual.Count; i++)
        {
            double value = expected[i].GetDouble();
            Assert.Equal(value, actual[i], Tolerance * Math.Max(1e-3, Math.Abs(value)));
        }
    }

    /// <summary>A table of months with its columns by name.</summary>
    private sealed class Plant
    {
        private readonly string[][] rows;
        private readonly DateOnly[] months;

        public Plant(string file)
        {
            rows = [.. File.ReadLines(Repository.SharedFile(Folder + file)!).Where(line => line.Length > 0).Select(line => line.Split(','))];
            months = [.. rows[1..].Select(row => DateOnly.Parse(row[0], CultureInfo.InvariantCulture))];
        }

        public BaselineFit Fit(string energy, string[] drivers, DateOnly start)
        {
            ModelTable table = new()
            {
                StartUtcMilliseconds = [.. months.Select(month => PlantCalendar.StartOfDay(month, TimeZoneInfo.Utc))],
                Use = Column(energy),
                Drivers = [.. drivers.Select(name => new Driver(name, Column(name)))],
            };
            BaselineOutcome outcome = BaselineModel.Fit(table, Year(start), ModelKind.Ols, NoLimits);
            Assert.True(outcome.Fit is not null, string.Join(' ', outcome.Reasons.Select(reason => reason.Detail)));
            return outcome.Fit!;
        }

        public double[] Values(string name, DateOnly start) =>
            [.. Column(name).Where((_, row) => months[row] >= start && months[row] < start.AddMonths(12))];

        private double[] Column(string name)
        {
            int column = Array.IndexOf(rows[0], name);
            return [.. rows[1..].Select(row => column < row.Length && row[column].Length > 0 ? double.Parse(row[column], CultureInfo.InvariantCulture) : double.NaN)];
        }
    }
}
