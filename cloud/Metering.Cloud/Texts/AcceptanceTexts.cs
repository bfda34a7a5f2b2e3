using Metering.Analytics.Acceptance;
using Verdict = Metering.Analytics.Acceptance.Verdict;

namespace Metering.Cloud.Texts;

/// <summary>The criteria of analytics in the words of the reader.</summary>
internal static class AcceptanceTexts
{
    /// <summary>The smallest probability that is shown as a number.</summary>
    public const double SmallestShown = 0.0001;

    /// <summary>What is shown for a smaller one.</summary>
    public const string BelowShown = "< 0.0001";

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
            "Smallest p value of a driver" => new("Variable más significativa, p", "Most significant driver, p"),
            "R2" => new("Varianza explicada, R²", "Variance explained, R²"),
            "|NMBE| of use in blocks left out, %" => new("Sesgo en meses no vistos, %", "Bias in months not seen, %"),
            _ when driver.Length > 0 && name.StartsWith("p value of ", StringComparison.Ordinal) => new($"p de {spanish}", $"p of {english}"),
            _ when driver.Length > 0 && name.StartsWith("Mean of ", StringComparison.Ordinal) => new(
                $"Promedio de {spanish} en reporte: desviaciones fuera del rango de la línea base",
                $"Mean of {english} in reporting: deviations outside the baseline range"),
            _ => new(name, name),
        };
    }

    /// <summary>Where a threshold comes from: titles of standards stay as they are, what is said of them is in the reader's words.</summary>
    public static Text Source(string source) => source switch
    {
        "ASHRAE Guideline 14, table of calibration tolerances, as quoted by mepvault.com" => new("ASHRAE Guideline 14, tabla de tolerancias de calibración, según la cita mepvault.com", source),
        "ASHRAE Guideline 14, whole-building path; limits as quoted in practice, not compared with the text of the guideline" =>
            new("ASHRAE Guideline 14, método de edificio completo; límites como se citan en la práctica, sin cotejar con el texto de la guía", source),
        "nmecr overview vignette, practice of California's normalised metered energy consumption programmes" =>
            new("Introducción del paquete nmecr, práctica de los programas de consumo medido y normalizado (NMEC) de California", source),
        "CalTRACK 2.0, 4.3.2" => new(source, source),
        "Own rule: the tolerance of Guideline 14 for the bias, asked of blocks left out of the fit" => new("Regla propia: la tolerancia de la Guideline 14 para el sesgo, exigida en los bloques que no entraron al ajuste", source),
        "Superior Energy Performance, Measurement and Verification Protocol, as applied by the EnPI tools of the US Department of Energy" =>
            new("Superior Energy Performance, protocolo de medición y verificación, como lo aplican las herramientas EnPI del Departamento de Energía de EE. UU.", source),
        _ => new(source, source),
    };

    /// <summary>How a value must stand to the limit.</summary>
    public static string Sign(Comparison comparison) => comparison switch
    {
        Comparison.AtMost => "≤",
        Comparison.Below => "<",
        _ => "≥",
    };

    /// <summary>Whether a rule compares a probability.</summary>
    public static bool IsProbability(string name) => name.StartsWith("p value", StringComparison.Ordinal) || name.StartsWith("Smallest p", StringComparison.Ordinal);

    /// <summary>The value of a test; a p value is never shown as zero.</summary>
    public static string Value(AcceptanceTest test) =>
        double.IsNaN(test.Value) ? Formatter.Missing
        : IsProbability(test.Name)
            ? test.Value < SmallestShown ? BelowShown : Formatter.Number(test.Value, 4)
            : Formatter.Number(test.Value, Math.Abs(test.Value) is < 1 and > 0 ? 3 : 2);
}
