namespace Metering.Gateway.Diagnosis;

/// <summary>Rows about a meter that answered: with an exception, with a foreign answer, or with a value that cannot be.</summary>
internal static class AnswerAdvice
{
    private static readonly Text WrongProfile = new(es: "el perfil es de otro modelo", en: "the profile is of another model");
    private static readonly Text Manual = new(es: "la lista de registros del manual de este modelo", en: "the register list in the manual of this model");

    internal static IReadOnlyList<AdviceRow> Rows { get; } =
    [
        new(
            Symptom.UnexpectedReply,
            new(es: "De {0} llegó una respuesta que no corresponde a la pregunta.", en: "An answer came from {0} that does not fit the question."),
            [
                new(es: "dos aparatos comparten la unidad {1}", en: "two devices share unit {1}"),
                new(es: "otro maestro usa la línea", en: "another master uses the line"),
                new(es: "el convertidor mezcla respuestas", en: "the converter mixes up answers"),
            ],
            [new(es: "que solo un programa pregunte en esta línea", en: "that only one program asks on this line")],
            "scan {4}"),
        new(
            Symptom.IllegalFunction,
            new(es: "La unidad {1} en {0} contestó: excepción 1, no ofrece esta tabla. El cableado está bien.", en: "Unit {1} on {0} answered: exception 1, it does not offer this table. The wiring is right."),
            [new(es: "el medidor tiene sus valores en la otra tabla (holding o input)", en: "the meter keeps its values in the other table (holding or input)"), WrongProfile],
            [Manual],
            "probe {4} --unit {1} --register {2}"),
        new(
            Symptom.IllegalAddress,
            new(es: "La unidad {1} en {0} contestó: excepción 2, el registro {2} no existe en este modelo. El cableado está bien.", en: "Unit {1} on {0} answered: exception 2, register {2} does not exist in this model. The wiring is right."),
            [
                new(es: "el manual cuenta desde 1: donde imprime {2} se pide {6}", en: "the manual counts from 1: where it prints {2}, ask for {6}"),
                new(es: "la tabla es la otra (holding o input)", en: "it is the other table (holding or input)"),
                WrongProfile,
                new(es: "se pidieron más registros de los que hay seguidos", en: "more registers were asked than stand in a row"),
            ],
            [Manual],
            "probe {4} --unit {1} --register {6}"),
        new(
            Symptom.IllegalValue,
            new(es: "La unidad {1} en {0} contestó: excepción 3, no acepta esa cantidad de registros. El cableado está bien.", en: "Unit {1} on {0} answered: exception 3, it does not allow this number of registers. The wiring is right."),
            [new(es: "el medidor solo entrega valores completos, o menos registros por pregunta", en: "the meter gives whole values only, or fewer registers per request")],
            [Manual, new(es: "pida 2 registros; en el perfil, baje maximumRegisters", en: "ask for 2 registers; in the profile, lower maximumRegisters")],
            "probe {4} --unit {1} --register {2} --count 2"),
        new(
            Symptom.DeviceFailure,
            new(es: "La unidad {1} en {0} contestó: excepción {3}, el medidor tiene una falla interna. El cableado está bien.", en: "Unit {1} on {0} answered: exception {3}, the meter has a fault of its own. The wiring is right."),
            [new(es: "falla interna del medidor", en: "an internal fault of the meter")],
            [new(es: "apáguelo y enciéndalo; si sigue igual, pregunte al fabricante", en: "switch it off and on; if it stays, ask its maker")],
            null),
        new(
            Symptom.DeviceBusy,
            new(es: "La unidad {1} en {0} contestó: excepción {3}, está ocupada. El cableado está bien.", en: "Unit {1} on {0} answered: exception {3}, the device is busy. The wiring is right."),
            [new(es: "se le pregunta demasiado seguido, o alguien lo está configurando", en: "it is asked too often, or somebody is setting it up")],
            [new(es: "pruebe otra vez en un minuto y alargue polling.interval", en: "try again in a minute, and make polling.interval longer")],
            null),
        new(
            Symptom.PathUnavailable,
            new(es: "El convertidor {0} contestó: excepción 10, no tiene línea hacia la unidad {1}. La red está bien.", en: "The converter {0} answered: exception 10, it has no line to unit {1}. The network is right."),
            [new(es: "la unidad {1} no está en la lista del convertidor", en: "unit {1} is not in the converter's list of units"), new(es: "su lado serie está apagado", en: "its serial side is switched off")],
            [new(es: "la dirección, la lista de unidades del convertidor y que su lado serie esté activo", en: "the unit id, the converter's list of units, and that its serial side is on")],
            "scan {4}"),
        new(
            Symptom.TargetSilent,
            new(es: "El convertidor {0} contestó: excepción 11, la unidad {1} no le responde. La red está bien.", en: "The converter {0} answered: exception 11, unit {1} does not answer it. The network is right."),
            [
                new(es: "la dirección del medidor no es {1}", en: "the meter's address is not {1}"),
                new(es: "A y B cruzados detrás del convertidor", en: "A and B swapped behind the converter"),
                new(es: "velocidad o paridad del lado serie del convertidor", en: "speed or parity of the converter's serial side"),
            ],
            [
                new(es: "la dirección en la pantalla del medidor", en: "the unit id on the meter's display"),
                new(es: "el cable detrás del convertidor", en: "the cable behind the converter"),
                new(es: "velocidad y paridad en la página del convertidor", en: "speed and parity on the converter's page"),
            ],
            "scan {4}"),
        new(
            Symptom.UnknownException,
            new(es: "La unidad {1} en {0} contestó con la excepción {3}, que la norma no nombra. El cableado está bien.", en: "Unit {1} on {0} answered with exception {3}, which the standard does not name. The wiring is right."),
            [new(es: "un código propio del fabricante", en: "a code of the maker's own")],
            [new(es: "los códigos de excepción en el manual", en: "the exception codes in the manual")],
            null),
        new(
            Symptom.WordOrder,
            new(es: "El valor del registro {2} de la unidad {1} no puede ser; con otro orden de palabras sí: {3}.", en: "The value of register {2} of unit {1} cannot be; with another word order it can: {3}."),
            [new(es: "el orden de palabras del perfil es otro", en: "the profile has another word order")],
            [new(es: "compare con la pantalla del medidor y corrija order en el perfil", en: "compare with the meter's display and correct order in the profile")],
            "probe {4} --unit {1} --register {2}"),
        new(
            Symptom.ImpossibleValue,
            new(es: "El valor del registro {2} de la unidad {1} no puede ser: {3}.", en: "The value of register {2} of unit {1} cannot be: {3}."),
            [
                new(es: "orden de palabras (pruebe cdab)", en: "word order (try cdab)"),
                new(es: "el registro está corrido por uno", en: "the register is off by one"),
                WrongProfile,
            ],
            [new(es: "la pantalla del medidor", en: "the meter's display"), Manual],
            "probe {4} --unit {1} --register {2}"),
        new(
            Symptom.CounterDecreased,
            new(es: "El contador del registro {2} de la unidad {1} bajó: {3}.", en: "The counter at register {2} of unit {1} went down: {3}."),
            [
                new(es: "se cambió el medidor", en: "the meter was replaced"),
                new(es: "el contador dio la vuelta (999,999 a 0) y el perfil no dice modulus", en: "the counter rolled over (999,999 to 0) and the profile gives no modulus"),
                new(es: "alguien lo puso en cero", en: "somebody reset it"),
            ],
            [new(es: "el número de serie del medidor", en: "the meter's serial number"), new(es: "registre el cambio de medidor en la nube si lo hubo", en: "record the exchange of the meter in the cloud if there was one")],
            "commission --meter METER"),
    ];
}
