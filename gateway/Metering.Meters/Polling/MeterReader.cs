using System.Diagnostics;
using Metering.Fieldbus.Modbus;
using Metering.Meters.Profiles;
using Metering.Meters.Registers;
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
    private readonly long[][] _sentinels;
    private readonly PollRequest[] _requests;
    private readonly PollItem[][] _items;
    private readonly ModbusTable _table;
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
        _sentinels = [.. profile.Registers.Select(register => register.Sentinels.ToArray())];
        _requests = [.. PollPlan.For(profile)];
        _items = [.. _requests.Select(request => request.Items.ToArray())];
        _table = profile.Table;
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
        for (int index = 0; index < _requests.Length; index++)
        {
            ModbusReply reply = givenUp ? worst : Ask(client, _requests[index], retriesSilence);
            if (reply.IsOk)
            {
                Decode(_items[index], slotUtcMilliseconds, destination);
                continue;
            }

            foreach (PollItem item in _items[index])
            {
                destination[item.RegisterIndex] = Reading.Missing(slotUtcMilliseconds, _firstChannelIndex + item.RegisterIndex, ReasonOf(reply.Outcome));
            }

            worst = worst.IsOk ? reply : worst;
            givenUp |= reply.Outcome is ModbusOutcome.Timeout or ModbusOutcome.Disconnected;
            if (givenUp)
            {
                worst = reply;
            }
        }

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
        client.Read(_table, _unit, request.Start, _buffer.AsSpan(0, request.Count), _answerTimeout);

    private void Decode(PollItem[] items, long slotUtcMilliseconds, Span<Reading> destination)
    {
        foreach (PollItem item in items)
        {
            RegisterDefinition register = _registers[item.RegisterIndex];
            QualityReason reason = RegisterDecoder.Decode(
                _buffer.AsSpan(item.Offset, register.RegisterCount), register.Format, register.Order, register.Decimals, out long value);
            bool hasValue = reason == QualityReason.None;
            if (hasValue && _sentinels[item.RegisterIndex].AsSpan().Contains(value))
            {
                reason = QualityReason.Sentinel;
                hasValue = false;
            }
            else if (hasValue && (value < register.Minimum || value > register.Maximum))
            {
                // The value is kept: a person who looks for the cause needs it, and the quality keeps it out of every sum.
                reason = QualityReason.OutOfRange;
            }

            destination[item.RegisterIndex] = new Reading(
                slotUtcMilliseconds,
                hasValue ? value : 0,
                _firstChannelIndex + item.RegisterIndex,
                reason == QualityReason.None ? ReadingQuality.Good : ReadingQuality.Bad(reason),
                hasValue);
        }
    }
}
