using System.Security.Cryptography;
using Metering.Gateway.Keys;
using Metering.Gateway.Witness;
using Metering.Mqtt;

namespace Metering.Gateway.Uplink;

/// <summary>What the uplink needs to know.</summary>
internal sealed record UplinkOptions
{
    /// <summary>Batches on the way to the cloud that it has not confirmed yet.</summary>
    internal const int Window = 64;

    /// <summary>
    /// The part of <see cref="Window"/> that the newest batches have while a backlog is drained, so that the present is seen at
    /// once. Only so many may be on the way that the cloud has not listed as there: one that has no room for early batches costs no more.
    /// </summary>
    internal const int LiveShare = 16;

    /// <summary>First wait for the cloud's word before unconfirmed batches are sent again; doubles up to <see cref="LongestPatience"/>.</summary>
    internal static readonly TimeSpan FirstPatience = TimeSpan.FromSeconds(10);

    internal static readonly TimeSpan LongestPatience = TimeSpan.FromMinutes(5);

    /// <summary>How often the uplink looks at its clocks.</summary>
    internal static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);

    /// <summary>How often it is stated that batches are lost, until the cloud takes it.</summary>
    internal static readonly TimeSpan LossSpacing = TimeSpan.FromSeconds(5);

    /// <summary>How long a goodbye may take.</summary>
    internal static readonly TimeSpan GoodbyeTimeout = TimeSpan.FromSeconds(3);

    public required string Gateway { get; init; }

    public required KeyChain Keys { get; init; }

    public required string CloudName { get; init; }

    public required ECDsa CloudKey { get; init; }

    public required MqttClientOptions Broker { get; init; }

    /// <summary>Keeps an eye on the cloud's log; null: nobody does.</summary>
    public LogWitness? Witness { get; init; }

    /// <summary>Brings what people recorded at the gateway; null: nobody does.</summary>
    public RecordCourier? Records { get; init; }

    /// <summary>Makes what the gateway says of itself when it connects. Not kept between: of a large gateway it is megabytes.</summary>
    public required Func<byte[]> Meta { get; init; }
}
