using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Metering.Tests.Support;
using Xunit;

namespace Metering.EndToEnd.Tests.BadInput;

public sealed class CloudInputTests
{
    private const string Config = """
        name: metering-cloud
        keyFile: cloud.pem
        store: metering.db
        projectsFile: projects.yaml
        broker: { host: 127.0.0.1, port: 1 }
        web: { address: 127.0.0.1, port: 0 }
        """;

    private const string Projects = """
        plants:
          - { id: leon, name: { es: "León (simulada)", en: "León (simulated)" }, sector: tannery, state: Guanajuato, zone: America/Mexico_City, simulated: true }
        projects:
          - id: pml-001
            plant: leon
            title: { es: "A", en: "A" }
            measure: { es: "A", en: "A" }
            resource: electricity
            use: { gateway: leon, channel: mains.active-energy-import }
            drivers:
              - { id: workday, calendar: workday }
            step: 1d
            baseline: 2024-11-20..2025-09-30
            installation: 2025-10-01..2025-10-31
            reporting: 2025-11-01..2026-10-31
            confidence: 90
        """;

    [Theory]
    [InlineData(78, "keyFile:", "keyFil:", "keyFil: unknown key, did you mean 'keyFile'?")]
    [InlineData(78, "name: metering-cloud", "name: metering-cloud\nname: other", "cloud.yaml(2,1): name: is there twice, keep one")]
    [InlineData(78, "address: 127.0.0.1", "address: 0.0.0.0", "for readers of other machines set")]
    [InlineData(78, "port: 0", "port: 70000", "must be a whole number from 0 to 65535")]
    [InlineData(78, "metering.db", "text.txt", "text.txt is not a Metering store")]
    [InlineData(73, "metering.db", "/tmp", "the store /tmp is a folder. Name a file in 'store:'")]
    [InlineData(73, "metering.db", "/proc/metering.db", "Does its directory exist, and may this user write in it?")]
    [InlineData(78, "cloud.pem", "none.pem", "make a key with 'cloud key --out FILE'")]
    [InlineData(78, "cloud.pem", "cloud.pem.pub", "holds only a public key")]
    [InlineData(78, "projects.yaml", "none.yaml", "give the file with plants and projects")]
    public async Task A_faulty_configuration_is_explained(int exitCode, string sound, string spoilt, string words)
    {
        using GatewayFolder folder = Folder(Config.Replace(sound, spoilt, StringComparison.Ordinal), Projects);
        Said said = await Executable.RunAsync(Executable.Cloud, folder.Path, "run", "--config", "cloud.yaml");
        Assert.Equal("", said.Expect(exitCode, words).Output);
    }

    [Theory]
    [InlineData("plant: leon", "plant: lion", "plant 'lion' is not among 'plants'")]
    [InlineData("2025-09-30", "2025-09-31", "projects.yaml(13,15): 'baseline' must be two days in order")]
    [InlineData("2025-09-30", "2025-12-30", "the installation must begin after the last day of the baseline")]
    [InlineData("measure:", "mesure:", "unknown key 'mesure'")]
    public async Task A_faulty_projects_file_is_explained_with_its_place(string sound, string spoilt, string words)
    {
        using GatewayFolder folder = Folder(Config, Projects.Replace(sound, spoilt, StringComparison.Ordinal));
        _ = (await Executable.RunAsync(Executable.Cloud, folder.Path, "run", "--config", "cloud.yaml")).Expect(78, words, "projects.yaml(");
    }

    [Fact]
    public async Task A_taken_web_port_is_told_in_one_sentence()
    {
        using TcpListener other = new(IPAddress.Loopback, 0);
        other.Start();
        int port = ((IPEndPoint)other.LocalEndpoint).Port;
        using GatewayFolder folder = Folder(Config.Replace("port: 0", FormattableString.Invariant($"port: {port}"), StringComparison.Ordinal), Projects);
        Said said = await Executable.RunAsync(Executable.Cloud, folder.Path, "run", "--config", "cloud.yaml", "--role", "web");
        Assert.Equal("", said.Expect(69, FormattableString.Invariant($"port {port} on 127.0.0.1 is taken by another program")).Output);
    }

