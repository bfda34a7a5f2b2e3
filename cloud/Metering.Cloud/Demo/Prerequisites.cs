namespace Metering.Cloud.Demo;

/// <summary>What the demo needs beside itself: mosquitto.</summary>
internal static class Prerequisites
{
    private const string Install = "sudo apt-get install -y --no-install-recommends mosquitto";

    /// <summary>Installs mosquitto where that is allowed; otherwise says the line that does it.</summary>
    /// <exception cref="DemoException">It is absent and cannot be installed (69).</exception>
    public static async Task EnsureMosquittoAsync(DemoTexts texts, CancellationToken cancellationToken)
    {
        if (Broker.Find() is not null)
        {
            return;
        }

        bool isRoot = Environment.UserName == "root";
        bool hasApt = File.Exists("/usr/bin/apt-get");
        if (!hasApt || (!isRoot && !File.Exists("/usr/bin/sudo")))
        {
            throw new DemoException(69, texts.InstallLine(Install));
        }

        await Stages.RunAsync("apt-get install mosquitto", async () =>
        {
            string[] before = isRoot ? [] : ["sudo", "-n"];
            _ = await Tool.TryRunProgramAsync("/usr/bin/env", [.. before, "apt-get", "update", "-qq"], cancellationToken);
            // policy-rc.d is not touched: the packaged service may start on its own port; the demo uses a broker of its own.
            (int exitCode, _) = await Tool.TryRunProgramAsync(
                "/usr/bin/env",
                [.. before, "DEBIAN_FRONTEND=noninteractive", "apt-get", "install", "-y", "-qq", "--no-install-recommends", "mosquitto"],
                cancellationToken);
            return exitCode == 0 && Broker.Find() is not null ? "" : throw new DemoException(69, texts.InstallLine(Install));
        });
    }
}
