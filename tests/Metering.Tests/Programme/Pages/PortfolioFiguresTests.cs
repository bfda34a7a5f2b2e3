using Metering.Analytics.Portfolio;
using Metering.Cloud.Projects;
using Metering.Cloud.ProgrammePages;
using Xunit;

namespace Metering.Tests.Programme.Pages;

public sealed class PortfolioFiguresTests
{
    [Fact]
    public void Independent_errors_add_in_squares_and_kilowatt_hours_are_told_in_megawatt_hours()
    {
        PortfolioSum sum = PortfolioFigures.Add([Entry(1, 30_000, 3_000), Entry(2, 50_000, 4_000)], PortfolioKind.Electricity, null);
        Assert.Equal(80m, sum.Result!.Total);
        Assert.Equal(5, sum.Result.StandardError, 9); // sqrt(3^2 + 4^2) MWh
        Assert.Equal(1.6448536 * 5, sum.Result.HalfWidth, 4); // two-sided 90 %
        Assert.Equal(80 - (1.2815516 * 5), sum.Result.AtLeast, 4); // one-sided 90 %
        Assert.False(sum.Result.MeetsPrecision); // 8.2 of 80 is more than 10 %
        Assert.Equal((2, 2), (sum.WithNumber, sum.Asked));
    }

    [Fact]
    public void The_front_page_and_the_portfolio_state_one_interval_for_one_sum()
    {
        Plant plant = new("p", new("P", "P"), "tannery", "Guanajuato", TimeZoneInfo.Utc, false);
        ProjectSummary[] results = [SummaryOf("x", 30_000, 3_000, 8), SummaryOf("y", 50_000, 4_000, 20)];
        PortfolioEntry[] entries = [.. results.Select((result, index) => Entry(index + 1, 0, 0) with { Whole = PortfolioEntry.PartsOf(result).Whole })];
        Metering.Cloud.Projects.PortfolioTotal front = Assert.Single(Metering.Cloud.Projects.PortfolioTotal.Of(results));
        PortfolioResult portfolio = PortfolioFigures.Add(entries, PortfolioKind.Electricity, null).Result!;
        Assert.Equal(portfolio.HalfWidth, front.HalfWidth / 1000, 9);
        Assert.Equal(1.7027 * 5, front.HalfWidth / 1000, 2); // t at 90 % for 25^2 / (9^2 / 8 + 16^2 / 20) = 27.3 degrees of freedom
        Assert.Equal((80_000, 2, 2), (front.Savings, front.Projects, front.AllProjects));

        ProjectSummary SummaryOf(string id, double savings, double standardError, double degreesOfFreedom) => new()
        {
            Project = ProjectAt(plant, new(2025, 12, 31)) with { Id = id },
            Version = id,
            Unit = "kWh",
            Verdict = Verdict.Saving,
            Savings = new(savings, 9 * standardError, 10, 100_000, 100_000 + savings, 0.99, standardError, degreesOfFreedom),
            ReportedThrough = new(2025, 12, 31),
        };
    }

    [Fact]
    public void A_project_without_a_number_is_counted_as_asked_and_never_as_zero()
    {
        PortfolioSum sum = PortfolioFigures.Add([Entry(1, 30_000, 3_000), Entry(2, 0, 0) with { Whole = null, Years = [] }], PortfolioKind.Electricity, null);
        Assert.Equal(30m, sum.Result!.Total);
        Assert.Equal((1, 2), (sum.WithNumber, sum.Asked));
        Assert.Null(PortfolioFigures.Add([], PortfolioKind.Water, null).Result);
    }

    [Fact]
    public void Money_without_a_price_is_missing_and_a_year_has_only_its_part()
    {
        PortfolioEntry entry = Entry(1, 30_000, 3_000);
        Assert.Equal(0, PortfolioFigures.Add([entry], PortfolioKind.Pesos, null).WithNumber);
        entry = entry with { Years = [new(2025, 10_000, 2_000, 100) { Pesos = 20_000, Tonnes = 4.44 }, new(2026, 20_000, 2_000, 100)] };
        PortfolioSum pesos = PortfolioFigures.Add([entry], PortfolioKind.Pesos, 2025);
        Assert.Equal(20_000m, pesos.Result!.Total);
        Assert.Equal(4_000, pesos.Result.StandardError, 6); // 2 pesos a kWh
        Assert.Equal(4.44m, PortfolioFigures.Add([entry], PortfolioKind.Emissions, 2025).Result!.Total);
        Assert.Equal(0, PortfolioFigures.Add([entry], PortfolioKind.Emissions, 2026).WithNumber);
        Assert.Equal(0.444, EmissionFactors.OfGrid(2024));
        Assert.Null(EmissionFactors.OfGrid(2003));
    }

    [Fact]
    public void Gas_at_reference_conditions_is_added_apart_from_gas_as_metered()
    {
        PortfolioEntry reference = Entry(1, 300, 30) with { Resource = Resource.Gas, Unit = "Nm3" };
        PortfolioEntry metered = Entry(2, 500, 50) with { Resource = Resource.Gas, Unit = "m3" };
        PortfolioSum sum = PortfolioFigures.Add([reference, metered], PortfolioKind.ReferenceGas, null);
        Assert.Equal((300m, 1, 1), (sum.Result!.Total, sum.WithNumber, sum.Asked));
        Assert.Equal("Nm3", sum.Result.Unit.Symbol);
        sum = PortfolioFigures.Add([reference, metered], PortfolioKind.Gas, null);
        Assert.Equal((500m, 1, 1), (sum.Result!.Total, sum.WithNumber, sum.Asked));
    }

