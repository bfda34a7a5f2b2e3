using System.Globalization;

namespace Metering.Analytics.Indicators;

/// <summary>
/// Figures inside sentences. Thousands are parted by a space and three decimals never follow a single group, so that no
/// reader can take a decimal point for a thousands point: published claims have been wrong by 1000 for that reason.
/// </summary>
internal static class FigureText
{
    private static readonly NumberFormatInfo Spaced = MakeSpaced();

    public static string Of(double value)
    {
        double size = Math.Abs(value);
        string format = size switch
        {
            0 => "0",
            >= 1e15 => "E3",
            >= 1000 => "#,0",
            >= 10 => "0.0",
            >= 0.01 => "0.0000",
            _ => "E2",
        };
        return value.ToString(format, Spaced);
    }

    public static string Line(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static NumberFormatInfo MakeSpaced()
    {
        NumberFormatInfo format = (NumberFormatInfo)CultureInfo.InvariantCulture.NumberFormat.Clone();
        format.NumberGroupSeparator = " ";
        return NumberFormatInfo.ReadOnly(format);
    }
}
