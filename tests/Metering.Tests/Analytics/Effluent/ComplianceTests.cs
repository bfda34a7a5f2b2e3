using System.Globalization;
using Metering.Analytics.Effluent;
using Metering.Analytics.Indicators;
using Metering.Analytics.Intervals;
using Xunit;
using Verdict = Metering.Analytics.Effluent.Verdict;

namespace Metering.Tests.Analytics.Effluent;

public class ComplianceTests
{
    private static readonly TimeZoneInfo Zone = TimeZoneInfo.CreateCustomTimeZone("plant", TimeSpan.FromHours(-6), "plant", "plant");
    private static readonly DateOnly March = new(2024, 3, 1);
    private static readonly Period MarchAndApril = Period.FromDays(March, new DateOnly(2024, 4, 30), Zone);

    // Month / day / instant of copper to a municipal sewer: 10 / 15 / 20 mg/L.
    private static readonly DischargeLimit[] Copper =
    [
        Limit("Cu", LimitKind.Instant, 20), Limit("Cu", LimitKind.Daily, 15), Limit("Cu", LimitKind.Monthly, 10),
    ];

    [Theory]
    [InlineData(SampleType.Grab, 19, LimitKind.Instant, Verdict.Complies, NotJudgedReason.None)]
    [InlineData(SampleType.Grab, 20, LimitKind.Instant, Verdict.Complies, NotJudgedReason.None)]
    [InlineData(SampleType.Grab, 20.5, LimitKind.Instant, Verdict.Exceeds, NotJudgedReason.None)]
    [InlineData(SampleType.Grab, 1, LimitKind.Daily, Verdict.CannotBeJudged, NotJudgedReason.SampleType)]
    [InlineData(SampleType.Grab, 99, LimitKind.Daily, Verdict.CannotBeJudged, NotJudgedReason.SampleType)]
    [InlineData(SampleType.Composite, 14, LimitKind.Daily, Verdict.Complies, NotJudgedReason.None)]
    [InlineData(SampleType.Composite, 16, LimitKind.Daily, Verdict.Exceeds, NotJudgedReason.None)]
    [InlineData(SampleType.Composite, 16, LimitKind.Instant, Verdict.CannotBeJudged, NotJudgedReason.SampleType)]
    [InlineData(SampleType.Composite, 21, LimitKind.Instant, Verdict.Exceeds, NotJudgedReason.None)]
    public void A_verdict_depends_on_how_the_sample_was_taken(SampleType sample, double value, LimitKind kind, Verdict verdict, NotJudgedReason reason)
    {
        ComplianceFinding finding = Only(kind, Sample(sample, 5, value));
        Assert.Equal((verdict, reason), (finding.Verdict, finding.Reason));
        Assert.Equal(new DateOnly(2024, 3, 5), finding.Day);
        Assert.Equal(["S5"], finding.ResultNumbers);
        Assert.NotEmpty(finding.Detail);
    }

    [Fact]
    public void A_month_is_the_flow_weighted_mean_of_its_composites()
    {
        // 100 m3 at 4 mg/L and 300 m3 at 12 mg/L: mean 10, plain mean 8; grabs do not count.
        LabResult[] results = [Sample(SampleType.Composite, 5, 4), Sample(SampleType.Composite, 20, 12), Sample(SampleType.Grab, 7, 500)];
        FlowInterval[] flow = [Flow(5, 100), Flow(20, 300), Flow(21, 4_000)];
        ComplianceFinding[] months = [.. Judge(Copper, results, flow).Where(finding => finding.Kind == LimitKind.Monthly)];
        Assert.Equal(2, months.Length);
        Assert.Equal((Verdict.Complies, 10.0), (months[0].Verdict, months[0].High!.Value));
        Assert.Equal(["S5", "S20"], months[0].ResultNumbers);
        Assert.Equal((Verdict.CannotBeJudged, NotJudgedReason.TooFewSamples, new DateOnly(2024, 4, 1)), (months[1].Verdict, months[1].Reason, months[1].Day));

        flow[1] = Flow(20, 400);
        Assert.Equal(Verdict.Exceeds, Judge(Copper, results, flow).First(finding => finding.Kind == LimitKind.Monthly).Verdict);
        Assert.Equal(NotJudgedReason.FlowMissing, Judge(Copper, results, [flow[0]]).First(finding => finding.Kind == LimitKind.Monthly).Reason);
        Assert.Equal(NotJudgedReason.FlowMissing, Judge(Copper, results, [flow[0], Flow(20, double.NaN)]).First(finding => finding.Kind == LimitKind.Monthly).Reason);
        Assert.Equal(NotJudgedReason.ResultsConflict, Judge(Copper, [.. results, Sample(SampleType.Composite, 20, 13)], flow).First(finding => finding.Kind == LimitKind.Monthly).Reason);
        Assert.Equal(Verdict.Exceeds, Judge(Copper, [.. results, results[1]], flow).First(finding => finding.Kind == LimitKind.Monthly).Verdict);
    }

