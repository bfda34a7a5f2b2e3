using Metering.Programme.Benchmark;
using Metering.Programme.Kinds;
using Metering.Programme.Records;
using Xunit;

namespace Metering.Tests.Programme.Benchmark;

/// <summary>What is published of which groups, over restarts and by several hosts.</summary>
public sealed class BenchmarkDeskTests
{
    private static readonly DateOnly Today = new(2026, 6, 30);

    [Fact]
    public void A_sector_of_five_is_published_and_one_of_four_is_not()
    {
        BenchmarkPlan plan = BenchmarkDesk.Plan([], [.. Values("tanning", "Guanajuato", 0, 5), .. Values("hotel", "Guanajuato", 5, 4)], Today);
        Assert.Equal(((string, string?)[])[("tanning", null), ("tanning", "Guanajuato")], plan.Releases.Select(one => (one.Sector, one.State)));
        Assert.All(plan.Refused, one => Assert.Equal(("hotel", BenchmarkRefusal.TooFewPlants), (one.Sector, one.Refusal)));
        Assert.Equal((11m, 12m, 13m, 5), (plan.Releases[0].Lower, plan.Releases[0].Median, plan.Releases[0].Upper, plan.Releases[0].PlantCount));
    }

    [Fact]
    public void A_state_that_leaves_four_plants_of_its_sector_is_refused()
    {
        BenchmarkPlan plan = BenchmarkDesk.Plan([], [.. Values("tanning", "Guanajuato", 0, 6), .. Values("tanning", "Jalisco", 6, 4)], Today);
        BenchmarkRelease only = Assert.Single(plan.Releases);
        Assert.Equal((null, 10), (only.State, only.PlantCount));
        Assert.Equal(((string, BenchmarkRefusal)[])[("Guanajuato", BenchmarkRefusal.WouldShowSmallGroup), ("Jalisco", BenchmarkRefusal.TooFewPlants)], plan.Refused.Select(one => (one.State!, one.Refusal)));
    }

    [Fact]
    public void What_was_published_is_remembered_by_another_process_and_after_a_withdrawal()
    {
        using ProgrammeFixture fixture = new();
        BenchmarkValue[] ten = Values("tanning", "", 0, 10);
        BenchmarkPlan first = BenchmarkDesk.Plan(BenchmarkDesk.Published(fixture.Register.Snapshot), ten, Today);
        _ = fixture.Add([.. first.Releases]);
        RecordStore other = fixture.Another(); // as after a restart, or on another host
        IReadOnlyList<BenchmarkRelease> known = BenchmarkDesk.Published(other.Snapshot);
        Assert.Equal(first.Releases, known);
        Assert.Empty(BenchmarkDesk.Plan(known, ten, Today).Releases);

        // An eleventh plant joins: the sector of eleven less that of ten would be that plant.
        BenchmarkPlan joined = BenchmarkDesk.Plan(known, Values("tanning", "", 0, 11), Today);
        Assert.Empty(joined.Releases);
        Assert.All(joined.Refused, one => Assert.Equal(BenchmarkRefusal.WouldShowSmallGroup, one.Refusal));

        // Taking the record back does not take back what people have read.
        foreach (BenchmarkRelease release in first.Releases)
        {
            _ = fixture.Register.Withdraw(new(BenchmarkRelease.Kind.Name, release.Id), 1, ProgrammeFixture.Ana, "prueba");
        }

        Assert.Empty(BenchmarkDesk.Shown(fixture.Register.Snapshot));
        Assert.Empty(BenchmarkDesk.Plan(BenchmarkDesk.Published(fixture.Register.Snapshot), Values("tanning", "", 0, 11), Today).Releases);

        // Five plants more are a group of five by the difference.
        Assert.NotEmpty(BenchmarkDesk.Plan(BenchmarkDesk.Published(fixture.Register.Snapshot), Values("tanning", "", 0, 15), Today).Releases);
    }

    [Fact]
    public void Values_of_two_units_or_years_are_never_put_together()
    {
        BenchmarkValue[] values = [.. Values("tanning", "", 0, 3), .. Values("tanning", "", 3, 3).Select(one => one with { Unit = "m3/pieces" }), .. Values("tanning", "", 6, 3).Select(one => one with { Year = 2022 })];
        Assert.Empty(BenchmarkDesk.Plan([], values, Today).Releases);
    }

    private static BenchmarkValue[] Values(string sector, string state, int first, int count) =>
        [.. Enumerable.Range(first, count).Select(index => new BenchmarkValue("water", 2023, "m3/t", sector, state, new($"plant-{index:000}", 1, 10 + index)))];
}
