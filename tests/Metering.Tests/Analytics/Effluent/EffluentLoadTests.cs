using System.Globalization;
using Metering.Analytics.Effluent;
using Metering.Analytics.Intervals;
using Metering.Tests.Support;
using Xunit;

namespace Metering.Tests.Analytics.Effluent;

public class EffluentLoadTests
{
    private const long Hour = 3_600_000;
    private const long Day = 24 * Hour;
    private static readonly Period FourDays = new(0, 4 * Day);
    private static readonly double[] Volumes = [1_000, 2_000, 500, 4_000];

    [Fact]
    public void A_load_is_the_sum_of_volume_times_concentration()
    {
        LoadResult result = Accept(Composites(300, 200, 800, 50));
        Assert.Equal(300 + 400 + 400 + 200, result.Kilograms, 1e-9);
        Assert.Equal(1_300 / 7.5, result.MeanMilligramsPerLitre, 1e-9);
        Assert.Equal(1_300 / 4.0, result.KilogramsPerDay, 1e-9);
        Assert.Equal((0, 7_500, 4), (result.UncoveredM3, result.CoveredM3, result.ResultCount));
        Assert.Equal([300, 400, 400, 200], result.IntervalKilograms);
    }

    [Fact]
    public void Units_are_stated_and_converted()
    {
        LabResult[] results = Composites(300, 200, 800, 50);
        results[0] = results[0] with { Value = new LabValue(0.3, false), Unit = ConcentrationUnit.GramPerLitre };
        results[1] = results[1] with { Value = new LabValue(200_000, false), Unit = ConcentrationUnit.MicrogramPerLitre };
        Assert.Equal(1_300, Accept(results).Kilograms, 1e-9);
    }

    [Fact]
    public void Rows_in_any_order_give_the_same_load_and_a_note()
    {
        LabResult[] results = Composites(300, 200, 800, 50);
        LoadOutcome outcome = EffluentLoad.Compute(Input([results[2], results[0], results[3], results[1]]) with { Flow = [.. Flow().Reverse(), Flow()[1]] });
        Assert.Equal(Accept(results).Kilograms, outcome.Result!.Kilograms);
        Assert.Contains(outcome.Notes, note => note.Kind == EffluentReasonKind.PutInOrder);
    }

    [Fact]
    public void A_grab_stands_until_the_next_sample_within_its_limit_and_the_rest_is_reported()
    {
        // Grab at 6:00 of day 1 (100 mg/L), composite over day 2, grab at 0:00 of day 3 valid for 24 h; day 4 is not covered.
        LabResult[] results = [Grab(6 * Hour, 100), Composite(1, 200), Grab(2 * Day, 800)];
        LoadOutcome outcome = EffluentLoad.Compute(Input(results));
        LoadResult result = outcome.Result!;
        Assert.Equal((0.75 * 100) + 400 + 400, result.Kilograms, 1e-9);
        Assert.Equal(250 + 4_000, result.UncoveredM3, 1e-9);
        Assert.Equal(TimeSpan.FromHours(18 + 24 + 24), result.CoveredTime);
        Assert.Equal(475, result.GrabKilograms, 1e-9);
        Assert.True(double.IsNaN(result.IntervalKilograms[0]));
        Assert.True(double.IsNaN(result.IntervalKilograms[3]));
        Assert.Contains(outcome.Notes, note => note.Kind == EffluentReasonKind.Uncovered);
        Assert.Contains(outcome.Notes, note => note.Kind == EffluentReasonKind.SplitEvenly);
        LoadResult longer = Accept(results, new LoadOptions { GrabValidity = TimeSpan.FromDays(30) });
        Assert.Equal(result.Kilograms + 3_200, longer.Kilograms, 1e-9);
    }

    [Fact]
    public void A_grab_inside_a_composite_changes_nothing()
    {
        LabResult[] results = Composites(300, 200, 800, 50);
        Assert.Equal(1_300, Accept([.. results, Grab((2 * Day) + Hour, 5_000)]).Kilograms, 1e-9);
    }

