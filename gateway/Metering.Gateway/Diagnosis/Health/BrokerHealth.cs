using System.Net;
using System.Net.Sockets;
using Metering.Mqtt;
using Metering.Readings;

namespace Metering.Gateway.Diagnosis.Health;

/// <summary>Goes the way to the broker stage by stage: name, TCP, TLS with login, and the rights to its topics. The first that fails ends it.</summary>
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
        if (isRunning)
        {
            checks.Add(HealthCheck.Good("broker-login", "El gateway está corriendo: no se prueba otro inicio de sesión con su nombre.", "The gateway runs: no second login is tried under its name."));
            return checks;
        }

        checks.AddRange(await LogInAsync(options, clock, cancellationToken));
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

    private static async Task<IReadOnlyList<HealthCheck>> LogInAsync(MqttClientOptions options, TimeProvider clock, CancellationToken cancellationToken)
    {
        string stage = options.UseTls ? "TLS" : "MQTT";
        try
        {
            await using MqttClient client = new(options with { ConnectTimeout = StageLimit, Will = null }, clock);
            _ = await client.ConnectAsync(cancellationToken);
            HealthCheck login = HealthCheck.Good("broker-login", $"El broker aceptó el usuario {options.UserName ?? "-"} ({stage}).", $"The broker took the user {options.UserName ?? "-"} ({stage}).");
            using CancellationTokenSource limit = new(StageLimit, clock);
            using CancellationTokenSource both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
            HealthCheck topics = await TryTopicsAsync(client, options, both.Token);
            await client.DisconnectAsync(cancellationToken);
            return [login, topics];
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return [HealthCheck.Bad(
                "broker-topics",
                new(es: "El broker aceptó el usuario, pero no contesta lo que se le envía.", en: "The broker took the user, but does not answer what is sent to it."),
                new(es: "Vea el registro (log) del broker.", en: "Look at the broker's log."))];
        }
        catch (MqttException e)
        {
            BrokerTrouble trouble = BrokerTrouble.Of(e, options);
            bool isTls = options.UseTls && e.Kind is (MqttErrorKind.TlsFailed or MqttErrorKind.Unreachable);
            return [HealthCheck.Bad(isTls ? "broker-tls" : "broker-login", trouble.What, trouble.Remedy, e.Kind is MqttErrorKind.Refused ? ExitCode.Permission : ExitCode.Unavailable)];
        }
    }

    /// <summary>
    /// Tries the rights without leaving anything behind: a subscription to the cloud's acks ends with the connection, and the question
    /// that is published is one the gateway asks at each start.
    /// </summary>
    private static async Task<HealthCheck> TryTopicsAsync(MqttClient client, MqttClientOptions options, CancellationToken cancellationToken)
    {
        string topic = Topics.Request(options.ClientId);
        BrokerTrouble? trouble = null;
        try
        {
            await client.SubscribeAsync(Topics.Ack(options.ClientId), MqttQoS.AtLeastOnce, cancellationToken);
            byte[] question = GatewayRequest.AskStanding(options.ClientId, GatewayRequest.NewAsk());
            MqttReasonCode code = await client.PublishAsync(topic, question, MqttQoS.AtLeastOnce, retain: false, cancellationToken);
            trouble = code == MqttReasonCode.Success ? null : BrokerTrouble.OfMessage(topic, code);
        }
        catch (MqttException e)
        {
            trouble = e.Kind is MqttErrorKind.PacketTooLarge or MqttErrorKind.NotSupported ? BrokerTrouble.OfMessage(topic, e) : BrokerTrouble.Of(e, options);
        }

        return trouble switch
        {
            null => HealthCheck.Good("broker-topics", "El broker acepta los mensajes de este gateway, y alguien los recibe.", "The broker takes this gateway's messages, and somebody receives them."),
            { IsRefusal: true } => HealthCheck.Bad("broker-topics", trouble.What, trouble.Remedy, ExitCode.Permission),
            _ => HealthCheck.Notice("broker-topics", trouble.What, trouble.Remedy),
        };
    }
}
