using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.RegularExpressions;
using Metering.Cloud.Demo;
using Metering.Cloud.Hosting;
using Metering.Cloud.Projects;
using Metering.Programme.Accounts;
using Metering.Programme.Kinds;
using Metering.Programme.Lifecycle;
using Metering.Programme.Records;
using Metering.Programme.Storage;
using Metering.Readings;
using Metering.Readings.Texts;
using Metering.Store;
using Metering.Store.Sqlite;
using Metering.Tests.Pages;
using Metering.Tests.Programme;
using Metering.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Metering.EndToEnd.Tests.Browser.Walks;

/// <summary>
/// What the walks of all people share: mosquitto, a simulated field of three plants, and the cloud with all its roles over a store in which three further
/// plants have two years. One of the simulated plants has its gateway from the beginning; those of the two others wait for an installer.
/// </summary>
internal sealed partial class WalkHost : IAsyncDisposable
{
    /// <summary>The simulated plant whose gateway runs from the beginning, with a project of the simulator's own.</summary>
    public const string RunningPlant = "queretaro-hospital";

    /// <summary>Plant of the consultants' projects.</summary>
    public const string MeasuredPlant = "leon-tannery";

    /// <summary>The project of that plant.</summary>
    public const string RunningProject = "pml-004";

    private const int HistoryDays = 90;
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(20);
    private static readonly string[] SimulatedPlants = [RunningPlant, InstalledPlant(Language.Spanish), InstalledPlant(Language.English)];

    private readonly TemporaryFolder root = new(inMemory: true);
    private readonly DemoFolder folder;
    private readonly List<Child> gateways = [];
    private Broker? broker;
    private Child? field;
    private RunningCloud? cloud;
    private string control = "";

    private WalkHost() => folder = DemoFolder.Create(new() { Once = true, Keep = root.Combine("walk"), Seed = 0, From = null, Until = null, Texts = new(spanish: false) });

    /// <summary>Where the pages answer.</summary>
    public Uri Address => cloud!.Address;

    /// <summary>The register.</summary>
    public RecordStore Register => cloud!.Services.GetRequiredService<RecordStore>();

    private ProjectBoard Board => cloud!.Services.GetRequiredService<ProjectBoard>();

    /// <summary>The plant whose gateway an installer enrols.</summary>
    public static string InstalledPlant(Language language) => language == Language.Spanish ? "silao-automotive" : "salamanca-chemical";

    /// <summary>A plant with two years of readings that stands in no register yet.</summary>
    public static string CompanyPlant(Language language) => "plant-" + language.Code();

    /// <summary>The project that a consultant works on.</summary>
    public static string ConsultantProject(Language language) => "bombas-" + language.Code();

    /// <summary>Starts everything.</summary>
    public static async Task<WalkHost> StartAsync()
    {
        WalkHost host = new();
        try
        {
            Task filling = Task.Run(host.FillStoreAsync);
            Dictionary<string, string> users = new(StringComparer.Ordinal) { [Broker.CloudUser] = Path.Combine(host.folder.CloudState, "broker.password") };
            foreach (string plant in SimulatedPlants)
            {
                _ = Directory.CreateDirectory(host.folder.Gateway(plant));
                users[plant] = Path.Combine(host.folder.Gateway(plant), "broker.password");
            }

            host.broker = await Broker.StartAsync(host.folder.BrokerState, host.folder.Logs, users, CancellationToken.None);
            await host.StartFieldAsync();
            await filling;
            await host.StartCloudAsync();
            host.StartHistory();
            return host;
        }
        catch
        {
            await host.DisposeAsync();
            throw;
        }
    }

    /// <summary>An address at which a new person with a role chooses a password, as the invitation gives it.</summary>
    public async Task<string> InviteAsync(string person, AccountRole role, Language language, string? plant = null, string? project = null)
    {
        await using AsyncServiceScope scope = cloud!.Services.CreateAsyncScope();
        (Account account, string token) = await scope.ServiceProvider.GetRequiredService<AccountDesk>().InviteAsync(Actor.System, new($"{person}-{language.Code()}", NameOf(person, language), language), "walk");
        _ = scope.ServiceProvider.GetRequiredService<GrantDesk>().Give(Actor.System, new() { AccountId = account.Id, Role = role, Plant = plant, Project = project }, "walk");
        return $"/{language.Code()}/invite?token={Uri.EscapeDataString(token)}";
    }

    /// <summary>What pages call a person of a walk.</summary>
    public static string NameOf(string person, Language language) => $"Persona {person} {language.Code()}";

    /// <summary>What pages call a plant.</summary>
    public string PlantName(string plant, Language language) => Board.Register.FindPlant(plant)!.Name.In(language);

    /// <summary>What pages call a project.</summary>
    public string ProjectTitle(string project, Language language) => (Board.Register.Find(project)?.Title ?? Board.Register.FindDraft(project)!.Title).In(language);

