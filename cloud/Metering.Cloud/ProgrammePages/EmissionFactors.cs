using Metering.Analytics.CountryPacks;
using Metering.Analytics.Indicators;
using Metering.Cloud.Reports;

namespace Metering.Cloud.ProgrammePages;

/// <summary>
/// Emission factors of what a project saves, by the year in which it was used, from the country pack: the grid's for electricity, heating value times the
/// factor of the fuel for gas. A year without a row has no factor; that of another year is never put in its place.
/// </summary>
internal static class EmissionFactors
{
    private const string Gas = "natural-gas-dry";
    private const string Grid = "sen";
    private const double KilojoulePerGigajoule = 1e6;
    private const double GigajoulePerTerajoule = 1e3;
    private const double KilogramPerTonne = 1e3;

    /// <summary>Factor of the national grid in a year, t CO2e per MWh; null when the country pack has none.</summary>
    public static double? OfGrid(int year) => (double?)GridRow(year)?.Value;

    /// <summary>Factor of dry natural gas in a year, kg CO2e per m3 at the reference conditions of the pack; null when a part of it is missing.</summary>
    public static double? OfGas(int year)
    {
        double? perGigajoule = Value(".co2", year)
            + (Value(".ch4", year) * Fuel("gwp.ch4", year) / GigajoulePerTerajoule)
            + (Value(".n2o", year) * Fuel("gwp.n2o", year) / GigajoulePerTerajoule);
        return Value(".ncv", year) / KilojoulePerGigajoule * perGigajoule;
    }

    /// <summary>t CO2e for one unit of a meter; null for water and effluent, for other units, and for years without a factor.</summary>
    public static double? TonnesPerUnit(Resource resource, string unit, int year)
    {
        (QuantityUnit basis, double? factor) = resource switch
        {
            Resource.Electricity => (QuantityUnit.MegawattHour, OfGrid(year)),
            Resource.Gas => (QuantityUnit.CubicMetre, OfGas(year) / KilogramPerTonne),
            _ => (QuantityUnit.CubicMetre, null),
        };
        return factor is { } tonnes && MeasureUnit.TryParse(unit, out MeasureUnit own) && own.IsConvertibleTo(MeasureUnit.Of(basis))
            ? tonnes * new Quantity(1, own).To(MeasureUnit.Of(basis)).Value
            : null;
    }

    /// <summary>The factors of some years with their sources.</summary>
    public static PageSection Section(IReadOnlyList<int> years) => new()
    {
        Id = "factors",
        Title = PortfolioWords.Factors,
        Sentences = [PortfolioWords.FactorsNote],
        Columns = [ProgrammeWords.Year, PortfolioWords.Of(PortfolioKind.Electricity), PortfolioWords.FactorSource, PortfolioWords.NaturalGas, PortfolioWords.FactorSource],
        Rows = [.. years.Select(year => (IReadOnlyList<PageCell>)
        [
            PageCell.Of(year.ToString(System.Globalization.CultureInfo.InvariantCulture)),
            OfGrid(year) is { } grid ? PageCell.Of(ReportFormat.Number(grid, 4) + " t CO₂e/MWh") : PageCell.Missing, PageCell.Of(GridRow(year)?.Source ?? "–"),
            OfGas(year) is { } gas ? PageCell.Of(ReportFormat.Number(gas, 4) + " kg CO₂e/m³") : PageCell.Missing, PageCell.Of(OfGas(year) is null ? "–" : GasSources(year)),
        ])],
        WhenEmpty = PortfolioWords.NoProjects,
    };

    private static string GasSources(int year) => FuelRow(Gas + ".ncv", year)!.Source + "; " + FuelRow(Gas + ".co2", year)!.Source;

    private static PackRow? GridRow(int year) => CountryPack.Mexico.Table("grid-factors").At(Grid, new(year, 7, 1)).Row;

    private static PackRow? FuelRow(string id, int year) => CountryPack.Mexico.Table("fuels").At(id, new(year, 7, 1)).Row;

    private static double? Fuel(string id, int year) => (double?)FuelRow(id, year)?.Value;

    private static double? Value(string part, int year) => Fuel(Gas + part, year);
}
