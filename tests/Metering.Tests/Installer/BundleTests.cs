using System.IO.Compression;
using System.Text;
using Metering.Gateway.Bundling;
using Metering.Gateway.Commands;
using Metering.Gateway.Polling;
using Metering.Tests.Service;
using Xunit;

namespace Metering.Tests.Installer;

public sealed class BundleTests
{
    [Fact]
    public void No_secret_of_the_folder_is_in_any_text_and_each_is_named_as_removed()
    {
        string yaml = ConfigCommand.Build(new("leon-tannery", "127.0.0.1:1883", "127.0.0.1:1", null, 7, "eastron-sdm630"), Language.English, out _)! + "profilesDirectory: profiles\n";
        using InstallerFolder folder = new(yaml);
        string log = folder.Write("gateway.log", $"login with {InstallerFolder.Password}\nmqtt://user:s3cr3tpass@host:1883\n{folder.PrivatePem}\nend\n");
        SupportBundle bundle = SupportBundle.Gather(folder.Config, [log], ("doctor.txt", "doctor says " + InstallerFolder.Password));
        string all = string.Join('\n', bundle.Entries.Select(entry => entry.Name + "\n" + entry.Text));
        string[] secrets = [InstallerFolder.Password, "s3cr3tpass", .. folder.PrivatePem.Split('\n').Where(line => line.Length > 20)];
        Assert.True(secrets.Length > 5);
        Assert.All(secrets, secret => Assert.DoesNotContain(secret, all, StringComparison.Ordinal));
        Assert.Contains(bundle.Removed, removed => removed.StartsWith("passwordFile (broker.password)", StringComparison.Ordinal));
        Assert.Contains(bundle.Removed, removed => removed.StartsWith("keyFile (gateway.pem)", StringComparison.Ordinal));
        Assert.Contains(bundle.Removed, removed => removed.StartsWith("logs/gateway.log", StringComparison.Ordinal));
        Assert.Contains("end", all, StringComparison.Ordinal);
        Assert.Contains("profiles/eastron-sdm630.yaml", bundle.Entries.Select(entry => entry.Name));
        Assert.Contains("outbox.txt", bundle.Entries.Select(entry => entry.Name));
    }

    [Fact]
    public void A_secret_written_into_a_faulty_configuration_is_removed_too()
    {
        using InstallerFolder folder = new($"gateway: leon\nbroker: {{ host: h, port: 1, password: {InstallerFolder.Token} }}\n");
        SupportBundle bundle = SupportBundle.Gather(folder.Config, []);
        Assert.All(bundle.Entries, entry => Assert.DoesNotContain(InstallerFolder.Token, entry.Text, StringComparison.Ordinal));
        Assert.Contains("configuration-faults.txt", bundle.Entries.Select(entry => entry.Name));
    }

    [Theory]
    [InlineData("password: \"se,cret#one two\"", "se,cret#one two")]
    [InlineData("password: 'se,cret#one two'", "se,cret#one two")]
    [InlineData("password:\n    on-its-own-line", "on-its-own-line")]
    [InlineData("password: |\n    in-a-block", "in-a-block")]
    [InlineData("apiToken: plain-token-7", "plain-token-7")]
    public void A_secret_is_found_however_yaml_writes_it(string line, string secret)
    {
        using InstallerFolder folder = new($"gateway: leon\nbroker:\n  host: h\n  {line}\n");
        string log = folder.Write("gateway.log", $"login with {secret} failed\n");
        SupportBundle bundle = SupportBundle.Gather(folder.Config, [log], ("status.json", $"{{\"said\":\"{secret}\"}}"));
        Assert.All(bundle.Entries, entry => Assert.DoesNotContain(secret, entry.Text, StringComparison.Ordinal));
    }

