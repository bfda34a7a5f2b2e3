using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Metering.Fieldbus.Modbus;
using Metering.Fieldbus.Serial;
using Metering.Gateway.Commands.Lines;
using Metering.Gateway.Commands.Scanning;
using Metering.Gateway.Diagnosis;
using Metering.Tests.Fieldbus;
using Metering.Tests.Support;
using Xunit;

namespace Metering.Tests.Installer;

public sealed class ScanTests
{
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(30);
    private static readonly ProfileMatcher Shipped = ProfileMatcher.Load(Repository.Path("gateway", "profiles"));

    [Fact]
    public void A_meter_on_a_serial_line_is_found_named_by_its_profile_and_told_as_yaml()
    {
        using PseudoTerminal terminal = new();
        using ModbusRtuServer server = new(terminal, new MexicanMeter(3, 7));
        server.Start();
        ScanResult result = Scan(ScanPlan.ForSerial(Serial(terminal.SlavePath), [], isFast: true));
        Assert.Equal([3, 7], result.Devices.Select(device => device.Unit));
        Assert.All(result.Devices, device => Assert.Equal("eastron-sdm630", device.Identity.Candidates[0].Profile));
        Assert.Equal(0, result.DamagedPercent);
        Assert.Null(result.Symptom);
        string yaml = ScanReport.Yaml(result, Language.English, "/");
        Assert.Contains($"serial: {{ device: {terminal.SlavePath}, baudRate: 9600, dataBits: 8, parity: none, stopBits: 1 }}", yaml, StringComparison.Ordinal);
        Assert.Contains("- { id: meter-7, unit: 7, profile: eastron-sdm630 } # voltage-l1 127.3 V", yaml, StringComparison.Ordinal);
    }

    [Fact]
    public void A_meter_without_a_voltage_is_known_by_the_registers_that_name_it()
    {
        using PseudoTerminal terminal = new();
        using ModbusRtuServer server = new(terminal, new NamedFlowMeter());
        server.Start();
        ScanResult result = Scan(ScanPlan.ForSerial(Serial(terminal.SlavePath), [], isFast: true));
        FoundDevice device = Assert.Single(result.Devices);
        Assert.Equal("siemens-mag6000", Assert.Single(device.Identity.Candidates).Profile);
    }

    [Fact]
    public void A_device_that_only_answers_exceptions_is_there_all_the_same()
    {
        using ScriptedRtuSlave slave = new((_, request) => request[0] == 9 && request[1] is 3 or 4 ? [ScriptedRtuSlave.Exception(request, 2)] : []);
        ScanResult result = ScanUnnamed(ScanPlan.ForSerial(Serial(slave.Path), [], isFast: true));
        FoundDevice device = Assert.Single(result.Devices);
        Assert.Equal((9, 2), (device.Unit, device.Reply.ExceptionCode));
        Assert.Empty(device.Identity.Candidates);
    }

    [Fact]
    public void Nothing_but_reading_functions_reaches_the_line()
    {
        ConcurrentBag<byte> functions = [];
        using ScriptedRtuSlave slave = new((_, request) =>
        {
            functions.Add(request[1]);
            return request[0] == 2 && request[1] is 3 or 4 ? [ScriptedRtuSlave.Reply(request)] : [];
        });
        _ = ScanUnnamed(ScanPlan.ForSerial(Serial(slave.Path), [], isFast: true));
        Assert.Contains((byte)3, functions);
        Assert.DoesNotContain(functions, function => function is 5 or 6 or 15 or 16 or 22 or 23);
    }

    [Fact]
    public void Settings_are_tried_until_somebody_answers_and_then_every_unit_is_asked_there()
    {
        SettingsBound.Log.Clear();
        ToolLine line = Serial("/dev/none");
        LineScan scan = new(ScanPlan.ForSerial(line, [], isFast: false), tried => new SettingsBound(tried, "19200 8E1", 42, 200), NoIdentity, TimeProvider.System);
        ScanResult result = scan.Run(null, CancellationToken.None);
        Assert.Equal([42, 200], result.Devices.Select(device => device.Unit));
        Assert.Equal("19200 8E1", ToolLine.ShapeOf(result.Line.Serial!.Settings));
        Assert.Equal(["9600 8N1", "9600 8E1", "19200 8E1", "19200 8N1", "38400 8N1"], SettingsBound.Log.Distinct().Take(5));
    }

