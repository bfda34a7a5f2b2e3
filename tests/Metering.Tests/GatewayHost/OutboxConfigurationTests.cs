using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Metering.Gateway.Configuration;
using Metering.Meters.Yaml;
using Metering.Readings;
using Metering.Tests.Support;
using Xunit;

namespace Metering.Tests.GatewayHost;

/// <summary>The parts of the configuration that limit the outbox and protect the line to the broker.</summary>
public sealed class OutboxConfigurationTests : IDisposable
{
    private const string Base = """
        gateway: leon-tannery
        keyFile: gateway.pem
        keyEpoch: 1
        stateDirectory: state
        profilesDirectory: profiles
        cloud: { name: metering-cloud, keyFile: cloud.pub.pem }
        broker: { host: 127.0.0.1, port: 8883TLS }
        polling: { interval: 15m }
        OUTBOX
        buses:
          - id: switchboard
            tcp: { host: 127.0.0.1, port: 5020 }
            meters: [ { id: mains, unit: 1, profile: p } ]

        """;

    private readonly TemporaryFolder _folder = new();

    public OutboxConfigurationTests()
    {
        using ECDsa key = SigningKey.Create(_folder.Combine("gateway.pem"));
        _ = _folder.Write("cloud.pub.pem", SigningKey.PublicPem(key));
        _ = _folder.Write("profiles/p.yaml", """
            profile: p
            revision: 1
            source: "test"
            trust: simulated
            addressing: wire
            table: holding
            registers:
              - { quantity: active-energy-import, address: 0, format: uint32, order: abcd, decimals: 1, unit: kWh, kind: counter, modulus: 4294967296 }
            """);
        CertificateRequest request = new("CN=gateway", key, HashAlgorithmName.SHA256);
        using X509Certificate2 certificate = request.CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch + TimeSpan.FromDays(36_500));
        _ = _folder.Write("client.pem", certificate.ExportCertificatePem());
        _ = _folder.Write("other.pem", ECDsa.Create(ECCurve.NamedCurves.nistP256).ExportPkcs8PrivateKeyPem());
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Without_the_section_the_limits_are_the_documented_ones() =>
        Assert.Equal(new OutboxLimits(4L << 30, 256L << 20, TimeSpan.FromDays(90)), Load("", "").Outbox);

    [Fact]
    public void The_limits_are_read_with_their_units() =>
        Assert.Equal(new OutboxLimits(1L << 30, 64L << 20, TimeSpan.FromDays(30)), Load("outbox: { maximumLength: 1GiB, keepAcknowledged: 64MiB, maximumAge: 30d }", "").Outbox);

    [Theory]
    [InlineData("outbox: { maximumLength: 4 }", "outbox.maximumLength: '4' is no size in range")]
    [InlineData("outbox: { maximumLength: 1MiB }", "outbox.maximumLength: '1MiB' is no size in range")]
    [InlineData("outbox: { maximumLength: 64MiB, keepAcknowledged: 40MiB }", "outbox.keepAcknowledged: confirmed batches may take half of maximumLength at most")]
    [InlineData("outbox: { maximumAge: 5 }", "outbox.maximumAge: '5' has no unit")]
    [InlineData("outbox: { maximumlength: 1GiB }", "did you mean 'maximumLength'?")]
    public void A_wrong_limit_is_told_with_its_key(string section, string expected) =>
        Assert.Contains(expected, Assert.Throws<YamlFaultException>(() => Load(section, "")).Message, StringComparison.Ordinal);

    [Fact]
    public void The_certificates_of_the_line_to_the_broker_are_read()
    {
        BrokerTls? tls = Load("", ", tls: { caFile: client.pem, certificateFile: client.pem, keyFile: gateway.pem }").Broker.Tls;
        Assert.Equal(new BrokerTls(_folder.Combine("client.pem"), _folder.Combine("client.pem"), _folder.Combine("gateway.pem")), tls);
        Assert.Null(Load("", "").Broker.Tls);
    }

    [Theory]
    [InlineData(", tls: { caFile: none.pem }", "broker.tls.caFile: the file DIR/none.pem does not exist")]
    [InlineData(", tls: { caFile: gateway.pem }", "broker.tls.caFile: DIR/gateway.pem holds no certificate in PEM form")]
    [InlineData(", tls: { certificateFile: client.pem }", "broker.tls.certificateFile: a certificate and its private key belong together")]
    [InlineData(", tls: { certificateFile: client.pem, keyFile: other.pem }", "broker.tls.certificateFile: DIR/client.pem cannot be used")]
    public void A_certificate_that_cannot_be_used_is_told_before_anything_starts(string tls, string expected)
    {
        string message = Assert.Throws<YamlFaultException>(() => Load("", tls)).Message.Replace(_folder.Path, "DIR", StringComparison.Ordinal);
        Assert.Contains(expected, message, StringComparison.Ordinal);
    }

    private GatewayConfiguration Load(string outbox, string tls) => ConfigurationFile.Load(_folder.Write(
        "gateway.yaml", Base.Replace("OUTBOX\n", outbox.Length > 0 ? outbox + "\n" : "", StringComparison.Ordinal).Replace("TLS", tls, StringComparison.Ordinal)));
}
