using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Metering.Evidence.Bundle;
using Metering.Readings;
using Metering.Tests.Support;
using Metering.Verifier;
using Metering.Verifier.Bundles;
using Xunit;
using Xunit.Abstractions;

namespace Metering.Tests.Verifier;

/// <summary>
/// Two verifiers that share no code (tests/verify.py and metering verify) must agree on every bundle. 100 changed bundles in each run, 10,000 with METERING_LONG=1. A seed that
/// disagreed becomes a row of <see cref="Seeds_that_once_disagreed"/>.
/// </summary>
public sealed class SecondVerifierTests(ITestOutputHelper output)
{
    private const int Usual = 100;
    private const int Long = 10_000;

    [NeedsFact("python3", "openssl")]
    public void A_true_bundle_is_verified_by_both()
    {
        using BundleMutants mutants = new();
        using TemporaryFolder folder = new();
        File.WriteAllBytes(folder.Combine("true.mevb"), mutants.True);
        Assert.Equal("0", Assert.Single(Second(folder.Path, mutants.LogKey)).Value.Split('\t')[0]);
        Assert.Equal(0, First(mutants.True, mutants.LogKey));
        using ECDsa other = SampleBundle.StrangerKey();
        Assert.Equal("3", Assert.Single(Second(folder.Path, other)).Value.Split('\t')[0]);
        Assert.Equal(3, First(mutants.True, other));
    }

    [NeedsFact("python3", "openssl")]
    public void Both_verifiers_agree_on_changed_bundles()
    {
        int usual = int.TryParse(Environment.GetEnvironmentVariable("METERING_MUTANTS"), NumberStyles.None, CultureInfo.InvariantCulture, out int asked) ? asked : Usual;
        int count = Environment.GetEnvironmentVariable("METERING_LONG") == "1" ? Long : usual;
        Compare(Enumerable.Range(1, count));
    }

    // 30, 93: bytes behind the end of a file's compressed data, which the framework's decompressor leaves unread.
    [NeedsTheory("python3", "openssl")]
    [InlineData(30)]
    [InlineData(93)]
    public void Seeds_that_once_disagreed(int seed) => Compare([seed]);

    /// <summary>Every attack of the table, with the options it needs; and the exit code of both is the same.</summary>
    [NeedsFact("python3", "openssl")]
    public void Every_attack_of_the_table_is_refused_by_both()
    {
        (string[] apart, int count) = Apart(AttackTable.All.Select(attack => (attack.Prepare(), attack.Code is >= FaultCode.Form and <= FaultCode.ZipHeaders ? 65 : 3, "")));
        Assert.Equal(AttackTable.All.Count, count);
        Assert.True(apart.Length == 0, string.Join('\n', apart));
    }

    [NeedsFact("python3", "openssl")]
    public void What_a_reader_brings_is_taken_by_both_alike()
    {
        (string[] apart, int count) = Apart(ReaderCases.All());
        Assert.True(count > 15 && apart.Length == 0, string.Join('\n', apart));
    }

    // Cases on which one of them does not end with the code and the remarks expected; all share one run of the second.
    private static (string[] Apart, int Count) Apart(IEnumerable<(BundleCase Case, int Code, string Remarks)> cases)
    {
        using TemporaryFolder folder = new(inMemory: true);
        List<string[]> lines = [];
        Dictionary<string, string> expected = new(StringComparer.Ordinal);
        List<string> apart = [];
        foreach ((BundleCase tried, int code, string remarks) in cases)
        {
            string[] words = tried.WordsIn(folder);
            lines.Add(words);
            expected.Add(tried.Name + ".mevb", string.Create(CultureInfo.InvariantCulture, $"{code}\t{remarks}"));
            string first = First(words);
            if (first != expected[tried.Name + ".mevb"])
            {
                apart.Add($"{tried.Name}: the first says {first}");
            }
        }

        foreach ((string name, string second) in Second(lines))
        {
            string told = second.StartsWith("0\t", StringComparison.Ordinal) ? second.Replace("verified", "", StringComparison.Ordinal).Replace("\t ", "\t", StringComparison.Ordinal) : second;
            bool isSame = told == expected[name] || (expected[name][0] != '0' && told.StartsWith(expected[name], StringComparison.Ordinal));
            apart.AddRange(isSame ? [] : [$"{name}: the second says {second}"]);
        }

        return ([.. apart], lines.Count);
    }

    // Exit code and remarks of the command itself.
    private static string First(string[] words)
    {
        using StringWriter output = new(CultureInfo.InvariantCulture);
        using StringWriter error = new(CultureInfo.InvariantCulture);
        int code = VerifyCommand.Run([.. words, "--json"], output, error, "en");
        using JsonDocument report = JsonDocument.Parse(output.ToString());
        string[] remarks = code != 0 ? [] : [.. report.RootElement.GetProperty("remarks").EnumerateArray().Select(remark => remark.GetProperty("code").GetString()!)];
        string[] asFaults = [.. ((RemarkCode[])[RemarkCode.LogUntrusted, RemarkCode.OlderThanSeen, RemarkCode.PlanLate, RemarkCode.Unsigned, RemarkCode.Gaps]).Select(RemarkTexts.CodeOf)];
        return string.Create(CultureInfo.InvariantCulture, $"{code}\t{string.Join(' ', asFaults.Where(remarks.Contains))}");
    }

