using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using Metering.Ingestion;
using Metering.Readings;
using Metering.Store.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace Metering.Benchmarks.Ingestion;

/// <summary>What the ingestion process has used and done since it started.</summary>
/// <param name="Processor">Processor time, user and system.</param>
/// <param name="Allocated">Bytes allocated on the managed heap.</param>
/// <param name="PeakLength">Most memory the process has held, in bytes.</param>
/// <param name="Readings">Readings made durable.</param>
/// <param name="Refused">Messages set aside or contradicting; 0 in a sound run.</param>
internal sealed record IngestionUse(TimeSpan Processor, long Allocated, long PeakLength, long Readings, long Refused);

/// <summary>
/// The real ingestion worker with its store in a process of its own, so that its processor time is its own. The parent
/// writes "use" or "stop" to its input.
/// </summary>
internal sealed class IngestionProcess : IDisposable
{
    /// <summary>The verb under which this program starts itself as the ingestion process.</summary>
    public const string Verb = "ingestion-process";

    private const string Ready = "ready";
    private readonly Process _process;

    private IngestionProcess(Process process) => _process = process;

    public Process Process => _process;

    /// <summary>Starts it on a folder that holds the store "metering.db" and the cloud's key "cloud.pem".</summary>
    public static async Task<IngestionProcess> StartAsync(string folder, int brokerPort, CancellationToken cancellationToken)
    {
        ProcessStartInfo start = new(Environment.ProcessPath!) { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true };
        foreach (string argument in (string[])[typeof(IngestionProcess).Assembly.Location, Verb, folder, brokerPort.ToString(CultureInfo.InvariantCulture)])
        {
            start.ArgumentList.Add(argument);
        }

        IngestionProcess child = new(Process.Start(start)!);
        string? line = await child._process.StandardOutput.ReadLineAsync(cancellationToken);
        return line == Ready ? child : throw new InvalidOperationException($"the ingestion process did not start: {line}");
    }

    public async Task<IngestionUse> UseAsync(CancellationToken cancellationToken)
    {
        await _process.StandardInput.WriteLineAsync("use".AsMemory(), cancellationToken);
        string line = await _process.StandardOutput.ReadLineAsync(cancellationToken) ?? throw new InvalidOperationException("the ingestion process has ended");
        long[] numbers = [.. line.Split(' ').Select(field => long.Parse(field, CultureInfo.InvariantCulture))];
        return new(TimeSpan.FromTicks(numbers[0]), numbers[1], numbers[2], numbers[3], numbers[4]);
    }

    /// <summary>Stops it in order; the store is closed on return.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _process.StandardInput.WriteLineAsync("stop".AsMemory(), cancellationToken);
        await _process.WaitForExitAsync(cancellationToken);
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            _process.WaitForExit();
        }

        _process.Dispose();
    }

    /// <summary>The ingestion process itself.</summary>
    public static async Task<int> RunAsync(string folder, int brokerPort)
    {
        using ECDsa key = SigningKey.Load(Path.Combine(folder, "cloud.pem"));
        using SqliteStore store = SqliteStore.Open(Path.Combine(folder, "metering.db"), TimeProvider.System);
        IngestionState state = new();
        IngestionOptions options = new()
        {
            Name = LoadBroker.CloudUser,
            Key = key,
            BrokerHost = "127.0.0.1",
            BrokerPort = brokerPort,
            UserName = LoadBroker.CloudUser,
            Password = LoadBroker.CloudPassword,
        };
        using IngestionWorker worker = new(options, store, state, TimeProvider.System, NullLogger<IngestionWorker>.Instance);
        await worker.StartAsync(CancellationToken.None);
        Exception? fault = await worker.FirstAttempt;
        Console.WriteLine(fault is null ? Ready : fault.Message);
        while (Console.ReadLine() is string line && line != "stop")
        {
            using Process own = Process.GetCurrentProcess();
            IngestionTotals totals = state.Totals();
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{own.TotalProcessorTime.Ticks} {GC.GetTotalAllocatedBytes()} {own.PeakWorkingSet64} {totals.Readings} {totals.Quarantined + totals.Forks + totals.Retained}"));
        }

        await worker.StopAsync(CancellationToken.None);
        return 0;
    }
}
