using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Metering.Cloud.Demo;

/// <summary>
/// A child process of the demo: its standard error goes to a log file, its standard output is read line by line as JSON.
/// </summary>
internal sealed partial class Child : IDisposable
{
    private const int SignalTerminate = 15;
    private const int LinesKept = 12;
    private static readonly TimeSpan StopDeadline = TimeSpan.FromSeconds(15);

    private readonly Process _process;
    private readonly StreamWriter _log;
    private readonly Lock _gate = new();
    private readonly Queue<string> _lastLines = new();
    private readonly TaskCompletionSource<JsonElement> _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<JsonElement> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task _watch = Task.CompletedTask;
    private bool _logClosed;

    private Child(string name, Process process, StreamWriter log)
    {
        Name = name;
        _process = process;
        _log = log;
    }

    /// <summary>What the log file and messages call it.</summary>
    public string Name { get; }

    /// <summary>The latest "progress" object it printed, or null.</summary>
    public JsonElement? Progress { get; private set; }

    /// <summary>Completes with the line that has "ready"; fails when the process ends before.</summary>
    public Task<JsonElement> Ready => _ready.Task;

    /// <summary>Completes with the "done" object; fails when the process ends before.</summary>
    public Task<JsonElement> Done => _done.Task;

    /// <summary>Completes with the exit code.</summary>
    public async Task<int> ExitedAsync()
    {
        await _process.WaitForExitAsync(CancellationToken.None);
        return _process.ExitCode;
    }

    /// <summary>Starts a program.</summary>
    /// <param name="name">Name of the log file, without its ending.</param>
    /// <param name="logFolder">Where the log file goes.</param>
    /// <param name="program">The executable.</param>
    /// <param name="arguments">Its arguments.</param>
    public static Child Start(string name, string logFolder, string program, IReadOnlyList<string> arguments)
    {
        ProcessStartInfo start = new(program, arguments)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        Process process = new() { StartInfo = start };
        Child child = new(name, process, new StreamWriter(Path.Combine(logFolder, name + ".log")) { AutoFlush = true });
        process.OutputDataReceived += (_, line) => child.OnOutput(line.Data);
        process.ErrorDataReceived += (_, line) => child.OnTalk(line.Data);
        _ = process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        process.StandardInput.Close();
        child._watch = child.WatchAsync();
        return child;
    }

    /// <summary>Starts one of our own executables, which lie beside each other in the build output.</summary>
    public static Child StartOwn(string name, string logFolder, string assembly, IReadOnlyList<string> arguments) =>
        Start(name, logFolder, "dotnet", [OwnAssembly(assembly), .. arguments]);

    /// <summary>Path of one of our executables.</summary>
    /// <exception cref="DemoException">It is not built.</exception>
    public static string OwnAssembly(string assembly)
    {
        string path = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", assembly, "release", assembly + ".dll"));
        return File.Exists(path)
            ? path
            : throw new DemoException(69, $"{assembly} is not built. Start the demo with ./metering demo, which builds it.");
    }

    /// <summary>The last lines of its talk, for a message about its failure.</summary>
    public string LastLines()
    {
        lock (_gate)
        {
            return string.Join(Environment.NewLine, _lastLines);
        }
    }

    /// <summary>Asks it to end, waits, and ends it by force after a deadline.</summary>
    public async Task StopAsync()
    {
        if (_process.HasExited)
        {
            return;
        }

        _ = Kill(_process.Id, SignalTerminate);
        using CancellationTokenSource deadline = new(StopDeadline);
        try
        {
            await _process.WaitForExitAsync(deadline.Token);
        }
        catch (OperationCanceledException)
        {
            _process.Kill(entireProcessTree: true);
        }
    }

    /// <summary>Ends it by force if it still runs.</summary>
    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            _process.WaitForExit();
        }

        _ = _watch.Wait(StopDeadline);
        lock (_gate)
        {
            _logClosed = true;
            _log.Dispose();
        }

        _process.Dispose();
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int processId, int signal);

    private void OnOutput(string? line)
    {
        if (line is null)
        {
            return;
        }

        if (!line.StartsWith('{'))
        {
            OnTalk(line);
            return;
        }

        try
        {
            JsonElement message = JsonDocument.Parse(line).RootElement;
            if (message.TryGetProperty("progress", out JsonElement progress))
            {
                Progress = progress;
            }

            if (message.TryGetProperty("ready", out _))
            {
                _ = _ready.TrySetResult(message);
            }

            if (message.TryGetProperty("done", out JsonElement done))
            {
                _ = _done.TrySetResult(done);
            }
        }
        catch (JsonException)
        {
            OnTalk(line);
        }
    }

    private void OnTalk(string? line)
    {
        if (line is null)
        {
            return;
        }

        lock (_gate)
        {
            if (!_logClosed)
            {
                _log.WriteLine(line);
            }

            _lastLines.Enqueue(line);
            if (_lastLines.Count > LinesKept)
            {
                _ = _lastLines.Dequeue();
            }
        }
    }

    // Ends only when both outputs have been read to their end: the last line of a process may arrive after news of its exit.
    private async Task WatchAsync()
    {
        await _process.WaitForExitAsync(CancellationToken.None);
        DemoException ended = new(70, $"{Name} ended with exit code {_process.ExitCode}. Its last words:{Environment.NewLine}{LastLines()}");
        _ = _ready.TrySetException(ended);
        _ = _done.TrySetException(ended);
    }
}
