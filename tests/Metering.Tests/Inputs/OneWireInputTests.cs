using Metering.Meters.Inputs;
using Xunit;

namespace Metering.Tests.Inputs;

public sealed class OneWireInputTests : IDisposable
{
    private const string Probe = "28-0316a2796bff";
    private const string Folder = "sys/bus/w1/devices/" + Probe + "/";

    private readonly InputTree _tree = new();
    private readonly OneWireInput _input;

    public OneWireInputTests() => _input = new(InputTree.ChannelOf("degC", 3), Probe, _tree.Folders);

    public void Dispose()
    {
        _input.Dispose();
        _tree.Dispose();
    }

    [Theory]
    [InlineData("23125", "23125 G")]
    [InlineData("-10062", "-10062 G")]
    [InlineData("85000", "B.sentinel")]
    [InlineData("-127000", "B.sentinel")]
    [InlineData("130000", "130000 B.out-of-range")]
    [InlineData("", "B.disconnected")]
    public void A_temperature_in_thousandths_is_judged(string text, string expected)
    {
        _ = _tree.Write(Folder + "temperature", text + "\n");
        Assert.Equal(expected, InputTree.Text(InputTree.Read(_input)));
    }

    [Theory]
    [InlineData("72 01 4b 46 7f ff 0e 10 57 : crc=57 YES\n72 01 4b 46 7f ff 0e 10 57 t=23125\n", "23125 G")]
    [InlineData("72 01 4b 46 7f ff 0e 10 57 : crc=58 NO\n72 01 4b 46 7f ff 0e 10 57 t=23125\n", "B.crc")]
    [InlineData("50 05 4b 46 7f ff 0c 10 1c : crc=1c YES\n50 05 4b 46 7f ff 0c 10 1c t=85000\n", "B.sentinel")]
    [InlineData("00\n", "B.disconnected")]
    public void An_older_driver_gives_two_lines_with_the_verdict_of_the_check_sum(string text, string expected)
    {
        _ = _tree.Write(Folder + "w1_slave", text);
        Assert.Equal(expected, InputTree.Text(InputTree.Read(_input)));
    }

    [Fact]
    public void Eighty_five_degrees_are_believed_of_a_probe_that_was_close_to_them()
    {
        _ = _tree.Write(Folder + "temperature", "83500\n");
        Assert.Equal("83500 G", InputTree.Text(InputTree.Read(_input)));
        _ = _tree.Write(Folder + "temperature", "85000\n");
        Assert.Equal("85000 G", InputTree.Text(InputTree.Read(_input)));
    }

    [Fact]
    public void A_probe_that_is_not_there_is_disconnected() => Assert.Equal("B.disconnected", InputTree.Text(InputTree.Read(_input)));
}
