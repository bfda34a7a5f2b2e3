using System.CommandLine;
using System.CommandLine.Help;
using Metering.Cloud.Accounts;
using Metering.Cloud.Hosting;
using Xunit;

namespace Metering.Tests.CloudHost;

/// <summary>What commands say of themselves, in the language that was asked for.</summary>
public sealed class CommandLanguageTests : IDisposable
{
    private readonly CloudFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("Personas que entran al sistema", "People who sign in", "accounts")]
    [InlineData("primer administrador", "first administrator", "accounts", "first")]
    [InlineData("número de permiso", "grant number", "accounts", "list")]
    [InlineData("elige su contraseña", "chooses a password", "accounts", "invite")]
    [InlineData("Solo para esta planta", "Only for this plant", "accounts", "grant")]
    [InlineData("Número del permiso", "The grant's number", "accounts", "end-grant")]
    [InlineData("Cerrar una cuenta", "Close an account", "accounts", "close")]
    [InlineData("queda en la bitácora", "the audit trail keeps it", "accounts", "reset")]
    [InlineData("El registro del programa", "The programme's register", "programme")]
    [InlineData("sin guardar nada", "store nothing", "programme", "import")]
    public async Task Help_is_in_the_language_asked_for(string spanish, string english, params string[] command)
    {
        (int exitCode, string output, _) = await folder.RunAsync([.. command, "--help", "--lang", "es"]);
        Assert.Equal(0, exitCode);
        Assert.Contains(spanish, Unbroken(output), StringComparison.Ordinal);
        Assert.DoesNotContain(english, Unbroken(output), StringComparison.Ordinal);
        (exitCode, output, _) = await folder.RunAsync([.. command, "--help", "--lang=en"]);
        Assert.Equal(0, exitCode);
        Assert.Contains(english, Unbroken(output), StringComparison.Ordinal);
        Assert.DoesNotContain(spanish, Unbroken(output), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("cloud", 250)]
    [InlineData("gateway", 80)]
    public void Every_command_option_and_argument_is_described_in_both_languages(string program, int atLeast)
    {
        List<(string Path, string? Text)> english = [.. Described(program, CommandsOf(program, Language.English))];
        List<(string Path, string? Text)> spanish = [.. Described(program, CommandsOf(program, Language.Spanish))];
        Assert.Equal(english.Select(one => one.Path), spanish.Select(one => one.Path));
        Assert.True(english.Count > atLeast, $"{english.Count} descriptions");
        string[] bare = [.. english.Zip(spanish)
            .Where(pair => string.IsNullOrWhiteSpace(pair.First.Text) || string.IsNullOrWhiteSpace(pair.Second.Text) || pair.First.Text == pair.Second.Text)
            .Select(pair => $"{pair.First.Path}: {pair.First.Text}")];
        Assert.True(bare.Length == 0, "not in both languages:\n" + string.Join('\n', bare));
    }

    [Theory]
    [InlineData("es", "escriba un número entero de 1 a 3650")]
    [InlineData("en", "write a whole number from 1 to 3650")]
    public async Task What_is_wrong_is_told_in_the_language_asked_for(string language, string told)
    {
        (int exitCode, _, string error) = await folder.RunAsync(
            "accounts", "grant", "--config", "@cloud.yaml", "--user", "ana", "--role", "reviewer", "--days", "0", "--reason", "x", "--lang", language);
        Assert.Equal(ExitCode.Usage, exitCode);
        Assert.Contains(told, error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, "almacén es lo que dicen sus lotes", "The store is what its batches say", "store", "verify")]
    [InlineData(0, "resúmenes       0 meses", "rollups         0 months", "store", "info")]
    [InlineData(0, "planta\tllave\thasta", "plant\tepoch\tthrough", "status")]
    [InlineData(0, "0 canales en", "0 channels in", "export", "readings", "--out", "@csv")]
    [InlineData(ExitCode.Data, "no hay un mensaje 7", "there is no message 7", "quarantine", "show", "7")]
    [InlineData(ExitCode.Usage, "'Mal nombre' no es un identificador: de 1 a 64", "'Mal nombre' is no identifier: 1 to 64", "gateways", "code", "--gateway", "Mal nombre", "--plant", "leon")]
    [InlineData(ExitCode.Configuration, "Agregue 'influx: { url:", "Add 'influx: { url:", "influx", "status")]
    [InlineData(ExitCode.Configuration, "no hay un archivo", "there is no file", "run", "--role", "web", "--config", "@without-key.yaml")]
    [InlineData(ExitCode.Configuration, "no es un almacén de Metering", "is not a Metering store", "store", "info", "--config", "@other.yaml")]
    [InlineData(ExitCode.Configuration, "clave desconocida, ¿quiso decir «store»?", "unknown key, did you mean 'store'?", "store", "info", "--config", "@wrong.yaml")]
    [InlineData(ExitCode.Usage, "no nombra ningún archivo de proyectos", "names no projects file", "programme", "import")]
    [InlineData(ExitCode.Data, "«x» no es un número", "'x' is not a number", "import", "csv", "--file", "@bad.csv", "--plant", "leon", "--name", "scada", "--time", "t", "--zone", "UTC", "--column", "kwh=mains.energy:kWh:counter")]
    [InlineData(ExitCode.Usage, "falta --file: el CSV", "--file is missing: the CSV", "import", "csv", "--plant", "leon", "--column", "kwh=mains.energy:kWh:counter")]
    public async Task What_a_command_prints_is_in_the_language_asked_for(int exitCode, string spanish, string english, params string[] command)
    {
        await File.WriteAllTextAsync(folder.At("bad.csv"), "t,kwh\n2024-01-01 00:00,x\n");
        await File.WriteAllTextAsync(folder.At("wrong.yaml"), "name: c\nkeyFile: k\nstores: s\nbroker: { host: h }\n");
        await File.WriteAllTextAsync(folder.At("other.yaml"), "name: c\nkeyFile: k\nstore: bad.csv\nbroker: { host: h }\n");
        await File.WriteAllTextAsync(folder.At("without-key.yaml"), "name: c\nkeyFile: none.pem\nstore: c.db\nbroker: { host: h }\nweb: { port: 0 }\n");
        foreach ((string language, string told, string other) in ((string, string, string)[])[("es", spanish, english), ("en", english, spanish)])
        {
            string[] config = command.Contains("--config") ? [] : ["--config", "@cloud.yaml"];
            (int code, string output, string error) = await folder.RunAsync([.. command, .. config, "--lang", language]);
            Assert.Equal(exitCode, code);
            Assert.Contains(told, output + error, StringComparison.Ordinal);
            Assert.DoesNotContain(other, output + error, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("es_MX.UTF-8", Language.Spanish)]
    [InlineData("en_US.UTF-8", Language.English)]
    public void Without_the_option_the_terminals_language_holds_and_with_it_the_options(string terminal, Language expected)
    {
        string? Variable(string name) => name == "LANG" ? terminal : null;
        Assert.Equal(expected, CommandWords.LanguageOf(["accounts", "list"], Variable));
        Assert.Equal(expected, CommandWords.LanguageOf(["accounts", "list", "--lang"], Variable));
        Assert.Equal(Language.Spanish, CommandWords.LanguageOf(["--lang", "es", "accounts"], Variable));
        Assert.Equal(Language.English, CommandWords.LanguageOf(["accounts", "--lang=en"], Variable));
    }

    private static Command CommandsOf(string program, Language language) =>
        program == "cloud" ? CloudCommandLine.Create(TextWriter.Null, TextWriter.Null, language) : Metering.Gateway.Commands.GatewayCommands.Create(language);

    private static IEnumerable<(string Path, string? Text)> Described(string path, Command command)
    {
        // Help and version are the parser's own, and it has its Spanish.
        IEnumerable<Symbol> parts = command.Options.Where(option => option is not (HelpOption or VersionOption)).Cast<Symbol>().Concat(command.Arguments);
        return ((IEnumerable<(string, string?)>)[(path, command.Description), .. parts.Select(symbol => ($"{path} {symbol.Name}", symbol.Description))])
            .Concat(command.Subcommands.SelectMany(below => Described($"{path} {below.Name}", below)));
    }

    // Help is broken into lines to the width of the terminal.
    private static string Unbroken(string help) => string.Join(' ', help.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
