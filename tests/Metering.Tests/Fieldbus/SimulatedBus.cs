using System.Buffers.Binary;
using Metering.Fieldbus.Modbus;
using Metering.Fieldbus.Serial;

namespace Metering.Tests.Fieldbus;

/// <summary>
/// A serial bus in memory with a clock of its own, which moves only while somebody waits on the line. Its slaves answer in order, as real ones
/// do, and misbehave as a seed says. Every value tells unit, table, address and the request it answers, so that a reply to
/// an earlier request is seen even when it asked for the same registers.
/// </summary>
internal sealed class SimulatedBus : TimeProvider, ISerialLine
{
    internal const int RegisterCount = 400;
    private const int UnitCount = 5;
    private static readonly TimeSpan Character = TimeSpan.FromTicks(573); // 11 bits at 192,000 baud: the wire is not what is tested
    private readonly Random _random;
    private readonly double _faultShare;
    private readonly PriorityQueue<byte, (long At, long Order)> _wire = new();
    private readonly long[] _busyUntil = new long[UnitCount + 2];
    private readonly List<byte[]>[] _kept = [.. Enumerable.Range(0, UnitCount + 2).Select(_ => new List<byte[]>())];
    private long _now;
    private long _order;

    internal SimulatedBus(int seed, double faultShare)
    {
        _random = new Random(seed);
        _faultShare = faultShare;
    }

    /// <summary>Requests that were written to the line so far.</summary>
    internal int RequestCount { get; private set; }

    public bool IsOpen { get; private set; }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => _now;

    public void Open() => IsOpen = true;

    public SerialStatus Read(Span<byte> destination, TimeSpan timeout, out int count)
    {
        count = 0;
        long limit = _now + Math.Max(0, timeout.Ticks);
        if (!_wire.TryPeek(out _, out (long At, long Order) next) || next.At > limit)
        {
            _now = limit;
            return SerialStatus.Timeout;
        }

        _now = Math.Max(_now, next.At);
        while (count < destination.Length && _wire.TryPeek(out byte value, out next) && next.At <= _now)
        {
            destination[count++] = value;
            _ = _wire.Dequeue();
        }

        return SerialStatus.Ok;
    }

    public SerialStatus Write(ReadOnlySpan<byte> bytes, TimeSpan timeout)
    {
        int index = RequestCount++;
        byte[] request = bytes.ToArray();
        _now += Character.Ticks * bytes.Length;
        byte unit = request[0];
        if (unit is 0 or > UnitCount)
        {
            return SerialStatus.Ok; // nobody has this address
        }

        byte[] reply = Reply(request, index);
        if (_random.NextDouble() >= _faultShare)
        {
            Answer(unit, reply);
        }
        else
        {
            Misbehave(unit, request, reply, index);
        }

        return SerialStatus.Ok;
    }

    /// <summary>What a register holds in the reply to a request.</summary>
    internal static ushort Value(byte unit, byte function, int address, int request) =>
        unchecked((ushort)((address * 40503) + (unit * 257) + (function * 4099) + (request * 31337)));

    internal static bool Bit(byte unit, byte function, int address, int request) => (unchecked(Value(unit, function, address, request) * 40507u) & 0x8000) != 0;

    private static byte[] Reply(byte[] request, int index)
    {
        int start = BinaryPrimitives.ReadUInt16BigEndian(request.AsSpan(2));
        int count = BinaryPrimitives.ReadUInt16BigEndian(request.AsSpan(4));
        return start + count > RegisterCount ? ScriptedRtuSlave.Exception(request, 2) : Data(request[0], request[1], start, count, index);
    }

    private static byte[] Data(byte unit, byte function, int start, int count, int index)
    {
        bool isBits = function <= 2;
        byte[] reply = new byte[5 + (isBits ? (count + 7) / 8 : 2 * count)];
        reply[0] = unit;
        reply[1] = function;
        reply[2] = (byte)(reply.Length - 5);
        for (int item = 0; item < count; item++)
        {
            if (isBits)
            {
                reply[3 + (item / 8)] |= (byte)(Bit(unit, function, start + item, index) ? 1 << (item % 8) : 0);
            }
            else
            {
                BinaryPrimitives.WriteUInt16BigEndian(reply.AsSpan(3 + (2 * item)), Value(unit, function, start + item, index));
            }
        }

        ModbusCrc.Append(reply);
        return reply;
    }

    private static int Asked(byte[] request) => BinaryPrimitives.ReadUInt16BigEndian(request.AsSpan(4));

