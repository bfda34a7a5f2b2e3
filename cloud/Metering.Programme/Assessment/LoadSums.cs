using Metering.Analytics.Finance;
using Metering.Analytics.Indicators;
using Metering.Analytics.Tariffs;

namespace Metering.Programme.Assessment;

/// <summary>
/// Adds the answers up to loads and relates them to the output with <see cref="ResourceEfficiency"/>. A load is given only
/// when each of its parts was answered: a total with a hole in it would look like a good plant.
/// </summary>
internal sealed class LoadSums
{
    private const string Boundary = "site as answered";
    private const string Electricity = "electricity";
    private const string NaturalGasInBills = "natural-gas";

    private readonly Questionnaire questionnaire;
    private readonly AssessmentAnswers answers;
    private readonly IReadOnlyList<Question> asked;
    private readonly Question outputQuestion;
    private readonly DateOnly middle;

    /// <summary>Reads the answers; nothing is computed yet.</summary>
    public LoadSums(Questionnaire questionnaire, AssessmentAnswers answers)
    {
        this.questionnaire = questionnaire;
        this.answers = answers;
        asked = questionnaire.Of(answers.Sector);
        outputQuestion = asked.First(question => question.Kind == QuestionKind.Output);
        middle = new DateOnly(answers.Year, 7, 1);
    }

    /// <summary>Unit the output was answered in; null when it was not.</summary>
    public MeasureUnit? OutputUnit => answers.Amounts.TryGetValue(outputQuestion.Id, out Quantity output) ? output.Unit : null;

    /// <summary>The indicator of a load, not yet placed beside bands.</summary>
    public AssessedIndicator Indicator(AssessedLoad load)
    {
        List<AssessmentGap> gaps = [];
        List<Text> derivation = [];
        List<Question> parts = [];
        MeasuredAmount? sum = load == AssessedLoad.GreenhouseGas ? Emissions(parts, gaps, derivation) : Sum(load, parts, gaps, derivation);
        MeasuredAmount? output = Output(gaps);
        (LoadKind kind, bool isResource) = KindOf(load);
        EfficiencySide side = Side(kind, sum, output);
        EfficiencyComparison comparison = ResourceEfficiency.Compare(side, side);
        AssessedFigure? Figure(IndicatorForm form) =>
            comparison.Of(form, kind) is { Before: { } value } indicator ? new AssessedFigure(value, indicator.Unit) : null;
        AssessedFigure? productivity = isResource ? Figure(IndicatorForm.Productivity) : null;
        if (isResource && productivity is null && sum is { Amount.Value: 0 } && output is not null)
        {
            gaps.Add(new AssessmentGap(null, AssessmentTexts.NothingUsed));
        }

        return new AssessedIndicator
        {
            Load = load,
            Absolute = Figure(IndicatorForm.Absolute),
            Productivity = productivity,
            Intensity = Figure(IndicatorForm.Intensity),
            Gaps = gaps,
            Parts = parts,
            Derivation = derivation,
        };
    }

    private MeasuredAmount? Output(List<AssessmentGap> gaps)
    {
        if (!answers.Amounts.TryGetValue(outputQuestion.Id, out Quantity output))
        {
            gaps.Add(new AssessmentGap(outputQuestion, AssessmentTexts.NoOutput));
            return null;
        }

        if (output.Value == 0)
        {
            gaps.Add(new AssessmentGap(outputQuestion, AssessmentTexts.OutputIsZero));
        }

        return Amount(output);
    }

    private MeasuredAmount? Sum(AssessedLoad load, List<Question> parts, List<AssessmentGap> gaps, List<Text> derivation)
    {
        MeasureUnit unit = MeasureUnit.Of(load switch
        {
            AssessedLoad.Energy or AssessedLoad.Electricity => QuantityUnit.MegawattHour,
            AssessedLoad.Water or AssessedLoad.Wastewater => QuantityUnit.CubicMetre,
            _ => QuantityUnit.Tonne,
        });
        List<MeasuredAmount> given = [];
        foreach (Question question in asked)
        {
            bool isPart = load == AssessedLoad.Electricity ? question.Carrier == Electricity : question.Load == load;
            if (!isPart)
            {
                continue;
            }

            Quantity? amount = question.Carrier.Length > 0 ? Energy(question, gaps, derivation) : Answered(question, unit, gaps, derivation);
            if (amount is { } known)
            {
                parts.Add(question);
                given.Add(Amount(known.To(unit)));
            }
        }

        return gaps.Count == 0 && given.Count > 0 ? MeasuredAmount.Sum(given, unit) : null;
    }

    private Quantity? Answered(Question question, MeasureUnit unit, List<AssessmentGap> gaps, List<Text>? derivation)
    {
        if (answers.NotUsed.Contains(question.Id))
        {
            derivation?.Add(AssessmentTexts.NotUsed(question));
            return new Quantity(0, unit);
        }

        if (answers.Amounts.TryGetValue(question.Id, out Quantity amount))
        {
            derivation?.Add(AssessmentTexts.Line(question, amount, amount.Unit.IsConvertibleTo(unit) ? amount.To(unit) : amount));
            return amount;
        }

        gaps.Add(new AssessmentGap(question, AssessmentTexts.NotAnswered(question)));
        return null;
    }

