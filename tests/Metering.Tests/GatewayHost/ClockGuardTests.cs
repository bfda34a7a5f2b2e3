using Metering.Gateway.Outbox;
using Metering.Gateway.Polling;
using Metering.Readings;
using Metering.Tests.Support;
using Xunit;

namespace Metering.Tests.GatewayHost;

public sealed class ClockGuardTests
{
    private const int Jumps = 1_000;
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    [Theory]
    [InlineData(20_260_301)]
    [InlineData(4)]
    public void A_thousand_jumps_of_the_clock_lose_no_reading_and_leave_none_with_a_wrong_state(int seed)
    {
        using ClockStory story = new(new Random(seed), hasHardwareClock: false);
        for (int jump = 0; jump < Jumps; jump++)
        {
            story.Jump();
            story.Poll(story.Random.Next(1, 8), isRestless: true);
        }

        Dictionary<ClockState, int> states = story.Check($"seed {seed}");
        Assert.All(Enum.GetValues<ClockState>(), state => Assert.True(states[state] > 100, $"seed {seed}: the story has too little of state {state}"));
    }

    [Fact]
    public void Readings_taken_before_the_first_synchronisation_get_their_true_instants()
    {
        using ClockStory story = new(new Random(1), hasHardwareClock: false);
        story.SetWall(DateTimeOffset.UnixEpoch, isSynchronised: false);
        story.Restart();
        story.Poll(5);
        story.SetWall(story.True, isSynchronised: true);
        story.Poll(3);
        Dictionary<ClockState, int> states = story.Check("1970 start");

        // The slot that was waited for while the time came was chosen without it, so it may be put right, too.
        Assert.InRange(states[ClockState.Relative], 5, 6);
        Assert.Equal(8, states[ClockState.Relative] + states[ClockState.Synchronised]);
    }

    [Fact]
    public void Without_a_synchronisation_readings_are_sent_as_uncertain_after_a_while()
    {
        using ClockStory story = new(new Random(1), hasHardwareClock: false);
        story.SetWall(Start + TimeSpan.FromDays(1), isSynchronised: false);
        int held = (int)(HeldCycles.MaximumHeldAge / Interval);
        story.Poll(held);
        Assert.Equal(0, story.BatchesSigned());
        story.Poll(held);
        Assert.InRange(story.BatchesSigned(), 1, held);
        Assert.Equal([ClockState.Unknown], story.Check("never synchronised").Keys);
    }

    [Fact]
    public void After_a_restart_without_trusted_time_the_readings_of_before_stay_unknown()
    {
        using ClockStory story = new(new Random(1), hasHardwareClock: false);
        story.Poll(4);
        story.SetWall(DateTimeOffset.UnixEpoch, isSynchronised: false);
        story.Restart();
        story.Poll(4);
        story.Restart();
        story.Poll(2);
        story.SetWall(story.True, isSynchronised: true);
        story.Poll(3);
        Dictionary<ClockState, int> states = story.Check("two starts");
        Assert.Equal(4, states[ClockState.Unknown]);
        Assert.InRange(states[ClockState.Relative], 2, 3);
    }

    [Fact]
    public void A_clock_behind_the_last_durable_slot_is_not_believed_even_with_a_hardware_clock()
    {
        ManualTimeProvider wall = new(Start);
        GuardedClock clock = new(wall, new() { IsSynchronised = () => false, HasHardwareClock = true, LastSlot = (Start + TimeSpan.FromHours(1)).ToUnixTimeMilliseconds() });
        DateTimeOffset first = clock.GetUtcNow();
        Assert.Equal(ClockState.Unknown, clock.StateAt(first.ToUnixTimeMilliseconds(), Interval));
        Assert.True(first > Start + TimeSpan.FromHours(1));
        wall.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal(first + TimeSpan.FromSeconds(30), clock.GetUtcNow());
    }

    [Fact]
    public void A_hardware_clock_that_is_not_behind_is_informed_and_a_jump_back_is_not_followed()
    {
        ManualTimeProvider wall = new(Start);
        GuardedClock clock = new(wall, new() { IsSynchronised = () => false, HasHardwareClock = true, LastSlot = null });
        Assert.Equal(ClockState.Informed, clock.StateAt(clock.GetUtcNow().ToUnixTimeMilliseconds(), Interval));
        wall.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(ClockState.Informed, clock.StateAt(clock.GetUtcNow().ToUnixTimeMilliseconds(), Interval));
        wall.SetWallClock(Start - TimeSpan.FromDays(1));
        Assert.Equal(ClockState.Unknown, clock.StateAt(clock.GetUtcNow().ToUnixTimeMilliseconds(), Interval));
        Assert.True(clock.GetUtcNow() >= Start + TimeSpan.FromMinutes(5));
    }
}
