namespace Metering.Readings;

/// <summary>
/// Doubles (IEEE 754 binary64) as integers of the same order, so that stores and codecs that know integers keep them bit by bit:
/// the bits as they are for a positive number, all bits but the sign inverted for a negative one. 0 stands for +0 and -1 for -0.
/// </summary>
public static class Binary64
{
    /// <summary>The integer of a double. a &lt; b of finite numbers gives ToOrdered(a) &lt; ToOrdered(b).</summary>
    public static long ToOrdered(double value)
    {
        long bits = BitConverter.DoubleToInt64Bits(value);
        return bits < 0 ? bits ^ long.MaxValue : bits;
    }

    /// <summary>The double of an integer; every integer has one, some are NaN or infinite.</summary>
    public static double FromOrdered(long ordered) => BitConverter.Int64BitsToDouble(ordered < 0 ? ordered ^ long.MaxValue : ordered);

    /// <summary>Whether the integer stands for a finite number.</summary>
    public static bool IsFinite(long ordered) => double.IsFinite(FromOrdered(ordered));
}
