using System.Globalization;
using Metering.Analytics.Indicators;
using Metering.Analytics.Portfolio;
using Xunit;

namespace Metering.Tests.Analytics.Portfolio;

public class PortfolioTests
{
    private static readonly DateSpan Year = DateSpan.OfYear(2024);

    [Fact]
    public void The_standard_error_equals_that_of_the_full_covariance_matrix()
    {
        const int seed = 21;
        Random random = new(seed);
        ProjectSaving[] projects = [.. Enumerable.Range(0, 30).Select(i => Project(i, 50 + (100 * random.NextDouble()), 5 + (10 * random.NextDouble())) with
        {
            Shared =
            [
                new SharedError(SharedCause.MeterClass, "maker " + (i % 3).ToString(CultureInfo.InvariantCulture), 4 * random.NextDouble()),
                new SharedError(SharedCause.WeatherStation, i % 2 == 0 ? "north" : "south", 6 * (random.NextDouble() - 0.3)),
            ],
        })];
        PortfolioResult result = Accept(projects);

        // Covariance of two projects: the sum over the causes both name; on the diagonal the independent part in addition.
        double variance = 0;
        foreach (ProjectSaving first in projects)
        {
            foreach (ProjectSaving second in projects)
            {
                variance += ReferenceEquals(first, second) ? first.IndependentStandardError * first.IndependentStandardError : 0;
                variance += first.Shared.Sum(one => second.Shared.Where(other => (one.Cause, one.Name) == (other.Cause, other.Name)).Sum(other => one.StandardError * other.StandardError));
            }
        }

        Assert.True(Math.Abs((result.StandardError / Math.Sqrt(variance)) - 1) < 1e-12, $"seed {seed}: {result.StandardError} against {Math.Sqrt(variance)}");
        Assert.True(result.StandardError <= result.FullyCorrelatedStandardError, $"seed {seed}");
        Assert.Equal(5, result.Causes.Count);
    }

    [Fact]
    public void Of_many_results_each_pair_is_judged_as_if_it_stood_alone()
    {
        const int seed = 1_000;
        Random random = new(seed);
        string[] places = ["", "", "site", "site/", "site/hall", "site/hall/line", "site 2", "/", "/a"];
        ProjectSaving[] projects = [.. Enumerable.Range(0, 90).Select(_ => Project(random.Next(60), 100, 3) with
        {
            Resource = random.Next(2) == 0 ? SavedResource.Electricity : SavedResource.Water,
            Channels = [.. Enumerable.Range(0, random.Next(3)).Select(_ => FormattableString.Invariant($"channel {random.Next(40)}"))],
            Boundary = places[random.Next(places.Length)],
            Reporting = DateSpan.OfYear(2023 + random.Next(2)),
        })];
        List<DoubleCount> pairs = [.. projects.SelectMany((first, index) => projects.Skip(index + 1).SelectMany(second => DoubleCounting.Find([first, second])))];
        DoubleCount[] expected = [.. pairs.Where(one => one.Kind != DoubleCountKind.CannotBeRuledOut), .. pairs.Where(one => one.Kind == DoubleCountKind.CannotBeRuledOut)];
        Assert.InRange(expected.Length, 100, DoubleCounting.MaximumFindings);
        Assert.Equal(expected, DoubleCounting.Find(projects));
    }

    [Fact]
    public void Four_equal_projects_are_worked_out_by_hand()
    {
        // Each 100 with 3 of its own and 4 shared: independent 2 x 3 = 6, shared 16; each alone 5.
        PortfolioResult result = Accept([.. Enumerable.Range(0, 4).Select(i => Project(i, 100, 3) with
        {
            Shared = [new SharedError(SharedCause.EmissionFactor, "grid", 4)],
            Bias = 2,
        })]);
        Assert.Equal(400, result.Total);
        Assert.Equal(Math.Sqrt(36 + 256), result.StandardError, 1e-12);
        Assert.Equal(10, result.IndependentOnlyStandardError, 1e-12);
        Assert.Equal(20, result.FullyCorrelatedStandardError, 1e-12);
        Assert.Equal(1.6448536269514722 * result.StandardError, result.HalfWidth, 1e-9);
        Assert.Equal(400 - (1.2815515655446004 * result.StandardError), result.AtLeast, 1e-9);
        Assert.Equal(1.6448536269514722 * 10 / 400, result.FractionalUncertainty!.Value, 1e-12);
        Assert.Equal(0.02, result.RelativeBias!.Value, 1e-12);
        Assert.True(result.MeetsPrecision);
        // z sqrt(9 / n + 16) <= 10: sqrt(9/n + 16) <= 6.0796, 9/n <= 20.96, so that one would do.
        Assert.Equal(1, result.ResultsNeeded);
        CauseShare cause = Assert.Single(result.Causes);
        Assert.Equal((16.0, 4), (cause.StandardError, cause.ProjectCount));
    }

