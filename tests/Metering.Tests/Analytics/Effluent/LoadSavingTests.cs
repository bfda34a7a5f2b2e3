using Metering.Analytics.Effluent;
using Metering.Analytics.Intervals;
using Xunit;

namespace Metering.Tests.Analytics.Effluent;

public sealed class LoadSavingTests
{
    private const long Day = 24L * 3_600_000;

    [Fact]
    public void The_load_kept_back_is_the_baselines_concentration_and_daily_volume_less_what_was_carried()
    {
        // 600 mg/L x 100 m3/d x 5 d = 300 kg before; 200 mg/L x 400 m3 = 80 kg after.
        LoadSaving saving = LoadSaving.Compute(Before(500, 600, 700), After(200, 200, 200)).Result!;
        Assert.Equal(300, saving.KilogramsBefore, 1e-9);
        Assert.Equal(80, saving.KilogramsAfter, 1e-9);
        Assert.Equal(220, saving.Kilograms, 1e-9);

        // Loads of 50, 60 and 70 kg about 60 kg: s = 10 kg, error of the mean 10 / sqrt(3) of 100 m3, on 500 m3.
        Assert.Equal(100 / Math.Sqrt(3), saving.Before.StandardError, 1e-9);
        Assert.Equal(500 * 0.1 / Math.Sqrt(3), saving.StandardError, 1e-9);
        Assert.Equal(2, saving.DegreesOfFreedom, 1e-9);
        Assert.Equal(4, LoadSaving.Compute(Before(500, 600, 700), After(200, 200, 200) with { Flow = Flow(10, 5, 100), Results = [.. Samples(10, 500, 600, 700)] }).Result!.DegreesOfFreedom, 1e-9);
    }

    [Fact]
    public void The_flow_meters_error_is_added_in_quadrature_and_does_not_average_out_over_days()
    {
        // A meter of class 2: 2 / sqrt(3) % of 300 kg before and of 80 kg after, in quadrature with 500 m3 x 0.1 kg/m3 / sqrt(3) of the samples.
        LoadOptions known = new() { FlowSharedPercent = MeterClass.StandardUncertaintyPercent("clase 2") };
        LoadSaving saving = LoadSaving.Compute(Before(500, 600, 700) with { Options = known }, After(200, 200, 200) with { Options = known }).Result!;
        double samples = 50 / Math.Sqrt(3);
        double meter = 0.02 / Math.Sqrt(3) * Math.Sqrt((300 * 300) + (80 * 80));
        Assert.True(saving.HasFlowError);
        Assert.Equal(meter, saving.FlowError, 1e-9);
        Assert.Equal(Math.Sqrt((samples * samples) + (meter * meter)), saving.StandardError, 1e-9);
        Assert.Equal(2 * Math.Pow(saving.StandardError / samples, 4), saving.DegreesOfFreedom, 1e-9); // Welch and Satterthwaite, the class with infinitely many
        Assert.Equal(saving.FlowError * 2 / 5, saving.Within(new(10 * Day, 12 * Day))!.FlowError, 1e-9); // a part of the days: the same share of both loads

        LoadSaving unknown = LoadSaving.Compute(Before(500, 600, 700) with { Options = known }, After(200, 200, 200)).Result!;
        Assert.False(unknown.HasFlowError);
        Assert.Equal(samples, unknown.StandardError, 1e-9);
    }

    [Theory]
    [InlineData("2", 2)]
    [InlineData("clase 2", 2)]
    [InlineData("Class 1 (ISO 4064)", 1)]
    [InlineData("Cl. 0.5", 0.5)]
    [InlineData("±0,5 %", 0.5)]
    [InlineData("0.5 S", 0.5)]
    [InlineData("2, ISO 4064-1", 2)]
    [InlineData("R160 clase 2", double.NaN)]
    [InlineData("B", double.NaN)]
    [InlineData("2014", double.NaN)]
    [InlineData("50", double.NaN)]
    [InlineData("0", double.NaN)]
    [InlineData("", double.NaN)]
    [InlineData(null, double.NaN)]
    public void A_class_is_read_as_people_write_it_and_anything_else_is_not_known(string? written, double percent) => Assert.Equal(percent, MeterClass.LargestErrorPercent(written));

