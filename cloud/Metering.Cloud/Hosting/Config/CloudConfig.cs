using System.Net;
using Metering.Store;

namespace Metering.Cloud.Hosting;

/// <summary>The cloud's configuration file, read and checked. Paths are absolute.</summary>
public sealed record CloudConfig
{
    /// <summary>Path of the configuration file itself.</summary>
    public required string File { get; init; }

    /// <summary>The cloud's name: signer of every ack and, unless broker.clientId says otherwise, MQTT client identifier.</summary>
    public required string Name { get; init; }

    /// <summary>PEM file with the private key that signs acks.</summary>
    public required string KeyFile { get; init; }

    /// <summary>Where the readings stand; made when it is not there.</summary>
    public required StoreLocation Store { get; init; }

    /// <summary>Where accounts and the programme's register stand; made when it is not there. Beside the store when the file does not say.</summary>
    public required StoreLocation Programme { get; init; }

    /// <summary>YAML file with plants and projects; null when the cloud only stores.</summary>
    public string? ProjectsFile { get; init; }

    /// <summary>The broker.</summary>
    public required BrokerConfig Broker { get; init; }

    /// <summary>Where pages and the health address answer.</summary>
    public required WebConfig Web { get; init; }

    /// <summary>Address of the authority that stamps checkpoints of the transparency log with its time (RFC 3161), http or https; null without one.</summary>
    public Uri? TimeStampAuthority { get; init; }

    /// <summary>The InfluxDB mirror; null without one.</summary>
    public InfluxConfig? Influx { get; init; }

    /// <summary>Where line protocol is taken in; null when it is not.</summary>
    public IntakeConfig? Intake { get; init; }
}

/// <summary>How to reach the broker.</summary>
/// <param name="Host">Host name or address.</param>
/// <param name="Port">TCP port, 1 to 65535.</param>
/// <param name="UserName">User name; null to send none.</param>
/// <param name="PasswordFile">File whose first line is the password; null to send none.</param>
public sealed record BrokerConfig(string Host, int Port, string? UserName, string? PasswordFile)
{
    /// <summary>Group of the shared subscription that several ingestion processes divide among them; null for one process.</summary>
    public string? Share { get; init; }

    /// <summary>MQTT client identifier; null for the cloud's name, and with <see cref="Share"/> for one of this process's own.</summary>
    public string? ClientId { get; init; }

    /// <summary>Gateways whose batches this process takes, for a broker without shared subscriptions; empty for all.</summary>
    public IReadOnlyList<string> Gateways { get; init; } = [];
}

/// <summary>Where pages answer.</summary>
/// <param name="Address">A loopback address, unless <see cref="IsRemote"/>.</param>
/// <param name="Port">TCP port; 0 takes a free one.</param>
public sealed record WebConfig(IPAddress Address, int Port)
{
    /// <summary>Whether readers of other machines are let in, by https only: either through <see cref="TrustedProxy"/> or with <see cref="CertificateFile"/>.</summary>
    public bool IsRemote { get; init; }

    /// <summary>The one address whose X-Forwarded-For and X-Forwarded-Proto are believed; null without a proxy.</summary>
    public IPAddress? TrustedProxy { get; init; }

    /// <summary>PEM file of the certificate and its chain; null without.</summary>
    public string? CertificateFile { get; init; }

    /// <summary>PEM file of the certificate's private key; null without.</summary>
    public string? CertificateKeyFile { get; init; }
}

/// <summary>The InfluxDB that mirrors the store.</summary>
public sealed record InfluxConfig
{
    /// <summary>Base address, http or https.</summary>
    public required Uri Url { get; init; }

    /// <summary>Name of the database; with 2.x of the bucket.</summary>
    public required string Database { get; init; }

    /// <summary>Generation of the server: 1, 2 or 3.</summary>
    public int Version { get; init; } = 1;

    /// <summary>User name; null to send none.</summary>
    public string? UserName { get; init; }

    /// <summary>File that holds the password; null to send none.</summary>
    public string? PasswordFile { get; init; }

    /// <summary>File that holds the token; null to send none.</summary>
    public string? TokenFile { get; init; }
}
