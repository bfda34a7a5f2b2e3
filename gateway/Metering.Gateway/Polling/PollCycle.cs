using Metering.Gateway.Configuration;
using Metering.Readings;
using Microsoft.Extensions.Logging;

namespace Metering.Gateway.Polling;

/// <summary>
/// Reads all buses for one slot. The first bus is read by the calling thread, each further one by a thread of its own, and
/// the cycle ends with the slowest; so one bus costs no hand-over between threads. Allocates nothing per cycle.
/// </summary>
internal sealed class PollCycle : IDisposable
{
    private readonly BusPoller[] _buses;
    private readonly int[] _starts;
    private readonly Reading[] _readings;
    private readonly Thread[] _threads;
    private readonly SemaphoreSlim[] _go;
    private readonly SemaphoreSlim _done = new(0);
    private long _slot;
    private TimeSpan _interval;
    private volatile bool _stopping;

    internal PollCycle(IReadOnlyList<BusConfiguration> buses, bool isVirtual, TimeProvider clock, ILogger logger)
    {
        _buses = new BusPoller[buses.Count];
        _starts = new int[buses.Count];
        int count = 0;
        for (int index = 0; index < buses.Count; index++)
        {
            _starts[index] = count;
            _buses[index] = new BusPoller(buses[index], count, BusPoller.TransportOf(buses[index], isVirtual, clock), logger);
            count += _buses[index].ReadingCount;
        }

        _readings = new Reading[count];
        _go = [.. buses.Skip(1).Select(_ => new SemaphoreSlim(0))];
        _threads = [.. buses.Skip(1).Select((bus, index) => new Thread(() => Serve(index + 1)) { Name = $"bus {bus.Id}", IsBackground = true })];
        foreach (Thread thread in _threads)
        {
            thread.Start();
        }
    }

    /// <summary>Reads every meter of every bus.</summary>
    /// <returns>The readings; overwritten by the next cycle.</returns>
    internal ReadOnlySpan<Reading> Run(long slotUtcMilliseconds, TimeSpan interval)
    {
        _slot = slotUtcMilliseconds;
        _interval = interval;
        foreach (SemaphoreSlim go in _go)
        {
            _ = go.Release();
        }

        Poll(0);
        for (int index = 0; index < _go.Length; index++)
        {
            _done.Wait();
        }

        return _readings;
    }

    public void Dispose()
    {
        _stopping = true;
        for (int index = 0; index < _threads.Length; index++)
        {
            _ = _go[index].Release();
            _threads[index].Join();
            _go[index].Dispose();
        }

        foreach (BusPoller bus in _buses)
        {
            bus.Dispose();
        }

        _done.Dispose();
    }

    private void Serve(int bus)
    {
        while (true)
        {
            _go[bus - 1].Wait();
            if (_stopping)
            {
                return;
            }

            try
            {
                Poll(bus);
            }
            finally
            {
                _ = _done.Release();
            }
        }
    }

    private void Poll(int bus) => _buses[bus].Poll(_slot, _interval, _readings.AsSpan(_starts[bus], _buses[bus].ReadingCount));
}
