using Metering.Ingestion;
using Xunit;

namespace Metering.Tests.Ingestion;

public sealed class IngestionStateTests
{
    [Fact]
    public void Every_gateway_name_has_one_lane_and_all_lanes_are_used()
    {
        HashSet<int> used = [];
        for (int index = 0; index < 1_000; index++)
        {
            int lane = IngestionWorker.LaneOf($"gateway-{index}", 4);
            Assert.InRange(lane, 0, 3);
            Assert.Equal(lane, IngestionWorker.LaneOf($"gateway-{index}", 4));
            _ = used.Add(lane);
        }

        Assert.Equal(4, used.Count);
    }

    [Fact]
    public void Totals_are_the_sums_of_the_gateways()
    {
        IngestionState state = new();
        state.Change("b", before => before with { Batches = 2, Readings = 20, Forks = 1, Quarantined = 1 });
        state.Change("a", before => before with { Batches = 3, Readings = 30 });
        state.Change("a", before => before with { Batches = before.Batches + 1 });
        state.CountUnknownGateway();
        Assert.Equal(new IngestionTotals(6, 50, 0, 1, 2, 1, 0), state.Totals());
        Assert.Equal(["a", "b"], state.Gateways().Select(gateway => gateway.Gateway));
    }
}
