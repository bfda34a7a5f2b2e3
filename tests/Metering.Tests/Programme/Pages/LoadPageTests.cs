using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Metering.Cloud.ProgrammePages;
using Metering.Programme.Accounts;
using Metering.Programme.Kinds;
using Metering.Programme.Records;
using Metering.Tests.Pages;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Metering.Tests.Programme.Pages;

/// <summary>The COD load of a verified effluent project, from its lab results and metered volume to portfolio, logframe and report.</summary>
public sealed class LoadPageTests : IAsyncLifetime
{
    private const string Effluent = "pml-100";
    private const string Report = "/api/v1/portfolio/report.json?kind=annual&period=2026";
    private readonly PortalFixture portal = new();
    private PageReader staff = null!;

    private RecordStore Register => portal.App.Services.GetRequiredService<RecordStore>();

    public async Task InitializeAsync()
    {
        await portal.InitializeAsync();
        SampleRegister.Fill(Register);
        ProjectRecord water = Register.Snapshot.Find<ProjectRecord>(SampleProjects.Water)!;
        Add(
            water with { Id = Effluent, Resource = ProjectResource.Effluent },
            new SelectionDecision { Id = "d-100", Project = Effluent, DecidedOn = new(2026, 1, 3), Decision = SelectionOutcome.Selected, Committee = "Comité", Reasons = "Razones" },
            new Metering.Programme.Kinds.Contract { Id = "k-100", Project = Effluent, Consultant = "c", SignedOn = new(2026, 1, 4), Fee = new(8000m, "USD"), CompanyShare = new(4000m, "USD") },
            new BaselineFreeze { Id = "f-100", Project = Effluent, FrozenOn = new(2026, 1, 5), ModelHash = new string('a', 64), Model = "m" },
            new Measure { Id = "m-100", Title = "Recuperar sal", Project = Effluent, Resource = SavedResource.Effluent, Status = MeasureStatus.Implemented, ImplementedOn = new(2026, 1, 6) },
            new ReviewSignature { Id = "a-100", Project = Effluent, Role = SignatureRole.Author, PersonId = "ana", Person = "Ana", SignedOn = new(2026, 1, 7), ResultHash = "h", IsApproved = true },
            new ReviewSignature { Id = "r-100", Project = Effluent, Role = SignatureRole.Reviewer, PersonId = "luis", Person = "Luis", SignedOn = new(2026, 1, 7), ResultHash = "h", IsApproved = true },
            new LogframeIndicator { Id = "i-100", Programme = "bajio", Name = "DQO evitada", Level = LogframeLevel.Purpose, Definition = "x", Query = LogframeQuery.LoadAvoided });
        SampleRegister.Walk(Register, Effluent);
        staff = await PageReader.SignedInAsync(portal.App, AccountRole.Reviewer);
    }

    public async Task DisposeAsync()
    {
        staff.Dispose();
        await portal.DisposeAsync();
    }

