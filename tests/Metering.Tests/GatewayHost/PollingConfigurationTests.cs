using Metering.Fieldbus.Serial;
using Metering.Gateway.Configuration;
using Metering.Gateway.Commands;
using Metering.Gateway.Polling;
using Metering.Meters.Profiles;
using Metering.Meters.Yaml;
using Metering.Tests.Meters;
using Metering.Tests.Support;
using Xunit;

namespace Metering.Tests.GatewayHost;

/// <summary>How often values are read, as it stands in the configuration, and whether a bus can keep it.</summary>
public sealed class PollingConfigurationTests
{
    [Theory]
    [InlineData("{ interval: 10s }", "10s - -")]
    [InlineData("{ interval: 10s, fast: 1s, slow: 15m }", "10s 1s 15m")]
    public void Intervals_are_read(string text, string expected)
    {
        PollingIntervals intervals = Read(text)!;
        Assert.Equal(expected, $"{Duration.ToText(intervals.Normal)} {Show(intervals.Fast)} {Show(intervals.Slow)}");
    }

    [Theory]
    [InlineData("{ interval: 10s, fast: 30s }", "fast: 30s is longer than the interval of 10s")]
    [InlineData("{ interval: 10s, slow: 5s }", "slow: 5s is shorter than the interval of 10s")]
    [InlineData("{ interval: 7s }", "interval: 7s does not divide a day")]
    [InlineData("{ interval: 10s, fast: 500ms }", "fast: 500ms is outside 1s to 1d")]
    [InlineData("{ interval: 10s, slwo: 15m }", "slwo: unknown key, did you mean 'slow'")]
    public void A_fault_of_an_interval_is_told(string text, string expected)
    {
        using TemporaryFolder folder = new();
        YamlFaults faults = new();
        _ = PollingReader.Read(YamlSection.Load(folder.Write("polling.yaml", text), faults));
        Assert.Contains(expected, Assert.Throws<YamlFaultException>(faults.ThrowIfAny).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("tcp: { host: 10.0.0.1, port: 502 }", "tcp: { host: 10.0.0.1, port: 502 }", true)]
    [InlineData("tcp: { host: 10.0.0.1, port: 502 }", "tcp: { host: 10.0.0.1, port: 503 }", false)]
    [InlineData("serial: { device: /dev/none, baudRate: 9600, parity: even }", "serial: { device: /dev/../dev/none, baudRate: 9600, parity: even }", true)]
    public void Two_buses_on_one_line_are_refused(string first, string second, bool refused)
    {
        using TemporaryFolder folder = new();
        string text = $"buses:\n  - id: a\n    {first}\n    meters: [ {{ id: m1, unit: 1, profile: schneider-iem3155 }} ]\n  - id: b\n    {second}\n    meters: [ {{ id: m2, unit: 2, profile: schneider-iem3155, interval: 30s, answerTimeout: 2s }} ]\n";
        YamlFaults faults = new();
        YamlSection root = YamlSection.Load(folder.Write("buses.yaml", text), faults)!;
        List<BusConfiguration> buses = new BusReader(Repository.Path("gateway", "profiles"), faults).Read(root.Sections("buses"));
        if (refused)
        {
            Assert.Contains("belongs to the bus 'a' already", Assert.Throws<YamlFaultException>(faults.ThrowIfAny).Message, StringComparison.Ordinal);
        }
        else
        {
            faults.ThrowIfAny();
            MeterConfiguration meter = buses[1].Meters[0];
            Assert.Equal((TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(2)), (meter.Interval, meter.AnswerTimeout));
        }
    }

    [Fact]
    public void A_bus_that_cannot_keep_its_interval_is_told_with_its_figures()
    {
        BusBudget budget = BusBudget.Of(PlanAt(1200, TimeSpan.FromSeconds(1)));
        Assert.NotNull(budget.Tightest);
        string spanish = Assert.Single(PlanCommand.Warnings([budget], Language.Spanish));
        Assert.StartsWith($"AVISO: el bus rs485 necesita {budget.Rates[0].Needed.TotalSeconds.ToString("0.###", System.Globalization.CultureInfo.InvariantCulture)} s", spanish, StringComparison.Ordinal);
        Assert.Empty(PlanCommand.Warnings([BusBudget.Of(PlanAt(19_200, TimeSpan.FromSeconds(10)))], Language.English));
        Assert.Contains("does not answer", Assert.Single(PlanCommand.Warnings([BusBudget.Of(PlanAt(19_200, TimeSpan.FromSeconds(1)))], Language.English)), StringComparison.Ordinal);
    }

    // Two meters of one request for 40 registers each: at 19,200 baud (13 + 7 + 80) characters and 30 ms.
    [Fact]
    public void A_budget_is_the_sum_of_its_requests()
    {
        BusBudget budget = BusBudget.Of(PlanAt(19_200, TimeSpan.FromSeconds(10)));
        RateBudget rate = Assert.Single(budget.Rates);
        Assert.Equal((2, 80), (rate.Requests, rate.Registers));
        Assert.Equal(2 * ((100 * 10 / 19.2) + 30), rate.Needed.TotalMilliseconds, 0.1);
        Assert.Equal(rate.Needed / TimeSpan.FromSeconds(10), budget.Utilisation, 12);
    }

    private static BusPlan PlanAt(int baudRate, TimeSpan interval)
    {
        DeviceProfile profile = TestProfiles.UInt32At([.. Enumerable.Range(0, 20).Select(index => (ushort)(2 * index))]);
        BusConfiguration bus = new()
        {
            Id = "rs485", Serial = new("/dev/none", new SerialSettings { BaudRate = baudRate }), AnswerTimeout = TimeSpan.FromMilliseconds(500), Meters = [new("m1", 1, profile), new("m2", 2, profile)],
        };
        return new(bus, 0, new(interval));
    }

    private static PollingIntervals? Read(string text)
    {
        using TemporaryFolder folder = new();
        YamlFaults faults = new();
        PollingIntervals? intervals = PollingReader.Read(YamlSection.Load(folder.Write("polling.yaml", text), faults));
        faults.ThrowIfAny();
        return intervals;
    }

    private static string Show(TimeSpan? interval) => interval is TimeSpan known ? Duration.ToText(known) : "-";
}
