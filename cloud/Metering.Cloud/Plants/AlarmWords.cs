namespace Metering.Cloud.Plants;

/// <summary>Words of alarms: what is wrong, the likely cause, what to do.</summary>
internal static class AlarmWords
{
    public static readonly Text Title = new("Alarmas: {0}", "Alarms: {0}");
    public static readonly Text AllTitle = new("Alarmas de todas las plantas", "Alarms of all plants");
    public static readonly Text Lead = new("Se calculan de los datos y terminan solas cuando los datos lo dicen. Atender una alarma no la apaga: deja dicho quién la vio y por qué puede seguir.", "They are computed from the data and end by themselves when the data say so. Acknowledging one does not switch it off: it says who saw it and why it may stand.");
    public static readonly Text Since = new("Desde", "Since");
    public static readonly Text ToGateways = new("Ver los gateways", "Look at the gateways");
    public static readonly Text ToChannel = new("Ver el canal", "Look at the channel");
    public static readonly Text ToDischarge = new("Ver la descarga", "Look at the discharge");
    public static readonly Text ToSample = new("Capturar otra muestra", "Enter another sample");
    public static readonly Text ToBills = new("Ver los recibos", "Look at the bills");
    public static readonly Text ToMeter = new("Abrir el medidor en el registro", "Open the meter in the register");
    public static readonly Text Drifted = new("Los {0} medidores que alimenta {1} sumaban {2} de lo suyo y en los últimos 7 días suman {3}.", "The {0} meters fed by {1} added up to {2} of it, and in the last 7 days to {3}.");
    public static readonly Text DriftedDo = new("Compare las carátulas con lo que se lee: la relación de los transformadores, una fase sin tensión o un equipo conectado en otra parte.", "Compare the displays with what is read: the transformers' ratio, a phase without voltage, or equipment connected elsewhere.");
    public static readonly Text PartsExceed = new("Los {0} medidores que alimenta {1} suman {2} de lo que él cuenta: las partes no pueden ser más que el todo.", "The {0} meters fed by {1} add up to {2} of what it counts: the parts cannot be more than the whole.");
    public static readonly Text Acknowledge = new("Atender", "Acknowledge");
    public static readonly Text Acknowledged = new("Atendida por {0}: {1}", "Acknowledged by {0}: {1}");
    public static readonly Text ReasonOf = new("Motivo para {0}", "Reason for {0}");
    public static readonly Text Gone = new("Esa alarma ya no está; los datos la terminaron.", "That alarm is there no more; the data ended it.");
    public static readonly Text GatewaySilent = new("El gateway {0} no envía nada desde hace {1}.", "The gateway {0} has sent nothing for {1}.");
    public static readonly Text GatewaySilentDo = new("Revise que tenga corriente e internet; lo leído mientras tanto se guarda en él y llega después.", "Check that it has power and internet; what it reads meanwhile is kept in it and comes later.");
    public static readonly Text ChannelSilent = new("El canal {0} no reporta desde hace {1}; otros del gateway {2} sí.", "The channel {0} has not reported for {1}; others of the gateway {2} have.");
    public static readonly Text ChannelSilentDo = new("Revise el cable y la alimentación de ese medidor, y que su dirección no esté repetida; «gateway doctor» dice cuál de ellos falla.", "Check the wire and the supply of this meter, and that its address is not used twice; ‘gateway doctor’ says which of them fails.");
    public static readonly Text Limit = new("{0}: {1} {2} en la muestra del {3}; el límite {4} es {5} {2} ({6}).", "{0}: {1} {2} in the sample of {3}; the {4} limit is {5} {2} ({6}).");
    public static readonly Text LimitDo = new("Tome otra muestra del mismo tipo y revise el tratamiento de ese día. La alarma termina con un resultado que cumpla.", "Take another sample of the same kind and look at the treatment of that day. The alarm ends with a result that complies.");
    public static readonly Text LimitInstant = new("instantáneo", "instant");
    public static readonly Text LimitDaily = new("diario", "daily");
    public static readonly Text LimitAny = new("de cualquier muestra", "for any sample");
    public static readonly Text Bill = new("El recibo {0} y el medidor {1} difieren {2}.", "The bill {0} and the meter {1} differ by {2}.");
    public static readonly Text BillDo = new("Revise las fechas del recibo, la relación de los transformadores y si el contador es el de la acometida.", "Check the dates of the bill, the ratio of the transformers and whether the counter is the one at the service entrance.");
    public static readonly Text Overdue = new("La calibración del medidor {0} venció el {1}.", "The calibration of the meter {0} was due on {1}.");
    public static readonly Text OverdueDo = new("Mande calibrarlo o anote el certificado nuevo; mientras tanto su exactitud no se puede afirmar.", "Have it calibrated or write down the new certificate; until then nothing can be claimed for its accuracy.");
    public static readonly Text Due = new("La calibración del medidor {0} vence el {1}.", "The calibration of the meter {0} is due on {1}.");
    public static readonly Text DueDo = new("Aparte la fecha con el laboratorio.", "Book the laboratory.");
    public static readonly Text Coverage = new("El canal {0} dio {1} de sus lecturas útiles en los últimos 7 días; antes daba {2}.", "The channel {0} gave {1} of its readings usable in the last 7 days; before that {2}.");
    public static readonly Text CoverageDo = new("Suele ser un cable flojo, ruido o una red que se corta: revíselo antes de que falten días completos.", "Usually a loose wire, noise or a network that drops: look before whole days are missing.");
}
