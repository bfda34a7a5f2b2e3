namespace Metering.Gateway.Commands;

/// <summary>The questions of config init.</summary>
internal static class ConfigQuestionTexts
{
    internal static readonly Text Hello = new(
        es: "Unas preguntas para la primera configuración. Enter toma lo que está entre corchetes; Ctrl+C termina sin escribir nada.",
        en: "Some questions for a first configuration. Enter takes what stands in brackets; Ctrl+C ends it and nothing is written.");

    internal static readonly Text NoProfiles = new(es: "No hay perfiles de medidores en {0}. Reinstale el gateway.", en: "There are no profiles of meters in {0}. Install the gateway again.");
    internal static readonly Text Gateway = new(es: "Nombre de este gateway", en: "Name of this gateway");
    internal static readonly Text Kind = new(es: "Cómo se llega a los medidores: 1 = RS-485 por un adaptador, 2 = por red (Modbus TCP)", en: "The way to the meters: 1 = RS-485 by an adapter, 2 = by network (Modbus TCP)");
    internal static readonly Text Ports = new(es: "Adaptadores conectados:", en: "Adapters plugged in:");
    internal static readonly Text NoPorts = new(es: "No hay ningún adaptador conectado (no hay nada en /dev/serial/by-id).", en: "No adapter is plugged in (there is nothing in /dev/serial/by-id).");
    internal static readonly Text Port = new(es: "Puerto: número de la lista, o su ruta", en: "Port: number in the list, or its path");
    internal static readonly Text BadPort = new(es: "un número de la lista, o una ruta como /dev/ttyUSB0", en: "a number in the list, or a path such as /dev/ttyUSB0");
    internal static readonly Text Speed = new(es: "Velocidad de la línea", en: "Speed of the line");
    internal static readonly Text Parity = new(es: "Paridad: even (par), none (ninguna), odd (impar)", en: "Parity: even, none, odd");
    internal static readonly Text Address = new(es: "Dirección IP del medidor o convertidor", en: "IP address of the meter or converter");
    internal static readonly Text BadAddress = new(es: "una dirección como 192.168.1.20, o con puerto: 192.168.1.20:502", en: "an address such as 192.168.1.20, or with a port: 192.168.1.20:502");
    internal static readonly Text Profile = new(es: "Tipo de medidor: parte de la marca o del modelo, o ? para ver todos", en: "Kind of meter: part of the maker's or model's name, or ? to see all");
    internal static readonly Text NoProfile = new(es: "ninguno se llama así; ? los muestra todos", en: "none is called so; ? shows all");
    internal static readonly Text Choose = new(es: "escriba el número, o más letras", en: "type the number, or more letters");
    internal static readonly Text Unit = new(es: "Dirección del medidor (unit id)", en: "Address of the meter (unit id)");
    internal static readonly Text BadUnit = new(es: "un número entero de 1 a 247", en: "a whole number from 1 to 247");
    internal static readonly Text UnitTwice = new(es: "otro medidor ya tiene esa dirección", en: "another meter has that address already");
    internal static readonly Text Meter = new(es: "Nombre del medidor, como compresor", en: "Name of the meter, such as compressor");
    internal static readonly Text NameTwice = new(es: "otro medidor ya se llama así", en: "another meter is called so already");
    internal static readonly Text Current = new(es: "Transformadores de corriente, primario/secundario como 200/5 (1/1 si no hay)", en: "Current transformers, primary/secondary such as 200/5 (1/1 for none)");
    internal static readonly Text Voltage = new(es: "Transformadores de tensión, primario/secundario como 13200/120 (1/1 si no hay)", en: "Voltage transformers, primary/secondary such as 13200/120 (1/1 for none)");
    internal static readonly Text BadRatio = new(es: "dos números enteros, como 200/5", en: "two whole numbers, such as 200/5");
    internal static readonly Text Another = new(es: "¿Otro medidor en esta línea? s/n", en: "Another meter on this line? y/n");
    internal static readonly Text Broker = new(es: "Broker de la nube, HOST o HOST:PUERTO", en: "The cloud's broker, HOST or HOST:PORT");
    internal static readonly Text Ended = new(es: "Sin terminar: no se escribió nada.", en: "Not finished: nothing was written.");

    /// <summary>The letters for yes and no.</summary>
    internal static IReadOnlyList<string> YesNo(Language language) => language == Language.Spanish ? ["s", "n"] : ["y", "n"];
}