    private void Compare(IEnumerable<int> seeds)
    {
        using BundleMutants mutants = new();
        using TemporaryFolder folder = new(inMemory: true);
        Dictionary<string, (string What, int Code)> first = new(StringComparer.Ordinal);
        long started = Stopwatch.GetTimestamp();
        foreach (int seed in seeds)
        {
            (string what, byte[] bytes) = mutants.Make(seed);
            string name = seed.ToString("D6", CultureInfo.InvariantCulture);
            File.WriteAllBytes(folder.Combine(name), bytes);
            first.Add(name, (what, First(bytes, mutants.LogKey)));
        }

        TimeSpan own = Stopwatch.GetElapsedTime(started);
        Dictionary<string, string> second = Second(folder.Path, mutants.LogKey);
        string[] apart = [.. first.Where(one => (one.Value.Code == 0) != (second[one.Key].Split('\t')[0] == "0"))
            .Select(one => $"seed {one.Key} ({one.Value.What}): the first says {one.Value.Code}, the second {second[one.Key]}")];
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{first.Count} changed bundles, {first.Values.Count(one => one.Code == 0)} of them harmless; making and first verifier {own.TotalSeconds:0.0} s, second {(Stopwatch.GetElapsedTime(started) - own).TotalSeconds:0.0} s"));
        Assert.True(apart.Length == 0, $"{apart.Length} of {first.Count} disagree:\n" + string.Join('\n', apart.Take(60)));
    }

    /// <summary>
    /// Results with events before and after, other drivers, registers that began anew, fell, stood still or were not read, and those for which no number is given: the second verifier works out what the program stated.
    /// </summary>
    [NeedsFact("python3", "openssl")]
    public void Results_of_many_kinds_are_worked_out_by_both()
    {
        using TemporaryFolder temporary = new(inMemory: true);
        string folder = Environment.GetEnvironmentVariable("METERING_BUNDLES") is { Length: > 0 } kept ? kept : temporary.Path;
        List<string> verdicts = [];
        foreach ((string name, Func<SampleBundle> make) in SampleVariants.All)
        {
            verdicts.Add(Write(folder, name, make).Verdict);
        }

        foreach ((string name, string said, Func<SampleBundle> make) in SampleVariants.Doubtful)
        {
            Assert.Contains((name, said), Write(folder, name, make).Said.Select(one => (name, one)));
        }

        string[] apart = [.. Second(Directory.GetFiles(folder).Order(StringComparer.Ordinal).Select(file => new[] { file })).Where(one => !one.Value.StartsWith("0\t", StringComparison.Ordinal)).Select(one => $"{one.Key}: {one.Value}")];
        output.WriteLine(string.Join(' ', verdicts));
        Assert.True(apart.Length == 0, string.Join('\n', apart));
        Assert.True(verdicts.Count(verdict => verdict is not ("refused" or "waiting")) > SampleVariants.All.Count * 3 / 4, string.Join(' ', verdicts));
    }

    // A variant that the first verifier takes: its verdict, and the words of its reasons and warnings.
    private static (string Verdict, string[] Said) Write(string folder, string name, Func<SampleBundle> make)
    {
        using SampleBundle sample = make();
        byte[] bytes = sample.Draft.Seal();
        File.WriteAllBytes(Path.Combine(folder, name), bytes);
        Assert.Equal((name, 0), (name, First(bytes)));
        using JsonDocument result = JsonDocument.Parse(sample.Draft.Result);
        JsonElement root = result.RootElement;
        return (root.GetProperty("verdict").GetString()!, [.. root.GetProperty("reasons").EnumerateArray().Concat(root.GetProperty("warnings").EnumerateArray()).Select(one => one.GetProperty("kind").GetString()!)]);
    }

    private static int First(byte[] bytes, params ECDsa[] trusted)
    {
        try
        {
            return BundleVerifier.Verify(new MemoryStream(bytes), new TrustStep(trusted)).Report.Verdict == BundleVerdict.Mismatch ? 3 : 0;
        }
        catch (BundleFormatException)
        {
            return 65;
        }
    }

    private static Dictionary<string, string> Second(string folder, ECDsa trusted)
    {
        using TemporaryFolder keys = new();
        string pem = keys.Write("log.pem", SigningKey.PublicPem(trusted));
        return Second(Directory.GetFiles(folder).Order(StringComparer.Ordinal).Select(file => new[] { file, "--trust", pem }));
    }

    /// <summary>Name of each file: exit code, and what is wrong or remarkable.</summary>
    private static Dictionary<string, string> Second(IEnumerable<string[]> calls)
    {
        using TemporaryFolder folder = new();
        string list = folder.Write("list.txt", string.Concat(calls.Select(words => string.Join(' ', words) + "\n")));
        ProcessStartInfo start = new("python3", [Repository.Path("tests", "verify.py"), "--many", list]) { UseShellExecute = false, RedirectStandardOutput = true };
        using Process process = Process.Start(start)!;
        string[] lines = process.StandardOutput.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
        return lines.ToDictionary(line => line[..line.IndexOf('\t', StringComparison.Ordinal)], line => line[(line.IndexOf('\t', StringComparison.Ordinal) + 1)..], StringComparer.Ordinal);
    }
}
