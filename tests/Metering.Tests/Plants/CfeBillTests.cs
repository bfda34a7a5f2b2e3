using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using Metering.Cloud.Entries;
using Metering.Cloud.Evidence;
using Metering.Cloud.Plants;
using Metering.Programme.Accounts;
using Metering.Programme.Kinds;
using Metering.Programme.Log;
using Metering.Programme.Storage;
using Metering.Projects.Statements;
using Metering.Store;
using Metering.Tests.Support;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Metering.Tests.Plants;

public sealed class CfeBillTests
{
    private const string Page = "/es/plants/leon-tannery/entries";

    [Fact]
    public void A_bill_with_its_addenda_says_everything_and_one_without_leaves_unknown_what_it_does_not_say()
    {
        CfeBill bill = CfeBill.Read(Xml(Addenda("20260930", "20261030")), out EntryFault? fault)!;
        Assert.Null(fault);
        Assert.Equal(("6F9619FF-8B86-D011-B42D-00CF4FC964FF", 12345.67m, "MXN", "GDMTH"), (bill.Number, bill.Total, bill.Currency, bill.Tariff));
        Assert.Equal((new DateOnly(2026, 10, 1), new DateOnly(2026, 10, 30), 1000m, 5000m, 2000m, 8000m), (bill.First, bill.Last, bill.PuntaKwh, bill.IntermediaKwh, bill.BaseKwh, bill.Kwh));
        CfeBill bare = CfeBill.Read(Xml(""), out _)!;
        Assert.Equal((null, null, null, null), (bare.First, bare.Last, bare.Kwh, bare.Tariff));
        Assert.Null(CfeBill.Read(Xml("<cfdi:Addenda><c CONSUMO1F=\"5\" CONSUMO2F=\"7\"/></cfdi:Addenda>"), out _)!.Kwh);
    }

    [Theory]
    [InlineData("31 OCT 25", "30 NOV 25", 2025, 11, 1, 2025, 11, 30)]
    [InlineData("31 dic 25", "31 ENE 2026", 2026, 1, 1, 2026, 1, 31)]
    [InlineData("28 FEB 24", "31 MAR 24", 2024, 2, 29, 2024, 3, 31)]
    public void The_days_of_readings_are_read_as_the_addenda_spells_them_and_the_first_of_them_belongs_to_the_bill_before(string from, string to, int year, int month, int day, int lastYear, int lastMonth, int lastDay)
    {
        CfeBill bill = CfeBill.Read(Xml(Addenda(from, to)), out _)!;
        Assert.Equal((new DateOnly(year, month, day), new DateOnly(lastYear, lastMonth, lastDay)), (bill.First, bill.Last));
    }

    [Theory]
    [InlineData("31 FEB 25")]
    [InlineData("0 ENE 25")]
    [InlineData("12 XYZ 25")]
    [InlineData("12 ENE 125")]
    public void A_day_that_does_not_exist_is_not_known(string day) => Assert.Null(CfeBill.Read(Xml(Addenda(day, day)), out _)!.Last);

    [Fact]
    public void The_total_of_the_file_stands_and_one_that_is_not_the_sum_of_its_periods_is_asked_for()
    {
        string Registers(int total) => $"<cfdi:Addenda><clsRegArchFact><CONSUMO_R>{total}</CONSUMO_R><CONSUMO1F>104467</CONSUMO1F><CONSUMO2F>440446</CONSUMO2F><CONSUMO3F>268822</CONSUMO3F></clsRegArchFact></cfdi:Addenda>";
        CfeBill whole = CfeBill.Read(Xml(Registers(813_735)), out _)!;
        Assert.Equal((813_735m, 104_467m, false), (whole.Kwh, whole.PuntaKwh, whole.IsContradictory));
        CfeBill apart = CfeBill.Read(Xml(Registers(999_999)), out _)!;
        Assert.Equal((null, true), (apart.Kwh, apart.IsContradictory));
    }

