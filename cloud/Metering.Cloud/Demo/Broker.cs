using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace Metering.Cloud.Demo;

/// <summary>A real mosquitto on a free loopback port, with a password and an access list for each client.</summary>
internal sealed class Broker : IDisposable
{
    /// <summary>The cloud's user name, as in the shipped access list.</summary>
    public const string CloudUser = "metering-cloud";

    private const int StartAttempts = 5;
    private const int PasswordLength = 24;
    private static readonly TimeSpan StartDeadline = TimeSpan.FromSeconds(10);

    private static readonly string[] Places = ["/usr/sbin/mosquitto", "/usr/local/sbin/mosquitto", "/usr/bin/mosquitto", "/usr/local/bin/mosquitto"];

    private readonly Child _child;

    private Broker(Child child, int port)
    {
        _child = child;
        Port = port;
    }

    /// <summary>The port it listens on.</summary>
    public int Port { get; }

    /// <summary>Path of the mosquitto program, or null when it is not installed.</summary>
    public static string? Find() => Array.Find(Places, File.Exists);

    /// <summary>Makes passwords, writes the configuration and starts the broker.</summary>
    /// <param name="folder">A folder of its own.</param>
    /// <param name="logFolder">Where the process log goes.</param>
    /// <param name="users">User name and the file that receives its password (mode 0600).</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public static async Task<Broker> StartAsync(string folder, string logFolder, IReadOnlyDictionary<string, string> users, CancellationToken cancellationToken)
    {
        string program = Find() ?? throw new DemoException(69, "mosquitto is not installed. Run: sudo apt-get install -y mosquitto");
        _ = Directory.CreateDirectory(Path.Combine(folder, "data"));
        WritePasswords(folder, users);
        WritePrivate(Path.Combine(folder, "acl"), Resource("acl"));
        for (int attempt = 1; ; attempt++)
        {
            int port = FreePort();
            string configuration = Resource("mosquitto.conf")
                .Replace("{port}", port.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
                .Replace("{folder}", folder, StringComparison.Ordinal);
            if (Environment.UserName == "root")
            {
                configuration += "user root\n";
            }

            string path = Path.Combine(folder, "mosquitto.conf");
            WritePrivate(path, configuration);
            Child child = Child.Start("mosquitto", logFolder, program, ["-c", path]);
            if (await AnswersAsync(port, child, cancellationToken))
            {
                return new(child, port);
            }

            child.Dispose();
            if (attempt == StartAttempts)
            {
                throw new DemoException(69, $"mosquitto did not start. See {Path.Combine(folder, "mosquitto.log")} and {Path.Combine(logFolder, "mosquitto.log")}.");
            }
        }
    }

    /// <summary>Asks it to end.</summary>
    public Task StopAsync() => _child.StopAsync();

    /// <inheritdoc/>
    public void Dispose() => _child.Dispose();

    private static async Task<bool> AnswersAsync(int port, Child child, CancellationToken cancellationToken)
    {
        long start = Stopwatch.GetTimestamp();
        Task<int> exited = child.ExitedAsync();
        while (Stopwatch.GetElapsedTime(start) < StartDeadline && !exited.IsCompleted)
        {
            try
            {
                using TcpClient probe = new();
                await probe.ConnectAsync(IPAddress.Loopback, port, cancellationToken);
                return true;
            }
            catch (SocketException)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, cancellationToken);
            }
        }

        return false;
    }

    private static void WritePasswords(string folder, IReadOnlyDictionary<string, string> users)
    {
        List<string> lines = [];
        foreach ((string user, string passwordFile) in users)
        {
            string password = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(PasswordLength));
            WritePrivate(passwordFile, password + "\n");
            lines.Add(PasswordLine(user, password));
        }

        WritePrivate(Path.Combine(folder, "passwords"), string.Join('\n', lines) + "\n");
    }

    /// <summary>mosquitto's own form since 1.6: $7$ rounds $ salt $ PBKDF2-HMAC-SHA512 (its file password_mosq.c).</summary>
    private static string PasswordLine(string user, string password)
    {
        const int Rounds = 101;
        byte[] salt = RandomNumberGenerator.GetBytes(12);
        byte[] hash = Rfc2898DeriveBytes.Pbkdf2(password, salt, Rounds, HashAlgorithmName.SHA512, 64);
        return $"{user}:$7${Rounds}${Convert.ToBase64String(salt)}${Convert.ToBase64String(hash)}";
    }

    private static void WritePrivate(string path, string text)
    {
        FileStreamOptions options = new() { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using StreamWriter writer = new(path, options);
        writer.Write(text);
    }

    private static string Resource(string name)
    {
        using Stream stream = typeof(Broker).Assembly.GetManifestResourceStream("broker/" + name)
            ?? throw new InvalidOperationException($"resource broker/{name} is missing");
        using StreamReader reader = new(stream);
        return reader.ReadToEnd();
    }

    private static int FreePort()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
