using Metering.Analytics.Baselines;
using Metering.Analytics.CalTrack;
using Metering.Analytics.Intervals;
using Metering.Analytics.Towt;
using Xunit;

namespace Metering.Tests.Analytics.Towt;

/// <summary>What the variance of a saving needs: influence of each row, and traces. Compared with refits of changed rows.</summary>
public class TowtVarianceTests
{
    private const int Seed = 11;
    private static readonly Period Before = new(TowtCases.Instant("2023-01-01T06:00Z"), TowtCases.Instant("2024-01-01T06:00Z"));
    private static readonly Period After = new(TowtCases.Instant("2024-01-01T06:00Z"), TowtCases.Instant("2024-12-31T06:00Z"));
    private static readonly TowtOptions Options = new()
    {
        Zone = TimeZoneInfo.Utc,
        Temperature = "temperature",
        Unit = TemperatureUnit.Celsius,
        LinearDrivers = ["production"],
        OperatingMode = "shift",
    };

    [Theory]
    [InlineData(TowtKind.Hourly)]
    [InlineData(TowtKind.Daily)]
    [InlineData(TowtKind.CalTrackHourly)]
    public void Influence_is_the_change_of_the_total_when_a_row_changes(TowtKind kind)
    {
        ModelTable table = kind == TowtKind.Daily ? Days(TowtCases.Plant(Seed)) : TowtCases.Plant(Seed);
        TowtOutcome outcome = Fit(kind, table);
        Assert.True(outcome.Fit is not null, TowtCases.Text(outcome.Reasons));
        TowtPrediction reporting = outcome.Reporting!;
        Assert.Equal(outcome.Fit!.N, reporting.Influence.Count);
        Random random = new(Seed);
        for (int trial = 0; trial < 6; trial++)
        {
            // A small step keeps the occupied times; the total is linear in use, so that the quotient is exact but for rounding.
            const double step = 1e-4;
            int row = random.Next(outcome.Fit.N);
            double[] use = [.. table.Use];
            use[row] += step;
            TowtPrediction changed = Fit(kind, table with { Use = use }).Reporting!;
            Assert.Equal((changed.TotalPredicted - reporting.TotalPredicted) / step, reporting.Influence[row], 2e-4);
        }

        double total = reporting.Influence.Zip(outcome.Fit.Metered, (weight, use) => weight * use).Sum();
        Assert.Equal(1, total / reporting.TotalPredicted, 1e-10);
    }

    [Fact]
    public void Traces_are_those_of_the_matrix_that_refits_give()
    {
        ModelTable table = Days(TowtCases.Plant(Seed));
        TowtFit fit = Fit(TowtKind.Daily, table).Fit!;
        const double correlation = 0.6;
        double trace = 0;
        double under = 0;
        for (int j = 0; j < fit.N; j++)
        {
            const double step = 1e-3;
            double[] use = [.. table.Use];
            use[j] += step;
            TowtFit changed = Fit(TowtKind.Daily, table with { Use = use }).Fit!;
            for (int i = 0; i < fit.N; i++)
            {
                double share = (changed.Fitted[i] - fit.Fitted[i]) / step;
                trace += i == j ? share : 0;
                under += share * Math.Pow(correlation, Math.Abs(i - j));
            }
        }

        Assert.Equal(fit.P, fit.HatTrace);
        Assert.Equal(fit.P, trace, 1e-4);
        Assert.Equal(under, fit.HatTraceUnder(correlation), 1e-3);
        Assert.Equal(fit.P, fit.HatTraceUnder(0), 1e-9);
    }

    [Theory]
    [InlineData(TowtKind.Hourly)]
    [InlineData(TowtKind.Daily)]
    [InlineData(TowtKind.CalTrackHourly)]
    public void The_variance_factor_of_a_row_is_the_sum_of_its_squared_influences(TowtKind kind)
    {
        ModelTable table = kind == TowtKind.Daily ? Days(TowtCases.Plant(Seed)) : TowtCases.Plant(Seed);
        TowtOutcome outcome = Fit(kind, table);
        TowtPrediction all = outcome.Reporting!;
        Random random = new(Seed);
        for (int trial = 0; trial < 5; trial++)
        {
            int row = random.Next(all.Predicted.Count);
            long start = all.StartUtcMilliseconds[row];
            TowtPrediction one = outcome.Fit!.Predict(table, new Period(start, start + 1));
            double squares = one.Influence.Sum(value => value * value);
            Assert.Equal(all.Predicted[row], one.TotalPredicted, 1e-9);
            if (kind == TowtKind.CalTrackHourly)
            {
                Assert.InRange(squares / all.VarianceFactor[row], 0.5, 1);
            }
            else
            {
                Assert.Equal(1, squares / all.VarianceFactor[row], 1e-9);
            }
        }
    }

    [Fact]
    public void The_trace_of_twelve_models_is_about_half_of_their_parameters()
    {
        TowtFit fit = Fit(TowtKind.CalTrackHourly, TowtCases.Plant(Seed)).Fit!;
        Assert.Equal(fit.HatTrace, fit.HatTraceUnder(0), 1e-8);
        Assert.InRange(fit.HatTrace / fit.P, 0.45, 0.6);
        Assert.InRange(fit.HatTraceUnder(0.5) / fit.HatTrace, 1.01, 1.5);
    }

    [Theory]
    [InlineData(-0.1)]
    [InlineData(1)]
    [InlineData(double.NaN)]
    public void A_correlation_that_is_none_is_an_error_of_the_caller(double correlation) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Fit(TowtKind.Daily, Days(TowtCases.Plant(Seed))).Fit!.HatTraceUnder(correlation));

    private static TowtOutcome Fit(TowtKind kind, ModelTable table) => kind switch
    {
        TowtKind.Hourly => TowtModel.FitHourly(table, Before, After, Options),
        TowtKind.Daily => TowtModel.FitDaily(table, Before, After, Options),
        _ => CalTrackHourly.Fit(
            table, Before, After, new CalTrackHourlyOptions { Temperature = "temperature", Unit = TemperatureUnit.Celsius }),
    };

    private static ModelTable Days(ModelTable hours)
    {
        int days = hours.Use.Count / 24;
        double Sum(IReadOnlyList<double> column, int day) => Enumerable.Range(24 * day, 24).Sum(i => column[i]);
        return new ModelTable
        {
            StartUtcMilliseconds = [.. Enumerable.Range(0, days).Select(day => hours.StartUtcMilliseconds[24 * day])],
            Use = [.. Enumerable.Range(0, days).Select(day => Sum(hours.Use, day))],
            Drivers =
            [
                new Driver("temperature", [.. Enumerable.Range(0, days).Select(day => Sum(hours.Drivers[0].Values, day) / 24)]),
                new Driver("production", [.. Enumerable.Range(0, days).Select(day => Sum(hours.Drivers[1].Values, day))]),
                new Driver("shift", [.. Enumerable.Range(0, days).Select(day => hours.Drivers[2].Values[24 * day])]),
            ],
        };
    }
}
