using Metering.Analytics.Baselines;
using Metering.Analytics.CalTrack;
using Metering.Analytics.Intervals;
using Metering.Analytics.Towt;
using Xunit;

namespace Metering.Tests.Analytics.Towt;

/// <summary>What the models take, refuse and say.</summary>
public class TowtModelTests
{
    private const int Seed = 3;
    private static readonly long First = TowtCases.Instant("2023-01-01T06:00Z");
    private static readonly Period Before = new(First, First + (365 * TowtCases.Day));
    private static readonly Period After = new(First + (365 * TowtCases.Day), First + (730 * TowtCases.Day));
    private static readonly CalTrackHourlyOptions CalTrack = new() { Temperature = "temperature", Unit = TemperatureUnit.Celsius };
    private static readonly TowtOptions Own = new()
    {
        Zone = TimeZoneInfo.FindSystemTimeZoneById("America/Mexico_City"),
        Temperature = "temperature",
        Unit = TemperatureUnit.Celsius,
        LinearDrivers = ["production"],
        OperatingMode = "shift",
    };

    [Theory]
    [InlineData(0)]
    [InlineData(0.08)]
    public void A_plant_with_production_and_shifts_gives_its_true_saving(double saving)
    {
        TowtOutcome outcome = TowtModel.FitHourly(TowtCases.Plant(Seed, saving), Before, After, Own);
        Assert.True(outcome.Fit is not null, TowtCases.Text(outcome.Reasons));
        TowtPrediction reporting = outcome.Reporting!;
        double found = 1 - (reporting.Metered.Sum() / reporting.TotalPredicted);
        Assert.True(Math.Abs(found - saving) < 0.003, $"seed {Seed}: {found}");

        // The program that made the data adds 2 per unit and 5 per shift.
        Assert.Equal(["production", "shift=2", "shift=3"], outcome.Fit!.DriverNames);
        Assert.Equal(2, outcome.Fit.DriverSlopes[0], 0.05);
        Assert.Equal(5, outcome.Fit.DriverSlopes[1], 0.3);
        Assert.Equal(10, outcome.Fit.DriverSlopes[2], 0.3);
        Assert.Equal(8760, reporting.Predicted.Count);
        Assert.Equal(0, reporting.RowsLeftOut);
    }

    [Fact]
    public void Hours_are_those_of_the_plant_with_the_clock_changes_of_their_year()
    {
        // Mexico gave up daylight saving on 2022-10-30: in July 05:00Z was midnight, a year later 06:00Z.
        TowtRows rows = Rows(Own, TowtCases.Instant("2022-07-01T05:00Z"), TowtCases.Instant("2023-07-01T06:00Z"));
        Assert.Equal(4 * 24, rows.Group[0]);
        Assert.Equal(5 * 24, rows.Group[1]);
        Assert.Equal(6, rows.Month[1]);
    }

    [Fact]
    public void Holidays_are_sundays()
    {
        TowtOptions options = Own with { Holidays = new HashSet<DateOnly> { new(2023, 9, 16), new(2023, 2, 6) } };
        TowtRows rows = Rows(options, TowtCases.Instant("2023-02-06T18:00Z"), TowtCases.Instant("2023-02-07T18:00Z"));
        Assert.Equal((6 * 24) + 12, rows.Group[0]);
        Assert.Equal(24 + 12, rows.Group[1]);
    }

    [Fact]
    public void Quarter_hours_give_the_model_of_their_hours()
    {
        ModelTable hours = TowtCases.Plant(Seed);
        ModelTable quarters = Quarters(hours);
        TowtOutcome expected = TowtModel.FitHourly(hours, Before, After, Own);
        TowtOutcome actual = TowtModel.FitHourly(quarters, Before, After, Own);
        Assert.Equal(1, actual.Reporting!.TotalPredicted / expected.Reporting!.TotalPredicted, 1e-11);
        Assert.Equal(expected.Fit!.DriverSlopes[0], actual.Fit!.DriverSlopes[0], 1e-9);
        Assert.Equal(expected.Fit.Coverage, actual.Fit.Coverage);

        // An hour that lacks a quarter is missing, not small.
        double[] use = [.. quarters.Use];
        use[4001] = double.NaN;
        Assert.Equal(actual.Fit.N - 1, TowtModel.FitHourly(quarters with { Use = use }, Before, After, Own).Fit!.N);
    }

