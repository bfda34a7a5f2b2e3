using System.Globalization;
using System.Text;
using Metering.Tests.Support;

namespace Metering.Tests.CloudCommands;

/// <summary>A reference case as a user would ask for it: a command and its arguments.</summary>
/// <param name="Name">Its name in the golden file.</param>
/// <param name="IsIntervals">`cloud intervals`; otherwise `cloud savings`.</param>
/// <param name="Arguments">The arguments.</param>
internal sealed record ReferenceCase(string Name, bool IsIntervals, string[] Arguments);

/// <summary>All reference cases of the shared material.</summary>
internal sealed class ReferenceCases
{
    private const string Folder = "reference/mv/";
    private readonly CommandRunner runner;
    private readonly List<ReferenceCase> cases = [];

    private ReferenceCases(CommandRunner runner) => this.runner = runner;

    public static IReadOnlyList<ReferenceCase> All(CommandRunner runner)
    {
        ReferenceCases reference = new(runner);
        reference.Meters();
        reference.Eload();
        reference.Industrial();
        reference.Plants();
        reference.Counters();
        return reference.cases;
    }

    /// <summary>A file of the reference folder.</summary>
    public static string Shared(string relative) => Repository.SharedFile(Folder + relative)!;

    /// <summary>Files with one header put one after the other.</summary>
    public static string Joined(CommandRunner runner, string name, params string[] relatives)
    {
        StringBuilder text = new();
        foreach (string relative in relatives)
        {
            string[] lines = File.ReadAllLines(Shared(relative));
            text.AppendJoin('\n', text.Length == 0 ? lines : lines[1..]).Append('\n');
        }

        return runner.Write(name, text.ToString());
    }

    private void Meters()
    {
        foreach (string fuel in new[] { "electricity-cdd-hdd", "gas-intercept-only" })
        {
            foreach ((string length, string model, string baseline, string reporting) in new[]
            {
                ("daily", "caltrack-daily", "2015-12-27..2016-12-26", "2017-01-04..2018-01-03"),
                ("billing_monthly", "caltrack-billing", "2015-12-19..2016-12-25", "2017-01-04..2018-01-25"),
                ("billing_bimonthly", "caltrack-billing", "2015-12-19..2016-12-25", "2017-01-04..2018-01-25"),
                ("hourly", "caltrack-hourly", "2015-12-27..2016-12-25", "2017-01-04..2018-01-03"),
            })
            {
                string name = $"il-{fuel}-{length}";
                Savings(name, Shared($"eemeter/{name}.csv"), "start", "value", baseline, reporting,
                    "--model", model, "--temperature", Shared("eemeter/temperature-il-tempF.csv"), "--fuel", fuel.StartsWith("gas", StringComparison.Ordinal) ? "gas" : "electricity");
            }
        }
    }

    private void Eload()
    {
        string path = Joined(runner, "eload.csv", "nmecr/eload-daily-baseline.csv", "nmecr/eload-daily-performance.csv");
        foreach (string model in new[] { "ols", "cp", "auto" })
        {
            Savings($"eload-{model}", path, "time", "eload", "2012-03-01..2013-02-28", "2014-03-01..2015-02-28", "--drivers", "temp", "--model", model);
        }

        Savings("eload-backcast", path, "time", "eload", "2012-03-01..2013-02-28", "2014-03-01..2015-02-28", "--drivers", "temp", "--model", "auto", "--kind", "backcast");
        Savings("eload-normalised", path, "time", "eload", "2012-03-01..2013-02-28", "2014-03-01..2015-02-28", "--drivers", "temp", "--model", "auto", "--kind", "normalised");
        Savings("eload-mean", path, "time", "eload", "2012-03-01..2013-02-28", "2014-03-01..2015-02-28", "--model", "mean");
    }

    private void Industrial()
    {
        foreach (string plant in new[] { "acme-mclean", "acme-minneapolis" })
        {
            Savings($"{plant}-ols", Shared($"industrial/{plant}.csv"), "Date", "Natural Gas (MMBTU)", "2007-01-01..2007-12-31", "2009-01-01..2009-12-31", "--drivers", "Production,HDD");
            Savings($"{plant}-auto", Shared($"industrial/{plant}.csv"), "Date", "Electricity (MMBTU)", "2007-01-01..2007-12-31", "2009-01-01..2009-12-31", "--drivers", "auto");
        }
    }

    private void Plants()
    {
        for (int plant = 0; plant < 40; plant += 2)
        {
            string name = string.Create(CultureInfo.InvariantCulture, $"syn-{plant:00}");
            Savings(name, Shared($"synthetic/savings/{name}.csv"), "date", "value", "2024-01-01..2024-12-30", "2025-03-01..2026-02-28", "--drivers", "auto", "--events", "apply");
        }
    }

    private void Counters()
    {
        foreach (string path in Directory.EnumerateFiles(Shared("synthetic/counters"), "ctr-*.csv").Where(path => !path.EndsWith("truth.csv", StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            cases.Add(new(Path.GetFileNameWithoutExtension(path), true, ["--csv", path, "--time", "time", "--register", "register", "--step", "15m", "--json"]));
        }
    }

    private void Savings(string name, string path, string time, string use, string baseline, string reporting, params string[] more) =>
        cases.Add(new(name, false, ["--csv", path, "--time", time, "--use", use, "--baseline", baseline, "--reporting", reporting, .. more, "--json"]));
}
