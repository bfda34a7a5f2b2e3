using System.Globalization;

namespace Metering.Cloud.Entries;

/// <summary>Reads records of production from CSV: fecha|inicio, fin, producto, cantidad, unidad, documento (or in English).</summary>
internal static class ProductionFile
{
    /// <summary>All records, or all faults. Days are those of the plant's clock.</summary>
    /// <param name="stream">The file; not closed.</param>
    /// <param name="sign">Decimal sign as stated by who uploads, or to be detected.</param>
    public static EntryOutcome<ProductionEntry> Read(Stream stream, DecimalSign sign = DecimalSign.Detect)
    {
        EntryFile file = EntryFile.Read(stream);
        int first = file.Column(true, "fecha", "inicio", "desde", "date", "start", "from");
        int last = file.Column(false, "fin", "hasta", "end", "to");
        int product = file.Column(true, "producto", "product");
        int amount = file.Column(true, "cantidad", "amount", "quantity");
        int unit = file.Column(true, "unidad", "unit");
        int document = file.Column(false, "documento", "document", "source");
        if (file.FaultCount > 0 && (first < 0 || product < 0 || amount < 0 || unit < 0))
        {
            return file.Outcome<ProductionEntry>([]);
        }

        DecimalSign? decimalSign = file.SignOf(amount, sign);
        List<ProductionEntry> entries = [];
        foreach (EntryFile.Row row in file.Rows)
        {
            DateOnly? from = Day(file, row, first);
            DateOnly? to = last < 0 || row.Fields[last].Length == 0 ? from : Day(file, row, last);
            double? value = file.Number(row, amount, row.Fields[amount], decimalSign);
            bool isNamed = IsThere(file, row, product) & IsThere(file, row, unit);
            if (to < from)
            {
                file.Fault(row.Line, last + 1, EntryTexts.EndsBefore);
            }
            else if (value < 0)
            {
                file.Fault(row.Line, amount + 1, EntryTexts.Negative, row.Fields[amount]);
            }
            else if (from is { } start && to is { } end && value is { } number && isNamed)
            {
                entries.Add(new(start, end, row.Fields[product], number, row.Fields[unit], document < 0 ? "" : row.Fields[document], row.Line));
            }
        }

        TellOverlaps(file, entries);
        return file.Outcome(entries);
    }

    // Within a product by first day, a record can only overlap with the one that reaches furthest so far.
    private static void TellOverlaps(EntryFile file, List<ProductionEntry> entries)
    {
        foreach (IGrouping<string, ProductionEntry> product in entries.GroupBy(entry => entry.Product, StringComparer.OrdinalIgnoreCase))
        {
            ProductionEntry? furthest = null;
            foreach (ProductionEntry entry in product.OrderBy(entry => entry.First).ThenBy(entry => entry.Line))
            {
                if (furthest is not null && entry.First <= furthest.Last)
                {
                    bool isSame = entry.First == furthest.First && entry.Last == furthest.Last;
                    file.Fault(entry.Line, 0, isSame ? EntryTexts.Duplicate : EntryTexts.Overlap, furthest.Line);
                }

                furthest = furthest is null || entry.Last > furthest.Last ? entry : furthest;
            }
        }
    }

    /// <summary>A day of a field; null with a fault when it is none.</summary>
    public static DateOnly? Day(EntryFile file, EntryFile.Row row, int column)
    {
        if (DateOnly.TryParseExact(row.Fields[column], "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly day) && day.Year is >= 1970 and <= 2199)
        {
            return day;
        }

        file.Fault(row.Line, column + 1, EntryTexts.NotADay, row.Fields[column]);
        return null;
    }

    /// <summary>Whether a field has a text; a fault when not.</summary>
    public static bool IsThere(EntryFile file, EntryFile.Row row, int column)
    {
        if (row.Fields[column].Length == 0)
        {
            file.Fault(row.Line, column + 1, EntryTexts.IsEmpty, file.Header[column]);
        }

        return row.Fields[column].Length > 0;
    }
}
