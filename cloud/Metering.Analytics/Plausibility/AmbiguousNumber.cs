using System.Globalization;

namespace Metering.Analytics.Plausibility;

/// <summary>
/// The figures a printed number can stand for. "8.065" is eight and a bit where the point is the decimal one and eight thousand
/// where it parts thousands; Mexican and Spanish texts use both.
/// </summary>
public static class AmbiguousNumber
{
    private const int MaximumLength = 40;

    /// <summary>All readings, the one with a decimal point first; empty when the text is no number.</summary>
    /// <param name="text">Digits with points, commas, spaces or apostrophes, and no unit.</param>
    public static IReadOnlyList<double> Readings(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        string trimmed = text.Trim().Replace(' ', '\'').Replace('\u00a0', '\'').Replace('\u202f', '\'');
        List<double> readings = [];
        if (trimmed.Length is > 0 and <= MaximumLength)
        {
            Add(readings, trimmed, '.', ',');
            Add(readings, trimmed, ',', '.');
        }

        return readings;
    }

    private static void Add(List<double> readings, string text, char decimalMark, char groupMark)
    {
        string[] halves = text.Split(decimalMark);
        if (halves.Length > 2 || (halves.Length == 2 && (halves[1].Length == 0 || !halves[1].All(char.IsAsciiDigit))))
        {
            return;
        }

        string whole = halves[0];
        char mark = whole.Contains('\'', StringComparison.Ordinal) ? '\'' : groupMark;
        string[] groups = whole.Split(mark);
        bool isGrouped = groups[0].Length is >= 1 and <= 3 && groups.Skip(1).All(group => group.Length == 3);
        if (!groups.All(group => group.All(char.IsAsciiDigit)) || !(groups.Length == 1 ? whole.Length > 0 : isGrouped))
        {
            return;
        }

        string plain = string.Concat(groups) + (halves.Length == 2 ? "." + halves[1] : "");
        if (double.TryParse(plain, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double value) && !readings.Contains(value))
        {
            readings.Add(value);
        }
    }
}
