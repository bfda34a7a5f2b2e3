namespace Metering.Cloud.Evidence;

/// <summary>What evidence grades mean.</summary>
internal static class GradeWords
{
    /// <summary>Evidence and its grade, in few words.</summary>
    public static readonly Text Short = new("Evidencia {0}", "Evidence {0}");

    /// <summary>All of them.</summary>
    public static readonly Text Legend = new(
        "Grado de evidencia: A, firmada por el medidor mismo; B, firmada por el gateway que leyó el medidor; C, leída por una persona con foto de respaldo; D, importada o capturada sin respaldo. De varias fuentes vale la más débil.",
        "Evidence grade: A, signed by the meter itself; B, signed by the gateway that read the meter; C, read by a person beside a photo; D, imported, or entered without one. Of several sources the weakest counts.");

    private static readonly Text MeterSigned = new("firmada por el medidor mismo", "signed by the meter itself");
    private static readonly Text GatewaySigned = new("firmada por el gateway que leyó el medidor", "signed by the gateway that read the meter");
    private static readonly Text Photographed = new("leída por una persona con foto de respaldo", "read by a person beside a photo");
    private static readonly Text Imported = new("importada, o capturada sin respaldo", "imported, or entered without a photo");
    private static readonly Text None = new("todavía no hay lecturas", "no readings yet");

    /// <summary>What a grade means.</summary>
    public static Text MeaningOf(char? grade) => grade switch
    {
        null => None,
        'A' => MeterSigned,
        'B' => GatewaySigned,
        'C' => Photographed,
        _ => Imported,
    };

    /// <summary>The grade and what it means: "B: signed by the gateway that read the meter".</summary>
    public static Text Of(char? grade) => grade is null ? None : new($"{grade}: {MeaningOf(grade).In(Language.Spanish)}", $"{grade}: {MeaningOf(grade).In(Language.English)}");
}
