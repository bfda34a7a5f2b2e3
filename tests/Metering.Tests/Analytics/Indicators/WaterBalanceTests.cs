using Metering.Analytics.Indicators;
using Xunit;

namespace Metering.Tests.Analytics.Indicators;

public class WaterBalanceTests
{
    private static readonly DateSpan Year = DateSpan.OfYear(2024);

    [Fact]
    public void Withdrawal_less_discharge_is_consumption_by_source_quality_and_stress()
    {
        WaterBalanceResult result = Accept(Flows());
        Assert.Equal(120, result.WithdrawalMegalitres, 1e-9);
        Assert.Equal(90, result.DischargeMegalitres, 1e-9);
        Assert.Equal(30, result.ConsumptionMegalitres, 1e-9);
        Assert.Equal(80, result.StressedConsumptionMegalitres, 1e-9);
        Assert.Equal(4, result.StorageRiseMegalitres, 1e-9);
        Assert.Equal(3, result.Cells.Count);
        Assert.Equal(80, result.Cells.Single(cell => cell is { Place: WaterPlace.Groundwater, Quality: WaterQuality.Fresh, IsStressedArea: true }).Megalitres, 1e-9);
        Assert.Equal(40, result.Cells.Single(cell => cell is { Place: WaterPlace.ThirdParty, Direction: WaterDirection.Withdrawal, Quality: WaterQuality.Unknown }).Megalitres, 1e-9);
        Assert.Equal(90, result.Cells.Single(cell => cell.Direction == WaterDirection.Discharge && cell.Quality == WaterQuality.Other).Megalitres, 1e-9);
        Assert.Equal(result.WithdrawalMegalitres, result.Cells.Where(cell => cell.Direction == WaterDirection.Withdrawal).Sum(cell => cell.Megalitres), 1e-9);
    }

    [Fact]
    public void What_known_uses_and_storage_do_not_explain_is_the_closing_error()
    {
        // 120 - 90 - 25 - 4 = 1 ML; deviations 1.6, 0.8, 2.7 and 1 ML make 3.3923 ML.
        ClosingError closing = Accept(Flows()).Closing!;
        Assert.Equal(1, closing.Megalitres, 1e-9);
        Assert.Equal(100.0 / 120, closing.Percent!.Value, 1e-9);
        Assert.Equal(Math.Sqrt((1.6 * 1.6) + (0.8 * 0.8) + (2.7 * 2.7) + 1 + (0.04 * 0.04)), closing.StandardUncertaintyMegalitres, 1e-9);
        Assert.True(closing.IsExplainedByMeters);
    }

    [Fact]
    public void A_main_meter_is_checked_against_its_sub_meters_and_these_are_not_added_again()
    {
        WaterBalanceOutcome outcome = WaterBalance.Compute(
        [
            .. Flows(),
            Flow("hall 1", WaterDirection.Withdrawal, 30_000) with { Main = "well 1" },
            Flow("hall 2", WaterDirection.Withdrawal, 41_000) with { Main = "well 1" },
        ]);
        Assert.Equal(120, outcome.Result!.WithdrawalMegalitres, 1e-9);
        ClosingError main = Assert.Single(outcome.Result.Mains);
        Assert.Equal(9, main.Megalitres, 1e-9);
        Assert.Equal(11.25, main.Percent!.Value, 1e-9);
        Assert.False(main.IsExplainedByMeters);
        Assert.Contains(outcome.Notes, note => note.Detail.StartsWith("well 1", StringComparison.Ordinal));
    }

    [Fact]
    public void A_missing_flow_other_days_or_a_wrong_unit_refuse_the_balance()
    {
        Refused(IndicatorReasonKind.Missing, Flow("x", WaterDirection.Discharge, double.NaN));
        Refused(IndicatorReasonKind.Negative, Flow("x", WaterDirection.Discharge, -1));
        Refused(IndicatorReasonKind.NotFinite, Flow("x", WaterDirection.Discharge, double.PositiveInfinity));
        Refused(IndicatorReasonKind.UnitMismatch, Flow("x", WaterDirection.Discharge, 1) with { Volume = Quantity.Of(1, QuantityUnit.Tonne) });
        Refused(IndicatorReasonKind.PeriodsDiffer, Flow("x", WaterDirection.Discharge, 1) with { Days = DateSpan.OfYear(2023) });
        Refused(IndicatorReasonKind.Missing, Flow("x", WaterDirection.Discharge, 1) with { Place = WaterPlace.None });
        Refused(IndicatorReasonKind.Inconsistent, Flow("x", WaterDirection.Discharge, 1) with { Main = "well 1" });
        Refused(IndicatorReasonKind.Inconsistent, Flow("x", WaterDirection.Discharge, 1) with { Main = "x" });
        Refused(IndicatorReasonKind.Inconsistent, Flow("x", WaterDirection.Discharge, 1) with { Main = "nowhere" });
        Assert.Throws<ArgumentException>(() => WaterBalance.Compute([]));
        Assert.Throws<ArgumentException>(() => WaterBalance.Compute([.. Flows(), Flows()[0]]));
    }

