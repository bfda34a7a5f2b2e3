using Metering.Analytics.CountryPacks;
using Metering.Analytics.Indicators;

namespace Metering.Programme.Assessment;

/// <summary>Turns rows of the table <c>sector-bands</c> into bands.</summary>
internal static class BandUnits
{
    /// <summary>Reads "m3/t", "kWh/vehicle", "L/bed-day"; false for units with a third part or one that is not known.</summary>
    public static bool TryParse(string text, out RatioUnit unit)
    {
        string[] sides = text.Split('/');
        unit = default;
        if (sides.Length != 2 || !MeasureUnit.TryParse(Symbol(sides[0]), out MeasureUnit above) || !MeasureUnit.TryParse(Symbol(sides[1]), out MeasureUnit below))
        {
            return false;
        }

        unit = new RatioUnit(above, below);
        return true;
    }

    /// <summary>
    /// The band of a row. A row with a single figure is a figure, not a lower end: both ends are that figure. A row with
    /// an upper end alone is "below".
    /// </summary>
    /// <exception cref="ArgumentException">The unit is not a ratio of known units.</exception>
    public static SectorBand Of(PackRow row)
    {
        if (!TryParse(row.Unit, out RatioUnit unit))
        {
            throw new ArgumentException($"{row.File} line {row.Line}: the unit {row.Unit} is not a ratio of known units");
        }

        decimal? high = row.Number("value_high");
        return new SectorBand
        {
            Sector = row["sector"],
            Indicator = row["resource"],
            Unit = unit,
            Low = (double?)row.Value ?? double.NaN,
            High = (double?)(high ?? row.Value) ?? double.NaN,
            Validity = new DateSpan(row.ValidFrom, row.ValidTo?.AddDays(1) ?? DateOnly.MaxValue),
            Note = NoteOf(row),
            Conditions = row.Note,
        };
    }

    /// <summary>Source and confidence of a row.</summary>
    public static SourceNote NoteOf(PackRow row) => new(row.Source, row.Confidence switch
    {
        PackConfidence.OfficialText => SourceConfidence.Official,
        PackConfidence.Read or PackConfidence.Secondary => SourceConfidence.Secondary,
        _ => SourceConfidence.FromMemory,
    });

    private static string Symbol(string word) => word switch
    {
        "vehicle" => "vehicles",
        "guest-night" => "guest-nights",
        "bed-day" => "bed-days",
        "tCO2e" => "t CO2e",
        _ => word,
    };
}
