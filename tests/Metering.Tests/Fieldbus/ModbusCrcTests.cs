using Metering.Fieldbus.Modbus;
using Xunit;

namespace Metering.Tests.Fieldbus;

public sealed class ModbusCrcTests
{
    // MODBUS over Serial Line V1.02, 6.2.2: the frame 02 07 has the CRC 1241 hex, sent 41 then 12.
    [Fact]
    public void The_example_of_the_standard_has_its_checksum() =>
        Assert.Equal(0x1241, ModbusCrc.Compute([0x02, 0x07]));

    [Fact]
    public void The_low_byte_is_sent_first()
    {
        byte[] frame = [0x02, 0x07, 0, 0];
        ModbusCrc.Append(frame);
        Assert.Equal([0x02, 0x07, 0x41, 0x12], frame);
        Assert.True(ModbusCrc.IsValid(frame));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(20260101)]
    public void The_table_agrees_with_the_polynomial_bit_by_bit(int seed)
    {
        Random random = new(seed);
        for (int round = 0; round < 2000; round++)
        {
            byte[] bytes = new byte[random.Next(0, 254)];
            random.NextBytes(bytes);
            Assert.True(ModbusCrc.Compute(bytes) == BitByBit(bytes), $"seed {seed}, round {round}");
        }
    }

    [Theory]
    [InlineData(7)]
    public void Every_change_of_one_bit_is_noticed(int seed)
    {
        byte[] frame = new byte[255];
        new Random(seed).NextBytes(frame);
        ModbusCrc.Append(frame);
        for (int bit = 0; bit < frame.Length * 8; bit++)
        {
            frame[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.False(ModbusCrc.IsValid(frame), $"seed {seed}, bit {bit}");
            frame[bit / 8] ^= (byte)(1 << (bit % 8));
        }
    }

    private static int BitByBit(byte[] bytes)
    {
        int crc = 0xFFFF;
        foreach (byte value in bytes)
        {
            crc ^= value;
            for (int bit = 0; bit < 8; bit++)
            {
                bool carry = (crc & 1) != 0;
                crc >>= 1;
                crc ^= carry ? 0xA001 : 0;
            }
        }

        return crc;
    }
}
