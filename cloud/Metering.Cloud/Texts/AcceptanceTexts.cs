using Metering.Analytics.Acceptance;
using Verdict = Metering.Analytics.Acceptance.Verdict;

namespace Metering.Cloud.Texts;

/// <summary>The criteria of analytics in the words of the reader.</summary>
internal static class AcceptanceTexts
{
    private const char Quote = '\'';

    /// <summary>Whether the rule speaks of such data.</summary>
    public static bool Applies(AcceptanceTest test) => test.Verdict != Verdict.NotApplicable;

    /// <summary>Name of the rule's standard.</summary>
    public static Text Standard(AcceptanceStandard standard) => standard switch
    {
        AcceptanceStandard.Ashrae14Model => new("ASHRAE 14, modelo", "ASHRAE 14, model"),
        AcceptanceStandard.Ashrae14WholeBuilding => new("ASHRAE 14, planta completa", "ASHRAE 14, whole facility"),
        AcceptanceStandard.Sep => new("SEP", "SEP"),
        AcceptanceStandard.CalTrack => new("CalTRACK 2.0", "CalTRACK 2.0"),
        AcceptanceStandard.Nmec => new("NMEC", "NMEC"),
        _ => new("Propio", "Own"),
    };

    /// <summary>What is compared. The driver named in a rule is given in the reader's words.</summary>
    public static Text Name(string name)
    {
        int first = name.IndexOf(Quote, StringComparison.Ordinal);
        int last = name.LastIndexOf(Quote);
        string driver = first >= 0 && last > first ? name[(first + 1)..last] : "";
        string spanish = DriverNames.Of(driver, Language.Spanish);
        string english = DriverNames.Of(driver, Language.English);
        return name switch
        {
            "CV(RMSE), %" => new("Dispersión, CV(RMSE), %", "Scatter, CV(RMSE), %"),
            "CV(RMSE) of a site, %" => new("Dispersión de un sitio, CV(RMSE), %", "Scatter of a site, CV(RMSE), %"),
            "|NMBE| with n - p, %" => new("Sesgo, |NMBE| con n − p, %", "Bias, |NMBE| with n − p, %"),
            "|net bias| of use, %" => new("Sesgo neto del consumo, %", "Net bias of use, %"),
            "Half-width of the 68 % interval, % of the saving" => new("Incertidumbre a 68 %, % del ahorro", "Uncertainty at 68 %, % of the saving"),
            "Portfolio uncertainty, non-wires alternative, % of the saving" => new("Incertidumbre de cartera (alternativas a la red), % del ahorro", "Portfolio uncertainty (non-wires), % of the saving"),
            "Portfolio uncertainty, pay for performance, % of the saving" => new("Incertidumbre de cartera (pago por desempeño), % del ahorro", "Portfolio uncertainty (pay for performance), % of the saving"),
            "p value of the F test" => new("Modelo completo, p de la prueba F", "Whole model, p of the F test"),
            "Smallest p value of a driver" => new("Factor más significativo, p", "Most significant driver, p"),
            "R2" => new("Varianza explicada, R²", "Variance explained, R²"),
            "|NMBE| of use in blocks left out, %" => new("Sesgo en meses no vistos, %", "Bias in months not seen, %"),
            _ when driver.Length > 0 && name.StartsWith("p value of ", StringComparison.Ordinal) => new($"p de {spanish}", $"p of {english}"),
            _ when driver.Length > 0 && name.StartsWith("Mean of ", StringComparison.Ordinal) => new(
                $"Promedio de {spanish} en reporte: desviaciones fuera del rango de la línea base",
                $"Mean of {english} in reporting: deviations outside the baseline range"),
            _ => new(name, name),
        };
    }

    /// <summary>How a value must stand to the limit.</summary>
    public static string Sign(Comparison comparison) => comparison switch
    {
        Comparison.AtMost => "≤",
        Comparison.Below => "<",
        _ => "≥",
    };

    /// <summary>The value of a test; a p value is never shown as zero.</summary>
    public static string Value(AcceptanceTest test) =>
        double.IsNaN(test.Value) ? Formatter.Missing
        : test.Name.StartsWith("p value", StringComparison.Ordinal) || test.Name.StartsWith("Smallest p", StringComparison.Ordinal)
            ? test.Value < 0.0001 ? "< 0.0001" : Formatter.Number(test.Value, 4)
            : Formatter.Number(test.Value, Math.Abs(test.Value) is < 1 and > 0 ? 3 : 2);
}