    [Fact]
    public async Task The_cloud_starts_without_a_broker_and_answers_an_unknown_project_with_a_page()
    {
        using GatewayFolder folder = Folder(Config, Projects);
        (Process process, string line) = await Executable.StartAsync(Executable.Cloud, folder.Path, "run", "--config", "cloud.yaml");
        using (process)
        {
            try
            {
                using JsonDocument ready = JsonDocument.Parse(line);
                Assert.Equal("disconnected", ready.RootElement.GetProperty("broker").GetString());
                using HttpClient client = new() { BaseAddress = new Uri(ready.RootElement.GetProperty("web").GetString()!), Timeout = TimeSpan.FromSeconds(30) };
                using HttpResponseMessage answer = await client.GetAsync("/en/nosuch");
                Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
                Assert.Contains("We did not find this page", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
                Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync("/api/nosuch")).StatusCode);
            }
            finally
            {
                Executable.End(process);
            }
        }
    }

    [Theory]
    [InlineData(64, "--id 'Bad Id' is no identifier", "--id", "Bad Id", "--key", "gateway.pem.pub")]
    [InlineData(65, "no P-256 key in PEM form. Give the .pub file", "--id", "g", "--key", "text.txt")]
    [InlineData(74, "none.pem cannot be read", "--id", "g", "--key", "none.pem")]
    [InlineData(64, "--epoch counts keys from 1", "--id", "g", "--key", "gateway.pem.pub", "--epoch", "0")]
    [InlineData(64, "write a whole number", "--id", "g", "--key", "gateway.pem.pub", "--epoch", "one")]
    public async Task An_enrolment_that_makes_no_sense_is_refused(int exitCode, string words, params string[] arguments)
    {
        using GatewayFolder folder = Folder(Config, Projects);
        Said said = await Executable.RunAsync(Executable.Cloud, folder.Path, ["gateways", "enrol", "--config", "cloud.yaml", "--plant", "leon", .. arguments]);
        Assert.Equal("", said.Expect(exitCode, words).Output);
    }

    [Theory]
    [InlineData(73, "is not empty. Name a new or empty folder with --keep", "demo", "--once", "--keep", ".")]
    [InlineData(64, "--from yesterday: expected a day, such as 2024-11-20", "demo", "--once", "--from", "yesterday")]
    [InlineData(64, "--from must lie before --until", "demo", "--once", "--from", "2026-01-01", "--until", "2025-01-01")]
    [InlineData(78, "none.yaml: there is no such file, give the right file with --config", "status", "--config", "none.yaml")]
    [InlineData(65, "gateway nosuch is not enrolled", "export", "batches", "--config", "cloud.yaml", "--gateway", "nosuch", "--out", "x.zip")]
    public async Task A_wrong_command_is_explained(int exitCode, string words, params string[] arguments)
    {
        using GatewayFolder folder = Folder(Config, Projects);
        _ = (await Executable.RunAsync(Executable.Cloud, folder.Path, arguments)).Expect(exitCode, words);
    }

    [NeedsFact("mosquitto")]
    public async Task A_broker_that_refuses_the_login_ends_the_cloud_and_not_the_gateway()
    {
        using GatewayFolder folder = Folder(Config, Projects);
        int port;
        using (TcpListener free = new(IPAddress.Loopback, 0))
        {
            free.Start();
            port = ((IPEndPoint)free.LocalEndpoint).Port;
        }

        string text = FormattableString.Invariant($"port: {port}");
        folder.Write("broker.conf", FormattableString.Invariant($"listener {port} 127.0.0.1\nallow_anonymous false\n"));
        folder.Write("cloud.yaml", Config.Replace("port: 1 ", text + " ", StringComparison.Ordinal));
        folder.Spoil("port: 1, userName", text + ", userName");
        using Process broker = Process.Start(new ProcessStartInfo("mosquitto", ["-c", folder.At("broker.conf")]) { UseShellExecute = false, RedirectStandardError = true })!;
        try
        {
            using CancellationTokenSource deadline = new(TimeSpan.FromSeconds(30));
            while (await broker.StandardError.ReadLineAsync(deadline.Token) is string line && !line.Contains("running", StringComparison.Ordinal))
            {
            }

            _ = (await Executable.RunAsync(Executable.Cloud, folder.Path, "run", "--config", "cloud.yaml"))
                .Expect(77, "refuses a login without user name", "Check broker.userName and broker.passwordFile");
            _ = (await Executable.RunAsync(Executable.Gateway, folder.Path, "refuses this gateway", ["run", "--config", "gateway.yaml"]))
                .Expect(0, "Check broker.userName and broker.passwordFile", "Polling goes on, nothing is lost");
        }
        finally
        {
            Executable.End(broker);
        }
    }

    private static GatewayFolder Folder(string config, string projects)
    {
        GatewayFolder folder = new();
        folder.Write("cloud.yaml", config);
        folder.Write("projects.yaml", projects);
        folder.Write("text.txt", "this is neither a key nor a store, and it is longer than the header of one would be\n");
        return folder;
    }
}
