using Metering.Analytics.CountryPacks;
using Metering.Analytics.Indicators;

namespace Metering.Programme.Assessment;

/// <summary>Emission factors of a carrier in a year, from the tables <c>grid-factors</c> and <c>fuels</c>.</summary>
internal static class CarrierFactors
{
    private const string Electricity = "electricity";
    private const string Grid = "sen";
    private const double GigajoulePerTerajoule = 1000;

    /// <summary>The factor; null, with a gap, when the pack has none for the year. No other year's factor is put in its place.</summary>
    public static EmissionFactor? Of(CountryPack facts, Question question, int year, List<AssessmentGap> gaps)
    {
        DateOnly day = new(year, 7, 1);
        if (question.Carrier == Electricity)
        {
            PackAnswer grid = facts.Table("grid-factors").At(Grid, day);
            return grid.IsFound && grid.Row.Value is { } tonnes
                ? Factor(question, year, EmissionKind.PowerByLocation, 1000 * (double)tonnes, (QuantityUnit.MegawattHour, grid.Row))
                : Missing(question, year, gaps);
        }

        PackTable fuels = facts.Table("fuels");
        double? carbon = Value(fuels, question.Carrier + ".co2", day);
        double? other = (Value(fuels, question.Carrier + ".ch4", day) * Value(fuels, "gwp.ch4", day) / GigajoulePerTerajoule)
            + (Value(fuels, question.Carrier + ".n2o", day) * Value(fuels, "gwp.n2o", day) / GigajoulePerTerajoule);
        return carbon + other is { } kilograms
            ? Factor(question, year, EmissionKind.Fuel, kilograms, (QuantityUnit.Gigajoule, fuels.At(question.Carrier + ".co2", day).Row!))
            : Missing(question, year, gaps);
    }

    private static double? Value(PackTable table, string id, DateOnly day) => (double?)table.At(id, day).Row?.Value;

    private static EmissionFactor? Missing(Question question, int year, List<AssessmentGap> gaps)
    {
        gaps.Add(new AssessmentGap(null, AssessmentTexts.NoEmissionFactor(question, year)));
        return null;
    }

    private static EmissionFactor Factor(Question question, int year, EmissionKind kind, double kilograms, (QuantityUnit Per, PackRow Row) basis) => new()
    {
        Carrier = question.Carrier,
        Kind = kind,
        KilogramsCarbonDioxideEquivalent = kilograms,
        Per = MeasureUnit.Of(basis.Per),
        Validity = DateSpan.OfYear(year),
        Note = BandUnits.NoteOf(basis.Row),
    };
}
