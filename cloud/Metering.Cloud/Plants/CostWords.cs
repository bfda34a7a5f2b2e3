namespace Metering.Cloud.Plants;

/// <summary>Words of the cost of a month.</summary>
internal static class CostWords
{
    public static readonly Text Title = new("Costo de la electricidad: {0}", "Cost of electricity: {0}");
    public static readonly Text Empty = new("Todavía no hay tarifa para calcularlo.", "There are no rates to work it out with yet.");
    public static readonly Text NothingKnown = new(
        "Hay tarifa, pero de este mes no se conoce ningún día hora por hora: no hay costo que mostrar.", "There are rates, but no day of this month is known hour by hour: there is no cost to show.");
    public static readonly Text EmptyDo = new(
        "Capture los precios del mes como vienen en el recibo (energía base, intermedia y punta; transmisión, CENACE, capacidad, distribución). Los registra el programa en «Tarifas eléctricas por mes».",
        "Enter the rates of the month as they stand on the bill (energy base, intermedia and punta; transmission, CENACE, capacity, distribution). The programme writes them under “Electricity rates by month”.");
    public static readonly Text EmptyLink = new("Capturar la tarifa del mes", "Enter the rates of the month");
    public static readonly Text NoMeter = new("La planta no tiene un contador de electricidad en kWh.", "The plant has no counter of electricity in kWh.");
    public static readonly Text Lead = new("Del {0} al {1}, {2} de {3} días conocidos hora por hora; los demás no están en el costo. Tarifa {4}, división {5}, de {6}. Sin IVA, factor de potencia ni alumbrado público.", "From {0} to {1}, {2} of {3} days known hour by hour; the others are not in the cost. Tariff {4}, division {5}, of {6}. Without VAT, power factor and street lighting.");
    public static readonly Text Carried = new("No hay precios de este mes: se usan los últimos conocidos.", "There are no rates of this month: the last known ones are used.");
    public static readonly Text Hours = new("Los horarios son los últimos de la tabla del país (hasta 2022, por verificar).", "The hours are the last ones of the country's table (until 2022, to be verified).");
    public static readonly Text Demand = new("La demanda es la mayor hasta ahora: puede subir hasta fin de mes.", "The demand is the largest so far: it may rise until the end of the month.");
    public static readonly Text Charge = new("Cargo", "Charge");
    public static readonly Text Quantity = new("Cantidad", "Quantity");
    public static readonly Text Rate = new("Precio", "Rate");
    public static readonly Text Amount = new("Importe", "Amount");
    public static readonly Text Share = new("Parte", "Share");
    public static readonly Text Total = new("Total", "Total");
    public static readonly Text TotalWithout = new("Total de lo que tiene precio", "Total of what has a rate");
    public static readonly Text NoRate = new("sin precio", "no rate");
    public static readonly Text Base = new("Energía base", "Energy, base");
    public static readonly Text Intermedia = new("Energía intermedia", "Energy, intermedia");
    public static readonly Text Punta = new("Energía punta", "Energy, punta (peak)");
    public static readonly Text Energy = new("Energía", "Energy");
    public static readonly Text Transmission = new("Transmisión", "Transmission");
    public static readonly Text GridOperator = new("Operación del CENACE", "Operation of CENACE");
    public static readonly Text Ancillary = new("Servicios conexos (SCnMEM)", "Ancillary services (SCnMEM)");
    public static readonly Text Capacity = new("Capacidad", "Capacity");
    public static readonly Text Distribution = new("Distribución", "Distribution");
    public static readonly Text Supplier = new("Suministro (cargo fijo)", "Supplier (fixed charge)");
}
