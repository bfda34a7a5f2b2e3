namespace Metering.Cloud.Demo;

/// <summary>What the gateways said of the history they sent.</summary>
internal sealed class HistoryFigures
{
    /// <summary>Readings per gateway, as counted by the gateway itself.</summary>
    public Dictionary<string, long> Sent { get; } = new(StringComparer.Ordinal);

    /// <summary>Readings a second from the field to the durable store, all gateways together, wall time.</summary>
    public double ReadingsPerSecond { get; set; }
}
