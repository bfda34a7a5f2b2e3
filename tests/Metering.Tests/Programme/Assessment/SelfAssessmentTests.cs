using Metering.Analytics.Indicators;
using Metering.Programme.Assessment;
using Xunit;

namespace Metering.Tests.Programme.Assessment;

public sealed class SelfAssessmentTests
{
    private static readonly Questionnaire Mexico = Questionnaire.OfMexico(new DateOnly(2026, 11, 1));

    [Fact]
    public void Water_is_the_sum_of_its_sources_and_is_related_to_the_output()
    {
        AssessedIndicator water = Tannery().Of(AssessedLoad.Water);
        Assert.Equal(30_000, water.Absolute!.Value, 9);
        Assert.Equal(30, water.Intensity!.Value, 9);
        Assert.Equal("m3/t", water.Intensity.Unit);
        Assert.Equal(1.0 / 30, water.Productivity!.Value, 12);
        Assert.Empty(water.Gaps);
    }

    [Fact]
    public void Energy_adds_electricity_and_gas_and_emissions_take_the_factor_of_the_year()
    {
        AssessmentResult result = Tannery();
        Assert.Equal(800 + (3_600 / 3.6), result.Of(AssessedLoad.Energy).Absolute!.Value, 6);
        // 800 MWh x 0.438 and 3,600 GJ x (56.1 + (1 x 28 + 0.1 x 265) / 1000) kg.
        Assert.Equal((800 * 0.438) + (3_600 * 56.1545 / 1000), result.Of(AssessedLoad.GreenhouseGas).Absolute!.Value, 6);
    }

    [Fact]
    public void A_volume_of_fuel_is_turned_into_energy_in_a_year_with_a_calorific_value_and_refused_in_others()
    {
        AssessedIndicator known = Of(Answers(2021, amounts => amounts["diesel"] = Quantity.Of(1_000, QuantityUnit.Litre))).Of(AssessedLoad.Energy);
        Assert.Equal(800 + 1_000 + (5_990 / 158.987 / 3.6), known.Absolute!.Value, 6);
        AssessedIndicator unknown = Of(Answers(2023, amounts => amounts["diesel"] = Quantity.Of(1_000, QuantityUnit.Litre))).Of(AssessedLoad.Energy);
        Assert.Null(unknown.Absolute);
        Assert.Equal("diesel", Assert.Single(unknown.Gaps).Question?.Id);
    }

    [Fact]
    public void An_unanswered_source_is_a_gap_and_never_a_zero()
    {
        AssessedIndicator water = Of(Answers(2023, amounts => amounts.Remove("water-well"))).Of(AssessedLoad.Water);
        Assert.Null(water.Absolute);
        Assert.Null(water.Intensity);
        Assert.Equal("water-well", Assert.Single(water.Gaps).Question?.Id);
    }

    [Fact]
    public void A_year_without_a_grid_factor_has_energy_but_no_emissions()
    {
        AssessmentResult result = Of(Answers(2025, _ => { }));
        Assert.NotNull(result.Of(AssessedLoad.Energy).Absolute);
        Assert.Null(result.Of(AssessedLoad.GreenhouseGas).Absolute);
        Assert.Contains("2025", Assert.Single(result.Of(AssessedLoad.GreenhouseGas).Gaps).What.In(Language.Spanish), StringComparison.Ordinal);
    }

    [Fact]
    public void No_output_leaves_the_absolute_figures_and_says_what_to_answer()
    {
        AssessedIndicator water = Of(Answers(2023, amounts => amounts.Remove("tanning.output"))).Of(AssessedLoad.Water);
        Assert.Equal(30_000, water.Absolute!.Value, 9);
        Assert.Null(water.Intensity);
        Assert.Equal("tanning.output", Assert.Single(water.Gaps).Question?.Id);
    }

    [Fact]
    public void An_intensity_stands_beside_each_band_with_its_row()
    {
        AssessedIndicator water = Tannery().Of(AssessedLoad.Water);
        Assert.Equal(BandSide.Within, water.Bands.Single(band => band.Row.Id == "tanning.conventional.water").Position.Side);
        Assert.Equal(BandSide.Above, water.Bands.Single(band => band.Row.Id == "tanning.best-available.water-total-salted").Position.Side);
        Assert.True(water.Bands.Single(band => band.Row.Id == "tanning.press-leon-average.water").IsSingleFigure);
        Assert.DoesNotContain(water.Bands, band => band.Row.Id == "tanning.press-leon-1980s.water");
        Assert.NotNull(Tannery().Of(AssessedLoad.Materials).NoBand);
    }

    [Fact]
    public void An_output_in_pieces_has_no_band_and_says_so()
    {
        AssessedIndicator water = Of(Answers(2023, amounts => amounts["tanning.output"] = Quantity.Of(40_000, QuantityUnit.Piece))).Of(AssessedLoad.Water);
        Assert.Empty(water.Bands);
        Assert.Same(AssessmentTexts.NoBandInUnit, water.NoBand);
    }

    [Theory]
    [InlineData(1000)]
    [InlineData(0.001)]
    public void A_slip_of_a_thousand_is_found_beside_the_answers_it_may_lie_in(double slip)
    {
        AssessmentResult result = Of(Answers(2023, amounts => amounts["water-well"] = Quantity.Of(30_000 * slip, QuantityUnit.CubicMetre)));
        AnswerFinding finding = result.Findings.First(found => found.Questions.Any(question => question.Id == "water-well"));
        Assert.Contains(finding.Questions, question => question.Id == "tanning.output");
        Assert.Contains(slip > 1 ? "1,000" : "0.0010", finding.What.In(Language.English), StringComparison.Ordinal);
    }

