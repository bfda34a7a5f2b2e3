using Metering.Gateway.Configuration;
using Metering.Readings;
using Microsoft.Extensions.Logging;

namespace Metering.Gateway.Polling;

/// <summary>
/// Reads all buses for one slot of a virtual past, every value in every slot. The first bus is read by the calling thread, each further one
/// by a thread of its own, and the cycle ends with the slowest; so one bus costs no hand-over between threads. Allocates nothing per cycle.
/// </summary>
internal sealed class PollCycle : IDisposable
{
    private readonly BusWorker[] _buses;
    private readonly Reading[] _readings;
    private readonly Thread[] _threads;
    private readonly SemaphoreSlim[] _go;
    private readonly SemaphoreSlim _done = new(0);
    private SlotTick _tick;
    private volatile bool _stopping;

    /// <param name="buses">The buses.</param>
    /// <param name="interval">Time between two slots.</param>
    /// <param name="clock">Measures requests.</param>
    /// <param name="logger">For what a person should know.</param>
    internal PollCycle(IReadOnlyList<BusConfiguration> buses, TimeSpan interval, TimeProvider clock, ILogger logger)
    {
        _buses = new BusWorker[buses.Count];
        int count = 0;
        for (int index = 0; index < buses.Count; index++)
        {
            BusConfiguration bus = buses[index] with { Meters = [.. buses[index].Meters.Select(AsVirtual)] };
            BusPlan plan = new(bus, count, new PollingIntervals(interval));
            _buses[index] = new BusWorker(plan, BusLine.TransportOf(bus, isVirtual: true, clock), Take, clock, logger);
            count += plan.ReadingCount;
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
    /// <returns>The readings in the order of the channels; overwritten by the next cycle.</returns>
    internal ReadOnlySpan<Reading> Run(long slotUtcMilliseconds)
    {
        _tick = new(_tick.Sequence + 1, slotUtcMilliseconds, 0);
        foreach (SemaphoreSlim go in _go)
        {
            _ = go.Release();
        }

        if (_buses.Length > 0)
        {
            _buses[0].ReadSlot(_tick);
        }

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

        foreach (BusWorker bus in _buses)
        {
            bus.Dispose();
        }

        _done.Dispose();
    }

    // Every value in every slot; and no time passes between two requests in a virtual past, so that no silence could be kept.
    private static MeterConfiguration AsVirtual(MeterConfiguration meter) => meter with { Interval = null, Profile = meter.Profile with { MinimumGap = null } };

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
                _buses[bus].ReadSlot(_tick);
            }
            finally
            {
                _ = _done.Release();
            }
        }
    }

    private void Take(in SlotTick tick, ReadOnlySpan<Reading> readings)
    {
        foreach (ref readonly Reading reading in readings)
        {
            _readings[reading.ChannelIndex] = reading;
        }
    }
}
