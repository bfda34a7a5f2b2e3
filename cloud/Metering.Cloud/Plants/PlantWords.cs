using System.Globalization;

namespace Metering.Cloud.Plants;

/// <summary>Words of a plant's page and of its live values.</summary>
internal static class PlantWords
{
    public static readonly Text Late = new("atrasado: se lee cada {0}", "late: read every {0}");
    public static readonly Text LiveNote = new("Los valores se actualizan solos.", "The values update by themselves.");
    public static readonly Text TooManyStreamsTitle = new("Demasiadas páginas abiertas", "Too many pages open");
    public static readonly Text TooManyStreams = new(
        "Esta cuenta ya tiene {0} páginas con valores en vivo. Cierre una; las demás muestran los valores del momento en que se abrieron.",
        "This account has {0} pages with live values already. Close one; the others show the values of the moment they were opened.");
    public static readonly Text Enter = new("Capturar producción, laboratorio y recibos", "Enter production, lab results and bills");
    public static readonly Text Alarms = new("Alarmas", "Alarms");
    public static readonly Text NoAlarms = new("Sin alarmas: los medidores reportan y nada rebasa sus límites.", "No alarms: the meters report and nothing exceeds its limits.");
    public static readonly Text AllAlarms = new("Ver todas las alarmas", "See all alarms");

    /// <summary>A span of time in its largest whole unit, the same in both languages: 15 s, 5 min, 24 h, 21 d.</summary>
    public static string Span(TimeSpan span) => span switch
    {
        { TotalSeconds: < 90 } => string.Create(CultureInfo.InvariantCulture, $"{Math.Max(1, (long)span.TotalSeconds)} s"),
        { TotalMinutes: < 90 } => string.Create(CultureInfo.InvariantCulture, $"{(long)span.TotalMinutes} min"),
        { TotalHours: < 72 } => string.Create(CultureInfo.InvariantCulture, $"{(long)span.TotalHours} h"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{(long)span.TotalDays} d"),
    };

    /// <summary>An amount as it was written, but never with three decimals: they could be read as thousands.</summary>
    public static string Amount(decimal amount) => amount.ToString(amount.Scale == 3 ? "0.0000" : "G29", CultureInfo.InvariantCulture);
}
