using System.Diagnostics;
using System.IO.Compression;
using System.Runtime.Versioning;
using System.Text.Json;
using Metering.Interop.Tests.GatewayHost;
using Metering.Tests.Support;
using Xunit;

namespace Metering.Interop.Tests.Service;

/// <summary>The commands as a person at a terminal, and a running gateway beside it, meets them.</summary>
[SupportedOSPlatform("linux")]
public sealed class TerminalTests
{
    private const string Meters = "{ id: mains, unit: 1, profile: test }, { id: water, unit: 2, profile: test }";

    [NeedsFact("mosquitto", "socat")]
    public async Task Live_paints_over_itself_and_gives_the_terminal_back_on_interrupt()
    {
        using TestBroker broker = new();
        using RunningGateway gateway = new(broker.Port);
        _ = gateway.Configure(Meters);
        gateway.Start();
        _ = gateway.Heard("READY=1");
        using Terminal terminal = new(gateway.Folder, "live", "--config", gateway.At("gateway.yaml"), "--lang", "es");
        await terminal.SeesAsync("mains.energy", times: 2);
        await terminal.SeesAsync("\u001b[H", times: 3);
        Assert.Contains("medidor", terminal.Seen, StringComparison.Ordinal);
        Assert.Equal(2, terminal.Seen.Split("\u001b[2J").Length);
        await terminal.TypeAsync("\u0003");
        await terminal.SeesAsync("\u001b[?25h");
        await terminal.EndAsync();
        gateway.Stop();
    }