    [Fact]
    public void Days_of_much_water_weigh_more_in_the_mean_concentration()
    {
        FlowInterval[] flow = Flow(0, 10, 100);
        flow[1] = flow[1] with { VolumeM3 = 300 };
        LoadSaving saving = LoadSaving.Compute(Before(100, 500, 100) with { Flow = flow }, After(50, 50, 50)).Result!;
        Assert.Equal(340, saving.Before.MilligramsPerLitre, 1e-9); // (10 + 150 + 10) kg / 500 m3, and not 233
        Assert.Equal(120, saving.BeforeM3, 1e-9);
    }

    [Fact]
    public void The_parts_of_a_reporting_period_add_up_to_it_and_a_part_without_flow_has_no_figure()
    {
        LoadSaving whole = LoadSaving.Compute(Before(500, 600, 700), After(200, 300, 250)).Result!;
        double parts = whole.Within(new(10 * Day, 12 * Day))!.Kilograms + whole.Within(new(12 * Day, 15 * Day))!.Kilograms;
        Assert.Equal(whole.Kilograms, parts, 1e-9);
        Assert.Null(whole.Within(new(20 * Day, 30 * Day)));
    }

    [Fact]
    public void More_carried_than_before_is_a_negative_figure() =>
        Assert.Equal(-120, LoadSaving.Compute(Before(100, 100, 100), After(500, 400, 300) with { Flow = Flow(10, 5, 85) }).Result!.Kilograms, 1e-9);

    [Fact]
    public void Without_enough_composites_or_flow_there_is_a_reason_and_no_figure()
    {
        Refused(LoadSavingReason.FewSamplesBefore, Before(500, 600), After(200, 200, 200));
        Refused(LoadSavingReason.FewSamplesAfter, Before(500, 600, 700), After(200, 200));
        Refused(LoadSavingReason.FewSamplesAfter, Before(500, 600, 700), After(200, 200) with { Results = [.. Samples(10, 200, 200), Grab(12, 200)] });
        Refused(LoadSavingReason.ResultsUnusable, Before(500, 600, 700), After(200, 200, 200) with { Results = [.. Samples(10, 200, 200), .. Samples(10, 300)] });
        Refused(LoadSavingReason.FlowIncomplete, Before(500, 600, 700) with { Flow = [.. Flow(0, 8, 100), .. Flow(8, 2, double.NaN)] }, After(200, 200, 200));
        Refused(LoadSavingReason.FlowIncomplete, Before(500, 600, 700), After(200, 200, 200) with { Flow = [] });
        Assert.NotNull(LoadSaving.Compute(Before(500, 600, 700) with { Flow = [.. Flow(0, 9, 100), .. Flow(9, 1, double.NaN)] }, After(200, 200, 200)).Result);
    }

    private static void Refused(LoadSavingReason reason, LoadInput before, LoadInput after) => Assert.Equal(new LoadSavingOutcome(null, reason), LoadSaving.Compute(before, after));

    private static LoadInput Before(params double[] milligrams) => new() { Period = new(0, 10 * Day), Flow = Flow(0, 10, 100), Results = Samples(0, milligrams) };

    private static LoadInput After(params double[] milligrams) => new() { Period = new(10 * Day, 20 * Day), Flow = Flow(10, 5, 80), Results = Samples(10, milligrams) };

    private static FlowInterval[] Flow(int first, int count, double volume) =>
        [.. Enumerable.Range(first, count).Select(day => new FlowInterval(new Period(day * Day, (day + 1) * Day), volume))];

    private static LabResult[] Samples(int first, params double[] milligrams) =>
        [.. milligrams.Select((value, index) => Sample(first + index, value, SampleType.Composite, new((first + index) * Day, (first + index + 1) * Day)))];

    private static LabResult Grab(int day, double milligrams) => Sample(day, milligrams, SampleType.Grab, new((day * Day) + 1, (day * Day) + 1));

    private static LabResult Sample(int day, double milligrams, SampleType type, Period taken) => new()
    {
        Number = $"r{day}-{milligrams}",
        Parameter = "cod",
        Sample = type,
        Taken = taken,
        Value = new(milligrams, false),
        Unit = ConcentrationUnit.MilligramPerLitre,
    };
}
