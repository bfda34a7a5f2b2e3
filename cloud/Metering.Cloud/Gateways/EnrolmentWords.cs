namespace Metering.Cloud.Gateways;

/// <summary>Words of the page of gateways and their keys.</summary>
internal static class EnrolmentWords
{
    public static readonly Text Title = new("Gateways y sus llaves", "Gateways and their keys");
    public static readonly Text Lead = new(
        "Cada gateway firma sus lotes con una llave propia. Para que la nube lo conozca, aquí se genera un código de un solo uso que se escribe en el gateway; la llave privada nunca sale de él.",
        "Each gateway signs its batches with a key of its own. To make it known to the cloud, make a one-time code here and type it at the gateway; the private key never leaves it.");
    public static readonly Text Gateway = new("Gateway", "Gateway");
    public static readonly Text Keys = new("Llaves", "Keys");
    public static readonly Text Newest = new("Última lectura", "Newest reading");
    public static readonly Text NoReading = new("ninguna todavía", "none yet");
    public static readonly Text None = new("Esta planta no tiene gateways inscritos.", "This plant has no enrolled gateway.");
    public static readonly Text NoPlants = new("No hay plantas registradas todavía.", "There are no plants yet.");
    public static readonly Text KeyHolds = new("Llave {0}: vigente", "Key {0}: in force");
    public static readonly Text KeyClosed = new("Llave {0}: entregó a la llave siguiente después del lote {1}", "Key {0}: handed over to the next key after batch {1}");
    public static readonly Text KeyRevoked = new("Llave {0}: revocada desde el {1}. Motivo: {2}", "Key {0}: revoked from {1} on. Reason: {2}");
    public static readonly Text NotEnrolled = new("Todavía no se inscribe.", "Not enrolled yet.");
    public static readonly Text CodeWaits = new("Un código espera hasta el {0}.", "A code waits until {0}.");
    public static readonly Text CodeExpired = new("Su código venció el {0} sin usarse.", "Its code expired unused on {0}.");
    public static readonly Text CodeDead = new("Su código quedó anulado por {0} intentos equivocados. Si nadie de la planta se equivocó, avise al programa.", "Its code is void after {0} wrong attempts. If nobody at the plant mistyped it, tell the programme.");
    public static readonly Text Imported = new("importado: lo firma la nube", "imported: signed by the cloud");
    public static readonly Text Add = new("Agregar un gateway o darle una llave nueva", "Add a gateway or give it a new key");
    public static readonly Text IdentifierLabel = new("Identificador, igual que «gateway» en su gateway.yaml", "Identifier, as “gateway” in its gateway.yaml");
    public static readonly Text Valid = new("Vigencia del código", "The code is valid for");
    public static readonly Text OneHour = new("1 hora", "1 hour");
    public static readonly Text OneDay = new("24 horas", "24 hours");
    public static readonly Text OneWeek = new("7 días", "7 days");
    public static readonly Text MakeCode = new("Generar el código", "Make the code");
    public static readonly Text AddNote = new(
        "Un código nuevo anula el anterior sin usar. Si el gateway ya tiene una llave vigente, la conserva junto a la nueva hasta que se revoque.",
        "A new code voids the unused one before it. A key that the gateway has in force stays so beside the new one until it is revoked.");
    public static readonly Text Made = new(
        "Código para el gateway {0} de {1}. Sirve una sola vez, hasta el {2}, y no se vuelve a mostrar.",
        "Code for gateway {0} of {1}. It works once, until {2}, and is not shown again.");
    public static readonly Text AtBroker = new("En el servidor MQTT, si el gateway todavía no tiene usuario ahí:", "At the MQTT broker, if the gateway has no login there yet:");
    public static readonly Text AtGateway = new("En el gateway:", "At the gateway:");
    public static readonly Text RevokeKey = new("Revocar la llave {0}", "Revoke key {0}");
    public static readonly Text RevokeNote = new(
        "Para siempre: desde ahora no se acepta nada de lo que firme. Lo guardado se queda y sigue siendo verificable.",
        "For ever: from now on nothing it signs is taken. What is stored stays and still verifies.");
    public static readonly Text Reason = new("Motivo", "Reason");
    public static readonly Text Revoked = new("La llave {0} de {1} está revocada desde el {2}.", "Key {0} of {1} is revoked from {2} on.");
    public static readonly Text NoIdentifier = new(
        $"Eso no es un identificador: {Readings.Identifier.RuleText.In(Language.Spanish)}.", $"That is no identifier: {Readings.Identifier.Rule}.");
    public static readonly Text ImportsName = new("Los nombres que empiezan con «{0}» son de importaciones. Dele otro nombre al gateway.", "Names that begin with ‘{0}’ belong to imports. Give the gateway another name.");
    public static readonly Text NoTime = new("Un código dura de 1 hora a {0} días.", "A code is valid for 1 hour to {0} days.");
    public static readonly Text NameTaken = new(
        "El nombre {0} ya es de un gateway o de un código de otra planta. Elija otro; si el gateway se mudó, el programa lo pasa con «cloud gateways code».",
        "The name {0} belongs to a gateway or a code of another plant already. Choose another; if the gateway has moved, the programme moves it with ‘cloud gateways code’.");
    public static readonly Text NoReason = new("Escriba el motivo en un renglón de 1 a {0} letras; queda para siempre.", "Write the reason, one line of 1 to {0} characters; it is kept for ever.");
    public static readonly Text NoKey = new("La planta no tiene esa llave.", "The plant has no such key.");
    public static readonly Text RevokedAlready = new("Esa llave ya estaba revocada; no cambió nada.", "That key was revoked already; nothing changed.");
}
