namespace Metering.Mqtt;

/// <summary>How to reach one broker, and as whom. Checked by the constructor of <see cref="MqttClient"/>.</summary>
public sealed record MqttClientOptions
{
    /// <summary>Default limit for one packet, in bytes, in either direction.</summary>
    public const int DefaultMaximumPacketSize = 1024 * 1024;

    /// <summary>Host name or address of the broker.</summary>
    public required string Host { get; init; }

    /// <summary>TCP port, 1 to 65535. Usual: 1883, with TLS 8883.</summary>
    public required int Port { get; init; }

    /// <summary>Name of the session at the broker, unique among its clients. A second connection with the same name ends the first.</summary>
    public required string ClientId { get; init; }

    /// <summary>User name, or null to send none.</summary>
    public string? UserName { get; init; }

    /// <summary>Password, or null to send none. It is never logged or printed, and leaves only in the CONNECT packet.</summary>
    public string? Password { get; init; }

    /// <summary>True discards the session that the broker keeps under this name.</summary>
    public bool CleanStart { get; init; }

    /// <summary>How long the broker shall keep the session after the connection ends; whole seconds. Zero: not at all.
    /// <see cref="TimeSpan.MaxValue"/>: for ever.</summary>
    public TimeSpan SessionExpiry { get; init; }

    /// <summary>Longest silence on the line, 1 s to 65535 s. The broker may replace it by its own.</summary>
    public TimeSpan KeepAlive { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How many QoS 1 messages the broker may have sent that we have not acknowledged yet; 1 to 65535.</summary>
    public ushort ReceiveMaximum { get; init; } = 100;

    /// <summary>How many QoS 1 messages we keep unacknowledged at the broker; 1 to 65535. The broker's own limit holds if it is lower.</summary>
    public ushort SendMaximum { get; init; } = 100;

    /// <summary>What the broker publishes when this client vanishes without saying goodbye; null for nothing.</summary>
    public MqttWill? Will { get; init; }

    /// <summary>Time allowed from the first packet of the network to the broker's answer.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Largest packet accepted from the broker, in bytes; 128 B to 256 MiB. Announced to it.</summary>
    public int MaximumPacketSize { get; init; } = DefaultMaximumPacketSize;

    /// <summary>True to speak TLS (1.2 or newer).</summary>
    public bool UseTls { get; init; }

    /// <summary>PEM file with the certificates that may have signed the broker's; null to use the system's list.</summary>
    public string? CaFile { get; init; }

    /// <summary>PEM file with this client's certificate; null for none. Needs <see cref="ClientKeyFile"/>.</summary>
    public string? ClientCertificateFile { get; init; }

    /// <summary>PEM file with the private key of <see cref="ClientCertificateFile"/>.</summary>
    public string? ClientKeyFile { get; init; }

    /// <summary>Names the connection, never the password.</summary>
    public override string ToString() => FormattableString.Invariant($"{ClientId} at {(UseTls ? "mqtts" : "mqtt")}://{Host}:{Port}");
}

/// <summary>The Will (MQTT 5.0, 3.1.2.5): a message the broker publishes for a client that vanished.</summary>
public sealed record MqttWill
{
    /// <summary>Topic name, without wildcards.</summary>
    public required string Topic { get; init; }

    /// <summary>Content, at most 65535 bytes.</summary>
    public ReadOnlyMemory<byte> Payload { get; init; }

    /// <summary>Delivery promise.</summary>
    public MqttQoS QoS { get; init; } = MqttQoS.AtLeastOnce;

    /// <summary>True to keep it as the topic's last value.</summary>
    public bool Retain { get; init; }

    /// <summary>How long the broker waits for the client to come back before it publishes; whole seconds.</summary>
    public TimeSpan Delay { get; init; }
}