    [Theory]
    [InlineData(15, Verdict.Complies)]
    [InlineData(25, Verdict.CannotBeJudged)]
    public void A_value_below_detection_complies_only_when_the_method_is_fine_enough(double limitOfDetection, Verdict verdict)
    {
        LabResult result = Sample(SampleType.Grab, 5, 0) with { Value = new LabValue(limitOfDetection, true) };
        ComplianceFinding finding = Only(LimitKind.Instant, result);
        Assert.Equal(verdict, finding.Verdict);
        Assert.Equal(verdict == Verdict.Complies ? NotJudgedReason.None : NotJudgedReason.NotSensitiveEnough, finding.Reason);
        Assert.Equal((0, limitOfDetection), (finding.Low!.Value, finding.High!.Value));
    }

    [Theory]
    [InlineData(5.5, Verdict.Complies)]
    [InlineData(10, Verdict.Complies)]
    [InlineData(5.4, Verdict.Exceeds)]
    [InlineData(10.1, Verdict.Exceeds)]
    public void Acidity_has_two_ends_and_is_judged_by_grabs_alone(double value, Verdict verdict)
    {
        DischargeLimit[] limits = [Ph(LimitKind.Instant), Ph(LimitKind.Daily), Ph(LimitKind.Monthly)];
        LabResult grab = Sample(SampleType.Grab, 5, value) with { Parameter = "pH", Unit = ConcentrationUnit.Ph };
        LabResult composite = Sample(SampleType.Composite, 6, value) with { Parameter = "pH", Unit = ConcentrationUnit.Ph };
        IReadOnlyList<ComplianceFinding> findings = Judge(limits, [grab, composite], [Flow(6, 10)]);
        Assert.Equal(verdict, findings.Single(finding => finding.Kind == LimitKind.Instant && finding.Day.Day == 5).Verdict);
        Assert.All(findings.Where(finding => finding.Kind != LimitKind.Instant || finding.Day.Day != 5), finding => Assert.Equal(NotJudgedReason.NoMean, finding.Reason));
        Assert.Equal(6, findings.Count);
    }

    [Fact]
    public void Limits_are_taken_by_authority_body_and_date()
    {
        DischargeLimit old = Limit("Cu", LimitKind.Instant, 5) with { Validity = new DateSpan(new DateOnly(2020, 1, 1), new DateOnly(2024, 3, 10)) };
        DischargeLimit now = Limit("Cu", LimitKind.Instant, 20) with { Validity = DateSpan.From(new DateOnly(2024, 3, 12)) };
        DischargeLimit river = Limit("Cu", LimitKind.Instant, 1) with { ReceivingBody = "river" };
        DischargeLimit state = Limit("Cu", LimitKind.Instant, 1) with { Authority = "state" };
        LabResult[] results = [Sample(SampleType.Grab, 9, 8), Sample(SampleType.Grab, 10, 8), Sample(SampleType.Grab, 12, 8)];
        IReadOnlyList<ComplianceFinding> findings = Judge([old, now, river, state], results, []);
        Assert.Equal([Verdict.Exceeds, Verdict.CannotBeJudged, Verdict.Complies], findings.Select(finding => finding.Verdict));
        Assert.Equal(NotJudgedReason.NoLimitInForce, findings[1].Reason);
        Assert.Null(findings[1].Limit);
        Assert.Equal(NotJudgedReason.SeveralLimits, Judge([old, old], results[..1], [])[0].Reason);

        DischargeLimit month = Limit("Cu", LimitKind.Monthly, 20) with { Validity = DateSpan.From(new DateOnly(2024, 3, 12)) };
        Assert.Equal([NotJudgedReason.NoLimitInForce, NotJudgedReason.TooFewSamples], Judge([month], results, []).Select(finding => finding.Reason));
    }

