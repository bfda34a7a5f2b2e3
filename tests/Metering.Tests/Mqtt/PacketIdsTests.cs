using Metering.Mqtt.Session;
using Xunit;

namespace Metering.Tests.Mqtt;

public sealed class PacketIdsTests
{
    [Fact]
    public void Identifiers_start_at_one_and_go_round_past_those_in_use()
    {
        PacketIds ids = new();
        for (int expected = 1; expected <= ushort.MaxValue; expected++)
        {
            Assert.True(ids.TryTake(out ushort id));
            Assert.Equal(expected, id);
        }

        Assert.False(ids.TryTake(out _));
        ids.Release(40_000);
        ids.Release(7);
        Assert.True(ids.TryTake(out ushort first));
        Assert.True(ids.TryTake(out ushort second));
        Assert.Equal((7, 40_000), (first, second));
        Assert.False(ids.TryTake(out _));
    }

    [Fact]
    public void A_freed_identifier_is_not_the_next_one_given()
    {
        PacketIds ids = new();
        ids.TryTake(out ushort first);
        ids.Release(first);
        ids.TryTake(out ushort second);
        Assert.Equal((1, 2), (first, second));
    }
}
