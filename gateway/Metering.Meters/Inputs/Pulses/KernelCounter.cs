namespace Metering.Meters.Inputs.Pulses;

/// <summary>
/// A count that the kernel keeps: the counter subsystem's interrupt-cnt (/sys/bus/counter/devices/counterN/count0, 32 bits, to be
/// enabled), or pps-gpio's sequence (/sys/class/pps/ppsN/assert, "seconds.nanoseconds#sequence", 32 bits). Both go on while this
/// program does not run and begin anew with the computer. Neither suppresses bounces: contacts need a capacitor.
/// </summary>
internal sealed class KernelCounter : IPulseLine
{
    private const long Modulus = 1L << 32;

    private readonly Func<long?> _read;
    private long? _last;

    private KernelCounter(Func<long?> read, long first) => (_read, _last) = (read, first);

    /// <summary>Finds a counter by its device name (counter0) or its driver's name file, and enables it.</summary>
    internal static KernelCounter? TryOpenCounter(string root, string device)
    {
        foreach (string folder in KernelText.Devices(Path.Combine(root, "sys/bus/counter/devices"), "counter*"))
        {
            if (Path.GetFileName(folder) == device || KernelText.TryRead(Path.Combine(folder, "name")) == device)
            {
                string count = Path.Combine(folder, "count0/count");
                return TryEnable(Path.Combine(folder, "count0/enable")) && KernelText.TryReadInteger(count) is long first
                    ? new(() => KernelText.TryReadInteger(count), first)
                    : null;
            }
        }

        return null;
    }

    /// <summary>Finds a PPS source by its device name (pps0).</summary>
    internal static KernelCounter? TryOpenPps(string root, string device)
    {
        string path = Path.Combine(root, "sys/class/pps", device, "assert");
        return Sequence(path) is long first ? new(() => Sequence(path), first) : null;
    }

    public bool ContinueFrom(long rawCount)
    {
        _last = rawCount;
        return true;
    }

    public PulseTake Take()
    {
        if (_read() is not long now)
        {
            return default;
        }

        long pulses = (now - (_last ?? now)) & (Modulus - 1);
        _last = now;
        return new(true, pulses, 0, now);
    }

    public void Dispose()
    {
        // The kernel goes on counting.
    }

    private static bool TryEnable(string path)
    {
        if (KernelText.TryReadInteger(path) == 1)
        {
            return true;
        }

        try
        {
            File.WriteAllText(path, "1");
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static long? Sequence(string path)
    {
        string? text = KernelText.TryRead(path);
        int mark = text?.IndexOf('#', StringComparison.Ordinal) ?? -1;
        return mark >= 0 && uint.TryParse(text.AsSpan(mark + 1), System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out uint sequence) ? sequence : null;
    }
}
