using System.Diagnostics;
using System.Globalization;
using Metering.Analytics.Baselines;
using Metering.Analytics.Events;
using Metering.Analytics.Intervals;
using Metering.Analytics.Savings;

namespace Metering.Benchmarks;

/// <summary>
/// `bench meters`: ten thousand meters of two years of days, each with a chosen change-point model, its interval and a search for
/// events, on two workers. Prints the time and the most memory the process has held.
/// </summary>
internal static class TenThousandMeters
{
    private const int Workers = 2;
    private const int Days = 730;
    private const int Installation = 365;
    private const long Day = TimeSpan.MillisecondsPerDay;

    public static int Run(string[] arguments)
    {
        int meters = 10_000;
        if (arguments.Length > 0 && (!int.TryParse(arguments[0], NumberStyles.None, CultureInfo.InvariantCulture, out meters) || meters < 1))
        {
            Console.Error.WriteLine($"bench meters {arguments[0]}: expected a number of meters.");
            return 64;
        }

        long begin = Stopwatch.GetTimestamp();
        int[] accepted = new int[Workers];
        int[] events = new int[Workers];
        Thread[] threads = [.. Enumerable.Range(0, Workers).Select(worker => new Thread(() => Work(worker, meters, accepted, events)))];
        foreach (Thread thread in threads)
        {
            thread.Start();
        }

        foreach (Thread thread in threads)
        {
            thread.Join();
        }

        double seconds = Stopwatch.GetElapsedTime(begin).TotalSeconds;
        using Process own = Process.GetCurrentProcess();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{meters} meters x {Days} days in {seconds:0.0} s on {Workers} workers ({seconds * Workers / meters * 1e3:0.00} ms a meter); {accepted.Sum()} savings, {events.Sum()} events proposed"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"peak memory of the process {own.PeakWorkingSet64 / 1048576.0:0} MB; managed heap at the end {GC.GetTotalMemory(true) / 1048576.0:0.0} MB"));
        return 0;
    }

    private static void Work(int worker, int meters, int[] accepted, int[] events)
    {
        double[] temperature = new double[Days];
        double[] use = new double[Days];
        long[] start = [.. Enumerable.Range(0, Days).Select(day => day * Day)];
        ModelTable table = new() { StartUtcMilliseconds = start, Use = use, Drivers = [new Driver("temperature", temperature)] };
        Period before = new(0, Installation * Day);
        Period after = new(Installation * Day, Days * Day);
        SavingsOptions options = new() { Model = ModelKind.Auto };
        for (int meter = worker; meter < meters; meter += Workers)
        {
            Draw((ulong)meter << 20, temperature, use);
            IReadOnlyList<EventProposal> proposals = EventProposals.Propose(table, before, after, options);
            events[worker] += proposals.Count;
            SavingsOptions applied = options with { Adjustments = EventProposals.Adjustments(proposals, after) };
            accepted[worker] += SavingsCalculator.Avoided(table, before, after, applied).IsAccepted ? 1 : 0;
        }
    }

    internal static void Draw(ulong meter, double[] temperature, double[] use)
    {
        ulong state = meter + 1;
        double noise = 0;
        double weather = 0;
        for (int day = 0; day < Days; day++)
        {
            noise = (0.4 * noise) + (0.9 * Normal(ref state));
            weather = (0.7 * weather) + (0.7 * Normal(ref state));
            temperature[day] = 18 + (5 * Math.Sin(day / 58.1)) + (2 * weather);
            double expected = 400 + (8 * Math.Max(0, temperature[day] - 20)) + ((meter >> 20) % 2 * 5 * Math.Max(0, 15 - temperature[day]));
            use[day] = (expected * (day >= Installation ? 0.92 : 1)) + (16 * noise);
        }
    }

    // The sum of twelve uniform numbers (SplitMix64) is close enough to normal for a load test.
    private static double Normal(ref ulong state)
    {
        double sum = -6;
        for (int k = 0; k < 12; k++)
        {
            state = unchecked(state + 0x9E3779B97F4A7C15UL);
            ulong mixed = unchecked((state ^ (state >> 30)) * 0xBF58476D1CE4E5B9UL);
            mixed = unchecked((mixed ^ (mixed >> 27)) * 0x94D049BB133111EBUL);
            sum += (mixed >> 11) / (double)(1UL << 53);
        }

        return sum;
    }
}
