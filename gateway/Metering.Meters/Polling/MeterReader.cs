using System.Diagnostics;
using Metering.Fieldbus.Modbus;
using Metering.Meters.Profiles;
using Metering.Readings;

namespace Metering.Meters.Polling;

/// <summary>
/// Reads every value of one meter once. A block that fails marks each of its channels with the reason; nothing is ever
/// replaced by zero. After silence or a lost line the remaining blocks are not asked any more: a dead meter costs one
/// timeout a cycle, however many blocks it has. Allocates nothing. Belongs to the thread of its bus.
/// </summary>
public sealed class MeterReader
{
    private readonly RegisterDefinition[] _registers;
    private readonly PollRequest[] _requests;
    private readonly PollItem[][] _items;
    private readonly int[] _valueStarts;
    private readonly ushort[] _values;
    private readonly QualityReason[] _missing;
    private readonly ushort[] _buffer = new ushort[125];
    private readonly byte _unit;
    private readonly int _firstChannelIndex;
    private readonly TimeSpan _answerTimeout;

    /// <summary>Prepares the reading of one meter.</summary>
    /// <param name="profile">Its register map.</param>
    /// <param name="unit">Its unit id, 1-247 (TCP also 0 and 248-255).</param>
    /// <param name="firstChannelIndex">Index of its first channel in the gateway's channel list; the others follow in the order of the profile.</param>
    /// <param name="answerTimeout">How long it may take to answer.</param>
    public MeterReader(DeviceProfile profile, byte unit, int firstChannelIndex, TimeSpan answerTimeout)
    {
        _registers = [.. profile.Registers];
        _valueStarts = new int[_registers.Length + 1];
        for (int index = 0; index < _registers.Length; index++)
        {
            _valueStarts[index + 1] = _valueStarts[index] + _registers[index].Spans.Sum(span => span.Count);
        }

        _values = new ushort[_valueStarts[^1]];
        _missing = new QualityReason[_registers.Length];
        _requests = [.. PollPlan.For(profile)];
        _items = [.. _requests.Select(request => request.Items.ToArray())];
        _unit = unit;
        _firstChannelIndex = firstChannelIndex;
        _answerTimeout = answerTimeout;
    }

    /// <summary>Readings one cycle gives: one per channel.</summary>
    public int ReadingCount => _registers.Length;

    /// <summary>Requests one cycle takes when all goes well.</summary>
    public int RequestCount => _requests.Length;

    /// <summary>Reads the meter.</summary>
    /// <param name="client">The bus.</param>
    /// <param name="slotUtcMilliseconds">The scheduled instant, which every reading carries.</param>
    /// <param name="retriesSilence">Whether a block without an answer is asked once more: for meters that answered a short while ago.</param>
    /// <param name="destination">Takes <see cref="ReadingCount"/> readings, one per channel in the order of the channels.</param>
    /// <returns>Ok; or the reply that ended the asking; or that of the first block that failed.</returns>
    public ModbusReply Read(ModbusClient client, long slotUtcMilliseconds, bool retriesSilence, Span<Reading> destination)
    {
        ModbusReply worst = ModbusReply.Ok;
        bool givenUp = false;
        Array.Clear(_missing);
        for (int index = 0; index < _requests.Length; index++)
        {
            ModbusReply reply = givenUp ? worst : Ask(client, _requests[index], retriesSilence);
            if (reply.IsOk)
            {
                Gather(_items[index]);
                continue;
            }

            foreach (PollItem item in _items[index])
            {
                _missing[item.RegisterIndex] = ReasonOf(reply.Outcome);
            }

            worst = worst.IsOk ? reply : worst;
            givenUp |= reply.Outcome is ModbusOutcome.Timeout or ModbusOutcome.Disconnected;
            if (givenUp)
            {
                worst = reply;
            }
        }

        Decode(slotUtcMilliseconds, destination);
        return worst;
    }

    /// <summary>Fills a cycle in which the meter was not asked.</summary>
    public void FillMissing(long slotUtcMilliseconds, QualityReason reason, Span<Reading> destination)
    {
        for (int index = 0; index < _registers.Length; index++)
        {
            destination[index] = Reading.Missing(slotUtcMilliseconds, _firstChannelIndex + index, reason);
        }
    }

    /// <summary>The reason a failed request leaves on its readings.</summary>
    public static QualityReason ReasonOf(ModbusOutcome outcome) => outcome switch
    {
        ModbusOutcome.Timeout => QualityReason.Timeout,
        ModbusOutcome.CrcError => QualityReason.Crc,
        ModbusOutcome.Exception => QualityReason.Exception,
        ModbusOutcome.UnexpectedReply => QualityReason.UnexpectedReply,
        ModbusOutcome.Disconnected => QualityReason.Disconnected,
        ModbusOutcome.Ok => QualityReason.None,
        _ => throw new UnreachableException(),
    };

    // A damaged answer comes from a meter that is there, so asking once more is cheap.
    private ModbusReply Ask(ModbusClient client, PollRequest request, bool retriesSilence)
    {
        ModbusReply reply = AskOnce(client, request);
        bool again = reply.Outcome is ModbusOutcome.CrcError or ModbusOutcome.UnexpectedReply
            || (reply.Outcome == ModbusOutcome.Timeout && retriesSilence);
        return again ? AskOnce(client, request) : reply;
    }

    private ModbusReply AskOnce(ModbusClient client, PollRequest request) =>
        client.Read(request.Table, _unit, request.Start, _buffer.AsSpan(0, request.Count), _answerTimeout);

    private void Gather(PollItem[] items)
    {
        foreach (PollItem item in items)
        {
            _buffer.AsSpan(item.Offset, item.Count).CopyTo(_values.AsSpan(_valueStarts[item.RegisterIndex] + item.ValueOffset));
        }
    }

    private void Decode(long slotUtcMilliseconds, Span<Reading> destination)
    {
        for (int index = 0; index < _registers.Length; index++)
        {
            if (_missing[index] != QualityReason.None)
            {
                destination[index] = Reading.Missing(slotUtcMilliseconds, _firstChannelIndex + index, _missing[index]);
                continue;
            }

            ReadingQuality quality = RegisterValue.Decode(_registers[index], _values.AsSpan(_valueStarts[index].._valueStarts[index + 1]), out long value, out bool hasValue);
            destination[index] = new Reading(slotUtcMilliseconds, value, _firstChannelIndex + index, quality, hasValue);
        }
    }
}
