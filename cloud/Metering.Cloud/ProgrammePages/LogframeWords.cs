using System.Globalization;
using Metering.Cloud.Texts;
using Metering.Programme.Kinds;

namespace Metering.Cloud.ProgrammePages;

/// <summary>Texts of the logframe.</summary>
internal static class LogframeWords
{
    public static readonly Text Title = new("Marco lógico", "Logframe");
    public static readonly Text Lead = new(
        "Cada valor se calcula al abrir la página a partir de registros y lecturas; su enlace muestra de cuáles. El año en curso va hasta hoy.",
        "Each value is computed from records and readings when the page is opened; its link shows from which. The year that runs counts up to today.");
    public static readonly Text Indicator = new("Indicador", "Indicator");
    public static readonly Text Level = new("Nivel", "Level");
    public static readonly Text Baseline = new("Línea base", "Baseline");
    public static readonly Text FinalTarget = new("Meta final", "Final target");
    public static readonly Text Means = new("Medios de verificación", "Means of verification");
    public static readonly Text Assumption = new("Supuestos", "Assumptions");
    public static readonly Text NoRows = new("El programa no tiene indicadores todavía; agréguelos en el registro y elija qué se cuenta.", "The programme has no indicators yet; add them in the register and choose what is counted.");
    public static readonly Text NoProgramme = new("No hay ningún programa en el registro todavía.", "There is no programme in the register yet.");
    public static readonly Text Report = new("Informe del año", "Report of the year");
    public static readonly Text EvidenceTitle = new("Evidencia de un valor", "Evidence of a value");
    public static readonly Text FromProjects = new("Proyectos verificados en la suma", "Verified projects in the sum");
    public static readonly Text FromRecords = new("Registros contados", "Records counted");
    public static readonly Text Part = new("Parte del periodo", "Part of the period");
    public static readonly Text Record = new("Registro", "Record");
    public static readonly Text KindOfRecord = new("Tipo", "Kind");
    public static readonly Text NoRecords = new("Ningún registro todavía: el valor es cero porque no hay qué contar.", "No record yet: the value is zero because there is nothing to count.");

    /// <summary>Heading of the values of a year.</summary>
    public static Text YearColumn(int number) => Numbered("Año {0}", "Year {0}", number);

    /// <summary>Heading of the targets of a year.</summary>
    public static Text TargetColumn(int number) => Numbered("Meta {0}", "Target {0}", number);

    /// <summary>Of which row and days the evidence is.</summary>
    public static string EvidenceLead(string row, ProgrammeYear year, Language language)
    {
        Formatter format = new(language);
        return $"{row}: {format.Date(year.FirstDay)} – {format.Date(year.LastDay)}";
    }

    private static Text Numbered(string spanish, string english, int number)
    {
        string shown = number.ToString(CultureInfo.InvariantCulture);
        return new(spanish.Replace("{0}", shown, StringComparison.Ordinal), english.Replace("{0}", shown, StringComparison.Ordinal));
    }
}
