using System.Globalization;

namespace Metering.Meters.Registers;

/// <summary>A positive ratio of whole numbers, kept exactly and in lowest terms: 200/5 is 40/1, 13200/120 is 110/1.</summary>
public readonly record struct ExactRatio
{
    /// <summary>The largest numerator and denominator: with them every value of a register, scaled by 10^15, stays inside 128 bits.</summary>
    public const int Largest = 1_000_000;

    private readonly int _numeratorLessOne;
    private readonly int _denominatorLessOne;

    /// <summary>Makes a ratio.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A number is outside 1 to <see cref="Largest"/>.</exception>
    public ExactRatio(int numerator, int denominator)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(numerator, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(numerator, Largest);
        ArgumentOutOfRangeException.ThrowIfLessThan(denominator, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(denominator, Largest);
        int divisor = (int)GreatestDivisor(numerator, denominator);
        _numeratorLessOne = (numerator / divisor) - 1;
        _denominatorLessOne = (denominator / divisor) - 1;
    }

    /// <summary>One to one; also the default value.</summary>
    public static ExactRatio One => default;

    /// <summary>Upper number, 1 to <see cref="Largest"/>.</summary>
    public int Numerator => _numeratorLessOne + 1;

    /// <summary>Lower number, 1 to <see cref="Largest"/>.</summary>
    public int Denominator => _denominatorLessOne + 1;

    /// <summary>The product.</summary>
    /// <returns>False when it does not fit <see cref="Largest"/> in lowest terms.</returns>
    public bool TryTimes(ExactRatio other, out ExactRatio product)
    {
        long numerator = (long)Numerator * other.Numerator;
        long denominator = (long)Denominator * other.Denominator;
        long divisor = GreatestDivisor(numerator, denominator);
        bool fits = numerator / divisor <= Largest && denominator / divisor <= Largest;
        product = fits ? new((int)(numerator / divisor), (int)(denominator / divisor)) : default;
        return fits;
    }

    /// <summary>Reads primary/secondary as a nameplate prints it, such as 200/5.</summary>
    public static bool TryParse(string text, out ExactRatio ratio)
    {
        ArgumentNullException.ThrowIfNull(text);
        ratio = default;
        int slash = text.IndexOf('/', StringComparison.Ordinal);
        if (slash < 0
            || !int.TryParse(text.AsSpan(0, slash), NumberStyles.None, CultureInfo.InvariantCulture, out int numerator)
            || !int.TryParse(text.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int denominator)
            || numerator is < 1 or > Largest || denominator is < 1 or > Largest)
        {
            return false;
        }

        ratio = new(numerator, denominator);
        return true;
    }

    /// <summary>Numerator/denominator in lowest terms.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Numerator}/{Denominator}");

    private static long GreatestDivisor(long left, long right)
    {
        while (right != 0)
        {
            (left, right) = (right, left % right);
        }

        return left;
    }
}
