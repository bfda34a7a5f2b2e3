using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Metering.Tests.Support;
using Xunit;

namespace Metering.Tests.Service;

/// <summary>The unit that the installation brings, judged by systemd itself.</summary>
public sealed class SystemdUnitTests
{
    /// <summary>systemd's own figure: 0 is shut off from everything, 10 is unprotected. The network and the serial ports are what is left.</summary>
    private const double HighestExposure = 1.6;

    private static readonly string Unit = Repository.Path("hardware", "systemd", "metering-gateway.service");

    [NeedsFact("systemd-analyze")]
    public void The_unit_is_shut_off_from_what_it_does_not_need()
    {
        (int exitCode, string output) = Analyze("security", "--offline=true", "--no-pager", Unit);
        Match overall = Regex.Match(output, @"Overall exposure level for \S+: ([0-9.]+)");
        Assert.True(overall.Success, output);
        Assert.True(double.Parse(overall.Groups[1].Value, CultureInfo.InvariantCulture) <= HighestExposure, output);
        Assert.Equal(0, exitCode);
    }

    [Fact]
    public void The_unit_is_watched_restarted_and_not_restarted_for_what_a_person_must_mend()
    {
        string[] lines = File.ReadAllLines(Unit);
        foreach (string line in new[] { "Type=notify", "WatchdogSec=30", "Restart=always", "RestartSec=5", "RestartPreventExitStatus=64 77 78", "MemoryMax=256M", "StateDirectory=metering", "ConfigurationDirectory=metering" })
        {
            Assert.Contains(line, lines);
        }
    }

    private static (int ExitCode, string Output) Analyze(params string[] arguments)
    {
        ProcessStartInfo start = new("systemd-analyze", arguments) { RedirectStandardOutput = true, UseShellExecute = false };
        start.Environment["LC_ALL"] = "C";
        using Process process = Process.Start(start)!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output);
    }
}
