using Metering.Meters.Inputs;
using Xunit;

namespace Metering.Tests.Inputs;

public sealed class AnalogueInputTests : IDisposable
{
    private const string Device = "sys/bus/iio/devices/iio:device1/";

    // 150 ohm: 4 mA is 600 mV, which are 4800 steps of 0.125 mV.
    private readonly AnalogueOptions _options = new()
    {
        Channel = InputTree.ChannelOf("bar", 2), DeviceName = "ads1015", Input = "voltage0", ShuntOhm = 150, ValueAt4Milliampere = 0, ValueAt20Milliampere = 16,
    };

    private readonly InputTree _tree = new();

    public AnalogueInputTests()
    {
        _ = _tree.Write("sys/bus/iio/devices/iio:device0/name", "mcp3422\n");
        _ = _tree.Write(Device + "name", "ads1015\n");
        _ = _tree.Write(Device + "in_voltage0_scale", "0.125000000\n");
        _tree.Link(Device + "of_node", "../../../../firmware/devicetree/base/soc/i2c@7e804000/adc@48");
    }

    public void Dispose() => _tree.Dispose();

    [Theory]
    [InlineData(4800, "0 G")]
    [InlineData(14_400, "800 G")]
    [InlineData(24_000, "1600 G")]
    [InlineData(4_536, "-22 U.out-of-range")]
    [InlineData(24_720, "1660 U.out-of-range")]
    [InlineData(4_200, "-50 B.out-of-range")]
    [InlineData(25_800, "1750 B.out-of-range")]
    [InlineData(0, "B.disconnected")]
    [InlineData(-3, "B.disconnected")]
    public void A_current_becomes_a_value_and_the_limits_of_NE_43_its_quality(int raw, string expected)
    {
        _ = _tree.Write(Device + "in_voltage0_raw", raw + "\n");
        using AnalogueInput input = new(_options, _tree.Folders);
        Assert.Equal(expected, InputTree.Text(InputTree.Read(input)));
    }

    [Theory]
    [InlineData("adc@48", "800 G")]
    [InlineData("c@48", "B.disconnected")]
    public void A_device_is_found_by_its_node(string node, string expected)
    {
        _ = _tree.Write(Device + "in_voltage0_raw", "14400\n");
        using AnalogueInput input = new(_options with { DeviceName = null, DeviceNode = node }, _tree.Folders);
        Assert.Equal(expected, InputTree.Text(InputTree.Read(input)));
    }

    [Fact]
    public void An_offset_is_added_before_the_scale()
    {
        _ = _tree.Write(Device + "in_voltage0_raw", "14000\n");
        _ = _tree.Write(Device + "in_voltage0_offset", "400\n");
        using AnalogueInput input = new(_options with { SampleCount = 4 }, _tree.Folders);
        Assert.Equal("800 G", InputTree.Text(InputTree.Read(input)));
    }

    [Fact]
    public void A_converter_that_goes_and_comes_back_under_another_number_is_found_again()
    {
        using AnalogueInput input = new(_options, _tree.Folders);
        Assert.Equal("B.disconnected", InputTree.Text(InputTree.Read(input)));
        _ = _tree.Write(Device + "in_voltage0_raw", "14400\n");
        Assert.Equal("800 G", InputTree.Text(InputTree.Read(input)));
        _ = _tree.Write(Device + "name", "gone\n");
        _tree.Delete(Device + "in_voltage0_raw");
        _ = _tree.Write("sys/bus/iio/devices/iio:device5/name", "ads1015\n");
        _ = _tree.Write("sys/bus/iio/devices/iio:device5/in_voltage_scale", "0.125\n");
        _ = _tree.Write("sys/bus/iio/devices/iio:device5/in_voltage0_raw", "24000\n");
        Assert.Equal("1600 G", InputTree.Text(InputTree.Read(input)));
    }

    [Fact]
    public void What_a_driver_writes_instead_of_a_number_is_no_value()
    {
        _ = _tree.Write(Device + "in_voltage0_raw", "busy\n");
        using AnalogueInput input = new(_options, _tree.Folders);
        Assert.Equal("B.disconnected", InputTree.Text(InputTree.Read(input)));
    }
}
