using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Metering.Mqtt;
using Xunit;

namespace Metering.Interop.Tests.Mqtt;

/// <summary>How a broker for a test shall be set up.</summary>
public sealed record MosquittoSettings
{
    /// <summary>Password by user; empty allows anonymous clients.</summary>
    public IReadOnlyDictionary<string, string> Passwords { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Lines of the ACL file; empty for none.</summary>
    public IReadOnlyList<string> AccessRules { get; init; } = [];

    /// <summary>Further lines of mosquitto.conf.</summary>
    public IReadOnlyList<string> ConfigurationLines { get; init; } = [];

    /// <summary>How many unacknowledged messages it takes from a client, and sends to one.</summary>
    public int MaximumInFlight { get; init; } = 100;

    /// <summary>Seconds between two savings of its memory to disk.</summary>
    public int AutosaveSeconds { get; init; } = 1;
}

/// <summary>A real mosquitto on 127.0.0.1 and a free port, with its files in a folder of its own. It can be stopped, killed and started again.</summary>
public sealed class Mosquitto : IAsyncDisposable
{
    private const int StartAttempts = 5;
    private static readonly TimeSpan StartDeadline = TimeSpan.FromSeconds(20);
    private static readonly string[] Places = ["/usr/sbin/mosquitto", "/usr/bin/mosquitto", "/usr/local/sbin/mosquitto"];

    private readonly string folder = Directory.CreateTempSubdirectory("metering-mosquitto-").FullName;
    private readonly StringBuilder log = new();
    private readonly MosquittoSettings settings;
    private Process? process;

    private Mosquitto(MosquittoSettings settings) => this.settings = settings;

    /// <summary>The port it listens on; the same after a restart.</summary>
    public int Port { get; private set; }

    /// <summary>What it has logged so far.</summary>
    public string Log
    {
        get
        {
            lock (log)
            {
                return log.ToString();
            }
        }
    }

    /// <summary>Starts one. A test that calls it says so with [NeedsFact("mosquitto")].</summary>
    public static async Task<Mosquitto> StartAsync(MosquittoSettings? settings = null)
    {
        Mosquitto broker = new(settings ?? new MosquittoSettings());
        try
        {
            await broker.StartFirstAsync();
            return broker;
        }
        catch
        {
            await broker.DisposeAsync();
            throw;
        }
    }

    /// <summary>Options of a client of this broker, with the password of that user if it has one.</summary>
    public MqttClientOptions Options(string clientId, string? user = null) => new()
    {
        Host = "127.0.0.1",
        Port = Port,
        ClientId = clientId,
        UserName = user,
        Password = user is not null && settings.Passwords.TryGetValue(user, out string? password) ? password : null,
        SessionExpiry = TimeSpan.FromHours(1),
    };

    /// <summary>Starts it again, on the same port and files.</summary>
    public async Task StartAgainAsync()
    {
        if (!await TryStartAsync())
        {
            throw new InvalidOperationException($"mosquitto did not start again: {Log}");
        }
    }

    /// <summary>Ends it as a crash would (SIGKILL); what it had not saved is gone.</summary>
    public async Task KillAsync()
    {
        if (process is not null)
        {
            process.Kill();
            await process.WaitForExitAsync();
            process.Dispose();
            process = null;
        }
    }

    /// <summary>Asks it to end (SIGTERM), which saves its state, and waits until it has.</summary>
    public async Task StopAsync()
    {
        if (process is not null)
        {
            using Process kill = Process.Start("/bin/kill", ["-TERM", process.Id.ToString(CultureInfo.InvariantCulture)]);
            await kill.WaitForExitAsync();
            await process.WaitForExitAsync().WaitAsync(StartDeadline);
            process.Dispose();
            process = null;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        Directory.Delete(folder, recursive: true);
    }

    private static int FreePort()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static async Task RunAsync(string program, params string[] arguments)
    {
        using Process tool = Process.Start(program, arguments);
        await tool.WaitForExitAsync().WaitAsync(StartDeadline);
        Assert.Equal(0, tool.ExitCode);
    }

    private async Task StartFirstAsync()
    {
        // The port is free when it is chosen; should another process take it before mosquitto does, the next one is tried.
        for (int attempt = 0; attempt < StartAttempts; attempt++)
        {
            Port = FreePort();
            await WriteConfigurationAsync();
            if (await TryStartAsync())
            {
                return;
            }
        }

        throw new InvalidOperationException($"mosquitto did not start: {Log}");
    }

    private async Task WriteConfigurationAsync()
    {
        List<string> lines =
        [
            $"listener {Port} 127.0.0.1",
            $"user {Environment.UserName}",     // else a broker started by root gives up its rights, and its folder
            "persistence true",
            $"persistence_location {folder}/",
            $"autosave_interval {settings.AutosaveSeconds}",
            "max_queued_messages 1000000",      // 0 (no limit) makes 2.0.11 cut off a client after a message its rules deny
            $"max_inflight_messages {settings.MaximumInFlight}",
            "set_tcp_nodelay true",
            "log_dest stderr",
            $"allow_anonymous {(settings.Passwords.Count == 0 ? "true" : "false")}",
            .. settings.ConfigurationLines,
        ];
        if (settings.Passwords.Count > 0)
        {
            string file = Path.Combine(folder, "passwords");
            await File.WriteAllTextAsync(file, string.Empty);
            foreach ((string user, string password) in settings.Passwords)
            {
                await RunAsync("mosquitto_passwd", "-b", file, user, password);
            }

            lines.Add($"password_file {file}");
        }

        if (settings.AccessRules.Count > 0)
        {
            string file = Path.Combine(folder, "acl");
            await File.WriteAllLinesAsync(file, settings.AccessRules);
            lines.Add($"acl_file {file}");
        }

        await File.WriteAllLinesAsync(Path.Combine(folder, "mosquitto.conf"), lines);
    }

    private async Task<bool> TryStartAsync()
    {
        TaskCompletionSource<bool> started = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Process next = new()
        {
            StartInfo = new ProcessStartInfo(Places.First(File.Exists), ["-c", Path.Combine(folder, "mosquitto.conf")]) { RedirectStandardError = true, UseShellExecute = false },
            EnableRaisingEvents = true,
        };
        next.ErrorDataReceived += (_, line) =>
        {
            lock (log)
            {
                log.AppendLine(line.Data);
            }

            // It says so once its sockets listen.
            if (line.Data is null || (line.Data.Contains("mosquitto version", StringComparison.Ordinal) && line.Data.EndsWith(" running", StringComparison.Ordinal)))
            {
                started.TrySetResult(line.Data is not null);
            }
        };
        next.Start();
        next.BeginErrorReadLine();
        process = next;
        if (await started.Task.WaitAsync(StartDeadline))
        {
            return true;
        }

        await KillAsync();
        return false;
    }
}