    [Fact]
    public void The_number_of_projects_needed_is_enough_and_one_less_is_not()
    {
        ProjectSaving one = Project(0, 100, 60) with { Shared = [new SharedError(SharedCause.Tariff, "GDMTH", 3)] };
        int needed = Accept([one]).ResultsNeeded!.Value;
        Assert.True(Accept(Copies(needed)).MeetsPrecision);
        Assert.False(Accept(Copies(needed - 1)).MeetsPrecision);
        Assert.Equal(needed, Accept(Copies(40)).ResultsNeeded);

        // A shared error of 7 % of every saving: 1.645 x 7 % is above 10 %, and no number of projects helps.
        Assert.Null(Accept([one with { Shared = [new SharedError(SharedCause.Tariff, "GDMTH", 7)] }]).ResultsNeeded);

        ProjectSaving[] Copies(int count) => [.. Enumerable.Range(0, count).Select(i => one with { Project = Name(i), Channels = [Name(i)], Boundary = Name(i) })];
    }

    [Theory]
    [InlineData(0.5, 0)]
    [InlineData(0.9, 1.2815515655446004)]
    [InlineData(0.95, 1.6448536269514722)]
    [InlineData(0.975, 1.959963984540054)]
    [InlineData(0.0013498980316300933, -3)]
    [InlineData(1e-9, -5.997807015007686)]
    [InlineData(1e-12, -7.034483825301132)]
    public void Normal_quantiles_equal_the_published_ones(double probability, double expected) =>
        Assert.Equal(expected, NormalQuantile.Of(probability), 1e-12);

    [Fact]
    public void Few_degrees_of_freedom_widen_the_interval()
    {
        PortfolioResult result = Accept([Project(0, 100, 5) with { DegreesOfFreedom = 10 }, Project(1, 100, 5) with { DegreesOfFreedom = 10 }]);
        Assert.Equal(20, result.DegreesOfFreedom, 1e-9);
        Assert.Equal(1.7247182429207857 * Math.Sqrt(50), result.HalfWidth, 1e-9); // t(0.95; 20), published tables 1.7247
        Assert.Equal(1.8124611228107335 * Math.Sqrt(50) / 200, result.FractionalUncertainty!.Value, 1e-12); // t(0.95; 10), published tables 1.8125
    }

    [Fact]
    public void Ninety_percent_of_simulated_portfolios_lie_inside_the_interval()
    {
        const int seed = 7;
        Random random = new(seed);
        ProjectSaving[] projects = [.. Enumerable.Range(0, 12).Select(i => Project(i, 100, 8) with
        {
            Shared = [new SharedError(SharedCause.MeterClass, i < 6 ? "a" : "b", 5), new SharedError(SharedCause.MethodBias, "daily", -3)],
        })];
        double halfWidth = Accept(projects).HalfWidth;
        int inside = 0;
        const int runs = 20_000;
        for (int run = 0; run < runs; run++)
        {
            double[] causes = [Normal(random), Normal(random), Normal(random)];
            double error = 0;
            for (int i = 0; i < 12; i++)
            {
                error += (8 * Normal(random)) + (5 * causes[i < 6 ? 0 : 1]) - (3 * causes[2]);
            }

            inside += Math.Abs(error) <= halfWidth ? 1 : 0;
        }

        // Three deviations of a share of 0.9 in 20 000 runs are 0.0064.
        Assert.True(Math.Abs((inside / (double)runs) - 0.9) < 0.0064, $"seed {seed}: coverage {inside / (double)runs}");
    }