    [Fact]
    public void Missing_flow_and_lost_samples_are_reported_and_never_filled()
    {
        FlowInterval[] flow = Flow();
        flow[1] = flow[1] with { VolumeM3 = double.NaN };
        LabResult[] results = Composites(300, 200, 800, 50);
        results[3] = results[3] with { Value = new LabValue(double.NaN, false) };
        LoadOutcome outcome = EffluentLoad.Compute(Input(results) with { Flow = flow });
        Assert.Equal(700, outcome.Result!.Kilograms, 1e-9);
        Assert.Equal(TimeSpan.FromDays(1), outcome.Result.FlowMissingTime);
        Assert.Equal(4_000, outcome.Result.UncoveredM3, 1e-9);
        Assert.Contains(outcome.Notes, note => note.Kind == EffluentReasonKind.FlowMissing);
        Assert.Contains(outcome.Notes, note => note.Kind == EffluentReasonKind.ResultsMissing);
    }

    [Fact]
    public void A_result_below_detection_gives_bounds_and_counts_half_by_default()
    {
        LabResult[] results = Composites(300, 200, 800, 50);
        results[3] = results[3] with { Value = new LabValue(50, true) };
        LoadResult half = Accept(results);
        Assert.Equal((1_100, 1_200, 1_300), (half.LowKilograms, half.Kilograms, half.HighKilograms));
        Assert.Equal(1_100, Accept(results, new LoadOptions { CensoredShare = 0 }).Kilograms, 1e-9);
    }

    [Fact]
    public void The_uncertainty_adds_shared_parts_before_squaring_and_own_parts_in_squares()
    {
        LabResult[] results = [.. Composites(300, 200, 800, 50).Select(result => result with { StandardUncertaintyPercent = 10 })];
        results[3] = results[3] with { Value = new LabValue(50, true) };
        LoadResult result = Accept(results, new LoadOptions { FlowSharedPercent = 2, FlowIndependentPercent = 1, ConcentrationSharedPercent = 3 });
        // Loads 300, 400, 400, 100 (censored, 0 to 200 kg: deviation 200 / sqrt 12), total 1200 kg.
        double flow = Math.Sqrt((24 * 24) + (9 + 16 + 16 + 1));
        double concentration = Math.Sqrt((36 * 36) + (30 * 30) + (40 * 40) + (40 * 40) + (200 * 200 / 12.0));
        Assert.Equal(flow, result.FlowUncertaintyKilograms!.Value, 1e-9);
        Assert.Equal(concentration, result.ConcentrationUncertaintyKilograms!.Value, 1e-9);
        Assert.Equal(Math.Sqrt((flow * flow) + (concentration * concentration)), result.StandardUncertaintyKilograms!.Value, 1e-9);
        Assert.Null(Accept(Composites(300, 200, 800, 50)).StandardUncertaintyKilograms);
    }

    [Fact]
    public void Each_fault_of_the_data_is_refused_by_name()
    {
        LabResult[] good = Composites(300, 200, 800, 50);
        Refused(EffluentReasonKind.NoResults, Input([]));
        Refused(EffluentReasonKind.NoFlow, Input(good) with { Flow = [] });
        Refused(EffluentReasonKind.NoFlow, Input(good) with { Flow = [new FlowInterval(new Period(0, Day), double.NaN)] });
        Refused(EffluentReasonKind.NothingCovered, Input([Composite(9, 5)]));
        Refused(EffluentReasonKind.UnitIsNoConcentration, Input([good[0] with { Unit = ConcentrationUnit.Ph }]));
        Refused(EffluentReasonKind.MixedParameters, Input([good[0], good[1] with { Parameter = "TSS" }]));
        Refused(EffluentReasonKind.FlowOverlaps, Input(good) with { Flow = [.. Flow(), new FlowInterval(new Period(Hour, Day), 5)] });
        Refused(EffluentReasonKind.ResultsConflict, Input([.. good, Composite(1, 999)]));
        Refused(EffluentReasonKind.ResultsConflict, Input([Grab(Hour, 5), Grab(Hour, 6)]));
        Refused(EffluentReasonKind.Negative, Input([Composite(1, -1)]));
        Refused(EffluentReasonKind.Negative, Input(good) with { Flow = [new FlowInterval(new Period(0, Day), -1)] });
        Refused(EffluentReasonKind.NotFinite, Input([Composite(1, double.PositiveInfinity)]));
        Refused(EffluentReasonKind.NotFinite, Input(good) with { Flow = [new FlowInterval(new Period(0, Day), double.PositiveInfinity)] });
        Refused(EffluentReasonKind.EmptySpan, Input([good[0] with { Sample = SampleType.Grab }]));
        Refused(EffluentReasonKind.EmptySpan, Input([Grab(5, 5) with { Sample = SampleType.Composite }]));
        Refused(EffluentReasonKind.EmptySpan, Input([Grab(long.MaxValue, 5)]));
        Refused(EffluentReasonKind.EmptySpan, Input(good) with { Flow = [new FlowInterval(new Period(Day, 0), 1)] });
        Refused(EffluentReasonKind.EmptySpan, Input(good) with { Period = new Period(Day, Day) });
        Refused(EffluentReasonKind.EmptySpan, Input(good) with { Period = new Period(long.MinValue, long.MaxValue) });
        Assert.Throws<ArgumentException>(() => EffluentLoad.Compute(Input(good) with { Options = new LoadOptions { CensoredShare = 2 } }));
        Assert.Throws<ArgumentException>(() => EffluentLoad.Compute(Input(good) with { Options = new LoadOptions { GrabValidity = TimeSpan.Zero } }));
    }

