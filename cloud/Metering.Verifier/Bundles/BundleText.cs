using System.Globalization;
using Metering.Evidence.Log;
using Metering.Projects;

namespace Metering.Verifier.Bundles;

/// <summary>The report of a bundle for people.</summary>
internal static class BundleText
{
    private const int ShownFaults = 20;
    private const int MostNumbers = 5;

    /// <summary>Writes it.</summary>
    public static void Write(BundleReport report, Language language, TextWriter output)
    {
        bool es = language == Language.Spanish;
        WriteAbout(report, language, output);
        foreach (BundleGateway gateway in report.Gateways)
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {gateway.Gateway}, {(es ? "época" : "epoch")} {gateway.KeyEpoch} ({gateway.Origin}): {(es ? "lotes" : "batches")} {gateway.Batches:#,##0}, {(es ? "lecturas" : "readings")} {gateway.Readings:#,##0}"));
            output.WriteLine($"    {(es ? "huella de la llave" : "key fingerprint")} {gateway.Fingerprint}{TrustedWords(gateway.IsTrusted, es)}");
        }

        if (report.Checkpoint is { } checkpoint)
        {
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{(es ? "Registro de transparencia" : "Log")} {report.Log} {(es ? "al hacerse el paquete" : "at bundle")}: {checkpoint.Size:#,##0} {(es ? "entradas" : "entries")}, {LogEntry.Instant(checkpoint.UtcMilliseconds)}, {(es ? "datos hasta" : "data through")} {report.Result?.ReportedThrough ?? "-"}"));
            output.WriteLine($"    {(es ? "raíz" : "root")} {Convert.ToBase64String(checkpoint.Root.Span)}");
            output.WriteLine($"    {(es ? "huella de la llave" : "key fingerprint")} {report.LogFingerprint}{TrustedWords(report.IsLogTrusted, es)}");
            WriteEarlier(report, es, output);
        }

        foreach (Remark remark in report.Remarks)
        {
            output.WriteLine($"{(es ? "OBSERVACIÓN" : "REMARK")}: {remark.In(language)}.");
        }

        foreach (Fault fault in report.Faults.InOrder.Take(ShownFaults))
        {
            int step = FaultTexts.StepOf(fault.Code);
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{(es ? "FALLO" : "FAULT")} {step} ({FaultTexts.Steps[step - 1].In(language)}, {FaultTexts.CodeOf(fault.Code)}): {fault.In(language)}."));
        }

        if (report.Faults.Count > ShownFaults)
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{(es ? "y otros fallos" : "and more faults")}: {report.Faults.Count - ShownFaults}"));
        }

        output.WriteLine(Verdict(report.Verdict).In(language));
    }

    /// <summary>A number with as many decimals as its uncertainty gives a sense to.</summary>
    public static string Number(double value, double halfWidth = double.NaN)
    {
        double scale = double.IsFinite(halfWidth) && halfWidth > 0 ? halfWidth : Math.Abs(value) / 100;
        int decimals = scale >= 10 || scale <= 0 || !double.IsFinite(scale) ? 0 : (int)Math.Min(6, Math.Ceiling(1 - Math.Log10(scale)));
        return double.IsFinite(value) ? value.ToString(decimals == 0 ? "#,##0" : "#,##0." + new string('0', decimals), CultureInfo.InvariantCulture) : "-";
    }

    private static string TrustedWords(bool isTrusted, bool es) => !isTrusted ? "" : es ? " (de su confianza)" : " (trusted by you)";

