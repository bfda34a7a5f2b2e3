using System.Data;
using Npgsql;

namespace Metering.Store.Postgres;

/// <summary>
/// The database: connections, transactions, and what its errors mean. Every transaction that writes readings commits with
/// synchronous_commit=on: the server answers when its log is on disk.
/// </summary>
internal sealed class PostgresDatabase : IDisposable
{
    private const int MaximumConnections = 24;
    private const int MaximumPrepared = 64;
    private static readonly TimeSpan ConnectLimit = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan CommandLimit = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan KeepAlive = TimeSpan.FromSeconds(30);

    // A process that vanishes with its machine must not hold its gateways' rows: the server lets go of it by itself.
    private const string SessionOptions =
        "-c synchronous_commit=on -c search_path=metering -c idle_in_transaction_session_timeout=60000"
        + " -c tcp_keepalives_idle=30 -c tcp_keepalives_interval=10 -c tcp_keepalives_count=3";

    private readonly PostgresAddress _address;
    private readonly NpgsqlDataSource _source;

    private PostgresDatabase(PostgresAddress address, NpgsqlDataSource source) => (_address, _source) = (address, source);

    /// <summary>Called when a connection broke: what is remembered of the server's state may not hold any more.</summary>
    public Action ConnectionLost { get; set; } = () => { };

    public static PostgresDatabase Open(PostgresAddress address)
    {
        NpgsqlConnectionStringBuilder text = new()
        {
            Host = address.Host,
            Port = address.Port,
            Database = address.Database,
            Username = address.UserName,
            Password = ReadPassword(address),
            ApplicationName = "metering",
            MaxPoolSize = MaximumConnections,
            MaxAutoPrepare = MaximumPrepared,
            AutoPrepareMinUsages = 2,
            NoResetOnClose = true,
            Timeout = (int)ConnectLimit.TotalSeconds,
            CommandTimeout = (int)CommandLimit.TotalSeconds,
            KeepAlive = (int)KeepAlive.TotalSeconds,
            Options = SessionOptions,
        };
        PostgresDatabase database = new(address, NpgsqlDataSource.Create(text));
        try
        {
            _ = database.Attempt(
                connection =>
                {
                    PostgresSchema.Prepare(address, connection);
                    return true;
                },
                isOpening: true);
            return database;
        }
        catch
        {
            database.Dispose();
            throw;
        }
    }

    /// <summary>Runs a body on one snapshot of the whole database.</summary>
    public T Read<T>(Func<PostgresSession, T> body) => Twice(connection => InTransaction(connection, IsolationLevel.RepeatableRead, body));

    /// <summary>Runs a body in one transaction and commits it; durable on return. The body may run twice and must not mind.</summary>
    public T Write<T>(Func<PostgresSession, T> body) => Twice(connection => InTransaction(connection, IsolationLevel.ReadCommitted, body));

    public void Dispose() => _source.Dispose();

    private static T InTransaction<T>(NpgsqlConnection connection, IsolationLevel isolation, Func<PostgresSession, T> body)
    {
        using NpgsqlTransaction transaction = connection.BeginTransaction(isolation);
        T result = body(new(connection, transaction));
        transaction.Commit();
        return result;
    }

    // Connections of the pool do not outlive a restart of the server, and nobody should notice: a second attempt takes new ones.
    private T Twice<T>(Func<NpgsqlConnection, T> body)
    {
        try
        {
            return Attempt(body, isOpening: false);
        }
        catch (StoreException e) when (e.InnerException is NpgsqlException fault && PostgresFault.IsConnectionLost(fault))
        {
            _source.Clear();
            ConnectionLost();
            return Attempt(body, isOpening: false);
        }
    }

    private T Attempt<T>(Func<NpgsqlConnection, T> body, bool isOpening)
    {
        try
        {
            using NpgsqlConnection connection = _source.OpenConnection();
            return body(connection);
        }
        catch (NpgsqlException e)
        {
            throw PostgresFault.Explain(_address, e, isOpening);
        }
        catch (Exception e) when (e is System.Net.Sockets.SocketException or TimeoutException or IOException)
        {
            throw PostgresFault.Explain(_address, new NpgsqlException(e.Message, e), isOpening);
        }
    }

    private static string? ReadPassword(PostgresAddress address)
    {
        if (address.PasswordFile is not string file)
        {
            return null;
        }

        try
        {
            using StreamReader reader = new(file);
            string? password = reader.ReadLine();
            return string.IsNullOrEmpty(password)
                ? throw new StoreException("{0} está vacío: su primera línea debe ser la contraseña de {1}.", $"{file} is empty: its first line must be the password of {address.UserName}.", StoreException.Configuration)
                : password;
        }
        catch (UnauthorizedAccessException e)
        {
            throw new StoreException("este usuario no puede leer {0}. Debe ser del usuario con que corre este programa.", $"{file} may not be read by this user. It must belong to the user this program runs as.", StoreException.Permission, e);
        }
        catch (IOException e)
        {
            throw new StoreException("{0} no se puede leer ({1}). Ponga ahí la contraseña de {2}, o nombre el archivo correcto.", $"{file} cannot be read ({e.Message}). Put the password of {address.UserName} into it, or name the right file.", StoreException.Configuration, e);
        }
    }
}
