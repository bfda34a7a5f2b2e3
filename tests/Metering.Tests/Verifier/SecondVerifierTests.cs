using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using Metering.Evidence.Bundle;
using Metering.Readings;
using Metering.Tests.Support;
using Metering.Verifier.Bundles;
using Xunit;
using Xunit.Abstractions;

namespace Metering.Tests.Verifier;

/// <summary>
/// Two verifiers that share no code (tests/verify.py and metering verify) must agree on every bundle. 250 changed bundles in each run, 10,000 with METERING_LONG=1. A seed that
/// disagreed becomes a row of <see cref="Seeds_that_once_disagreed"/>.
/// </summary>
public sealed class SecondVerifierTests(ITestOutputHelper output)
{
    private const int Usual = 250;
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

    /// <summary>Every attack of the table, but those that need the option --seen or --strict, which the second verifier does not have.</summary>
    [NeedsFact("python3", "openssl")]
    public void Every_attack_of_the_table_is_refused_by_both()
    {
        string[] missed = [.. new[] { true, false }.SelectMany(Missed)];
        Assert.Empty(missed);
    }

    // Keys differ from sample to sample: attacks that are tried with trusted keys need a run each, all others share one.
    private static List<string> Missed(bool isWithTrust)
    {
        using TemporaryFolder shared = new(inMemory: true);
        Dictionary<string, string> second = new(StringComparer.Ordinal);
        foreach (Attack attack in AttackTable.All.Where(attack => attack.IsWithTrust == isWithTrust && !attack.IsStrict && attack.Seen is null))
        {
            using SampleBundle target = SampleBundle.Make(hasPeople: attack.HasPeople);
            ECDsa[] trusted = isWithTrust ? [target.Draft.LogKey, .. target.Draft.GatewayKeys.Values] : [];
            using TemporaryFolder one = new(inMemory: true);
            string[] keys = [.. trusted.Select((key, place) => one.Write(string.Create(CultureInfo.InvariantCulture, $"keys/{place}.pem"), SigningKey.PublicPem(key)))];
            byte[] bytes = attack.Make(target);
            Assert.NotEqual(0, First(bytes, [.. trusted]));
            string folder = isWithTrust ? one.Combine("bundles") : shared.Path;
            _ = Directory.CreateDirectory(folder);
            File.WriteAllBytes(Path.Combine(folder, attack.Name), bytes);
            if (isWithTrust)
            {
                second.Add(attack.Name, Assert.Single(Second(folder, keys)).Value);
            }
        }

        second = isWithTrust ? second : Second(shared.Path, []);
        Assert.Equal(AttackTable.All.Count(attack => attack.IsWithTrust == isWithTrust && !attack.IsStrict && attack.Seen is null), second.Count);
        return [.. second.Where(one => one.Value.StartsWith("0\t", StringComparison.Ordinal)).Select(one => one.Key)];
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

    /// <summary>Results with events before and after, other drivers, and registers that began anew, fell, stood still or were not read: the second verifier works out what the program stated.</summary>
    [NeedsFact("python3", "openssl")]
    public void Results_of_many_kinds_are_worked_out_by_both()
    {
        using TemporaryFolder folder = new(inMemory: true);
        string? kept = Environment.GetEnvironmentVariable("METERING_BUNDLES");
        List<string> verdicts = [];
        foreach ((string name, Func<SampleBundle> make) in SampleVariants.All)
        {
            using SampleBundle sample = make();
            byte[] bytes = sample.Draft.Seal();
            File.WriteAllBytes(kept is { Length: > 0 } ? Path.Combine(kept, name) : folder.Combine(name), bytes);
            Assert.Equal((name, 0), (name, First(bytes)));
            verdicts.Add(SampleVariants.VerdictOf(sample));
        }

        string[] apart = [.. Second(kept is { Length: > 0 } ? kept : folder.Path, []).Where(one => !one.Value.StartsWith("0\t", StringComparison.Ordinal)).Select(one => $"{one.Key}: {one.Value}")];
        output.WriteLine(string.Join(' ', verdicts));
        Assert.True(apart.Length == 0, string.Join('\n', apart));
        Assert.True(verdicts.Count(verdict => verdict is not ("refused" or "waiting")) > SampleVariants.All.Count * 3 / 4, string.Join(' ', verdicts));
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
        return Second(folder, [keys.Write("log.pem", SigningKey.PublicPem(trusted))]);
    }

    /// <summary>Name of each file: exit code and what is wrong.</summary>
    private static Dictionary<string, string> Second(string folder, string[] keys)
    {
        ProcessStartInfo start = new("python3", [Repository.Path("tests", "verify.py"), "--many", folder, .. keys.SelectMany(key => new[] { "--trust", key })]) { UseShellExecute = false, RedirectStandardOutput = true };
        using Process process = Process.Start(start)!;
        string[] lines = process.StandardOutput.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
        return lines.ToDictionary(line => line[..line.IndexOf('\t', StringComparison.Ordinal)], line => line[(line.IndexOf('\t', StringComparison.Ordinal) + 1)..], StringComparer.Ordinal);
    }
}
