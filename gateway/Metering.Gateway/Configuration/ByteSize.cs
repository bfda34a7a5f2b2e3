using System.Globalization;

namespace Metering.Gateway.Configuration;

/// <summary>Sizes in configuration: a whole number with its unit. A bare number is refused, since nobody can tell bytes from megabytes.</summary>
internal static class ByteSize
{
    private const int LongestNumber = 9;
    private const int BitsPerStep = 10;

    private static readonly string[] Units = ["KiB", "MiB", "GiB"];

    /// <summary>Reads 512KiB, 256MiB or 4GiB.</summary>
    internal static bool TryParse(string text, out long length)
    {
        length = 0;
        for (int unit = 0; unit < Units.Length; unit++)
        {
            ReadOnlySpan<char> digits = text.EndsWith(Units[unit], StringComparison.Ordinal) ? text.AsSpan(0, text.Length - Units[unit].Length).TrimEnd() : default;
            if (digits.Length is > 0 and <= LongestNumber && long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out long number))
            {
                length = number << (BitsPerStep * (unit + 1));
                return true;
            }
        }

        return false;
    }
}
