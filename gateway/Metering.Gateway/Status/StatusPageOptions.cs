using System.Net;
using Metering.Meters.Yaml;

namespace Metering.Gateway.Status;

/// <summary>Where the gateway shows how it stands.</summary>
internal sealed record StatusPageOptions
{
    /// <summary>Where to listen: a free port of the loopback unless the configuration says otherwise. Null when the page is off.</summary>
    public IPEndPoint? Listen { get; init; } = new(IPAddress.Loopback, 0);

    /// <summary>What a visitor must know; null when whoever reaches the loopback may look. Never printed.</summary>
    public string? Token { get; init; }

    public override string ToString() => Listen?.ToString() ?? "off";
}

/// <summary>Reads "statusPage: { listen: 127.0.0.1:8089, tokenFile: status.token }" of a configuration; "listen: off" switches the page off.</summary>
internal static class StatusPageReader
{
    /// <summary>Characters of the shortest token: 16 of a random text are not guessed.</summary>
    internal const int ShortestToken = 16;

    internal static StatusPageOptions Read(YamlSection? section, string folder)
    {
        if (section is null)
        {
            return new();
        }

        string? listen = section.Text("listen", required: false);
        string? tokenFile = section.Text("tokenFile", required: false);
        string? token = tokenFile is null ? null : ReadToken(section, Path.Combine(folder, tokenFile));
        section.Close();
        if (listen == "off")
        {
            return new() { Listen = null };
        }

        IPEndPoint? address = new(IPAddress.Loopback, 0);
        if (listen is not null && (!listen.Contains(':', StringComparison.Ordinal) || !IPEndPoint.TryParse(listen, out address)))
        {
            section.Fault("listen", new(es: $"'{listen}' no es una dirección con puerto", en: $"'{listen}' is no address with a port"), new(es: "escriba listen: 127.0.0.1:8089, o listen: off", en: "write listen: 127.0.0.1:8089, or listen: off"));
            return new();
        }

        if (!IPAddress.IsLoopback(address!.Address) && tokenFile is null)
        {
            section.Fault("listen", new(es: $"a {listen} se llega desde la red de la planta, y falta tokenFile", en: $"{listen} can be reached from the plant's network, and no tokenFile is given"), new(es: "haga la clave: head -c 24 /dev/urandom | base64 > status.token, y escriba tokenFile: status.token; o use 127.0.0.1", en: "make one: head -c 24 /dev/urandom | base64 > status.token, and write tokenFile: status.token; or listen on 127.0.0.1"));
        }

        return new() { Listen = address, Token = token };
    }

    private static string? ReadToken(YamlSection section, string path)
    {
        try
        {
            string token = File.ReadAllText(path).Trim();
            if (token.Length >= ShortestToken && token.All(character => character is > ' ' and < '\x7F'))
            {
                return token;
            }

            section.Fault("tokenFile", new(es: $"{path} no contiene una clave", en: $"{path} holds no token"), new(es: "16 o más caracteres imprimibles en una línea: head -c 24 /dev/urandom | base64 > ARCHIVO", en: "16 or more printable characters on one line: head -c 24 /dev/urandom | base64 > FILE"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            section.Fault("tokenFile", new(es: $"{path} no se puede leer", en: $"{path} cannot be read: {e.Message}"), new(es: "haga uno: head -c 24 /dev/urandom | base64 > ARCHIVO; el usuario del gateway debe poder leerlo", en: "make one: head -c 24 /dev/urandom | base64 > FILE; the gateway's user must be able to read it"));
        }

        return null;
    }
}
