using Metering.Fieldbus.Modbus;
using Metering.Meters.Profiles;
using Metering.Meters.Registers;
using Metering.Readings;
using Xunit;

namespace Metering.Tests.Meters;

/// <summary>A value made of several registers, with what the meter says about it.</summary>
public sealed class ProfileValueTests
{
    private static readonly RegisterDefinition Plain = TestProfiles.Register("q", 10);

    [Fact]
    public void Spans_follow_the_order_of_the_parts_and_neighbours_become_one()
    {
        RegisterDefinition register = Plain with
        {
            FurtherAddresses = [12, 20],
            Status = new(22, RegisterFormat.UInt16, WordOrder.Abcd, [0], []),
            UnitCode = new(9, RegisterFormat.UInt16, WordOrder.Abcd, [new(1, 0)]),
            Exponent = new(10, RegisterFormat.UInt16, WordOrder.Abcd),
        };
        RegisterSpan[] expected = [new(ModbusTable.HoldingRegisters, 10, 4), new(ModbusTable.HoldingRegisters, 20, 3), new(ModbusTable.HoldingRegisters, 9, 2)];
        Assert.Equal(expected, register.Spans);
    }

    [Fact]
    public void Tariffs_are_added_and_a_sum_that_overflows_is_bad()
    {
        RegisterDefinition sum = Plain with { Format = RegisterFormat.UInt64, FurtherAddresses = [14] };
        Assert.Equal("300 G", Decode(sum, "0000 0000 0000 0064 0000 0000 0000 00C8"));
        Assert.Equal("9223372036854775807 G", Decode(sum, "7FFF FFFF FFFF FFFE 0000 0000 0000 0001"));
        Assert.Equal("- B.out-of-range", Decode(sum, "7FFF FFFF FFFF FFFF 0000 0000 0000 0001"));
    }

    [Fact]
    public void One_tariff_that_is_not_available_leaves_no_sum()
    {
        RegisterDefinition sum = Plain with { FurtherAddresses = [12], SentinelWords = [[0xFFFF, 0xFFFF]] };
        Assert.Equal("- B.sentinel", Decode(sum, "0000 0001 FFFF FFFF"));
        Assert.Equal("4294901760 G", Decode(sum, "0000 0000 FFFF 0000"));
    }

    // 42.75 = 422B0000 in two words: 0.75 = 3F40 0000.
    [Fact]
    public void Whole_units_and_the_digits_behind_the_point_make_one_total()
    {
        RegisterDefinition total = Plain with { Format = RegisterFormat.Int32, Decimals = 3, Fraction = new(12, RegisterFormat.Float32, WordOrder.Abcd) };
        Assert.Equal("42750 G", Decode(total, "0000 002A 3F40 0000"));
        Assert.Equal("-42750 G", Decode(total, "FFFF FFD6 BF40 0000"));
        Assert.Equal("- B.out-of-range", Decode(total, "0000 002A 4040 0000"));
        Assert.Equal("- B.sentinel", Decode(total, "0000 002A 7FC0 0000"));
    }

    [Fact]
    public void A_total_that_began_again_counts_its_rollovers()
    {
        RegisterDefinition total = Plain with { Format = RegisterFormat.Float32, Decimals = 1, Rollovers = new(12, RegisterFormat.UInt16, WordOrder.Abcd, 10_000_000) };
        Assert.Equal("20002305 G", Decode(total, "4366 8000 0002"));
        Assert.Equal("2305 G", Decode(total, "4366 8000 0000"));
    }

    [Theory]
    [InlineData("0000 0007 0000", "7 G")]
    [InlineData("0000 0007 0001", "7 U")]
    [InlineData("0000 0007 0002", "7 B.sentinel")]
    [InlineData("0000 0007 1234", "7 B.sentinel")]
    [InlineData("0000 0063 0001", "99 B.out-of-range")]
    public void The_status_of_the_meter_is_the_quality_of_the_reading(string wire, string expected) =>
        Assert.Equal(expected, Decode(Plain with { Maximum = 50, Status = new(12, RegisterFormat.UInt16, WordOrder.Abcd, [0], [1]) }, wire));

    [Theory]
    [InlineData("0000 0007 0003", "7 G")]
    [InlineData("0000 0007 0004", "7000 G")]
    [InlineData("0000 09C4 0005", "2 G")]
    [InlineData("0000 0DAC 0005", "4 G")]
    [InlineData("0000 0007 0006", "- B.unexpected-reply")]
    public void Another_unit_is_bad_and_a_decade_is_scaled(string wire, string expected) =>
        Assert.Equal(expected, Decode(Plain with { UnitCode = new(12, RegisterFormat.UInt16, WordOrder.Abcd, [new(3, 0), new(4, 3), new(5, -3)]) }, wire));

