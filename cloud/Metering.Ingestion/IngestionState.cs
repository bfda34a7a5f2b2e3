using System.Collections.Concurrent;

namespace Metering.Ingestion;

/// <summary>What ingestion knows of one gateway since it started.</summary>
public sealed record GatewayActivity
{
    /// <summary>Gateway identifier.</summary>
    public required string Gateway { get; init; }

    /// <summary>Key epoch of the last batch; 0 before the first.</summary>
    public int KeyEpoch { get; init; }

    /// <summary>Last durable batch of that epoch, as far as seen in this run; 0 before the first.</summary>
    public long Through { get; init; }

    /// <summary>Batches made durable.</summary>
    public long Batches { get; init; }

    /// <summary>Readings made durable.</summary>
    public long Readings { get; init; }

    /// <summary>Batches that were durable already.</summary>
    public long Duplicates { get; init; }

    /// <summary>Those of them that came before their turn; each goes into the chain with its predecessor.</summary>
    public long Early { get; init; }

    /// <summary>Batches that came before their turn and found no room.</summary>
    public long OutOfOrder { get; init; }

    /// <summary>Batches that contradict a durable one.</summary>
    public long Forks { get; init; }

    /// <summary>Messages refused with a reason, forks included.</summary>
    public long Quarantined { get; init; }

    /// <summary>The refused messages by kind of reason, such as "signature" or "revoked".</summary>
    public IReadOnlyDictionary<string, long> Refusals { get; init; } = new Dictionary<string, long>(StringComparer.Ordinal);

    /// <summary>Stored batches with instants that cannot be right: more than a day ahead of this clock, or before 2015.</summary>
    public long ImplausibleClock { get; init; }

    /// <summary>When the last batch came; null before the first.</summary>
    public DateTimeOffset? LastReceived { get; init; }

    /// <summary>What the gateway, or the broker for it, said last: true online, false offline, null nothing.</summary>
    public bool? IsOnline { get; init; }

    internal GatewayActivity WithRefusal(string kind)
    {
        Dictionary<string, long> refusals = new(Refusals, StringComparer.Ordinal);
        refusals[kind] = refusals.GetValueOrDefault(kind) + 1;
        return this with { Refusals = refusals, Quarantined = Quarantined + 1 };
    }
}

/// <summary>Counters over all gateways since ingestion started.</summary>
/// <param name="Batches">Batches made durable.</param>
/// <param name="Readings">Readings made durable.</param>
/// <param name="Duplicates">Batches that were durable already.</param>
/// <param name="Forks">Batches that contradict a durable one.</param>
/// <param name="Quarantined">Messages refused with a reason.</param>
/// <param name="UnknownGateway">Messages of gateways that are not enrolled, among the quarantined.</param>
/// <param name="Retained">Retained batches, refused unread.</param>
public sealed record IngestionTotals(
    long Batches, long Readings, long Duplicates, long Forks, long Quarantined, long UnknownGateway, long Retained);

/// <summary>A snapshot of ingestion's work for status pages. Safe from any thread.</summary>
public sealed class IngestionState
{
    /// <summary>How many gateways are followed one by one; a flood of invented names ends here.</summary>
    public const int MaximumGateways = 1_000_000;

    private readonly ConcurrentDictionary<string, GatewayActivity> _gateways = new(StringComparer.Ordinal);
    private long _unknownGateway;
    private long _retained;
    private long _connected;

    /// <summary>Whether the broker is connected now.</summary>
    public bool IsConnected
    {
        get => Interlocked.Read(ref _connected) == 1;
        internal set => Interlocked.Exchange(ref _connected, value ? 1 : 0);
    }

    /// <summary>Every gateway heard of, ascending by identifier.</summary>
    public IReadOnlyList<GatewayActivity> Gateways() => [.. _gateways.Values.OrderBy(gateway => gateway.Gateway, StringComparer.Ordinal)];

    /// <summary>One gateway, or null when nothing was heard of it.</summary>
    public GatewayActivity? Find(string gateway) => _gateways.GetValueOrDefault(gateway);

    /// <summary>The sums.</summary>
    public IngestionTotals Totals()
    {
        IngestionTotals totals = new(0, 0, 0, 0, 0, Interlocked.Read(ref _unknownGateway), Interlocked.Read(ref _retained));
        foreach (GatewayActivity gateway in _gateways.Values)
        {
            totals = totals with
            {
                Batches = totals.Batches + gateway.Batches,
                Readings = totals.Readings + gateway.Readings,
                Duplicates = totals.Duplicates + gateway.Duplicates,
                Forks = totals.Forks + gateway.Forks,
                Quarantined = totals.Quarantined + gateway.Quarantined,
            };
        }

        return totals with { Quarantined = totals.Quarantined + totals.UnknownGateway };
    }

    internal void CountUnknownGateway() => Interlocked.Increment(ref _unknownGateway);

    internal void CountRetained() => Interlocked.Increment(ref _retained);

    internal void Change(string gateway, Func<GatewayActivity, GatewayActivity> change)
    {
        if (_gateways.Count < MaximumGateways || _gateways.ContainsKey(gateway))
        {
            _ = _gateways.AddOrUpdate(gateway, name => change(new() { Gateway = name }), (_, before) => change(before));
        }
    }
}
