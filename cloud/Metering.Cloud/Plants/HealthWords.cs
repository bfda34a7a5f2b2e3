using Metering.Readings;

namespace Metering.Cloud.Plants;

/// <summary>Words of the gateways of a plant.</summary>
internal static class HealthWords
{
    public static readonly Text Title = new("Gateways", "Gateways");
    public static readonly Text None = new("La planta no tiene ningún gateway inscrito. El programa da el código de inscripción.", "The plant has no enrolled gateway. The programme gives the code to enrol one.");
    public static readonly Text Gateway = new("Gateway", "Gateway");
    public static readonly Text LastBatch = new("Último lote", "Last batch");
    public static readonly Text Received = new("recibido {0}", "received {0}");
    public static readonly Text Newest = new("Última lectura", "Newest reading");
    public static readonly Text Chain = new("Cadena y llave", "Chain and key");
    public static readonly Text Clock = new("Reloj", "Clock");
    public static readonly Text Unbroken = new("Sin huecos hasta el lote {0}; llave {1} vigente.", "Without gaps up to batch {0}; key {1} in force.");
    public static readonly Text Revoked = new("Llave revocada desde el {0}: {1}. Inscríbalo de nuevo con un código del programa.", "Key revoked from {0} on: {1}. Enrol it again with a code of the programme.");
    public static readonly Text NothingYet = new("Está inscrito, pero todavía no envía ningún lote. Ejecute en él «gateway doctor».", "It is enrolled, but has sent no batch yet. Look there with ‘gateway doctor’.");
    public static readonly Text WaitingFor = new("Lotes que esperan al {1}, que no ha llegado: {0}.", "Batches that wait for batch {1}, which has not come: {0}.");
    public static readonly Text LostBatches = new("Lotes dados por perdidos, con firma: {0}.", "Batches stated lost, with a signature: {0}.");
    public static readonly Text Aside = new("Mensajes en cuarentena: {0}. El programa los ve con «cloud quarantine».", "Messages in quarantine: {0}. The programme sees them with ‘cloud quarantine’.");
    public static readonly Text ClockUnsure = new("Su reloj no está sincronizado: revise la red o el NTP.", "Its clock is not synchronised: check the network or NTP.");
    public static readonly Text Imported = new("importada: sin firma de medidor", "imported: not signed by a gateway");
    public static readonly Text Outbox = new("Los gateways no reportan cuánto les queda por enviar: se ve en la página local de cada uno.", "How much waits inside each gateway they do not report: see its local page.");

    /// <summary>State of a clock in words.</summary>
    public static Text ClockOf(ClockState? clock) => clock switch
    {
        ClockState.Synchronised => new("sincronizado", "synchronised"),
        ClockState.Informed => new("puesto una vez, sin confirmar", "set once, not confirmed"),
        ClockState.Relative => new("solo tiempo relativo", "relative time only"),
        ClockState.Unknown => new("no se sabe si está bien", "not known to be right"),
        _ => new("sin dato", "no data"),
    };
}