    private static void WriteEarlier(BundleReport report, bool es, TextWriter output)
    {
        string numbers = string.Join(", ", report.Earlier.Take(1).Concat(report.Earlier.Skip(1).TakeLast(MostNumbers)).Select(one => ShownLog.Text(one.Number)));
        output.WriteLine(report.Earlier.Count == 0
            ? $"    {(es ? "paquete" : "bundle")} {ShownLog.Text(report.Number)} {(es ? "de este proyecto" : "of this project")}"
            : $"    {(es ? "paquete" : "bundle")} {ShownLog.Text(report.Number)} {(es ? "de este proyecto; muestra los puntos de control de los anteriores" : "of this project; shows the checkpoints of the earlier ones")} ({ShownLog.Text(report.Earlier.Count)}: {numbers})");
        if (report.TimeStamp is { } stamp)
        {
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"    {(es ? "sello de tiempo" : "time stamp")} {LogEntry.Instant(stamp.At.ToUnixTimeMilliseconds())} {(es ? "sobre" : "over")} {stamp.Checkpoint.Size:#,##0} {(es ? "entradas" : "entries")}, {stamp.Authority} {(stamp.IsTrusted ? es ? "(de su confianza)" : "(trusted by you)" : es ? "(autoridad sin comprobar: --time-authority CA.pem)" : "(authority not checked: --time-authority CA.pem)")}"));
        }
    }

    private static void WriteAbout(BundleReport report, Language language, TextWriter output)
    {
        bool es = language == Language.Spanish;
        if (report.Project is { } project)
        {
            output.WriteLine($"{project.Plant.Name.In(language)}: {project.Title.In(language)} ({project.Id})");
            output.WriteLine($"  {project.Measure.In(language)}");
            output.WriteLine($"  {(es ? "línea base" : "baseline")} {Days(project.Baseline)}, {(es ? "instalación" : "installation")} {Days(project.Installation)}, {(es ? "periodo de reporte" : "reporting period")} {Days(project.Reporting)}");
        }

        if (report.Result is { } result)
        {
            output.WriteLine($"{Sentence(result.Verdict, report.IsSignedByTwo).In(language)}{Figures(result)}");
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {(es ? "grado de evidencia" : "evidence grade")} {result.Grade ?? "-"}, {(es ? "días válidos" : "valid days")} {Number(result.ValidPercent, 1)} %, {(es ? "datos hasta" : "data through")} {result.ReportedThrough ?? "-"}"));
        }

        if (report.PlanFixed is { } plan)
        {
            long days = Math.Abs(report.DaysBeforeInstallation);
            Text text = report.DaysBeforeInstallation >= 0
                ? new("Plan registrado el {0}, {1} días antes de que empezó la instalación", "Plan registered {0}, {1} days before the installation began")
                : new("Plan registrado el {0}, {1} días después de que empezó la instalación", "Plan registered {0}, {1} days after the installation began");
            output.WriteLine(text.In(language, LogEntry.Instant(plan.Entry.UtcMilliseconds), days.ToString(CultureInfo.InvariantCulture)));
        }

        foreach (BundleSignature signature in report.Signatures)
        {
            string word = signature.IsApproved ? es ? "aprueba" : "approves" : es ? "no aprueba" : "does not approve";
            output.WriteLine($"{(es ? "Firma" : "Signature")}: {signature.Role}, {signature.Account}, {word}, {LogEntry.Instant(signature.UtcMilliseconds)}");
        }
    }

    private static string Figures(ResultFigures result) => !double.IsFinite(result.Saving) ? "" : string.Create(
        CultureInfo.InvariantCulture,
        $": {Number(result.Saving, result.HalfWidth)} ± {Number(result.HalfWidth, result.HalfWidth)} {result.Unit} ({result.Percent:0.0} %, {result.ConfidencePercent:0.#} %)");

    // The word "verified" belongs to what two people signed, here as on the pages.
    private static Text Sentence(string verdict, bool isSigned) => verdict switch
    {
        "saving" => isSigned ? new("Ahorro verificado", "Verified saving") : new("Ahorro medido", "Measured saving"),
        "more-use" => new("Se usó más que la línea base", "More was used than the baseline"),
        "not-distinguishable" => new("No se distingue un ahorro", "No saving can be told from zero"),
        "refused" => new("Los datos no sostienen un número", "The data cannot carry a number"),
        _ => new("Todavía no hay resultado", "There is no result yet"),
    };

    private static string Days(DayRange range) => string.Create(CultureInfo.InvariantCulture, $"{range.First:yyyy-MM-dd}..{range.Last:yyyy-MM-dd}");

    private static Text Verdict(BundleVerdict verdict) => verdict switch
    {
        BundleVerdict.Verified => new(
            "VERIFICADO: el sello, el registro de transparencia, las firmas y las lecturas concuerdan, y el resultado se calculó de nuevo, byte por byte.",
            "VERIFIED: seal, log, signatures and readings agree, and the result was computed anew, byte for byte."),
        BundleVerdict.Consistent => new(
            "COHERENTE: todo concuerda y el resultado se calculó de nuevo, byte por byte, pero ninguna llave de fuera responde por su registro de transparencia. Repita con --trust LLAVE.pem.",
            "CONSISTENT: everything agrees and the result was computed anew, byte for byte, but no key from outside vouches for its log. Repeat with --trust KEY.pem."),
        _ => new("NO CONCUERDA: vea los fallos de arriba. No use cifras de este archivo.", "DOES NOT MATCH: see the faults above. Use no figures from this file."),
    };
}