    [Fact]
    public void Parts_add_up_to_the_total_exactly_in_every_grouping()
    {
        const int seed = 5;
        Random random = new(seed);
        PortfolioResult result = Accept([.. Enumerable.Range(0, 200).Select(i => Project(i, 1e6 * random.NextDouble() / 3, 1) with
        {
            Programme = "P" + (i % 7).ToString(CultureInfo.InvariantCulture),
            Group = "G" + (i % 5).ToString(CultureInfo.InvariantCulture),
        })]);
        Assert.Equal(result.Total, result.Programmes.Sum(part => part.Total));
        Assert.Equal(result.Total, result.Groups.Sum(part => part.Total));
        Assert.Equal((7, 5), (result.Programmes.Count, result.Groups.Count));
        Assert.Equal(200, result.Groups.Sum(part => part.ProjectCount));
    }

    [Fact]
    public void Missing_results_are_listed_and_never_zero()
    {
        PortfolioOutcome outcome = PortfolioTotal.Compute(
        [
            Project(0, 100, 3),
            Project(1, 0, 3) with { Saving = null, WhyMissing = "baseline refused" },
            Project(2, double.NaN, 3),
        ]);
        Assert.Equal((100, 1, 3), (outcome.Result!.Total, outcome.Result.ResultCount, outcome.Result.AskedCount));
        Assert.Equal(["baseline refused", "no result"], outcome.Missing.Select(missing => missing.Why));
        PortfolioOutcome none = PortfolioTotal.Compute([Project(1, 0, 3) with { Saving = null }]);
        Assert.Null(none.Result);
        Assert.Equal(PortfolioReasonKind.NoResults, Assert.Single(none.Reasons).Kind);
        Assert.False(none.IsClaimable);
    }

    [Fact]
    public void Units_convert_inside_a_dimension_and_are_refused_across()
    {
        PortfolioResult mixed = Accept([Project(0, 100, 3), Project(1, 50_000, 4_000) with { Saving = Quantity.Of(50_000, QuantityUnit.KilowattHour) }]);
        Assert.Equal(150, mixed.Total);
        Assert.Equal(5, mixed.StandardError, 1e-9);
        Refused(PortfolioReasonKind.UnitsMixed, Project(0, 100, 3), Project(1, 1, 1) with { Saving = Quantity.Of(1, QuantityUnit.CubicMetre) });
        Refused(PortfolioReasonKind.UnitsMixed, Money("MXN"), Money("USD"));
        Refused(PortfolioReasonKind.UnitsMixed, Money("MXN"), Money("MXN") with { Saving = new Quantity(5, MeasureUnit.Money("MXN", 2018)) });
        Refused(PortfolioReasonKind.UnitsMixed, Project(0, 1, 1) with { Saving = new Quantity(1, default) });
        ProjectSaving water = Project(0, 1, 1) with { Resource = SavedResource.Water, Saving = Quantity.Of(5, QuantityUnit.CubicMetre) };
        Refused(PortfolioReasonKind.ResourcesMixed, water, water with { Resource = SavedResource.Fuel, Channels = ["x"], Boundary = "x" });
        Refused(PortfolioReasonKind.BadNumber, Project(0, double.PositiveInfinity, 3));
        Refused(PortfolioReasonKind.BadNumber, Project(0, 1, -3));
        Refused(PortfolioReasonKind.BadNumber, Project(0, 1, double.NaN));
        Refused(PortfolioReasonKind.BadNumber, Project(0, 1, 3) with { Shared = [new SharedError(SharedCause.Tariff, "x", double.NaN)] });
        Refused(PortfolioReasonKind.BadNumber, Project(0, 1, 3) with { DegreesOfFreedom = 0 });
        Refused(PortfolioReasonKind.EmptyPeriod, Project(0, 1, 3) with { Reporting = new DateSpan(Year.End, Year.Start) });
        Assert.Throws<ArgumentOutOfRangeException>(() => PortfolioTotal.Compute([Project(0, 1, 1)], new PortfolioOptions { Confidence = 1 }));

        ProjectSaving Money(string currency) => Project(0, 1, 1) with { Resource = SavedResource.Money, Saving = new Quantity(1, MeasureUnit.Money(currency)) };
    }

