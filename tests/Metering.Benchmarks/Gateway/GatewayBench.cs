using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Metering.Benchmarks.Ingestion;
using Metering.Fieldbus.Modbus;
using Metering.Readings;

namespace Metering.Benchmarks.Gateway;

/// <summary>
/// `bench gateway`: the real gateway as a process of its own, at its real pace, against simulated meters and a real mosquitto;
/// what it takes of processor, memory and disk, read from /proc. Without arguments 40 meters read every 10 s; with --devices N,
/// N devices on connections of their own with 30 values each, read every second.
/// </summary>
internal static class GatewayBench
{
    private const string GatewayName = "bench-gateway";
    private const int DefaultMeasured = 120;

    // A batch of the small gateway is a minute old when it leaves.
    private const int ShortestMeasured = 70;
    private const int ValuesOfDevice = 30;
    private const int SmallMeters = 40;
    private const int MetersOfSmallBus = 20;
    private const double ClockTicksPerSecond = 100;      // USER_HZ of every Linux this runs on
    private const double Megabyte = 1024 * 1024;
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan StartDeadline = TimeSpan.FromSeconds(60);

    public static async Task<int> RunAsync(string[] arguments)
    {
        int devices = 0;
        int seconds = DefaultMeasured;
        for (int index = 0; index < arguments.Length; index += 2)
        {
            bool isNumber = index + 1 < arguments.Length && int.TryParse(arguments[index + 1], NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number is >= 1 and <= 3600;
            int value = isNumber ? int.Parse(arguments[index + 1], CultureInfo.InvariantCulture) : 0;
            switch (arguments[index])
            {
                case "--devices" when value is >= 1 and <= 500:
                    devices = value;
                    break;
                case "--seconds" when value >= ShortestMeasured:
                    seconds = value;
                    break;
                default:
                    Console.Error.WriteLine("usage: ./metering bench gateway [--devices 1..500] [--seconds 70..3600]");
                    return 64;
            }
        }

        if (LoadBroker.Find() is null)
        {
            Console.Error.WriteLine("bench gateway: mosquitto is not installed. Run: sudo apt-get install -y mosquitto");
            return 69;
        }

        string folder = Directory.CreateTempSubdirectory("metering-gateway-").FullName;
        try
        {
            return await RunAsync(folder, devices, TimeSpan.FromSeconds(seconds)) ? 0 : 1;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<bool> RunAsync(string folder, int devices, TimeSpan measured)
    {
        using ECDsa cloudKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using ECDsa gatewayKey = SigningKey.Create(Path.Combine(folder, "gateway.pem"));
        await File.WriteAllTextAsync(Path.Combine(folder, "cloud.pub.pem"), SigningKey.PublicPem(cloudKey));
        await File.WriteAllTextAsync(Path.Combine(folder, "broker.password"), LoadBroker.CloudPassword);
        using LoadBroker broker = LoadBroker.Start(Path.Combine(folder, "broker"), [GatewayName]);
        // Each bus is a device with a port of its own: two buses on one port are refused.
        CountingDevice device = new();
        List<ModbusTcpServer> field = [.. Enumerable.Range(0, devices == 0 ? SmallMeters / MetersOfSmallBus : devices).Select(_ => new ModbusTcpServer(new IPEndPoint(IPAddress.Loopback, 0), device))];
        field.ForEach(server => server.Start());
        await using AckingCloud cloud = new(broker, cloudKey);
        using CancellationTokenSource deadline = new(StartDeadline);
        await cloud.StartAsync(deadline.Token);
        Configure(folder, broker.Port, [.. field.Select(server => server.LocalEndPoint.Port)], devices);
        string program = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", "Metering.Gateway", "release", "Metering.Gateway.dll"));
        ProcessStartInfo start = new("dotnet", [program, "run", "--config", Path.Combine(folder, "gateway.yaml")]) { RedirectStandardOutput = true, UseShellExecute = false };
        foreach ((string name, string value) in ServiceEnvironment())
        {
            start.Environment[name] = value;
        }

        using Process gateway = Process.Start(start)!;
        try
        {
            while (await gateway.StandardOutput.ReadLineAsync(deadline.Token) is string line && !line.Contains("ready", StringComparison.Ordinal))
            {
            }

            await Task.Delay(WarmUp, TimeProvider.System);
            (Use before, long readingsBefore, long begin) = (Use.Of(gateway), cloud.Readings, Stopwatch.GetTimestamp());
            await Task.Delay(measured, TimeProvider.System);
            (Use after, long readings, TimeSpan elapsed) = (Use.Of(gateway), cloud.Readings - readingsBefore, Stopwatch.GetElapsedTime(begin));
            return Report(devices, before, after, readings, elapsed);
        }
        finally
        {
            gateway.Kill();
            await gateway.WaitForExitAsync(CancellationToken.None);
            field.ForEach(server => server.Dispose());
        }
    }

    /// <summary>The settings that the service runs with: what is measured is what is installed.</summary>
    private static IEnumerable<(string Name, string Value)> ServiceEnvironment()
    {
        string unit = Path.Combine(Environment.GetEnvironmentVariable("METERING_ROOT") ?? Directory.GetCurrentDirectory(), "hardware", "systemd", "metering-gateway.service");
        return File.ReadLines(unit)
            .Where(line => line.StartsWith("Environment=", StringComparison.Ordinal))
            .SelectMany(line => line["Environment=".Length..].Split(' '))
            .Select(pair => (pair[..pair.IndexOf('=', StringComparison.Ordinal)], pair[(pair.IndexOf('=', StringComparison.Ordinal) + 1)..]));
    }

    private static bool Report(int devices, Use before, Use after, long readings, TimeSpan elapsed)
    {
        double core = (after.Ticks - before.Ticks) / ClockTicksPerSecond / elapsed.TotalSeconds;
        double writtenADay = (after.Written - before.Written) / Megabyte * (TimeSpan.FromDays(1) / elapsed);
        double resident = after.Resident / Megabyte;
        bool isGood = readings > 0 && (devices == 0 ? core <= 0.02 && resident <= 60 && writtenADay <= 150 : core <= 0.30 && resident <= 100);
        string goal = devices == 0 ? "2 % of a core, 60 MB, 150 MB a day" : "30 % of a core, 100 MB";
        string what = devices == 0 ? $"{SmallMeters} meters every 10 s" : string.Create(CultureInfo.InvariantCulture, $"{devices} devices of {ValuesOfDevice} values every second");
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"gateway: {what} for {elapsed.TotalSeconds:F0} s: {readings / elapsed.TotalSeconds:F0} readings/s confirmed, {core:P1} of a core, {resident:F0} MB resident, {after.Threads} threads, {writtenADay:F0} MB a day written: {(isGood ? "reached" : "NOT REACHED")} ({goal})"));
        return isGood;
    }

    private static void Configure(string folder, int brokerPort, IReadOnlyList<int> fieldPorts, int devices)
    {
        StringBuilder profile = new("profile: bench\nrevision: 1\nsource: \"bench\"\ntrust: simulated\naddressing: wire\ntable: holding\nregisters:\n");
        int values = devices == 0 ? 1 : ValuesOfDevice;
        for (int value = 0; value < values; value++)
        {
            _ = profile.Append(CultureInfo.InvariantCulture, $"  - {{ quantity: q{value}, address: {2 * value}, format: uint32, order: abcd, decimals: 1, unit: kWh, kind: counter, modulus: 4294967296 }}\n");
        }

        string interval = devices == 0 ? "10s" : "1s";
        StringBuilder text = new();
        _ = text.Append(CultureInfo.InvariantCulture, $"gateway: {GatewayName}\nkeyFile: gateway.pem\nkeyEpoch: 1\nstateDirectory: state\nprofilesDirectory: profiles\n")
            .Append(CultureInfo.InvariantCulture, $"cloud: {{ name: {LoadBroker.CloudUser}, keyFile: cloud.pub.pem }}\n")
            .Append(CultureInfo.InvariantCulture, $"broker: {{ host: 127.0.0.1, port: {brokerPort}, userName: {GatewayName}, passwordFile: broker.password }}\n")
            .Append(CultureInfo.InvariantCulture, $"polling: {{ interval: {interval} }}\nbatch: {{ maximumAge: 60s, maximumReadings: 20000 }}\nbuses:\n");
        for (int bus = 0; bus < fieldPorts.Count; bus++)
        {
            _ = text.Append(CultureInfo.InvariantCulture, $"  - id: bus{bus}\n    tcp: {{ host: 127.0.0.1, port: {fieldPorts[bus]} }}\n    meters:\n");
            for (int meter = 0; meter < (devices == 0 ? MetersOfSmallBus : 1); meter++)
            {
                _ = text.Append(CultureInfo.InvariantCulture, $"      - {{ id: b{bus}m{meter}, unit: {meter + 1}, profile: bench }}\n");
            }
        }

        _ = Directory.CreateDirectory(Path.Combine(folder, "profiles"));
        File.WriteAllText(Path.Combine(folder, "profiles", "bench.yaml"), profile.ToString());
        File.WriteAllText(Path.Combine(folder, "gateway.yaml"), text.ToString());
    }

    /// <summary>Counters that rise with the time, as those of meters do.</summary>
    private sealed class CountingDevice : IModbusDevice
    {
        private readonly long _began = Stopwatch.GetTimestamp();

        public ModbusAnswer Read(byte unit, ModbusTable table, ushort start, Span<ushort> destination)
        {
            long seconds = (long)Stopwatch.GetElapsedTime(_began).TotalSeconds;
            for (int index = 0; index < destination.Length; index++)
            {
                int value = (start + index) / 2;
                long counter = (1000 * value) + (seconds * (1 + value));
                destination[index] = unchecked((ushort)((start + index) % 2 == 0 ? counter >> 16 : counter));
            }

            return ModbusAnswer.Ok;
        }
    }

    /// <summary>What /proc tells of a process.</summary>
    private readonly record struct Use(long Ticks, long Resident, long Written, int Threads)
    {
        internal static Use Of(Process process)
        {
            string folder = string.Create(CultureInfo.InvariantCulture, $"/proc/{process.Id}/");

            // Fields 14 and 15 of stat are user and system time; the name before them may hold blanks (proc(5)).
            string stat = File.ReadAllText(folder + "stat");
            string[] fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            long ticks = long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture);
            return new(ticks, Number(folder + "status", "VmRSS:") * 1024, Number(folder + "io", "write_bytes:"), (int)Number(folder + "status", "Threads:"));
        }

        private static long Number(string file, string name)
        {
            string line = Array.Find(File.ReadAllLines(file), one => one.StartsWith(name, StringComparison.Ordinal))!;
            string text = line[name.Length..].Trim().Split(' ')[0];
            return long.Parse(text, CultureInfo.InvariantCulture);
        }
    }
}
