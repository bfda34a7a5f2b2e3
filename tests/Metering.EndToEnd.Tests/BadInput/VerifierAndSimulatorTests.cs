using System.Diagnostics;
using System.IO.Compression;
using System.Text.Json;
using Metering.Tests.Support;
using Xunit;

namespace Metering.EndToEnd.Tests.BadInput;

public sealed class VerifierAndSimulatorTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("metering-test-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(65, "not-an-archive", "not a readable ZIP file", "text.zip")]
    [InlineData(65, "not-an-archive", "the archive is empty", "empty.zip")]
    [InlineData(65, "not-an-archive", "'../../etc/passwd' does not belong into a batch archive", "traversal.zip", "../../etc/passwd")]
    [InlineData(65, "not-an-archive", "is there twice", "twice.zip", "batches/g/1-0000000001.mtr", "batches/g/1-0000000001.mtr")]
    [InlineData(74, "not-found", "none.zip does not exist. Check the path", "none.zip")]
    [InlineData(74, "unreadable", ". is a folder. Name the file in it", ".")]
    public async Task A_file_that_is_no_archive_is_no_verdict_but_one_json_object(int exitCode, string kind, string words, string name, params string[] entries)
    {
        await File.WriteAllTextAsync(Path.Combine(_folder, "text.zip"), "this is no archive");
        if (name is not ("text.zip" or "none.zip" or "."))
        {
            using ZipArchive zip = ZipFile.Open(Path.Combine(_folder, name), ZipArchiveMode.Create);
            foreach (string entry in entries)
            {
                using Stream stream = zip.CreateEntry(entry).Open();
                stream.WriteByte(1);
            }
        }

        Said said = (await Executable.RunAsync(Executable.Verifier, _folder, name, "--json")).Expect(exitCode, words);
        JsonElement error = said.Json().GetProperty("error");
        Assert.Equal(kind, error.GetProperty("kind").GetString());
        Assert.Contains(words, error.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Executable.Gateway)]
    [InlineData(Executable.Cloud)]
    [InlineData(Executable.Simulator)]
    [InlineData(Executable.Verifier)]
    public async Task Every_program_has_help_and_a_version_and_refuses_an_unknown_option(string project)
    {
        Said version = await Executable.RunAsync(project, _folder, "--version");
        Assert.Matches("^[0-9]+[.][0-9]+[.][0-9]+\\S*\n$", version.Expect(0).Output);
        _ = (await Executable.RunAsync(project, _folder, "--help")).Expect(0, "sage:");
        Said unknown = (await Executable.RunAsync(project, _folder, "--nonsense")).Expect(64, "--nonsense");
        Assert.Equal("", unknown.Output);
    }

    [Theory]
    [InlineData(64, "there is no simulated plant 'nosuch'; known: leon-tannery", "run", "--plants", "nosuch")]
    [InlineData(64, "--from must be a day, such as 2024-11-20", "run", "--from", "yesterday")]
    [InlineData(64, "'abc' for option '--seed': write a whole number.", "run", "--seed", "abc")]
    [InlineData(64, "must be 20 to 3700 days", "run", "--from", "2090-01-01")]
    [InlineData(74, "cannot be read", "replay", "--csv", "data.csv", "--map", "none.yaml")]
    [InlineData(78, "map.yaml(1,1): 'name' is missing", "replay", "--csv", "data.csv", "--map", "map.yaml")]
    public async Task The_simulator_explains_what_it_cannot_serve(int exitCode, string words, params string[] arguments)
    {
        await File.WriteAllTextAsync(Path.Combine(_folder, "map.yaml"), "plant: x\n");
        await File.WriteAllTextAsync(Path.Combine(_folder, "data.csv"), "a,b\n2024-01-01,1\n");
        Said said = await Executable.RunAsync(Executable.Simulator, _folder, [.. arguments, "--out", "out", "--broker", "127.0.0.1:1883"]);
        Assert.Equal("", said.Expect(exitCode, words).Output);
    }

    [Fact]
    public async Task The_simulator_names_an_output_folder_it_cannot_write() =>
        _ = (await Executable.RunAsync(Executable.Simulator, _folder, "run", "--out", "/proc/metering", "--broker", "127.0.0.1:1883"))
            .Expect(73, "'/proc/metering' cannot be written", "Choose another with --out");

    [Theory]
    [InlineData(64, "there is no verb 'nonsense'", "nonsense", false)]
    [InlineData(0, "usage: ./metering demo", "--help", false)]
    [InlineData(0, "usage: ./metering demo", "help", false)]
    [InlineData(69, "the .NET 10 SDK is not on the path", "gateway", true)]
    public async Task The_launcher_explains_itself(int exitCode, string words, string verb, bool isWithoutDotnet)
    {
        // A path that holds what a bare system has, and no dotnet.
        string path = Directory.CreateDirectory(Path.Combine(_folder, "bin")).FullName;
        foreach (string tool in new[] { "sh", "dirname", "basename", "find", "mkdir", "touch" })
        {
            string found = Array.Find(["/usr/bin/" + tool, "/bin/" + tool], File.Exists) ?? throw new InvalidOperationException($"{tool} is not installed");
            _ = File.CreateSymbolicLink(Path.Combine(path, tool), found);
        }

        ProcessStartInfo start = new("/bin/sh", [Repository.Path("metering"), verb]) { UseShellExecute = false, RedirectStandardError = true, RedirectStandardOutput = true };
        if (isWithoutDotnet)
        {
            start.Environment["PATH"] = path;
        }

        using Process process = Process.Start(start)!;
        using CancellationTokenSource deadline = new(TimeSpan.FromSeconds(30));
        try
        {
            Task<string> output = process.StandardOutput.ReadToEndAsync(deadline.Token);
            string error = await process.StandardError.ReadToEndAsync(deadline.Token);
            await process.WaitForExitAsync(deadline.Token);
            _ = new Said("metering " + verb, process.ExitCode, await output, error).Expect(exitCode, words);
        }
        finally
        {
            Executable.End(process);
        }
    }
}
