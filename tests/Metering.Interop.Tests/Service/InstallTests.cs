using System.Diagnostics;
using System.Runtime.Versioning;
using Metering.Tests.Support;
using Xunit;

namespace Metering.Interop.Tests.Service;

/// <summary>The installation script, in a folder that stands for the root of an image.</summary>
[SupportedOSPlatform("linux")]
public sealed class InstallTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("metering-install-").FullName;

    public InstallTests()
    {
        // What publish.sh makes, from what is built already.
        string built = Repository.Path(".artifacts", "bin", "Metering.Gateway", "release");
        Directory.CreateDirectory(At("package/profiles"));
        foreach (string file in Directory.GetFiles(built, "*.dll").Concat(Directory.GetFiles(built, "*.json")))
        {
            File.Copy(file, At("package/" + Path.GetFileName(file)));
        }

        File.Copy(Repository.Path("gateway", "profiles", "eastron-sdm630.yaml"), At("package/profiles/eastron-sdm630.yaml"));
        foreach (string part in new[] { "install.sh", "systemd/metering-gateway.service", "udev/60-metering.rules" })
        {
            Directory.CreateDirectory(Path.GetDirectoryName(At("package/" + part))!);
            File.Copy(Repository.Path("hardware", part), At("package/" + part));
        }
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Everything_comes_to_its_place_and_a_second_run_changes_nothing()
    {
        Assert.Equal(0, Install("--prefix", At("root")).ExitCode);
        foreach (string file in new[] { "opt/metering/Metering.Gateway.dll", "opt/metering/profiles/eastron-sdm630.yaml", "etc/systemd/system/metering-gateway.service", "etc/udev/rules.d/60-metering.rules", "usr/local/bin/metering-gateway" })
        {
            Assert.True(File.Exists(At("root/" + file)), file);
        }

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(At("root/var/lib/metering")));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(At("root/etc/metering/credentials/broker.password")));
        Assert.False(File.Exists(At("root/opt/metering/install.sh")));
        string[] before = Tree();
        Assert.Equal(0, Install("--prefix", At("root")).ExitCode);
        Assert.Equal(before, Tree());
    }

    [Fact]
    public void A_configuration_a_password_and_the_outbox_are_never_written_over_and_stay_when_it_is_removed()
    {
        _ = Install("--prefix", At("root"));
        string[] precious = ["etc/metering/gateway.yaml", "etc/metering/gateway.pem", "etc/metering/credentials/broker.password", "var/lib/metering/cycles/1"];
        foreach (string file in precious)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(At("root/" + file))!);
            File.WriteAllText(At("root/" + file), "precious " + file);
        }

        Assert.Equal(0, Install("--prefix", At("root")).ExitCode);
        Assert.Equal(0, Install("--uninstall", "--prefix", At("root")).ExitCode);
        Assert.All(precious, file => Assert.Equal("precious " + file, File.ReadAllText(At("root/" + file))));
        Assert.False(Directory.Exists(At("root/opt/metering")));
        Assert.False(File.Exists(At("root/etc/systemd/system/metering-gateway.service")));
        Assert.Equal(0, Install("--uninstall", "--prefix", At("root")).ExitCode);
    }

    [Fact]
    public void A_dry_run_says_what_it_would_do_and_does_nothing()
    {
        Directory.CreateDirectory(At("root"));
        (int exitCode, string said) = Install("--dry-run", "--prefix", At("root"));
        Assert.Equal(0, exitCode);
        Assert.Contains("would: ", said, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(At("root")));
    }

    [Fact]
    public void Where_chrony_keeps_the_time_the_gateway_may_ask_the_kernel()
    {
        Directory.CreateDirectory(At("root/usr/sbin"));
        File.WriteAllText(At("root/usr/sbin/chronyd"), "");
        File.SetUnixFileMode(At("root/usr/sbin/chronyd"), UnixFileMode.UserRead | UnixFileMode.UserExecute);
        Assert.Equal(0, Install("--prefix", At("root")).ExitCode);
        Assert.Contains("ProtectClock=no", File.ReadAllText(At("root/etc/systemd/system/metering-gateway.service.d/10-clock.conf")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(64, "--nonsense")]
    [InlineData(64, "--prefix")]
    [InlineData(0, "--help")]
    public void Wrong_arguments_are_told(int exitCode, params string[] arguments)
    {
        (int code, string said) = Install(arguments);
        Assert.Equal(exitCode, code);
        Assert.Contains("usage:", said, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_without_the_program_is_refused()
    {
        File.Delete(At("package/Metering.Gateway.dll"));
        (int exitCode, string said) = Install("--prefix", At("root"));
        Assert.Equal(65, exitCode);
        Assert.Contains("publish.sh", said, StringComparison.Ordinal);
    }

    private string At(string name) => Path.Combine(_folder, name);

    private string[] Tree() => [.. Directory.GetFileSystemEntries(At("root"), "*", SearchOption.AllDirectories)
        .Select(file => $"{file} {File.GetUnixFileMode(file)} {(File.Exists(file) ? new FileInfo(file).Length : 0)}")
        .Order(StringComparer.Ordinal)];

    private (int ExitCode, string Said) Install(params string[] arguments)
    {
        ProcessStartInfo start = new("/bin/sh", [At("package/install.sh"), .. arguments]) { RedirectStandardError = true, RedirectStandardOutput = true, UseShellExecute = false };
        using Process process = Process.Start(start)!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output + error.GetAwaiter().GetResult());
    }
}
