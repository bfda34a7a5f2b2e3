namespace Metering.Gateway.Diagnosis;

/// <summary>Rows about a serial line: silence, damage, and the port itself.</summary>
internal static class LineAdvice
{
    private static readonly Text Swapped = new(es: "A y B están cruzados (cámbielos y vuelva a probar)", en: "A and B are swapped (swap them and try again)");
    private static readonly Text NoPower = new(es: "el medidor no tiene alimentación, o su puerto no está en Modbus RTU", en: "the meter has no power, or its port is not set to Modbus RTU");
    private static readonly Text OtherSettings = new(es: "la velocidad o la paridad del medidor son otras", en: "the meter has another speed or parity");
    private static readonly Text Terminals = new(es: "que el cable esté en la terminal correcta del adaptador y bien apretado", en: "that the cable is in the right terminal of the adapter, and tight");
    private static readonly Text Ground = new(es: "la tierra común (GND) entre adaptador y medidores", en: "the common ground (GND) between adapter and meters");
    private static readonly Text Display = new(es: "dirección, velocidad y paridad en la pantalla del medidor", en: "address, speed and parity on the meter's display");
    private static readonly Text ById = new(es: "el nombre del adaptador en /dev/serial/by-id (ls -l /dev/serial/by-id)", en: "the adapter's name under /dev/serial/by-id (ls -l /dev/serial/by-id)");

