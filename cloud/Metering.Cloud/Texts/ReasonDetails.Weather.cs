namespace Metering.Cloud.Texts;

/// <content>The sentences of the two models that follow the weather: time of week and temperature, and CalTRACK.</content>
internal static partial class ReasonDetails
{
    private const string LeftOut = "{0} of {1} reporting rows have an operating mode, or stand at a time of the week, that the baseline does not hold";
    private const string LeftOutSpanish = "{0} de {1} renglones de reporte tienen un modo de operación, o caen en una hora de la semana, que la línea base no tiene";

    // Not a field: fields of two files of one class are made in no certain order.
    private static Text[] OfWeather => [.. OfTimeOfWeek, .. OfHours, .. OfCalTrackFit, .. OfCalTrackRows, .. OfTemperatures];

    private static Text[] OfTimeOfWeek =>
    [
        new("Los renglones distan {0} h entre sí; este modelo necesita renglones de {1}. Elija intervalos de esa duración.", "Rows stand {0} h apart; this model needs rows of {1}. Choose intervals of that length."),
        new("La línea base dura {0} días. Un modelo de hora de la semana necesita un año completo para ver todas las temporadas; tome el resultado como un indicio.",
            "The baseline is {0} days long. A model of the time of the week needs a whole year to see all seasons; read the result as an indication."),
        new("La línea base tiene {0} renglones utilizables; los {1} parámetros de este modelo necesitan {2}. Alargue la línea base.",
            "The baseline has {0} usable rows; the {1} parameters of this model need {2}. Lengthen the baseline."),
        new("CV(RMSE) es {0} %; arriba de {1} % (ASHRAE Guideline 14) probablemente falta una variable.", "CV(RMSE) is {0} %; above {1} % (ASHRAE Guideline 14) a driver is probably missing."),
        new(LeftOutSpanish + ". El límite es {2} % de los renglones. Elija una línea base que los tenga.", LeftOut + ". The limit is {2} % of the rows. Choose a baseline that holds them."),
        new(LeftOutSpanish + "; se dejaron fuera.", LeftOut + "; they are left out."),
        new("La temperatura sale de {0} a {1} grados {2} en {3} de {4} renglones del periodo de {5}. Revise su unidad y deje vacías las lecturas de un sensor dañado.",
            "The temperature is outside {0} to {1} degrees {2} in {3} of {4} rows of the {5} period. Check its unit, and leave readings of a broken sensor blank."),
    ];

    private static Text[] OfHours =>
    [
        new("En {0}, más de {1} % de las horas de reporte tienen una temperatura que sale por más de {2} % del intervalo que vio el modelo de la línea base de ese mes.",
            "In {0} more than {1} % of the reporting hours have a temperature beyond the range of that month's baseline model by more than {2} % of it."),
        new("En {0} hay muy pocas horas utilizables: CalTRACK pide más de {1} % de las horas de cada mes y de sus vecinos. Complete los huecos con el medidor, o elija una línea base de un año completo.",
            "Too few hours are usable in {0}: CalTRACK needs more than {1} % of the hours of every month and of its neighbours. Fill the gaps from the meter, or choose a baseline of a whole year."),
        new("Las horas utilizables de la línea base suman {0} días; un modelo único necesita {1} % de un año.", "The usable hours of the baseline make {0} days; a single model needs {1} % of a year."),
        new("Un solo modelo para todo el año falla el consumo de {0} por más de {1} %; CalTRACK lo permite en {2} meses. Dé una línea base con todos los meses completos.",
            "One model for the whole year misses the use of {0} by more than {1} %; CalTRACK allows that in {2} months. Give a baseline in which every month is complete."),
        new("Un solo modelo para todo el año sustituye a los doce de CalTRACK, porque algunos meses tienen pocos datos o muy poca variación.",
            "One model for the whole year stands in for the twelve of CalTRACK, because months of them are too thin or too narrow."),
    ];

