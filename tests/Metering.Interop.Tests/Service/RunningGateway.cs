using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Metering.Fieldbus.Modbus;
using Metering.Readings;
using Metering.Tests.Support;
using Xunit;

namespace Metering.Interop.Tests.Service;

/// <summary>The real executable with meters on 127.0.0.1 and a socket in place of the service manager.</summary>
internal sealed class RunningGateway : IModbusDevice, IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private readonly ModbusTcpServer _field;
    private readonly Socket _manager = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified) { ReceiveTimeout = (int)Deadline.TotalMilliseconds };
    private readonly ConcurrentQueue<string> _errors = new();
    private Process? _process;

    internal RunningGateway(int brokerPort)
    {
        BrokerPort = brokerPort;
        Broker = $"{{ host: 127.0.0.1, port: {brokerPort} }}";
        _field = new(new IPEndPoint(IPAddress.Loopback, 0), this);
        _field.Start();
        _manager.Bind(new UnixDomainSocketEndPoint(At("notify")));
        foreach (string name in new[] { "gateway.pem", "cloud.pem" })
        {
            using ECDsa key = SigningKey.Create(At(name));
            File.WriteAllText(At(name + ".pub"), SigningKey.PublicPem(key));
        }

        _ = Directory.CreateDirectory(At("profiles"));
        File.WriteAllText(At("profiles/test.yaml"), """
            profile: test
            revision: 1
            source: test
            trust: simulated
            addressing: wire
            table: holding
            registers:
              - { quantity: energy, address: 0, format: uint32, decimals: 1, unit: kWh, kind: counter, modulus: 4294967296 }
              - { quantity: power, address: 2, format: uint32, decimals: 1, unit: kW, kind: gauge }

            """);
    }

    internal string Folder { get; } = Directory.CreateTempSubdirectory("metering-service-").FullName;

    internal int BrokerPort { get; }

    /// <summary>The section "broker" of the configuration.</summary>
    internal string Broker { get; set; }

    /// <summary>Units that keep silent.</summary>
    internal ConcurrentDictionary<byte, bool> Silent { get; } = new();

    internal string ErrorText => string.Join('\n', _errors);

    internal int ProcessId => _process!.Id;

    internal string At(string name) => Path.Combine(Folder, name);

    /// <summary>Writes the configuration.</summary>
    /// <returns>Its hash.</returns>
    internal string Configure(string meters, string further = "")
    {
        File.WriteAllText(At("gateway.yaml"), $$"""
            gateway: plant
            keyFile: gateway.pem
            keyEpoch: 1
            stateDirectory: state
            profilesDirectory: profiles
            cloud: { name: metering-cloud, keyFile: cloud.pem.pub }
            broker: {{Broker}}
            polling: { interval: 1s }
            batch: { maximumAge: 1s, maximumReadings: 1000 }
            {{further}}
            buses:
              - id: bus
                tcp: { host: 127.0.0.1, port: {{_field.LocalEndPoint.Port}} }
                answerTimeout: 200ms
                meters: [ {{meters}} ]

            """);
        return Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(At("gateway.yaml"))));
    }

    internal void Start(params string[] further)
    {
        string program = Repository.Path(".artifacts", "bin", "Metering.Gateway", "release", "Metering.Gateway.dll");

        // Whoever runs the tests may ignore SIGHUP (nohup does), and every program started from there would, too; a service manager's children do not.
        ProcessStartInfo start = new("env", ["--default-signal=HUP", "dotnet", program, "run", "--config", At("gateway.yaml"), .. further])
        {
            UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        start.Environment["NOTIFY_SOCKET"] = At("notify");
        start.Environment["WATCHDOG_USEC"] = "3000000";
        start.Environment["LANG"] = "C";
        _process = Process.Start(start)!;
        _process.ErrorDataReceived += (_, line) => _errors.Enqueue(line.Data ?? "");
        _process.BeginErrorReadLine();
        _process.OutputDataReceived += (_, _) => { };
        _process.BeginOutputReadLine();
    }

    /// <summary>Starts it and waits until it polls.</summary>
    /// <returns>A browser at its page.</returns>
    internal HttpClient StartWithPage()
    {
        Start();
        _ = Heard("READY=1");
        return new() { BaseAddress = new(File.ReadAllText(At("state/status.address")).Trim()), Timeout = Deadline };
    }

    /// <summary>Runs a command of the same program beside it.</summary>
    internal (int ExitCode, string Output, string Errors) Command(params string[] arguments)
    {
        ProcessStartInfo start = new("dotnet", [Repository.Path(".artifacts", "bin", "Metering.Gateway", "release", "Metering.Gateway.dll"), .. arguments])
        {
            UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, errors.GetAwaiter().GetResult());
    }

    internal void Signal(string name)
    {
        using Process kill = Process.Start("kill", ["-" + name, _process!.Id.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    /// <summary>The next word to the service manager that begins so; the ones before are passed over.</summary>
    internal string Heard(string beginning)
    {
        byte[] buffer = new byte[2048];
        long begun = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(begun) < Deadline)
        {
            string word = Encoding.UTF8.GetString(buffer, 0, _manager.Receive(buffer));
            if (word.StartsWith(beginning, StringComparison.Ordinal))
            {
                return word;
            }
        }

        throw new TimeoutException($"the gateway did not say {beginning}: {ErrorText}");
    }

    /// <summary>Ends it as the service manager does.</summary>
    internal void Stop()
    {
        Signal("TERM");
        Assert.True(_process!.WaitForExit(Deadline), "it does not end");
        _process.WaitForExit();
        Assert.True(_process.ExitCode == 0, ErrorText);
    }

    public bool HasUnit(byte unit) => true;

    public ModbusAnswer Read(byte unit, ModbusTable table, ushort start, Span<ushort> destination)
    {
        if (Silent.ContainsKey(unit))
        {
            return ModbusAnswer.Silence;
        }

        long second = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() % 100_000;
        for (int index = 0; index < destination.Length; index++)
        {
            int address = start + index;
            long value = address / 2 == 0 ? second + (unit * 1_000_000) : 400 + (second % 60);
            destination[index] = unchecked((ushort)(address % 2 == 0 ? value >> 16 : value));
        }

        return ModbusAnswer.Ok;
    }

    public void Dispose()
    {
        if (_process is { HasExited: false })
        {
            _process.Kill(entireProcessTree: true);
            _process.WaitForExit();
        }

        _process?.Dispose();
        _field.Dispose();
        _manager.Dispose();
        Directory.Delete(Folder, recursive: true);
    }
}
