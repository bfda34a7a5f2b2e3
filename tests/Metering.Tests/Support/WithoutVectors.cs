using System.Diagnostics;
using System.Reflection;
using Xunit;

namespace Metering.Tests.Support;

/// <summary>Runs a test of this assembly again in a process of its own, with vector instructions switched off.</summary>
internal static class WithoutVectors
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    /// <summary>Runs it; it must pass, and be one test.</summary>
    /// <param name="test">Name of the test, as no other has it.</param>
    /// <param name="variable">Environment variable of the runtime that is set to 0.</param>
    public static async Task PassesAsync(string test, string variable)
    {
        ProcessStartInfo start = new("dotnet")
        {
            ArgumentList = { "test", Assembly.GetExecutingAssembly().Location, "--filter", $"FullyQualifiedName~{test}" },
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            Environment = { [variable] = "0", ["METERING_GOLDEN"] = "" },
        };
        using Process process = Process.Start(start)!;
        using CancellationTokenSource limit = new(Limit);
        Task<string> errors = process.StandardError.ReadToEndAsync(limit.Token);
        string output = await process.StandardOutput.ReadToEndAsync(limit.Token);
        await process.WaitForExitAsync(limit.Token);
        Assert.True(process.ExitCode == 0, $"{variable}=0:\n{output}{await errors}");
        Assert.Contains("Passed:     1", output, StringComparison.Ordinal);
    }
}
