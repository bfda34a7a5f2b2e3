using System.ComponentModel;
using System.Diagnostics;

namespace Metering.Gateway.Diagnosis.Health;

/// <summary>Asks a program of the system, with a deadline.</summary>
internal static class SystemProgram
{
    private const int DeadlineMilliseconds = 5_000;

    /// <summary>All it prints on standard output; null when it is not there, fails, or takes too long.</summary>
    internal static async Task<string?> TextAsync(string program, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        try
        {
            using Process? process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false });
            if (process is null)
            {
                return null;
            }

            using CancellationTokenSource deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            deadline.CancelAfter(DeadlineMilliseconds);
            try
            {
                Task<string> talk = process.StandardError.ReadToEndAsync(deadline.Token);
                string text = await process.StandardOutput.ReadToEndAsync(deadline.Token);
                _ = await talk;
                await process.WaitForExitAsync(deadline.Token);
                return process.ExitCode == 0 ? text : null;
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                process.Kill();
                return null;
            }
        }
        catch (Exception e) when (e is Win32Exception or InvalidOperationException)
        {
            return null;
        }
    }

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