    [Theory]
    [InlineData("12.5", 12.5, false)]
    [InlineData(" < 0.05 ", 0.05, true)]
    [InlineData("0", 0, false)]
    public void A_cell_of_a_report_is_read(string text, double figure, bool censored)
    {
        Assert.True(LabValue.TryParse(text, out LabValue value));
        Assert.Equal(new LabValue(figure, censored), value);
    }

    [Theory]
    [InlineData("8,065")]
    [InlineData(">2400")]
    [InlineData("")]
    [InlineData("<")]
    [InlineData("<0")]
    [InlineData("ND")]
    [InlineData("NaN")]
    [InlineData("1e5")]
    public void A_cell_with_more_than_one_meaning_is_not_read(string text) => Assert.False(LabValue.TryParse(text, out _));

    [NeedsFact("shared:data/uci_urban_wwtp_daily.csv")]
    public void The_urban_plant_removes_what_an_independent_computation_found()
    {
        string[][] rows = ReferenceFiles.ReadCsv(Repository.SharedFile("data/uci_urban_wwtp_daily.csv")!);
        int inlet = Array.IndexOf(rows[0], "DQO-E");
        int outlet = Array.IndexOf(rows[0], "DQO-S");
        int flow = Array.IndexOf(rows[0], "Q-E");
        long[] starts = [.. rows.Skip(1).Select(row => DateTimeOffset.Parse(row[0], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal).ToUnixTimeMilliseconds())];
        // The rows of the published file are in the order of the source; here they are shuffled in addition.
        int[] order = [.. Enumerable.Range(0, starts.Length).OrderBy(i => i * 7919L % 1_009)];
        LoadResult Load(int column) => Accept(
            [.. order.Where(i => rows[i + 1][column].Length > 0).Select(i => Composite(starts[i] / Day, Number(rows[i + 1][column])))],
            null,
            [.. order.Select(i => new FlowInterval(new Period(starts[i], starts[i] + Day), Number(rows[i + 1][flow])))],
            new Period(starts.Min(), starts.Max() + Day));
        Removal removal = Removal.Of(Load(inlet), Load(outlet));
        Assert.Equal(488, removal.IntervalCount);
        Assert.Equal(14_869.5, removal.InletKilogramsPerDay, 0.05);
        Assert.Equal(3_166.1, removal.OutletKilogramsPerDay, 0.05);
        Assert.Equal(78.707, removal.Percent!.Value, 0.0005);

        // Of each side alone more days are known: means by a few lines of Python over the same file.
        Assert.Equal(14_874.034377733598, Load(inlet).KilogramsPerDay, 1e-6);
        Assert.Equal(3_168.45283095723, Load(outlet).KilogramsPerDay, 1e-6);
    }

