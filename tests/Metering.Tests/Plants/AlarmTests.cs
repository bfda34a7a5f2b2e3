using System.Net;
using Metering.Cloud.Plants;
using Metering.Cloud.Projects;
using Metering.Programme.Accounts;
using Metering.Programme.Kinds;
using Metering.Programme.Records;
using Metering.Readings;
using Metering.Store;
using Metering.Tests.Store;
using Microsoft.Extensions.DependencyInjection;
using Xunit;
using MeterRecord = Metering.Programme.Kinds.MeterRecord;

namespace Metering.Tests.Plants;

public sealed class AlarmTests : IAsyncLifetime
{
    private const string Page = "/es/plants/leon-tannery/alarms";
    private static readonly Actor Ana = new("ana", "Ana Ruiz");

    private readonly PlantFixture plant = new();

    private Plant Known => plant.Services.GetRequiredService<ProjectBoard>().Register.FindPlant(PlantFixture.Plant)!;

    private IReadOnlyList<Alarm> Alarms => plant.Services.GetRequiredService<AlarmBoard>().Of(Known);

    public Task InitializeAsync() => plant.InitializeAsync();

    public Task DisposeAsync() => plant.DisposeAsync();

    [Fact]
    public void A_gateway_is_silent_after_three_intervals_of_its_newest_channel_and_not_before()
    {
        Assert.Empty(Alarms);
        plant.Clock.Advance(TimeSpan.FromMinutes(30));
        Alarm alarm = Assert.Single(Alarms);
        Assert.Equal((AlarmKind.GatewaySilent, "leon-tannery"), (alarm.Kind, alarm.Subject));
        Assert.Equal(new DateTimeOffset(2026, 11, 2, 5, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds(), alarm.SinceUtcMilliseconds);
        Assert.Contains("desde hace 3 h", alarm.What.In(Language.Spanish), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_meter_that_falls_silent_is_told_while_its_gateway_goes_on()
    {
        using StoreGateway gateway = new("second");
        plant.Store.Enrol(gateway.Enrolment with { Plant = PlantFixture.Plant });
        long start = plant.Clock.GetUtcNow().AddMinutes(-60).ToUnixTimeMilliseconds();
        List<Reading> readings = [];
        for (int minute = 0; minute <= 60; minute++)
        {
            readings.Add(StoreGateway.Good(start + (minute * 60_000L), minute));
            if (minute <= 20)
            {
                readings.Add(StoreGateway.Good(start + (minute * 60_000L), 200, 1));
            }
        }

        Assert.Equal(AppendOutcome.Stored, await StoreGateway.AppendAsync(plant.Store, gateway.Next(readings.ToArray())));
        Alarm alarm = Assert.Single(Alarms);
        Assert.Equal((AlarmKind.ChannelSilent, StoreGateway.Channels[1].Id, start + 1_200_000), (alarm.Kind, alarm.Subject, alarm.SinceUtcMilliseconds));
    }

    [Fact]
    public void A_result_outside_the_limit_of_its_kind_of_sample_raises_an_alarm_until_one_complies()
    {
        // NOM-002: hexavalent chromium 1 mg/L instant, 0.75 daily; a composite of 0.8 is outside, a grab of 0.8 is not.
        Add(Plant(DischargeKind.Sewer), Lab("a", SampleKind.Instant, 0.8m), Lab("b", SampleKind.Composite, 0.8m), Lab("c", SampleKind.Composite, 9m, "Sin límite"));
        Alarm alarm = Assert.Single(Alarms);
        Assert.Equal(AlarmKind.LimitExceeded, alarm.Kind);
        Assert.Contains("0.8 mg/L in the sample of 20\u00A0Oct\u00A02026; the daily limit is 0.75 mg/L", alarm.What.In(Language.English), StringComparison.Ordinal);
        Add(Lab("d", SampleKind.Composite, 0.75m) with { SampledOn = new(2026, 10, 27) });
        Assert.Empty(Alarms);
    }

    [Fact]
    public void Below_the_limit_of_detection_nothing_is_outside_and_without_a_known_discharge_nothing_is_judged()
    {
        Add(Plant(DischargeKind.Sewer), Lab("a", SampleKind.Composite, 5m) with { IsBelowLimit = true });
        Assert.Empty(Alarms);
        Assert.Empty(DischargeCheck.Of(Lab("a", SampleKind.Composite, 5m), null));
        Assert.True(Assert.Single(DischargeCheck.Of(Lab("p", SampleKind.Instant, 4.9m, "pH", "pH"), DischargeKind.Sewer), check => check.IsOutside).Limit.Id.Contains("ph-min", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(2026, 12, 10, null)]
    [InlineData(2026, 11, 20, nameof(AlarmKind.CalibrationDue))]
    [InlineData(2026, 11, 2, nameof(AlarmKind.CalibrationDue))]
    [InlineData(2026, 11, 1, nameof(AlarmKind.CalibrationOverdue))]
    public void A_calibration_is_told_thirty_days_ahead_and_is_overdue_on_the_day_after(int year, int month, int day, string? kind)
    {
        Add(Plant(null), new MeterRecord { Id = "m", Serial = "77", Plant = PlantFixture.Plant, Model = "Marca <b>", Medium = MeterMedium.Electricity, CalibrationDueOn = new(year, month, day) });
        Assert.Equal(kind is null ? [] : [kind], Alarms.Select(alarm => alarm.Kind.ToString()));
    }

    [Fact]
    public async Task A_channel_that_loses_readings_is_told_and_stays_the_same_alarm_on_the_next_day()
    {
        using StoreGateway gateway = new("second");
        plant.Store.Enrol(gateway.Enrolment with { Plant = PlantFixture.Plant });
        DateTimeOffset midnight = new(2026, 11, 2, 6, 0, 0, TimeSpan.Zero);
        List<Reading> readings = [];
        for (int hour = -36 * 24; hour <= 1; hour++)
        {
            long at = midnight.AddHours(hour).ToUnixTimeMilliseconds();
            bool isLost = hour >= -7 * 24 && (hour + (7 * 24)) % 24 < 6; // a quarter of each of the last seven days
            readings.Add(isLost ? Reading.Missing(at, 0, QualityReason.Timeout) : StoreGateway.Good(at, hour + 10_000));
        }

        Assert.Equal(AppendOutcome.Stored, await StoreGateway.AppendAsync(plant.Store, gateway.Next(readings.ToArray())));
        Alarm alarm = Assert.Single(Alarms);
        Assert.Equal((AlarmKind.CoverageFalling, StoreGateway.Energy), (alarm.Kind, alarm.Subject));
        Assert.Contains("75 % of its readings usable", alarm.What.In(Language.English).Replace('\u00A0', ' '), StringComparison.Ordinal);
        Assert.Contains("antes daba 100", alarm.What.In(Language.Spanish), StringComparison.Ordinal);
        Assert.EndsWith($"#channel-second.{StoreGateway.Energy}", Assert.Single(alarm.Places).Address, StringComparison.Ordinal);
        plant.Clock.Advance(TimeSpan.FromDays(1));
        _ = await StoreGateway.AppendAsync(plant.Store, gateway.Next([.. Enumerable.Range(2, 24).Select(hour => StoreGateway.Good(midnight.AddHours(hour).ToUnixTimeMilliseconds(), hour + 10_000))]));
        Assert.Equal(alarm.Key, Assert.Single(Alarms, one => one.Kind == AlarmKind.CoverageFalling).Key);
    }

    [Fact]
    public async Task A_meter_is_told_when_those_it_feeds_count_more_than_itself_or_another_share_than_before()
    {
        using StoreGateway gateway = new("second");
        plant.Store.Enrol(gateway.Enrolment with { Plant = PlantFixture.Plant });
        Channel[] channels = [.. Enumerable.Range(0, 3).Select(index => StoreGateway.Channels[0] with { Id = $"m{index}.energy", Meter = $"m{index}" })];
        DateTimeOffset midnight = new(2026, 11, 2, 6, 0, 0, TimeSpan.Zero);
        List<Reading> readings = [];
        long[] registers = [1000, 1000, 1000];
        for (int hour = -36 * 24; hour <= 1; hour++)
        {
            for (int channel = 0; channel < registers.Length; channel++)
            {
                readings.Add(StoreGateway.Good(midnight.AddHours(hour).ToUnixTimeMilliseconds(), registers[channel], channel));
            }

            registers[0] += 100;
            registers[1] += 50;
            registers[2] += hour >= -7 * 24 ? 20 : 30; // 80 % before, 70 % in the last seven days
        }

        _ = await StoreGateway.AppendAsync(plant.Store, gateway.Next(readings.ToArray(), channels));
        Add(Plant(null), Meter("m0", null), Meter("m1", "m0"), Meter("m2", "m0"), At("m0"), At("m1"), At("m2"));
        Alarm alarm = Assert.Single(Alarms);
        Assert.Equal((AlarmKind.Drift, "m0"), (alarm.Kind, alarm.Subject));
        Assert.Contains("80.0\u00A0%", alarm.What.In(Language.Spanish), StringComparison.Ordinal);
        Assert.Contains("70.0\u00A0%", alarm.What.In(Language.Spanish), StringComparison.Ordinal);
        using HttpClient staff = await plant.SignedInAsync(AccountRole.Reviewer, null);
        using HttpClient operators = await plant.SignedInAsync(AccountRole.Operator);
        Assert.Contains("href=\"/es/register/meter/m0\"", await staff.GetStringAsync(Page), StringComparison.Ordinal);
        string own = await operators.GetStringAsync(Page);
        Assert.DoesNotContain("/register/meter/m0", own, StringComparison.Ordinal); // who may not go there is not sent there
        Assert.Contains("#channel-second.m0.energy", own, StringComparison.Ordinal);

        // m1 fed by m2: m2 alone feeds less than m1 counts.
        plant.Records.Save([new(Meter("m1", "m2"), 1)], Ana, "corrección");
        Assert.Contains(Alarms, one => one is { Kind: AlarmKind.Drift, Subject: "m2" } && one.What.In(Language.Spanish).Contains("no pueden ser más que el todo", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("m0", "m0")]
    [InlineData("m0", "m2")]
    public void A_meter_never_feeds_itself_however_long_the_way(string meter, string above)
    {
        Add(Plant(null), Meter("m0", null), Meter("m1", "m0"), Meter("m2", "m1"));
        RecordFaultsException refused = Assert.Throws<RecordFaultsException>(() => plant.Records.Save([new(Meter(meter, above), 1)], Ana, "prueba"));
        Assert.Contains("a sí mismo", Assert.Single(refused.Faults).Message.In(Language.Spanish), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_alarm_is_acknowledged_with_a_reason_and_stays_until_the_data_end_it()
    {
        plant.Clock.Advance(TimeSpan.FromMinutes(30));
        using HttpClient client = await plant.SignedInAsync(AccountRole.Operator);
        string key = Assert.Single(Alarms).Key;
        (HttpStatusCode status, string page) = await PlantFixture.SendAsync(client, Page, Page + "/acknowledge", ("alarm", key), ("reason", " "));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, status);
        Assert.Contains("Falta el motivo", page, StringComparison.Ordinal);
        (status, _) = await PlantFixture.SendAsync(client, Page, Page + "/acknowledge", ("alarm", key), ("reason", "Corte de <luz> programado"));
        Assert.Equal(HttpStatusCode.Redirect, status);
        Assert.Contains("Atendida por Persona de prueba: Corte de &lt;luz&gt; programado", await client.GetStringAsync(Page), StringComparison.Ordinal);
        Assert.Equal("Persona de prueba", Assert.Single(Alarms).AcknowledgedBy);
        (status, _) = await PlantFixture.SendAsync(client, "/es/plants/leon-tannery/entries", Page + "/acknowledge", ("alarm", "GatewaySilent other"), ("reason", "x"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, status);
    }

    [Fact]
    public async Task Staff_see_all_plants_and_an_operator_his_own()
    {
        using HttpClient staff = await plant.SignedInAsync(AccountRole.Reviewer, null);
        using HttpClient operators = await plant.SignedInAsync(AccountRole.Operator);
        string all = await staff.GetStringAsync("/en/alarms");
        Assert.Contains("Silao auto parts", all, StringComparison.Ordinal);
        Assert.Contains("León tannery 1", all, StringComparison.Ordinal);
        Assert.DoesNotContain("Silao auto parts", await operators.GetStringAsync("/en/alarms"), StringComparison.Ordinal);
    }

    private static PlantRecord Plant(DischargeKind? discharge) => new()
    {
        Id = PlantFixture.Plant, NameSpanish = "Curtiduría", NameEnglish = "Tannery", Sector = "tannery", State = "Guanajuato", Zone = "America/Mexico_City", IsSimulated = true, Discharge = discharge,
    };

    private static MeterRecord Meter(string id, string? above) => new() { Id = id, Serial = id, Plant = PlantFixture.Plant, Model = "Marca", Medium = MeterMedium.Electricity, FedBy = above };

    private static MeterInstallation At(string meter) => new()
    {
        Id = "at-" + meter, Meter = meter, Plant = PlantFixture.Plant, Place = "Tablero", Ratio = 1, From = new(2026, 1, 1), Gateway = "second", Channel = meter + ".energy",
    };

    private static LabResult Lab(string id, SampleKind sample, decimal value, string parameter = "Cr (VI)", string unit = "mg/L") => new()
    {
        Id = id, Plant = PlantFixture.Plant, Parameter = parameter, SampledOn = new(2026, 10, 20), Sample = sample, Value = new(value, unit), IsBelowLimit = false, Method = "NMX", Laboratory = "Lab",
    };

    private void Add(params IProgrammeRecord[] records) => plant.Records.Save([.. records.Select(record => new RecordChange(record, 0))], Ana, null);
}
