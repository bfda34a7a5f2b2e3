using System.Globalization;
using System.Text;

namespace Metering.Cloud.Evidence.Codes;

/// <summary>
/// A QR code of a text (ISO/IEC 18004:2015): bytes, error correction level M (15 % of the code may be unreadable), the smallest of the versions 1 to 10, the mask with the fewest
/// penalty points. Up to 213 bytes.
/// </summary>
internal sealed class QrCode
{
    private const int Masks = 8;
    private const int QuietZone = 4;

    private readonly bool[,] dark;
    private readonly bool[,] isFunction;
    private readonly int version;

    private QrCode(int version)
    {
        this.version = version;
        Size = 17 + (4 * version);
        dark = new bool[Size, Size];
        isFunction = new bool[Size, Size];
    }

    /// <summary>Modules on a side, without the quiet zone.</summary>
    public int Size { get; }

    /// <summary>Whether a module is dark.</summary>
    public bool this[int row, int column] => dark[row, column];

    /// <summary>The code of a text.</summary>
    /// <exception cref="ArgumentException">It is longer than 213 bytes of UTF-8.</exception>
    public static QrCode Of(string text)
    {
        QrCode? best = null;
        int fewest = int.MaxValue;
        for (int mask = 0; mask < Masks; mask++)
        {
            QrCode code = Of(text, mask);
            int penalty = QrPenalty.Of(code.dark);
            if (penalty < fewest)
            {
                (best, fewest) = (code, penalty);
            }
        }

        return best!;
    }

    /// <summary>The code of a text with one of the eight masks; every one of them is read alike.</summary>
    internal static QrCode Of(string text, int mask)
    {
        (int version, byte[] codewords) = QrCodewords.Of(Encoding.UTF8.GetBytes(text));
        QrCode code = new(version);
        code.DrawFunctionPatterns(mask);
        code.DrawCodewords(codewords, mask);
        return code;
    }

