using System.Diagnostics;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Metering.Cloud.Hosting;
using Metering.Readings;
using Metering.Store.Sqlite;
using Metering.Tests.CloudHost;
using Metering.Tests.Pages;
using Metering.Tests.Support;
using Xunit;

namespace Metering.Tests.Bundles;

#pragma warning disable CA1001 // DisposeAsync of IAsyncLifetime disposes it.
public sealed class EvidenceCommandTests : IAsyncLifetime
#pragma warning restore CA1001
{
    private readonly CloudFolder _folder = new("projectsFile: projects.yaml\nweb: { port: 0 }");

    public async Task InitializeAsync()
    {
        await File.WriteAllTextAsync(_folder.At("projects.yaml"), SampleProjects.Yaml());
        using SqliteStore store = SqliteStore.Open(_folder.At("metering.db"), TimeProvider.System);
        await new SamplePlant("leon-tannery", 1).FillAsync(store);
    }

    public Task DisposeAsync()
    {
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        _folder.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task The_command_writes_a_bundle_that_the_verifier_finds_in_order_and_an_altered_one_not()
    {
        (int exitCode, string output, string error) = await MakeAsync("pml-001", "@a.mevb");
        Assert.True(exitCode == ExitCode.Ok, error);
        Assert.Contains("readings, log metering-cloud with", output, StringComparison.Ordinal);
        (exitCode, output, _) = _folder.Verify("@a.mevb", "--trust", "@cloud.pem.pub");
        Assert.True(exitCode == 0, output);
        byte[] bytes = await File.ReadAllBytesAsync(_folder.At("a.mevb"));
        bytes[bytes.Length / 2] ^= 1;
        await File.WriteAllBytesAsync(_folder.At("b.mevb"), bytes);
        (exitCode, _, _) = _folder.Verify("@b.mevb");
        Assert.Equal(3, exitCode);
    }

    [Theory]
    [InlineData("nothing", "@a.mevb", ExitCode.Data, "There is no measured project 'nothing'.")]
    [InlineData("pml-001", "@no/such/folder/a.mevb", ExitCode.CannotCreate, "Does the directory exist")]
    public async Task What_cannot_be_made_is_said_and_leaves_no_file(string project, string file, int code, string words)
    {
        (int exitCode, _, string error) = await MakeAsync(project, file);
        Assert.Equal(code, exitCode);
        Assert.Contains(words, error, StringComparison.Ordinal);
        Assert.DoesNotContain(Directory.GetFiles(_folder.Path), name => name.Contains(".mevb", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_bundle_that_was_there_stays_when_another_cannot_be_made()
    {
        await File.WriteAllTextAsync(_folder.At("a.mevb"), "old");
        (int exitCode, _, _) = await MakeAsync("nothing", "@a.mevb");
        Assert.Equal(ExitCode.Data, exitCode);
        Assert.Equal("old", await File.ReadAllTextAsync(_folder.At("a.mevb")));
    }

    [NeedsFact("openssl", "perl", "awk")]
    public async Task The_commands_of_the_readme_in_a_bundle_check_it_without_our_programs()
    {
        (int exitCode, _, string error) = await MakeAsync("pml-001", "@a.mevb");
        Assert.True(exitCode == ExitCode.Ok, error);
        string bundle = _folder.At("bundle");
        await ZipFile.ExtractToDirectoryAsync(_folder.At("a.mevb"), bundle);
        string readMe = await File.ReadAllTextAsync(Path.Combine(bundle, "README.txt"));
        string[] signature = ["head -n 4 log/checkpoint.note > text", "tail -n 1 log/checkpoint.note | awk '{print $3}' | base64 -d | tail -c +5 > signature", "openssl dgst -sha256 -verify keys/log.pem -signature signature text"];
        Assert.All(signature, command => Assert.Contains(command, readMe, StringComparison.Ordinal));
        Assert.Contains("Verified OK", await ShellAsync(bundle, string.Join("; ", signature)), StringComparison.Ordinal);

        using JsonDocument about = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(bundle, "bundle.json")));
        using JsonDocument result = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(bundle, "result.json")));
        string[] hashes = [.. (await ShellAsync(bundle, "sha256sum report.en.html code.json sbom.cdx.json result.json")).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line[..64])];
        string report = await File.ReadAllTextAsync(Path.Combine(bundle, "bodies", about.RootElement.GetProperty("reports").GetProperty("en").GetRawText()));
        Assert.Contains(hashes[0], report, StringComparison.Ordinal);
        Assert.Equal((hashes[1], hashes[2]), (result.RootElement.GetProperty("code").GetProperty("sha256").GetString(), result.RootElement.GetProperty("sbom").GetString()));
        string[] entries = await File.ReadAllLinesAsync(Path.Combine(bundle, "log", "entries.txt"));
        Assert.EndsWith(hashes[3], entries.Single(line => line.StartsWith(about.RootElement.GetProperty("result").GetRawText() + " ", StringComparison.Ordinal)), StringComparison.Ordinal);

        string plan = result.RootElement.GetProperty("plan").GetRawText();
        const string body = "(head -n 1 bodies/N | perl -pe 's/[-\\s]//g; $_ = pack(\"H*\", $_)'; tail -n +2 bodies/N) | sha256sum";
        Assert.Contains(body, readMe, StringComparison.Ordinal);
        string hash = (await ShellAsync(bundle, body.Replace("/N", "/" + plan, StringComparison.Ordinal)))[..64];
        Assert.EndsWith(hash, entries.Single(line => line.StartsWith(plan + " ", StringComparison.Ordinal)), StringComparison.Ordinal);
    }

    private async Task<(int ExitCode, string Output, string Error)> MakeAsync(string project, string file)
    {
        if (!File.Exists(_folder.At("cloud.pem.pub")))
        {
            using System.Security.Cryptography.ECDsa key = SigningKey.Load(_folder.At("cloud.pem"));
            await File.WriteAllTextAsync(_folder.At("cloud.pem.pub"), SigningKey.PublicPem(key));
        }

        return await _folder.RunAsync("evidence", "--config", "@cloud.yaml", "--project", project, "--out", file, "--lang", "en");
    }

    private static async Task<string> ShellAsync(string folder, string command)
    {
        using Process shell = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", command]) { WorkingDirectory = folder, UseShellExecute = false, RedirectStandardOutput = true, StandardOutputEncoding = Encoding.UTF8 })!;
        string output = await shell.StandardOutput.ReadToEndAsync();
        await shell.WaitForExitAsync();
        return output;
    }
}
