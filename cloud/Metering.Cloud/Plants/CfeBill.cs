using System.Globalization;
using System.Xml;
using System.Xml.Linq;
using Metering.Cloud.Entries;

namespace Metering.Cloud.Plants;

/// <summary>What a bill of CFE says, as far as its file carries it; what it does not carry is null and never zero.</summary>
internal sealed record CfeBill
{
    /// <summary>Largest file.</summary>
    public const int MaximumBytes = 1024 * 1024;

    private const int MostElements = 20_000;

    // The registers of a bill and its total are whole kWh, each rounded.
    private const decimal RoundingKwh = 2;

    private static readonly string[] Dates = ["yyyyMMdd", "yyyy-MM-dd", "dd/MM/yyyy", "dd-MM-yyyy", "yyyy-MM-ddTHH:mm:ss"];
    private static readonly string[] Months = ["ENE", "FEB", "MAR", "ABR", "MAY", "JUN", "JUL", "AGO", "SEP", "OCT", "NOV", "DIC"];

    // The numbers of a bill's invoice follow the point; groups never stand in XML.
    private const NumberStyles Plain = NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign | NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite;

    /// <summary>Fiscal number (UUID) of the invoice, or series and folio when it is not stamped.</summary>
    public required string Number { get; init; }

    /// <summary>Total with taxes.</summary>
    public required decimal Total { get; init; }

    /// <summary>Its currency.</summary>
    public required string Currency { get; init; }

    /// <summary>The tariff, such as GDMTH.</summary>
    public string? Tariff { get; init; }

    /// <summary>Day of the reading that the period begins with: the last day of the bill before, which the period does not hold.</summary>
    public DateOnly? ReadingBefore { get; init; }

    /// <summary>First day of the period: the day after that reading.</summary>
    public DateOnly? First => ReadingBefore?.AddDays(1);

    /// <summary>Last day of the period: that of the reading it ends with.</summary>
    public DateOnly? Last { get; init; }

    /// <summary>Energy in punta, kWh.</summary>
    public decimal? PuntaKwh { get; init; }

    /// <summary>Energy in intermedia, kWh.</summary>
    public decimal? IntermediaKwh { get; init; }

    /// <summary>Energy in base, kWh.</summary>
    public decimal? BaseKwh { get; init; }

    /// <summary>Energy of the bill in kWh: its total, the sum of its periods, or the quantity of its one item in kWh; null when none is there whole, or periods and total differ.</summary>
    public decimal? Kwh { get; init; }

    /// <summary>Whether the file states a total that is not the sum of its periods: which of them is meant is asked for.</summary>
    public bool IsContradictory { get; init; }

    /// <summary>Power factor in percent.</summary>
    public decimal? PowerFactorPercent { get; init; }

    /// <summary>
    /// Reads a CFDI (the tax authority's invoice, annex 20, versions 3.3 and 4.0) with the supplier's addenda. Names are taken whatever their namespace; a document type, and with it
    /// every outside entity, is refused.
    /// </summary>
    /// <param name="content">The file.</param>
    /// <param name="fault">What is wrong; null when it was read.</param>
    public static CfeBill? Read(byte[] content, out EntryFault? fault)
    {
        XElement root;
        try
        {
            using XmlReader reader = XmlReader.Create(new MemoryStream(content), new() { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, MaxCharactersInDocument = MaximumBytes });
            root = XDocument.Load(reader, LoadOptions.SetLineInfo).Root!;
        }
        catch (XmlException e)
        {
            fault = new(e.LineNumber, e.LinePosition, PlantEntryWords.NotXml);
            return null;
        }

        List<XElement> all = [.. root.DescendantsAndSelf().Take(MostElements)];
        if (root.Name.LocalName != "Comprobante" || Decimal(root.Attribute("Total")?.Value) is not { } total)
        {
            fault = new(((IXmlLineInfo)root).LineNumber, 0, PlantEntryWords.NotAnInvoice);
            return null;
        }

        fault = null;
        decimal? punta = Decimal(Value(all, "CONSUMO1F"));
        decimal? intermedia = Decimal(Value(all, "CONSUMO2F"));
        decimal? low = Decimal(Value(all, "CONSUMO3F"));
        decimal? sum = punta + intermedia + low;
        decimal? whole = Decimal(Value(all, "CONSUMO_R"));
        bool isContradictory = sum is { } parts && whole is { } stated && Math.Abs(parts - stated) > RoundingKwh;
        return new()
        {
            Number = all.Find(one => one.Name.LocalName == "TimbreFiscalDigital")?.Attribute("UUID")?.Value ?? (root.Attribute("Serie")?.Value + root.Attribute("Folio")?.Value),
            Total = total,
            Currency = root.Attribute("Moneda")?.Value ?? "MXN",
            Tariff = Value(all, "TARIFA_REG") ?? Value(all, "TARIFA"),
            ReadingBefore = Date(Value(all, "FECDESDE")),
            Last = Date(Value(all, "FECHASTA")),
            PuntaKwh = punta,
            IntermediaKwh = intermedia,
            BaseKwh = low,
            Kwh = isContradictory ? null : whole ?? sum ?? ItemKwh(all),
            IsContradictory = isContradictory,
            PowerFactorPercent = Decimal(Value(all, "FacPot")),
        };
    }

    // An invoice without the supplier's addenda still has items; one item in kWh is the energy, several may be charges on the same energy.
    private static decimal? ItemKwh(List<XElement> all)
    {
        List<XElement> items = [.. all.Where(one => one.Name.LocalName == "Concepto"
            && (one.Attribute("ClaveUnidad")?.Value == "KWH" || string.Equals(one.Attribute("Unidad")?.Value, "kWh", StringComparison.OrdinalIgnoreCase)))];
        return items.Count == 1 ? Decimal(items[0].Attribute("Cantidad")?.Value) : null;
    }

    private static string? Value(List<XElement> all, string name)
    {
        foreach (XElement element in all)
        {
            if (string.Equals(element.Name.LocalName, name, StringComparison.OrdinalIgnoreCase) && element.Value.Trim() is { Length: > 0 } text)
            {
                return text;
            }

            if (element.Attributes().FirstOrDefault(one => string.Equals(one.Name.LocalName, name, StringComparison.OrdinalIgnoreCase))?.Value.Trim() is { Length: > 0 } inside)
            {
                return inside;
            }
        }

        return null;
    }

    private static decimal? Decimal(string? text) => decimal.TryParse(text, Plain, CultureInfo.InvariantCulture, out decimal number) ? number : null;

    private static DateOnly? Date(string? text) =>
        DateTimeOffset.TryParseExact(text, Dates, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset instant) ? DateOnly.FromDateTime(instant.Date) : Spelt(text);

    // "31 OCT 25", as the addenda writes its readings.
    private static DateOnly? Spelt(string? text)
    {
        string[] parts = text?.ToUpperInvariant().Split(' ', StringSplitOptions.RemoveEmptyEntries) ?? [];
        int month = parts.Length == 3 ? Array.IndexOf(Months, parts[1]) + 1 : 0;
        return month > 0 && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out int day)
            && int.TryParse(parts[2], NumberStyles.None, CultureInfo.InvariantCulture, out int year) && year is < 100 or (>= 2000 and < 2100)
            && day >= 1 && day <= DateTime.DaysInMonth(Century(year), month)
            ? new(Century(year), month, day)
            : null;
    }

    private static int Century(int year) => year < 100 ? 2000 + year : year;
}