    [Fact]
    public void A_total_that_is_no_saving_has_no_relative_precision()
    {
        PortfolioResult result = Accept([Project(0, -100, 3)]);
        Assert.Null(result.RelativeHalfWidth);
        Assert.Null(result.FractionalUncertainty);
        Assert.Null(result.ResultsNeeded);
        Assert.False(result.MeetsPrecision);
    }

    [Fact]
    public void The_same_saving_claimed_twice_is_found()
    {
        ProjectSaving first = Project(0, 100, 3) with { Boundary = "plant/hall 2", Channels = ["e1"] };
        ProjectSaving second = Project(1, 80, 3) with { Programme = "other", Boundary = "plant/hall 3", Channels = ["e9", "e1"], Reporting = new DateSpan(new DateOnly(2024, 7, 1), new DateOnly(2025, 7, 1)) };
        PortfolioOutcome channel = PortfolioTotal.Compute([first, second]);
        DoubleCount found = Assert.Single(channel.DoubleCounts);
        Assert.Equal((DoubleCountKind.SameChannel, true), (found.Kind, found.IsBetweenProgrammes));
        Assert.Equal(new DateSpan(new DateOnly(2024, 7, 1), new DateOnly(2025, 1, 1)), found.Overlap);
        Assert.False(channel.IsClaimable);
        Assert.Equal(180, channel.Result!.Total);

        ProjectSaving apart = second with { Channels = ["e9"] };
        Assert.True(PortfolioTotal.Compute([first, apart]).IsClaimable);
        Assert.Equal(DoubleCountKind.NestedBoundary, Only(first, apart with { Boundary = "plant" }));
        Assert.Equal(DoubleCountKind.NestedBoundary, Only(first, apart with { Boundary = "plant/hall 2/boiler/" }));
        Assert.Equal(DoubleCountKind.NestedBoundary, Only(first, apart with { Boundary = "plant/hall 2" }));
        Assert.Null(Only(first, apart with { Boundary = "plant/hall 22" }));
        Assert.Null(Only(first, second with { Resource = SavedResource.Fuel }));
        Assert.Null(Only(first, second with { Reporting = DateSpan.OfYear(2025) }));
        Assert.Equal(DoubleCountKind.CannotBeRuledOut, Only(first, apart with { Boundary = "", Channels = [] }));
        Assert.Null(Only(first, apart with { Boundary = "" }));

        static DoubleCountKind? Only(ProjectSaving one, ProjectSaving two) => DoubleCounting.Find([one, two]).SingleOrDefault()?.Kind;
    }

    private static PortfolioResult Accept(ProjectSaving[] projects)
    {
        PortfolioOutcome outcome = PortfolioTotal.Compute(projects);
        Assert.Empty(outcome.Reasons);
        return outcome.Result!;
    }

    private static void Refused(PortfolioReasonKind kind, params ProjectSaving[] projects)
    {
        PortfolioOutcome outcome = PortfolioTotal.Compute(projects);
        Assert.Null(outcome.Result);
        Assert.Contains(outcome.Reasons, reason => reason.Kind == kind);
    }

    private static double Normal(Random random)
    {
        double u = 1 - random.NextDouble();
        return Math.Sqrt(-2 * Math.Log(u)) * Math.Cos(2 * Math.PI * random.NextDouble());
    }

    private static string Name(int index) => "p" + index.ToString(CultureInfo.InvariantCulture);

    private static ProjectSaving Project(int index, double saving, double independent) => new()
    {
        Project = Name(index),
        Programme = "programme",
        Resource = SavedResource.Electricity,
        Saving = Quantity.Of(saving, QuantityUnit.MegawattHour),
        IndependentStandardError = independent,
        Reporting = Year,
        Channels = [Name(index)],
        Boundary = Name(index),
    };
}
