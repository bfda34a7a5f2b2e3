using System.Text.Json;
using Metering.Programme.Records;
using Metering.Programme.Storage;
using Metering.Readings;
using Metering.Tests.Support;
using Xunit;

namespace Metering.Tests.CloudHost;

public sealed class CloudCommandTests
{
    [Fact]
    public async Task A_key_is_made_once_and_its_public_path_printed()
    {
        using CloudFolder folder = new();
        (int exitCode, string output, _) = await folder.RunAsync("key", "--out", "@new.pem");
        Assert.Equal((0, folder.At("new.pem.pub") + Environment.NewLine), (exitCode, output));
        Assert.True(OperatingSystem.IsWindows() || File.GetUnixFileMode(folder.At("new.pem")) == (UnixFileMode.UserRead | UnixFileMode.UserWrite));
        SigningKey.Load(folder.At("new.pem.pub")).Dispose();
        (exitCode, _, string error) = await folder.RunAsync("key", "--out", "@new.pem");
        Assert.Equal(73, exitCode);
        Assert.Contains("exists already", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_enrolled_gateway_is_listed_and_its_private_key_does_not_enter_the_store()
    {
        using CloudFolder folder = new();
        using BatchFactory factory = new();
        await File.WriteAllTextAsync(folder.At("private.pem"), factory.Key.ExportPkcs8PrivateKeyPem());
        (int exitCode, _, string error) = await folder.RunAsync("gateways", "enrol", "--config", "@cloud.yaml", "--id", "leon-tannery", "--plant", "leon", "--key", "@private.pem");
        Assert.Equal((0, ""), (exitCode, error));
        (_, string output, _) = await folder.RunAsync("gateways", "list", "--config", "@cloud.yaml");
        Assert.StartsWith("leon-tannery\t1\tleon\t", output, StringComparison.Ordinal);
        Assert.DoesNotContain("PRIVATE", await ReadSharedAsync(folder.At("metering.db")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_key_in_the_same_epoch_is_refused()
    {
        using CloudFolder folder = new();
        using BatchFactory first = new();
        using BatchFactory second = new();
        await File.WriteAllTextAsync(folder.At("1.pem"), first.PublicPem);
        await File.WriteAllTextAsync(folder.At("2.pem"), second.PublicPem);
        _ = await folder.RunAsync("gateways", "enrol", "--config", "@cloud.yaml", "--id", "g", "--plant", "p", "--key", "@1.pem");
        (int exitCode, _, string error) = await folder.RunAsync("gateways", "enrol", "--config", "@cloud.yaml", "--id", "g", "--plant", "p", "--key", "@2.pem");
        Assert.Equal(78, exitCode);
        Assert.Contains("epoch 2", error, StringComparison.Ordinal);
        (exitCode, _, _) = await folder.RunAsync("gateways", "enrol", "--config", "@cloud.yaml", "--id", "g", "--plant", "p", "--key", "@2.pem", "--epoch", "2");
        Assert.Equal(0, exitCode);
    }

    [Fact]
    public async Task Codes_keys_and_ends_of_keys_made_at_a_terminal_stand_in_the_audit_trail_in_the_name_of_the_system_account()
    {
        using CloudFolder folder = new();
        using BatchFactory factory = new();
        await File.WriteAllTextAsync(folder.At("key.pem"), factory.PublicPem);
        (int exitCode, string offered, _) = await folder.RunAsync("gateways", "code", "--config", "@cloud.yaml", "--gateway", "g", "--plant", "p");
        Assert.Equal(0, exitCode);
        _ = await folder.RunAsync("gateways", "enrol", "--config", "@cloud.yaml", "--id", "g", "--plant", "p", "--key", "@key.pem");
        for (int time = 0; time < 2; time++)
        {
            (exitCode, _, _) = await folder.RunAsync("gateways", "revoke", "--config", "@cloud.yaml", "--id", "g", "--reason", "robado"); // the second time nothing changes
            Assert.Equal(0, exitCode);
        }

        // Refused ones changed nothing, and tell nothing.
        Assert.Equal(64, (await folder.RunAsync("gateways", "code", "--config", "@cloud.yaml", "--gateway", "import-x", "--plant", "p")).ExitCode);
        Assert.Equal(78, (await folder.RunAsync("gateways", "revoke", "--config", "@cloud.yaml", "--id", "nobody", "--reason", "robado")).ExitCode);
        using ProgrammeContext context = ProgrammeDatabase.Open(folder.Config.Programme).NewContext();
        List<AuditEntry> trail = [.. context.Audit.OrderBy(entry => entry.Number)];
        Assert.Equal(["gateway-code", "gateway-key", "gateway-key"], trail.Select(entry => entry.Kind));
        Assert.All(trail, entry => Assert.Equal(("terminal", $"terminal ({Environment.UserName})", "g", "p"), (entry.ActorId, entry.ActorName, entry.RecordId, entry.Plant)));
        Assert.Equal("robado", trail[2].Reason);
        Assert.DoesNotContain(trail, entry => $"{entry.Before}{entry.After}".Contains(offered.Split('\n')[0].Trim(), StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("es", "Uso:", "Opciones:", "Vea: cloud gateways revoke --help", "Se requiere la opción", "escriba un número entero")]
    [InlineData("en", "Usage:", "Options:", "Try: cloud gateways revoke --help", "is required", "write a whole number")]
    public async Task The_parsers_own_words_are_in_the_language_of_the_terminal(string language, string usage, string options, string hint, string required, string number)
    {
        (int exitCode, string help, _) = await CloudProcess.RunInAsync(language, "gateways", "revoke", "--help");
        Assert.Equal(0, exitCode);
        Assert.Contains(usage, help, StringComparison.Ordinal);
        Assert.Contains(options, help, StringComparison.Ordinal);
        (exitCode, _, string error) = await CloudProcess.RunInAsync(language, "gateways", "revoke", "--epoch", "uno");
        Assert.Equal(64, exitCode);
        Assert.All((string[])[hint, required, number], told => Assert.Contains(told, error, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(64, "is no identifier", "gateways", "enrol", "--config", "@cloud.yaml", "--id", "Not An Id", "--plant", "p", "--key", "@cloud.pem")]
    [InlineData(64, "belong to imports", "gateways", "code", "--config", "@cloud.yaml", "--gateway", "import-laboratory", "--plant", "p")]
    [InlineData(65, "no P-256 key", "gateways", "enrol", "--config", "@cloud.yaml", "--id", "g", "--plant", "p", "--key", "@cloud.yaml")]
    [InlineData(74, "cannot be read", "gateways", "enrol", "--config", "@cloud.yaml", "--id", "g", "--plant", "p", "--key", "@none.pem")]
    [InlineData(78, "give the right file with --config", "status", "--config", "@none.yaml")]
    [InlineData(65, "no gateway is enrolled", "export", "batches", "--config", "@cloud.yaml", "--out", "@x.zip")]
    [InlineData(64, "--config", "status")]
    [InlineData(64, "", "run", "--config", "@cloud.yaml", "--role", "nonsense")]
    public async Task A_wrong_command_ends_with_its_code_and_a_hint(int expected, string hint, params string[] args)
    {
        using CloudFolder folder = new();
        (int exitCode, _, string error) = await folder.RunAsync(args);
        Assert.Equal(expected, exitCode);
        Assert.Contains(hint, error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Status_states_what_the_store_holds()
    {
        using CloudFolder folder = new();
        using BatchFactory factory = new();
        await folder.StoreAsync(3, factory);
        (int exitCode, string output, _) = await folder.RunAsync("status", "--config", "@cloud.yaml", "--json");
        Assert.Equal(0, exitCode);
        using JsonDocument status = JsonDocument.Parse(output);
        JsonElement gateway = status.RootElement.GetProperty("gateways")[0];
        Assert.Equal("leon-tannery", gateway.GetProperty("gateway").GetString());
        Assert.Equal(3, gateway.GetProperty("through").GetInt64());
        Assert.Equal(factory.ReadingsBuilt, gateway.GetProperty("readings").GetInt64());
        Assert.Equal(factory.Head, gateway.GetProperty("head").GetString());
    }

    [Fact]
    public async Task Readings_are_exported_one_file_a_channel()
    {
        using CloudFolder folder = new();
        using BatchFactory factory = new();
        await folder.StoreAsync(2, factory);
        (int exitCode, _, _) = await folder.RunAsync("export", "readings", "--config", "@cloud.yaml", "--out", "@csv");
        Assert.Equal(0, exitCode);
        string[] files = Directory.GetFiles(folder.At("csv"));
        Assert.Equal(2, files.Length);
        string[] lines = await File.ReadAllLinesAsync(files.Order(StringComparer.Ordinal).First());
        Assert.Equal(["utcMilliseconds,scaledValue,quality", "1704067200000,1000000,G"], lines[..2]);
        Assert.Equal(9, lines.Length);
    }

    private static async Task<string> ReadSharedAsync(string file)
    {
        using FileStream stream = new(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using StreamReader reader = new(stream, System.Text.Encoding.Latin1);
        return await reader.ReadToEndAsync();
    }
}
