using Metering.Gateway.Polling;

namespace Metering.Gateway.Status;

/// <summary>Whether a gateway does what it is there for. Reasons are words that are only ever added to, so that a monitor may wait for them.</summary>
/// <param name="Reasons">Why it does not; empty when it does.</param>
/// <param name="Warnings">What somebody should look at, although readings come and go.</param>
internal sealed record HealthVerdict(IReadOnlyList<string> Reasons, IReadOnlyList<string> Warnings)
{
    /// <summary>Free bytes of the disk below which somebody should look.</summary>
    internal const long LittleDiskBytes = 512L * 1024 * 1024;

    /// <summary>Batches that wait before somebody should look.</summary>
    internal const long ManyWaitingBatches = 100;

    internal bool IsHealthy => Reasons.Count == 0;

    internal static HealthVerdict Of(GatewayStatus status)
    {
        List<string> reasons = [];
        List<string> warnings = [];
        IReadOnlyList<BusSnapshot> buses = status.Polling?.Buses ?? [];
        Add(reasons, "no-progress", status.NoProgress is not null);
        Add(reasons, "outbox-full", status.Outbox.IsFull);
        Add(reasons, "state-directory-set-back", status.Outbox.IsBehindCloud);
        Add(reasons, "broker-refuses", status.Uplink.IsRefused);
        Add(reasons, "no-bus-connected", buses.Count > 0 && buses.All(bus => bus.State == BusState.Disconnected));
        Add(warnings, "configuration-not-taken", status.KeptBecause is not null);
        Add(warnings, "bus-disconnected", buses.Any(bus => bus.State == BusState.Disconnected));
        Add(warnings, "bus-behind", buses.Any(bus => bus.State == BusState.Behind));
        Add(warnings, "meter-failing", buses.SelectMany(bus => bus.Meters).Any(meter => meter.State is MeterState.Failing or MeterState.Quarantined or MeterState.Refusing));
        Add(warnings, "input-failing", (status.Polling?.Inputs ?? []).Any(InputCard.IsFailing));
        Add(warnings, "broker-away", status.Uplink is { State: not Mqtt.MqttSessionState.Connected, IsRefused: false });
        Add(warnings, "batches-waiting", status.Outbox.WaitingBatches > ManyWaitingBatches);
        Add(warnings, "log-does-not-continue", status.Witness.Open is not null);
        Add(warnings, "clock-not-synchronised", !status.IsClockSynchronised);
        Add(warnings, "disk-nearly-full", status.DiskFreeBytes < LittleDiskBytes);
        return new(reasons, warnings);
    }

    private static void Add(List<string> words, string word, bool holds)
    {
        if (holds)
        {
            words.Add(word);
        }
    }
}
