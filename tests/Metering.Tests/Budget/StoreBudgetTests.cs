using System.Text.Json;
using Metering.Benchmarks.Store;
using Metering.Readings;
using Metering.Store;
using Metering.Store.Chunks;
using Metering.Tests.Store;
using Metering.Tests.Support;
using Xunit;

namespace Metering.Tests.Budget;

/// <summary>Chunks are decoded into what the caller has, and a read allocates its result and some bytes a chunk.</summary>
public sealed class StoreBudgetTests
{
    private const int Days = 20;

    [Fact]
    public void Chunks_stay_in_their_budget()
    {
        PointReadings source = new MixedWorkload(hasNoisyPower: true).Generate(2, 1);
        Columns columns = new(source.Count);
        source.UtcMilliseconds.CopyTo(columns.UtcMilliseconds, 0);
        source.ScaledValues.CopyTo(columns.ScaledValues, 0);
        source.Qualities.CopyTo(columns.Qualities, 0);
        for (int index = 0; index < columns.Count; index++)
        {
            columns.HasValues[index] = index % 50 != 0;
            columns.ScaledValues[index] = columns.HasValues[index] ? columns.ScaledValues[index] : 0;
        }

        long id = ChunkCodec.IdOf(1, MixedWorkload.Start / ChunkCodec.MillisecondsPerDay);
        byte[] data = ChunkCodec.Encode(id, columns);
        Columns target = new(columns.Count);
        int readings = 0;
        AllocationBudgetTests.Hold("chunkDecodeReading", columns.Count, () => readings += ChunkCodec.Decode(id, data, target, 0));
        AllocationBudgetTests.Hold("chunkEncodeReading", columns.Count, () => readings += ChunkCodec.Encode(id, columns).Length);
        Assert.NotEqual(0, readings);
    }

    [Fact]
    public async Task Reading_a_channel_stays_in_its_budget()
    {
        using StoreBench bench = new();
        for (int day = 0; day < Days; day++)
        {
            Reading[] readings = [.. Enumerable.Range(0, 1440).Select(minute => StoreBench.Good(StoreBench.Start + (day * StoreBench.Day) + (minute * 60_000L), (day * 1440) + minute))];
            Assert.Equal(AppendOutcome.Stored, await bench.AppendAsync(readings));
        }

        await bench.Store.SealAsync();
        Dictionary<string, double> budget = JsonSerializer.Deserialize<Dictionary<string, double>>(
            File.ReadAllText(Repository.Path("tests", "Metering.Benchmarks", "allocation-budget.json")))!;
        int count = Days * 1440;
        double chunks = budget["storeReadYear"] / 365 * Days / count;
        AllocationBudgetTests.Hold("storeReadReading", count, () => Assert.Equal(count, bench.All().Count), chunks);
    }
}
