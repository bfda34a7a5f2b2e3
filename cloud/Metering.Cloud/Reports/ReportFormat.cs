using System.Globalization;
using Metering.Cloud.Texts;

namespace Metering.Cloud.Reports;

/// <summary>
/// How a report's values are printed. A number of 1 to 999 never has exactly three decimals: "8.065 t" was once printed for
/// eight thousand tonnes, and nobody could tell.
/// </summary>
internal sealed class ReportFormat(Language language)
{
    private const int AmbiguousDecimals = 3;

    private static readonly Dictionary<string, Text> Units = new(StringComparer.Ordinal)
    {
        ["days"] = new("días", "days"),
        ["projects"] = new("proyectos", "projects"),
        ["readings"] = new("lecturas", "readings"),
        ["samples"] = new("muestras", "samples"),
        ["batches"] = new("lotes", "batches"),
        ["records"] = new("registros", "records"),
        ["criteria"] = new("criterios", "criteria"),
        ["firms"] = new("empresas", "firms"),
        ["years"] = new("años", "years"),
        ["parameters"] = new("parámetros", "parameters"),
        ["tCO2e"] = new("t CO₂e", "t CO₂e"),
        ["t"] = new("t", "t"),
        ["assessments"] = new("autodiagnósticos", "assessments"),
        ["visits"] = new("visitas", "visits"),
        ["people"] = new("personas", "people"),
        ["certificates"] = new("constancias", "certificates"),
        ["events"] = new("eventos", "events"),
        ["cases"] = new("casos", "cases"),
        ["%"] = new("%", "%"),
    };

    // What is counted, when there is one of it.
    private static readonly Dictionary<string, Text> Singular = new(StringComparer.Ordinal)
    {
        ["days"] = new("día", "day"),
        ["projects"] = new("proyecto", "project"),
        ["readings"] = new("lectura", "reading"),
        ["batches"] = new("lote", "batch"),
        ["criteria"] = new("criterio", "criterion"),
        ["firms"] = new("empresa", "firm"),
        ["parameters"] = new("parámetro", "parameter"),
        ["assessments"] = new("autodiagnóstico", "assessment"),
        ["visits"] = new("visita", "visit"),
        ["people"] = new("persona", "person"),
        ["certificates"] = new("constancia", "certificate"),
        ["events"] = new("evento", "event"),
        ["cases"] = new("caso", "case"),
    };

    private readonly Formatter format = new(language);

    /// <summary>The language.</summary>
    public Language Language => language;

    /// <summary>The printed unit.</summary>
    public string Unit(string unit) => Units.TryGetValue(unit, out Text? name) ? name.In(language) : UnitNames.Of(unit, language);

    /// <summary>A column's heading with its unit; what is counted is not said twice.</summary>
    public string Heading(ReportColumn column)
    {
        string heading = column.Heading.In(language);
        bool isSaid = column.Unit.Length == 0 || (Singular.ContainsKey(column.Unit) && heading.Contains(Unit(column.Unit), StringComparison.OrdinalIgnoreCase));
        return isSaid ? heading : $"{heading} ({Unit(column.Unit).Trim('(', ')')})";
    }

    /// <summary>A day.</summary>
    public string Day(DateOnly day) => format.Date(day);

    /// <summary>A number without its unit; the decimals are moved from three to four where a point could part thousands.</summary>
    public static string Number(double value, int decimals)
    {
        double rounded = Math.Abs(Math.Round(value, Math.Clamp(decimals, 0, 9), MidpointRounding.AwayFromZero));
        return Formatter.Number(value, decimals == AmbiguousDecimals && rounded is >= 1 and < 1000 ? AmbiguousDecimals + 1 : decimals);
    }

    /// <summary>Value, ± and unit.</summary>
    public string PlusMinus(double value, double halfWidth, string unit)
    {
        int decimals = Formatter.DecimalsFor(halfWidth);
        if (decimals == AmbiguousDecimals && Math.Abs(value) >= 1)
        {
            decimals++;
        }

        return $"{Formatter.Number(value, decimals)}\u00A0±\u00A0{Formatter.Number(halfWidth, decimals)}\u00A0{Unit(unit)}";
    }

    /// <summary>Number and unit.</summary>
    public string Quantity(double value, string unit, int decimals) =>
        double.IsFinite(value) ? Number(value, decimals) + Formatter.UnitSpace + UnitOf(value, unit, decimals) : Formatter.Missing;

    /// <summary>A cell; the unit is left out where the column's heading states it.</summary>
    public string Cell(ReportCell cell, string columnUnit = "") => cell.Kind switch
    {
        CellKind.Words => cell.Words!.In(language),
        CellKind.Day => Day(cell.Day),
        CellKind.Money => Money(cell),
        CellKind.Number when double.IsFinite(cell.HalfWidth) => PlusMinus(cell.Number, cell.HalfWidth, cell.Unit),
        CellKind.Number when columnUnit == cell.Unit => Number(cell.Number, cell.Decimals),
        CellKind.Number => Quantity(cell.Number, cell.Unit, cell.Decimals),
        _ => Formatter.Missing,
    };

    /// <summary>A text with values printed in each language.</summary>
    public static Text Both(Text pattern, Func<ReportFormat, object[]> values)
    {
        ReportFormat spanish = new(Language.Spanish);
        ReportFormat english = new(Language.English);
        return new(pattern.In(Language.Spanish, values(spanish)), pattern.In(Language.English, values(english)));
    }

    private string UnitOf(double value, string unit, int decimals) =>
        value == 1 && decimals == 0 && Singular.TryGetValue(unit, out Text? one) ? one.In(language) : Unit(unit);

    private string Money(ReportCell cell)
    {
        string digits = Math.Abs(cell.Amount).ToString("N2", CultureInfo.InvariantCulture);
        string amount = (cell.Amount < 0 ? "\u2212" : "") + digits + Formatter.UnitSpace + cell.Currency;
        return cell.RateDay is { } day ? $"{amount} ({ReportWords.RateOf.In(language, Day(day))})" : amount;
    }
}