    [Fact]
    public void Rows_without_use_are_predicted_on_request_and_rows_without_temperature_never()
    {
        ModelTable table = TowtCases.Plant(Seed);
        TowtFit fit = TowtModel.FitHourly(table, Before, null, Own).Fit!;
        double[] use = [.. table.Use];
        double[] temperature = [.. table.Drivers[0].Values];
        Array.Fill(use, double.NaN, 9000, 5);
        Array.Fill(temperature, double.NaN, 9100, 7);
        ModelTable holes = table with { Use = use, Drivers = [new Driver("temperature", temperature), table.Drivers[1], table.Drivers[2]] };
        TowtPrediction prediction = fit.Predict(holes, After);
        Assert.Equal(8760 - 7, prediction.Predicted.Count);
        Assert.Equal(5, prediction.Metered.Count(double.IsNaN));
        Assert.DoesNotContain(prediction.Predicted, double.IsNaN);
        Assert.Equal(8760 - 12, TowtModel.FitHourly(holes, Before, After, Own).Reporting!.Predicted.Count);
    }

    [Fact]
    public void A_part_of_a_year_is_refused_by_caltrack_and_marked_by_the_own_model()
    {
        ModelTable table = TowtCases.Plant(Seed, 0.1);
        for (int month = 0; month < 10; month++)
        {
            Period three = new(First + (month * 30 * TowtCases.Day), First + ((month + 3) * 30 * TowtCases.Day));
            Refused(ReasonKind.LowCoverage, CalTrackHourly.Fit(table, three, After, CalTrack));
            Refused(ReasonKind.LowCoverage, CalTrackHourly.Fit(table, three, null, CalTrack));
            Refused(ReasonKind.LowCoverage, CalTrackHourly.Fit(table, three, After, CalTrack with { AllowSingleModel = true }));
        }

        TowtOutcome own = TowtModel.FitHourly(table, new Period(First, First + (90 * TowtCases.Day)), null, Own);
        Assert.Contains(own.Warnings, warning => warning.Kind == ReasonKind.Indicative);
        Refused(ReasonKind.Extrapolation, TowtModel.FitHourly(table, new Period(First, First + (90 * TowtCases.Day)), After, Own));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(100)]
    [InlineData(345)]
    public void A_gap_is_refused_by_caltrack_instead_of_stopping_it_unless_one_model_may_stand_in(int gapDay)
    {
        ModelTable table = TowtCases.Plant(Seed);
        double[] use = [.. table.Use];
        Array.Fill(use, double.NaN, gapDay * 24, 20 * 24);
        table = table with { Use = use };
        TowtOutcome refused = CalTrackHourly.Fit(table, Before, After, CalTrack);
        Refused(ReasonKind.LowCoverage, refused);
        TowtOutcome single = CalTrackHourly.Fit(table, Before, After, CalTrack with { AllowSingleModel = true });
        if (single.Fit is null)
        {
            Assert.Contains(single.Reasons, reason => reason.Kind == ReasonKind.WideScatter);
        }
        else
        {
            Assert.Equal(TowtKind.CalTrackHourlySingle, single.Fit.Kind);
        }

        // The own model covers enough of the year.
        Assert.NotNull(TowtModel.FitHourly(table, Before, After, Own).Fit);
    }

