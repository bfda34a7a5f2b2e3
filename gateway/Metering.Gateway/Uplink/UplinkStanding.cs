using Metering.Gateway.Diagnosis;
using Metering.Mqtt;

namespace Metering.Gateway.Uplink;

/// <summary>How the way to the cloud stands.</summary>
internal sealed record UplinkStanding
{
    /// <summary>host:port of the broker.</summary>
    public required string Broker { get; init; }

    public required MqttSessionState State { get; init; }

    /// <summary>Why there is no connection, or why the broker does not take what is sent; null while nothing is wrong.</summary>
    public required BrokerTrouble? Trouble { get; init; }

    /// <summary>Whether only a person can mend it (password, rights, certificate, limits of the broker).</summary>
    public bool IsRefused => Trouble is { IsRefusal: true };

    /// <summary>Connections made since the start.</summary>
    public required long Connections { get; init; }

    /// <summary>When the cloud's last signed word came, in milliseconds since 1970-01-01 UTC; null for never since the start.</summary>
    public required long? LastAckUtcMilliseconds { get; init; }
}