    [Fact]
    public void Gas_has_the_factor_of_its_year_and_none_where_the_pack_has_none()
    {
        // 38,128 kJ/m3 x (56.1 kg CO2/GJ + 1 kg CH4/TJ x 28 + 0.1 kg N2O/TJ x 265)
        Assert.Equal(0.038128 * (56.1 + 0.028 + 0.0265), EmissionFactors.OfGas(2021)!.Value, 12);
        Assert.Null(EmissionFactors.OfGas(2022)); // no heating value is published for it here, and that of 2021 is not put in its place
        Assert.Equal(EmissionFactors.OfGas(2021)!.Value / 1000, EmissionFactors.TonnesPerUnit(Resource.Gas, "m3", 2021)!.Value, 12);
        Assert.Equal(0.000423, EmissionFactors.TonnesPerUnit(Resource.Electricity, "kWh", 2021)!.Value, 12);
        Assert.Null(EmissionFactors.TonnesPerUnit(Resource.Water, "m3", 2021));
        Assert.Null(EmissionFactors.TonnesPerUnit(Resource.Gas, "kWh", 2021));
        PortfolioEntry gas = Entry(1, 1_000, 100) with { Resource = Resource.Gas, Unit = "m3", Whole = new(0, 1_000, 100, 100) { Tonnes = 2.14 } };
        Assert.Equal(2.14m, PortfolioFigures.Add([gas], PortfolioKind.Emissions, null).Result!.Total);
    }

    [Fact]
    public void A_copy_of_the_projects_with_others_in_their_place_finds_the_others()
    {
        Plant plant = new("p", new("P", "P"), "tannery", "Guanajuato", TimeZoneInfo.Utc, false);
        Project first = ProjectAt(plant, new(2025, 12, 31));
        ProjectRegister register = new([plant], [first]);
        Assert.Same(first, register.Find("x"));
        Project longer = ProjectAt(plant, new(2026, 6, 30));
        ProjectRegister copy = register with { Projects = [longer] };
        Assert.Same(longer, copy.Find("x"));
        Assert.Same(first, register.Find("x"));
        Assert.Null(copy.Find("y"));
    }

    private static Project ProjectAt(Plant plant, DateOnly last) => new()
    {
        Id = "x",
        Plant = plant,
        Title = new("x", "x"),
        Measure = new("x", "x"),
        Resource = Resource.Electricity,
        Use = new("g", "c"),
        Drivers = [],
        Baseline = new(new(2024, 1, 1), new(2024, 12, 31)),
        Installation = new(new(2025, 1, 1), new(2025, 1, 31)),
        Reporting = new(new(2025, 2, 1), last),
        ConfidencePercent = 90,
    };

    [Fact]
    public void One_meter_that_gives_two_savings_is_found_and_two_meters_of_one_plant_are_not()
    {
        PortfolioEntry first = Entry(1, 1, 1);
        PortfolioEntry same = Entry(2, 1, 1) with { Channel = first.Channel };
        Assert.Contains(PortfolioFigures.Add([first, same], PortfolioKind.Electricity, null).Outcome.DoubleCounts, found => found.Kind == DoubleCountKind.SameChannel);
        Assert.DoesNotContain(
            PortfolioFigures.Add([first, Entry(2, 1, 1) with { Plant = first.Plant }], PortfolioKind.Electricity, null).Outcome.DoubleCounts, found => found.Kind == DoubleCountKind.SameChannel);
    }

    [Theory]
    [InlineData(4, 0, 0, 0)]
    [InlineData(5, 0, 1, 1)]
    [InlineData(5, 4, 1, 0)]
    [InlineData(5, 5, 1, 2)]
    public void The_public_results_show_no_group_of_fewer_than_five_plants_not_even_as_a_difference(int tanneries, int hotels, int totals, int sectors)
    {
        PortfolioEntry[] entries = [.. Enumerable.Range(0, tanneries + hotels).Select(index => Entry(index, 12_345, 100) with { IsVerified = true, Sector = index < tanneries ? "tannery" : "hotel" })];
        ProgrammeView view = ResultsPage.Build(entries, isSimulated: false);
        Assert.Equal(totals, view.Sections[0].Rows.Count);
        Assert.Equal(sectors, view.Sections[1].Rows.Count);
    }

    [Theory]
    [InlineData(10, 9, 2, PersistenceOutcome.Lasts)]
    [InlineData(10, 12, 1, PersistenceOutcome.Lasts)]
    [InlineData(10, 5, 2, PersistenceOutcome.Smaller)]
    [InlineData(10, 1, 2, PersistenceOutcome.Gone)]
    [InlineData(10, -3, 2, PersistenceOutcome.Gone)]
    internal void Whether_a_saving_lasts_follows_from_the_interval_of_the_last_days(double verified, double recent, double halfWidth, PersistenceOutcome outcome) =>
        Assert.Equal(outcome, new PersistenceFigure(verified, recent, halfWidth, new(2026, 6, 30)).Outcome);

    private static PortfolioEntry Entry(int number, double savings, double standardError) => new()
    {
        Project = $"pml-{number}",
        Plant = $"plant-{number}",
        Title = new("Proyecto", "Project"),
        PlantName = new("Planta", "Plant"),
        Sector = "tannery",
        State = "Guanajuato",
        Resource = Resource.Electricity,
        Unit = "kWh",
        Channel = $"gateway-{number}/mains",
        Reporting = new(new(2025, 11, 1), new(2026, 10, 31)),
        IsVerified = false,
        Whole = new(0, savings, standardError, double.PositiveInfinity),
    };
}
