using System.Buffers.Text;
using System.Globalization;

namespace Metering.Readings;

/// <summary>
/// A decimal number as it was written: Mantissa x 10^-Places, in its shortest form (no zeros at its end). What does not fit 64 bits
/// and 18 places is no <see cref="ExactDecimal"/>. Zero has one form, without a sign.
/// </summary>
/// <param name="Mantissa">The digits, with the sign.</param>
/// <param name="Places">Digits after the point, 0 to <see cref="Channel.MaximumDecimalPlaces"/>.</param>
public readonly record struct ExactDecimal(long Mantissa, int Places)
{
    /// <summary>The longest text that is read, so that hostile digits cost nothing.</summary>
    public const int LongestText = 400;

    private const int LongestShortestForm = 32;
    private const int LargestExponent = 9_999;

    /// <summary>
    /// The shortest decimal that reads back as this double ("shortest round-trip", as every modern language prints it): 0.1 for the
    /// double nearest to one tenth, not its 55 exact digits, which nobody measured.
    /// </summary>
    /// <returns>False for NaN, infinities and numbers that need more than 18 places or 64 bits.</returns>
    public static bool TryFrom(double value, out ExactDecimal exact)
    {
        exact = default;
        Span<byte> text = stackalloc byte[LongestShortestForm];
        return double.IsFinite(value)
            && value.TryFormat(text, out int length, default, CultureInfo.InvariantCulture)
            && TryParse(text[..length], out exact);
    }

    /// <summary>Reads digits with an optional sign, point and exponent, such as "-12.50" or "1.2e-3". No spaces, no thousands marks.</summary>
    /// <returns>False when it is no such number, or does not fit.</returns>
    public static bool TryParse(ReadOnlySpan<byte> text, out ExactDecimal exact)
    {
        exact = default;
        if (text.Length is 0 or > LongestText)
        {
            return false;
        }

        bool isNegative = text[0] == (byte)'-';
        ReadOnlySpan<byte> rest = isNegative || text[0] == (byte)'+' ? text[1..] : text;
        return TryDigits(ref rest, out ulong mantissa, out int exponent)
            && TryExponent(rest, ref exponent)
            && TryNormalise(mantissa, exponent, isNegative, out exact);
    }

    /// <summary>The integer m with m x 10^-places equal to this number.</summary>
    /// <returns>False when this number has more places, or m does not fit 64 bits.</returns>
    public bool TryScale(int places, out long scaled)
    {
        scaled = Mantissa;
        if (Mantissa == 0)
        {
            return true;
        }

        if (places < Places)
        {
            return false;
        }

        for (int place = Places; place < places; place++)
        {
            if (scaled is > long.MaxValue / 10 or < long.MinValue / 10)
            {
                return false;
            }

            scaled *= 10;
        }

        return true;
    }

    /// <summary>The product of two numbers, exactly.</summary>
    /// <returns>False when it does not fit 64 bits and 18 places.</returns>
    public bool TryTimes(in ExactDecimal factor, out ExactDecimal product)
    {
        Int128 mantissa = (Int128)Mantissa * factor.Mantissa;
        int places = Places + factor.Places;
        while (mantissa != 0 && places > 0 && mantissa % 10 == 0)
        {
            mantissa /= 10;
            places--;
        }

        bool fits = mantissa >= long.MinValue && mantissa <= long.MaxValue && (places <= Channel.MaximumDecimalPlaces || mantissa == 0);
        product = fits ? new((long)mantissa, mantissa == 0 ? 0 : places) : default;
        return fits;
    }

    /// <summary>The double nearest to this number (round half to even).</summary>
    public double ToDouble()
    {
        Span<byte> text = stackalloc byte[LongestShortestForm];
        _ = Utf8Formatter.TryFormat(Mantissa, text, out int length);
        text[length++] = (byte)'e';
        _ = Utf8Formatter.TryFormat(-Places, text[length..], out int written);
        return double.Parse(text[..(length + written)], NumberStyles.Float, CultureInfo.InvariantCulture);
    }

    // Zeros are held back until another digit follows, so that the mantissa is the shortest one.
    private static bool TryDigits(ref ReadOnlySpan<byte> rest, out ulong mantissa, out int exponent)
    {
        mantissa = 0;
        exponent = 0;
        int heldZeros = 0;
        int digits = 0;
        bool hasPoint = false;
        int at = 0;
        for (; at < rest.Length; at++)
        {
            byte character = rest[at];
            if (character == (byte)'.' && !hasPoint)
            {
                hasPoint = true;
                continue;
            }

            if (character is < (byte)'0' or > (byte)'9')
            {
                break;
            }

            digits++;
            exponent -= hasPoint ? 1 : 0;
            if (character == (byte)'0')
            {
                heldZeros += mantissa == 0 ? 0 : 1;
            }
            else if (!TryAppend(ref mantissa, heldZeros, character))
            {
                return false;
            }
            else
            {
                heldZeros = 0;
            }
        }

        rest = rest[at..];
        exponent += heldZeros;
        return digits > 0;
    }

    private static bool TryAppend(ref ulong mantissa, int zeros, byte digit)
    {
        for (int shift = 0; shift <= zeros; shift++)
        {
            if (mantissa > long.MaxValue / 10)
            {
                return false;
            }

            mantissa *= 10;
        }

        mantissa += (ulong)(digit - '0');
        return mantissa <= long.MaxValue;
    }

    private static bool TryExponent(ReadOnlySpan<byte> rest, ref int exponent)
    {
        if (rest.IsEmpty)
        {
            return true;
        }

        if (rest[0] is not ((byte)'e' or (byte)'E') || rest.Length < 2)
        {
            return false;
        }

        bool isNegative = rest[1] == (byte)'-';
        ReadOnlySpan<byte> digits = isNegative || rest[1] == (byte)'+' ? rest[2..] : rest[1..];
        if (digits.IsEmpty || digits.IndexOfAnyExceptInRange((byte)'0', (byte)'9') >= 0
            || !Utf8Parser.TryParse(digits, out int written, out int used) || used != digits.Length || written > LargestExponent)
        {
            return false;
        }

        exponent += isNegative ? -written : written;
        return true;
    }

    private static bool TryNormalise(ulong mantissa, int exponent, bool isNegative, out ExactDecimal exact)
    {
        exact = default;
        if (mantissa == 0)
        {
            return true;
        }

        for (; exponent > 0; exponent--)
        {
            if (mantissa > long.MaxValue / 10)
            {
                return false;
            }

            mantissa *= 10;
        }

        exact = new(isNegative ? -(long)mantissa : (long)mantissa, -exponent);
        return -exponent <= Channel.MaximumDecimalPlaces;
    }
}
