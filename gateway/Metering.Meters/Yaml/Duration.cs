using System.Globalization;
using Metering.Readings.Texts;

namespace Metering.Meters.Yaml;

/// <summary>Durations in configuration: a whole number with its unit. A bare number is refused, since nobody can tell 15 seconds from 15 days.</summary>
public static class Duration
{
    /// <summary>The same as a regular expression, for schemas.</summary>
    public const string Pattern = "^[0-9]{1,9} *(ms|s|m|h|d)$";

    private const int LongestNumber = 9;

    private static readonly (string Unit, long Ticks)[] Units =
    [
        ("ms", TimeSpan.TicksPerMillisecond),
        ("s", TimeSpan.TicksPerSecond),
        ("m", TimeSpan.TicksPerMinute),
        ("h", TimeSpan.TicksPerHour),
        ("d", TimeSpan.TicksPerDay),
    ];

    /// <summary>Reads 500ms, 10s, 15m, 1h or 1d.</summary>
    /// <returns>False with what is wrong and what to write instead.</returns>
    public static bool TryParse(string text, out TimeSpan duration, out Text problem, out Text hint)
    {
        duration = default;
        int digits = 0;
        while (digits < text.Length && char.IsAsciiDigit(text[digits]))
        {
            digits++;
        }

        problem = new(es: $"'{text}' no es una duración", en: $"'{text}' is no duration");
        hint = new(es: "escriba un número entero y su unidad, como 500ms, 10s, 15m o 1h", en: "write a whole number and its unit, such as 500ms, 10s, 15m or 1h");
        if (digits is 0 or > LongestNumber)
        {
            return false;
        }

        string unit = text[digits..].TrimStart();
        if (unit.Length == 0)
        {
            problem = new(es: $"'{text}' no tiene unidad", en: $"'{text}' has no unit");
            hint = new(es: $"escriba {text}s, {text}m o {text}h", en: $"write {text}s, {text}m or {text}h");
            return false;
        }

        foreach ((string name, long ticks) in Units)
        {
            if (unit == name)
            {
                // 999999999d does not fit; it is outside every range all the same.
                long number = long.Parse(text.AsSpan(0, digits), NumberStyles.None, CultureInfo.InvariantCulture);
                duration = number > long.MaxValue / ticks ? TimeSpan.MaxValue : TimeSpan.FromTicks(number * ticks);
                return true;
            }
        }

        return false;
    }

    /// <summary>The shortest text that reads back as the same duration.</summary>
    public static string ToText(TimeSpan duration)
    {
        for (int index = Units.Length - 1; index >= 0; index--)
        {
            if (duration.Ticks % Units[index].Ticks == 0)
            {
                return string.Create(CultureInfo.InvariantCulture, $"{duration.Ticks / Units[index].Ticks}{Units[index].Unit}");
            }
        }

        return duration.ToString("c", CultureInfo.InvariantCulture);
    }
}
