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

    private static LabResult Lab(string id, SampleKind sample, decimal value, string parameter = "Cr (VI)", string unit = "mg/L") => new()
    {
        Id = id, Plant = PlantFixture.Plant, Parameter = parameter, SampledOn = new(2026, 10, 20), Sample = sample, Value = new(value, unit), IsBelowLimit = false, Method = "NMX", Laboratory = "Lab",
    };

    private void Add(params IProgrammeRecord[] records) => plant.Records.Save([.. records.Select(record => new RecordChange(record, 0))], Ana, null);
}