    private static Text[] OfCalTrackFit =>
    [
        new("El periodo de reporte empieza antes de que termine la línea base. Mueva uno de los dos.", "The reporting period begins before the baseline ends. Move one of them."),
        new("El periodo de {0} no tiene ningún renglón con consumo y temperatura. Revise sus fechas y las columnas.", "The {0} period has no row with use and temperature. Check its dates and the columns."),
        new("{0} de {1} renglones del periodo de reporte no tienen temperatura; de ellos no se afirma nada (CalTRACK 2.0, 3.5.3.1).",
            "{0} of {1} rows of the reporting period have no temperature; nothing is claimed for them (CalTRACK 2.0, 3.5.3.1)."),
        new("Los renglones utilizables cubren {0} % del periodo de reporte; el límite es {1} %. Complete los huecos, o acorte el periodo.",
            "Usable rows cover {0} % of the reporting period; the limit is {1} %. Fill the gaps, or shorten the period."),
        new("{0} de {1} días son más fríos o más cálidos que los de la línea base, de {2} a {3} grados Fahrenheit, por más de {4} % de ese intervalo.",
            "{0} of {1} days are colder or warmer than the baseline's {2} to {3} degrees Fahrenheit by more than {4} % of that range."),
        new("El modelo no predice consumo en el periodo de reporte.", "The model predicts no use in the reporting period."),
        new("{0} renglones de la línea base tienen muy pocas temperaturas y no se usan (CalTRACK 2.0, 2.2.2.3 y 2.2.3.2).",
            "{0} rows of the baseline have too little temperature and are not used (CalTRACK 2.0, 2.2.2.3 and 2.2.3.2)."),
        new("El consumo de la línea base es demasiado grande para elevarlo al cuadrado. Revise la unidad de la columna.", "Use in the baseline is too large to be squared. Check the unit of the column."),
        new("El consumo por día es {0} en toda la línea base. Un medidor detenido no puede sostener una línea base; revise la columna.",
            "Use per day is {0} in every row of the baseline. A meter that stands still cannot carry a baseline; check the column."),
        new("El consumo medio es menor que cero. Dé lo importado y lo exportado en columnas separadas.", "Use is below zero on average. Give imported and exported use as separate columns."),
        new("Pocos datos: los renglones utilizables cubren {0} de {1} días de la línea base; pueden faltar a lo más {2} (CalTRACK 2.0, 2.2.1.2). Una parte del año muestra solo una parte del clima; alargue la línea base.",
            "Thin data: usable rows cover {0} of {1} days of the baseline; at most {2} may be missing (CalTRACK 2.0, 2.2.1.2). A part of a year shows a part of the weather; lengthen the baseline."),
        new("La línea base cubre {0} días; el método toma los últimos {1} antes del proyecto (CalTRACK 2.0, 3.1.3).", "The baseline covers {0} days; the method takes the last {1} before the project (CalTRACK 2.0, 3.1.3)."),
        new("Pocos datos: {0} renglones para {1} parámetros, contando los puntos de equilibrio; hacen falta {2}. Un ajuste así parece exacto porque no queda nada que lo contradiga. Use intervalos más cortos o una línea base más larga.",
            "Thin data: {0} rows for {1} parameters, balance points counted; {2} are needed. Such a fit looks exact because nothing is left to contradict it. Use shorter intervals or a longer baseline."),
        new("Los grados día de los recibos de la línea base se toman de los primeros {0} días de cada uno, como hace OpenEEmeter 3.2.0; el clima del resto de un recibo más largo no se ve.",
            "Degree days of baseline bills are taken from the first {0} days of each, as OpenEEmeter 3.2.0 does; the rest of a longer bill's weather is not seen."),
        new("CV(RMSE) es {0} %; el límite para un solo sitio es 100 % (CalTRACK 2.0, 4.3.2).", "CV(RMSE) is {0} %; the limit for one site is 100 % (CalTRACK 2.0, 4.3.2)."),
    ];

    private static Text[] OfCalTrackRows =>
    [
        new("{0} renglones del periodo de {1} no duran un día y no se usan.", "{0} rows of the {1} period are not one day long and are not used."),
        new("{0} recibos del periodo de {1} se unieron con el siguiente, o se dejaron fuera donde la unión pasaría de {2} días (CalTRACK 2.0, 2.2.3.1 y 3.5.5).",
            "{0} bills of the {1} period were combined with the bill after them, or left out where that would pass {2} days (CalTRACK 2.0, 2.2.3.1 and 3.5.5)."),
        new("{0} recibos del periodo de {1} duran menos de {2} o más de {3} días y no se usan (CalTRACK 2.0, 2.2.3.4 y 2.2.3.5).",
            "{0} bills of the {1} period are shorter than {2} or longer than {3} days and are not used (CalTRACK 2.0, 2.2.3.4 and 2.2.3.5)."),
        new("{0} recibos del periodo de {1} duran más de {2} días; revíselos (CalTRACK 2.0, 3.5.5.4).", "{0} bills of the {1} period are longer than {2} days; look at them (CalTRACK 2.0, 3.5.5.4)."),
        new("Los renglones del periodo de {0} venían en desorden y se ordenaron.", "Rows of the {0} period were out of order and were sorted."),
        new("{0} renglones del periodo de {1} se traslapan con el anterior y traen otros valores. Conserve uno de cada par.", "{0} rows of the {1} period overlap the row before with other values. Keep one of each."),
        new("{0} renglones del periodo de {1} son cero, lo que en electricidad cuenta como faltante (CalTRACK 2.0, 2.2.1.4).",
            "{0} rows of the {1} period are zero, which counts as missing for electricity (CalTRACK 2.0, 2.2.1.4)."),
        new("El consumo es infinito en {0} renglones del periodo de {1}. Deje vacío lo que falte.", "Use is infinite in {0} rows of the {1} period. Leave missing values blank."),
        new("El consumo es menor que cero en {0} renglones del periodo de {1}: generación propia, o una corrección (CalTRACK 2.0, 2.3.5). Dé por separado lo importado y lo exportado.",
            "Use is below zero in {0} rows of the {1} period: own generation, or a correction (CalTRACK 2.0, 2.3.5). Give imported and exported use apart."),
        new("{0} renglones del periodo de {1} consumen más de {2} por día, tres intervalos intercuartiles arriba de la mediana; revíselos (CalTRACK 2.0, 2.3.6).",
            "{0} rows of the {1} period use more than {2} a day, three interquartile ranges above the median; look at them (CalTRACK 2.0, 2.3.6)."),
    ];

    private static Text[] OfTemperatures =>
    [
        new("No hay ninguna temperatura. Dé temperaturas exteriores de cada hora.", "There is no temperature. Give hourly outdoor temperatures."),
        new("Las temperaturas abarcan {0} horas; el límite es {1}. Suele deberse a una fecha equivocada entre ellas.", "Temperatures span {0} hours; the limit is {1}. A wrong date among them is the usual cause."),
        new("{0} horas sin temperatura, en huecos de hasta {1} horas, se completaron con una línea recta.", "{0} hours without temperature, in gaps of up to {1} hours, were filled along a straight line."),
        new("{0} temperaturas salen de {1} a {2} grados Celsius. Revise la unidad; deje vacío lo que falte.", "{0} temperatures lie outside {1} to {2} degrees Celsius. Check the unit; leave missing values blank."),
        new("Las temperaturas venían en desorden y se ordenaron.", "Temperatures were out of order and were sorted."),
        new("{0} instantes tienen dos temperaturas distintas. Conserve una.", "{0} instants have two different temperatures. Keep one of each."),
    ];
}
