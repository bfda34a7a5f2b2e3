using Metering.Cloud.Hosting;
using Metering.Programme.Kinds;
using Metering.Programme.Records;
using Metering.Programme.Storage;
using Metering.Tests.CloudHost;
using Metering.Tests.Pages;
using Metering.Tests.Programme;
using Microsoft.Data.Sqlite;
using Xunit;

namespace Metering.Tests.Workflow;

public sealed class ProgrammeImportTests : IDisposable
{
    private readonly CloudFolder folder = new("projectsFile: projects.yaml\nprogramme: register.db");

    public ProgrammeImportTests() => File.WriteAllText(folder.At("projects.yaml"), SampleProjects.Yaml());

    private RecordStore Register => new(ProgrammeDatabase.Open(folder.Config.Programme), TimeProvider.System);

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        folder.Dispose();
    }

    [Fact]
    public void The_register_stands_beside_the_store_unless_the_configuration_says_otherwise()
    {
        Assert.Equal(folder.At("register.db"), folder.Config.Programme.File);
        using CloudFolder plain = new();
        Assert.Equal(plain.At("programme.db"), plain.Config.Programme.File);
    }

    [Fact]
    public async Task A_dry_run_says_what_it_would_do_and_stores_nothing_and_the_import_does_it_once()
    {
        (int exitCode, string planned, string talk) = await folder.RunAsync("programme", "import", "--config", "@cloud.yaml", "--dry-run", "--lang", "en");
        Assert.Equal((0, 5 + 6 + 16), (exitCode, planned.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length));
        Assert.Contains("nothing was stored: 27 would be added", talk, StringComparison.Ordinal);
        Assert.Empty(Register.Snapshot.All<PlantRecord>());
        (exitCode, string done, _) = await folder.RunAsync("programme", "import", "--config", "@cloud.yaml", "--lang", "es");
        Assert.Equal((0, planned), (exitCode, done));
        Assert.Equal(6, Register.Snapshot.All<ProjectRecord>().Count);
        (exitCode, string again, talk) = await folder.RunAsync("programme", "import", "--config", "@cloud.yaml", "--lang", "es");
        Assert.Equal(0, exitCode);
        Assert.All(again.Split('\n', StringSplitOptions.RemoveEmptyEntries), line => Assert.StartsWith("same\t", line, StringComparison.Ordinal));
        Assert.Contains("0 se agregan al registro, 27 ya están", talk, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_people_changed_in_the_register_is_never_overwritten()
    {
        _ = await folder.RunAsync("programme", "import", "--config", "@cloud.yaml");
        RecordStore register = Register;
        PlantRecord plant = register.Snapshot.Find<PlantRecord>("silao-auto")!;
        _ = register.Save([new(plant with { State = "Querétaro" }, 1)], ProgrammeFixture.Ana, "moved");
        (int exitCode, string output, _) = await folder.RunAsync("programme", "import", "--config", "@cloud.yaml");
        Assert.Equal(0, exitCode);
        Assert.Contains("kept\tplant\tsilao-auto\t", output, StringComparison.Ordinal);
        Assert.Equal("Querétaro", Register.Snapshot.Find<PlantRecord>("silao-auto")!.State);
    }

    [Fact]
    public async Task What_the_register_refuses_is_told_with_its_line_and_nothing_at_all_is_stored()
    {
        string[] lines = (await File.ReadAllTextAsync(folder.At("projects.yaml"))).Split('\n');
        int line = Array.FindIndex(lines, one => one.Contains("id: salamanca-chem", StringComparison.Ordinal));
        lines[line] = lines[line].Replace("Química Salamanca", new string('q', 250), StringComparison.Ordinal);
        await File.WriteAllLinesAsync(folder.At("projects.yaml"), lines);
        foreach (string mode in (string[])["--dry-run", "--json"])
        {
            (int exitCode, string output, string error) = await folder.RunAsync("programme", "import", "--config", "@cloud.yaml", "--lang", "en", mode);
            Assert.Equal((ExitCode.Data, ""), (exitCode, output));
            Assert.Contains($"projects.yaml({line + 1},1): plant/salamanca-chem nameSpanish:", error, StringComparison.Ordinal);
        }

        Assert.Empty(Register.Snapshot.All<PlantRecord>());
        await File.WriteAllTextAsync(folder.At("bad.yaml"), "plants:\n  - { id: UPPER }\nprojects: []\n");
        (int code, _, string fault) = await folder.RunAsync("programme", "import", "--config", "@cloud.yaml", "--file", "@bad.yaml");
        Assert.Equal(ExitCode.Configuration, code);
        Assert.Contains("bad.yaml(2,", fault, StringComparison.Ordinal);
    }
}
