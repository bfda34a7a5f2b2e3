using Metering.Cloud.Hosting;
using Xunit;

namespace Metering.Tests.CloudHost;

public sealed class MemoryWatchTests
{
    private const long Ready = 150L << 20;
    private const long Grown = Ready + MemoryWatch.WorthwhileBytes;

    [Fact]
    public void Memory_goes_back_when_a_host_that_has_grown_rests()
    {
        MemoryWatch watch = new(Ready);
        Assert.False(watch.IsTimeToGiveBack(Grown, 7)); // busy: collections since the beginning
        Assert.True(watch.IsTimeToGiveBack(Grown, 7));
        watch.GaveBack(Ready + 1, 8);
        Assert.False(watch.IsTimeToGiveBack(Ready + 1, 8));
        Assert.False(watch.IsTimeToGiveBack(Grown, 8)); // one byte short of it
        Assert.True(watch.IsTimeToGiveBack(Grown + 1, 8));
    }

    [Fact]
    public void A_host_that_never_rests_gives_back_now_and_then()
    {
        MemoryWatch watch = new(Ready);
        int[] times = [.. Enumerable.Range(1, 3 * MemoryWatch.LooksOfABusyHost).Where(look =>
        {
            bool isTime = watch.IsTimeToGiveBack(Grown, look);
            if (isTime)
            {
                watch.GaveBack(Ready, look);
            }

            return isTime;
        })];
        Assert.Equal([MemoryWatch.LooksOfABusyHost, 2 * MemoryWatch.LooksOfABusyHost, 3 * MemoryWatch.LooksOfABusyHost], times);
    }

    [Fact]
    public void A_host_that_has_shrunk_by_itself_counts_its_growth_from_there()
    {
        MemoryWatch watch = new(Grown);
        Assert.False(watch.IsTimeToGiveBack(Ready, 0));
        Assert.True(watch.IsTimeToGiveBack(Grown, 0));
    }
}
