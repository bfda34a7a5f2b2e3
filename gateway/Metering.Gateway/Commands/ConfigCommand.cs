using System.CommandLine;
using System.Globalization;
using Metering.Gateway.Configuration;
using Metering.Readings;

namespace Metering.Gateway.Commands;

/// <summary>gateway config: writes a first configuration, and checks one.</summary>
internal static class ConfigCommand
{
    private static readonly Text About = new(es: "Crea o revisa la configuración.", en: "Make or check the configuration.");
    private static readonly Text Init = new(es: "Escribe una configuración nueva con comentarios; nunca sobrescribe.", en: "Write a new configuration with comments; never writes over one.");
    private static readonly Text Schema = new(es: "Escribe el JSON Schema de la configuración, para el editor.", en: "Write the JSON Schema of the configuration, for an editor.");
    private static readonly Text Exists = new(es: "{0} ya existe; no se sobrescribe. Elija otro nombre con --out.", en: "{0} exists and is not written over. Choose another name with --out.");
    private static readonly Text BadGateway = new(es: "--gateway '{0}' no sirve: {1}.", en: "--gateway '{0}' cannot be used: {1}.");
    private static readonly Text OneLine = new(es: "Indique una: --tcp IP:PUERTO o --rtu DISPOSITIVO.", en: "Give one of --tcp HOST:PORT and --rtu DEVICE.");
    private static readonly Text Next = new(
        es: "Siguientes pasos: gateway key --out gateway.pem; copie cloud.pub.pem y broker.password junto a {0}; gateway config check --config {0}",
        en: "Next: gateway key --out gateway.pem; put cloud.pub.pem and broker.password beside {0}; gateway config check --config {0}");

    internal static Command Create(Language language)
    {
        Option<string> gateway = new("--gateway") { Description = new Text(es: "Nombre de este gateway, como leon-curtiduria.", en: "Name of this gateway, such as leon-tannery.").In(language), Required = true };
        Option<string> broker = new("--broker") { Description = new Text(es: "HOST:PUERTO del broker.", en: "HOST:PORT of the broker.").In(language), Required = true };
        Option<string?> tcp = new("--tcp") { Description = new Text(es: "IP:PUERTO del medidor o convertidor.", en: "HOST:PORT of the meter or converter.").In(language) };
        Option<string?> rtu = new("--rtu") { Description = new Text(es: "Puerto serie.", en: "Serial device.").In(language) };
        Option<int> unit = new("--unit") { Description = new Text(es: "Dirección (unit id) del medidor.", en: "Unit id of the meter.").In(language), DefaultValueFactory = _ => 1 };
        Option<string> profile = new("--profile") { Description = new Text(es: "Perfil del medidor.", en: "Profile of the meter.").In(language), Required = true };
        Option<string> output = new("--out") { Description = new Text(es: "Archivo nuevo.", en: "New file.").In(language), DefaultValueFactory = _ => "gateway.yaml" };
        Command init = new("init", Init.In(language)) { gateway, broker, tcp, rtu, unit, profile, output };
        init.SetAction(result => Write(
            new(result.GetValue(gateway)!, result.GetValue(broker)!, result.GetValue(tcp), result.GetValue(rtu), result.GetValue(unit), result.GetValue(profile)!), result.GetValue(output)!, language));
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
            line = $"serial: {{ device: {first.Rtu}, baudRate: 9600, dataBits: 8, parity: even, stopBits: 1 }}";
        }

        string brokerHost = "";
        int brokerPort = 0;
        problem ??= Output.TryParseAddress(first.Broker, out brokerHost, out brokerPort) ? null : $"--broker '{first.Broker}': HOST:PORT";
        if (problem is not null)
        {
            return null;
        }

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
                  - {'{'} id: meter-{first.Unit}, unit: {first.Unit}, profile: {first.Profile} {'}'}

            """);
    }

    private static int Write(FirstConfiguration first, string path, Language language)
    {
        if (Build(first, language, out string? problem) is not string yaml)
        {
            return Output.Fail(problem!, ExitCode.Usage);
        }

        try
        {
            using FileStream stream = new(path, FileMode.CreateNew, FileAccess.Write);
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
}

/// <summary>What config init is told.</summary>
internal sealed record FirstConfiguration(string Gateway, string Broker, string? Tcp, string? Rtu, int Unit, string Profile);