    [Fact]
    public void More_water_out_than_in_is_said_aloud()
    {
        WaterBalanceOutcome outcome = WaterBalance.Compute([Flow("in", WaterDirection.Withdrawal, 10), Flow("out", WaterDirection.Discharge, 12)]);
        Assert.Equal(-0.002, outcome.Result!.ConsumptionMegalitres, 1e-12);
        Assert.Null(outcome.Result.Closing);
        Assert.Contains(outcome.Notes, note => note.Kind == IndicatorReasonKind.Inconsistent);
    }

    private static WaterBalanceResult Accept(IReadOnlyList<WaterFlow> flows)
    {
        WaterBalanceOutcome outcome = WaterBalance.Compute(flows);
        Assert.Empty(outcome.Reasons);
        return outcome.Result!;
    }

    private static void Refused(IndicatorReasonKind kind, WaterFlow flow)
    {
        WaterBalanceOutcome outcome = WaterBalance.Compute([.. Flows(), flow]);
        Assert.Null(outcome.Result);
        Assert.Contains(outcome.Reasons, reason => reason.Kind == kind);
    }

    private static WaterFlow[] Flows() =>
    [
        Flow("well 1", WaterDirection.Withdrawal, 80_000) with { Place = WaterPlace.Groundwater, DissolvedSolidsMilligramsPerLitre = 1_000, IsStressedArea = true, StandardUncertaintyPercent = 2 },
        Flow("network", WaterDirection.Withdrawal, 40_000) with { StandardUncertaintyPercent = 2 },
        Flow("sewer", WaterDirection.Discharge, 90_000) with { DissolvedSolidsMilligramsPerLitre = 2_400, StandardUncertaintyPercent = 3 },
        Flow("evaporation", WaterDirection.KnownConsumption, 25_000) with { Place = WaterPlace.None, StandardUncertaintyPercent = 4 },
        Flow("tank", WaterDirection.StorageRise, 4_000) with { Place = WaterPlace.None, StandardUncertaintyPercent = 1 },
    ];

    private static WaterFlow Flow(string name, WaterDirection direction, double cubicMetres) => new()
    {
        Name = name,
        Direction = direction,
        Place = WaterPlace.ThirdParty,
        Volume = Quantity.Of(cubicMetres, QuantityUnit.CubicMetre),
        Days = Year,
        StandardUncertaintyPercent = 1,
    };
}

public class SectorBandTests
{
    private static readonly RatioUnit M3PerTonne = new(MeasureUnit.Of(QuantityUnit.CubicMetre), MeasureUnit.Of(QuantityUnit.Tonne));
    private static readonly RatioUnit LitrePerKilogram = new(MeasureUnit.Of(QuantityUnit.Litre), MeasureUnit.Of(QuantityUnit.Kilogram));

    private static readonly SectorBand Band = new()
    {
        Sector = "tanning",
        Indicator = "water per salted hide",
        Unit = M3PerTonne,
        Low = 15,
        High = 50,
        Validity = DateSpan.From(new DateOnly(2003, 1, 1)),
        Note = new SourceNote("BREF 2003", SourceConfidence.FromMemory),
    };

    [Theory]
    [InlineData(12, BandSide.Below, 0.8)]
    [InlineData(15, BandSide.Within, 1)]
    [InlineData(30, BandSide.Within, 1)]
    [InlineData(60, BandSide.Above, 1.2)]
    public void A_value_lies_below_within_or_above_and_keeps_the_mark(double value, BandSide side, double ratio)
    {
        BandPosition position = Assert.Single(SectorBands.Place(value, LitrePerKilogram, new DateOnly(2024, 1, 1), [Band]).Positions);
        Assert.Equal(side, position.Side);
        Assert.Equal(ratio, position.RatioToNearestEnd, 1e-12);
        Assert.Equal(value, position.Value, 1e-12);
        Assert.Contains("from memory, to verify", position.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void A_band_of_another_time_or_unit_does_not_apply()
    {
        RatioUnit perPiece = new(MeasureUnit.Of(QuantityUnit.CubicMetre), MeasureUnit.Of(QuantityUnit.Piece));
        Assert.Equal(IndicatorReasonKind.UnitMismatch, Assert.Single(SectorBands.Place(1, perPiece, new DateOnly(2024, 1, 1), [Band]).Reasons).Kind);
        Assert.Equal(IndicatorReasonKind.NoFactor, Assert.Single(SectorBands.Place(1, M3PerTonne, new DateOnly(2001, 1, 1), [Band]).Reasons).Kind);
        Assert.Equal(IndicatorReasonKind.Missing, Assert.Single(SectorBands.Place(double.NaN, M3PerTonne, new DateOnly(2024, 1, 1), [Band]).Reasons).Kind);
        Assert.Equal(IndicatorReasonKind.Inconsistent, Assert.Single(SectorBands.Place(1, M3PerTonne, new DateOnly(2024, 1, 1), [Band with { Low = 60 }]).Reasons).Kind);
        Assert.Equal(BandSide.Below, SectorBands.Place(1, M3PerTonne, new DateOnly(2024, 1, 1), [Band with { High = double.NaN }]).Positions[0].Side);
    }
}
