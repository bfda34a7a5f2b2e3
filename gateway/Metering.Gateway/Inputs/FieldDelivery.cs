using System.Buffers.Binary;
using System.Security.Cryptography;
using Metering.Gateway.Outbox;
using Metering.Gateway.Polling;
using Metering.Meters.Inputs;
using Metering.Meters.Totalisers;
using Metering.Readings;
using Metering.Readings.Field;

namespace Metering.Gateway.Inputs;

/// <summary>
/// Brings what people entered into the outbox, with the cycle that follows: a reading at its own instant; a change of meter as the
/// old one's last register two milliseconds and the new one's first register one millisecond before its instant, the latter with the
/// reason reset, so that both differences are known and none is taken across. Entries go in the order of their instants, so that the filters meet
/// them as the meters did. Up to which number all are sent is kept in "events-sent"; after a crash in between an entry goes out a second
/// time, which the store takes for one. Belongs to the thread that hands cycles on.
/// </summary>
internal sealed class FieldDelivery : IDisposable
{
    internal const string SentName = "events-sent";
    private const int SentLength = sizeof(long);
    private const int FinalLead = 2;
    private const int InitialLead = 1;

    private readonly FieldLog _log;
    private readonly Func<int, ECDsa?> _keyOf;
    private readonly Dictionary<string, int> _channels = new(StringComparer.Ordinal);
    private readonly TotaliserBank? _bank;
    private readonly Action<string> _refused;
    private readonly DurableRecord _record;
    private readonly byte[] _bytes = new byte[SentLength];
    private readonly Reading[] _one = new Reading[1];
    private readonly List<FieldEntry> _held = [];
    private long _read;
    private string _nextPath;

    /// <param name="stateDirectory">The state directory.</param>
    /// <param name="gateway">Who signs entries.</param>
    /// <param name="keyOf">Public or private key of an epoch; null for none.</param>
    /// <param name="channels">The gateway's channels.</param>
    /// <param name="bank">Told of changes of meter; null for none.</param>
    /// <param name="refused">Told of an entry that is not sent, with the reason.</param>
    /// <exception cref="IOException">The state directory cannot be read.</exception>
    internal FieldDelivery(string stateDirectory, string gateway, Func<int, ECDsa?> keyOf, IReadOnlyList<Channel> channels, TotaliserBank? bank, Action<string> refused)
    {
        _log = new(stateDirectory, gateway);
        (_keyOf, _bank, _refused) = (keyOf, bank, refused);
        for (int index = 0; index < channels.Count; index++)
        {
            _channels[channels[index].Id] = index;
        }

        Channels = channels;
        _record = DurableRecord.Open(Path.Combine(stateDirectory, SentName));
        Sent = _record.Payload is { Length: SentLength } payload ? BinaryPrimitives.ReadInt64LittleEndian(payload) : 0;
        _read = Sent;
        _nextPath = _log.PathOf(_read + 1);
    }

    /// <summary>Number up to which all entries were handed on.</summary>
    internal long Sent { get; private set; }

    private IReadOnlyList<Channel> Channels { get; }

    /// <summary>Hands on what has been entered since, whatever its instant.</summary>
    /// <param name="now">The cycle that was just handed on: its clock stamps the entries.</param>
    /// <param name="sink">Takes the cycles.</param>
    /// <param name="flush">Waits until they are durable.</param>
    /// <exception cref="IOException">The disk failed.</exception>
    internal void Deliver(in CycleHeader now, CycleSink sink, Action flush)
    {
        Look();
        DeliverThrough(long.MaxValue, now, sink, flush);
    }

    /// <summary>Takes up what has been entered since; costs one look at one name when that is nothing.</summary>
    /// <exception cref="IOException">The disk failed.</exception>
    internal void Look()
    {
        if (!File.Exists(_nextPath))
        {
            return;
        }

        while (TryNext(_read + 1, out FieldEntry? entry))
        {
            _read++;
            if (entry is not null)
            {
                Hold(entry);
            }
        }

        _nextPath = _log.PathOf(_read + 1);
    }

    /// <summary>Hands on what was taken up and is not later than an instant. Allocates nothing when that is nothing.</summary>
    /// <param name="utcMilliseconds">The instant.</param>
    /// <param name="now">The cycle that was just handed on.</param>
    /// <param name="sink">Takes the cycles.</param>
    /// <param name="flush">Waits until they are durable.</param>
    /// <exception cref="IOException">The disk failed.</exception>
    internal void DeliverThrough(long utcMilliseconds, in CycleHeader now, CycleSink sink, Action flush)
    {
        int count = 0;
        for (; count < _held.Count && _held[count].UtcMilliseconds <= utcMilliseconds; count++)
        {
            FieldEntry entry = _held[count];
            if (!TrySend(entry, now, sink))
            {
                _refused(FormattableString.Invariant($"entry {entry.Number}: the configuration has no channel {entry.Channel} in {entry.Unit} with {entry.Decimals} decimals"));
            }
        }

        _held.RemoveRange(0, count);
        long through = _read;
        foreach (FieldEntry entry in _held)
        {
            through = Math.Min(through, entry.Number - 1);
        }

        if (count > 0 || through > Sent)
        {
            flush();
            BinaryPrimitives.WriteInt64LittleEndian(_bytes, through);
            _record.Save(_bytes);
            Sent = through;
        }
    }

    public void Dispose() => _record.Dispose();

    private bool TryNext(long number, out FieldEntry? entry)
    {
        entry = null;
        try
        {
            entry = _log.TryRead(number, _keyOf);
            return entry is not null;
        }
        catch (WireFormatException e)
        {
            _refused(FormattableString.Invariant($"entry {number}: {e.Message}"));
            return true;
        }
    }

    // Of one instant, the later entry is the correction and goes last.
    private void Hold(FieldEntry entry)
    {
        int place = _held.Count;
        while (place > 0 && _held[place - 1].UtcMilliseconds > entry.UtcMilliseconds)
        {
            place--;
        }

        _held.Insert(place, entry);
    }

    private bool TrySend(FieldEntry entry, in CycleHeader now, CycleSink sink)
    {
        if (!_channels.TryGetValue(entry.Channel, out int index) || Channels[index].Unit != entry.Unit || Channels[index].DecimalPlaces != entry.Decimals)
        {
            return false;
        }

        if (entry.Kind == FieldEntryKind.Reading)
        {
            Send(now, sink, new(entry.UtcMilliseconds, entry.Value ?? 0, index, ReadingQuality.Good, entry.Value is not null));
            return true;
        }

        long initial = entry.InitialValue ?? 0;
        if (entry.FinalValue is long final)
        {
            Send(now, sink, new(entry.UtcMilliseconds - FinalLead, final, index, ReadingQuality.Good, HasValue: true));
        }

        Send(now, sink, new(entry.UtcMilliseconds - InitialLead, initial, index, ReadingQuality.Of(QualityClass.Good, QualityReason.Reset), HasValue: true));
        if (_bank is not null && _bank.Replace(index, entry.UtcMilliseconds, entry.FinalValue, initial).Kind == TotaliserEventKind.None)
        {
            _refused(FormattableString.Invariant($"entry {entry.Number} was sent, but the running total of {entry.Channel} does not follow it: its last register lies below what was read before, or a later reading went on already"));
        }

        return true;
    }

    private void Send(in CycleHeader now, CycleSink sink, in Reading reading)
    {
        _one[0] = reading;
        sink(now with { SlotUtcMilliseconds = reading.UtcMilliseconds }, _one);
    }
}
