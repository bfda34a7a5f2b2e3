using System.Net;
using System.Net.Sockets;
using Metering.Mqtt;

namespace Metering.Gateway.Diagnosis.Health;

/// <summary>Goes the way to the broker stage by stage: name, TCP, TLS with login. The first that fails ends it.</summary>
internal static class BrokerHealth
{
    private static readonly TimeSpan StageLimit = TimeSpan.FromSeconds(5);

    /// <param name="options">As the gateway itself logs in.</param>
    /// <param name="isRunning">Whether the gateway runs: a second login under its name would end its connection.</param>
    /// <param name="clock">For the deadlines.</param>
    /// <param name="cancellationToken">Ends it early.</param>
    internal static async Task<IReadOnlyList<HealthCheck>> CheckAsync(MqttClientOptions options, bool isRunning, TimeProvider clock, CancellationToken cancellationToken)
    {
        List<HealthCheck> checks = [];
        IPAddress[] addresses = await ResolveAsync(options.Host, cancellationToken);
        if (addresses.Length == 0)
        {
            checks.Add(HealthCheck.Bad(
                "broker-dns",
                new(es: $"No se conoce el nombre {options.Host}.", en: $"The name {options.Host} is not known."),
                new(es: "Revise broker.host y el servidor DNS (resolvectl status).", en: "Check broker.host and the DNS server (resolvectl status).")));
            return checks;
        }

        checks.Add(HealthCheck.Good("broker-dns", $"{options.Host} es {addresses[0]}.", $"{options.Host} is {addresses[0]}."));
        if (await ConnectAsync(addresses, options.Port, clock, cancellationToken) is string problem)
        {
            checks.Add(HealthCheck.Bad(
                "broker-tcp",
                new(es: $"{options.Host} no acepta conexiones en el puerto {options.Port}: {problem}.", en: $"{options.Host} takes no connection on port {options.Port}: {problem}."),
                new(es: "¿Corre el broker? ¿Es el puerto correcto (1883, con TLS 8883)? ¿Hay un cortafuegos?", en: "Does the broker run? Is it the right port (1883, with TLS 8883)? Is a firewall in between?")));
            return checks;
        }

        checks.Add(HealthCheck.Good("broker-tcp", $"El puerto {options.Port} está abierto.", $"Port {options.Port} is open."));
        checks.Add(isRunning
            ? HealthCheck.Good("broker-login", "El gateway está corriendo: no se prueba otro inicio de sesión con su nombre.", "The gateway runs: no second login is tried under its name.")
            : await LogInAsync(options, clock, cancellationToken));
        return checks;
    }

    private static async Task<IPAddress[]> ResolveAsync(string host, CancellationToken cancellationToken)
    {
        try
        {
            return IPAddress.TryParse(host, out IPAddress? address) ? [address] : await Dns.GetHostAddressesAsync(host, cancellationToken);
        }
        catch (SocketException)
        {
            return [];
        }
    }

    private static async Task<string?> ConnectAsync(IPAddress[] addresses, int port, TimeProvider clock, CancellationToken cancellationToken)
    {
        using CancellationTokenSource limit = new(StageLimit, clock);
        using CancellationTokenSource both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            using Socket socket = new(SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync(addresses, port, both.Token);
            return null;
        }
        catch (SocketException e)
        {
            return e.SocketErrorCode.ToString();
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return "TimedOut";
        }
    }

    private static async Task<HealthCheck> LogInAsync(MqttClientOptions options, TimeProvider clock, CancellationToken cancellationToken)
    {
        string stage = options.UseTls ? "TLS" : "MQTT";
        try
        {
            await using MqttClient client = new(options with { ConnectTimeout = StageLimit, Will = null }, clock);
            _ = await client.ConnectAsync(cancellationToken);
            await client.DisconnectAsync(cancellationToken);
            return HealthCheck.Good("broker-login", $"El broker aceptó el usuario {options.UserName ?? "-"} ({stage}).", $"The broker took the user {options.UserName ?? "-"} ({stage}).");
        }
        catch (MqttException e) when (e.Kind == MqttErrorKind.Refused)
        {
            return HealthCheck.Bad(
                "broker-login",
                new(es: $"El broker rechazó el inicio de sesión: {e.Message}", en: $"The broker refused the login: {e.Message}"),
                new(es: "Revise broker.userName y broker.passwordFile; alta en el broker: mosquitto_passwd ARCHIVO USUARIO", en: "Check broker.userName and broker.passwordFile; to add it at the broker: mosquitto_passwd FILE USER"),
                ExitCode.Permission);
        }
        catch (MqttException e)
        {
            return HealthCheck.Bad(
                options.UseTls ? "broker-tls" : "broker-login",
                new(es: $"La conexión ({stage}) falló: {e.Message}", en: $"The connection ({stage}) failed: {e.Message}"),
                new(es: "Revise que sea un broker MQTT 5, el certificado y la hora de esta máquina.", en: "Check that it is an MQTT 5 broker, the certificate, and this machine's clock."));
        }
    }
}
