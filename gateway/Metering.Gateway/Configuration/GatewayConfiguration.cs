using System.Security.Cryptography;
using Metering.Fieldbus.Serial;
using Metering.Gateway.Inputs;
using Metering.Gateway.Status;
using Metering.Meters.Inputs;
using Metering.Meters.Profiles;
using Metering.Meters.Totalisers;
using Metering.Readings;

namespace Metering.Gateway.Configuration;

/// <summary>A checked configuration: every file it names was read, every rule holds.</summary>
internal sealed record GatewayConfiguration
{
    /// <summary>Files with a secret in them that the configuration names: private keys and the password.</summary>
    public IReadOnlyList<string> SecretFiles { get; init; } = [];

    public required string File { get; init; }

    /// <summary>SHA-256 of the configuration file, as it stands in every manifest.</summary>
    public required string Hash { get; init; }

    public required string Gateway { get; init; }

    public required ECDsa Key { get; init; }

    public required int KeyEpoch { get; init; }

    public required string StateDirectory { get; init; }

    public required CloudIdentity Cloud { get; init; }

    public required BrokerAddress Broker { get; init; }

    /// <summary>Time between two readings of a channel of the normal rate class; slots are whole multiples of it since 1970-01-01 UTC.</summary>
    public required TimeSpan Interval { get; init; }

    /// <summary>Interval of fast values; null where they are read as normal ones.</summary>
    public TimeSpan? FastInterval { get; init; }

    /// <summary>Interval of slow values; null where they are read as normal ones.</summary>
    public TimeSpan? SlowInterval { get; init; }

    /// <summary>How often each rate class is read.</summary>
    public PollingIntervals Intervals => new(Interval, FastInterval, SlowInterval);

    public required TimeSpan BatchMaximumAge { get; init; }

    public required int BatchMaximumReadings { get; init; }

    /// <summary>Limits of the outbox.</summary>
    public required OutboxLimits Outbox { get; init; }

    public required IReadOnlyList<BusConfiguration> Buses { get; init; }

    /// <summary>Where the gateway shows how it stands.</summary>
    public StatusPageOptions StatusPage { get; init; } = new();

    /// <summary>Inputs beside Modbus.</summary>
    public IReadOnlyList<InputConfiguration> Inputs { get; init; } = [];

    /// <summary>What single counters can do, by channel.</summary>
    public IReadOnlyDictionary<string, TotaliserLimits> Totalisers { get; init; } = new Dictionary<string, TotaliserLimits>(StringComparer.Ordinal);

    /// <summary>What a counter can do. Of two maximum rates, that of the configuration and that of the meter's profile, the lower one holds: none of the two things can go faster.</summary>
    public TotaliserLimits LimitsOf(Channel channel)
    {
        TotaliserLimits limits = Totalisers.GetValueOrDefault(channel.Id) ?? TotaliserLimits.For(channel, maximumPerHour: null, longestStandstill: null);
        return ProfileRateOf(channel) is long rated && rated < (limits.MaximumStepsPerHour ?? long.MaxValue) ? limits with { MaximumStepsPerHour = rated } : limits;
    }

    private long? ProfileRateOf(Channel channel)
    {
        foreach (MeterConfiguration meter in Buses.SelectMany(bus => bus.Meters).Where(meter => meter.Id == channel.Meter))
        {
            foreach (RegisterDefinition register in meter.Profile.Registers)
            {
                if (channel.Id.AsSpan(meter.Id.Length + 1).SequenceEqual(register.Quantity))
                {
                    return register.MaximumStepsPerHour;
                }
            }
        }

        return null;
    }

    /// <summary>Channels whose readings people enter.</summary>
    public IReadOnlyList<ManualChannel> ManualChannels { get; init; } = [];

    /// <summary>All channels, bus by bus and meter by meter in the order of the file, then those of the inputs, then those that people enter.</summary>
    public IReadOnlyList<Channel> Channels =>
        [.. Buses.SelectMany(bus => bus.Meters).SelectMany(meter => meter.Channels), .. Inputs.SelectMany(input => input.Channels), .. ManualChannels.Select(manual => manual.Channel)];
}

/// <summary>Limits of the outbox, as the configuration names them.</summary>
/// <param name="MaximumLength">Bytes of the whole outbox. Near it only hourly totals of counters are taken; what the cloud has not confirmed is never dropped.</param>
/// <param name="KeepAcknowledgedLength">Bytes of confirmed batches kept for a cloud that is restored from a backup.</param>
/// <param name="MaximumAge">Confirmed batches older than this are not kept. What is not confirmed has no age limit.</param>
internal sealed record OutboxLimits(long MaximumLength, long KeepAcknowledgedLength, TimeSpan MaximumAge);

/// <summary>Whose word frees the outbox.</summary>
internal sealed record CloudIdentity(string Name, ECDsa Key);

/// <summary>Where the batches go. The password is read from its file and never printed.</summary>
internal sealed record BrokerAddress(string Host, int Port, string? UserName, string? Password)
{
    /// <summary>How the line to the broker is protected; null for a plain line.</summary>
    public BrokerTls? Tls { get; init; }

    /// <summary>Where the password was read from; null for none.</summary>
    public string? PasswordFile { get; init; }

    public override string ToString() => string.Create(null, $"{Host}:{Port}");
}

/// <summary>TLS to the broker, 1.2 or newer.</summary>
/// <param name="CaFile">PEM file with the certificates that may have signed the broker's; null for the system's list.</param>
/// <param name="CertificateFile">PEM file with this gateway's own certificate; null for none.</param>
/// <param name="KeyFile">PEM file with its private key; set together with the certificate.</param>
internal sealed record BrokerTls(string? CaFile, string? CertificateFile, string? KeyFile);

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

/// <param name="Id">Name of the meter.</param>
/// <param name="Unit">Its unit id.</param>
/// <param name="Profile">Its register map; it has the transformer ratios in it already.</param>
/// <param name="Interval">How often all its values are read, whatever their rate class; null to follow the rate classes.</param>
internal sealed record MeterConfiguration(string Id, byte Unit, DeviceProfile Profile, TimeSpan? Interval = null)
{
    /// <summary>Its channels, in the order of the profile's registers. Made once: a large gateway has thousands, and many who ask for them.</summary>
    public IReadOnlyList<Channel> Channels { get; } = Profile.ChannelsOf(Id);

    /// <summary>How long it may take to answer, where it differs from its bus.</summary>
    public TimeSpan? AnswerTimeout { get; init; }

    /// <summary>The transformers in front of it, as configured.</summary>
    public TransformerRatios Transformers { get; init; } = new(null, null);
}

/// <summary>An input beside Modbus.</summary>
/// <param name="Id">Its name.</param>
/// <param name="Channels">Its channels; those of the opened input are the same.</param>
/// <param name="Open">Opens it for one start of the polling.</param>
internal sealed record InputConfiguration(string Id, IReadOnlyList<Channel> Channels, Func<ISlotInput> Open);