    [Theory]
    [InlineData("<a", "bien formado")]
    [InlineData("<!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><Comprobante Total=\"1\">&x;</Comprobante>", "bien formado")]
    [InlineData("<html/>", "no una factura")]
    [InlineData("<Comprobante Total=\"1,5\"/>", "no una factura")]
    public void What_is_no_bill_is_refused_with_what_to_do_and_no_outside_file_is_read(string text, string told)
    {
        Assert.Null(CfeBill.Read(Encoding.UTF8.GetBytes(text), out EntryFault? fault));
        Assert.Contains(told, fault!.What.In(Language.Spanish), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_bill_is_held_against_the_meter_before_it_is_stored_and_what_it_lacks_is_asked_for()
    {
        PlantFixture plant = new();
        await plant.InitializeAsync();
        try
        {
            using HttpClient client = await plant.SignedInAsync(AccountRole.Operator);
            DateOnly first = new(2026, 10, 1);
            Plant known = ((Metering.Cloud.Projects.ProjectBoard)plant.Services.GetService(typeof(Metering.Cloud.Projects.ProjectBoard))!).Register.FindPlant(PlantFixture.Plant)!;
            double metered = DailyUse.Of(plant.Store, plant.Store.FindChannel(PlantFixture.Plant, "mains.active-energy-import")!, known.Zone, first, 31).Values.Sum();
            Assert.True(metered > 1000);

            // Without its addenda the file says neither days nor energy.
            (HttpStatusCode status, string page) = await PlantFixture.UploadAsync(client, Page, Page + "/file", "bill", "recibo.xml", Xml(""));
            Assert.Equal(HttpStatusCode.OK, status);
            Assert.Contains("El archivo no trae lo que sigue", page, StringComparison.Ordinal);
            (string, string)[] hidden = PlantFixture.Hidden(page, Page + "/confirm");
            (status, page) = await PlantFixture.SendAsync(client, Page, Page + "/confirm", hidden);
            Assert.Equal(HttpStatusCode.UnprocessableEntity, status);
            Assert.Contains("no es una fecha", page, StringComparison.Ordinal);
            Assert.Empty(plant.Records.Snapshot.All<UtilityBill>());

            string billed = Math.Round(metered * 1.05).ToString(CultureInfo.InvariantCulture);
            (status, _) = await PlantFixture.SendAsync(client, Page, Page + "/confirm", [.. hidden, ("first", "2026-10-01"), ("last", "2026-10-31"), ("kwh", billed)]);
            Assert.Equal(HttpStatusCode.Redirect, status);
            UtilityBill bill = Assert.Single(plant.Records.Snapshot.All<UtilityBill>());
            Assert.Equal((12345.67m, "MXN", billed), (bill.Amount.Amount, bill.Amount.Currency, bill.Use.Amount.ToString(CultureInfo.InvariantCulture)));
            BillCheck check = BillCheck.Of(plant.Store, known, bill)!;
            Assert.Equal(100 * ((1 / 1.05) - 1), check.DifferencePercent, 0.05);
            Assert.True(check.IsApart);
            Assert.Contains("−4.8", await client.GetStringAsync(Page), StringComparison.Ordinal);
            Assert.Contains("difieren −4.8", await client.GetStringAsync("/es/plants/leon-tannery/alarms"), StringComparison.Ordinal);

            // The comparison is logged, once for each version of the bill.
            EvidenceLog log = plant.Services.GetRequiredService<EvidenceLog>();
            await plant.Services.GetRequiredService<LogFollower>().CatchUpAsync(CancellationToken.None);
            await plant.Services.GetRequiredService<LogFollower>().CatchUpAsync(CancellationToken.None);
            LoggedEntry entry = Assert.Single(log.WithSubject("reconciliation/leon-tannery"));
            RecordStatement statement = RecordStatement.Read(entry.Body!.Value.Span);
            using JsonDocument compared = JsonDocument.Parse(statement.After!);
            Assert.Equal((bill.Id, 1, "kWh", false), (statement.Id, statement.Version, compared.RootElement.GetProperty("unit").GetString(), compared.RootElement.GetProperty("within").GetBoolean()));
            Assert.Equal(check.DifferencePercent, compared.RootElement.GetProperty("differencePercent").GetDouble());
            Assert.Equal(BillCheck.TolerancePercent, compared.RootElement.GetProperty("tolerancePercent").GetDouble());

            CompareFromTheGap(plant);

            // A bill that reaches beyond what the meter knows is not compared.
            Assert.Null(BillCheck.Of(plant.Store, known, bill with { LastDay = new(2026, 11, 5) }));
        }
        finally
        {
            await plant.DisposeAsync();
        }
    }

    // The days of the bill came with a batch that could not be read yet when the bill was looked at; no batch comes after it.
    private static void CompareFromTheGap(PlantFixture plant)
    {
        string file = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        try
        {
            ManualTimeProvider clock = new(new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero));
            EvidenceLog log = new(ProgrammeDatabase.Open(StoreLocation.AtFile(file)), "metering-cloud", clock);
            (IReadingStore store, StoreAtItsGap gap) = StoreAtItsGap.Of(plant.Store);
            BillFollower follower = new(log, store, plant.Services.GetRequiredService<Metering.Cloud.Projects.ProjectSource>(), clock);
            follower.CatchUp(CancellationToken.None);
            Assert.Empty(log.WithSubject("reconciliation/leon-tannery"));
            gap.IsInGap = false;
            clock.Advance(BillFollower.Rest);
            follower.CatchUp(CancellationToken.None);
            Assert.Single(log.WithSubject("reconciliation/leon-tannery"));
        }
        finally
        {
            SqliteConnection.ClearAllPools();
            Array.ForEach(Directory.GetFiles(Path.GetTempPath(), Path.GetFileName(file) + "*"), File.Delete);
        }
    }

    private static string Addenda(string first, string last) =>
        $"<cfdi:Addenda><clsRegArchFact><TARIFA_REG>GDMTH</TARIFA_REG><FECDESDE>{first}</FECDESDE><FECHASTA>{last}</FECHASTA><CONSUMO1F>1000</CONSUMO1F><CONSUMO2F>5000</CONSUMO2F><CONSUMO3F>2000</CONSUMO3F><FacPot>95.1</FacPot></clsRegArchFact></cfdi:Addenda>";

    private static byte[] Xml(string more) => Encoding.UTF8.GetBytes(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?><cfdi:Comprobante xmlns:cfdi=\"http://www.sat.gob.mx/cfd/4\" Version=\"4.0\" Serie=\"A\" Folio=\"1\" Total=\"12345.67\" Moneda=\"MXN\">"
        + "<cfdi:Complemento><tfd:TimbreFiscalDigital xmlns:tfd=\"http://www.sat.gob.mx/TimbreFiscalDigital\" UUID=\"6F9619FF-8B86-D011-B42D-00CF4FC964FF\"/></cfdi:Complemento>" + more + "</cfdi:Comprobante>");
}
