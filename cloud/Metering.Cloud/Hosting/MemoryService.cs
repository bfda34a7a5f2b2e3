namespace Metering.Cloud.Hosting;

/// <summary>
/// Gives memory back to the system after busy times. The collector keeps what a rush of readers took until it is asked, and so does the C library; a box with a few other
/// programs on it has better use for it. Asked when the host has grown and rests, or has grown and been busy for long.
/// </summary>
internal sealed class MemoryService(TimeProvider clock) : BackgroundService
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(5);

    /// <summary>The collector, once and thoroughly, then the C library; holds all other work for some 100 ms.</summary>
    public static void GiveBack()
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        NativeMemory.GiveBack();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        MemoryWatch watch = new(Environment.WorkingSet);
        using PeriodicTimer timer = new(LookEvery, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            if (watch.IsTimeToGiveBack(Environment.WorkingSet, GC.CollectionCount(0)))
            {
                GiveBack();
                watch.GaveBack(Environment.WorkingSet, GC.CollectionCount(0));
            }
        }
    }
}

/// <summary>When it is worth to give memory back. Told at each look how much there is and how often the collector has run.</summary>
/// <param name="resident">Resident memory at the beginning, bytes.</param>
internal sealed class MemoryWatch(long resident)
{
    /// <summary>Growth that is worth the pause, bytes.</summary>
    public const long WorthwhileBytes = 24L << 20;

    /// <summary>So many looks of a busy host pass between two times.</summary>
    public const int LooksOfABusyHost = 6;

    private long leastResident = resident;
    private int collections;
    private int looks;

    /// <summary>Whether it is time now: grown since the last time, and either nothing was collected since the last look, or enough looks have passed.</summary>
    /// <param name="residentNow">Resident memory, bytes.</param>
    /// <param name="collectionsNow">Collections of the youngest generation since the start.</param>
    public bool IsTimeToGiveBack(long residentNow, int collectionsNow)
    {
        bool rests = collectionsNow == collections;
        collections = collectionsNow;
        looks++;
        leastResident = Math.Min(leastResident, residentNow);
        return residentNow - leastResident >= WorthwhileBytes && (rests || looks >= LooksOfABusyHost);
    }

    /// <summary>Takes down what was left.</summary>
    public void GaveBack(long residentNow, int collectionsNow) => (leastResident, collections, looks) = (residentNow, collectionsNow, 0);
}
