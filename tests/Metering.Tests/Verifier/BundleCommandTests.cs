using System.Globalization;
using System.Text.Json;
using Metering.Readings;
using Metering.Tests.Support;
using Metering.Verifier;
using Metering.Verifier.Bundles;
using Xunit;

namespace Metering.Tests.Verifier;

/// <summary>`verify` on bundles, as it is called.</summary>
public sealed class BundleCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly SampleBundle _sample = SampleBundle.Make();

    public void Dispose()
    {
        _sample.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("en", "VERIFIED: seal, log", "Verified saving: ", "30 days before the installation began", " (trusted by you)")]
    [InlineData("es", "VERIFICADO: el sello", "Ahorro verificado: ", "30 días antes de que empezó la instalación", " (de su confianza)")]
    public void A_true_bundle_is_told_in_either_language(string language, params string[] expected)
    {
        string bundle = Write("b.mevb", _sample.Draft.Seal());
        (int exitCode, string output, string error) = Run(bundle, "--trust", Key(_sample.Draft.LogKey, "log.pem"), "--lang", language);
        Assert.Equal((0, ""), (exitCode, error));
        Assert.All(expected, part => Assert.Contains(part, output, StringComparison.Ordinal));
    }

    [Fact]
    public void A_program_reads_verdict_figures_and_faults()
    {
        string bundle = Write("b.mevb", _sample.Draft.Seal());
        using (JsonDocument report = Json(0, bundle, "--json"))
        {
            JsonElement root = report.RootElement;
            Assert.Equal(("bundle", "consistent", 0), (root.GetProperty("kind").GetString(), root.GetProperty("verdict").GetString(), root.GetProperty("faultCount").GetInt32()));
            Assert.Equal("kWh", root.GetProperty("result").GetProperty("unit").GetString());
            Assert.Equal(30, root.GetProperty("plan").GetProperty("daysBeforeInstallation").GetInt32());
        }

        string false_ = Write("f.mevb", AttackTable.All.Single(attack => attack.Name == "register-edited").Make(_sample));
        using JsonDocument refused = Json(3, false_, "--json", "--lang", "es");
        JsonElement fault = refused.RootElement.GetProperty("faults")[0];
        Assert.Equal((5, "segment-hash"), (fault.GetProperty("step").GetInt32(), fault.GetProperty("code").GetString()));
        Assert.Contains("no tienen la huella", fault.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_day_is_walked_to_the_two_lines_of_the_register_it_comes_from()
    {
        string bundle = Write("b.mevb", _sample.Draft.Seal());
        (int exitCode, string output, string error) = Run(bundle, "--explain", "day", "2025-11-20", "--lang", "en");
        Assert.Equal((0, ""), (exitCode, error));
        string start = SampleBundle.At(new(2025, 11, 20)).ToString(CultureInfo.InvariantCulture);
        string end = SampleBundle.At(new(2025, 11, 21)).ToString(CultureInfo.InvariantCulture);
        string[] lines = [.. _sample.Draft.Segments.Where(file => file.Key.EndsWith("m.use.txt", StringComparison.Ordinal)).SelectMany(file => file.Value).SelectMany(segment => System.Text.Encoding.ASCII.GetString(segment).Split('\n'))];
        Assert.Contains(lines.Single(line => line.StartsWith(start, StringComparison.Ordinal)), output, StringComparison.Ordinal);
        Assert.Contains(lines.Single(line => line.StartsWith(end, StringComparison.Ordinal)), output, StringComparison.Ordinal);
        Assert.Contains("hash of the note", output, StringComparison.Ordinal);
        Assert.Contains("log entry", output, StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_person_read_is_explained_by_method_and_photo_without_the_name()
    {
        using SampleBundle sample = SampleBundle.Make(hasPeople: true);
        string bundle = Write("p.mevb", sample.Draft.Seal());
        (int exitCode, string output, string error) = Run(bundle, "--explain", "reading", SampleBundle.Gateway, SamplePeople.Channel, "2025-09-03T06:00:00Z", "--lang", "en");
        Assert.Equal((0, ""), (exitCode, error));
        Assert.Contains("read by a person, method dial, hash of the photo ", output, StringComparison.Ordinal);
        Assert.Contains("(corrects 4), log entry ", output, StringComparison.Ordinal);
        Assert.DoesNotContain("Ana", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("sum of the days", "saving")]
    [InlineData("2025-12:", "month", "2025-12")]
    [InlineData("B.timeout", "reading", "leon-tannery", "m.made", "2025-09-02T18:00:00Z")]
    public void A_figure_is_explained(string expected, params string[] question)
    {
        string bundle = Write("b.mevb", _sample.Draft.Seal());
        (int exitCode, string output, string error) = Run([bundle, "--explain", .. question, "--lang", "en"]);
        Assert.Equal((0, ""), (exitCode, error));
        Assert.Contains(expected, output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("en", "sum of the days", "saving")]
    [InlineData("es", "suma de los días", "saving")]
    [InlineData("en", "hash of the segment", "reading", "leon-tannery", "m.made", "2025-09-02T18:00:00Z")]
    public void A_program_reads_the_explanation_that_it_asked_for(string language, string expected, params string[] question)
    {
        using JsonDocument report = Json(0, [Write("b.mevb", _sample.Draft.Seal()), "--json", "--language", language, "--explain", .. question]);
        string?[] lines = [.. report.RootElement.GetProperty("explanation").EnumerateArray().Select(line => line.GetString())];
        Assert.Contains(lines, line => line!.Contains(expected, StringComparison.Ordinal));
        using JsonDocument plain = Json(0, Write("c.mevb", _sample.Draft.Seal()), "--json");
        Assert.False(plain.RootElement.TryGetProperty("explanation", out _));
    }

    [Fact]
    public void Where_the_log_stood_is_said_with_the_bundles_that_were_before()
    {
        string bundle = Write("b.mevb", _sample.Draft.Seal());
        (_, string output, _) = Run(bundle, "--language", "en");
        Assert.Contains(string.Create(CultureInfo.InvariantCulture, $"at bundle: {_sample.Draft.Entries.Count} entries, "), output, StringComparison.Ordinal);
        Assert.Contains("data through 2025-12-20", output, StringComparison.Ordinal);
        Assert.Contains("bundle 3 of this project; shows the checkpoints of the earlier ones (2: 1, 2)", output, StringComparison.Ordinal);
        using JsonDocument report = Json(0, bundle, "--json");
        JsonElement log = report.RootElement.GetProperty("log");
        Assert.Equal((3, 2, "2025-12-20"), (log.GetProperty("bundle").GetInt32(), log.GetProperty("earlier").GetArrayLength(), log.GetProperty("dataThrough").GetString()));
    }

    [Fact]
    public void Whoever_keeps_earlier_bundles_proves_that_the_log_only_grew()
    {
        string kept = Directory.CreateDirectory(Path.Combine(_folder.Path, "kept")).FullName;
        string third = Write("kept/third.mevb", _sample.Draft.Seal());
        _sample.Draft.NextBundle();
        _sample.Draft.CheckpointUtc += 1000;
        string fourth = Write("fourth.mevb", _sample.Draft.Seal());
        (int exitCode, string output, string error) = Run(fourth, "--seen", kept, "--language", "en");
        Assert.Equal((0, ""), (exitCode, error));
        Assert.DoesNotContain("seen for the first time", output, StringComparison.Ordinal);
        (_, output, _) = Run("diff", third, fourth, "--language", "en");
        Assert.Contains("Log: continued: the ", output, StringComparison.Ordinal);

        // The other way round it is an old bundle, which is said and is no fault.
        File.Move(fourth, Path.Combine(kept, "fourth.mevb"));
        (exitCode, output, _) = Run(third, "--seen", kept, "--language", "en");
        Assert.Equal(0, exitCode);
        Assert.Contains("older than what you have seen", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Help_is_in_the_readers_language()
    {
        Assert.StartsWith("uso: verify", Run("--help", "--language", "es").Output, StringComparison.Ordinal);
        Assert.StartsWith("usage: verify", Run("--help").Output, StringComparison.Ordinal);
        Assert.Contains("uso: verify", Run("--lang", "es").Error, StringComparison.Ordinal);
    }

    [Fact]
    public void What_changed_between_two_bundles_is_told()
    {
        string before = Write("a.mevb", _sample.Draft.Seal());
        Assert.Equal((0, ""), (Run("diff", before, before).ExitCode, ""));
        _sample.Draft.Rewrite("production/tannery/3", text => text.Replace("\"amount\":7", "\"amount\":9", StringComparison.Ordinal));
        _sample.Compute();
        string after = Write("b.mevb", _sample.Draft.Seal());
        (int exitCode, string output, _) = Run("diff", before, after, "--lang", "en");
        Assert.Equal(3, exitCode);
        Assert.Contains("Definition: unchanged", output, StringComparison.Ordinal);
        Assert.Contains("Data: unchanged", output, StringComparison.Ordinal);
        Assert.Contains("production[2].amount: 7", output, StringComparison.Ordinal);
        using JsonDocument report = Json(3, "diff", before, after, "--json");
        Assert.Contains("production", report.RootElement.GetProperty("changes").EnumerateArray().Select(change => change.GetProperty("group").GetString()));
    }

    [Fact]
    public void What_was_seen_of_a_log_is_kept_and_a_log_that_forked_is_refused()
    {
        string seen = Path.Combine(_folder.Path, "seen.txt");
        Assert.Equal(0, Run(Write("a.mevb", _sample.Draft.Seal()), "--seen", seen).ExitCode);
        Assert.StartsWith("log bajio ", File.ReadAllText(seen), StringComparison.Ordinal);
        string kept = File.ReadAllText(seen);
        _sample.Draft.Entries.Find(entry => !entry.IsShown)!.Body = "another"u8.ToArray();
        (int exitCode, string output, _) = Run(Write("b.mevb", _sample.Draft.Seal()), "--seen", seen, "--lang", "en");
        Assert.Equal(3, exitCode);
        Assert.Contains("log-forked", output, StringComparison.Ordinal);
        Assert.Equal(kept, File.ReadAllText(seen));
    }

    [Theory]
    [InlineData(64, "--explain takes", "@b.mevb", "--explain", "weather")]
    [InlineData(64, "diff needs two bundles", "diff", "@b.mevb")]
    [InlineData(65, "is no day of this bundle", "@b.mevb", "--explain", "day 1999-01-01")]
    [InlineData(65, "is no line of a file of --seen", "@b.mevb", "--seen", "@key.pem")]
    [InlineData(65, "not a ZIP file", "@key.mevb")]
    public void A_wrong_call_ends_with_its_code_and_a_hint(int expected, string hint, params string[] args)
    {
        _ = Write("b.mevb", _sample.Draft.Seal());
        _ = Key(_sample.Draft.LogKey, "key.pem");
        _ = Key(_sample.Draft.LogKey, "key.mevb");
        (int exitCode, _, string error) = Run([.. args.Select(arg => arg.StartsWith('@') ? Path.Combine(_folder.Path, arg[1..]) : arg)]);
        Assert.Equal(expected, exitCode);
        Assert.Contains(hint, error, StringComparison.Ordinal);
    }

    /// <summary>Every attack through the command itself; METERING_BUNDLES=FOLDER keeps the files and what each must end with, for other programs.</summary>
    [Fact]
    public void Every_attack_ends_the_command_with_its_code()
    {
        string folder = Environment.GetEnvironmentVariable("METERING_BUNDLES") is { Length: > 0 } kept ? kept : _folder.Path;
        Directory.CreateDirectory(folder);
        List<string> table = ["true.mevb\t0\t"];
        File.WriteAllBytes(Path.Combine(folder, "true.mevb"), _sample.Draft.Seal());
        foreach (Attack attack in AttackTable.All.Where(attack => !attack.IsWithTrust && attack.Seen is null))
        {
            using SampleBundle sample = SampleBundle.Make(hasPeople: attack.HasPeople);
            string file = Path.Combine(folder, attack.Name + ".mevb");
            File.WriteAllBytes(file, attack.Make(sample));
            int expected = attack.Code is >= FaultCode.Form and <= FaultCode.ZipHeaders ? 65 : 3;
            table.Add(string.Create(CultureInfo.InvariantCulture, $"{attack.Name}.mevb\t{expected}\t{FaultTexts.CodeOf(attack.Code)}"));
            Assert.Equal((attack.Name, expected), (attack.Name, Run(file).ExitCode));
        }

        Assert.True(table.Count > 40);
        File.WriteAllLines(Path.Combine(folder, "expected.tsv"), table);
    }

    private JsonDocument Json(int expected, params string[] args)
    {
        (int exitCode, string output, _) = Run(args);
        Assert.Equal(expected, exitCode);
        return JsonDocument.Parse(output);
    }

    private string Write(string name, byte[] bytes)
    {
        string path = Path.Combine(_folder.Path, name);
        File.WriteAllBytes(path, bytes);
        return path;
    }

    private string Key(System.Security.Cryptography.ECDsa key, string name) => Write(name, System.Text.Encoding.ASCII.GetBytes(SigningKey.PublicPem(key)));

    private static (int ExitCode, string Output, string Error) Run(params string[] args)
    {
        using StringWriter output = new(CultureInfo.InvariantCulture);
        using StringWriter error = new(CultureInfo.InvariantCulture);
        int exitCode = VerifyCommand.Run(args, output, error, "en");
        return (exitCode, output.ToString(), error.ToString());
    }
}