    /// <summary>A drawing, one module a unit wide, black on white whatever the page's colours, since cameras expect it; with its quiet zone.</summary>
    /// <param name="label">What a screen reader says.</param>
    public string ToSvg(string label)
    {
        StringBuilder path = new();
        for (int row = 0; row < Size; row++)
        {
            for (int column = 0; column < Size; column++)
            {
                int start = column;
                while (column < Size && dark[row, column])
                {
                    column++;
                }

                if (column > start)
                {
                    path.Append(CultureInfo.InvariantCulture, $"M{start + QuietZone} {row + QuietZone}h{column - start}v1h-{column - start}z");
                }
            }
        }

        int side = Size + (2 * QuietZone);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"<svg class=\"qr\" role=\"img\" aria-label=\"{System.Net.WebUtility.HtmlEncode(label)}\" viewBox=\"0 0 {side} {side}\" width=\"{4 * side}\" height=\"{4 * side}\" shape-rendering=\"crispEdges\"><path fill=\"#fff\" d=\"M0 0h{side}v{side}h-{side}z\"/><path fill=\"#000\" d=\"{path}\"/></svg>");
    }

    private void DrawFunctionPatterns(int mask)
    {
        for (int place = 0; place < Size; place++)
        {
            Set(6, place, place % 2 == 0);
            Set(place, 6, place % 2 == 0);
        }

        DrawFinder(3, 3);
        DrawFinder(3, Size - 4);
        DrawFinder(Size - 4, 3);
        int[] centres = AlignmentCentres(version);
        for (int row = 0; row < centres.Length; row++)
        {
            for (int column = 0; column < centres.Length; column++)
            {
                bool isFinder = (row == 0 && column == 0) || (row == 0 && column == centres.Length - 1) || (row == centres.Length - 1 && column == 0);
                if (!isFinder)
                {
                    DrawAlignment(centres[row], centres[column]);
                }
            }
        }

        DrawFormat(mask);
        DrawVersion();
    }

    // Three nested squares and the light border that keeps them apart (6.3.3 and 6.3.4).
    private void DrawFinder(int centreRow, int centreColumn)
    {
        for (int row = -4; row <= 4; row++)
        {
            for (int column = -4; column <= 4; column++)
            {
                int distance = Math.Max(Math.Abs(row), Math.Abs(column));
                if (centreRow + row >= 0 && centreRow + row < Size && centreColumn + column >= 0 && centreColumn + column < Size)
                {
                    Set(centreRow + row, centreColumn + column, distance is not 2 and not 4);
                }
            }
        }
    }

    private void DrawAlignment(int centreRow, int centreColumn)
    {
        for (int row = -2; row <= 2; row++)
        {
            for (int column = -2; column <= 2; column++)
            {
                Set(centreRow + row, centreColumn + column, Math.Max(Math.Abs(row), Math.Abs(column)) != 1);
            }
        }
    }

    // Centres of the alignment patterns (annex E).
    private static int[] AlignmentCentres(int version) => version switch
    {
        1 => [],
        < 7 => [6, 10 + (4 * version)],
        _ => [6, 8 + (2 * version), 10 + (4 * version)],
    };

    // Level M is 00; three bits of the mask; BCH (15, 5) with generator 10100110111, then the mask 101010000010010 (7.9).
    private void DrawFormat(int mask)
    {
        int rest = mask;
        for (int bit = 0; bit < 10; bit++)
        {
            rest = (rest << 1) ^ ((rest >> 9) * 0x537);
        }

        int bits = ((mask << 10) | rest) ^ 0x5412;
        for (int bit = 0; bit < 15; bit++)
        {
            bool isDark = ((bits >> bit) & 1) != 0;

            // Around the upper left finder, past the timing pattern.
            (int row, int column) = bit switch
            {
                < 6 => (bit, 8),
                6 => (7, 8),
                7 => (8, 8),
                8 => (8, 7),
                _ => (8, 14 - bit),
            };
            Set(row, column, isDark);
            Set(bit < 8 ? 8 : Size - 15 + bit, bit < 8 ? Size - 1 - bit : 8, isDark);
        }

        Set(Size - 8, 8, true);
    }

    // From version 7 on: six bits, BCH (18, 6) with generator 1111100100101 (7.10).
    private void DrawVersion()
    {
        if (version < 7)
        {
            return;
        }

        int rest = version;
        for (int bit = 0; bit < 12; bit++)
        {
            rest = (rest << 1) ^ ((rest >> 11) * 0x1F25);
        }

        int bits = (version << 12) | rest;
        for (int bit = 0; bit < 18; bit++)
        {
            bool isDark = ((bits >> bit) & 1) != 0;
            Set(bit / 3, Size - 11 + (bit % 3), isDark);
            Set(Size - 11 + (bit % 3), bit / 3, isDark);
        }
    }

    // Two columns at a time from the right, up and down in turn, around everything that is no data (7.7.3); masked as it goes (7.8.2).
    private void DrawCodewords(byte[] codewords, int mask)
    {
        int bit = 0;
        bool isUpward = true;
        for (int right = Size - 1; right > 0; right -= 2)
        {
            right = right == 6 ? 5 : right;
            for (int step = 0; step < Size; step++)
            {
                int row = isUpward ? Size - 1 - step : step;
                for (int column = right; column > right - 2; column--)
                {
                    if (!isFunction[row, column])
                    {
                        bool isDark = bit < 8 * codewords.Length && ((codewords[bit / 8] >> (7 - (bit % 8))) & 1) != 0;
                        dark[row, column] = isDark ^ IsMasked(mask, row, column);
                        bit++;
                    }
                }
            }

            isUpward = !isUpward;
        }
    }

    private static bool IsMasked(int mask, int row, int column) => mask switch
    {
        0 => (row + column) % 2 == 0,
        1 => row % 2 == 0,
        2 => column % 3 == 0,
        3 => (row + column) % 3 == 0,
        4 => ((row / 2) + (column / 3)) % 2 == 0,
        5 => (row * column % 2) + (row * column % 3) == 0,
        6 => ((row * column % 2) + (row * column % 3)) % 2 == 0,
        _ => (((row + column) % 2) + (row * column % 3)) % 2 == 0,
    };

    private void Set(int row, int column, bool isDark)
    {
        dark[row, column] = isDark;
        isFunction[row, column] = true;
    }
}