    [Fact]
    public void One_model_stands_in_where_use_follows_the_temperature_alone()
    {
        ModelTable table = TowtCases.Plant(Seed);
        double[] use = [.. table.Drivers[0].Values.Select((degrees, i) => 100 + (2 * Math.Max(degrees - 18.3, 0)) + (i % 5))];
        Array.Fill(use, double.NaN, 100 * 24, 10 * 24);
        TowtOutcome single = CalTrackHourly.Fit(table with { Use = use }, Before, After, CalTrack with { AllowSingleModel = true });
        Assert.True(single.Fit is not null, TowtCases.Text(single.Reasons));
        Assert.Equal(TowtKind.CalTrackHourlySingle, single.Fit!.Kind);
        Assert.Equal(single.Fit.P, single.Fit.HatTrace);
        Assert.Contains(single.Warnings, warning => warning.Kind == ReasonKind.Indicative);
    }

    [Fact]
    public void A_zero_is_missing_only_when_the_caller_says_so()
    {
        ModelTable table = TowtCases.Plant(Seed);
        double[] use = [.. table.Use];
        Array.Clear(use, 500, 24);
        table = table with { Use = use };
        Assert.Equal(8760, CalTrackHourly.Fit(table, Before, null, CalTrack).Fit!.N);
        Assert.Equal(8760 - 24, CalTrackHourly.Fit(table, Before, null, CalTrack with { ZeroUseIsMissing = true }).Fit!.N);
    }

    [Fact]
    public void Bad_rows_are_refused_with_a_reason()
    {
        ModelTable table = TowtCases.Plant(Seed);
        Refused(ReasonKind.OutsidePhysicalRange, Run(Change(table, 0, (_, value) => (value * 1.8) + 32)));
        Refused(ReasonKind.OutsidePhysicalRange, Run(Change(table, 0, (i, value) => i == 70 ? 999 : value)));
        Refused(ReasonKind.NotFinite, Run(Change(table, 0, (i, value) => i == 70 ? double.PositiveInfinity : value)));
        Refused(ReasonKind.NotFinite, Run(table with { Use = [.. table.Use.Select((value, i) => i == 70 ? double.NegativeInfinity : value)] }));
        Refused(ReasonKind.NegativeUse, Run(table with { Use = [.. table.Use.Select(value => -value)] }));
        Refused(ReasonKind.ConstantUse, Run(table with { Use = [.. table.Use.Select(_ => 7.0)] }));
        Refused(ReasonKind.ConstantDriver, Run(Change(table, 0, (_, _) => 20)));
        Refused(ReasonKind.Collinear, Run(Change(table, 1, (i, _) => table.Drivers[0].Values[i])));
        Refused(ReasonKind.Extrapolation, Run(Change(table, 1, (i, value) => i > 9000 ? 3 * value : value)));
        Refused(ReasonKind.Extrapolation, Run(Change(table, 2, (i, value) => i > 9000 ? 9 : value)));
        Refused(ReasonKind.EmptyPeriod, TowtModel.FitHourly(table, new Period(0, 1), After, Own));
        Refused(ReasonKind.PeriodsOverlap, TowtModel.FitHourly(table, Before, Before, Own));
        Refused(ReasonKind.PeriodsOverlap, TowtModel.FitHourly(table, After, Before, Own));
        Refused(ReasonKind.WrongRowLength, TowtModel.FitDaily(table, Before, After, Own));
        Refused(ReasonKind.ConflictingRows, Run(table with { StartUtcMilliseconds = [.. table.StartUtcMilliseconds.Select((start, i) => i == 9 ? table.StartUtcMilliseconds[8] : start)] }));
        Refused(ReasonKind.TooFewPoints, TowtModel.FitHourly(table, new Period(First, First + (20 * TowtCases.Day)), null, Own));
        Refused(ReasonKind.NoCounterfactual, Run(table with { Use = [.. table.Use.Select(value => value * 1e300)] }));
    }

