using System.Globalization;

namespace Metering.Cloud.Commands;

/// <summary>Reads numbers with a decimal point. A blank field is missing, and missing is never zero.</summary>
internal static class CsvNumber
{
    /// <summary>Decimal places kept of a register; digits beyond are the noise of floating point.</summary>
    public const int MaximumDecimals = 9;

    private const int ExactDigits = 17;

    /// <summary>The number in a field; NaN when it is blank.</summary>
    /// <exception cref="CsvException">It is not a finite number.</exception>
    public static double Read(CsvReader reader, int column)
    {
        ReadOnlySpan<byte> text = reader.Field(column);
        if (text.IsEmpty)
        {
            return double.NaN;
        }

        bool parsed = double.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out double value);
        return parsed && double.IsFinite(value) ? value : throw NotANumber(reader, column);
    }

    /// <summary>Whether a field holds a finite number.</summary>
    public static bool IsNumber(CsvReader reader, int column) =>
        double.TryParse(reader.Field(column), NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out double value)
        && double.IsFinite(value);

    /// <summary>The number in a field as mantissa and decimal places, exactly; false when it is blank.</summary>
    /// <exception cref="CsvException">It is not a number, or too large.</exception>
    public static bool TryReadExact(CsvReader reader, int column, out long mantissa, out int decimals)
    {
        ReadOnlySpan<byte> text = reader.Field(column);
        mantissa = 0;
        decimals = 0;
        if (text.IsEmpty)
        {
            return false;
        }

        if (!TryParseExact(text, out mantissa, out decimals))
        {
            throw NotANumber(reader, column);
        }

        return true;
    }

    /// <summary>A number as mantissa and at most <see cref="MaximumDecimals"/> decimal places.</summary>
    public static bool TryParseExact(ReadOnlySpan<byte> text, out long mantissa, out int decimals)
    {
        if (TryParsePlain(text, out mantissa, out decimals))
        {
            return true;
        }

        const NumberStyles style = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        if (!decimal.TryParse(text, style, CultureInfo.InvariantCulture, out decimal value) || Math.Abs(value) >= 1_000_000_000_000_000m)
        {
            return false;
        }

        value = Math.Round(value, MaximumDecimals);
        decimals = 0;
        while (value != decimal.Truncate(value) && Math.Abs(value) < 100_000_000_000_000_000m)
        {
            value *= 10;
            decimals++;
        }

        mantissa = (long)decimal.Truncate(value);
        return true;
    }

    private static bool TryParsePlain(ReadOnlySpan<byte> text, out long mantissa, out int decimals)
    {
        mantissa = 0;
        decimals = 0;
        bool negative = text[0] == '-';
        int start = negative || text[0] == '+' ? 1 : 0;
        int digits = 0;
        bool point = false;
        for (int i = start; i < text.Length; i++)
        {
            if (text[i] == '.' && !point)
            {
                point = true;
                continue;
            }

            if (!char.IsAsciiDigit((char)text[i]) || ++digits > ExactDigits || decimals == MaximumDecimals)
            {
                return false;
            }

            mantissa = (mantissa * 10) + (text[i] - '0');
            decimals += point ? 1 : 0;
        }

        mantissa = negative ? -mantissa : mantissa;
        return digits > 0;
    }

    private static CsvException NotANumber(CsvReader reader, int column) => reader.At(
        column,
        "«{0}» no es un número que se pueda usar. Escriba los decimales con punto y sin separador de miles (1234.5), y deje vacío lo que falte.", $"'{reader.Text(column)}' is not a number that can be used. Write decimals with a point and no thousands separator (1234.5), and leave a missing value blank.");
}
