using System.Text;
using Metering.Analytics.Baselines;

namespace Metering.Cloud.Commands;

/// <summary>A register read from a file, exact.</summary>
/// <param name="UtcMilliseconds">Times of the readings.</param>
/// <param name="Register">Registers in units of 10^-exponent.</param>
/// <param name="Exponent">Decimal places.</param>
internal sealed record CsvRegister(long[] UtcMilliseconds, long[] Register, int Exponent);

/// <summary>Reads whole columns.</summary>
internal static class CsvColumns
{
    /// <summary>Use and drivers. Blank fields are missing (NaN); rows without a time are a fault.</summary>
    public static ModelTable ReadTable(string path, string time, string use, IReadOnlyList<string> drivers, TimeZoneInfo zone)
    {
        using CsvReader reader = CsvReader.Open(path);
        int timeIndex = reader.IndexOf(time);
        int useIndex = reader.IndexOf(use);
        int[] driverIndexes = [.. drivers.Select(reader.IndexOf)];
        CsvTime clock = new(zone);
        List<long> starts = [];
        List<double> uses = [];
        List<double>[] values = [.. drivers.Select(_ => new List<double>())];
        while (reader.Read())
        {
            starts.Add(clock.Read(reader, timeIndex));
            uses.Add(CsvNumber.Read(reader, useIndex));
            for (int j = 0; j < values.Length; j++)
            {
                values[j].Add(CsvNumber.Read(reader, driverIndexes[j]));
            }
        }

        return new ModelTable
        {
            StartUtcMilliseconds = starts,
            Use = uses,
            Drivers = [.. drivers.Select((name, j) => new Driver(name, values[j]))],
        };
    }

    /// <summary>Columns other than the time and the use that hold numbers and blanks only, and at least one number.</summary>
    public static IReadOnlyList<string> NumericNames(string path, string time, string use)
    {
        using CsvReader reader = CsvReader.Open(path);
        int timeIndex = reader.IndexOf(time);
        int useIndex = reader.IndexOf(use);
        bool[] isNumeric = [.. Enumerable.Range(0, reader.Columns.Count).Select(column => column != timeIndex && column != useIndex)];
        bool[] hasNumber = new bool[isNumeric.Length];
        while (reader.Read())
        {
            for (int column = 0; column < isNumeric.Length; column++)
            {
                if (isNumeric[column] && !reader.Field(column).IsEmpty)
                {
                    isNumeric[column] = CsvNumber.IsNumber(reader, column);
                    hasNumber[column] |= isNumeric[column];
                }
            }
        }

        return [.. reader.Columns.Where((_, column) => isNumeric[column] && hasNumber[column]).Take(BaselineModel.MaximumDrivers)];
    }

    /// <summary>The fields of a column as they stand.</summary>
    public static IReadOnlyList<string> ReadTexts(string path, string column)
    {
        using CsvReader reader = CsvReader.Open(path);
        int index = reader.IndexOf(column);
        List<string> texts = [];
        while (reader.Read())
        {
            texts.Add(Encoding.UTF8.GetString(reader.Field(index)).Trim());
        }

        return texts;
    }

    /// <summary>A cumulative register, brought to the decimal places of its finest reading, at least <paramref name="decimals"/>.</summary>
    public static CsvRegister ReadRegister(string path, string time, string register, TimeZoneInfo zone, int decimals)
    {
        using CsvReader reader = CsvReader.Open(path);
        int timeIndex = reader.IndexOf(time);
        int registerIndex = reader.IndexOf(register);
        CsvTime clock = new(zone);
        List<long> times = [];
        List<long> mantissas = [];
        List<byte> places = [];
        int exponent = decimals;
        while (reader.Read())
        {
            long instant = clock.Read(reader, timeIndex);
            if (CsvNumber.TryReadExact(reader, registerIndex, out long mantissa, out int own))
            {
                times.Add(instant);
                mantissas.Add(mantissa);
                places.Add((byte)own);
                exponent = Math.Max(exponent, own);
            }
        }

        long[] scaled = new long[mantissas.Count];
        for (int i = 0; i < scaled.Length; i++)
        {
            if (!TryScale(mantissas[i], exponent - places[i], out scaled[i]))
            {
                throw new CsvException(
                    "{0}: la columna «{1}» tiene números demasiado grandes para contarlos exactamente con los {2} decimales que también tiene. Revise que sea el registro de un medidor.", $"{Path.GetFileName(path)}: the column '{register}' holds numbers too large to be counted exactly with the {exponent} decimal places it also holds. Check that it is the register of a meter.");
            }
        }

        return new CsvRegister([.. times], scaled, exponent);
    }

    /// <summary>mantissa times 10^places, when it fits.</summary>
    public static bool TryScale(long mantissa, int places, out long scaled)
    {
        Int128 wide = mantissa;
        for (int i = 0; i < places; i++)
        {
            wide *= 10;
        }

        bool fits = wide >= long.MinValue && wide <= long.MaxValue;
        scaled = fits ? (long)wide : 0;
        return fits;
    }
}
