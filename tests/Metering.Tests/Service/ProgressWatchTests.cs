using Metering.Gateway.Service;
using Metering.Tests.Support;
using Xunit;

namespace Metering.Tests.Service;

/// <summary>When the watchdog may be fed.</summary>
public sealed class ProgressWatchTests
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Patience = (Interval * 2) + ProgressWatch.Grace;

    private readonly ManualTimeProvider _clock = new(new(2026, 5, 4, 0, 0, 0, TimeSpan.Zero));

    [Fact]
    public void Slots_that_go_by_and_reach_the_disk_are_progress()
    {
        ProgressWatch watch = new(_clock);
        for (int slot = 0; slot < 100; slot++)
        {
            Assert.Null(watch.Look(Sample(slot, pending: slot % 3, handled: slot * 5)));
            _clock.Advance(Interval);
        }
    }

    [Fact]
    public void A_poll_thread_that_hangs_is_noticed()
    {
        ProgressWatch watch = new(_clock);
        Assert.Null(watch.Look(Sample(1, 0, 5)));
        _clock.Advance(Patience);
        Assert.Null(watch.Look(Sample(1, 0, 5)));
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.NotNull(watch.Look(Sample(1, 0, 5)));
        Assert.Null(watch.Look(Sample(2, 0, 10)));
    }

    [Fact]
    public void A_gateway_that_never_reads_its_first_slot_is_noticed()
    {
        ProgressWatch watch = new(_clock);
        Assert.Null(watch.Look(Sample(null, 0, 0)));
        _clock.Advance(Patience + TimeSpan.FromSeconds(1));
        Assert.NotNull(watch.Look(Sample(null, 0, 0)));
    }

    [Fact]
    public void A_disk_that_takes_nothing_is_noticed_although_slots_go_by()
    {
        ProgressWatch watch = new(_clock);
        Text? problem = null;
        for (int slot = 0; slot < 10 && problem is null; slot++)
        {
            problem = watch.Look(Sample(slot, pending: 5 * slot, handled: 0));
            _clock.Advance(Interval);
        }

        Assert.NotNull(problem);
    }

    [Fact]
    public void A_wall_clock_that_is_set_changes_nothing()
    {
        ProgressWatch watch = new(_clock);
        Assert.Null(watch.Look(Sample(1, 0, 5)));
        _clock.SetWallClock(_clock.GetUtcNow().AddYears(3));
        Assert.Null(watch.Look(Sample(1, 0, 5)));
    }

    private static ProgressSample Sample(long? slot, long pending, long handled) => new(slot, Interval, pending, handled);
}
