using Metering.Meters.Registers;
using Metering.Readings;
using Xunit;

namespace Metering.Tests.Meters;

public sealed class RegisterCodecTests
{
    // Worked out by hand. 123456789 = 0x075BCD15; -2 = 0xFFFFFFFE; 230.5f = 0x43668000; 1234567890123456789 = 0x112210F47DE98115;
    // 230.5 = 0x406CD00000000000.
    [Theory]
    [InlineData(RegisterFormat.UInt16, WordOrder.Abcd, 0, "FFFE", 65534)]
    [InlineData(RegisterFormat.UInt16, WordOrder.Badc, 0, "FEFF", 65534)]
    [InlineData(RegisterFormat.Int16, WordOrder.Abcd, 0, "FFFE", -2)]
    [InlineData(RegisterFormat.Int16, WordOrder.Badc, 0, "FEFF", -2)]
    [InlineData(RegisterFormat.UInt32, WordOrder.Abcd, 0, "075B CD15", 123456789)]
    [InlineData(RegisterFormat.UInt32, WordOrder.Cdab, 0, "CD15 075B", 123456789)]
    [InlineData(RegisterFormat.UInt32, WordOrder.Badc, 0, "5B07 15CD", 123456789)]
    [InlineData(RegisterFormat.UInt32, WordOrder.Dcba, 0, "15CD 5B07", 123456789)]
    [InlineData(RegisterFormat.UInt32, WordOrder.Abcd, 0, "FFFF FFFE", 4294967294)]
    [InlineData(RegisterFormat.Int32, WordOrder.Abcd, 0, "FFFF FFFE", -2)]
    [InlineData(RegisterFormat.Int32, WordOrder.Cdab, 0, "FFFE FFFF", -2)]
    [InlineData(RegisterFormat.Int32, WordOrder.Badc, 0, "FFFF FEFF", -2)]
    [InlineData(RegisterFormat.Int32, WordOrder.Dcba, 0, "FEFF FFFF", -2)]
    [InlineData(RegisterFormat.UInt64, WordOrder.Abcd, 0, "1122 10F4 7DE9 8115", 1234567890123456789)]
    [InlineData(RegisterFormat.UInt64, WordOrder.Cdab, 0, "8115 7DE9 10F4 1122", 1234567890123456789)]
    [InlineData(RegisterFormat.UInt64, WordOrder.Badc, 0, "2211 F410 E97D 1581", 1234567890123456789)]
    [InlineData(RegisterFormat.UInt64, WordOrder.Dcba, 0, "1581 E97D F410 2211", 1234567890123456789)]
    [InlineData(RegisterFormat.Int64, WordOrder.Abcd, 0, "FFFF FFFF FFFF FFFE", -2)]
    [InlineData(RegisterFormat.Int64, WordOrder.Dcba, 0, "FEFF FFFF FFFF FFFF", -2)]
    [InlineData(RegisterFormat.Float32, WordOrder.Abcd, 1, "4366 8000", 2305)]
    [InlineData(RegisterFormat.Float32, WordOrder.Cdab, 1, "8000 4366", 2305)]
    [InlineData(RegisterFormat.Float32, WordOrder.Badc, 1, "6643 0080", 2305)]
    [InlineData(RegisterFormat.Float32, WordOrder.Dcba, 1, "0080 6643", 2305)]
    [InlineData(RegisterFormat.Float64, WordOrder.Abcd, 3, "406C D000 0000 0000", 230500)]
    [InlineData(RegisterFormat.Float64, WordOrder.Cdab, 3, "0000 0000 D000 406C", 230500)]
    [InlineData(RegisterFormat.Float64, WordOrder.Badc, 3, "6C40 00D0 0000 0000", 230500)]
    [InlineData(RegisterFormat.Float64, WordOrder.Dcba, 3, "0000 0000 00D0 6C40", 230500)]
    public void A_value_is_read_and_written_in_every_format_and_order(RegisterFormat format, WordOrder order, int decimals, string wire, long expected)
    {
        ushort[] registers = Words(wire);
        Assert.Equal(QualityReason.None, RegisterDecoder.Decode(registers, format, order, decimals, out long value));
        Assert.Equal(expected, value);
        ushort[] written = new ushort[registers.Length];
        RegisterEncoder.Encode(expected, format, order, decimals, written);
        Assert.Equal(registers, written);
    }

    // 0.5 = 3F000000, 1.5 = 3FC00000, 2.5 = 40200000, 0.25 = 3E800000, 0.1f = 3DCCCCCD, -0.5 = BF000000.
    [Theory]
    [InlineData("3F00 0000", 0, 0)]
    [InlineData("3FC0 0000", 0, 2)]
    [InlineData("4020 0000", 0, 2)]
    [InlineData("3E80 0000", 1, 2)]
    [InlineData("3DCC CCCD", 3, 100)]
    [InlineData("BF00 0000", 0, 0)]
    public void A_floating_point_register_is_rounded_half_to_even_and_kept_as_an_integer(string wire, int decimals, long expected)
    {
        Assert.Equal(QualityReason.None, RegisterDecoder.Decode(Words(wire), RegisterFormat.Float32, WordOrder.Abcd, decimals, out long value));
        Assert.Equal(expected, value);
    }

