using System.ComponentModel;
using System.Diagnostics;

namespace Metering.Gateway.Diagnosis.Health;

/// <summary>Asks a program of the system, with a deadline.</summary>
internal static class SystemProgram
{
    private const int DeadlineMilliseconds = 5_000;

    /// <summary>The first line it prints; null when it is not there, says nothing, or takes too long.</summary>
    internal static string? FirstLine(string program, params string[] arguments)
    {
        try
        {
            using Process? process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false });
            if (process is null)
            {
                return null;
            }

            if (!process.WaitForExit(DeadlineMilliseconds))
            {
                process.Kill();
                return null;
            }

            return process.StandardOutput.ReadLine();
        }
        catch (Exception e) when (e is Win32Exception or InvalidOperationException)
        {
            return null;
        }
    }
}