    [Fact]
    public void A_wrong_output_is_named_when_several_indicators_are_off_by_one_factor()
    {
        AssessmentResult result = Of(Answers(2023, amounts => amounts["tanning.output"] = Quantity.Of(1_000_000, QuantityUnit.Tonne)));
        Assert.Contains(result.Findings, finding => finding.Questions is [{ Id: "tanning.output" }]);
    }

    [Fact]
    public void Plausible_answers_have_no_finding() => Assert.Empty(Tannery().Findings);

    [Fact]
    public void A_discharge_above_the_water_that_enters_is_asked_about() => Assert.Contains(
        Of(Answers(2023, amounts => amounts["wastewater"] = Quantity.Of(60_000, QuantityUnit.CubicMetre))).Findings,
        finding => finding.Questions[0].Id == "wastewater");

    [Fact]
    public void Each_recommendation_names_the_answers_that_caused_it_and_yes_causes_none()
    {
        AssessmentResult result = Of(Answers(2023, _ => { }, ("tanning.rinses", PracticeAnswer.No), ("tanning.floats", PracticeAnswer.Partly), ("tanning.hair", PracticeAnswer.Yes), ("tanning.chrome", PracticeAnswer.DoesNotApply)));
        Assert.Equal(["tanning.batch-rinses-flow-limiters", "tanning.recycle-lime-pickle-floats"], result.Recommendations.Select(one => one.Measure.Id));
        Assert.Equal(new RecommendationCause(Mexico.Questions.Single(question => question.Id == "tanning.rinses"), PracticeAnswer.No, null), Assert.Single(result.Recommendations[0].Causes));
        Assert.Equal("module-04", Assert.Single(result.Modules).Module.Id);
        Assert.Equal(2, result.Modules[0].Recommendations.Count);
    }

    [Fact]
    public void Measures_on_a_load_above_all_bands_come_first_even_when_only_partly_missing()
    {
        AssessmentResult result = Of(Answers(2023, amounts => amounts["water-well"] = Quantity.Of(70_000, QuantityUnit.CubicMetre), ("tanning.heat", PracticeAnswer.No), ("tanning.rinses", PracticeAnswer.Partly), ("sub-meters", PracticeAnswer.No)));
        Assert.Equal("tanning.batch-rinses-flow-limiters", result.Recommendations[0].Measure.Id);
        Assert.Equal("common.night-flow-leak-check", result.Recommendations[1].Measure.Id);
        Assert.Equal(AssessedLoad.Water, Assert.Single(result.Recommendations[1].Causes).AboveBands);
        Assert.Equal(2, result.Recommendations.Single(one => one.Measure.Id == "common.sub-metering").Causes.Count);
    }

    [Fact]
    public void Practices_are_counted_with_what_was_not_answered()
    {
        PracticeCount water = Of(Answers(2023, _ => { }, ("leaks", PracticeAnswer.No), ("streams", PracticeAnswer.Yes))).Practices.Single(count => count.Part.Id == "water");
        Assert.Equal(1, water.Counts[PracticeAnswer.No]);
        Assert.Equal(1, water.Counts[PracticeAnswer.Yes]);
        Assert.Contains(water.Unanswered, question => question.Id == "tanning.rinses");
    }

    [Fact]
    public void An_answer_to_a_question_of_another_sector_is_a_fault_of_the_caller() => Assert.Throws<ArgumentException>(
        () => Of(Answers(2023, amounts => amounts["hotel.output"] = Quantity.Of(1, QuantityUnit.GuestNight))));

    [Theory]
    [InlineData(8.065, "8.0650")]
    [InlineData(8065, "8,065")]
    [InlineData(0.5, "0.5")]
    [InlineData(123.45, "123.5")]
    [InlineData(0, "0")]
    public void A_figure_never_ends_in_three_decimals(double value, string text) => Assert.Equal(text, AssessmentTexts.Figure(value));

    private static AssessmentResult Tannery() => Of(Answers(2023, _ => { }));

    private static AssessmentResult Of(AssessmentAnswers answers) => SelfAssessment.Of(Mexico, answers);

    private static AssessmentAnswers Answers(int year, Action<Dictionary<string, Quantity>> change, params (string Id, PracticeAnswer Answer)[] practices)
    {
        Dictionary<string, Quantity> amounts = new(StringComparer.Ordinal)
        {
            ["tanning.output"] = Quantity.Of(1_000, QuantityUnit.Tonne),
            ["electricity"] = Quantity.Of(800_000, QuantityUnit.KilowattHour),
            ["natural-gas"] = Quantity.Of(3_600, QuantityUnit.Gigajoule),
            ["water-well"] = Quantity.Of(30_000, QuantityUnit.CubicMetre),
            ["wastewater"] = Quantity.Of(26_000, QuantityUnit.CubicMetre),
            ["materials"] = Quantity.Of(1_400, QuantityUnit.Tonne),
            ["waste-hazardous"] = Quantity.Of(20, QuantityUnit.Tonne),
            ["waste-other"] = Quantity.Of(500_000, QuantityUnit.Kilogram),
        };
        change(amounts);
        string[] notUsed = ["lp-gas", "diesel", "fuel-oil", "water-utility", "water-other"];
        return new AssessmentAnswers
        {
            Sector = "tanning",
            Year = year,
            Amounts = amounts,
            NotUsed = notUsed.Where(id => !amounts.ContainsKey(id)).ToHashSet(StringComparer.Ordinal),
            Practices = practices.ToDictionary(practice => practice.Id, practice => practice.Answer, StringComparer.Ordinal),
        };
    }
}
