using System.Text.Json;
using Metering.Cloud.Demo;
using Metering.Tests.Support;
using Xunit;

namespace Metering.EndToEnd;

/// <summary>The savings command as an executable, on a treatment plant's real days, against numpy's least squares.</summary>
public sealed class MelbourneTests
{
    private const string Csv = "data/melbourne_wwtp_daily.csv";
    private const string Python = "/usr/bin/python3";
    private const string Baseline = "2014-01-01..2015-12-31";
    private const string Reporting = "2017-01-01..2018-12-31";
    private const double Tolerance = 1e-9;

    private const string Script = """
        import csv, json, sys
        import numpy as np
        days = {row['date']: row for row in csv.DictReader(open(sys.argv[1]))}
        columns = ['grid_kwh'] + sys.argv[2].split(',')
        def complete(period):
            first, last = period.split('..')
            rows = [[float(row[c]) for c in columns] for day, row in sorted(days.items()) if first <= day <= last and all(row[c] != '' for c in columns)]
            table = np.array(rows)
            return np.column_stack([np.ones(len(rows)), table[:, 1:]]), table[:, 0]
        x, y = complete(sys.argv[3])
        q, r = np.linalg.qr(x - np.r_[0, x[:, 1:].mean(0)])
        centred = np.linalg.solve(r, q.T @ y)
        b = np.r_[centred[0] - x[:, 1:].mean(0) @ centred[1:], centred[1:]]
        residuals = y - x @ b
        xr, yr = complete(sys.argv[4])
        print(json.dumps({
            'coefficients': list(b), 'n': len(y), 'm': len(yr),
            'cvRmse': float(np.sqrt(residuals @ residuals / (len(y) - len(b))) / y.mean()),
            'savings': float((xr @ b).sum() - yr.sum()), 'metered': float(yr.sum())}))
        """;

    [NeedsFact("python3:numpy", "shared:" + Csv)]
    public async Task The_executable_agrees_with_numpy_and_leaves_missing_days_missing()
    {
        const string Drivers = "inflow_m3_s,temp_mean_c";
        Answer numpy = (await Programs.RunAsync(Python, ["-c", Script, Repository.SharedFile(Csv)!, Drivers, Baseline, Reporting])).Expect(0);
        using JsonDocument expectedJson = JsonDocument.Parse(numpy.Output);
        using JsonDocument actualJson = JsonDocument.Parse((await SavingsAsync(Drivers)).Output);
        JsonElement expected = expectedJson.RootElement;
        JsonElement actual = actualJson.RootElement;
        double[] coefficients = [.. actual.GetProperty("coefficients").EnumerateObject().Select(coefficient => coefficient.Value.GetDouble())];
        Assert.Equal(3, coefficients.Length);
        for (int index = 0; index < coefficients.Length; index++)
        {
            AssertClose(expected.GetProperty("coefficients")[index].GetDouble(), coefficients[index]);
        }

        foreach (string name in new[] { "cvRmse", "savings", "metered" })
        {
            AssertClose(expected.GetProperty(name).GetDouble(), actual.GetProperty(name).GetDouble());
        }

        // Both periods have 730 days; those that the file does not have, or has with a blank, are in neither count.
        Assert.Equal(expected.GetProperty("n").GetInt32(), actual.GetProperty("n").GetInt32());
        Assert.Equal(expected.GetProperty("m").GetInt32(), actual.GetProperty("reportingRows").GetInt32());
        Assert.InRange(actual.GetProperty("n").GetInt32(), 400, 600);
    }

    [NeedsFact("shared:" + Csv)]
    public async Task The_answer_has_the_same_bytes_whatever_vector_instructions_the_processor_has()
    {
        const string Drivers = "inflow_m3_s,temp_mean_c,ammonia_mg_l,cod_mg_l,total_n_mg_l,humidity_pct,rain_mm";
        string plain = (await SavingsAsync(Drivers)).Output;
        foreach (string instructions in new[] { "AVX512F", "AVX512", "AVX2", "FMA", "HWIntrinsic" })
        {
            Assert.Equal(plain, (await SavingsAsync(Drivers, ("DOTNET_Enable" + instructions, "0"))).Output);
        }
    }

    private static async Task<Answer> SavingsAsync(string drivers, params (string Name, string Value)[] variables)
    {
        string[] arguments =
        [
            Child.OwnAssembly("Metering.Cloud"), "savings", "--csv", Repository.SharedFile(Csv)!, "--time", "date", "--use", "grid_kwh", "--drivers", drivers,
            "--zone", "Australia/Melbourne", "--baseline", Baseline, "--reporting", Reporting, "--json",
        ];
        return (await Programs.RunAsync("dotnet", arguments, variables)).Expect(0);
    }

    private static void AssertClose(double expected, double actual) =>
        Assert.True(Math.Abs(actual - expected) <= Tolerance * Math.Abs(expected), $"{actual:R} is not {expected:R}");
}