    // What changes the byte count by one value: less would be a reply of the right shape.
    private static int Step(byte[] request) => request[1] <= 2 ? 8 : 1;

    // A device answers in order: what it kept back leaves first.
    private void Answer(byte unit, byte[] reply, int delayMilliseconds = 1, int gapMilliseconds = 0)
    {
        long at = Math.Max(_busyUntil[unit], _now + (delayMilliseconds * TimeSpan.TicksPerMillisecond));
        foreach (byte[] kept in _kept[unit])
        {
            at = Send(kept, at);
        }

        _kept[unit].Clear();
        _busyUntil[unit] = Send(reply, at, gapMilliseconds);
    }

    private long Send(byte[] bytes, long at, int gapMilliseconds = 0)
    {
        foreach (byte value in bytes)
        {
            at += Character.Ticks + (gapMilliseconds * TimeSpan.TicksPerMillisecond);
            _wire.Enqueue(value, (at, _order++));
        }

        return at;
    }

    private void Misbehave(byte unit, byte[] request, byte[] reply, int index)
    {
        byte other = (byte)((unit % UnitCount) + 1);
        int fault = _random.Next(24);
        bool isBehind = _busyUntil[unit] > _now || _kept[unit].Count > 0;
        switch (fault)
        {
            // A reply that was never asked for (of a wrong length, or in another unit's name) and is late too could fit a later request:
            // no master can tell, so it does not happen here.
            case 6 or 12 or 13 or 14 when isBehind: Answer(unit, reply); break;
            case 0: break; // never heard
            case 1: Answer(unit, reply, _random.Next(60, 400)); break; // late
            case 2: _kept[unit].Add(reply); break; // leaves with a later one
            case 3: Answer(unit, [.. reply, .. reply]); break;
            case 4: Answer(unit, [.. reply, .. reply, .. reply]); break;
            case 5: Answer(unit, reply); _busyUntil[unit] = Send(reply, _busyUntil[unit] + (_random.Next(1, 20) * TimeSpan.TicksPerMillisecond / 10)); break;
            case 6: Answer(unit, [.. Data(other, request[1], 7, 10, index), .. reply]); break;
            case 7: Answer(unit, [.. request, .. reply]); break; // echo
            case 8: Answer(unit, request); break; // echo alone
            case 9: Answer(unit, [.. Flipped(request), .. reply]); break; // a damaged echo
            case 10: Answer(unit, ScriptedRtuSlave.Exception(request, 5)); Answer(unit, reply, _random.Next(2, 40)); break;
            case 11: Answer(unit, ScriptedRtuSlave.Exception(request, (byte)_random.Next(1, 12))); break;
            case 12: Answer(unit, Data(unit, request[1], 0, Asked(request) + (_random.Next(1, 3) * Step(request)), index)); break; // long
            case 13: Answer(unit, Data(unit, request[1], 0, Math.Max(0, Asked(request) - Step(request)), index)); break; // short
            case 14: Answer(unit, Data(unit, (byte)(7 - request[1]), 3, 5, index)); break; // another function
            case 15: Answer(unit, [.. Noise(), .. reply]); break;
            case 16: Answer(unit, [.. reply, .. Noise()]); break;
            case 17: Answer(unit, Noise()); break;
            case 18: Answer(unit, Flipped(reply)); break;
            case 19: Answer(unit, [.. Flipped(reply), .. reply]); break;
            case 20: Answer(unit, reply[.._random.Next(1, reply.Length)]); break; // half a frame
            case 21: Answer(unit, [.. reply[.._random.Next(1, reply.Length)], .. reply]); break;
            case 22: Answer(unit, reply, gapMilliseconds: _random.Next(1, 8)); break; // in single bytes
            default: Answer(unit, reply, 100 * _random.Next(1, 20)); break; // hangs, then goes on
        }
    }

    // One or two bits: the CRC notices all of them.
    private byte[] Flipped(byte[] frame)
    {
        byte[] flipped = (byte[])frame.Clone();
        flipped[_random.Next(flipped.Length)] ^= (byte)(1 << _random.Next(8));
        flipped[_random.Next(flipped.Length)] ^= (byte)(1 << _random.Next(8));
        return flipped.AsSpan().SequenceEqual(frame) ? [.. frame[1..], 0] : flipped;
    }

    private byte[] Noise()
    {
        byte[] noise = new byte[_random.Next(1, 12)];
        _random.NextBytes(noise);
        return noise;
    }
}
