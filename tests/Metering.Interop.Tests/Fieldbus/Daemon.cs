using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Metering.Interop.Tests.Fieldbus;

/// <summary>A foreign program run by a test, stopped with it.</summary>
internal sealed class Daemon : IDisposable
{
    private readonly Process _process;

    private Daemon(Process process) => _process = process;

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            _process.WaitForExit(TimeSpan.FromSeconds(5));
        }

        _process.Dispose();
    }

    /// <summary>False, with a printed reason, when a program is missing; a failure where the daemons are required.</summary>
    internal static bool IsMissing(params string[] paths)
    {
        string? missing = Array.Find(paths, path => !File.Exists(path));
        return missing is not null && Skip($"{missing} is not installed");
    }

    internal static bool Skip(string reason)
    {
        if (Environment.GetEnvironmentVariable("METERING_REQUIRE_DAEMONS") is "1")
        {
            throw new InvalidOperationException(reason);
        }

        Console.WriteLine($"SKIPPED: {reason}");
        return true;
    }

    internal static Daemon Start(string path, params string[] arguments) =>
        new(Process.Start(new ProcessStartInfo(path, arguments))!);

    /// <summary>Runs a program to its end and gives all it printed.</summary>
    internal static (int ExitCode, string Output) Run(string path, params string[] arguments)
    {
        ProcessStartInfo info = new(path, arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        using Process process = Process.Start(info)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        if (!process.WaitForExit(TimeSpan.FromSeconds(20)))
        {
            process.Kill(entireProcessTree: true);
            process.WaitForExit();
        }

        return (process.ExitCode, output + errors.GetAwaiter().GetResult());
    }

    internal static int FreePort()
    {
        using Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    /// <summary>Tries until it works or 20 s have passed; programs take a while to come up.</summary>
    internal static bool Eventually(Func<bool> attempt)
    {
        using ManualResetEventSlim never = new();
        long start = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(20))
        {
            if (attempt())
            {
                return true;
            }

            never.Wait(TimeSpan.FromMilliseconds(50));
        }

        return false;
    }

    internal static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
