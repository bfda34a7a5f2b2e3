using System.CommandLine;
using System.Globalization;
using Metering.Gateway.Configuration;
using Metering.Readings;

namespace Metering.Gateway.Commands;

/// <summary>gateway config: writes a first configuration, and checks one.</summary>
internal static class ConfigCommand
{
    private static readonly Text About = new(es: "Crea o revisa la configuración.", en: "Make or check the configuration.");
    private static readonly Text Init = new(es: "Escribe una configuración nueva con comentarios; en una terminal y sin opciones, la pregunta.", en: "Write a new configuration with comments; at a terminal and without options, it asks.");
    private static readonly Text Schema = new(es: "Escribe el JSON Schema de la configuración, para el editor.", en: "Write the JSON Schema of the configuration, for an editor.");
    private static readonly Text Exists = new(es: "{0} ya existe; no se sobrescribe. Elija otro nombre con --out, o sobrescríbalo con --force.", en: "{0} exists and is not written over. Choose another name with --out, or write over it with --force.");
    private static readonly Text BadGateway = new(es: "--gateway '{0}' no sirve: {1}.", en: "--gateway '{0}' cannot be used: {1}.");
    private static readonly Text Missing = new(
        es: "Falta {0}. En una terminal, y sin ninguna opción, config init lo pregunta todo.",
        en: "Missing: {0}. At a terminal, and without any option, config init asks for all of it.");

    private static readonly Text OneLine = new(es: "Indique una: --tcp IP:PUERTO o --rtu DISPOSITIVO.", en: "Give one of --tcp HOST:PORT and --rtu DEVICE.");
    private static readonly Text Next = new(
        es: "Siguientes pasos: gateway key --out gateway.pem; copie cloud.pub.pem y broker.password junto a {0}; gateway config check --config {0}",
        en: "Next: gateway key --out gateway.pem; put cloud.pub.pem and broker.password beside {0}; gateway config check --config {0}");

    internal static Command Create(Language language)
    {
        Option<string?> gateway = new("--gateway") { Description = new Text(es: "Nombre de este gateway, como leon-curtiduria.", en: "Name of this gateway, such as leon-tannery.").In(language) };
        Option<string?> broker = new("--broker") { Description = new Text(es: "HOST:PUERTO del broker.", en: "HOST:PORT of the broker.").In(language) };
        Option<string?> tcp = new("--tcp") { Description = new Text(es: "IP:PUERTO del medidor o convertidor.", en: "HOST:PORT of the meter or converter.").In(language) };
        Option<string?> rtu = new("--rtu") { Description = new Text(es: "Puerto serie.", en: "Serial device.").In(language) };
        Option<int> unit = new("--unit") { Description = new Text(es: "Dirección (unit id) del medidor.", en: "Unit id of the meter.").In(language), DefaultValueFactory = _ => 1 };
        Option<string?> profile = new("--profile") { Description = new Text(es: "Perfil del medidor.", en: "Profile of the meter.").In(language) };
        Option<string> output = new("--out") { Description = new Text(es: "Archivo nuevo.", en: "New file.").In(language), DefaultValueFactory = _ => "gateway.yaml" };
        Option<bool> force = new("--force") { Description = new Text(es: "Sobrescribir el archivo si ya existe.", en: "Write over the file where it exists.").In(language) };
        Command init = new("init", Init.In(language)) { gateway, broker, tcp, rtu, unit, profile, output, force };
        init.SetAction(result =>
        {
            Option<string?>[] told = [gateway, broker, tcp, rtu, profile];
            FirstFile file = new(result.GetValue(output)!, result.GetValue(force));
            if (!Console.IsInputRedirected && told.All(option => result.GetValue(option) is null))
            {
                return AskAndWrite(file, language);
            }

            Option<string?>[] missing = [.. new[] { gateway, broker, profile }.Where(option => result.GetValue(option) is null)];
            return missing.Length > 0
                ? Output.Fail(Missing.In(language, string.Join(", ", missing.Select(option => option.Name))), ExitCode.Usage)
                : Write(new(result.GetValue(gateway)!, result.GetValue(broker)!, result.GetValue(tcp), result.GetValue(rtu), result.GetValue(unit), result.GetValue(profile)!), file, language);
        });
        Command schema = new("schema", Schema.In(language));
        schema.SetAction(_ => ConfigurationSchema.Write(Console.Out));
        return new("config", About.In(language)) { init, CheckCommand.Create(language), schema };
    }