    [Fact]
    public void Rows_out_of_order_give_the_same_fit_with_a_warning()
    {
        ModelTable table = TowtCases.Plant(Seed);
        ModelTable reversed = new()
        {
            StartUtcMilliseconds = [.. table.StartUtcMilliseconds.Reverse()],
            Use = [.. table.Use.Reverse()],
            Drivers = [.. table.Drivers.Select(driver => new Driver(driver.Name, [.. driver.Values.Reverse()]))],
        };
        TowtOutcome outcome = Run(reversed);
        Assert.Contains(outcome.Warnings, warning => warning.Kind == ReasonKind.RowsPutInOrder);
        Assert.Equal(Run(table).Reporting!.TotalPredicted, outcome.Reporting!.TotalPredicted);
    }

    [Fact]
    public void What_the_caller_got_wrong_is_an_argument_exception()
    {
        ModelTable table = TowtCases.Plant(Seed, hours: 2000);
        Assert.Throws<ArgumentNullException>(() => TowtModel.FitHourly(null!, Before, After, Own));
        Assert.Throws<ArgumentException>(() => TowtModel.FitHourly(table, Before, After, Own with { Temperature = "absent" }));
        Assert.Throws<ArgumentException>(() => TowtModel.FitHourly(table, Before, null, Own with { OperatingMode = "production", LinearDrivers = [] }));
        Assert.Throws<ArgumentException>(() => TowtModel.FitHourly(table, Before, After, Own with { TemperatureKnots = [20, 10] }));
        Assert.Throws<ArgumentException>(() => TowtModel.FitHourly(table, Before, After, Own with { TemperatureKnots = [double.NaN] }));
        Assert.Throws<ArgumentException>(() => TowtModel.FitHourly(table with { Use = [1] }, Before, After, Own));
        Assert.Throws<ArgumentException>(() => CalTrackHourly.Fit(table, Before, After, CalTrack with { Temperature = "absent" }));
    }

    private static TowtOutcome Run(ModelTable table) => TowtModel.FitHourly(table, Before, After, Own);

    private static void Refused(ReasonKind kind, TowtOutcome outcome)
    {
        Assert.Null(outcome.Fit);
        Assert.Null(outcome.Reporting);
        Assert.True(outcome.Reasons.Any(reason => reason.Kind == kind), $"{kind} expected, got {TowtCases.Text(outcome.Reasons)}");
    }

    private static ModelTable Change(ModelTable table, int driver, Func<int, double, double> change) => table with
    {
        Drivers = [.. table.Drivers.Select((item, index) => index == driver ? item with { Values = [.. item.Values.Select((value, i) => change(i, value))] } : item)],
    };

    private static TowtRows Rows(TowtOptions options, params long[] starts)
    {
        TowtLayout layout = new() { Zone = options.Zone, Temperature = "temperature", Holidays = options.Holidays };
        ModelTable table = new()
        {
            StartUtcMilliseconds = starts,
            Use = new double[starts.Length],
            Drivers = [new Driver("temperature", new double[starts.Length])],
        };
        return layout.Build(ModelRows.Order(table, useDrivers: true, [], []).Select(new Period(starts[0], starts[^1] + 1)));
    }

    private static ModelTable Quarters(ModelTable hours)
    {
        double[] Split(IReadOnlyList<double> column, double share) => [.. column.SelectMany(value => Enumerable.Repeat(value * share, 4))];
        return new ModelTable
        {
            StartUtcMilliseconds = [.. hours.StartUtcMilliseconds.SelectMany(start => Enumerable.Range(0, 4).Select(part => start + (part * 900_000L)))],
            Use = Split(hours.Use, 0.25),
            Drivers =
            [
                new Driver("temperature", Split(hours.Drivers[0].Values, 1)),
                new Driver("production", Split(hours.Drivers[1].Values, 0.25)),
                new Driver("shift", Split(hours.Drivers[2].Values, 1)),
            ],
        };
    }
}
