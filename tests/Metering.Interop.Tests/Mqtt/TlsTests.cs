using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Metering.Mqtt;
using Metering.Tests.Support;
using Xunit;

namespace Metering.Interop.Tests.Mqtt;

/// <summary>TLS and client certificates against a real mosquitto, with certificates made for the test.</summary>
public sealed class TlsTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("metering-tls-").FullName;
    private readonly X509Certificate2 authority;

    public TlsTests()
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new("CN=test authority", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        authority = request.CreateSelfSigned(TimeProvider.System.GetUtcNow().AddDays(-1), TimeProvider.System.GetUtcNow().AddDays(1));
        File.WriteAllText(PathOf("ca.pem"), authority.ExportCertificatePem());
        Issue("server", address: true);
        Issue("gateway-7", address: false);
    }

    [NeedsFact("mosquitto", "openssl")]
    public async Task A_client_certificate_gives_the_user_name()
    {
        await using Mosquitto broker = await StartAsync();

        await using MqttClient client = new(Options(broker), TimeProvider.System);
        await client.ConnectAsync(CancellationToken.None);
        await client.SubscribeAsync("of/gateway-7", MqttQoS.AtLeastOnce, CancellationToken.None);
        byte[] payload = Encoding.ASCII.GetBytes(new string('x', 200_000));
        Assert.Equal(MqttReasonCode.Success, await client.PublishAsync("of/gateway-7", payload, MqttQoS.AtLeastOnce, retain: false, CancellationToken.None));
        Assert.Equal(MqttReasonCode.NotAuthorized, await client.PublishAsync("of/gateway-8", payload, MqttQoS.AtLeastOnce, retain: false, CancellationToken.None));
        MqttMessage message = await client.Messages.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30));
        Assert.True(message.Payload.Span.SequenceEqual(payload));
        client.Acknowledge(message);
        await client.DisconnectAsync(CancellationToken.None);
    }

    [NeedsFact("mosquitto", "openssl")]
    public async Task A_broker_that_is_not_trusted_is_a_tls_fault()
    {
        await using Mosquitto broker = await StartAsync();

        await using MqttClient client = new(Options(broker) with { CaFile = null }, TimeProvider.System);
        MqttException fault = await Assert.ThrowsAsync<MqttException>(() => client.ConnectAsync(CancellationToken.None));
        Assert.Equal(MqttErrorKind.TlsFailed, fault.Kind);
        Assert.False(fault.IsTransient);
        await using MqttClient other = new(Options(broker) with { CaFile = PathOf("missing.pem") }, TimeProvider.System);
        fault = await Assert.ThrowsAsync<MqttException>(() => other.ConnectAsync(CancellationToken.None));
        Assert.Equal(MqttErrorKind.TlsFailed, fault.Kind);
    }

    [NeedsFact("mosquitto", "openssl")]
    public async Task Without_a_client_certificate_or_without_tls_there_is_no_connection()
    {
        await using Mosquitto broker = await StartAsync();

        await using MqttClient bare = new(Options(broker) with { ClientCertificateFile = null, ClientKeyFile = null }, TimeProvider.System);
        await Assert.ThrowsAsync<MqttException>(() => bare.ConnectAsync(CancellationToken.None));
        await using MqttClient plain = new(broker.Options("plain"), TimeProvider.System);
        MqttException fault = await Assert.ThrowsAsync<MqttException>(() => plain.ConnectAsync(CancellationToken.None));
        Assert.Equal(MqttErrorKind.Unreachable, fault.Kind);
    }

    public void Dispose()
    {
        authority.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    private static byte[] SerialNumber(string name) => SHA256.HashData(Encoding.UTF8.GetBytes(name))[..8];

    private Task<Mosquitto> StartAsync() => Mosquitto.StartAsync(new MosquittoSettings
    {
        AccessRules = ["pattern readwrite of/%u"],
        ConfigurationLines =
        [
            $"cafile {PathOf("ca.pem")}", $"certfile {PathOf("server.pem")}", $"keyfile {PathOf("server.key")}",
            "require_certificate true", "use_identity_as_username true", "tls_version tlsv1.2",
        ],
    });

    private MqttClientOptions Options(Mosquitto broker) => broker.Options("tls") with
    {
        UseTls = true,
        CaFile = PathOf("ca.pem"),
        ClientCertificateFile = PathOf("gateway-7.pem"),
        ClientKeyFile = PathOf("gateway-7.key"),
    };

    private string PathOf(string file) => Path.Combine(folder, file);

    private void Issue(string name, bool address)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new($"CN={name}", key, HashAlgorithmName.SHA256);
        if (address)
        {
            SubjectAlternativeNameBuilder names = new();
            names.AddIpAddress(System.Net.IPAddress.Loopback);
            request.CertificateExtensions.Add(names.Build());
        }

        using X509Certificate2 certificate = request.Create(authority, new DateTimeOffset(authority.NotBefore), new DateTimeOffset(authority.NotAfter), SerialNumber(name));
        File.WriteAllText(PathOf($"{name}.pem"), certificate.ExportCertificatePem());
        File.WriteAllText(PathOf($"{name}.key"), key.ExportPkcs8PrivateKeyPem());
    }
}
