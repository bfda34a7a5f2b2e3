using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Metering.Fieldbus.Serial;

/// <summary>
/// An open terminal or socket: non-blocking reads and writes, and poll() with a deadline and a stop signal. Any fault of the device closes it.
/// </summary>
internal sealed unsafe class LineFile : IDisposable
{
    private const int Closed = -1;
    private const long NanosecondsPerTick = 100;
    private readonly StopSignal? _stop;
    private readonly IDisposable? _owner;
    private int _descriptor;

    /// <param name="descriptor">A non-blocking descriptor.</param>
    /// <param name="stop">Ends waiting once it is set; stays the caller's.</param>
    /// <param name="owner">Closes the descriptor when it is disposed of; null when this object closes it.</param>
    internal LineFile(int descriptor, StopSignal? stop = null, IDisposable? owner = null)
    {
        _descriptor = descriptor;
        _stop = stop;
        _owner = owner;
    }

    internal bool IsOpen => _descriptor != Closed;

    internal int Descriptor => _descriptor;

    /// <summary>Waits up to the timeout (0 does not wait) and takes what has arrived.</summary>
    internal SerialStatus Read(Span<byte> destination, TimeSpan timeout, out int count)
    {
        Debug.Assert(!destination.IsEmpty, "a read needs room");
        count = 0;
        if (timeout > TimeSpan.Zero)
        {
            SerialStatus ready = Wait(LibC.PollIn, timeout);
            if (ready != SerialStatus.Ok)
            {
                return ready;
            }
        }

        if (_descriptor == Closed || _stop is { IsSet: true })
        {
            return SerialStatus.Disconnected;
        }

        nint moved;
        fixed (byte* buffer = destination)
        {
            moved = LibC.Read(_descriptor, buffer, (nuint)destination.Length);
        }

        if (moved > 0)
        {
            count = (int)moved;
            return SerialStatus.Ok;
        }

        // With VMIN = 1, reading 0 bytes means that the other end hung up.
        return moved < 0 && IsHarmless(Marshal.GetLastPInvokeError()) ? SerialStatus.Timeout : Hangup();
    }

    /// <summary>Writes all bytes, waiting for room up to the timeout.</summary>
    internal SerialStatus Write(ReadOnlySpan<byte> bytes, TimeSpan timeout)
    {
        Deadline deadline = Deadline.In(timeout);
        while (_descriptor != Closed && _stop is not { IsSet: true })
        {
            nint moved;
            fixed (byte* buffer = bytes)
            {
                moved = LibC.Write(_descriptor, buffer, (nuint)bytes.Length);
            }

            if (moved == bytes.Length)
            {
                return SerialStatus.Ok;
            }

            if (moved > 0)
            {
                bytes = bytes[(int)moved..];
            }
            else if (moved < 0 && !IsHarmless(Marshal.GetLastPInvokeError()))
            {
                return Hangup();
            }

            TimeSpan remaining = deadline.Remaining;
            SerialStatus ready = remaining > TimeSpan.Zero ? Wait(LibC.PollOut, remaining) : SerialStatus.Timeout;
            if (ready != SerialStatus.Ok)
            {
                return ready;
            }
        }

        return SerialStatus.Disconnected;
    }

    public void Dispose() => Hangup();

    private SerialStatus Wait(short events, TimeSpan timeout)
    {
        if (_descriptor == Closed)
        {
            return SerialStatus.Disconnected;
        }

        LibC.PollRequest* requests = stackalloc LibC.PollRequest[2];
        requests[0] = new() { Descriptor = _descriptor, Events = events };
        requests[1] = new() { Descriptor = _stop?.Descriptor ?? Closed, Events = LibC.PollIn }; // poll() passes over -1
        Deadline deadline = Deadline.In(timeout);
        int ready;
        while (true)
        {
            LibC.TimeSpec limit = new()
            {
                Seconds = (nint)(timeout.Ticks / TimeSpan.TicksPerSecond),
                Nanoseconds = (nint)(timeout.Ticks % TimeSpan.TicksPerSecond * NanosecondsPerTick),
            };
            ready = LibC.Poll(requests, 2, &limit, null);
            if (ready >= 0 || !IsHarmless(Marshal.GetLastPInvokeError()))
            {
                break;
            }

            // A signal of the runtime broke the wait: go on with what is left of it.
            TimeSpan remaining = deadline.Remaining;
            timeout = remaining > TimeSpan.Zero ? remaining : TimeSpan.Zero;
        }

        if (ready == 0)
        {
            return SerialStatus.Timeout;
        }

        if (ready < 0)
        {
            return Hangup();
        }

        if (requests[1].Returned != 0)
        {
            return SerialStatus.Disconnected; // told to stop; whoever owns the line closes it
        }

        // Hang-up and error come with or without readable bytes; what is left to read is still read.
        return (requests[0].Returned & events) != 0 ? SerialStatus.Ok : Hangup();
    }

    // An open descriptor of an unplugged adapter keeps its device number, and the adapter would come back under another name: so close at once.
    private SerialStatus Hangup()
    {
        int descriptor = Interlocked.Exchange(ref _descriptor, Closed);
        if (descriptor != Closed && _owner is not null)
        {
            _owner.Dispose();
        }
        else if (descriptor != Closed)
        {
            _ = LibC.Close(descriptor);
        }

        return SerialStatus.Disconnected;
    }

    private static bool IsHarmless(int error) => error is LibC.TryAgain or LibC.Interrupted;
}
