using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Metering.Fieldbus.Modbus;
using Metering.Fieldbus.Serial;

namespace Metering.Benchmarks;

/// <summary>
/// Our Modbus client beside libmodbus (modbus_baseline.c), in turns within the same minutes and against the same servers, which are foreign
/// processes: a libmodbus server over TCP, a responder in C on a pseudo-terminal. Only the ratios mean something on a machine that does other things.
/// </summary>
internal sealed class ModbusComparison : IDisposable
{
    private const int MissingExit = 69;
    private const int FailedExit = 70;
    private const int DefaultRounds = 9;
    private const int Requests = 20_000;
    private const int RegisterCount = 10;
    private const ushort LastRegister = 333;
    private const double MostSerialRatio = 1.5;
    private const double LeastTcpRatio = 0.9;
    private const double MostTcpBytes = 100;
    private static readonly TimeSpan Generous = TimeSpan.FromSeconds(5);

    private readonly string _folder = Directory.CreateTempSubdirectory("metering-modbus").FullName;
    private readonly List<Process> _servers = [];

    private string Program => Path.Combine(_folder, "modbus_baseline");

    internal static int Run(string[] args)
    {
        if (!File.Exists("/usr/include/modbus/modbus.h") || !File.Exists("/usr/bin/gcc"))
        {
            Console.Error.WriteLine("bench modbus: gcc and libmodbus are not installed. Install them with: apt-get install -y gcc libmodbus-dev");
            return MissingExit;
        }

        using ModbusComparison comparison = new();
        int rounds = args is ["--rounds", string text] ? int.Parse(text, CultureInfo.InvariantCulture) : DefaultRounds;
        return comparison.Compare(rounds) ? 0 : FailedExit;
    }

    public void Dispose()
    {
        foreach (Process server in _servers)
        {
            server.Kill();
            server.WaitForExit();
            server.Dispose();
        }

        Directory.Delete(_folder, recursive: true);
    }

    private bool Compare(int rounds)
    {
        string root = Environment.GetEnvironmentVariable("METERING_ROOT") ?? Directory.GetCurrentDirectory();
        _ = Output("/usr/bin/gcc", "-O2", "-o", Program, Path.Combine(root, "tests", "Metering.Benchmarks", "modbus_baseline.c"), "-lmodbus");
        int port = FreePort();
        _ = Start("server", port.ToString(CultureInfo.InvariantCulture));
        string terminal = Start("responder").StandardOutput.ReadLine() ?? throw new InvalidOperationException("the responder made no pseudo-terminal");
        List<Figures>[] all = [[], [], [], []];
        for (int round = 0; round < rounds; round++)
        {
            all[0].Add(Theirs("tcp", port.ToString(CultureInfo.InvariantCulture)));
            all[1].Add(Ours(new TcpTransport("127.0.0.1", port, new TcpTransportOptions { FirstReconnectDelay = TimeSpan.Zero })));
            all[2].Add(Theirs("rtu", terminal));
            RtuTransportOptions timing = new() { SilenceBeforeRequest = TimeSpan.Zero }; // libmodbus keeps none either
            all[3].Add(Ours(new RtuTransport(new SerialPort(terminal, new SerialSettings { BaudRate = 115200 }), timing)));
        }

        double tcp = Median(all[1].Zip(all[0], (ours, theirs) => ours.PerSecond / theirs.PerSecond));
        double serial = Median(all[3].Zip(all[2], (ours, theirs) => theirs.PerSecond / ours.PerSecond));
        Console.WriteLine($"{"reads of 10 registers, medians",-34} {"requests/s",12} {"us",8} {"CPU us",8} {"bytes",8}");
        Print("TCP, libmodbus", all[0]);
        Print("TCP, ours", all[1]);
        Print("RTU on a pty, libmodbus", all[2]);
        Print("RTU on a pty, ours", all[3]);
        double bytes = all[1].Max(figures => figures.Bytes);
        double serialBytes = all[3].Max(figures => figures.Bytes);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"TCP requests/s, ours / libmodbus: {tcp:F2} (goal >= {LeastTcpRatio}); {bytes:F0} bytes a request (goal <= {MostTcpBytes})"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"RTU time, ours / libmodbus: {serial:F2} (goal <= {MostSerialRatio}); {serialBytes:F0} bytes a request (goal 0)"));
        return tcp >= LeastTcpRatio && serial <= MostSerialRatio && bytes <= MostTcpBytes && serialBytes < 1;
    }

    private static void Print(string name, List<Figures> rounds)
    {
        double perSecond = Median(rounds.Select(figures => figures.PerSecond));
        double cpu = Median(rounds.Select(figures => figures.CpuMicroseconds));
        double bytes = rounds.Max(figures => figures.Bytes);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name,-34} {perSecond,12:F0} {1e6 / perSecond,8:F1} {cpu,8:F1} {(double.IsNaN(bytes) ? "-" : bytes.ToString("F0", CultureInfo.InvariantCulture)),8}"));
    }

    private Figures Theirs(string wire, string where)
    {
        string[] parts = Output(Program, wire, where, Requests.ToString(CultureInfo.InvariantCulture)).Split(' ', StringSplitOptions.TrimEntries);
        return new Figures(double.Parse(parts[0], CultureInfo.InvariantCulture), double.Parse(parts[1], CultureInfo.InvariantCulture), double.NaN);
    }

    private static Figures Ours(IModbusTransport transport)
    {
        using ModbusClient client = new(transport);
        Span<ushort> values = stackalloc ushort[RegisterCount];
        long start = 0;
        long bytes = 0;
        TimeSpan cpu = default;
        using Process self = Process.GetCurrentProcess();
        for (int request = -Requests / 10; request < Requests; request++)
        {
            if (request == 0)
            {
                self.Refresh();
                cpu = self.TotalProcessorTime;
                start = Stopwatch.GetTimestamp();
                bytes = GC.GetAllocatedBytesForCurrentThread();
            }

            if (!client.ReadHoldingRegisters(1, 0, values, Generous).IsOk || values[^1] != LastRegister)
            {
                throw new InvalidOperationException("the server did not answer, or not this");
            }
        }

        bytes = GC.GetAllocatedBytesForCurrentThread() - bytes;
        TimeSpan elapsed = Stopwatch.GetElapsedTime(start);
        self.Refresh();
        return new Figures(Requests / elapsed.TotalSeconds, (self.TotalProcessorTime - cpu).TotalMicroseconds / Requests, (double)bytes / Requests);
    }

    private Process Start(params string[] arguments)
    {
        Process process = Process.Start(new ProcessStartInfo(Program, arguments) { RedirectStandardOutput = true, UseShellExecute = false })!;
        _servers.Add(process);
        return process;
    }

    private static string Output(string program, params string[] arguments)
    {
        // The server may need a moment until it listens.
        for (int attempt = 0; ; attempt++)
        {
            using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, UseShellExecute = false })!;
            string output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            if (process.ExitCode == 0)
            {
                return output;
            }

            if (attempt == 20)
            {
                throw new InvalidOperationException($"{program} ended with {process.ExitCode}");
            }

            using ManualResetEventSlim never = new();
            never.Wait(TimeSpan.FromMilliseconds(100));
        }
    }

    private static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted[sorted.Length / 2];
    }

    private static int FreePort()
    {
        using Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    private readonly record struct Figures(double PerSecond, double CpuMicroseconds, double Bytes);
}
