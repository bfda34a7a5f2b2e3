using System.Security.Cryptography;
using Metering.Mqtt;
using Metering.Readings;

namespace Metering.Ingestion;

/// <summary>How ingestion reaches the broker, and as whom it signs.</summary>
public sealed record IngestionOptions
{
    /// <summary>QoS 1 messages that the broker may have sent and that are not durable yet; more lets more gateways share one disk flush.</summary>
    public const int DefaultReceiveMaximum = 256;

    /// <summary>The cloud's name: signer of every ack.</summary>
    public required string Name { get; init; }

    /// <summary>MQTT client identifier, its own for each process; null for <see cref="Name"/>.</summary>
    public string? ClientId { get; init; }

    /// <summary>
    /// Group of a shared subscription (MQTT 5, 4.8.2): the broker spreads batches over all processes of the group. Null: this
    /// process gets everything.
    /// </summary>
    public string? Share { get; init; }

    /// <summary>Topic filters of the batches this process takes, for a broker without shared subscriptions; each ends with "/up/batch".</summary>
    public IReadOnlyList<string> BatchTopics { get; init; } = [Topics.AllBatches];

    /// <summary>Private key that signs acks, ECDSA P-256.</summary>
    public required ECDsa Key { get; init; }

    /// <summary>Host name or address of the broker.</summary>
    public required string BrokerHost { get; init; }

    /// <summary>TCP port of the broker.</summary>
    public required int BrokerPort { get; init; }

    /// <summary>User name at the broker; null to send none.</summary>
    public string? UserName { get; init; }

    /// <summary>Password at the broker; null to send none.</summary>
    public string? Password { get; init; }

    /// <summary>See <see cref="DefaultReceiveMaximum"/>; 1 to 65535.</summary>
    public ushort ReceiveMaximum { get; init; } = DefaultReceiveMaximum;

    /// <summary>How long acks are gathered, so that a gateway gets one for many batches.</summary>
    public TimeSpan AckInterval { get; init; } = TimeSpan.FromMilliseconds(20);

    /// <summary>
    /// Where the transparency log stands, with the proof that its first so many entries (the argument) are what they were; null when it is empty.
    /// Of a number above the log's size there is no proof: the answer begins from 0. Null where this process has no log: gateways that ask for it get no answer.
    /// </summary>
    public Func<long, LogStanding?>? LogSince { get; init; }

    /// <summary>Threads' worth of checking: gateways are spread over this many lanes, each in order.</summary>
    public int Lanes { get; init; } = Math.Max(1, Environment.ProcessorCount);

    /// <summary>Pauses between attempts to connect; null for the client's own.</summary>
    public MqttBackOff? BackOff { get; init; }
}
