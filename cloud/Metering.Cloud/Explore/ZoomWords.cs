namespace Metering.Cloud.Explore;

/// <summary>Texts of a stretch of time that is looked at closely.</summary>
internal static class ZoomWords
{
    public static readonly Text Title = new("Del {0} al {1}, {2}", "{0} to {1}, {2}");
    public static readonly Text ByQuarter = new("cada 15 minutos", "every 15 minutes");
    public static readonly Text ByDay = new("por día", "by day");
    public static readonly Text ByWeek = new("por semana", "by week");
    public static readonly Text From = new("Desde", "From");
    public static readonly Text To = new("Hasta", "To");
    public static readonly Text Step = new("Paso", "Step");
    public static readonly Text StepFitting = new("automático", "whichever fits");
    public static readonly Text Show = new("Ver este tramo", "Show these days");
    public static readonly Text Closer = new("Ver un tramo de cerca", "Look closely at some days");
    public static readonly Text All = new("Todo", "All");
    public static readonly Text Month = new("Mes", "Month");
    public static readonly Text Week = new("Semana", "Week");
    public static readonly Text Day = new("Día", "Day");
    public static readonly Text Before = new("Antes", "Before");
    public static readonly Text After = new("Después", "After");
    public static readonly Text TotalOne = new("Total del tramo: {0}, con {1} de {2} día conocido.", "Total of this day: {0}, with {1} of {2} day known.");
    public static readonly Text MeanOne = new("Promedios; {0} de {1} día conocido.", "Means; {0} of {1} day known.");
    public static readonly Text Total = new("Total del tramo: {0}, con {1} de {2} días conocidos.", "Total of these days: {0}, with {1} of {2} days known.");
    public static readonly Text Mean = new("Promedios; {0} de {1} días conocidos.", "Means; {0} of {1} days known.");
    public static readonly Text SumDiffers = new(
        "Los cuartos de hora conocidos suman {0}. No es el total de los días donde un hueco se conoce solo como total, o donde de un día falta una medianoche.",
        "The known quarters of an hour add up to {0}. That is not the total of the days where a gap is known as a total only, or where a midnight of a day is missing.");
    public static readonly Text QuarterTooLong = new(
        "Cada 15 minutos se muestran hasta 14 días; para este tramo van totales más gruesos. Elija menos días.",
        "Every 15 minutes is shown for up to 14 days; for these days the totals are coarser. Choose fewer days.");
    public static readonly Text DaysTooLong = new("Por día se muestran hasta 400 días; para este tramo van totales por semana.", "By day is shown for up to 400 days; for these, totals by week are shown.");
    public static readonly Text DaysWrong = new(
        "No se entendieron los días, o no hay datos en ellos. Escríbalos en orden, como 2026-03-31. Se muestra todo.",
        "The days were not understood, or there are no data in them. Write them in order, such as 2026-03-31. All is shown.");
    public static readonly Text StepWrong = new("El paso es 15m, 1d o 1w. Se muestra el que conviene.", "The step is 15m, 1d or 1w. The one that fits is shown.");
    public static readonly Text Known = new("Conocido", "Known");
    public static readonly Text KnownOf = new("{0} de {1}", "{0} of {1}");
    public static readonly Text Lowest = new("Cuarto de hora menor", "Lowest quarter of an hour");
    public static readonly Text Highest = new("Cuarto de hora mayor", "Highest quarter of an hour");
    public static readonly Text Quarters = new("Cuartos de hora", "Quarters of an hour");
    public static readonly Text Use = new("Consumo", "Use");
    public static readonly Text MeanWord = new("Promedio", "Mean");
    public static readonly Text Chart = new("Consumo medido por tramos", "Metered use in parts");
    public static readonly Text ChartMean = new("Promedios medidos", "Metered means");
    public static readonly Text ChartDescription = new("{0} partes del {1} al {2}; {3} sin dato. La tabla da los números.", "{0} parts from {1} to {2}; {3} without data. The table gives the numbers.");
    public static readonly Text Island = new("Gráfica con acercamiento", "Chart to zoom into");
    public static readonly Text IslandHint = new(
        "Arrastre sobre la gráfica para acercarse; con 14 días o menos muestra cada 15 minutos. Doble clic: todo otra vez. Con teclado, use las fechas.",
        "Drag over the chart to zoom in; with 14 days or fewer it shows every 15 minutes. Double click: all again. With the keyboard, use the dates.");
    public static readonly Text IslandFailed = new("La gráfica no pudo traer los datos; la tabla y los enlaces siguen sirviendo.", "The chart could not fetch its data; the table and the links still work.");
    public static readonly Text Down = new("Ver de qué se compone", "See what it is made of");
    public static readonly Text OnlyEarly = new(
        "De este canal solo han llegado lecturas firmadas que esperan a los lotes anteriores. La más nueva se muestra aquí; historia y totales empiezan cuando la cadena esté completa.",
        "Of this channel only signed readings have come that wait for earlier batches. The newest one is shown here; history and totals begin when the chain is complete.");
    public static readonly Text SignedReports = new("Informes firmados", "Signed reports");
    public static readonly Text Channel = new("Canal {0}", "Channel {0}");
    public static readonly Text UsedBy = new("Proyectos que lo usan", "Projects that use it");
    public static readonly Text FirstReading = new("Primera lectura", "First reading");

    /// <summary>Name of a step.</summary>
    public static Text NameOf(ZoomStep step) => step switch
    {
        ZoomStep.QuarterHour => ByQuarter,
        ZoomStep.Day => ByDay,
        _ => ByWeek,
    };
}
