using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace Metering.Cloud.Demo;

/// <summary>One evidence bundle for each project, computed anew by the verifiers, and one with a bit changed, which must be refused.</summary>
internal sealed class BundleChecks(DemoTexts texts, DemoFolder folder)
{
    private const int DoesNotMatch = 3;

    private long _bytes;
    private TimeSpan _longest;

    /// <summary>Sizes and times, for the stage's line.</summary>
    public string Summary => string.Create(CultureInfo.InvariantCulture, $"{_bytes / 1e6:0.0} MB, {(texts.Spanish ? "el más lento" : "the slowest")} {_longest.TotalSeconds:0.0} s");

    /// <summary>Makes and checks the bundles; they are left among the exports.</summary>
    public async Task<List<CheckLine>> RunAsync(JsonElement truth, CancellationToken cancellationToken)
    {
        List<(string File, string Gateway)> bundles = [];
        foreach (JsonElement known in truth.GetProperty("projects").EnumerateArray())
        {
            string id = known.GetProperty("id").GetString()!;
            string file = Path.Combine(folder.Exports, Evidence.BundleMaker.NameOf(id));
            long started = Stopwatch.GetTimestamp();
            await Tool.RunAsync(folder.Logs, "Metering.Cloud", ["evidence", "--config", folder.CloudConfig, "--project", id, "--out", file], cancellationToken);
            TimeSpan took = Stopwatch.GetElapsedTime(started);
            _longest = took > _longest ? took : _longest;
            _bytes += new FileInfo(file).Length;
            bundles.Add((file, known.GetProperty("gateway").GetString()!));
        }

        List<CheckLine> lines = [await CheckAllAsync(texts.BundlesVerify, bundles, bundle => VerifyAsync(bundle.File, bundle.Gateway, cancellationToken))];
        if (SecondVerifier() is { } script)
        {
            lines.Add(await CheckAllAsync(texts.BundlesVerifyAgain, bundles, bundle => RunPythonAsync(script, bundle, cancellationToken)));
        }

        string altered = Path.Combine(folder.Exports, "altered-on-purpose.mevb");
        byte[] bytes = await File.ReadAllBytesAsync(bundles[0].File, cancellationToken);
        bytes[bytes.Length / 2] ^= 1;
        await File.WriteAllBytesAsync(altered, bytes, cancellationToken);
        (int refused, _) = await VerifyAsync(altered, bundles[0].Gateway, cancellationToken);
        lines.Add(new(texts.AlteredBundleRefused, refused == DoesNotMatch, $"exit {refused}"));
        return lines;
    }

    private static async Task<CheckLine> CheckAllAsync(string name, List<(string File, string Gateway)> bundles, Func<(string File, string Gateway), Task<(int ExitCode, string Talk)>> verify)
    {
        List<string> faults = [];
        foreach ((string File, string Gateway) bundle in bundles)
        {
            (int exitCode, string talk) = await verify(bundle);
            if (exitCode != 0)
            {
                faults.Add($"{Path.GetFileName(bundle.File)}: {exitCode} {talk}");
            }
        }

        return new(name, faults.Count == 0 && bundles.Count > 0, faults.Count == 0 ? $"{bundles.Count} × exit 0" : string.Join("; ", faults));
    }

    private Task<(int ExitCode, string Talk)> VerifyAsync(string bundle, string gateway, CancellationToken cancellationToken) =>
        Tool.TryRunAsync("Metering.Verifier", [bundle, .. Trusted(gateway)], cancellationToken);

    // As the plant knows them: the gateway's own key, and that of its cloud, which keeps the log.
    private string[] Trusted(string gateway) => ["--trust", Path.Combine(folder.Gateway(gateway), "gateway.pub.pem"), "--trust", Path.Combine(folder.Gateway(gateway), "cloud.pub.pem")];

    // The second verifier stands beside the tests: where the program runs without its source, or without Python, there is none.
    private static string? SecondVerifier()
    {
        string? root = Environment.GetEnvironmentVariable("METERING_ROOT");
        string script = Path.Combine(root ?? "", "tests", "verify.py");
        return root is not null && File.Exists(script) && Tool.Find("python3") is not null && Tool.Find("openssl") is not null ? script : null;
    }

    private async Task<(int ExitCode, string Talk)> RunPythonAsync(string script, (string File, string Gateway) bundle, CancellationToken cancellationToken) =>
        await Tool.TryRunProgramAsync("python3", [script, bundle.File, .. Trusted(bundle.Gateway)], cancellationToken);
}