    internal static IReadOnlyList<AdviceRow> Rows { get; } =
    [
        new(
            Symptom.SilenceOfAllUnits,
            new(es: "Nadie contesta en {0}.", en: "No unit answers on {0}."),
            [Swapped, NoPower, OtherSettings],
            [Terminals, Display, Ground],
            "scan {4}"),
        new(
            Symptom.SilenceOfUnit,
            new(es: "La unidad {1} en {0} no contestó en {5}.", en: "Unit {1} on {0} gave no answer within {5}."),
            [Swapped, NoPower, new(es: "la dirección del medidor no es {1}", en: "the meter's address is not {1}"), OtherSettings],
            [Terminals, Display, Ground],
            "scan {4}"),
        new(
            Symptom.SilenceOfOneUnit,
            new(
                es: "La unidad {1} en {0} no contesta, pero sí contestan las unidades {3}: el cable hasta ellas y los ajustes del puerto están bien.",
                en: "Unit {1} on {0} is silent while units {3} answer: the wiring up to them and the settings of the port are right."),
            [
                new(es: "la dirección en la pantalla del medidor no es {1}", en: "the address on the meter's display is not {1}"),
                new(es: "el tramo de cable entre el último medidor que contesta y este", en: "the piece of cable between the last meter that answers and this one"),
                new(es: "el medidor no tiene alimentación", en: "the meter has no power"),
            ],
            [Display, new(es: "A, B y GND en las terminales de este medidor", en: "A, B and GND at the terminals of this meter")],
            "scan {4}"),
        new(
            Symptom.AlwaysDamaged,
            new(es: "Llegan bytes por {0}, pero nunca una trama válida.", en: "Bytes come from {0}, but no valid frame."),
            [OtherSettings, Swapped, new(es: "dos aparatos tienen la misma dirección y contestan a la vez", en: "two devices share one address and answer at the same time")],
            [Display, Ground, new(es: "que ningún otro programa ni maestro use la línea", en: "that no other program or master uses the line")],
            "scan {4}"),
        new(
            Symptom.SometimesDamaged,
            new(es: "En {0} se dañan {3} % de las tramas; las demás llegan bien.", en: "{3} % of the frames on {0} are damaged; the others are right."),
            [
                new(es: "faltan las resistencias de 120 Ω, o hay más de dos", en: "the 120 Ω resistors are missing, or there are more than two"),
                new(es: "la malla no está aterrizada, o lo está en los dos extremos", en: "the shield is not grounded, or grounded at both ends"),
                new(es: "el cable corre junto a cables de motores o variadores", en: "the cable runs beside cables of motors or variable speed drives"),
                new(es: "el cable es largo para esa velocidad", en: "the cable is long for this speed"),
            ],
            [
                new(es: "120 Ω entre A y B solo en los dos extremos de la línea (con todo apagado deben medirse unos 60 Ω)", en: "120 Ω between A and B at the two ends of the line only (with all power off it measures about 60 Ω)"),
                new(es: "la malla aterrizada de un solo lado", en: "the shield grounded on one side only"),
                new(es: "al menos 30 cm hasta los cables de variadores; crúcelos a 90°", en: "at least 30 cm to the cables of drives; cross them at 90°"),
                new(es: "si no basta, baje toda la línea a 9600", en: "if that is not enough, lower the whole line to 9600"),
            ],
            null),
        new(
            Symptom.OverlappingAnswers,
            new(es: "Parece que dos aparatos comparten la dirección {1} en {0}: sus respuestas se enciman.", en: "Two devices seem to share address {1} on {0}: their answers overlap."),
            [new(es: "un medidor nuevo conserva la dirección de fábrica", en: "a new meter still has its factory address")],
            [new(es: "desconecte uno de los dos, busque otra vez y cambie la dirección del que quede", en: "disconnect one of them, scan again, and change the address of the one that is left")],
            "scan {4}"),
        new(
            Symptom.Echo,
            new(es: "El adaptador de {0} regresa lo mismo que se envía (eco); ningún medidor contesta.", en: "The adapter at {0} gives back our own bytes (echo); no meter answers."),
            [
                new(es: "el adaptador tiene activado el eco local", en: "the adapter's local echo is on"),
                new(es: "la línea es de 4 hilos y está puenteada", en: "the line has 4 wires and is bridged"),
            ],
            [new(es: "el puente o interruptor de eco del adaptador; apáguelo", en: "the adapter's echo jumper or switch; turn it off"), Terminals],
            null),
        new(
            Symptom.PermissionDenied,
            new(es: "Este usuario no puede abrir {0}: el puerto es del grupo dialout.", en: "This user may not open {0}: the port belongs to the group dialout."),
            [new(es: "el usuario no está en el grupo dialout", en: "the user is not in the group dialout")],
            [new(es: "agréguelo con: sudo usermod -aG dialout $USER, y vuelva a iniciar sesión", en: "add it: sudo usermod -aG dialout $USER, then log in again")],
            "doctor {4}"),
        new(
            Symptom.PortBusy,
            new(es: "Otro programa usa {0}: {3}.", en: "Another program uses {0}: {3}."),
            [new(es: "el gateway ya corre como servicio, o un programa del fabricante está abierto", en: "the gateway runs as a service already, or a maker's program is open")],
            [new(es: "cierre ese programa (servicio: sudo systemctl stop metering-gateway)", en: "stop that program (a service: sudo systemctl stop metering-gateway)")],
            "doctor {4}"),
        new(
            Symptom.PortMissing,
            new(es: "El puerto serie {0} no existe.", en: "The serial port {0} does not exist."),
            [
                new(es: "el adaptador no está conectado", en: "the adapter is not plugged in"),
                new(es: "el adaptador cambió de nombre al reconectarse", en: "the adapter got another name when it was plugged in again"),
            ],
            [ById, new(es: "los últimos mensajes del sistema (sudo dmesg | tail)", en: "the last messages of the system (sudo dmesg | tail)")],
            "doctor"),
        new(
            Symptom.PortGone,
            new(es: "El adaptador de {0} se desconectó mientras se usaba.", en: "The adapter at {0} went away while it was in use."),
            [
                new(es: "el conector USB está flojo", en: "the USB plug is loose"),
                new(es: "al adaptador le falta corriente (hub sin fuente, cable largo)", en: "the adapter lacks current (hub without a supply, long cable)"),
            ],
            [new(es: "el conector y el cable USB", en: "the USB plug and cable"), ById],
            "doctor {4}"),
        new(
            Symptom.NotASerialPort,
            new(es: "{0} no es un puerto serie.", en: "{0} is no serial port."),
            [new(es: "el nombre es de otra cosa (archivo o carpeta)", en: "the name belongs to something else (a file or folder)")],
            [ById],
            "doctor"),
        new(
            Symptom.UnsupportedSetting,
            new(es: "El adaptador de {0} no acepta esa velocidad, paridad o número de bits.", en: "The adapter at {0} does not take this speed, parity or number of bits."),
            [new(es: "el chip del adaptador, o el mini-UART de la Raspberry Pi, no tiene esa opción", en: "the adapter's chip, or the mini-UART of the Raspberry Pi, lacks it")],
            [new(es: "con otra velocidad (9600 o 19200), o con otro adaptador", en: "with another speed (9600 or 19200), or with another adapter")],
            "doctor {4}"),
        new(
            Symptom.CannotOpen,
            new(es: "{0} no se pudo abrir: {3}", en: "{0} did not open: {3}"),
            [],
            [new(es: "los últimos mensajes del sistema (sudo dmesg | tail)", en: "the last messages of the system (sudo dmesg | tail)")],
            "doctor {4}"),
    ];
}