    [NeedsFact("shared:data/melbourne_wwtp_daily.csv")]
    public void The_specific_energy_of_a_large_plant_follows_from_flow_and_load()
    {
        string[][] rows = ReferenceFiles.ReadCsv(Repository.SharedFile("data/melbourne_wwtp_daily.csv")!);
        long[] starts = [.. rows.Skip(1).Select(row => DateTimeOffset.Parse(row[0], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal).ToUnixTimeMilliseconds())];
        LoadResult load = Accept(
            [.. rows.Skip(1).Select((row, i) => Composite(starts[i] / Day, Number(row[6])))],
            null,
            [.. rows.Skip(1).Select((row, i) => new FlowInterval(new Period(starts[i], starts[i] + Day), Number(row[2]) * 86_400))],
            new Period(starts[0], starts[^1] + Day));
        double energy = rows.Skip(1).Sum(row => Number(row[3]));
        Assert.Equal(455_643_260.5432318, load.Kilograms, 1);
        Assert.Equal(846.7971944450642, load.MeanMilligramsPerLitre, 1e-6);
        Assert.Equal(0.7067183459334012, energy / load.CoveredM3, 1e-9);
        Assert.Equal(0.8345780436796776, energy / load.Kilograms, 1e-9);
        Assert.Equal(622, load.FlowMissingTime.TotalDays);
    }

    [Fact]
    public void Removal_is_weighted_by_load_over_the_common_days()
    {
        LoadResult inlet = Accept(Composites(300, 200, 800, 50));
        LoadResult outlet = Accept([Composite(0, 30), Composite(1, 100), Composite(3, 40)]);
        Removal removal = Removal.Of(inlet, outlet);
        Assert.Equal(3, removal.IntervalCount);
        Assert.Equal(100 * (1 - ((30 + 200 + 160) / 900.0)), removal.Percent!.Value, 1e-9);
        Assert.Throws<ArgumentException>(() => Removal.Of(inlet, outlet with { Parameter = "TSS" }));
        Assert.Throws<ArgumentException>(() => Removal.Of(Accept([Composite(0, 1)]), Accept([Composite(1, 1)])));
        Assert.Null(Removal.Of(Accept(Composites(0, 0, 0, 0)), outlet).Percent);
    }

    private static LoadResult Accept(LabResult[] results, LoadOptions? options = null, FlowInterval[]? flow = null, Period? period = null)
    {
        LoadOutcome outcome = EffluentLoad.Compute(new LoadInput
        {
            Period = period ?? FourDays,
            Flow = flow ?? Flow(),
            Results = results,
            Options = options ?? new LoadOptions(),
        });
        Assert.Empty(outcome.Reasons);
        return outcome.Result!;
    }

    private static void Refused(EffluentReasonKind kind, LoadInput input)
    {
        LoadOutcome outcome = EffluentLoad.Compute(input);
        Assert.Null(outcome.Result);
        Assert.Contains(outcome.Reasons, reason => reason.Kind == kind);
    }

    private static double Number(string text) =>
        text.Length == 0 ? double.NaN : double.Parse(text, CultureInfo.InvariantCulture);

    private static LoadInput Input(LabResult[] results) => new() { Period = FourDays, Flow = Flow(), Results = results };

    private static FlowInterval[] Flow() =>
        [.. Volumes.Select((volume, day) => new FlowInterval(new Period(day * Day, (day + 1) * Day), volume))];

    private static LabResult[] Composites(params double[] concentrations) =>
        [.. concentrations.Select((concentration, day) => Composite(day, concentration))];

    private static LabResult Composite(long day, double concentration) => new()
    {
        Number = "C" + day.ToString(CultureInfo.InvariantCulture),
        Parameter = "COD",
        Sample = SampleType.Composite,
        Taken = new Period(day * Day, (day + 1) * Day),
        Value = new LabValue(concentration, false),
        Unit = ConcentrationUnit.MilligramPerLitre,
    };

    private static LabResult Grab(long instant, double concentration) => Composite(0, concentration) with
    {
        Number = "G" + instant.ToString(CultureInfo.InvariantCulture),
        Sample = SampleType.Grab,
        Taken = new Period(instant, instant),
    };
}
