using System.Collections.Concurrent;
using System.Security.Cryptography;
using Metering.Store;
using Microsoft.Extensions.Logging;

namespace Metering.Ingestion;

/// <summary>
/// Sets refused messages aside with their reason. Every refusal is counted; kept is only what fits the limits, so that one
/// broken or hostile sender fills neither the disk nor the shelf of the others: of each gateway at most
/// <see cref="MaximumOfGateway"/> messages and <see cref="MaximumAnHour"/> an hour, and no message twice in a row.
/// </summary>
internal sealed class Quarantine(IReadingStore store, IngestionState state, IngestionCounters counters, TimeProvider clock, ILogger logger)
{
    /// <summary>Messages kept in all; later ones are only counted.</summary>
    public const long MaximumMessages = 10_000;

    /// <summary>Messages of one gateway kept.</summary>
    public const long MaximumOfGateway = 500;

    /// <summary>Messages of one gateway kept in an hour.</summary>
    public const int MaximumAnHour = 100;

    private const int MaximumWindows = 100_000;
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    private readonly ConcurrentDictionary<string, Window> _windows = new(StringComparer.Ordinal);

    public void Keep(string gateway, string topic, ReadOnlyMemory<byte> payload, RefusalKind kind, string sentence)
    {
        counters.Refused("quarantined", kind);
        if (kind == RefusalKind.UnknownGateway)
        {
            // Counted together: anybody can invent names.
            state.CountUnknownGateway();
        }
        else
        {
            state.Change(gateway, before => before.WithRefusal(kind.ToWord()));
        }

        if (!MayKeep(gateway, payload.Span, kind))
        {
            logger.QuarantineRateReached(topic, sentence);
            return;
        }

        try
        {
            long count = store.QuarantineCount;
            if (count >= MaximumMessages || store.QuarantinedOf(gateway) >= MaximumOfGateway)
            {
                logger.QuarantineFull(count, topic, sentence);
                return;
            }

            store.Quarantine(gateway, $"{kind.ToWord()}: {sentence}", payload);
            logger.Quarantined(topic, sentence);
        }
        catch (StoreException e)
        {
            // A refused message was never promised to anyone: losing it must not stop the others.
            logger.QuarantineFailed(topic, e.Message);
        }
    }

    private bool MayKeep(string gateway, ReadOnlySpan<byte> payload, RefusalKind kind)
    {
        if (_windows.Count >= MaximumWindows)
        {
            _windows.Clear();
        }

        Window window = _windows.GetOrAdd(gateway, _ => new() { Begun = clock.GetTimestamp() });
        string content = $"{kind} {Convert.ToHexStringLower(SHA256.HashData(payload))}";
        lock (window)
        {
            if (clock.GetElapsedTime(window.Begun) >= Hour)
            {
                (window.Begun, window.Count, window.Last) = (clock.GetTimestamp(), 0, "");
            }

            if (window.Count >= MaximumAnHour || window.Last == content)
            {
                return false;
            }

            (window.Count, window.Last) = (window.Count + 1, content);
            return true;
        }
    }

    private sealed class Window
    {
        public long Begun { get; set; }

        public int Count { get; set; }

        public string Last { get; set; } = "";
    }
}