    [Fact]
    public void Known_settings_come_first()
    {
        SerialSettings odd = new() { BaudRate = 4800, Parity = SerialParity.Odd };
        ScanPlan plan = ScanPlan.ForSerial(Serial("/dev/none"), [odd], isFast: true);
        Assert.Equal(["4800 8O1", "9600 8N1", "9600 8E1", "19200 8E1", "19200 8N1"], plan.Steps.Select(step => ToolLine.ShapeOf(step.Line.Serial!.Settings)));
        Assert.Equal([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 247], plan.Steps[0].Units);
    }

    [Fact]
    public void A_full_plan_asks_every_unit_at_every_setting_once()
    {
        ScanPlan plan = ScanPlan.ForSerial(Serial("/dev/none"), [], isFast: false);
        Assert.Equal(8 * 4, plan.Steps.Select(step => step.Line).Distinct().Count());
        Assert.All(plan.Steps.GroupBy(step => step.Line), group => Assert.Equal(Enumerable.Range(1, 247), group.SelectMany(step => step.Units).Select(unit => (int)unit).Order()));
    }

    [Fact]
    public void Two_devices_with_one_address_are_told_from_a_bad_cable()
    {
        using ScriptedRtuSlave slave = new((_, request) => request[0] switch
        {
            1 => [ScriptedRtuSlave.Exception(request, 2)],
            3 => [ScriptedRtuSlave.Damaged(ScriptedRtuSlave.Reply(request))],
            _ => [],
        });
        ScanResult result = ScanUnnamed(ScanPlan.ForSerial(Serial(slave.Path), [], isFast: true));
        Assert.Equal([1], result.Devices.Select(device => device.Unit));
        Assert.Equal([3], result.Overlapping);
        Advice advice = Assert.Single(ScanReport.Faults(result, [], Language.English));
        Assert.StartsWith("Two devices seem to share address 3", advice.What, StringComparison.Ordinal);
    }

    [Fact]
    public void A_meter_of_the_configuration_that_is_silent_is_named_with_those_that_answer()
    {
        using ScriptedRtuSlave slave = new((_, request) => request[0] <= 4 ? [ScriptedRtuSlave.Exception(request, 2)] : []);
        ScanResult result = ScanUnnamed(ScanPlan.ForSerial(Serial(slave.Path), [], isFast: true));
        Advice advice = Assert.Single(ScanReport.Faults(result, [1, 4, 5], Language.English));
        Assert.StartsWith("Unit 5", advice.What, StringComparison.Ordinal);
        Assert.Contains("while units 1-4 answer: the wiring up to them", advice.What, StringComparison.Ordinal);
    }

    [Fact]
    public void An_echo_is_no_device()
    {
        using ScriptedRtuSlave slave = new((_, request) => [request]);
        ScanResult result = ScanUnnamed(ScanPlan.ForSerial(Serial(slave.Path), [], isFast: true) with { Steps = [new(Serial(slave.Path), [1, 2, 3])] });
        Assert.Equal(Symptom.Echo, result.Symptom);
        Assert.Empty(result.Devices);
    }

    [Fact]
    public void A_person_who_has_enough_gets_what_was_found()
    {
        using CancellationTokenSource enough = new();
        LineScan scan = new(ScanPlan.ForSerial(Serial("/dev/none"), [], isFast: false), tried => new SettingsBound(tried, "9600 8N1", 2, 100), NoIdentity, TimeProvider.System);
        ScanResult result = scan.Run(progress => Cancel(enough, progress), enough.Token);
        Assert.True(result.IsCancelled);
        Assert.Equal([2], result.Devices.Select(device => device.Unit));
    }

