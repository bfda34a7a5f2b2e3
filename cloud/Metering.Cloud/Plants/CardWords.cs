using Metering.Cloud.Texts;

namespace Metering.Cloud.Plants;

/// <summary>Words of the cards of electricity, water, gas and effluent.</summary>
internal static class CardWords
{
    public static readonly Text Title = new("Consumo contra lo esperado", "Use against what was expected");
    public static readonly Text NoMeter = new("Sin medidor: la planta no tiene un contador de este recurso.", "No meter: the plant has no counter of this resource.");
    public static readonly Text Unknown = new("sin dato", "no data");
    public static readonly Text Today = new("Hoy hasta las {0}", "Today until {0}");
    public static readonly Text TodayOnly = new("Hoy", "Today");
    public static readonly Text TodayUnknown = new("El contador todavía no da el consumo de hoy.", "The counter does not give the use of today yet.");
    public static readonly Text Month = new("{0}, hasta ayer", "{0}, until yesterday");
    public static readonly Text MonthBegins = new("El mes empezó hoy.", "The month began today.");
    public static readonly Text MonthUnknown = new("Ningún día del mes se conoce completo.", "No day of the month is known whole.");
    public static readonly Text NoExpectation = new("Faltan semanas anteriores para saber qué esperar.", "Too few weeks before to know what to expect.");
    public static readonly Text Expected = new("Se esperaban {0}: {1}.", "Expected: {0}. {1}.");
    public static readonly Text Less = new("{0} menos", "{0} less");
    public static readonly Text More = new("{0} más", "{0} more");
    public static readonly Text Inside = new("{0}, dentro del margen", "{0}, within the margin");
    public static readonly Text Outside = new("{0}, fuera del margen", "{0}, outside the margin");
    public static readonly Text NoMargin = new("{0}; el margen no se conoce", "{0}; the margin is not known");
    public static readonly Text ByWeekday = new("Promedio del mismo día de la semana, {0} semanas", "Mean of the same weekday, {0} weeks");
    public static readonly Text ByModel = new("Modelo ajustado del proyecto", "Adjusted model of the project");
    public static readonly Text DaysOf = new("{0} de {1} días", "{0} of {1} days");
    public static readonly Text DaysOfOne = new("{0} de {1} día", "{0} of {1} day");
    public static readonly Text Chart = new("Consumo diario de los últimos {0} días, {1}", "Daily use of the last {0} days, {1}");
    public static readonly Text Counter = new("Contador", "Counter");
    public static readonly Text Note = new("Margen del 90 % alrededor de lo esperado (el del proyecto, si lo da su modelo); los días cuentan como independientes. Las cifras tienen a lo más 60 s.", "Margin of 90 % about what was expected (that of the project where its model gives it); days count as independent. Figures are at most 60 s old.");

    /// <summary>Name of a resource.</summary>
    public static Text NameOf(Resource resource) => resource switch
    {
        Resource.Electricity => Words.Electricity,
        Resource.Water => Words.Water,
        Resource.Gas => Words.Gas,
        _ => Words.Effluent,
    };
}
