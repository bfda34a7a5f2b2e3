using System.Diagnostics;
using System.Text.Json;
using Metering.Cloud.Commands;
using Metering.Tests.Analytics;
using Xunit;

namespace Metering.Tests.CloudCommands;

/// <summary>The command against numpy's least squares on a real treatment plant: same file, same periods, other program.</summary>
public sealed class NumpyComparisonTests : IDisposable
{
    private const string Python = "/usr/bin/python3";
    private const double Tolerance = 1e-9;

    private const string Script = """
        import csv, json, sys
        import numpy as np
        path, time, use, drivers = sys.argv[1], sys.argv[2], sys.argv[3], sys.argv[4].split(',')
        rows = list(csv.DictReader(open(path)))
        def pick(first, last):
            r = [q for q in rows if first <= q[time] <= last and all(q[c] != '' for c in [use] + drivers)]
            t = np.array([q[time] for q in r], dtype='datetime64[D]').astype(float)
            gaps = np.maximum(np.floor(np.diff(t) / np.median(np.diff(t)) + .5), 1)
            return (np.array([[1.0] + [float(q[d]) for d in drivers] for q in r]), np.array([float(q[use]) for q in r]), np.r_[0, np.cumsum(gaps)])
        X, y, s = pick(*sys.argv[5].split('..'))
        XR, yr, sr = pick(*sys.argv[6].split('..'))
        b = np.linalg.lstsq(X, y, rcond=None)[0]
        e = y - X @ b
        n, p = X.shape
        near = np.diff(s) == 1
        near = near if near.sum() >= 8 else np.ones(n - 1, bool)
        c = np.corrcoef(e[1:][near], e[:-1][near])[0, 1]
        r = min(max(c + (1 + 3 * c) * p / (2 * n), 0), .985)
        O = r ** np.abs(np.subtract.outer(s, s))
        m = len(yr)
        OR = r ** np.abs(np.subtract.outer(sr, sr))
        P = X @ np.linalg.inv(X.T @ X)
        w = P @ XR.sum(0)
        s2 = e @ e / (n - np.trace(P @ X.T @ O))
        print(json.dumps(dict(coefficients=list(b), cvRmse=float(np.sqrt(e @ e / (n - p)) / y.mean()), r2=float(1 - e @ e / ((y - y.mean()) ** 2).sum()),
            counterfactual=float((XR @ b).sum()), savings=float((XR @ b - yr).sum()), n=n, m=m,
            standardError=float(np.sqrt(s2 * (w @ O @ w + OR.sum()))))))
        """;

    private readonly CommandRunner runner = new();

    public void Dispose() => runner.Dispose();

    [Theory]
    [InlineData("data/melbourne_wwtp_daily.csv", "date", "grid_kwh", "inflow_m3_s,temp_mean_c", "2014-01-01..2015-12-31", "2017-01-01..2018-12-31")]
    [InlineData("reference/mv/synthetic/savings/syn-14.csv", "date", "value", "production_1,workday", "2024-01-01..2024-12-30", "2025-03-01..2026-02-28")]
    [InlineData("reference/mv/industrial/ornl-sliding-plant-2005-2015.csv", "Date", "Elect(MMBTU)", "HDD", "2005-01-01..2007-12-31", "2008-01-01..2009-12-31")]
    public void The_command_agrees_with_numpy(string file, string time, string use, string drivers, string baseline, string reporting)
    {
        string? path = ReferenceFiles.Find(file);
        JsonElement? other = path is null ? null : RunPython(path, time, use, drivers, baseline, reporting);
        if (path is null || other is not { } expected)
        {
            return;
        }

        int exit = runner.Run(SavingsCommand.Create(), "--csv", path, "--time", time, "--use", use, "--drivers", drivers, "--baseline", baseline, "--reporting", reporting, "--json");
        Assert.True(exit == 0, runner.Error);
        JsonElement answer = runner.Json();
        double[] coefficients = [.. answer.GetProperty("coefficients").EnumerateObject().Select(pair => pair.Value.GetDouble())];
        for (int j = 0; j < coefficients.Length; j++)
        {
            AssertClose(expected.GetProperty("coefficients")[j].GetDouble(), coefficients[j]);
        }

        Assert.Equal(expected.GetProperty("n").GetInt32(), answer.GetProperty("n").GetInt32());
        Assert.Equal(expected.GetProperty("m").GetInt32(), answer.GetProperty("reportingRows").GetInt32());
        foreach (string key in new[] { "cvRmse", "r2", "counterfactual", "savings" })
        {
            AssertClose(expected.GetProperty(key).GetDouble(), answer.GetProperty(key).GetDouble());
        }

        // Moving blocks, where the autoregression is rejected, come on top.
        JsonElement variance = answer.GetProperty("variance");
        double autoregressive = variance.GetProperty("model").GetDouble() + variance.GetProperty("reporting").GetDouble();
        AssertClose(expected.GetProperty("standardError").GetDouble(), Math.Sqrt(autoregressive));
        AssertClose(autoregressive + variance.GetProperty("blocks").GetDouble(), Math.Pow(answer.GetProperty("standardError").GetDouble(), 2));
    }

    private static void AssertClose(double expected, double actual) =>
        Assert.True(Math.Abs(actual - expected) <= Tolerance * Math.Abs(expected), $"{actual:R} is not {expected:R}");

    private static JsonElement? RunPython(params string[] arguments)
    {
        if (!File.Exists(Python))
        {
            return Skip("there is no " + Python);
        }

        ProcessStartInfo start = new(Python) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add(Script);
        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        using Process process = Process.Start(start)!;
        string output = process.StandardOutput.ReadToEnd();
        string error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        if (error.Contains("No module named 'numpy'", StringComparison.Ordinal))
        {
            return Skip("python3-numpy is not installed");
        }

        Assert.True(process.ExitCode == 0, error);
        using JsonDocument document = JsonDocument.Parse(output);
        return document.RootElement.Clone();
    }

    private static JsonElement? Skip(string reason)
    {
        Console.WriteLine("SKIPPED: " + reason);
        Assert.False(string.Equals(Environment.GetEnvironmentVariable("METERING_REQUIRE_DAEMONS"), "1", StringComparison.Ordinal), reason);
        return null;
    }
}
