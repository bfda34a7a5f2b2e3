using System.Globalization;
using Metering.Programme.Kinds;

namespace Metering.Cloud.Entries;

/// <summary>A result of a sample.</summary>
/// <param name="SampledOn">Day of the sample in the plant's zone.</param>
/// <param name="Parameter">What was measured.</param>
/// <param name="Sample">How it was taken.</param>
/// <param name="Value">The figure; the limit of detection when <paramref name="IsBelowLimit"/>.</param>
/// <param name="IsBelowLimit">Whether it was written with a "&lt;".</param>
/// <param name="Unit">Unit of the figure.</param>
/// <param name="Method">Code of the method.</param>
/// <param name="Laboratory">The laboratory.</param>
/// <param name="Line">Line of the file.</param>
/// <param name="UncertaintyPercent">Expanded uncertainty (k = 2) in percent of the figure; null when none is stated.</param>
internal sealed record LabEntry(
    DateOnly SampledOn, string Parameter, SampleKind Sample, double Value, bool IsBelowLimit, string Unit, string Method, string Laboratory, int Line, double? UncertaintyPercent = null);

/// <summary>Reads lab results from CSV: fecha, parámetro, muestra, valor, unidad, método, laboratorio and, where it is stated, incertidumbre (or in English). A figure led by "&lt;" lies below its limit of detection.</summary>
internal static class LabFile
{
    /// <summary>All results, or all faults.</summary>
    /// <param name="stream">The file; not closed.</param>
    /// <param name="sign">Decimal sign as stated by who uploads, or to be detected.</param>
    public static EntryOutcome<LabEntry> Read(Stream stream, DecimalSign sign = DecimalSign.Detect)
    {
        EntryFile file = EntryFile.Read(stream);
        int day = file.Column(true, "fecha", "date");
        int parameter = file.Column(true, "parámetro", "parametro", "parameter");
        int sample = file.Column(true, "muestra", "tipo", "sample");
        int value = file.Column(true, "valor", "value");
        int unit = file.Column(true, "unidad", "unit");
        int method = file.Column(true, "método", "metodo", "method");
        int laboratory = file.Column(true, "laboratorio", "laboratory");
        int uncertainty = file.Column(false, "incertidumbre", "uncertainty");
        if (Math.Min(Math.Min(Math.Min(day, parameter), Math.Min(sample, value)), Math.Min(Math.Min(unit, method), laboratory)) < 0)
        {
            return file.Outcome<LabEntry>([]);
        }

        DecimalSign? decimalSign = file.SignOf(value, sign);
        List<LabEntry> entries = [];
        foreach (EntryFile.Row row in file.Rows)
        {
            DateOnly? sampled = ProductionFile.Day(file, row, day);
            bool isThere = ProductionFile.IsThere(file, row, parameter) & ProductionFile.IsThere(file, row, unit)
                & ProductionFile.IsThere(file, row, method) & ProductionFile.IsThere(file, row, laboratory);
            SampleKind? kind = SampleOf(row.Fields[sample]);
            if (kind is null)
            {
                file.Fault(row.Line, sample + 1, EntryTexts.NotASample, row.Fields[sample]);
            }

            bool isBelow = row.Fields[value].StartsWith('<');
            double? figure = file.Number(row, value, isBelow ? row.Fields[value][1..].Trim() : row.Fields[value], decimalSign);
            bool isStated = uncertainty >= 0 && row.Fields[uncertainty].Length > 0;
            double? stated = isStated ? file.Number(row, uncertainty, row.Fields[uncertainty].TrimEnd('%', ' '), decimalSign) : null;
            if (sampled is { } on && kind is { } taken && figure is { } number && isThere && isStated == (stated is not null))
            {
                entries.Add(new(on, row.Fields[parameter], taken, number, isBelow, row.Fields[unit], row.Fields[method], row.Fields[laboratory], row.Line, stated));
            }
        }

        return file.Outcome(entries);
    }

    /// <summary>How a sample was taken, in either language; null when the word says neither.</summary>
    public static SampleKind? SampleOf(string word) => word.ToLower(CultureInfo.InvariantCulture) switch
    {
        "instant" or "grab" or "instantánea" or "instantanea" or "simple" or "puntual" => SampleKind.Instant,
        "composite" or "compuesta" => SampleKind.Composite,
        _ => null,
    };
}
