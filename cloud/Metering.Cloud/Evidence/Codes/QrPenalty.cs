namespace Metering.Cloud.Evidence.Codes;

/// <summary>Penalty points of a masked QR code: what hinders a camera (ISO/IEC 18004:2015, 7.8.3).</summary>
internal static class QrPenalty
{
    private const int LongRun = 5;
    private const int BlockPoints = 3;
    private const int FinderPoints = 40;
    private const int BalancePoints = 10;

    // Dark, light, three dark, light, dark, with four light modules before or behind: it looks like a finder.
    private static readonly bool[][] LikeFinder =
    [
        [true, false, true, true, true, false, true, false, false, false, false],
        [false, false, false, false, true, false, true, true, true, false, true],
    ];

    /// <summary>The points.</summary>
    public static int Of(bool[,] dark)
    {
        int size = dark.GetLength(0);
        int points = 0;
        int darkCount = 0;
        for (int line = 0; line < size; line++)
        {
            int number = line;
            points += OfLine(size, place => dark[number, place]) + OfLine(size, place => dark[place, number]);
        }

        for (int row = 0; row < size; row++)
        {
            for (int column = 0; column < size; column++)
            {
                darkCount += dark[row, column] ? 1 : 0;
                bool isBlock = row + 1 < size && column + 1 < size && dark[row, column] == dark[row + 1, column]
                    && dark[row, column] == dark[row, column + 1] && dark[row, column] == dark[row + 1, column + 1];
                points += isBlock ? BlockPoints : 0;
            }
        }

        // Ten points for every whole 5 % away from a half.
        int away = Math.Abs((20 * darkCount) - (10 * size * size));
        return points + (BalancePoints * (away / (size * size)));
    }

    private static int OfLine(int size, Func<int, bool> isDark)
    {
        int points = 0;
        int run = 1;
        for (int place = 1; place <= size; place++)
        {
            if (place < size && isDark(place) == isDark(place - 1))
            {
                run++;
                continue;
            }

            points += run >= LongRun ? run - 2 : 0;
            run = 1;
        }

        for (int start = 0; start + LikeFinder[0].Length <= size; start++)
        {
            int from = start;
            points += FinderPoints * LikeFinder.Count(pattern => Enumerable.Range(0, pattern.Length).All(offset => isDark(from + offset) == pattern[offset]));
        }

        return points;
    }
}