    /// <summary>The configuration as text; null with what is wrong.</summary>
    internal static string? Build(FirstConfiguration first, Language language, out string? problem)
    {
        problem = !Identifier.IsValid(first.Gateway) ? BadGateway.In(language, first.Gateway, Identifier.Rule)
            : first.Tcp is null == first.Rtu is null ? OneLine.In(language)
            : null;
        string line = "";
        if (problem is null && first.Tcp is string address)
        {
            problem = Output.TryParseAddress(address, out string host, out int port) ? null : $"--tcp '{address}': HOST:PORT";
            line = string.Create(CultureInfo.InvariantCulture, $"tcp: {{ host: {host}, port: {port} }}");
        }
        else if (problem is null)
        {
            line = $"serial: {{ device: {first.Rtu}, baudRate: {first.BaudRate}, dataBits: 8, parity: {first.Parity}, stopBits: 1 }}";
        }

        string brokerHost = "";
        int brokerPort = 0;
        problem ??= Output.TryParseAddress(first.Broker, out brokerHost, out brokerPort) ? null : $"--broker '{first.Broker}': HOST:PORT";
        if (problem is not null)
        {
            return null;
        }

        IReadOnlyList<FirstMeter> all = first.Meters.Count > 0 ? first.Meters : [new(string.Create(CultureInfo.InvariantCulture, $"meter-{first.Unit}"), first.Unit, first.Profile)];
        string meters = string.Join("\n      - ", all.Select(meter => meter.ToYaml()));
        string Comment(string es, string en) => "# " + (language == Language.Spanish ? es : en);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"""
            {Comment("Configuración del gateway. Revísela con: gateway config check --config ARCHIVO", "Configuration of the gateway. Check it: gateway config check --config FILE")}
            gateway: {first.Gateway}
            {Comment("Llave con la que firma; hágala con: gateway key --out gateway.pem", "The key it signs with; make it: gateway key --out gateway.pem")}
            keyFile: gateway.pem
            keyEpoch: 1
            {Comment("Lecturas que esperan a la nube; nunca la copie a otro gateway", "Readings that wait for the cloud; never copy it to another gateway")}
            stateDirectory: state
            {Comment("Llave pública de la nube", "The cloud's public key")}
            cloud: {'{'} name: metering-cloud, keyFile: cloud.pub.pem {'}'}
            {Comment("La contraseña está en un archivo, nunca aquí", "The password stands in a file, never here")}
            broker: {'{'} host: {brokerHost}, port: {brokerPort}, userName: {first.Gateway}, passwordFile: broker.password {'}'}
            {Comment("Cada cuánto se lee: 10s 1m 15m 1h", "How often is read: 10s 1m 15m 1h")}
            polling: {'{'} interval: 1m {'}'}
            buses:
              - id: line-1
                {line}
                answerTimeout: 500ms
                meters:
                  - {meters}

            """);
    }

    // Asked before the questions, too: nobody answers a dozen of them to learn that the file stays as it is.
    private static int AskAndWrite(FirstFile file, Language language)
    {
        if (File.Exists(file.Path) && !file.MayReplace)
        {
            return Output.Fail(Exists.In(language, file.Path), ExitCode.CannotCreate);
        }

        ConfigQuestions questions = new(Console.In, Console.Error, "/", Path.Combine(AppContext.BaseDirectory, "profiles"), language);
        return questions.Ask(Environment.MachineName) is FirstConfiguration first
            ? Write(first, file, language)
            : Output.Fail(ConfigQuestionTexts.Ended.In(language), ExitCode.Usage);
    }

    private static int Write(FirstConfiguration first, FirstFile file, Language language)
    {
        string path = file.Path;
        if (Build(first, language, out string? problem) is not string yaml)
        {
            return Output.Fail(problem!, ExitCode.Usage);
        }

        try
        {
            using FileStream stream = new(path, file.MayReplace ? FileMode.Create : FileMode.CreateNew, FileAccess.Write);
            stream.Write(System.Text.Encoding.UTF8.GetBytes(yaml));
        }
        catch (UnauthorizedAccessException e)
        {
            return Output.Fail(e.Message, ExitCode.Permission);
        }
        catch (IOException e)
        {
            return Output.Fail(File.Exists(path) ? Exists.In(language, path) : e.Message, ExitCode.CannotCreate);
        }

        Console.Error.WriteLine(Next.In(language, path));
        Console.Out.WriteLine(path);
        return 0;
    }

    /// <summary>Where the configuration goes.</summary>
    private sealed record FirstFile(string Path, bool MayReplace);
}
