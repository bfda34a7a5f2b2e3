using Metering.Analytics.Indicators;

namespace Metering.Programme.Assessment;

/// <summary>Places an intensity beside the bands that hold for its sector, unit and year.</summary>
internal static class BandPlacing
{
    /// <summary>The indicator with its bands, or with the words that there is none and why.</summary>
    public static AssessedIndicator Placed(Questionnaire questionnaire, AssessmentAnswers answers, AssessedIndicator indicator, MeasureUnit? outputUnit)
    {
        if (indicator.Intensity is not { } intensity || outputUnit is not { } output)
        {
            return indicator;
        }

        BandChoice? choice = questionnaire.Bands.FirstOrDefault(bands => bands.Sector == answers.Sector && bands.Load == indicator.Load);
        if (choice is null)
        {
            return indicator with { NoBand = AssessmentTexts.NoBandKnown };
        }

        DateOnly day = new(answers.Year, 7, 1);
        RatioUnit unit = new(UnitOf(indicator.Load), output);
        List<PlacedBand> placed = [];
        bool isOtherUnit = false;
        foreach (string id in choice.BandIds)
        {
            if (questionnaire.Facts.Table("sector-bands").At(id, day).Row is { } row)
            {
                SectorBand band = BandUnits.Of(row);
                BandOutcome outcome = SectorBands.Place(intensity.Value, unit, day, [band]);
                placed.AddRange(outcome.Positions.Select(position => new PlacedBand(row, position)));
                isOtherUnit |= outcome.Reasons.Any(reason => reason.Kind == IndicatorReasonKind.UnitMismatch);
            }
        }

        return indicator with
        {
            Bands = placed,
            NoBand = placed.Count > 0 ? null : isOtherUnit ? AssessmentTexts.NoBandInUnit : AssessmentTexts.NoBandForYear(answers.Year),
        };
    }

    /// <summary>The unit a load is summed in.</summary>
    public static MeasureUnit UnitOf(AssessedLoad load) => MeasureUnit.Of(load switch
    {
        AssessedLoad.Energy or AssessedLoad.Electricity => QuantityUnit.MegawattHour,
        AssessedLoad.Water or AssessedLoad.Wastewater => QuantityUnit.CubicMetre,
        AssessedLoad.GreenhouseGas => QuantityUnit.TonneCarbonDioxideEquivalent,
        _ => QuantityUnit.Tonne,
    });
}
