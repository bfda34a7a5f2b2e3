using Metering.Gateway.Configuration;
using Metering.Gateway.Diagnosis.Health;
using Metering.Interop.Tests.Service;
using Metering.Mqtt;

namespace Metering.Interop.Tests.Mqtt;

/// <summary>A gateway as a user sets it up, and a mosquitto set up like cloud/broker, with one thing wrong or none.</summary>
internal sealed class BrokerCase : IAsyncDisposable
{
    internal const string Meters = "{ id: mains, unit: 1, profile: test }";
    internal const string Cloud = "metering-cloud";

    // As cloud/broker/acl.
    private static readonly string[] Rules =
    [
        $"user {Cloud}", "topic read metering/v1/+/up/#", "topic write metering/v1/+/down/#", "pattern write metering/v1/%u/up/#", "pattern read metering/v1/%u/down/#",
    ];

    private readonly CertificateFolder issued;

    private BrokerCase(CertificateFolder certificates, Mosquitto broker, RunningGateway gateway)
    {
        issued = certificates;
        Broker = broker;
        Gateway = gateway;
    }

    internal Mosquitto Broker { get; }

    internal RunningGateway Gateway { get; }

    /// <summary>Starts the broker and writes the gateway's files; the gateway is not started.</summary>
    internal static async Task<BrokerCase> StartAsync(string fault)
    {
        CertificateFolder certificates = new();
        certificates.Issue("server", fault == "other name" ? "broker.example" : "127.0.0.1", hasExpired: fault == "expired");
        certificates.Issue("plant", host: null, hasExpired: fault == "own expired");
        bool hasTls = fault is "tls" or "mtls" or "other authority" or "expired" or "other name" or "no own certificate" or "own expired" or "tls against plain";
        bool isTlsBroker = hasTls && fault != "tls against plain" || fault == "plain against tls";
        bool isMutual = fault is "mtls" or "no own certificate" or "own expired";
        List<string> lines = ["max_qos 1", .. fault switch
        {
            "small packets" => ["max_packet_size 400", "use_username_as_clientid true"],
            "no subscriptions" => [$"plugin {DynamicSecurity}", $"plugin_opt_config_file {certificates.PathOf("dynamic.json")}"],
            _ => (string[])["max_packet_size 1048576", "use_username_as_clientid true"],
        }];
        if (isTlsBroker)
        {
            lines.AddRange([$"certfile {certificates.PathOf("server.pem")}", $"keyfile {certificates.PathOf("server.key")}"]);
        }

        if (isMutual)
        {
            lines.AddRange([$"cafile {certificates.PathOf("ca.pem")}", "require_certificate true"]);
        }

        await File.WriteAllTextAsync(certificates.PathOf("dynamic.json"), """
            { "defaultACLAccess": { "publishClientSend": true, "publishClientReceive": true, "subscribe": false, "unsubscribe": true } }
            """);
        bool hasPasswords = fault != "no subscriptions";
        Mosquitto broker = await Mosquitto.StartAsync(new MosquittoSettings
        {
            Passwords = hasPasswords
                ? new Dictionary<string, string>(StringComparer.Ordinal) { ["plant"] = "correct-password", [Cloud] = "of-the-cloud" }
                : new Dictionary<string, string>(StringComparer.Ordinal),
            AccessRules = fault switch
            {
                "no rights" => [Rules[0], Rules[1], Rules[2], "user plant", "topic write metering/v1/plant/up/status", "topic write metering/v1/plant/up/request"],
                "no subscriptions" => [],
                _ => Rules,
            },
            ConfigurationLines = lines,
        });
        RunningGateway gateway = new(broker.Port);
        File.WriteAllText(gateway.At("broker.password"), fault == "wrong password" ? "wrong-password\n" : "correct-password\n");
        CertificateFolder.OwnerOnly(gateway.At("broker.password"));
        string login = hasPasswords ? ", userName: plant, passwordFile: broker.password" : "";
        string own = isMutual && fault != "no own certificate" ? $", certificateFile: {certificates.PathOf("plant.pem")}, keyFile: {certificates.PathOf("plant.key")}" : "";
        string tls = hasTls ? $", tls: {{ caFile: {certificates.PathOf(fault == "other authority" ? "other-ca.pem" : "ca.pem")}{own} }}" : "";
        gateway.Broker = $"{{ host: 127.0.0.1, port: {broker.Port}{login}{tls} }}";
        _ = gateway.Configure(Meters);
        return new(certificates, broker, gateway);
    }

    internal const string DynamicSecurity = "/usr/lib/x86_64-linux-gnu/mosquitto_dynamic_security.so";

    /// <summary>What the doctor finds on the way to the broker.</summary>
    internal Task<IReadOnlyList<HealthCheck>> ExamineAsync() => BrokerHealth.CheckAsync(
        Metering.Gateway.GatewayHost.BrokerOptionsOf(ConfigurationFile.Load(Gateway.At("gateway.yaml"))), isRunning: false, TimeProvider.System, CancellationToken.None);

    /// <summary>The cloud's login at this broker, with TLS if it has it.</summary>
    internal MqttClientOptions CloudOptions(bool hasTls) => Broker.Options(Cloud, Cloud) with
    {
        UseTls = hasTls,
        CaFile = hasTls ? issued.PathOf("ca.pem") : null,
        ClientCertificateFile = hasTls ? issued.PathOf("plant.pem") : null,       // any of this authority will do
        ClientKeyFile = hasTls ? issued.PathOf("plant.key") : null,
    };

    public async ValueTask DisposeAsync()
    {
        Gateway.Dispose();
        await Broker.DisposeAsync();
        issued.Dispose();
    }
}
