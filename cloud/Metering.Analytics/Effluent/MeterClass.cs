using System.Globalization;
using System.Text.RegularExpressions;

namespace Metering.Analytics.Effluent;

/// <summary>The accuracy class of a flow meter as people write it: "2", "clase 2", "Class 1 (ISO 4064)", "0.5 %", "±0.5 %".</summary>
public static partial class MeterClass
{
    // Worse meters exist, but a larger number is more often a size, a year or a standard.
    private const double LargestPercent = 15;

    /// <summary>
    /// Largest permissible error that a class states, percent of the volume; NaN when the text states none, or more than one thing. The number of a class of water meters is its
    /// largest permissible error above the transitional flow (ISO 4064-1:2014, 4.2: 1 % and 2 %), that of an electromagnetic or open-channel meter its maker's limit of error.
    /// </summary>
    /// <param name="text">The class as written; null when there is none on record.</param>
    public static double LargestErrorPercent(string? text)
    {
        Match match = Written().Match(text?.Trim() ?? "");
        return match.Success && double.TryParse(match.Groups[1].Value.Replace(',', '.'), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double percent) && percent is > 0 and <= LargestPercent
            ? percent
            : double.NaN;
    }

    /// <summary>
    /// Standard uncertainty of a meter whose error lies anywhere within its class, percent: the class divided by the square root of 3. NaN when the class is not known.
    /// SOURCE: JCGM 100:2008 (GUM), 4.3.7.
    /// </summary>
    /// <param name="text">The class as written.</param>
    public static double StandardUncertaintyPercent(string? text) => LargestErrorPercent(text) / Math.Sqrt(3);

    [GeneratedRegex(@"^(?:(?:clase|class|cl\.?)\s*)?(?:de exactitud\s*)?(?:±|\+/-)?\s*(\d{1,2}(?:[.,]\d{1,3})?)\s*(?:%|s)?\s*(?:\([^)]*\)|[,;].*)?$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Written();
}
