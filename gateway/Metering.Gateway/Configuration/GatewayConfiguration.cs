using System.Security.Cryptography;
using Metering.Fieldbus.Serial;
using Metering.Meters.Profiles;
using Metering.Readings;

namespace Metering.Gateway.Configuration;

/// <summary>A checked configuration: every file it names was read, every rule holds.</summary>
internal sealed record GatewayConfiguration
{
    public required string File { get; init; }

    /// <summary>SHA-256 of the configuration file, as it stands in every manifest.</summary>
    public required string Hash { get; init; }

    public required string Gateway { get; init; }

    public required ECDsa Key { get; init; }

    public required int KeyEpoch { get; init; }

    public required string StateDirectory { get; init; }

    public required CloudIdentity Cloud { get; init; }

    public required BrokerAddress Broker { get; init; }

    /// <summary>Time between two readings of a channel; slots are whole multiples of it since 1970-01-01 UTC.</summary>
    public required TimeSpan Interval { get; init; }

    public required TimeSpan BatchMaximumAge { get; init; }

    public required int BatchMaximumReadings { get; init; }

    public required IReadOnlyList<BusConfiguration> Buses { get; init; }

    /// <summary>All channels, bus by bus and meter by meter in the order of the file.</summary>
    public IReadOnlyList<Channel> Channels => [.. Buses.SelectMany(bus => bus.Meters).SelectMany(meter => meter.Profile.ChannelsOf(meter.Id))];
}

/// <summary>Whose word frees the outbox.</summary>
internal sealed record CloudIdentity(string Name, ECDsa Key);

/// <summary>Where the batches go. The password is read from its file and never printed.</summary>
internal sealed record BrokerAddress(string Host, int Port, string? UserName, string? Password)
{
    public override string ToString() => string.Create(null, $"{Host}:{Port}");
}

/// <summary>One bus: a TCP connection or a serial line. Exactly one of the two is set.</summary>
internal sealed record BusConfiguration
{
    public required string Id { get; init; }

    public TcpAddress? Tcp { get; init; }

    public SerialLine? Serial { get; init; }

    public required TimeSpan AnswerTimeout { get; init; }

    public required IReadOnlyList<MeterConfiguration> Meters { get; init; }
}

/// <summary>Where a bus answers over TCP.</summary>
internal sealed record TcpAddress(string Host, int Port)
{
    /// <summary>RTU frames, as a converter in transparent mode passes them; else Modbus TCP.</summary>
    public bool HasRtuFraming { get; init; }
}

internal sealed record SerialLine(string Device, SerialSettings Settings);

/// <summary>One meter. The profile has the transformer ratios in it already.</summary>
internal sealed record MeterConfiguration(string Id, byte Unit, DeviceProfile Profile)
{
    /// <summary>The transformers in front of it, as configured.</summary>
    public TransformerRatios Transformers { get; init; } = new(null, null);
}
