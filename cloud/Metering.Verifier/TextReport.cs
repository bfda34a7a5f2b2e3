using System.Globalization;
using Metering.Evidence.Archive;
using Metering.Evidence.Chain;

namespace Metering.Verifier;

/// <summary>The report for people, in Spanish or English.</summary>
internal static class TextReport
{
    private const int ShownFaults = 20;

    public static void Write(ArchiveReport report, VerifyArguments arguments, TextWriter output)
    {
        bool spanish = arguments.Language == Language.Spanish;
        bool wantsTrust = arguments.TrustedKeys.Count > 0;
        foreach (GatewayReport gateway in report.Gateways)
        {
            WriteGateway(gateway, wantsTrust, spanish, output);
        }

        output.WriteLine(report.Verdict switch
        {
            ArchiveVerdict.Verified => spanish
                ? "VERIFICADO: todos los lotes están completos, en orden y firmados con las llaves en las que usted confía."
                : "VERIFIED: every batch is whole, in order and signed by the keys you trust.",
            ArchiveVerdict.Consistent => spanish
                ? "COHERENTE: todos los lotes están completos, en orden y firmados, pero con las llaves que trae el propio archivo. Eso solo prueba que el archivo concuerda consigo mismo. Pida la llave pública a la planta y repita con --trust LLAVE.pem, o compare las huellas de arriba."
                : "CONSISTENT: every batch is whole, in order and signed, but by the keys inside the file itself. That proves only that the file agrees with itself. Ask the plant for its public key and repeat with --trust KEY.pem, or compare the fingerprints above.",
            ArchiveVerdict.Mismatch => spanish
                ? "NO CONCUERDA: vea los fallos de arriba. No use cifras de este archivo."
                : "DOES NOT MATCH: see the faults above. Use no figures from this file.",
            _ => throw new System.Diagnostics.UnreachableException(),
        });
    }

    private static void WriteGateway(GatewayReport gateway, bool wantsTrust, bool spanish, TextWriter output)
    {
        IFormatProvider invariant = CultureInfo.InvariantCulture;
        output.WriteLine(string.Create(invariant, $"{gateway.Gateway}, {(spanish ? "época de llave" : "key epoch")} {gateway.KeyEpoch}"));
        output.WriteLine(string.Create(invariant, $"  {(spanish ? "lotes" : "batches")} {gateway.Batches}, {(spanish ? "lecturas" : "readings")} {gateway.Readings}, {gateway.FirstUtc:yyyy-MM-ddTHH:mm:ssZ} .. {gateway.LastUtc:yyyy-MM-ddTHH:mm:ssZ}"));
        output.WriteLine($"  {(spanish ? "huella de la llave" : "key fingerprint")} {gateway.KeyFingerprint}");
        if (wantsTrust && !gateway.IsTrusted)
        {
            output.WriteLine(spanish ? "  FALLO: la llave no es una de las que usted indicó con --trust" : "  FAULT: the key is none of those you gave with --trust");
        }

        foreach (ChainFault fault in gateway.Faults.Take(ShownFaults))
        {
            output.WriteLine(spanish ? $"  FALLO: {InSpanish(fault)}" : $"  FAULT: {fault.Message}");
        }

        if (gateway.FaultCount > ShownFaults)
        {
            output.WriteLine(string.Create(invariant, $"  {(spanish ? "y otros fallos" : "and more faults")}: {gateway.FaultCount - ShownFaults}"));
        }
    }

    private static string InSpanish(ChainFault fault)
    {
        string what = fault.Kind switch
        {
            ChainFaultKind.Form => $"los bytes no son un lote completo en su forma canónica ({fault.Detail})",
            ChainFaultKind.OtherGateway => $"lo escribió otro gateway ({fault.Detail})",
            ChainFaultKind.UnknownKey => "no hay llave para su época de llave",
            ChainFaultKind.Signature => $"la firma no es válida ({fault.Detail})",
            ChainFaultKind.Epoch => $"su época de llave es anterior a la del lote precedente ({fault.Detail})",
            ChainFaultKind.Missing => $"antes de este falta: {fault.Detail.Replace(" to ", " a ", StringComparison.Ordinal)}",
            ChainFaultKind.Order => $"viene después del lote {fault.Detail}",
            ChainFaultKind.Duplicate => "está dos veces",
            ChainFaultKind.Fork => "hay dos lotes distintos con este número",
            ChainFaultKind.Link => "no nombra el hash del lote anterior",
            ChainFaultKind.Place => $"está en el lugar de otro ({fault.Detail})",
            _ => throw new System.Diagnostics.UnreachableException(),
        };
        return fault.Batch == 0
            ? $"un lote: {what}"
            : string.Create(CultureInfo.InvariantCulture, $"lote {fault.Batch} de la época de llave {fault.KeyEpoch}: {what}");
    }
}