    [NeedsFact("socat")]
    public async Task Init_at_a_terminal_asks_and_what_it_writes_passes_the_check()
    {
        using RunningGateway folder = new(1);
        using Terminal terminal = new(folder.Folder, "config", "init", "--out", folder.At("new.yaml"), "--lang", "es");
        (string Question, string Answer)[] talk =
        [
            ("Nombre de este gateway", "leon-norte"), ("Cómo se llega", "2"), ("Dirección IP", "127.0.0.1:5020"), ("Tipo de medidor", "sdm630"), ("unit id", "7"),
            ("Nombre del medidor", "compresor"), ("¿Otro medidor", ""), ("Broker de la nube", ""),
        ];
        foreach ((string question, string answer) in talk)
        {
            await terminal.SeesAsync(question);
            await terminal.TypeAsync(answer + "\n");
        }

        await terminal.SeesAsync("Siguientes pasos");
        await terminal.EndAsync();
        File.Copy(folder.At("cloud.pem.pub"), folder.At("cloud.pub.pem"));
        await File.WriteAllTextAsync(folder.At("broker.password"), "a password");
        (int exitCode, string output, string error) = await RunAsync("config", "check", "--config", folder.At("new.yaml"), "--lang", "es");
        Assert.True(exitCode == 0, error);
        Assert.Contains("gateway leon-norte", output, StringComparison.Ordinal);
        Assert.Contains("compresor: eastron-sdm630", output, StringComparison.Ordinal);
        Assert.Contains("canales cada 1m", output, StringComparison.Ordinal);
        string before = await File.ReadAllTextAsync(folder.At("new.yaml"));
        string[] again = ["config", "init", "--gateway", "other", "--broker", "127.0.0.1:1883", "--tcp", "127.0.0.1:5020", "--profile", "abb-b23", "--out", folder.At("new.yaml")];
        Assert.Equal(73, (await RunAsync(again)).ExitCode);
        Assert.Equal(before, await File.ReadAllTextAsync(folder.At("new.yaml")));
        Assert.Equal(0, (await RunAsync([.. again, "--force"])).ExitCode);
        Assert.Contains("gateway: other", await File.ReadAllTextAsync(folder.At("new.yaml")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_terminal_init_names_what_is_missing()
    {
        (int exitCode, _, string error) = await RunAsync("config", "init", "--lang", "es");
        Assert.Equal(64, exitCode);
        Assert.Contains("Falta --gateway, --broker, --profile", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("es", "Descripción:", "Uso:", "Opciones:", "Muestra esta ayuda.")]
    [InlineData("en", "Description:", "Usage:", "Options:", "Show this help.")]
    public async Task Help_is_wholly_in_the_users_language(string lang, params string[] words)
    {
        (int exitCode, string output, _) = await RunAsync("run", "--help", "--lang", lang);
        Assert.Equal(0, exitCode);
        Assert.All(words, word => Assert.Contains(word, output, StringComparison.Ordinal));
        Assert.DoesNotContain(lang == "es" ? "REQUIRED" : "REQUERIDO", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("es", "Comando u opción que no se conoce: 'rum'. ¿Quiso decir 'run'?", "rum")]
    [InlineData("en", "Unrecognized command or argument 'rum'. Did you mean 'run'?", "rum")]
    [InlineData("es", "¿Quiso decir '--config'?", "run", "--confg", "gateway.yaml")]
    [InlineData("es", "Se requiere la opción '--config'.", "run")]
    [InlineData("es", "No se puede leer 'uno' en la opción '--unit': escriba un número entero.", "read", "--tcp", "127.0.0.1:1", "--unit", "uno", "--holding", "0")]
    public async Task A_fault_of_the_command_line_is_told_in_the_users_language(string lang, string expected, params string[] arguments)
    {
        (int exitCode, string output, string error) = await RunAsync([.. arguments, "--lang", lang]);
        Assert.Equal(64, exitCode);
        Assert.Equal("", output);
        Assert.Contains(expected, error, StringComparison.Ordinal);
    }

    [NeedsFact("mosquitto")]
    public async Task Beside_a_running_gateway_plan_tells_what_was_predicted_and_measured_and_bundle_takes_it_along()
    {
        using TestBroker broker = new();
        using RunningGateway gateway = new(broker.Port);
        await using BatchListener cloud = new(broker.Port);
        await cloud.ConnectAsync();
        gateway.Silent[2] = true;
        string hash = gateway.Configure(Meters);
        gateway.Start();
        _ = gateway.Heard("READY=1");
        await cloud.WaitForAsync(hash, 3);
        (int exitCode, string output, string error) = await RunAsync("plan", "--config", gateway.At("gateway.yaml"), "--lang", "es");
        Assert.True(exitCode == 0, error);
        Assert.Matches(@"cada 1s: \d+ consultas, \d+ registros, \d+ ms previstos, medidos: último \d+ ms, mediana \d+ ms, p99 \d+ ms, máximo \d+ ms; \d+ vueltas incompletas", output);
        using JsonDocument plan = JsonDocument.Parse((await RunAsync("plan", "--config", gateway.At("gateway.yaml"), "--json")).Output);
        JsonElement rate = plan.RootElement.GetProperty("running").GetProperty("buses")[0].GetProperty("rates")[0];
        Assert.True(rate.GetProperty("slots").GetInt64() > 0);
        Assert.True(rate.GetProperty("predictedSeconds").GetDouble() > 0);
        Assert.True(rate.GetProperty("cycle").GetProperty("maximumSeconds").GetDouble() > 0);

        Assert.Equal(0, (await RunAsync("bundle", "--config", gateway.At("gateway.yaml"), "--out", gateway.At("support.zip"))).ExitCode);
        await using ZipArchive zip = await ZipFile.OpenReadAsync(gateway.At("support.zip"));
        string status = await TextOfAsync(zip, "status.json");
        using JsonDocument parsed = JsonDocument.Parse(status);
        Assert.Equal("plant", parsed.RootElement.GetProperty("gateway").GetString());
        string lines = await TextOfAsync(zip, "lines.txt");
        Assert.Contains("bus bus at 127.0.0.1:", lines, StringComparison.Ordinal);
        Assert.Contains("meter water unit 2 (test/1):", lines, StringComparison.Ordinal);
        gateway.Stop();
        Assert.Contains("Unit 2 at 127.0.0.1:", gateway.ErrorText, StringComparison.Ordinal);
        Assert.Contains("the meter's address is not 2", gateway.ErrorText, StringComparison.Ordinal);
    }

    [NeedsTheory("mosquitto")]
    [InlineData("text", @"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ warn: polling\[1001\] Meter water")]
    [InlineData("systemd", @"^<4>.*Meter water")]
    [InlineData("json", @"^\{")]
    public async Task Each_form_of_the_log_is_one_line_an_event(string form, string pattern)
    {
        using TestBroker broker = new();
        using RunningGateway gateway = new(broker.Port);
        await using BatchListener cloud = new(broker.Port);
        await cloud.ConnectAsync();
        gateway.Silent[2] = true;
        string hash = gateway.Configure(Meters);
        gateway.Start("--log-format", form);
        _ = gateway.Heard("READY=1");
        await cloud.WaitForAsync(hash, 3);
        gateway.Stop();
        string[] lines = [.. gateway.ErrorText.Split('\n').Where(line => line.Length > 0)];
        string fails = Assert.Single(lines, line => line.Contains("Its readings are marked", StringComparison.Ordinal));
        Assert.Matches(pattern, fails);
        if (form == "json")
        {
            using JsonDocument line = JsonDocument.Parse(fails);
            Assert.All(lines, other => JsonDocument.Parse(other).Dispose());
            Assert.Equal("Warning", line.RootElement.GetProperty("LogLevel").GetString());
            Assert.Equal(1001, line.RootElement.GetProperty("EventId").GetInt32());
            JsonElement state = line.RootElement.GetProperty("State");
            Assert.Equal("water", state.GetProperty("Meter").GetString());
            Assert.Equal("bus", state.GetProperty("Bus").GetString());
            Assert.Equal(2, state.GetProperty("Unit").GetInt32());
            Assert.EndsWith("Z", line.RootElement.GetProperty("Timestamp").GetString(), StringComparison.Ordinal);
        }
    }

    private static async Task<string> TextOfAsync(ZipArchive zip, string name)
    {
        using StreamReader reader = new(await zip.GetEntry(name)!.OpenAsync());
        return await reader.ReadToEndAsync();
    }

    private static async Task<(int ExitCode, string Output, string Error)> RunAsync(params string[] arguments)
    {
        string program = Repository.Path(".artifacts", "bin", "Metering.Gateway", "release", "Metering.Gateway.dll");
        using Process process = Process.Start(new ProcessStartInfo("dotnet", [program, .. arguments]) { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true })!;
        process.StandardInput.Close();
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, output, await error);
    }
}
