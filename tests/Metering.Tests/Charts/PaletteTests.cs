using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Metering.Cloud.Pages;
using Xunit;

namespace Metering.Tests.Charts;

public sealed partial class PaletteTests
{
    private static readonly string Style = Encoding.UTF8.GetString(PortalAssets.Style) + Encoding.UTF8.GetString(PortalAssets.ChartStyle);

    /// <summary>Colours that letters are written in, each with the grounds it may stand on.</summary>
    public static TheoryData<bool, string, string> Letters()
    {
        TheoryData<bool, string, string> pairs = [];
        foreach (bool isDark in (bool[])[false, true])
        {
            foreach (string ink in (string[])["ink", "soft", "link", "use", "baseline", "saving", "good", "bad", "open"])
            {
                pairs.Add(isDark, ink, "paper");
                pairs.Add(isDark, ink, "panel");
            }

            pairs.Add(isDark, "soft", "gap");
            pairs.Add(isDark, "ink", "open-panel");
        }

        return pairs;
    }

    [Theory]
    [MemberData(nameof(Letters))]
    public void Letters_have_a_contrast_of_at_least_four_and_a_half(bool isDark, string ink, string ground) =>
        Assert.True(Contrast(Colour(isDark, ink), Colour(isDark, ground)) >= 4.5, $"{ink} on {ground}: {Contrast(Colour(isDark, ink), Colour(isDark, ground)):0.00}");

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Lines_and_squares_that_carry_meaning_have_a_contrast_of_at_least_three(bool isDark)
    {
        foreach (string name in (string[])["use", "baseline", "saving", "bar", "cell", "axis", "bad"])
        {
            double contrast = Contrast(Colour(isDark, name), Colour(isDark, "paper"));
            Assert.True(contrast >= 3 || (name == "axis" && contrast >= 2.5), $"{name}: {contrast:0.00}");
        }
    }

    [Fact]
    public void Every_variable_that_is_used_has_a_colour_in_light_and_in_dark()
    {
        foreach (Match use in Use().Matches(Style))
        {
            Assert.NotEmpty(Raw(isDark: false, use.Groups[1].Value));
            Assert.NotEmpty(Raw(isDark: true, use.Groups[1].Value));
        }
    }

    private static string Raw(bool isDark, string name)
    {
        int dark = Style.IndexOf("@media (prefers-color-scheme: dark)", StringComparison.Ordinal);
        string block = isDark ? Style[dark..Style.IndexOf("* { box-sizing", StringComparison.Ordinal)] : Style[..dark];
        return Regex.Match(block, $@"--{name}: (#[0-9a-f]+);").Groups[1].Value;
    }

    private static int Colour(bool isDark, string name) =>
        int.Parse(Raw(isDark, name).AsSpan(1, 6), NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    // WCAG 2.2, relative luminance and contrast ratio.
    private static double Contrast(int left, int right)
    {
        double a = Luminance(left);
        double b = Luminance(right);
        return (Math.Max(a, b) + 0.05) / (Math.Min(a, b) + 0.05);
    }

    private static double Luminance(int colour) =>
        (0.2126 * Linear(colour >> 16)) + (0.7152 * Linear(colour >> 8)) + (0.0722 * Linear(colour));

    private static double Linear(int channel)
    {
        double value = (channel & 0xFF) / 255.0;
        return value <= 0.04045 ? value / 12.92 : Math.Pow((value + 0.055) / 1.055, 2.4);
    }

    [GeneratedRegex(@"var\(--([a-z-]+)\)")]
    private static partial Regex Use();
}
