using System.Diagnostics;

namespace Metering.Cloud.Demo;

/// <summary>Runs one of our executables to its end.</summary>
internal static class Tool
{
    /// <summary>Runs it and expects exit code 0.</summary>
    /// <exception cref="DemoException">It ended with another code.</exception>
    public static async Task RunAsync(string logFolder, string assembly, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        (int exitCode, string talk) = await TryRunAsync(assembly, arguments, cancellationToken);
        if (exitCode != 0)
        {
            throw new DemoException(70, $"{assembly} {arguments[0]} ended with exit code {exitCode} (logs: {logFolder}):{Environment.NewLine}{talk}");
        }
    }

    /// <summary>Where a program stands on the path; null when it is not installed.</summary>
    public static string? Find(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Where(folder => folder.Length > 0).Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);

    /// <summary>Runs it and gives its exit code and everything it said.</summary>
    public static async Task<(int ExitCode, string Talk)> TryRunAsync(string assembly, IReadOnlyList<string> arguments, CancellationToken cancellationToken) =>
        await TryRunProgramAsync("dotnet", [Child.OwnAssembly(assembly), .. arguments], cancellationToken);

    /// <summary>Runs any program and gives its exit code and everything it said.</summary>
    public static async Task<(int ExitCode, string Talk)> TryRunProgramAsync(string program, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        ProcessStartInfo start = new(program, arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        using Process process = Process.Start(start) ?? throw new DemoException(70, $"{program} cannot be started");
        Task<string> output = process.StandardOutput.ReadToEndAsync(cancellationToken);
        Task<string> error = process.StandardError.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        return (process.ExitCode, await output + await error);
    }
}