    /// <summary>What an installer types at the gateway: a code from the cloud, the gateway's own enrolment with it, and its start.</summary>
    public async Task InstallGatewayAsync(string plant)
    {
        string config = Path.Combine(folder.Gateway(plant), "gateway.yaml");
        string text = await File.ReadAllTextAsync(config);
        await File.WriteAllTextAsync(config, Interval().Replace(text, "interval: 1s").Replace("maximumAge: 15s", "maximumAge: 1s", StringComparison.Ordinal));
        string code = (await Programs.RunOwnAsync("Metering.Cloud", "gateways", "code", "--config", folder.CloudConfig, "--gateway", plant, "--plant", plant)).Expect(0).Output.Split('\n')[0];
        Answer enrolled = (await Programs.RunOwnAsync("Metering.Gateway", "enrol", "--config", config, "--code", code)).Expect(0);
        Assert.Contains(plant, enrolled.Output, StringComparison.Ordinal);
        gateways.Add(Child.StartOwn("gateway-" + plant, folder.Logs, "Metering.Gateway", ["run", "--config", config]));
        IReadingStore store = cloud!.Services.GetRequiredService<IReadingStore>();
        long start = Stopwatch.GetTimestamp();
        while (!store.Channels().Any(channel => channel.Gateway == plant))
        {
            Assert.True(Stopwatch.GetElapsedTime(start) < Deadline, $"nothing of {plant} was stored; its gateway said: {gateways[^1].LastLines()}");
            await Task.Delay(BetweenLooks, TimeProvider.System);
        }
    }

    /// <summary>Waits until the gateway that runs from the beginning has sent its whole history.</summary>
    public async Task HistorySentAsync()
    {
        JsonElement done = await gateways[0].Done.WaitAsync(Deadline);
        Assert.Equal(done.GetProperty("batches").GetInt64(), done.GetProperty("acked").GetInt64());
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        gateways.ForEach(gateway => gateway.Dispose());
        try
        {
            if (cloud is not null)
            {
                await cloud.DisposeAsync();
            }
        }
        finally
        {
            field?.Dispose();
            broker?.Dispose();
            root.Dispose();
        }
    }

    private async Task FillStoreAsync()
    {
        using ECDsa key = SigningKey.Create(Path.Combine(folder.CloudState, "cloud.pem"));
        using SqliteStore store = SqliteStore.Open(Path.Combine(folder.CloudState, "metering.db"), TimeProvider.System);
        foreach (string plant in SimulatedPlants)
        {
            using ECDsa gateway = SigningKey.Create(Path.Combine(Directory.CreateDirectory(folder.Gateway(plant)).FullName, "gateway.pem"));
            await File.WriteAllTextAsync(Path.Combine(folder.Gateway(plant), "cloud.pub.pem"), SigningKey.PublicPem(key));
            if (plant == RunningPlant)
            {
                store.Enrol(new(plant, 1, plant, SigningKey.PublicPem(gateway)));
            }
        }

        await new SamplePlant(MeasuredPlant, 1) { PowerAddedInMay = 12 }.FillAsync(store);
        await new SamplePlant(CompanyPlant(Language.Spanish), 5).FillAsync(store);
        await new SamplePlant(CompanyPlant(Language.English), 6).FillAsync(store);
        RecordStore register = new(ProgrammeDatabase.Open(StoreLocation.AtFile(Path.Combine(folder.CloudState, "programme.db"))), TimeProvider.System);
        IProgrammeRecord[] records =
        [
            .. BajioPreset.Records(new(TimeProvider.System.GetUtcNow().Year, 1, 1)),
            ProgrammeFixture.Plant(MeasuredPlant) with { NameSpanish = "Curtiduría León 1 (simulada)", NameEnglish = "León tannery 1 (simulated)", IsSimulated = true },
            .. Languages.All.Select(language => new ProjectRecord
            {
                Id = ConsultantProject(language),
                Plant = MeasuredPlant,
                TitleSpanish = "Variadores en bombas " + language.Code(),
                TitleEnglish = "Drives on pumps " + language.Code(),
                MeasureSpanish = "Variadores de velocidad y apagado en pausas.",
                MeasureEnglish = "Variable-speed drives, switched off in breaks.",
                Resource = ProjectResource.Electricity,
            }),
        ];
        _ = register.Save([.. records.Select(record => new RecordChange(record, 0))], ProgrammeFixture.Ana, null);
    }

    private async Task StartFieldAsync()
    {
        DateOnly until = DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().AddHours(-6).Date);
        field = Child.StartOwn(
            "field", folder.Logs, "Metering.FirmwareSim",
            [
                "run", "--plants", string.Join(',', SimulatedPlants), "--tcp-only", "--out", folder.Field, "--broker", Invariant($"127.0.0.1:{broker!.Port}"),
                "--from", Invariant($"{until.AddDays(-HistoryDays):yyyy-MM-dd}"), "--until", Invariant($"{until:yyyy-MM-dd}"),
            ]);
        control = (await field.Ready.WaitAsync(Deadline)).GetProperty("control").GetString()!;
    }

    private async Task StartCloudAsync()
    {
        await File.WriteAllTextAsync(folder.CloudConfig, Invariant($$"""
            name: metering-cloud
            keyFile: cloud.pem
            store: metering.db
            projectsFile: ../field/projects.yaml
            broker: { host: 127.0.0.1, port: {{broker!.Port}}, userName: {{Broker.CloudUser}}, passwordFile: broker.password }
            web: { address: 127.0.0.1, port: 0 }

            """));
        cloud = await RunningCloud.StartAsync(CloudConfigReader.Read(folder.CloudConfig, isForRun: true), CloudRole.All, hasDemoRoles: false);
    }

    private void StartHistory()
    {
        using JsonDocument truth = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder.Field, "truth.json")));
        gateways.Add(Child.StartOwn(
            "gateway-" + RunningPlant, folder.Logs, "Metering.Gateway",
            [
                "run", "--config", Path.Combine(folder.Gateway(RunningPlant), "gateway.yaml"), "--virtual-clock", control, "--plant", RunningPlant,
                "--from", truth.RootElement.GetProperty("from").GetString()!, "--until", truth.RootElement.GetProperty("until").GetString()!,
            ]));
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    [GeneratedRegex(@"interval: \w+")]
    private static partial Regex Interval();
}
