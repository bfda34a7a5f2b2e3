using Metering.Analytics.Intervals;
using Metering.Analytics.Statistics;
using Metering.Cloud.Plants;
using Metering.Cloud.Projects;
using Metering.Programme.Accounts;
using Metering.Programme.Kinds;
using Metering.Programme.Records;
using Metering.Readings;
using Metering.Store;
using Metering.Tests.Pages;
using Metering.Tests.Store;
using Metering.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Xunit;
using LabResult = Metering.Programme.Kinds.LabResult;
using MeterRecord = Metering.Programme.Kinds.MeterRecord;
using Verdict = Metering.Analytics.Effluent.Verdict;

namespace Metering.Tests.Plants;

/// <summary>Cards, cost, discharge and gateways of a plant, on 31 October 2026 at noon unless said otherwise.</summary>
public sealed class PlantFiguresTests : IAsyncLifetime
{
    private const string Page = "plants/leon-tannery";
    private static readonly Actor Ana = new("ana", "Ana Ruiz");
    private static readonly DateOnly First = new(2026, 10, 1);
    private static readonly DateTimeOffset Noon = new(2026, 10, 31, 18, 0, 0, TimeSpan.Zero);

    private readonly PlantFixture plant = new();

    private Plant Known => Board(Noon).Register.FindPlant(PlantFixture.Plant)!;

    public Task InitializeAsync() => plant.InitializeAsync();

    public Task DisposeAsync() => plant.DisposeAsync();

    [Fact]
    public void A_month_is_held_against_the_mean_of_the_same_weekday_where_no_model_is_known()
    {
        ResourceCard card = Card(Resource.Electricity, Noon);
        double[] before = Daily("mains.active-energy-import", First.AddDays(-56), 56);
        double[] month = Daily("mains.active-energy-import", First, 30);
        double expected = 0;
        double spread = 0;
        double squares = 0;
        int degrees = 0;
        for (int weekday = 0; weekday < 7; weekday++)
        {
            double[] same = [.. before.Where((value, day) => day % 7 == weekday && double.IsFinite(value))];
            int days = month.Where((_, day) => day % 7 == weekday).Count();
            expected += days * same.Average();
            spread += days + ((double)days * days / same.Length);
            squares += same.Sum(value => Math.Pow(value - same.Average(), 2));
            degrees += same.Length - 1;
        }

        Assert.Null(card.Model);
        Assert.Equal((30, 30), (card.Month.Days, card.Month.PossibleDays));
        Assert.Equal(month.Sum(), card.Month.Use, 6);
        Assert.Equal(expected, card.Month.Expected, 6);
        Assert.Equal(1, card.Month.HalfWidth / (StudentT.TwoSidedQuantile(0.9, degrees) * Math.Sqrt(squares / degrees * spread)), 0.002);
        Assert.Equal(28, card.Daily.Count);
        Assert.Equal(month[2..], card.Daily);
    }

    [Fact]
    public async Task A_month_is_held_against_the_model_of_the_project_that_meters_the_resource()
    {
        PlantFixture measured = new() { First = new(2024, 11, 20), Clock = new(Noon) };
        await measured.InitializeAsync();
        try
        {
            ProjectBoard board = measured.Services.GetRequiredService<ProjectBoard>();
            ProjectResult result = board.ResultOf(board.Register.Find(SampleProjects.Accepted)!);
            ResourceCard card = new CardBoard(board).Of(board.Register.FindPlant(PlantFixture.Plant)!, measured.Records.Snapshot)[(int)Resource.Electricity];
            ProjectDay[] days = [.. result.Days.Where(day => day.Day >= First && day.Day <= new DateOnly(2026, 10, 30) && day.Counts)];
            Assert.Equal(SampleProjects.Accepted, card.Model?.Id);
            Assert.Equal((days.Length, 30), (card.Month.Days, card.Month.PossibleDays));
            Assert.InRange(days.Length, 20, 30);
            Assert.Equal(days.Sum(day => day.Use), card.Month.Use, 6);
            Assert.Equal(days.Sum(day => day.Baseline), card.Month.Expected, 6);
            MonthRow month = result.Months.Single(row => (row.Year, row.Month) == (2026, 10)); // with the 31st, so its interval is a little wider
            Assert.InRange(card.Month.HalfWidth / month.HalfWidth, 0.9, 1.1);
            Assert.Equal(0.17, 1 - (card.Month.Use / card.Month.Expected), 0.05);
            ProjectDay last = days[^1];
            Assert.Equal(last.Baseline, card.Expectation[last.Day.DayNumber - card.ChartFirst.DayNumber], 6);
            using HttpClient client = await measured.SignedInAsync(AccountRole.Operator);
            string page = System.Net.WebUtility.HtmlDecode(await client.GetStringAsync("/es/" + Page));
            Assert.Contains($"{CardWords.ByModel.In(Language.Spanish)}: <a href=\"/es/projects/{SampleProjects.Accepted}\">", page, StringComparison.Ordinal);
        }
        finally
        {
            await measured.DisposeAsync();
        }
    }

