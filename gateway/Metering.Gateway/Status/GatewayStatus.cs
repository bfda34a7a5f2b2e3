using Metering.Gateway.Outbox;
using Metering.Gateway.Polling;
using Metering.Gateway.Uplink;
using Metering.Gateway.Witness;

namespace Metering.Gateway.Status;

/// <summary>How a gateway stands at one moment: what pages, metrics and the command "live" show.</summary>
internal sealed record GatewayStatus
{
    public required string Gateway { get; init; }

    public required string Software { get; init; }

    /// <summary>SHA-256 of the configuration in use.</summary>
    public required string ConfigHash { get; init; }

    /// <summary>Why a changed configuration was not taken; null when there was none or it was.</summary>
    public required Text? KeptBecause { get; init; }

    /// <summary>What stands still, in the words of the watchdog; null while there is progress.</summary>
    public required Text? NoProgress { get; init; }

    public required long AtUtcMilliseconds { get; init; }

    /// <summary>Time since the gateway started.</summary>
    public required TimeSpan Running { get; init; }

    /// <summary>Null before the first slot.</summary>
    public required PollingSnapshot? Polling { get; init; }

    /// <summary>The channels whose readings people enter, each with its last valid one; nothing where there is none.</summary>
    public IReadOnlyList<InputSnapshot> Manual { get; init; } = [];

    public required OutboxStanding Outbox { get; init; }

    public required UplinkStanding Uplink { get; init; }

    /// <summary>What is known of the cloud's log.</summary>
    public WitnessStanding Witness { get; init; } = WitnessStanding.Nothing;

    /// <summary>Whether the wall clock is synchronised.</summary>
    public required bool IsClockSynchronised { get; init; }

    /// <summary>Free bytes of the disk with the state directory; null when the disk does not say.</summary>
    public required long? DiskFreeBytes { get; init; }

    /// <summary>Memory this process has in RAM, in bytes.</summary>
    public required long MemoryBytes { get; init; }

    /// <summary>Processor time this process has used.</summary>
    public required TimeSpan ProcessorTime { get; init; }
}