    [Fact]
    public void Units_are_converted_or_the_limit_is_not_judged()
    {
        Assert.Equal(20.5, Only(LimitKind.Instant, Sample(SampleType.Grab, 5, 20_500) with { Unit = ConcentrationUnit.MicrogramPerLitre }).High!.Value, 1e-9);
        Assert.Equal(NotJudgedReason.Unit, Only(LimitKind.Instant, Sample(SampleType.Grab, 5, 5) with { Unit = ConcentrationUnit.MillilitrePerLitre }).Reason);
        Assert.Equal(NotJudgedReason.BadResult, Only(LimitKind.Instant, Sample(SampleType.Grab, 5, double.NaN)).Reason);
        Assert.Equal(NotJudgedReason.BadResult, Only(LimitKind.Instant, Sample(SampleType.Grab, 5, -1)).Reason);
        Assert.Equal(NotJudgedReason.BadResult, Only(LimitKind.Instant, Sample(SampleType.Composite, 5, 1) with { Sample = SampleType.Grab }).Reason);
        LabResult week = Sample(SampleType.Composite, 5, 1);
        Assert.Equal(NotJudgedReason.SampleType, Only(LimitKind.Daily, week with { Taken = new Period(week.Taken.StartUtcMilliseconds, week.Taken.EndUtcMilliseconds + 86_400_000) }).Reason);
    }

    [Fact]
    public void A_value_near_the_limit_says_whether_its_uncertainty_reaches_across()
    {
        LabResult near = Sample(SampleType.Grab, 5, 19) with { StandardUncertaintyPercent = 5 };
        Assert.True(Only(LimitKind.Instant, near).IsWithinUncertainty);
        Assert.False(Only(LimitKind.Instant, near with { StandardUncertaintyPercent = 2 }).IsWithinUncertainty);
        Assert.Null(Only(LimitKind.Instant, near with { StandardUncertaintyPercent = double.NaN }).IsWithinUncertainty);
        Assert.Contains("from memory, to verify", Only(LimitKind.Instant, near).Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Periods_without_length_or_out_of_range_are_refused()
    {
        ComplianceInput input = Input(Copper, [], []);
        Assert.Throws<ArgumentException>(() => Compliance.Judge(input with { Period = new Period(5, 5) }));
        Assert.Throws<ArgumentException>(() => Compliance.Judge(input with { Period = new Period(0, 7_000_000_000_000) }));
        Assert.Throws<ArgumentException>(() => Compliance.Judge(input with { MinimumMonthlyComposites = 0 }));
        Assert.Throws<ArgumentException>(() => Compliance.Judge(input with { Results = [Sample(SampleType.Grab, 5, 1) with { Taken = new Period(-1, -1) }] }));
    }

    private static ComplianceFinding Only(LimitKind kind, LabResult result) =>
        Assert.Single(Judge(Copper, [result], []), finding => finding.Kind == kind);

    private static IReadOnlyList<ComplianceFinding> Judge(DischargeLimit[] limits, LabResult[] results, FlowInterval[] flow) =>
        Compliance.Judge(Input(limits, results, flow));

    private static ComplianceInput Input(DischargeLimit[] limits, LabResult[] results, FlowInterval[] flow) => new()
    {
        Limits = limits,
        Results = results,
        Flow = flow,
        Authority = "country",
        ReceivingBody = "municipal sewer",
        Period = MarchAndApril,
        Zone = Zone,
    };

    private static DischargeLimit Limit(string parameter, LimitKind kind, double high) => new()
    {
        Authority = "country",
        ReceivingBody = "municipal sewer",
        Parameter = parameter,
        Kind = kind,
        High = high,
        Unit = ConcentrationUnit.MilligramPerLitre,
        Validity = DateSpan.From(new DateOnly(1996, 1, 1)),
        Note = new SourceNote("norm, table 1", SourceConfidence.FromMemory),
    };

    private static DischargeLimit Ph(LimitKind kind) => Limit("pH", kind, 10) with { Low = 5.5, Unit = ConcentrationUnit.Ph };

    private static LabResult Sample(SampleType sample, int day, double value)
    {
        Period span = Period.FromDays(new DateOnly(2024, 3, day), new DateOnly(2024, 3, day), Zone);
        return new LabResult
        {
            Number = "S" + day.ToString(CultureInfo.InvariantCulture),
            Parameter = "Cu",
            Sample = sample,
            Taken = sample == SampleType.Grab ? new Period(span.StartUtcMilliseconds, span.StartUtcMilliseconds) : span,
            Value = new LabValue(value, false),
            Unit = ConcentrationUnit.MilligramPerLitre,
        };
    }

    private static FlowInterval Flow(int day, double volume) =>
        new(Period.FromDays(new DateOnly(2024, 3, day), new DateOnly(2024, 3, day), Zone), volume);
}