    // Energy of one carrier. Volumes of fuel need the heating value of the year, which the pack has for some years only.
    private Quantity? Energy(Question question, List<AssessmentGap> gaps, List<Text>? derivation)
    {
        MeasureUnit energy = MeasureUnit.Of(QuantityUnit.MegawattHour);
        if (Answered(question, energy, gaps, null) is not { } amount)
        {
            return null;
        }

        if (answers.NotUsed.Contains(question.Id))
        {
            derivation?.Add(AssessmentTexts.NotUsed(question));
            return amount;
        }

        if (amount.Unit.Dimension == Dimension.Energy)
        {
            derivation?.Add(AssessmentTexts.Line(question, amount, amount.To(energy)));
            if (question.Id == NaturalGasInBills)
            {
                derivation?.Add(AssessmentTexts.GrossHeatingValue);
            }

            return amount;
        }

        Answer<FuelFactors> factors = FuelFactors.At(questionnaire.Facts.Table("fuels"), question.Carrier, middle);
        if (!factors.IsGiven)
        {
            gaps.Add(new AssessmentGap(question, AssessmentTexts.NoHeatingValue(question, answers.Year)));
            return null;
        }

        double inFuelUnit = factors.Value.Unit == FuelUnit.Litre ? amount.To(MeasureUnit.Of(QuantityUnit.Litre)).Value : amount.Value;
        Answer<FuelUse> use = factors.Value.Use((decimal)inFuelUnit, factors.Value.Reference);
        if (!use.IsGiven)
        {
            gaps.Add(new AssessmentGap(question, AssessmentTexts.NoHeatingValue(question, answers.Year)));
            return null;
        }

        Quantity result = Quantity.Of((double)use.Value.EnergyGigajoule, QuantityUnit.Gigajoule);
        derivation?.Add(AssessmentTexts.Heating(question, amount, factors.Value.Rows[0], result.To(energy)));
        return result;
    }

    private MeasuredAmount? Emissions(List<Question> parts, List<AssessmentGap> gaps, List<Text> derivation)
    {
        List<CarrierUse> uses = [];
        List<EmissionFactor> factors = [];
        foreach (Question question in asked.Where(question => question.Carrier.Length > 0))
        {
            Quantity? energy = Energy(question, gaps, null);
            if (energy is { } known)
            {
                parts.Add(question);
                if (known.Value > 0 && CarrierFactors.Of(questionnaire.Facts, question, answers.Year, gaps) is { } factor)
                {
                    uses.Add(new CarrierUse(question.Carrier, known, DateSpan.OfYear(answers.Year)));
                    factors.Add(factor);
                }
            }
        }

        if (gaps.Count > 0)
        {
            return null;
        }

        EmissionOutcome outcome = GreenhouseGas.Compute(new EmissionInput { Uses = uses, Factors = factors, BaselineDay = new DateOnly(answers.Year, 1, 1) });
        if (outcome.YearOfUse is not { } figures)
        {
            gaps.AddRange(outcome.Reasons.Select(reason => new AssessmentGap(null, AssessmentTexts.Other(reason.Detail))));
            return null;
        }

        derivation.AddRange(figures.Lines.Select(line => AssessmentTexts.Emission(parts.First(question => question.Carrier == line.Use.Carrier), line)));
        return Amount(Quantity.Of(figures.TotalByLocationTonnes, QuantityUnit.TonneCarbonDioxideEquivalent));
    }

    private MeasuredAmount Amount(Quantity quantity) => new() { Amount = quantity, Boundary = Boundary, Days = DateSpan.OfYear(answers.Year) };

    private EfficiencySide Side(LoadKind kind, MeasuredAmount? sum, MeasuredAmount? output)
    {
        EfficiencySide side = new()
        {
            Output = output is null ? null : new ProductOutput { Definition = new OutputDefinition(outputQuestion.Id, 1), FirstPass = output },
        };
        return kind switch
        {
            LoadKind.Energy => side with { Energy = sum },
            LoadKind.Materials => side with { Materials = sum },
            LoadKind.Water => side with { Water = sum },
            LoadKind.GreenhouseGas => side with { GreenhouseGas = sum },
            LoadKind.Wastewater => side with { Wastewater = sum },
            _ => side with { Waste = sum },
        };
    }

    private static (LoadKind Kind, bool IsResource) KindOf(AssessedLoad load) => load switch
    {
        AssessedLoad.Energy or AssessedLoad.Electricity => (LoadKind.Energy, true),
        AssessedLoad.Water => (LoadKind.Water, true),
        AssessedLoad.Materials => (LoadKind.Materials, true),
        AssessedLoad.Wastewater => (LoadKind.Wastewater, false),
        AssessedLoad.Waste => (LoadKind.Waste, false),
        _ => (LoadKind.GreenhouseGas, false),
    };
}
