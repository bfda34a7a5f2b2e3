using System.Diagnostics;
using System.Text.Json;
using Metering.Tests.Support;
using Xunit;

namespace Metering.EndToEnd.Tests.BadInput;

/// <summary>What an executable said.</summary>
internal sealed record Said(string CommandLine, int ExitCode, string Output, string Error)
{
    /// <summary>The exit code, the words, and what no user may ever see.</summary>
    public Said Expect(int exitCode, params string[] words)
    {
        Assert.True(ExitCode == exitCode, $"exit code {ExitCode}, expected {exitCode}: {this}");
        foreach (string word in words)
        {
            Assert.True((Output + Error).Contains(word, StringComparison.Ordinal), $"does not say '{word}': {this}");
        }

        foreach (string internals in new[] { "   at ", "System.", "Exception", "(Parameter", "Unhandled", "'.. ", ".," })
        {
            Assert.False(Error.Contains(internals, StringComparison.Ordinal), $"says '{internals}': {this}");
        }

        return this;
    }

    /// <summary>Exactly one JSON object on standard output.</summary>
    public JsonElement Json()
    {
        using JsonDocument document = JsonDocument.Parse(Output);
        Assert.Equal(JsonValueKind.Object, document.RootElement.ValueKind);
        return document.RootElement.Clone();
    }
}

/// <summary>The built executables, run as processes with a deadline.</summary>
internal static class Executable
{
    public const string Gateway = "Metering.Gateway";
    public const string Cloud = "Metering.Cloud";
    public const string Simulator = "Metering.FirmwareSim";
    public const string Verifier = "Metering.Verifier";

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    public static Task<Said> RunAsync(string project, string folder, params string[] arguments) =>
        RunAsync(project, folder, null, arguments);

    /// <param name="project">Which one.</param>
    /// <param name="folder">Where it runs.</param>
    /// <param name="stopAt">Words on the error stream after which it is stopped with SIGTERM; null lets it end by itself.</param>
    /// <param name="arguments">What it is told.</param>
    public static async Task<Said> RunAsync(string project, string folder, string? stopAt, string[] arguments)
    {
        using Process process = Start(project, folder, arguments);
        using CancellationTokenSource deadline = new(Deadline);
        try
        {
            Task<string> output = process.StandardOutput.ReadToEndAsync(deadline.Token);
            string error = await ReadErrorAsync(process, stopAt, deadline.Token);
            await process.WaitForExitAsync(deadline.Token);
            return new($"{project} {string.Join(' ', arguments)}", process.ExitCode, await output, error);
        }
        finally
        {
            End(process);
        }
    }

    /// <summary>The first line it prints; the process goes on.</summary>
    public static async Task<(Process Process, string Line)> StartAsync(string project, string folder, params string[] arguments)
    {
        Process process = Start(project, folder, arguments);
        process.ErrorDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        using CancellationTokenSource deadline = new(Deadline);
        string? line = await process.StandardOutput.ReadLineAsync(deadline.Token);
        return (process, line ?? throw new InvalidOperationException($"{project} ended before it was ready"));
    }

    public static void Terminate(Process process)
    {
        using Process kill = Process.Start("kill", ["-TERM", process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    public static void End(Process process)
    {
        if (!process.HasExited)
        {
            process.Kill(entireProcessTree: true);
            process.WaitForExit();
        }
    }

    private static Process Start(string project, string folder, string[] arguments)
    {
        string program = Repository.Path(".artifacts", "bin", project, "release", project + ".dll");
        ProcessStartInfo start = new("dotnet", [program, .. arguments])
        {
            WorkingDirectory = folder, UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        start.Environment["DOTNET_SYSTEM_GLOBALIZATION_INVARIANT"] = "1";
        start.Environment["LANG"] = "C";
        return Process.Start(start)!;
    }

    private static async Task<string> ReadErrorAsync(Process process, string? stopAt, CancellationToken cancellationToken)
    {
        if (stopAt is null)
        {
            return await process.StandardError.ReadToEndAsync(cancellationToken);
        }

        System.Text.StringBuilder text = new();
        bool isTold = false;
        while (await process.StandardError.ReadLineAsync(cancellationToken) is string line)
        {
            _ = text.AppendLine(line);
            if (!isTold && line.Contains(stopAt, StringComparison.Ordinal))
            {
                isTold = true;
                Terminate(process);
            }
        }

        return text.ToString();
    }
}