    [Fact]
    public async Task No_byte_of_the_zip_holds_a_secret_neither_packed_nor_unpacked()
    {
        const string Odd = "p\"a<s>s+ wörd";
        string yaml = ConfigCommand.Build(new("leon-tannery", "127.0.0.1:1883", "127.0.0.1:1", null, 7, "eastron-sdm630"), Language.English, out _)! + "profilesDirectory: profiles\nstatusPage: { tokenFile: status.token }\n";
        using InstallerFolder folder = new(yaml);
        _ = folder.Write("broker.password", Odd + "\n");
        _ = folder.Write("status.token", InstallerFolder.Token + "-long-enough\n");
        string rotated = folder.PrivatePem[..200] + "\nROTATEDROTATEDROTATED\n-----END EC PRIVATE KEY-----\n";
        _ = folder.Write("state/keys/epoch-2.pem", rotated);
        string[] secrets =
        [
            Odd, System.Text.Json.JsonEncodedText.Encode(Odd).Value, Uri.EscapeDataString(Odd), InstallerFolder.Token + "-long-enough", "s3cr3tpass", "ROTATEDROTATEDROTATED",
            .. folder.PrivatePem.Split('\n').Where(line => line.Length > 20 && !line.StartsWith('-')),
        ];
        string log = folder.Write("gateway.log", string.Join('\n', secrets) + $"\nmqtt://user:s3cr3tpass@host:1883\n{folder.PrivatePem}\n{rotated}\nend\n");
        string zip = folder.Combine("support.zip");
        int exitCode = await BundleCommand.Create(Language.English).Parse(["--config", folder.Config, "--out", zip, "--log", log]).InvokeAsync();
        Assert.Equal(0, exitCode);
        List<byte[]> places = [await File.ReadAllBytesAsync(zip)];
        await using (ZipArchive archive = await ZipFile.OpenReadAsync(zip))
        {
            string[] names = [.. archive.Entries.Select(entry => entry.FullName)];
            Assert.All(["status.json", "lines.txt", "journal.txt", "logs/gateway.log", "configuration.yaml", "removed.txt"], name => Assert.Contains(name, names));
            foreach (ZipArchiveEntry entry in archive.Entries)
            {
                using MemoryStream unpacked = new();
                await using Stream packed = await entry.OpenAsync();
                await packed.CopyToAsync(unpacked);
                places.Add([.. Encoding.UTF8.GetBytes(entry.FullName + "\n"), .. unpacked.ToArray()]);
            }
        }

        foreach (string secret in secrets.Where(secret => secret != "s3cr3tpass"))
        {
            Assert.All(places, place => Assert.True(place.AsSpan().IndexOf(Encoding.UTF8.GetBytes(secret)) < 0, $"{secret} is in the bundle"));
        }

        string all = string.Concat(places.Skip(1).Select(Encoding.UTF8.GetString));
        Assert.Contains("No gateway was running", all, StringComparison.Ordinal);
        Assert.Contains("mqtt://user:[removed]@host:1883", all, StringComparison.Ordinal);
        Assert.Contains("end", all, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_journal_that_cannot_be_read_is_said_in_its_place()
    {
        Assert.Contains("No journal could be read", (await RunningParts.JournalAsync("no-such-program", CancellationToken.None)).Text, StringComparison.Ordinal);
        Assert.Contains("--unit metering-gateway", (await RunningParts.JournalAsync("echo", CancellationToken.None)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void The_report_of_the_lines_tells_faults_times_and_quarantine()
    {
        PollingSnapshot polling = StatusSample.Of(StatusSample.Meter("mains"), StatusSample.Meter("water", MeterState.Quarantined, "timeout") with { ConsecutiveFailures = 3, NextProbeUtcMilliseconds = StatusSample.Now }).Polling!;
        string report = LineReport.Of(polling);
        Assert.Contains("bus rs485 at /dev/ttyUSB0: Running", report, StringComparison.Ordinal);
        Assert.Contains("requests: ok 180, timeout 3, crc 0", report, StringComparison.Ordinal);
        Assert.Contains("cycle predicted 80 ms, measured 10: last 12 ms, median 11 ms, p99 40 ms, longest 55 ms; slots 100, missed 0", report, StringComparison.Ordinal);
        Assert.Contains("turnaround measured 10: last 12 ms, median 11 ms, p99 40 ms, longest 55 ms; failures in a row 3, quarantined until 2026-05-28T20:26:40Z", report, StringComparison.Ordinal);
    }
}
