using System.IO.Compression;
using System.Net;
using Metering.Fieldbus.Modbus;
using Xunit;

namespace Metering.EndToEnd.Tests.BadInput;

public sealed class GatewayToolsTests
{
    private const char Escape = (char)27;

    [Theory]
    [InlineData(64, "--tcp 'nowhere' is not HOST:PORT", "scan", "--tcp", "nowhere")]
    [InlineData(64, "Give one of --tcp", "scan")]
    [InlineData(64, "Indique una: --tcp", "scan", "--lang", "es")]
    [InlineData(69, "refuses connections", "scan", "--tcp", "127.0.0.1:1")]
    [InlineData(69, "no existe", "scan", "--rtu", "/dev/ttyNOTHERE", "--lang", "es")]
    [InlineData(78, "there is no such file", "scan", "--rtu", "/dev/ttyS9", "--config", "none.yaml")]
    [InlineData(64, "The register lies in 0 to 65535", "probe", "--tcp", "127.0.0.1:1", "--unit", "1", "--register", "70000")]
    [InlineData(69, "rechaza la conexión", "probe", "--tcp", "127.0.0.1:1", "--unit", "1", "--register", "0", "--lang", "es")]
    [InlineData(69, "The serial port /dev/ttyNOTHERE does not exist", "doctor", "--rtu", "/dev/ttyNOTHERE")]
    [InlineData(78, "there is no such file", "doctor", "--config", "none.yaml")]
    [InlineData(78, "there is no such file", "commission", "--config", "none.yaml", "--meter", "mains")]
    [InlineData(78, "none.yaml", "bundle", "--config", "none.yaml", "--out", "support.zip")]
    [InlineData(64, "cannot be used", "config", "init", "--gateway", "León", "--broker", "h:1", "--profile", "abb-b23", "--tcp", "h:1")]
    [InlineData(78, "there is no such file", "config", "check", "--config", "none.yaml")]
    public async Task Nonsense_is_answered_with_its_exit_code_and_a_sentence(int exitCode, string words, params string[] arguments)
    {
        using GatewayFolder folder = new();
        Said said = (await Executable.RunAsync(Executable.Gateway, folder.Path, arguments)).Expect(exitCode, words);
        Assert.DoesNotContain(Escape, said.Output + said.Error);
    }

    [Fact]
    public async Task The_program_calls_itself_gateway() =>
        Assert.Contains("gateway [command]", (await Executable.RunAsync(Executable.Gateway, "/tmp", "--help")).Expect(0).Output, StringComparison.Ordinal);

    [Fact]
    public async Task A_meter_is_commissioned_and_its_record_verified_by_the_public_key()
    {
        using GatewayFolder folder = new();
        await using ModbusTcpServer server = new(new IPEndPoint(IPAddress.Loopback, 0), new Counter());
        server.Start();
        folder.Spoil("tcp: { host: 127.0.0.1, port: 1 }", $"tcp: {{ host: 127.0.0.1, port: {server.LocalEndPoint.Port} }}");
        folder.Write("plate.jpg", "a photo");
        string[] options = ["--config", "gateway.yaml", "--meter", "mains", "--serial", "1834", "--maker", "Acme", "--display", "6553.7", "--photo", "plate.jpg", "--wait", "0s"];
        Said said = (await Executable.RunAsync(Executable.Gateway, folder.Path, ["commission", .. options])).Expect(0, "difference 0 % (0 steps of the register)");
        string note = said.Output.Trim();
        _ = (await Executable.RunAsync(Executable.Gateway, folder.Path, "commission", "verify", note, "--key", "gateway.pem.pub")).Expect(0, "The signature is right");
        _ = (await Executable.RunAsync(Executable.Gateway, folder.Path, "commission", "verify", note, "--key", "cloud.pem.pub", "--lang", "es")).Expect(65, "no es un acta firmada con esa llave");
        Assert.Contains("1834", (await Executable.RunAsync(Executable.Gateway, folder.Path, "commission", "list", "--config", "gateway.yaml")).Expect(0).Output, StringComparison.Ordinal);
        _ = (await Executable.RunAsync(Executable.Gateway, folder.Path, "config", "check", "--config", "gateway.yaml", "--lang", "es")).Expect(0, "mains: simulated-energy/1, puesto en servicio el", "(acta 1)");
        _ = (await Executable.RunAsync(Executable.Gateway, folder.Path, ["commission", .. options[..4]])).Expect(64, "--serial is missing");
    }

    [Fact]
    public async Task The_schema_of_the_configuration_is_one_JSON_object() =>
        _ = (await Executable.RunAsync(Executable.Gateway, "/tmp", "config", "schema", "--lang", "es")).Expect(0, "framing").Json();

    [Fact]
    public async Task A_bundle_holds_no_byte_of_a_secret()
    {
        using GatewayFolder folder = new();
        folder.Write("broker.password", "hunter2-hunter2\n");
        folder.Write("gateway.log", "password hunter2-hunter2\n" + File.ReadAllText(folder.At("gateway.pem")));
        _ = (await Executable.RunAsync(Executable.Gateway, folder.Path, "bundle", "--config", "gateway.yaml", "--out", "support.zip", "--log", "gateway.log")).Expect(0, "passwordFile");
        await using FileStream stream = new(folder.At("support.zip"), FileMode.Open, FileAccess.Read);
        using ZipArchive zip = new(stream, ZipArchiveMode.Read);
        string key = File.ReadAllLines(folder.At("gateway.pem"))[1];
        foreach (ZipArchiveEntry entry in zip.Entries)
        {
            using StreamReader reader = new(await entry.OpenAsync());
            string text = await reader.ReadToEndAsync();
            Assert.DoesNotContain("hunter2", text, StringComparison.Ordinal);
            Assert.DoesNotContain(key, text, StringComparison.Ordinal);
        }

        _ = (await Executable.RunAsync(Executable.Gateway, folder.Path, "bundle", "--config", "gateway.yaml", "--out", "support.zip")).Expect(73);
    }

    /// <summary>A counter of 65537 tenths.</summary>
    private sealed class Counter : IModbusDevice
    {
        public ModbusAnswer Read(byte unit, ModbusTable table, ushort start, Span<ushort> destination)
        {
            destination.Fill(1);
            return ModbusAnswer.Ok;
        }
    }
}
