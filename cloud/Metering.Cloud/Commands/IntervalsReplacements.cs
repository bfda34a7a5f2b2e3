using Metering.Analytics.Intervals;

namespace Metering.Cloud.Commands;

/// <summary>A change of the meter as a person recorded it, exact.</summary>
/// <param name="Place">File and line, for messages.</param>
/// <param name="UtcMilliseconds">When.</param>
/// <param name="Final">What the old meter showed last: mantissa and decimal places; null when unknown.</param>
/// <param name="Initial">What the new meter showed first; null when unknown.</param>
/// <param name="Person">Who recorded it.</param>
/// <param name="Reason">Why.</param>
internal sealed record RecordedReplacement(
    CsvPlace Place, long UtcMilliseconds, (long Mantissa, int Decimals)? Final, (long Mantissa, int Decimals)? Initial, string Person, string Reason);

/// <summary>Reads recorded changes of a meter: at, final, initial, person and reason. A register nobody wrote down is blank.</summary>
internal static class IntervalsReplacements
{
    /// <summary>Reads the file.</summary>
    /// <exception cref="CsvException">It cannot be read, is out of order, or a line is incomplete.</exception>
    public static IReadOnlyList<RecordedReplacement> Read(string path, TimeZoneInfo zone)
    {
        using CsvReader reader = CsvEdits.Open(path, "--replacements");
        int at = reader.IndexOf("at");
        int final = reader.IndexOf("final");
        int initial = reader.IndexOf("initial");
        int person = reader.IndexOf("person");
        int reason = reader.IndexOf("reason");
        CsvTime clock = new(zone);
        List<RecordedReplacement> replacements = [];
        while (reader.Read())
        {
            long instant = clock.Read(reader, at);
            if (instant < 0 || (replacements.Count > 0 && instant <= replacements[^1].UtcMilliseconds))
            {
                throw reader.At(at, "«{0}» no es posterior al renglón de arriba. Liste los cambios en orden de tiempo, cada uno una vez.", $"'{reader.Text(at)}' is not later than the line above. List the changes in order of time, each once.");
            }

            if (replacements.Count == IntervalBuilder.MaximumReplacements)
            {
                throw reader.At(at, "más de {0} cambios de un medidor.", $"more than {IntervalBuilder.MaximumReplacements} changes of one meter.");
            }

            replacements.Add(new RecordedReplacement(
                new CsvPlace(Path.GetFileName(path), reader.Line, final, initial),
                instant,
                Register(reader, final),
                Register(reader, initial),
                CsvEdits.Said(reader, person, "person"),
                CsvEdits.Said(reader, reason, "reason")));
        }

        return replacements;
    }

    /// <summary>Most decimal places of any register in the file.</summary>
    public static int Decimals(IReadOnlyList<RecordedReplacement> replacements)
    {
        int decimals = 0;
        foreach (RecordedReplacement replacement in replacements)
        {
            decimals = Math.Max(decimals, Math.Max(replacement.Final?.Decimals ?? 0, replacement.Initial?.Decimals ?? 0));
        }

        return decimals;
    }

    /// <summary>The changes in steps of the register.</summary>
    /// <exception cref="CsvException">A register is at or above the modulus, or too large.</exception>
    public static IReadOnlyList<MeterReplacement> Scale(IReadOnlyList<RecordedReplacement> replacements, int exponent, long? modulus)
    {
        long ceiling = modulus - 1 ?? IntervalBuilder.MaximumRegister;
        List<MeterReplacement> scaled = [];
        foreach (RecordedReplacement replacement in replacements)
        {
            scaled.Add(new MeterReplacement(
                replacement.UtcMilliseconds,
                Steps(replacement.Final, exponent, ceiling, replacement.Place.At(replacement.Place.From)),
                Steps(replacement.Initial, exponent, ceiling, replacement.Place.At(replacement.Place.To))));
        }

        return scaled;
    }

    private static long? Steps((long Mantissa, int Decimals)? register, int exponent, long ceiling, string place)
    {
        if (register is not { } given)
        {
            return null;
        }

        return CsvColumns.TryScale(given.Mantissa, exponent - given.Decimals, out long steps) && steps <= ceiling
            ? steps
            : throw new CsvException("{0}: el registro llega al módulo o lo pasa, o es demasiado grande para contarlo exactamente. Revise su unidad.", $"{place}: the register is at or above the modulus, or too large to be counted exactly. Check its unit.");
    }

    private static (long Mantissa, int Decimals)? Register(CsvReader reader, int column)
    {
        if (!CsvNumber.TryReadExact(reader, column, out long mantissa, out int decimals))
        {
            return null;
        }

        return mantissa >= 0 ? (mantissa, decimals) : throw reader.At(column, "un registro no es menor que cero. Déjelo vacío si nadie lo anotó.", $"a register is not below zero. Leave it blank when nobody wrote it down.");
    }
}
