using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Metering.Store;
using Metering.Tests.Support;
using Npgsql;

namespace Metering.Interop.Tests.Postgres;

/// <summary>
/// A real PostgreSQL with its data in a temporary folder, on a socket there and on a free port of 127.0.0.1, with flushes to
/// disk as in earnest. It can be killed and started again. Started by root it runs as user postgres, as it refuses to run as root.
/// </summary>
public sealed class PostgresServer : IDisposable
{
    public const string Database = "metering";
    public const string UserName = "metering";
    public const string Password = "correct horse";
    private const int StartAttempts = 40;
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);

    private readonly string _folder = Directory.CreateTempSubdirectory("metering-pg-").FullName;
    private readonly StringBuilder _log = new();
    private readonly int _port;
    private readonly string _data;
    private Process? _process;

    private PostgresServer(string? data)
    {
        _data = data ?? Path.Combine(_folder, "data");
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        _port = ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>The store's database, through the socket.</summary>
    public PostgresAddress Address => new() { Host = _folder, Port = _port, Database = Database, UserName = UserName };

    /// <summary>The same through TCP, where the server asks for the password.</summary>
    public PostgresAddress TcpAddress => Address with { Host = "127.0.0.1" };

    public string Folder => _folder;

    /// <summary>Starts a server on new data, in a folder of its own or in the one given.</summary>
    public static PostgresServer Start(string? data = null)
    {
        PostgresServer server = new(data);
        try
        {
            server.Make();
            server.StartAgain();
            server.Execute($"CREATE DATABASE {Database}", "postgres");
            server.Execute($"ALTER USER {UserName} PASSWORD '{Password}'", "postgres");
            return server;
        }
        catch
        {
            server.Dispose();
            throw;
        }
    }

    /// <summary>Starts a server on data that another one left behind when its machine stopped.</summary>
    public static PostgresServer StartOn(string data)
    {
        PostgresServer server = new(data);
        try
        {
            Own(server._folder);
            server.StartAgain();
            return server;
        }
        catch
        {
            server.Dispose();
            throw;
        }
    }

    /// <summary>Ends every process of the server at once (SIGKILL), as a power cut would.</summary>
    public void Kill()
    {
        if (_process is not null)
        {
            _process.Kill(entireProcessTree: true);
            _process.WaitForExit();
            _process.Dispose();
            _process = null;
        }
    }

    /// <summary>Starts it on the same data and waits until it takes connections.</summary>
    public void StartAgain()
    {
        for (int attempt = 1; !TryStart(); attempt++)
        {
            // Killed children may hold the old shared memory for another moment.
            if (attempt == StartAttempts)
            {
                throw new InvalidOperationException($"postgres did not start: {_log}");
            }
        }
    }

    /// <summary>Runs a statement as the owner.</summary>
    public void Execute(string sql, string database = Database)
    {
        using NpgsqlConnection connection = Connect(database);
        using NpgsqlCommand command = new(sql, connection);
        _ = command.ExecuteNonQuery();
    }

    /// <summary>The first column of the first row as text.</summary>
    public string? Ask(string sql)
    {
        using NpgsqlConnection connection = Connect(Database);
        using NpgsqlCommand command = new(sql, connection);
        return Convert.ToString(command.ExecuteScalar(), CultureInfo.InvariantCulture);
    }

    public void Dispose()
    {
        Kill();
        Directory.Delete(_folder, recursive: true);
    }

    private static string Program(string name) => Path.Combine(PostgresPrograms.Folder() ?? throw new InvalidOperationException("PostgreSQL is not installed (Debian package postgresql)"), name);

    private NpgsqlConnection Connect(string database)
    {
        NpgsqlConnectionStringBuilder text = new() { Host = _folder, Port = _port, Database = database, Username = UserName, Pooling = false, ApplicationName = "test" };
        NpgsqlConnection connection = new(text.ToString());
        connection.Open();
        return connection;
    }

    private void Make()
    {
        _ = Directory.CreateDirectory(_data);
        Own(_folder);
        Own(_data);
        using Process initdb = Launch(Program("initdb"), "-D", _data, "-U", UserName, "--auth-local=trust", "--auth-host=scram-sha-256", "--no-locale", "-E", "UTF8", "--no-sync");
        string said = initdb.StandardError.ReadToEnd();
        initdb.WaitForExit();
        if (initdb.ExitCode != 0)
        {
            throw new InvalidOperationException($"initdb failed: {said}");
        }
    }

    private bool TryStart()
    {
        using ManualResetEventSlim settled = new();
        bool isReady = false;
        string port = _port.ToString(CultureInfo.InvariantCulture);
        Process process = Launch(
            Program("postgres"), "-D", _data, "-k", _folder, "-p", port,
            "-c", "listen_addresses=127.0.0.1", "-c", "fsync=on", "-c", "shared_buffers=64MB", "-c", "max_connections=60", "-c", "log_min_messages=log");
        process.ErrorDataReceived += (_, line) =>
        {
            lock (_log)
            {
                _ = _log.AppendLine(line.Data);
            }

            bool said = line.Data?.EndsWith("database system is ready to accept connections", StringComparison.Ordinal) == true;
            isReady |= said;
            if (said || line.Data is null)
            {
                Settle(settled);
            }
        };
        process.BeginErrorReadLine();
        _process = process;
        if (settled.Wait(StartLimit) && isReady)
        {
            return true;
        }

        Kill();
        return false;
    }

    private static void Settle(ManualResetEventSlim settled)
    {
        try
        {
            settled.Set();
        }
        catch (ObjectDisposedException)
        {
            // The end of the log, long after the start.
        }
    }

    private static void Own(string folder)
    {
        if (Environment.UserName == "root")
        {
            using Process process = Process.Start("/bin/chown", ["postgres", folder]);
            process.WaitForExit();
        }
    }

    private static Process Launch(string program, params string[] arguments)
    {
        string[] whole = Environment.UserName == "root"
            ? ["/usr/bin/setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups", program, .. arguments]
            : [program, .. arguments];
        return Process.Start(new ProcessStartInfo(whole[0], whole[1..]) { UseShellExecute = false, RedirectStandardError = true, RedirectStandardOutput = program.EndsWith("initdb", StringComparison.Ordinal), WorkingDirectory = "/" })!;
    }
}
