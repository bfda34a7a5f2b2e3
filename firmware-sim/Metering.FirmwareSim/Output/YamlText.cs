using System.Globalization;
using System.Text;
using Metering.FirmwareSim.Plants;

namespace Metering.FirmwareSim.Output;

/// <summary>Small pieces of YAML.</summary>
internal static class YamlText
{
    /// <summary>A text in double quotes.</summary>
    internal static string Quote(string text)
    {
        StringBuilder quoted = new("\"");
        foreach (char c in text)
        {
            if (c is '"' or '\\')
            {
                quoted.Append('\\').Append(c);
            }
            else if (char.IsControl(c))
            {
                quoted.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
            }
            else
            {
                quoted.Append(c);
            }
        }

        return quoted.Append('"').ToString();
    }

    /// <summary>A text in both languages.</summary>
    internal static string Of(LocalText text) => $"{{ es: {Quote(text.Spanish)}, en: {Quote(text.English)} }}";

    /// <summary>A duration in the largest unit that leaves a whole number.</summary>
    internal static string Of(TimeSpan duration)
    {
        long milliseconds = (long)duration.TotalMilliseconds;
        return milliseconds switch
        {
            _ when milliseconds % 3_600_000 == 0 => string.Create(CultureInfo.InvariantCulture, $"{milliseconds / 3_600_000}h"),
            _ when milliseconds % 60_000 == 0 => string.Create(CultureInfo.InvariantCulture, $"{milliseconds / 60_000}m"),
            _ when milliseconds % 1000 == 0 => string.Create(CultureInfo.InvariantCulture, $"{milliseconds / 1000}s"),
            _ => string.Create(CultureInfo.InvariantCulture, $"{milliseconds}ms"),
        };
    }
}