    [Fact]
    public void A_multiplier_and_limits_meet_after_multiplying_and_sentinels_before()
    {
        RegisterDefinition times = Plain with { Factor = new(10, 1), Maximum = 100, Sentinels = [99] };
        Assert.Equal("100 G", Decode(times, "0000 000A"));
        Assert.Equal("110 B.out-of-range", Decode(times, "0000 000B"));
        Assert.Equal("- B.sentinel", Decode(times, "0000 0063"));
    }

    [Fact]
    public void Transformers_bring_a_value_to_the_primary_side_exactly()
    {
        DeviceProfile profile = TestProfiles.UInt32At([0, 2]);
        profile = profile with
        {
            Registers =
            [
                profile.Registers[0] with { Side = TransformerSide.CurrentAndVoltage, Modulus = 1000, Maximum = 999, Minimum = 1 },
                profile.Registers[1] with { Side = TransformerSide.Voltage, Factor = new(1, 10) },
            ],
        };
        Assert.True(new TransformerRatios(new(200, 5), new(13200, 120)).TryApply(profile, out DeviceProfile applied, out _));
        Assert.Equal((new ExactRatio(4400, 1), 4_400_000, 4_395_600, 4400), (applied.Registers[0].Factor, applied.Registers[0].Modulus!.Value, applied.Registers[0].Maximum, applied.Registers[0].Minimum));
        Assert.Equal("30800 G", Decode(applied.Registers[0], "0000 0007"));
        Assert.Equal(new ExactRatio(11, 1), applied.Registers[1].Factor);
        Assert.True(new TransformerRatios(new(1, 3), new(1, 1)).TryApply(profile with { Registers = [profile.Registers[0] with { Modulus = null }] }, out applied, out _));
        Assert.Equal("2 G", Decode(applied.Registers[0], "0000 0007"));
    }

    [Fact]
    public void A_ratio_that_is_missing_or_breaks_a_counter_s_end_is_refused()
    {
        DeviceProfile profile = TestProfiles.UInt32At([0]);
        profile = profile with { Registers = [profile.Registers[0] with { Side = TransformerSide.Current, Modulus = 1000 }] };
        Assert.False(new TransformerRatios(null, null).TryApply(profile, out _, out Text? problem));
        Assert.Contains("not given", problem!.In(Language.English), StringComparison.Ordinal);
        Assert.False(new TransformerRatios(new(1, 3), null).TryApply(profile, out _, out problem));
        Assert.Contains("broken number", problem!.In(Language.English), StringComparison.Ordinal);
        DeviceProfile both = profile with { Registers = [profile.Registers[0] with { Side = TransformerSide.CurrentAndVoltage }] };
        Assert.False(new TransformerRatios(new(1_000_000, 1), new(2, 1)).TryApply(both, out _, out _));
    }

    [Theory]
    [InlineData("200/5", 40, 1)]
    [InlineData("115/120", 23, 24)]
    [InlineData("1/1", 1, 1)]
    [InlineData("40", 0, 0)]
    [InlineData("200/0", 0, 0)]
    [InlineData("-200/5", 0, 0)]
    [InlineData("2000000/5", 0, 0)]
    [InlineData("1.5/1", 0, 0)]
    public void A_ratio_is_read_as_the_nameplate_prints_it(string text, int numerator, int denominator)
    {
        Assert.Equal(denominator > 0, ExactRatio.TryParse(text, out ExactRatio ratio));
        Assert.True(denominator == 0 || ratio == new ExactRatio(numerator, denominator), text);
    }

    [Fact]
    public void Decoding_allocates_nothing_whatever_the_parts()
    {
        RegisterDefinition[] all =
        [
            .. GoldenCase.Profiles.Select(GoldenCase.Load).SelectMany(profile => profile.Registers),
            Plain with { Format = RegisterFormat.Float32, Decimals = 1, Rollovers = new(12, RegisterFormat.UInt16, WordOrder.Abcd, 10_000_000) },
        ];
        ushort[] registers = new ushort[RegisterValue.MaximumRegisters];
        Array.Fill(registers, (ushort)0x4366);
        foreach (RegisterDefinition register in all)
        {
            _ = RegisterValue.Decode(register, registers, out _, out _);
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int index = 0; index < all.Length; index++)
        {
            _ = RegisterValue.Decode(all[index], registers, out _, out _);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static string Decode(RegisterDefinition register, string wire)
    {
        ReadingQuality quality = RegisterValue.Decode(register, RegisterCodecTests.Words(wire), out long value, out bool hasValue);
        return $"{(hasValue ? value : "-")} {quality}";
    }
}
