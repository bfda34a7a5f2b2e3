using Metering.Analytics.Intervals;
using Metering.Cloud.Projects;
using Metering.Readings;
using Metering.Store;
using Metering.Tests.Pages;
using Metering.Tests.Store;
using Xunit;
using static Metering.Tests.Store.StoreBench;

namespace Metering.Tests.Projects;

public sealed class ChannelSummaryTests
{
    [Fact]
    public async Task The_newest_value_may_be_one_that_is_not_in_the_chain_yet_and_then_says_so()
    {
        using StoreBench bench = new();
        Plant plant = LoadPlant(bench.Folder);
        _ = await bench.AppendAsync(Good(Start, 10), Good(Start, 1500, 1));
        byte[] second = bench.Next([Good(Start + 60_000, 11)]);
        byte[] third = bench.Next([Good(Start + 120_000, 12), Good(Start - 60_000, 1400, 1)]);
        Assert.Equal(AppendOutcome.Early, await bench.AppendAsync(third));

        IReadOnlyList<ChannelSummary> summaries = ChannelSummary.Of(bench.Store, plant);
        ChannelSummary energy = summaries.Single(summary => summary.Stored.Channel.Id == Energy);
        Assert.Equal((true, 12L, Start + 120_000, 1L), (energy.IsEarly, energy.Latest!.Value.ScaledValue, energy.LastUtcMilliseconds, energy.Stored.Count));

        // An early reading that is older than what the chain has is no news.
        ChannelSummary outdoor = summaries.Single(summary => summary.Stored.Channel.Id != Energy);
        Assert.Equal((false, 1500L, Start), (outdoor.IsEarly, outdoor.Latest!.Value.ScaledValue, outdoor.LastUtcMilliseconds));

        _ = await bench.AppendAsync(second);
        energy = ChannelSummary.Of(bench.Store, plant).Single(summary => summary.Stored.Channel.Id == Energy);
        Assert.Equal((false, 12L, Start + 120_000, 3L), (energy.IsEarly, energy.Latest!.Value.ScaledValue, energy.LastUtcMilliseconds, energy.Stored.Count));
    }

    [Fact]
    public async Task A_channel_of_which_only_early_readings_came_is_listed_and_says_so()
    {
        using StoreBench bench = new();
        Plant plant = LoadPlant(bench.Folder);
        byte[] first = bench.Next([Good(Start, 10), Good(Start, 1500, 1)]);
        byte[] second = bench.Next([Good(Start + 60_000, 11), Good(Start + 60_000, 1400, 1)]);
        Assert.Equal(AppendOutcome.Early, await bench.AppendAsync(second));
        IReadOnlyList<ChannelSummary> summaries = ChannelSummary.Of(bench.Store, plant);
        Assert.Equal(2, summaries.Count);
        Assert.All(summaries, summary => Assert.Equal((true, 0L, Start + 60_000), (summary.IsEarly, summary.Stored.Count, summary.LastUtcMilliseconds)));
        Assert.All(summaries, summary => Assert.All(summary.Daily, day => Assert.True(double.IsNaN(day))));
        Assert.Null(new Metering.Cloud.Plants.ChannelPaces().IntervalOf(bench.Store, summaries[0].Stored));
        Assert.Empty(Metering.Cloud.Plants.LiveChannel.Of(bench.Store, "silao-auto"));
        _ = await bench.AppendAsync(first);
        Assert.All(ChannelSummary.Of(bench.Store, plant), summary => Assert.Equal((false, 2L), (summary.IsEarly, summary.Stored.Count)));
    }

    [Fact]
    public async Task A_register_that_began_anew_more_often_than_can_be_recorded_is_unknown_from_there_on()
    {
        using StoreBench bench = new();
        const int Resets = IntervalBuilder.MaximumReplacements + 1;
        Reading[] readings = [.. Enumerable.Range(0, Resets).Select(slot => new Reading(Start + (slot * 900_000L), slot, 0, ReadingQuality.Of(QualityClass.Good, QualityReason.Reset), HasValue: true))];
        _ = await bench.AppendAsync(readings);
        ReadingColumns all = bench.All();
        bool[] usable = RegisterIntervals.Usable(all.Channel, all.UtcMilliseconds, all.Qualities, all.HasValues, out IReadOnlyList<MeterReplacement> breaks);
        Assert.Equal((IntervalBuilder.MaximumReplacements, IntervalBuilder.MaximumReplacements), (breaks.Count, usable.Count(may => may)));
        Assert.False(usable[^1]);
    }

    private static Plant LoadPlant(string folder)
    {
        string file = Path.Combine(folder, "projects.yaml");
        File.WriteAllText(file, SampleProjects.Yaml());
        return ProjectRegister.Load(file).FindPlant("leon-tannery")!;
    }
}
