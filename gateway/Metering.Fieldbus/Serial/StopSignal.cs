using System.Runtime.InteropServices;

namespace Metering.Fieldbus.Serial;

/// <summary>Wakes whoever waits for a line, from any thread (eventfd(2)). Once set it stays set.</summary>
internal sealed unsafe class StopSignal : IDisposable
{
    private const int Closed = -1;
    private readonly Lock _gate = new();
    private volatile bool _isSet;
    private int _descriptor;

    /// <exception cref="FieldbusException">The process has no descriptors left.</exception>
    internal StopSignal()
    {
        _descriptor = LibC.EventDescriptor(0, LibC.NonBlocking | LibC.CloseOnExec);
        if (_descriptor < 0)
        {
            throw new FieldbusException(FieldbusProblem.Other, $"No more files can be opened: {Marshal.GetLastPInvokeErrorMessage()}. Raise the limit of open files of this process (ulimit -n).");
        }
    }

    internal bool IsSet => _isSet;

    internal int Descriptor => _descriptor;

    internal void Set()
    {
        lock (_gate)
        {
            _isSet = true;
            ulong one = 1;
            if (_descriptor != Closed)
            {
                _ = LibC.Write(_descriptor, (byte*)&one, sizeof(ulong));
            }
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            if (_descriptor != Closed)
            {
                _ = LibC.Close(_descriptor);
                _descriptor = Closed;
            }
        }
    }
}
