using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Metering.Mqtt;

namespace Metering.Benchmarks.Ingestion;

/// <summary>A real mosquitto with the shipped configuration and access list, on the loopback and a free port; every client has a password.</summary>
internal sealed class LoadBroker : IDisposable
{
    /// <summary>The cloud's user name, as in the shipped access list.</summary>
    public const string CloudUser = "metering-cloud";

    private const string Password = "for-the-loopback-only";
    private static readonly TimeSpan StartDeadline = TimeSpan.FromSeconds(20);
    private static readonly string[] Places = ["/usr/sbin/mosquitto", "/usr/local/sbin/mosquitto", "/usr/bin/mosquitto", "/usr/local/bin/mosquitto"];
    private readonly string _folder;

    private LoadBroker(string folder, int port)
    {
        (_folder, Port) = (folder, port);
        Process = Launch();
    }

    public int Port { get; }

    public Process Process { get; private set; }

    /// <summary>The program, or null when it is not installed.</summary>
    public static string? Find() => Array.Find(Places, File.Exists);

    /// <summary>Writes configuration, access list and passwords into a folder of its own, and starts the broker.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="users">User names beside the cloud's.</param>
    /// <param name="root">Root of the sources; null for METERING_ROOT.</param>
    public static LoadBroker Start(string folder, IEnumerable<string> users, string? root = null)
    {
        _ = Directory.CreateDirectory(Path.Combine(folder, "data"));
        string shipped = Path.Combine(root ?? Environment.GetEnvironmentVariable("METERING_ROOT") ?? ".", "cloud", "broker");
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        int port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();
        string configuration = File.ReadAllText(Path.Combine(shipped, "mosquitto.conf"))
            .Replace("{port}", port.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
            .Replace("{folder}", folder, StringComparison.Ordinal);

        // A broker started by root gives up its rights, and with them its folder.
        File.WriteAllText(Path.Combine(folder, "mosquitto.conf"), configuration + $"user {Environment.UserName}\n");
        File.Copy(Path.Combine(shipped, "acl"), Path.Combine(folder, "acl"));
        File.WriteAllLines(Path.Combine(folder, "passwords"), users.Append(CloudUser).Select(PasswordLine));
        return new(folder, port);
    }

    public MqttClientOptions Options(string user) => new()
    {
        Host = "127.0.0.1",
        Port = Port,
        ClientId = user,
        UserName = user,
        Password = Password,
    };

    /// <summary>What the cloud needs to connect.</summary>
    public static string CloudPassword => Password;

    public void Dispose()
    {
        Process.Kill();
        Process.WaitForExit();
        Process.Dispose();
    }

    private Process Launch()
    {
        Process process = Process.Start(new ProcessStartInfo(Find()!, ["-c", Path.Combine(_folder, "mosquitto.conf")]))!;
        long begin = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                using TcpClient probe = new();
                probe.Connect(IPAddress.Loopback, Port);
                return process;
            }
            catch (SocketException) when (Stopwatch.GetElapsedTime(begin) < StartDeadline && !process.WaitForExit(TimeSpan.FromMilliseconds(20)))
            {
                // Not listening yet.
            }
        }
    }

    /// <summary>mosquitto's own form since 1.6: $7$ rounds $ salt $ PBKDF2-HMAC-SHA512 (its file password_mosq.c).</summary>
    private static string PasswordLine(string user)
    {
        const int Rounds = 101;
        byte[] salt = RandomNumberGenerator.GetBytes(12);
        byte[] hash = Rfc2898DeriveBytes.Pbkdf2(Password, salt, Rounds, HashAlgorithmName.SHA512, 64);
        return $"{user}:$7${Rounds}${Convert.ToBase64String(salt)}${Convert.ToBase64String(hash)}";
    }
}
