using Metering.Gateway.Configuration;
using Metering.Gateway.Inputs;
using Metering.Gateway.Polling;
using Metering.Readings;
using Metering.Readings.Field;

namespace Metering.Gateway.Status;

/// <summary>What people entered last, by channel. The signed entries are read anew only when there is a new one. One thread at a time.</summary>
internal sealed class ManualReadings
{
    private static readonly TimingSnapshot NoTiming = new() { Count = 0, Last = null, Mean = null, P50 = null, P99 = null, Maximum = null };

    private GatewayConfiguration? _of;
    private long _read;
    private IReadOnlyList<InputSnapshot> _last = [];

    internal IReadOnlyList<InputSnapshot> Take(GatewayConfiguration configuration, FieldBook book)
    {
        if (configuration.ManualChannels.Count == 0 || (ReferenceEquals(_of, configuration) && !book.HasEntry(_read + 1)))
        {
            return configuration.ManualChannels.Count == 0 ? [] : _last;
        }

        IReadOnlyList<FieldEntry> entries;
        try
        {
            entries = book.Entries([]);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The page goes on with what it knew; the disk's fault is told where readings are kept.
            return _last;
        }

        _of = configuration;
        _read = entries.Count == 0 ? 0 : entries[^1].Number;
        FieldEntry[] readings = [.. FieldEntries.Valid(entries).Where(entry => entry.Kind == FieldEntryKind.Reading)];
        _last = [.. configuration.ManualChannels.Select(manual => SnapshotOf(manual.Channel, readings.Where(entry => entry.Channel == manual.Channel.Id && entry.Decimals == manual.Channel.DecimalPlaces).MaxBy(entry => entry.UtcMilliseconds)))];
        return _last;
    }

    private static InputSnapshot SnapshotOf(Channel channel, FieldEntry? entry) => new()
    {
        Id = channel.Meter,
        Kind = InputKind.Manual,
        Slots = 0,
        Timing = NoTiming,
        LastGoodUtcMilliseconds = entry?.UtcMilliseconds,
        Channels =
        [
            new() { Id = channel.Id, Unit = channel.Unit, DecimalPlaces = channel.DecimalPlaces, SlotUtcMilliseconds = entry?.UtcMilliseconds, ScaledValue = entry?.Value, Quality = entry is null ? null : "G" },
        ],
    };
}