    [Fact]
    public void A_converter_in_transparent_mode_is_found_and_told()
    {
        using RtuOverTcpSlave slave = new(new MexicanMeter(5));
        ScanResult result = Scan(ScanPlan.ForTcp(Tcp(slave.Port), hasFraming: false, isFast: true));
        Assert.Equal(TcpFraming.Rtu, result.Line.Framing);
        Assert.Equal([5], result.Devices.Select(device => device.Unit));
        StringWriter talk = new();
        ScanReport.Tell(result, [], Language.Spanish, talk);
        Assert.Contains("está en modo transparente", talk.ToString(), StringComparison.Ordinal);
        Assert.Contains($"tcp: {{ host: 127.0.0.1, port: {slave.Port}, framing: rtu }}", ScanReport.Yaml(result, Language.Spanish, "/"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_device_that_answers_every_unit_id_is_one_device()
    {
        using ModbusTcpServer server = new(new IPEndPoint(IPAddress.Loopback, 0), new AddressDevice());
        server.Start();
        ScanResult result = Scan(ScanPlan.ForTcp(Tcp(server.LocalEndPoint.Port), hasFraming: false, isFast: false));
        Assert.True(result.AnswersEveryUnit);
        _ = Assert.Single(result.Devices);
    }

    [Theory]
    [InlineData(10)]
    [InlineData(11)]
    public void A_converter_that_says_nobody_is_there_found_nobody(byte code)
    {
        using ScriptedTcpServer server = new((_, request) => new ScriptedTcpServer.Answer([ScriptedTcpServer.Exception(request, code)]));
        ScanResult result = Scan(ScanPlan.ForTcp(Tcp(server.Port), hasFraming: true, isFast: true));
        Assert.Empty(result.Devices);
        Assert.Equal(Symptom.TargetSilent, result.Symptom);
    }

    [Fact]
    public async Task A_converter_that_serves_one_client_only_is_recognised()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        using CancellationTokenSource end = new();
        Task closing = CloseEachAsync(listener, end.Token);
        ScanResult result = Scan(ScanPlan.ForTcp(Tcp(((IPEndPoint)listener.LocalEndpoint).Port), hasFraming: false, isFast: false));
        await end.CancelAsync();
        await closing;
        Assert.Equal(Symptom.ConnectionClosed, result.Symptom);
    }

    [Theory]
    [InlineData(new byte[] { }, "")]
    [InlineData(new byte[] { 4 }, "4")]
    [InlineData(new byte[] { 7, 1, 2, 3, 4 }, "1-4, 7")]
    [InlineData(new byte[] { 246, 247 }, "246-247")]
    public void Units_are_told_in_short(byte[] units, string text) => Assert.Equal(text, ScanReport.UnitList(units));

    private static async Task CloseEachAsync(TcpListener listener, CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                using TcpClient client = await listener.AcceptTcpClientAsync(cancellationToken);
            }
        }
        catch (OperationCanceledException)
        {
            // The test has ended.
        }
    }

    private static void Cancel(CancellationTokenSource enough, ScanProgress progress)
    {
        if (progress.Found > 0)
        {
            enough.Cancel();
        }
    }

    private static ToolLine Serial(string device) => new() { Serial = new(device, new SerialSettings()), AnswerTimeout = Short };

    private static ToolLine Tcp(int port) => new() { Tcp = new("127.0.0.1", port), AnswerTimeout = Short };

    private static DeviceIdentity NoIdentity(ModbusClient client, ToolLine line, byte unit) => DeviceIdentity.Unknown;

    // A scripted slave takes frames of eight bytes, and the question of function 43 has seven.
    private static ScanResult ScanUnnamed(ScanPlan plan) =>
        new LineScan(plan, line => line.Transport(), (client, line, unit) => new() { Candidates = Shipped.Match(client, line, unit) }, TimeProvider.System).Run(null, CancellationToken.None);

    private static ScanResult Scan(ScanPlan plan) =>
        new LineScan(plan, line => line.Transport(), (client, line, unit) => DeviceIdentifier.Identify(client, line, unit, Shipped), TimeProvider.System).Run(null, CancellationToken.None);
}
