using Metering.Fieldbus.Serial;

namespace Metering.Fieldbus.Modbus;

/// <summary>
/// Serves a device on a serial line as one or more units (MODBUS over Serial Line V1.02). Frames end by their length and CRC; silence
/// only serves to find the beginning again. Broadcasts are not answered. One thread.
/// </summary>
public sealed class ModbusRtuServer : IDisposable
{
    private const int LongestFrame = 256;
    private const int ThreadStackBytes = 256 * 1024;
    private static readonly TimeSpan WriteLimit = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan StopQuantum = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan ReopenPause = TimeSpan.FromSeconds(1);

    // Longer than any gap inside a frame that buffering adapters make.
    private static readonly TimeSpan FrameGap = TimeSpan.FromMilliseconds(20);

    private readonly ISerialLine _line;
    private readonly ServerPdu _pdu;
    private readonly byte[] _received = new byte[2 * LongestFrame];
    private readonly byte[] _answer = new byte[LongestFrame];
    private readonly ManualResetEventSlim _stop = new();
    private readonly Thread _thread;
    private int _length;
    private long _requests;

    /// <summary>Serves on the master end of a pseudo-terminal, which stays the caller's to dispose of.</summary>
    public ModbusRtuServer(PseudoTerminal terminal, IModbusDevice device)
        : this((ISerialLine)terminal, device)
    {
    }

    /// <summary>Serves on a serial port, which stays the caller's to dispose of; it is opened when it is closed.</summary>
    public ModbusRtuServer(SerialPort port, IModbusDevice device)
        : this((ISerialLine)port, device)
    {
    }

    private ModbusRtuServer(ISerialLine line, IModbusDevice device)
    {
        ArgumentNullException.ThrowIfNull(line);
        ArgumentNullException.ThrowIfNull(device);
        _line = line;
        _pdu = new ServerPdu(device);
        _thread = new Thread(Serve, ThreadStackBytes) { IsBackground = true, Name = "modbus-rtu-serve" };
    }

    /// <summary>Requests received since the start, those answered with silence included.</summary>
    public long Requests => Volatile.Read(ref _requests);

    /// <summary>Begins to serve and returns.</summary>
    public void Start() => _thread.Start();

    /// <summary>Stops serving and waits for the thread (about 0.1 s). The line stays open.</summary>
    public void Dispose()
    {
        _stop.Set();
        if (!_thread.IsAlive || _thread.Join(StopLimit))
        {
            _stop.Dispose();
        }
    }

    private void Serve()
    {
        while (!_stop.IsSet)
        {
            SerialStatus status = _line.Read(_received.AsSpan(_length), _length > 0 ? FrameGap : StopQuantum, out int count);
            switch (status)
            {
                case SerialStatus.Ok:
                    _length += count;
                    AnswerComplete();
                    break;
                case SerialStatus.Timeout:
                    AnswerAtSilence();
                    break;
                default:
                    _length = 0;
                    Reopen();

                    break;
            }
        }
    }

    private void Reopen()
    {
        try
        {
            _line.Open();
        }
        catch (Exception e) when (e is FieldbusException or ObjectDisposedException)
        {
            _stop.Wait(ReopenPause);
        }
    }

    private void AnswerComplete()
    {
        int offset = 0;
        int next = 0;
        while (offset < _length)
        {
            int length = RtuFrames.RequestLength(_received.AsSpan(offset, _length - offset));
            if (length > 0 && offset + length <= _length && ModbusCrc.IsValid(_received.AsSpan(offset, length)))
            {
                Answer(_received.AsSpan(offset, length));
                offset += length;
                next = offset;
            }
            else
            {
                offset++;
            }
        }

        // What follows the last whole request may be the beginning of the next one, behind noise or not.
        if (_length - next > LongestFrame)
        {
            next = _length - LongestFrame;
        }

        _received.AsSpan(next, _length - next).CopyTo(_received);
        _length -= next;
    }

    // An unknown function tells no length: only silence ends its frame.
    private void AnswerAtSilence()
    {
        if (_length > ModbusCrc.Length + 1 && ModbusCrc.IsValid(_received.AsSpan(0, _length)))
        {
            Answer(_received.AsSpan(0, _length));
        }

        _length = 0;
    }

    private void Answer(ReadOnlySpan<byte> frame)
    {
        const byte Broadcast = 0;
        Volatile.Write(ref _requests, _requests + 1);
        byte unit = frame[0];
        if (unit == Broadcast)
        {
            return;
        }

        int length = _pdu.Answer(unit, frame[1..^ModbusCrc.Length], _answer.AsSpan(1));
        if (length == ServerPdu.Silence)
        {
            return;
        }

        _answer[0] = unit;
        Span<byte> answer = _answer.AsSpan(0, 1 + length + ModbusCrc.Length);
        ModbusCrc.Append(answer);
        _ = _line.Write(answer, WriteLimit); // a client that does not read gets no answer; it will ask again
    }
}