    [Fact]
    public void Today_is_held_against_the_same_hours_of_the_same_weekday()
    {
        ResourceCard card = Card(Resource.Electricity, new DateTimeOffset(2026, 11, 2, 5, 30, 0, TimeSpan.Zero)); // Sunday 23:30
        Assert.Equal(new DateTimeOffset(2026, 11, 2, 5, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds(), card.TodayUntilUtcMilliseconds);
        Assert.Equal(Since(new(2026, 11, 1), 23), card.Today.Use, 6);
        double[] before = [.. Enumerable.Range(1, 8).Select(week => Since(new DateOnly(2026, 11, 1).AddDays(-7 * week), 23))];
        Assert.Equal(8, card.TodayWeeks);
        Assert.Equal(before.Average(), card.Today.Expected, 6);
        Assert.True(card.Today.HalfWidth > 0);
        Assert.Equal(Math.Abs(card.Today.Use - card.Today.Expected) <= card.Today.HalfWidth, card.Today.IsInside);
    }

    [Fact]
    public async Task What_is_not_known_is_said_and_never_a_zero()
    {
        // The clock of the fixture stands in the first hours of 2 November: nothing of today, and 1 November is not known to its end.
        ResourceCard card = Card(Resource.Electricity, plant.Clock.GetUtcNow());
        Assert.True(double.IsNaN(card.Today.Use));
        Assert.Equal((0, 1), (card.Month.Days, card.Month.PossibleDays));
        Assert.True(double.IsNaN(card.Month.Use));
        Assert.Null(Card(Resource.Gas, Noon).Channel);
        using HttpClient client = await plant.SignedInAsync(AccountRole.Operator);
        string page = await client.GetStringAsync("/es/" + Page);
        Assert.Contains("sin dato", page, StringComparison.Ordinal);
        Assert.Contains("Sin medidor", page, StringComparison.Ordinal);
        Assert.DoesNotContain("0\u00A0kWh<", page, StringComparison.Ordinal);
        Assert.Contains("no data", await client.GetStringAsync("/en/" + Page), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Resource.Electricity, "mains.active-energy-import")]
    [InlineData(Resource.Water, "water.supply-volume")]
    [InlineData(Resource.Gas, "gas.volume")]
    [InlineData(Resource.Effluent, "water.effluent-volume")]
    public void The_counters_of_the_simulated_plants_stand_for_their_resources_by_unit_and_name(object resource, string counter)
    {
        StoredChannel[] channels = [.. new[]
        {
            ("mains.active-energy-import", "kWh"), ("mains.reactive-energy-import", "kvarh"), ("water.supply-volume", "m3"), ("water.effluent-volume", "m3"), ("gas.volume", "Nm3"), ("hides.count", "pieces"),
        }.Select(one => new StoredChannel("g", PlantFixture.Plant, StoreGateway.Channels[0] with { Id = one.Item1, Unit = one.Item2 }, 1, 0, 0))];
        Assert.Equal(counter, Assert.Single(ResourceMeters.Of(channels, Known, (Resource)resource, [], RegisterSnapshot.Empty)).Channel.Id);
    }

    [Fact]
    public void A_meter_of_the_register_says_what_a_counter_stands_for()
    {
        Add(Plant(null), Meter("m", MeterMedium.Effluent), At("m", "water.volume"));
        Assert.Null(Card(Resource.Water, Noon).Channel);
        Assert.Equal("water.volume", Card(Resource.Effluent, Noon).Channel!.Channel.Id);
    }

    [Fact]
    public void The_lines_of_a_month_add_up_to_its_cost_and_its_periods_to_its_energy()
    {
        Assert.Null(Cost(Noon));
        Add(Plant(null), Rates());
        MonthCost cost = Cost(Noon)!;
        Assert.Equal((First, new DateOnly(2026, 10, 30), 30, 30, false), (cost.Month, cost.Through, cost.Days, cost.PossibleDays, cost.IsCarried));
        Assert.Equal(cost.Lines.Sum(line => line.Amount ?? 0), cost.Total);
        Assert.All(cost.Lines, line => Assert.Equal(line.Rate is { } rate ? decimal.Round(rate * line.Quantity, 2, MidpointRounding.AwayFromZero) : null, line.Amount));
        CostLine[] energy = [.. cost.Lines.Take(3)];
        Assert.Equal(Daily("mains.active-energy-import", First, 30).Sum(), (double)energy.Sum(line => line.Quantity), 6);
        Assert.Equal(Punta(), (double)energy[2].Quantity, 6);
        Assert.Null(cost.Lines.Single(line => line.Name == CostWords.GridOperator).Amount); // a charge without a rate is not zero
        Assert.NotEqual(0, cost.Lines.Single(line => line.Name == CostWords.Capacity).Amount);
    }

    [Fact]
    public void A_day_with_a_gap_is_left_out_of_the_cost_and_rates_of_an_earlier_month_are_told()
    {
        Add(Plant(null), Rates() with { Month = new(2026, 9, 1), Tariff = ElectricityTariff.Gdmto, Energy = 1.5m });
        MonthCost cost = Cost(plant.Clock.GetUtcNow())!;
        Assert.True(cost.IsCarried);
        Assert.Equal((0, 1), (cost.Days, cost.PossibleDays));
    }

    [Fact]
    public async Task Without_rates_the_page_says_what_to_enter_and_with_them_it_shows_the_sum()
    {
        PlantFixture october = new() { Clock = new(Noon) };
        await october.InitializeAsync();
        try
        {
            using HttpClient client = await october.SignedInAsync(AccountRole.Reviewer, null);
            string page = await client.GetStringAsync("/es/" + Page);
            Assert.Contains("Todavía no hay tarifa", page, StringComparison.Ordinal);
            Assert.Contains("/es/register/electricity-rates/-new", page, StringComparison.Ordinal);
            _ = october.Records.Save([new(Plant(null), 0), new(Rates(), 0)], Ana, null);
            page = await client.GetStringAsync("/en/" + Page);
            Assert.Contains("Total of what has a rate", page, StringComparison.Ordinal);
            Assert.Contains("no rate", page, StringComparison.Ordinal);
        }
        finally
        {
            await october.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_month_of_which_no_day_is_known_shows_no_sum_of_nothing()
    {
        using HttpClient client = await plant.SignedInAsync(AccountRole.Reviewer, null);
        Add(Plant(null), Rates());
        string page = await client.GetStringAsync("/en/" + Page);
        Assert.Contains("no day of this month is known hour by hour", page, StringComparison.Ordinal);
        Assert.DoesNotContain("Total of what has a rate", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_discharge_is_held_against_each_kind_of_limit_and_its_load_stands_on_the_days_sampled()
    {
        // NOM-002, hexavalent chromium: 1 mg/L instant, 0.75 in a day, 0.5 in a month.
        Add(Plant(DischargeKind.Sewer), Meter("m", MeterMedium.Effluent), At("m", "water.volume"),
            Lab("a", SampleKind.Composite, 0.8m, new(2026, 10, 6)), Lab("b", SampleKind.Composite, 0.6m, new(2026, 10, 20)), Lab("c", SampleKind.Instant, 1.2m, new(2026, 10, 21)) with { Method = "NMX <b>" });
        DischargeRow row = Assert.Single(Facts(Noon).Discharge.Rows);
        double[] flow = Daily("water.volume", First, 30);
        double mean = ((0.8 * flow[5]) + (0.6 * flow[19])) / (flow[5] + flow[19]);
        Assert.Equal([Verdict.Exceeds, Verdict.Complies, Verdict.Exceeds], row.Findings.Select(finding => finding.Verdict));
        Assert.Equal(mean, row.Findings[2].High!.Value, 9);
        // The grab stands for the day from its noon on: half of that day and half of the next are covered.
        Assert.Equal(((0.8 * flow[5]) + (0.6 * flow[19]) + (1.2 * 0.5 * (flow[20] + flow[21]))) / 1000, row.Load!.Kilograms, 9);
        using HttpClient client = await plant.SignedInAsync(AccountRole.Operator);
        string page = await client.GetStringAsync("/es/" + Page);
        Assert.Contains("rebasa el límite", page, StringComparison.Ordinal);
        Assert.Contains("NMX &lt;b&gt;", page, StringComparison.Ordinal);
        Assert.Contains("sin ±: el registro no dice la clase del medidor de caudal", page, StringComparison.Ordinal);
        Assert.Contains("exceeds the limit", await client.GetStringAsync("/en/" + Page), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_discharges_load_carries_the_flow_meters_class_and_the_laboratorys_uncertainty_in_quadrature()
    {
        // Class 2 of the meter: 2 / sqrt(3) % of the whole load, shared by all days. 20 % and 10 % with k = 2 of the results: 10 % and 5 % of each load, independent.
        Add(Plant(DischargeKind.Sewer), Meter("m", MeterMedium.Effluent) with { AccuracyClass = "clase 2" }, At("m", "water.volume"),
            Lab("a", SampleKind.Composite, 0.8m, new(2026, 10, 6)) with { UncertaintyPercent = 20m }, Lab("b", SampleKind.Composite, 0.6m, new(2026, 10, 20)) with { UncertaintyPercent = 10m });
        double[] flow = Daily("water.volume", First, 30);
        double first = 0.8 * flow[5] / 1000;
        double second = 0.6 * flow[19] / 1000;
        double expected = Math.Sqrt(Math.Pow(0.02 / Math.Sqrt(3) * (first + second), 2) + Math.Pow(0.1 * first, 2) + Math.Pow(0.05 * second, 2));
        Assert.Equal(expected, Assert.Single(Facts(Noon).Discharge.Rows).Load!.StandardUncertaintyKilograms!.Value, 9);
        using HttpClient client = await plant.SignedInAsync(AccountRole.Operator);
        string page = await client.GetStringAsync("/es/" + Page);
        Assert.DoesNotContain("sin ±", page, StringComparison.Ordinal);
        Assert.Matches("[0-9].±.[0-9.]+.kg", System.Net.WebUtility.HtmlDecode(page));
    }

    [Fact]
    public async Task A_gateway_says_where_its_chain_stands_and_that_its_key_was_revoked()
    {
        GatewayHealth health = Assert.Single(GatewayHealth.Of(plant.Store, Known));
        Assert.Equal((ClockState.Synchronised, "sample/1", 0, 0L), (health.Clock, health.Software, health.Waiting, health.Quarantined));
        Assert.Equal(plant.Store.Head(PlantFixture.Plant, 1).Through, health.Through);
        Assert.Empty(health.Faults());
        using StoreGateway second = new("second") { Clock = ClockState.Unknown };
        plant.Store.Enrol(second.Enrolment with { Plant = PlantFixture.Plant });
        Assert.Equal([HealthWords.NothingYet], GatewayHealth.Of(plant.Store, Known)[1].Faults());
        long start = plant.Clock.GetUtcNow().AddMinutes(-60).ToUnixTimeMilliseconds();
        _ = await StoreGateway.AppendAsync(plant.Store, second.Next([StoreGateway.Good(start, 5)]));
        (byte[] bytes, _) = second.Build(3, new string('a', 64), [StoreGateway.Good(start + 60_000, 6)]);
        Assert.Equal(AppendOutcome.Early, await StoreGateway.AppendAsync(plant.Store, bytes));
        using HttpClient client = await plant.SignedInAsync(AccountRole.Operator);
        string page = await client.GetStringAsync("/es/" + Page);
        Assert.Contains("Lotes que esperan al 2, que no ha llegado: 1.", page, StringComparison.Ordinal);
        plant.Store.Revoke("second", 1, plant.Clock.GetUtcNow(), "perdida <b>");
        plant.Clock.Advance(PlantFacts.Rest);
        page = await client.GetStringAsync("/es/" + Page);
        Assert.Contains("Llave revocada desde el 2026-11-02: perdida &lt;b&gt;", page, StringComparison.Ordinal);
        Assert.Contains("Su reloj no está sincronizado", page, StringComparison.Ordinal);
    }

    private static PlantRecord Plant(DischargeKind? discharge) => new()
    {
        Id = PlantFixture.Plant, NameSpanish = "Curtiduría", NameEnglish = "Tannery", Sector = "tannery", State = "Guanajuato", Zone = "America/Mexico_City", IsSimulated = true, Discharge = discharge,
    };

    private static MeterRecord Meter(string id, MeterMedium medium) => new() { Id = id, Serial = id, Plant = PlantFixture.Plant, Model = "Marca", Medium = medium };

    private static MeterInstallation At(string meter, string channel) => new()
    {
        Id = "at-" + meter, Meter = meter, Plant = PlantFixture.Plant, Place = "Descarga", Ratio = 1, From = new(2026, 1, 1), Gateway = PlantFixture.Plant, Channel = channel,
    };

    private static ElectricityRates Rates() => new()
    {
        Id = "r", Plant = PlantFixture.Plant, Tariff = ElectricityTariff.Gdmth, Division = "Bajío", Month = First, Base = 0.8123m, Intermedia = 1.4567m, Punta = 1.6789m,
        Transmission = 0.1743m, Capacity = 401.78m, Distribution = 98.5m, Supplier = 640.25m, Source = "Recibo",
    };

    private static LabResult Lab(string id, SampleKind sample, decimal value, DateOnly day) => new()
    {
        Id = id, Plant = PlantFixture.Plant, Parameter = "Cr (VI)", SampledOn = day, Sample = sample, Value = new(value, "mg/L"), IsBelowLimit = false, Method = "NMX", Laboratory = "Lab",
    };

    private void Add(params IProgrammeRecord[] records) => plant.Records.Save([.. records.Select(record => new RecordChange(record, 0))], Ana, null);

    private ProjectBoard Board(DateTimeOffset now) => new(plant.Services.GetRequiredService<ProjectSource>(), plant.Store, new ManualTimeProvider(now));

    private PlantFigures Facts(DateTimeOffset now) => new PlantFacts(Board(now), plant.Records).Of(Known);

    private ResourceCard Card(Resource resource, DateTimeOffset now) => Facts(now).Cards[(int)resource];

    private MonthCost? Cost(DateTimeOffset now) => Facts(now).Cost;

    private double[] Daily(string channel, DateOnly first, int days) => DailyUse.Of(plant.Store, plant.Store.FindChannel(PlantFixture.Plant, channel)!, Known.Zone, first, days).Values;

    // The difference of the register itself, from midnight on; it is read on every hour.
    private double Since(DateOnly day, int hours) => Register(day, hours) - Register(day, 0);

    private double Register(DateOnly day, int hour)
    {
        long at = PlantCalendar.StartOfDay(day, Known.Zone) + (hour * 3_600_000L);
        ReadingColumns one = plant.Store.Read(PlantFixture.Plant, "mains.active-energy-import", at, at + 1);
        return one.Channel.ToDouble(Assert.Single(one.ScaledValues));
    }

    // The hours of the national grid written down by hand: summer until the Saturday before the last Sunday of October.
    private double Punta()
    {
        double sum = 0;
        for (DateOnly day = First; day <= new DateOnly(2026, 10, 30); day = day.AddDays(1))
        {
            bool isWinter = day >= new DateOnly(2026, 10, 25);
            (int from, int to) = day.DayOfWeek switch
            {
                DayOfWeek.Sunday => (0, 0),
                DayOfWeek.Saturday => isWinter ? (19, 21) : (0, 0),
                _ => isWinter ? (18, 22) : (20, 22),
            };
            sum += Register(day, to) - Register(day, from);
        }

        return sum;
    }
}
