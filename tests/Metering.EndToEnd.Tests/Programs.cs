using System.Diagnostics;
using Metering.Cloud.Demo;
using Xunit;

namespace Metering.EndToEnd;

/// <summary>What a program said and how it ended.</summary>
internal sealed record Answer(int ExitCode, string Output, string Error)
{
    /// <summary>The same, once it is sure that the exit code is the one expected.</summary>
    public Answer Expect(int exitCode)
    {
        Assert.True(ExitCode == exitCode, $"exit code {ExitCode}, not {exitCode}:{Environment.NewLine}{Output}{Error}");
        return this;
    }
}

/// <summary>Runs programs to their end, each with a deadline.</summary>
internal static class Programs
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(2);

    /// <summary>Runs one of our executables as it lies in the build output.</summary>
    public static Task<Answer> RunOwnAsync(string assembly, params string[] arguments) =>
        RunAsync("dotnet", [Child.OwnAssembly(assembly), .. arguments]);

    /// <summary>Runs any program; variables are added to the environment.</summary>
    public static async Task<Answer> RunAsync(string program, IReadOnlyList<string> arguments, params (string Name, string Value)[] variables)
    {
        ProcessStartInfo start = new(program, arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach ((string name, string value) in variables)
        {
            start.Environment[name] = value;
        }

        using Process process = Process.Start(start)!;
        using CancellationTokenSource deadline = new(Deadline);
        try
        {
            Task<string> output = process.StandardOutput.ReadToEndAsync(deadline.Token);
            Task<string> error = process.StandardError.ReadToEndAsync(deadline.Token);
            await process.WaitForExitAsync(deadline.Token);
            return new(process.ExitCode, await output, await error);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
                process.WaitForExit();
            }
        }
    }
}