    [Theory]
    [InlineData(RegisterFormat.Float32, "7FC0 0000", QualityReason.Sentinel)]
    [InlineData(RegisterFormat.Float32, "7F80 0000", QualityReason.OutOfRange)]
    [InlineData(RegisterFormat.Float32, "FF80 0000", QualityReason.OutOfRange)]
    [InlineData(RegisterFormat.Float32, "7F7F FFFF", QualityReason.OutOfRange)]
    [InlineData(RegisterFormat.Float64, "7FF8 0000 0000 0000", QualityReason.Sentinel)]
    [InlineData(RegisterFormat.Float64, "43E0 0000 0000 0000", QualityReason.OutOfRange)]
    [InlineData(RegisterFormat.UInt64, "FFFF FFFF FFFF FFFF", QualityReason.OutOfRange)]
    public void What_is_no_number_or_fits_no_integer_gives_a_reason_and_no_value(RegisterFormat format, string wire, QualityReason expected)
    {
        Assert.Equal(expected, RegisterDecoder.Decode(Words(wire), format, WordOrder.Abcd, 1, out long value));
        Assert.Equal(0, value);
    }

    // The double nearest to 0.0005 is 0.0005000000000000000104..., above half of the last place: 0.0005 x 1000 as doubles is the tie 0.5,
    // which half to even makes 0.
    [Theory]
    [InlineData("3F40 624D D2F1 A9FC", 3, 1)]
    [InlineData("BF40 624D D2F1 A9FC", 3, -1)]
    [InlineData("3FE0 0000 0000 0000", 0, 0)]
    [InlineData("3FF8 0000 0000 0000", 0, 2)]
    [InlineData("4330 0000 0000 0001", 3, 4503599627370497000)]
    [InlineData("0010 0000 0000 0000", 9, 0)]
    public void A_binary64_is_rounded_once(string wire, int decimals, long expected)
    {
        Assert.Equal(QualityReason.None, RegisterDecoder.Decode(Words(wire), RegisterFormat.Float64, WordOrder.Abcd, decimals, out long value));
        Assert.Equal(expected, value);
    }

    [Theory]
    [InlineData(RegisterFormat.Float32, "0000 4366")]
    [InlineData(RegisterFormat.Float32, "8000 4366")]
    [InlineData(RegisterFormat.Float64, "0000 0000 D000 406C")]
    public void What_a_swapped_value_looks_like_is_no_good_zero(RegisterFormat format, string wire) =>
        Assert.Equal(QualityReason.OutOfRange, RegisterDecoder.Decode(Words(wire), format, WordOrder.Abcd, 3, out _));

    // Against exact decimals, over random bit patterns of every exponent.
    [Fact]
    public void Rounding_agrees_with_exact_fractions_over_random_values()
    {
        Random random = new(20_260_101);
        for (int draw = 0; draw < 20_000; draw++)
        {
            double value = BitConverter.Int64BitsToDouble(random.NextInt64(long.MinValue, long.MaxValue));
            value = Math.ScaleB(value == 0 || !double.IsFinite(value) ? 1 : value / Math.ScaleB(1, Math.ILogB(value)), random.Next(-70, 60));
            int decimals = random.Next(0, 10);
            ExactRatio factor = new(random.Next(1, 5000), random.Next(1, 5000));
            ushort[] registers = new ushort[4];
            ulong bits = BitConverter.DoubleToUInt64Bits(value);
            for (int index = 0; index < 4; index++)
            {
                registers[index] = unchecked((ushort)(bits >> (48 - (16 * index))));
            }

            QualityReason reason = RegisterDecoder.Decode(registers, RegisterFormat.Float64, WordOrder.Abcd, decimals, 0, factor, out long scaled);
            System.Numerics.BigInteger? expected = Exact(value, decimals, factor);
            Assert.True(expected is null ? reason == QualityReason.OutOfRange : reason == QualityReason.None && expected == scaled, $"draw {draw}: {value:R} x {factor} at {decimals}: {scaled}, expected {expected}");
        }
    }

    private static System.Numerics.BigInteger? Exact(double value, int decimals, ExactRatio factor)
    {
        long bits = BitConverter.DoubleToInt64Bits(value);
        System.Numerics.BigInteger numerator = ((bits & 0xF_FFFF_FFFF_FFFF) | (1L << 52)) * System.Numerics.BigInteger.Pow(10, decimals) * factor.Numerator;
        System.Numerics.BigInteger denominator = factor.Denominator;
        int exponent = (int)((bits >> 52) & 0x7FF) - 1075;
        (numerator, denominator) = exponent > 0 ? (numerator << exponent, denominator) : (numerator, denominator << -exponent);
        System.Numerics.BigInteger whole = System.Numerics.BigInteger.DivRem(numerator, denominator, out System.Numerics.BigInteger rest);
        int half = (rest * 2).CompareTo(denominator);
        whole += half > 0 || (half == 0 && !whole.IsEven) ? 1 : 0;
        whole = value < 0 ? -whole : whole;
        return whole >= long.MinValue && whole <= long.MaxValue ? whole : null;
    }

    internal static ushort[] Words(string text) => [.. text.Split(' ').Select(word => Convert.ToUInt16(word, 16))];
}
