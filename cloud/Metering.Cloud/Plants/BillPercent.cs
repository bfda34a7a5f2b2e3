using Metering.Cloud.Texts;

namespace Metering.Cloud.Plants;

/// <summary>A difference in percent with its sign.</summary>
internal static class BillPercent
{
    /// <summary>+1.2 %, −0.4 %; a dash when not known.</summary>
    public static string Of(double percent) => Math.Round(percent, 1) > 0 ? "+" + Formatter.Percent(percent) : Formatter.Percent(percent);
}
