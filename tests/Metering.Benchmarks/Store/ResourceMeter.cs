using System.Diagnostics;

namespace Metering.Benchmarks.Store;

/// <summary>What a piece of work took.</summary>
/// <param name="Wall">Time on the clock.</param>
/// <param name="Processor">Processor time of all threads of the process that did it.</param>
/// <param name="AllocatedBytes">Managed memory allocated by this process.</param>
internal readonly record struct Cost(TimeSpan Wall, TimeSpan Processor, long AllocatedBytes)
{
    public static Cost operator +(Cost left, Cost right) =>
        new(left.Wall + right.Wall, left.Processor + right.Processor, left.AllocatedBytes + right.AllocatedBytes);
}

/// <summary>Measures work in this process, or in another one that works for it.</summary>
internal static class ResourceMeter
{
    /// <summary>One run; the processor time is the whole process's, so nothing else may run in it.</summary>
    /// <param name="work">What to measure.</param>
    /// <param name="processor">Processor time so far of the process that does the work; null for this one.</param>
    public static async Task<Cost> MeasureAsync(Func<Task> work, Func<TimeSpan>? processor = null)
    {
        processor ??= Own;
        long bytes = GC.GetTotalAllocatedBytes(precise: true);
        TimeSpan before = processor();
        long begin = Stopwatch.GetTimestamp();
        await work();
        TimeSpan wall = Stopwatch.GetElapsedTime(begin);
        return new(wall, processor() - before, GC.GetTotalAllocatedBytes(precise: true) - bytes);
    }

    /// <summary>The median run of some by the clock, after one that warms up.</summary>
    public static async Task<Cost> MedianAsync(Func<Task> work, int repeats, Func<TimeSpan>? processor = null)
    {
        await work();
        Cost[] runs = new Cost[repeats];
        for (int run = 0; run < repeats; run++)
        {
            runs[run] = await MeasureAsync(work, processor);
        }

        Array.Sort(runs, (left, right) => left.Wall.CompareTo(right.Wall));
        return runs[repeats / 2];
    }

    /// <summary>As <see cref="MedianAsync(Func{Task}, int, Func{TimeSpan})"/>, for work that waits for nothing.</summary>
    public static Task<Cost> MedianAsync(Action work, int repeats) => MedianAsync(
        () =>
        {
            work();
            return Task.CompletedTask;
        },
        repeats);

    private static TimeSpan Own()
    {
        using Process process = Process.GetCurrentProcess();
        return process.TotalProcessorTime;
    }
}
