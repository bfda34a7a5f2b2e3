using Metering.Readings;
using Xunit;

namespace Metering.Tests.Inputs;

public sealed class InputsConfigurationTests : IDisposable
{
    private const string Pulse = "inputs:\n  - { id: inlet, pulse: { chip: c, line: 17, litresPerPulse: 10 } }\n";

    private readonly GatewayFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Inputs_stand_behind_the_buses_and_manual_channels_last()
    {
        Assert.Equal(
            ["mains.active-energy-import kWh", "mains.temperature degC", "water-inlet.volume m3", "pressure.pressure bar", "tank.temperature degC", "effluent-lab.cod mg/L"],
            _folder.Configuration.Channels.Select(channel => $"{channel.Id} {channel.Unit}"));
        foreach (Channel channel in _folder.Configuration.Channels)
        {
            channel.Check();
        }

        Assert.Equal((6000L, TimeSpan.FromHours(12)), (_folder.Configuration.Totalisers["mains.active-energy-import"].MaximumStepsPerHour, _folder.Configuration.Totalisers["mains.active-energy-import"].LongestStandstill));
        Assert.Equal(3, _folder.Configuration.Inputs.Count);
    }

    [Fact]
    public void A_gateway_may_have_inputs_only()
    {
        string path = _folder.Write(Pulse);
        string text = File.ReadAllText(path);
        File.WriteAllText(path, text[..text.IndexOf("buses:", StringComparison.Ordinal)] + Pulse);
        Assert.Equal(["inlet.volume"], Gateway.Configuration.ConfigurationFile.Load(path).Channels.Select(channel => channel.Id));
    }

    [Theory]
    [InlineData("id: inlet", "id: mains", "gateway.yaml(14,11): inputs[0].id: 'mains' is there twice among meters and inputs, channel names must differ in the whole gateway")]
    [InlineData("line: 17", "line: 5000", "gateway.yaml(14,42): inputs[0].pulse.line: '5000' is no whole number from 0 to 1023, write digits only")]
    [InlineData("line: 17, ", "", "gateway.yaml(14,25): inputs[0].pulse.line: is missing, add it")]
    [InlineData("litresPerPulse: 10", "litresPerPulse: 0", "gateway.yaml(14,62): inputs[0].pulse.litresPerPulse: '0' is no worth of a pulse, write a number above zero, such as 10 or 0.5")]
    [InlineData("litresPerPulse: 10", "litresPerPulse: 1,5", "unknown key")]
    [InlineData("litresPerPulse: 10", "litresPerPulse: 10, pulsesPerKwh: 1000", "gateway.yaml(14,80): inputs[0].pulse.pulsesPerKwh: a pulse has exactly one worth")]
    [InlineData("litresPerPulse: 10", "litresPerPulse: 10, initialIndex: \"1.2345\"", "gateway.yaml(14,80): inputs[0].pulse.initialIndex: does not fit 3 decimals, raise decimals, or write fewer digits")]
    [InlineData("litresPerPulse: 10", "litresPerPulse: 10, debounce: 5", "'5' has no unit")]
    [InlineData("chip: c, line: 17", "counter: counter0, debounce: 5ms", "gateway.yaml(14,56): inputs[0].pulse.debounce: belongs to a GPIO line only")]
    [InlineData("chip: c", "chip: c, counter: d", "pulses come from exactly one of chip, counter, pps")]
    [InlineData("pulse: { chip: c, line: 17, litresPerPulse: 10 }", "pulses: {}", "gateway.yaml(14,18): inputs[0].pulses: unknown key, did you mean 'pulse'?")]
    [InlineData("pulse: { chip: c, line: 17, litresPerPulse: 10 }", "oneWire: { device: 10-0123 }", "gateway.yaml(14,37): inputs[0].oneWire.device: '10-0123' is no DS18B20, write its name as in /sys/bus/w1/devices, such as 28-0123456789ab")]
    [InlineData("pulse: { chip: c, line: 17, litresPerPulse: 10 }", "manual: { quantity: ph, unit: ph }", "gateway.yaml(14,48): inputs[0].manual.unit: 'ph' is not known, did you mean 'pH'?")]
    [InlineData("pulse: { chip: c, line: 17, litresPerPulse: 10 }", "analogue: { device: a, node: b, input: voltage0, shuntOhm: 0, at4mA: 1, at20mA: 1, quantity: p, unit: bar }", "a converter is found by exactly one of device and node")]
    public void A_fault_is_told_with_its_place_its_key_and_a_hint(string from, string to, string expected)
    {
        Assert.Contains(from, Pulse, StringComparison.Ordinal);
        Assert.Contains(expected, _folder.Faults(Pulse.Replace(from, to, StringComparison.Ordinal)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("channel: mains.power", "there is no counter 'mains.power'")]
    [InlineData("channel: mains.active-energy-import, maximumPerHour: 0", "'0' is no number above zero")]
    [InlineData("channel: mains.active-energy-import, maximumPerHours: 1", "did you mean 'maximumPerHour'?")]
    public void A_fault_of_a_totaliser_is_told(string line, string expected) =>
        Assert.Contains(expected, _folder.Faults($"totalisers:\n  - {{ {line} }}\n"), StringComparison.Ordinal);
}
