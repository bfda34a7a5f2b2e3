using Metering.Gateway.Polling;
using Xunit;

namespace Metering.Tests.GatewayHost;

/// <summary>The threads that serve buses on the network: nobody waits for a slow one, and quick ones share.</summary>
public sealed class LaneCrewTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    [Fact]
    public void Lanes_that_are_all_held_up_get_a_thread_each()
    {
        const int Lanes = 60;
        using LaneCrew crew = new("test", Lanes);
        using CountdownEvent begun = new(Lanes);
        using ManualResetEventSlim answer = new();
        using CountdownEvent ended = new(Lanes);
        for (int lane = 0; lane < Lanes; lane++)
        {
            crew.Serve(() =>
            {
                _ = begun.Signal();
                answer.Wait();
                _ = ended.Signal();
            });
        }

        Assert.True(begun.Wait(Limit), $"{begun.CurrentCount} lanes still wait for a thread");
        Assert.Equal(Lanes, crew.ThreadCount);
        answer.Set();
        Assert.True(ended.Wait(Limit));
    }

    [Fact]
    public void One_held_up_lane_does_not_keep_the_others_and_there_are_never_more_threads_than_lanes()
    {
        const int Lanes = 3;
        using LaneCrew crew = new("test", Lanes);
        using ManualResetEventSlim answer = new();
        crew.Serve(answer.Wait);
        for (int round = 0; round < 500; round++)
        {
            using CountdownEvent served = new(Lanes - 1);
            for (int lane = 1; lane < Lanes; lane++)
            {
                crew.Serve(() => served.Signal());
            }

            Assert.True(served.Wait(Limit), $"round {round}");
            Assert.InRange(crew.ThreadCount, 1, Lanes);
        }

        answer.Set();
    }

    [Fact]
    public void A_crew_of_one_serves_in_order_and_on_one_thread()
    {
        const int Rounds = 2000;
        using LaneCrew crew = new("test", 1);
        using CountdownEvent served = new(Rounds);
        List<int> order = [];
        HashSet<int> threads = [];
        for (int round = 0; round < Rounds; round++)
        {
            int mine = round;
            crew.Serve(() =>
            {
                order.Add(mine);
                _ = threads.Add(Environment.CurrentManagedThreadId);
                _ = served.Signal();
            });
        }

        Assert.True(served.Wait(Limit));
        Assert.Equal(Enumerable.Range(0, Rounds), order);
        _ = Assert.Single(threads);
    }

    [Fact]
    public void What_waits_when_the_crew_is_closed_is_served_and_the_threads_end()
    {
        LaneCrew crew = new("test", 8);
        using CountdownEvent served = new(100);
        for (int lane = 0; lane < 100; lane++)
        {
            crew.Serve(() => served.Signal());
        }

        crew.Dispose();
        Assert.True(served.Wait(Limit));
        Assert.True(SpinWait.SpinUntil(() => crew.ThreadCount == 0, Limit), $"{crew.ThreadCount} threads are left");
    }
}
