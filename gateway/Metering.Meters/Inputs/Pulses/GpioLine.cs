using Microsoft.Win32.SafeHandles;

namespace Metering.Meters.Inputs.Pulses;

/// <summary>
/// A line of the GPIO character device. A thread of its own empties the kernel's buffer of 1024 events as they come, so that the
/// time between slots may be as long as it likes. What comes while the line is not open is lost: nobody counts it.
/// </summary>
internal sealed class GpioLine : IPulseLine
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private readonly PulseEdges _edges;
    private readonly SafeFileHandle _line;
    private readonly SafeFileHandle _stopReader;
    private readonly SafeFileHandle _stopWriter;
    private readonly Thread _thread;
    private readonly byte[] _buffer = new byte[PulseEdges.EventLength * 64];
    private bool _isPresent = true;
    private volatile bool _stopping;
    private long _countTaken;
    private long _missedTaken;

    /// <param name="line">The line's descriptor as the kernel gave it; owned.</param>
    /// <param name="shape">What a pulse is.</param>
    internal GpioLine(SafeFileHandle line, PulseShape shape)
    {
        _line = line;
        _edges = new PulseEdges(shape);
        (_stopReader, _stopWriter) = Kernel.MakePipe();
        _thread = new Thread(Listen) { Name = "pulses", IsBackground = true };
        _thread.Start();
    }

    /// <summary>Asks the kernel for a line.</summary>
    /// <param name="root">Root of the file system.</param>
    /// <param name="chip">Label of the chip, such as pinctrl-rp1, or its device name, such as gpiochip0. The label is safer: numbers differ between boards and starts.</param>
    /// <param name="wish">The line.</param>
    /// <param name="shape">What a pulse is.</param>
    /// <returns>Null when there is no such chip or line, it is in use, or not permitted.</returns>
    internal static GpioLine? TryOpen(string root, string chip, in GpioLineWish wish, PulseShape shape)
    {
        using SafeFileHandle? device = FindChip(root, chip);
        byte[] request = new byte[GpioRequest.Length];
        GpioRequest.Write(request, wish, "metering");
        return device is not null && Kernel.TryControl(device, GpioRequest.GetLine, request) && GpioRequest.Descriptor(request) > 0
            ? new(new SafeFileHandle(GpioRequest.Descriptor(request), ownsHandle: true), shape)
            : null;
    }

    public bool ContinueFrom(long rawCount) => false;

    public PulseTake Take()
    {
        lock (_gate)
        {
            if (!_isPresent)
            {
                return default;
            }

            long count = _edges.Count;
            long missed = _edges.Missed;
            PulseTake take = new(true, count - _countTaken, missed - _missedTaken, null);
            (_countTaken, _missedTaken) = (count, missed);
            return take;
        }
    }

    public void Dispose()
    {
        _stopping = true;
        _stopWriter.Dispose();
        _thread.Join();
        _line.Dispose();
        _stopReader.Dispose();
    }

    private static SafeFileHandle? FindChip(string root, string chip)
    {
        string folder = Path.Combine(root, "dev");
        string[] devices = Directory.Exists(folder) ? Directory.GetFiles(folder, "gpiochip*") : [];
        Array.Sort(devices, (left, right) => string.CompareOrdinal(left, right));
        byte[] info = new byte[GpioRequest.ChipInfoLength];
        foreach (string device in devices)
        {
            SafeFileHandle? handle = Kernel.TryOpen(device);
            bool isIt = handle is not null
                && (Path.GetFileName(device) == chip || (Kernel.TryControl(handle, GpioRequest.GetChipInfo, info) && GpioRequest.Label(info) == chip));
            if (isIt)
            {
                return handle;
            }

            handle?.Dispose();
        }

        return null;
    }

    private void Listen()
    {
        while (!_stopping)
        {
            if (!Kernel.WaitUntilReadable(_line, _stopReader, LongestWait))
            {
                continue;
            }

            int read = Kernel.ReadSome(_line, _buffer);
            lock (_gate)
            {
                if (read <= 0)
                {
                    _isPresent = false;
                    return;
                }

                Count(read);
                if (!_isPresent)
                {
                    return;
                }
            }
        }
    }

    // The kernel gives whole events only; anything else is no line, and a thread's exception would end the process.
    private void Count(int read)
    {
        for (int offset = 0; offset + PulseEdges.EventLength <= read; offset += PulseEdges.EventLength)
        {
            _edges.Take(_buffer.AsSpan(offset, PulseEdges.EventLength));
        }

        _isPresent = read % PulseEdges.EventLength == 0;
    }
}
