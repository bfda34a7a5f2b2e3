using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using Metering.Tests.Support;

namespace Metering.Tests.CloudHost;

/// <summary>The cloud as a process of its own, with all that it prints.</summary>
internal sealed class CloudProcess : IAsyncDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(120);
    private readonly Process process;
    private readonly ConcurrentQueue<string> printed = new();

    private CloudProcess(Process process) => this.process = process;

    /// <summary>Where its pages answer.</summary>
    public Uri Address { get; private set; } = new("http://127.0.0.1/");

    /// <summary>What it printed so far, on both streams.</summary>
    public string Printed => string.Join('\n', printed);

    private static string Program => Repository.Path(".artifacts", "bin", "Metering.Cloud", "release", "Metering.Cloud.dll");

    /// <summary>Starts `cloud run --role web` and waits until it is ready.</summary>
    public static async Task<CloudProcess> StartAsync(CloudFolder folder)
    {
        CloudProcess cloud = new(Process.Start(StartOf("run", "--config", folder.At("cloud.yaml"), "--role", "web"))!);
        TaskCompletionSource<string> first = new(TaskCreationOptions.RunContinuationsAsynchronously);
        cloud.process.OutputDataReceived += (_, line) =>
        {
            cloud.printed.Enqueue(line.Data ?? "");
            _ = first.TrySetResult(line.Data ?? "");
        };
        cloud.process.ErrorDataReceived += (_, line) => cloud.printed.Enqueue(line.Data ?? "");
        cloud.process.BeginOutputReadLine();
        cloud.process.BeginErrorReadLine();
        string ready = await first.Task.WaitAsync(Deadline);
        if (ready.Length == 0)
        {
            await cloud.process.WaitForExitAsync();
            throw new InvalidOperationException($"the cloud ended with {cloud.process.ExitCode} before it was ready: {cloud.Printed}");
        }

        using JsonDocument line = JsonDocument.Parse(ready);
        cloud.Address = new(line.RootElement.GetProperty("web").GetString()!);
        return cloud;
    }

    /// <summary>Runs another command to its end.</summary>
    public static Task<(int ExitCode, string Output, string Error)> RunAsync(params string[] arguments) => RunInAsync("", arguments);

    /// <summary>The same in a terminal of a language, "es" or "en"; in that of the tests when it is empty.</summary>
    public static async Task<(int ExitCode, string Output, string Error)> RunInAsync(string language, params string[] arguments)
    {
        ProcessStartInfo start = StartOf(arguments);
        if (language.Length > 0)
        {
            start.Environment["LC_ALL"] = language == "es" ? "es_MX.UTF-8" : "en_US.UTF-8";
        }

        using Process command = Process.Start(start)!;
        Task<string> output = command.StandardOutput.ReadToEndAsync();
        Task<string> error = command.StandardError.ReadToEndAsync();
        await command.WaitForExitAsync().WaitAsync(Deadline);
        return (command.ExitCode, await output, await error);
    }

    /// <summary>Ends it as the service manager does, and waits for the last it prints.</summary>
    public async Task StopAsync()
    {
        if (!process.HasExited)
        {
            using Process kill = Process.Start("kill", ["-TERM", process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
            await kill.WaitForExitAsync();
        }

        await process.WaitForExitAsync().WaitAsync(Deadline);
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            process.Kill();
            await process.WaitForExitAsync();
        }

        process.Dispose();
    }

    private static ProcessStartInfo StartOf(params string[] arguments) =>
        new("dotnet", [Program, .. arguments]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
}
