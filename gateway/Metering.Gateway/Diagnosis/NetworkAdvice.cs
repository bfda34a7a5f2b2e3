namespace Metering.Gateway.Diagnosis;

/// <summary>Rows about the network on the way to a meter or converter.</summary>
internal static class NetworkAdvice
{
    private static readonly Text Address = new(es: "la dirección IP en la pantalla o etiqueta del aparato", en: "the IP address on the device's display or label");
    private static readonly Text Cable = new(es: "el cable de red y las luces de su conector", en: "the network cable and the lights of its socket");
    private static readonly Text Mask = new(es: "que esta máquina y el aparato estén en la misma red (ip addr)", en: "that this machine and the device are in the same network (ip addr)");

    internal static IReadOnlyList<AdviceRow> Rows { get; } =
    [
        new(
            Symptom.SilenceBehindConverter,
            new(es: "La unidad {1} en {0} no contestó en {5}. El equipo aceptó la conexión, así que la red está bien.", en: "Unit {1} at {0} gave no answer within {5}. The host took the connection, so the network is right."),
            [
                new(es: "la dirección del medidor no es {1}", en: "the meter's address is not {1}"),
                new(es: "el convertidor está en modo transparente: use framing: rtu", en: "the converter is in transparent mode: use framing: rtu"),
                new(es: "A y B cruzados, o velocidad y paridad distintas, detrás del convertidor", en: "A and B swapped, or another speed and parity, behind the converter"),
            ],
            [
                new(es: "la dirección en la pantalla del medidor", en: "the unit id on the meter's display"),
                new(es: "el cable detrás del convertidor", en: "the cable behind the converter"),
                new(es: "en la página del convertidor: Modbus TCP o transparente", en: "on the converter's page: Modbus TCP or transparent"),
            ],
            "scan {4}"),
        new(
            Symptom.HostUnknown,
            new(es: "No se conoce el nombre {0}.", en: "The host name {0} is not known."),
            [new(es: "el nombre está mal escrito", en: "the name is misspelt"), new(es: "no hay servidor DNS que lo conozca", en: "no DNS server knows it")],
            [new(es: "la ortografía, o use la dirección IP del aparato", en: "the spelling, or use the device's IP address")],
            null),
        new(
            Symptom.ConnectionRefused,
            new(es: "{0} rechaza la conexión: el aparato está en la red, pero ese puerto está cerrado.", en: "{0} refuses connections: the device is on the network, but that port is closed."),
            [
                new(es: "el puerto es otro (normalmente 502)", en: "it is another port (usually 502)"),
                new(es: "Modbus TCP está apagado en el aparato", en: "Modbus TCP is switched off in the device"),
                new(es: "el aparato no acepta otro cliente", en: "the device takes no further client"),
            ],
            [new(es: "el puerto y la opción Modbus TCP en la página del aparato", en: "the port and the option Modbus TCP on the device's page")],
            null),
        new(
            Symptom.ConnectionTimedOut,
            new(es: "{0} no contestó al intento de conexión.", en: "{0} did not answer the attempt to connect."),
            [new(es: "la dirección IP es otra", en: "it has another IP address"), new(es: "el aparato está apagado", en: "the device is off"), new(es: "un cortafuegos está en medio", en: "a firewall is in between")],
            [Address, Cable, Mask],
            null),
        new(
            Symptom.NoRoute,
            new(es: "Desde esta máquina no hay camino hasta {0}.", en: "There is no way from this machine to {0}."),
            [new(es: "el cable de red está desconectado", en: "the network cable is unplugged"), new(es: "la dirección o la máscara de red son de otra red", en: "address or network mask belong to another network")],
            [Cable, Mask, Address],
            null),
        new(
            Symptom.ConnectionForbidden,
            new(es: "Este sistema prohíbe la conexión a {0}.", en: "This system forbids the connection to {0}."),
            [new(es: "el cortafuegos de esta máquina", en: "the firewall of this machine")],
            [new(es: "sus reglas (sudo nft list ruleset)", en: "its rules (sudo nft list ruleset)")],
            null),
        new(
            Symptom.ConnectionClosed,
            new(es: "{0} aceptó la conexión y la cerró sin contestar.", en: "{0} took the connection and ended it without an answer."),
            [
                new(es: "el convertidor atiende a un solo cliente y otro programa está conectado", en: "the converter serves one client only and another program is connected"),
                new(es: "no es un puerto Modbus", en: "it is no Modbus port"),
            ],
            [new(es: "cierre el otro programa (SCADA, software del fabricante, otro gateway)", en: "close the other program (SCADA, the maker's software, another gateway)")],
            "scan {4}"),
        new(
            Symptom.TransparentConverter,
            new(es: "El convertidor {0} está en modo transparente: pasa tramas RTU por TCP.", en: "The converter {0} is in transparent mode: it passes RTU frames over TCP."),
            [new(es: "así viene de fábrica", en: "it comes from the factory that way")],
            [new(es: "escriba framing: rtu en el bus, o cambie el convertidor a Modbus TCP", en: "write framing: rtu in the bus, or switch the converter to Modbus TCP")],
            null),
    ];
}
