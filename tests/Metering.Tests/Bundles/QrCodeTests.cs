using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Metering.Cloud.Evidence.Codes;
using Metering.Tests.Support;
using Xunit;

namespace Metering.Tests.Bundles;

/// <summary>QR codes against the standard's example and against modules that another program (libqrencode 4.1.1) drew of the same texts.</summary>
public sealed class QrCodeTests
{
    [Fact]
    public void The_error_correction_of_the_standards_example_comes_out()
    {
        // ISO/IEC 18004, annex I: "01234567", version 1-M.
        byte[] data = Convert.FromHexString("10200C566180EC11EC11EC11EC11EC11");
        Assert.Equal("A524D4C1ED36C7872C55", Convert.ToHexString(QrCodewords.Correction(data, 10)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void A_text_gives_with_the_same_mask_the_modules_that_another_program_draws(int example)
    {
        string folder = Repository.Path("tests", "golden", "qr");
        string text = File.ReadAllText(Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{example}.txt")));
        string[] own = [.. Enumerable.Range(0, 8).Select(mask => Modules(QrCode.Of(text, mask)))];
        Assert.Equal(8, own.Distinct(StringComparer.Ordinal).Count());
        Assert.Single(own, File.ReadAllText(Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{example}.modules"))));
        Assert.Contains(Modules(QrCode.Of(text)), own);
    }

    [Theory]
    [InlineData(14, 21)]
    [InlineData(15, 25)]
    [InlineData(213, 57)]
    public void The_smallest_code_that_holds_a_text_is_taken(int bytes, int size) => Assert.Equal(size, QrCode.Of(new string('m', bytes)).Size);

    [Fact]
    public void A_text_that_is_too_long_is_refused() => Assert.Throws<ArgumentException>(() => QrCode.Of(new string('m', 214)));

    [Fact]
    public void The_drawing_has_each_dark_module_once_inside_a_light_border()
    {
        QrCode code = QrCode.Of("metering");
        string svg = code.ToSvg("log <root>");
        int[] lengths = [.. Regex.Matches(svg, @"h(\d+)v1").Select(match => int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture))];
        Assert.Equal(Modules(code).Count(module => module == '#'), lengths.Sum());
        Assert.Contains("viewBox=\"0 0 29 29\"", svg, StringComparison.Ordinal);
        Assert.Contains("aria-label=\"log &lt;root&gt;\"", svg, StringComparison.Ordinal);
    }

    private static string Modules(QrCode code)
    {
        StringBuilder text = new();
        for (int row = 0; row < code.Size; row++)
        {
            for (int column = 0; column < code.Size; column++)
            {
                text.Append(code[row, column] ? '#' : '.');
            }

            text.Append('\n');
        }

        return text.ToString();
    }
}