    [Fact]
    public async Task Lab_results_and_volume_make_a_verified_load_on_the_portfolio_in_the_logframe_and_in_the_report()
    {
        // Without samples: a dash and the reason, in both languages, and never a zero.
        string empty = await staff.GetAsync("/es/programme/portfolio");
        Assert.Contains("menos de tres muestras compuestas en la línea base", Row(empty, Effluent), StringComparison.Ordinal);
        Assert.Contains("fewer than three composite samples in the baseline", Row(await staff.GetAsync("/en/programme/portfolio"), Effluent), StringComparison.Ordinal);
        Assert.DoesNotContain("±", Row(empty, "Carga de DQO"), StringComparison.Ordinal);
        Assert.DoesNotContain("0 kg", Row(empty, "Carga de DQO"), StringComparison.Ordinal);
        Assert.Null(LoadOf(await staff.GetAsync(Report)));
        Assert.Null(FigureOf().Value);

        Add([.. Samples("before", new(2025, 4, 7), "DQO", 520, 600, 690, 570), .. Samples("after", new(2026, 2, 2), "cod", 210, 240, 190)]);
        string page = await staff.GetAsync("/es/programme/portfolio");
        Assert.Contains("verificada", Row(page, Effluent), StringComparison.Ordinal);
        Assert.Contains("±", Row(page, "Carga de DQO"), StringComparison.Ordinal);
        Assert.Contains("1 de 1 proyecto", Row(page, "Carga de DQO"), StringComparison.Ordinal);
        Assert.Contains("mean COD of the baseline", await staff.GetAsync("/en/programme/portfolio"), StringComparison.Ordinal);

        Assert.Contains("clase no registrada", Row(page, Effluent), StringComparison.Ordinal);
        ProjectRecord project = Register.Snapshot.Find<ProjectRecord>(Effluent)!;
        Add(
            new Metering.Programme.Kinds.MeterRecord { Id = "flow", Serial = "F-1", Plant = project.Plant, Model = "Marca", Medium = MeterMedium.Effluent, AccuracyClass = "clase 2" },
            new MeterInstallation { Id = "flow-1", Meter = "flow", Plant = project.Plant, Place = "Descarga", Ratio = 1, From = new(2024, 1, 1), Gateway = project.Gateway, Channel = project.Channel });
        Assert.Contains("2.0", Row(await staff.GetAsync("/es/programme/portfolio"), Effluent), StringComparison.Ordinal); // the class, and ± with it

        double expected = Expected(new(2026, 1, 1), new(2026, 12, 31));
        Assert.Equal(expected, LoadOf(await staff.GetAsync(Report))!.Value, 0.5);
        LogframeFigure figure = FigureOf();
        Assert.Equal(expected, figure.Value!.Value, 0.5);
        Assert.Equal(("kg", Effluent), (figure.Unit, Assert.Single(figure.Parts).Entry.Project));
        Assert.Contains(Effluent, await staff.GetAsync("/en/programme/logframe?row=i-100&year=bajio-1"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Grab_samples_and_other_parameters_make_no_load_and_two_outlets_of_a_plant_neither()
    {
        Add([.. Samples("before", new(2025, 4, 7), "SST", 520, 600, 690), .. Samples("after", new(2026, 2, 2), "DQO", 210, 240, 190)]);
        Add([.. Samples("grab", new(2025, 4, 7), "DQO", 520, 600, 690).Select(one => ((LabResult)one) with { Sample = SampleKind.Instant })]);
        Assert.Contains("fewer than three composite samples in the baseline", Row(await staff.GetAsync("/en/programme/portfolio"), Effluent), StringComparison.Ordinal);

        ProjectRecord first = Register.Snapshot.Find<ProjectRecord>(Effluent)!;
        Add([first with { Id = "pml-101", Channel = "water.second" }, .. Samples("more", new(2025, 4, 7), "DQO", 520, 600, 690)]);
        Assert.Contains("several discharges", Row(await staff.GetAsync("/en/programme/portfolio"), Effluent), StringComparison.Ordinal);
    }

    // Not by the code under test: weighted means of the sampled days, from the days of the result.
    private double Expected(DateOnly first, DateOnly last)
    {
        ProjectResult result = portal.Board.ResultOf(portal.Board.Register.Find(Effluent)!);
        Dictionary<DateOnly, double> volumes = result.MeasuredDays.Where(day => double.IsFinite(day.Use)).ToDictionary(day => day.Day, day => day.Use);
        double Mean(DateOnly from, double[] values) => values.Select((value, index) => value * volumes[from.AddDays(index)]).Sum() / values.Select((_, index) => volumes[from.AddDays(index)]).Sum();
        double before = Mean(new(2025, 4, 7), [520, 600, 690, 570]) * result.MeasuredDays.Where(day => day.Phase == DayPhase.Baseline && double.IsFinite(day.Use)).Average(day => day.Use);
        double[] part = [.. result.MeasuredDays.Where(day => day.Phase == DayPhase.Reporting && double.IsFinite(day.Use) && day.Day >= first && day.Day <= last).Select(day => day.Use)];
        return ((before * part.Length) - (Mean(new(2026, 2, 2), [210, 240, 190]) * part.Sum())) / 1000;
    }

    private LogframeFigure FigureOf()
    {
        ProgrammeRequest request = ProgrammeRequest.OfReport(Register, portal.Board, new());
        return LogframePage.FigureOf(request, Register.Snapshot.Find<LogframeIndicator>("i-100")!, new(2026, 1, 1), new(2026, 12, 31))!;
    }

    private static double? LoadOf(string json)
    {
        using JsonDocument report = JsonDocument.Parse(json);
        JsonElement section = report.RootElement.GetProperty("sections").EnumerateArray().Single(one => one.GetProperty("id").GetString() == "cod-load");
        JsonElement total = section.GetProperty("table").GetProperty("rows").EnumerateArray().Last()[6];
        return total.ValueKind == JsonValueKind.Object && total.TryGetProperty("number", out JsonElement number) ? number.GetDouble() : null;
    }

    // The first row of the page whose first cell says this.
    private static string Row(string page, string head) =>
        Regex.Matches(page, "<tr>[\\s\\S]*?</tr>").Select(match => match.Value).First(row => Regex.Match(row, "<t[hd][\\s\\S]*?</t[hd]>").Value.Contains(head, StringComparison.Ordinal) && !row.Contains("<thead", StringComparison.Ordinal));

    private static IEnumerable<IProgrammeRecord> Samples(string id, DateOnly first, string parameter, params double[] milligrams) => milligrams.Select((value, index) => new LabResult
    {
        Id = string.Create(CultureInfo.InvariantCulture, $"{id}-{index}"),
        Plant = "leon-tannery",
        Parameter = parameter,
        SampledOn = first.AddDays(index),
        Sample = SampleKind.Composite,
        Value = new((decimal)value, "mg/L"),
        IsBelowLimit = false,
        Method = "NMX-AA-030/2",
        Laboratory = "Laboratorio de prueba",
    });

    private void Add(params IProgrammeRecord[] records) => _ = Register.Save([.. records.Select(record => new RecordChange(record, 0))], ProgrammeFixture.Ana, null);
}
