namespace Metering.Cloud.Texts;

/// <summary>Texts of the savings page.</summary>
internal static partial class Words
{
    public static readonly Text Saving = new("Ahorro", "Saving");
    public static readonly Text MoreUse = new("Exceso", "Excess");
    public static readonly Text Metered = new("Medido", "Metered");
    public static readonly Text AdjustedBaseline = new("Línea base ajustada", "Adjusted baseline");
    public static readonly Text BaselinePeriod = new("Línea base", "Baseline");
    public static readonly Text Installation = new("Instalación", "Installation");
    public static readonly Text ReportingPeriod = new("Reporte", "Reporting");
    public static readonly Text OutsidePeriod = new("Fuera de periodo", "Outside");
    public static readonly Text NoData = new("sin datos", "no data");
    public static readonly Text SavingsChart = new("Consumo medido y línea base ajustada", "Metered use and adjusted baseline");
    public static readonly Text SavingsChartDescription = new(
        "Del {0} al {1}. La línea continua es el consumo medido; la punteada, lo que se habría consumido sin la medida; la superficie entre ambas es el ahorro. Días sin datos: {2}.",
        "From {0} to {1}. The solid line is the metered use; the dashed one, what would have been used without the measure; the surface between them is the saving. Days without data: {2}.");
    public static readonly Text WeeklyNote = new(
        "Promedios por día de bloques de siete días. La banda es la incertidumbre del promedio; las zonas rayadas no tienen datos y no se unen.",
        "Means per day of blocks of seven days. The band is the uncertainty of the mean; hatched stretches have no data and are not bridged.");
    public static readonly Text ShowTable = new("Ver como tabla", "Show as table");
    public static readonly Text MeasuredSaving = new("Ahorro medido ({0} % de confianza)", "Measured saving ({0} % confidence)");
    public static readonly Text VerifiedSaving = new("Ahorro verificado y firmado por dos personas ({0} % de confianza)", "Verified saving, signed by two people ({0} % confidence)");
    public static readonly Text VerifiedMoreUse = new(
        "Consumo por encima de la línea base ({0} % de confianza)",
        "Use above the baseline ({0} % confidence)");
    public static readonly Text NoSavingCanBeClaimed = new("No se puede afirmar un ahorro", "No saving can be claimed");
    public static readonly Text IntervalHasZero = new("el intervalo de {0} % contiene el cero", "the {0} % interval contains zero");
    public static readonly Text NoNumber = new("No damos cifra", "We give no number");
    public static readonly Text NoNumberWhy = new(
        "Los datos no sostienen una cifra; abajo dice por qué.",
        "The data cannot carry a number; the reasons are below.");
    public static readonly Text NoNumberYet = new("Todavía sin cifra", "No number yet");
    public static readonly Text NoNumberYetWhy = new("Falta historia para calcular el ahorro.", "More history is needed to work out the saving.");
    public static readonly Text ValidDays = new("de los días tienen datos válidos", "of the days have valid data");
    public static readonly Text CriteriaMet = new("{0} de {1} criterios", "{0} of {1} criteria");
    public static readonly Text NoModel = new("sin modelo", "no model");
    public static readonly Text PlainSentence = new(
        "Del {0} al {1} se midieron {2} en {7} días con datos completos; sin la medida se habrían consumido {3} en las mismas condiciones. Con {4}\u00A0% de confianza, el ahorro está entre {5} y {6}.",
        "From {0} to {1}, {2} were metered on {7} days with complete data; without the measure {3} would have been used under the same conditions. With {4}\u00A0% confidence the saving lies between {5} and {6}.");
    public static readonly Text Provisional = new(
        "Cifra provisional: hay datos hasta el {0} y el periodo de reporte termina el {1}.",
        "Provisional: data have arrived up to {0} and the reporting period ends on {1}.");
    public static readonly Text WhatIsMissing = new("Qué falta", "What is missing");
    public static readonly Text WhyNoNumber = new("Por qué no hay cifra", "Why there is no number");
    public static readonly Text WaitingForFirst = new(
        "No ha llegado ninguna lectura del canal {1} del gateway {0}.",
        "No reading of channel {1} of gateway {0} has arrived.");
    public static readonly Text WaitingForMore = new(
        "Hay datos hasta el {0}. El periodo de reporte empieza el {1}: desde entonces se calcula el ahorro.",
        "Data have arrived up to {0}. The reporting period begins on {1}: the saving is worked out from then on.");
    public static readonly Text BlockFrom = new("Desde", "From");
    public static readonly Text PeriodWord = new("Periodo", "Period");
    public static readonly Text MonthlySummary = new("Resumen mensual", "Monthly summary");
    public static readonly Text MonthsChart = new("Ahorro por mes", "Saving by month");
    public static readonly Text MonthsDescription = new(
        "Una barra por mes con su intervalo de confianza; los valores están en la tabla.",
        "One bar a month with its confidence interval; the values are in the table.");
    public static readonly Text MonthsNote = new(
        "Los meses suman el total. Los ± no se suman: los errores de un mes y otro se compensan en parte y comparten el mismo modelo.",
        "The months add up to the total. The ± do not: errors of different months partly cancel and share one model.");
    public static readonly Text CusumChart = new("Ahorro acumulado (CUSUM)", "Cumulative saving (CUSUM)");
    public static readonly Text CusumDescription = new(
        "Suma de línea base menos medido. Al {1} el ahorro acumulado es {0}.",
        "Sum of baseline less metered. On {1} the cumulative saving is {0}.");
    public static readonly Text MonthWord = new("Mes", "Month");
    public static readonly Text Cumulative = new("Acumulado", "Cumulative");
    public static readonly Text DaysCounted = new("Días", "Days");
    public static readonly Text TotalWord = new("Total", "Total");
    public static readonly Text DailyChart = new("Día por día, {0} – {1}", "Day by day, {0} – {1}");
    public static readonly Text DayWord = new("Día", "Day");
    public static readonly Text DataWord = new("Datos", "Data");
    public static readonly Text CarpetChart = new("Mapa de carga de 15 minutos", "15-minute load map");
    public static readonly Text CarpetNote = new(
        "Cada columna es un día y cada renglón un cuarto de hora: se ven turnos, domingos, carga nocturna y huecos.",
        "Each column is a day and each row a quarter of an hour: shifts, Sundays, night load and gaps can be seen.");
    public static readonly Text CarpetDescription = new(
        "Consumo medio de cada cuarto de hora de cada día; los promedios por hora están en la tabla.",
        "Mean use of each quarter of an hour of each day; the means by hour are in the table.");
    public static readonly Text HourWord = new("Hora", "Hour");
    public static readonly Text CoverageCalendar = new("Calendario de datos", "Data calendar");
    public static readonly Text DayMeasured = new("medido completo", "measured in full");
    public static readonly Text DayAllocated = new("medido; una medianoche cae en un hueco corto", "measured; a midnight lies in a short gap");
    public static readonly Text DayDriverMissing = new("falta una variable del modelo", "a driver of the model is missing");
    public static readonly Text DayMissing = new("sin consumo del día", "use of the day not known");
    public static readonly Text DayExcluded = new("lecturas erróneas por decisión, no cuenta", "readings decided to be wrong, not counted");
    public static readonly Text DayAhead = new("por llegar", "still to come");
    public static readonly Text DayCount = new("{0} días", "{0} days");
    public static readonly Text DayCountOne = new("{0} día", "{0} day");
    public static readonly Text FromDay = new("Desde", "From");
    public static readonly Text ToDay = new("Hasta", "To");
}
