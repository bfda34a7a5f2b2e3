using System.Net.Sockets;
using Npgsql;

namespace Metering.Store.Postgres;

/// <summary>What an error of the server means to the person who runs it. Codes: PostgreSQL 15 manual, appendix A.</summary>
internal static class PostgresFault
{
    /// <summary>Whether the connection is gone, or the server is going or not yet there.</summary>
    public static bool IsConnectionLost(NpgsqlException e) =>
        e is not PostgresException || e.SqlState is { } state && (state.StartsWith("08", StringComparison.Ordinal) || state.StartsWith("57P", StringComparison.Ordinal));

    public static StoreException Explain(PostgresAddress address, NpgsqlException e, bool isOpening) => e.SqlState switch
    {
        PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification => new(
            "{0} rechaza la entrada ({1}). Revise userName y passwordFile de «store», y que pg_hba.conf deje entrar a este usuario.", $"{address} refuses the login ({Reason(e)}). Check userName and passwordFile of 'store', and that pg_hba.conf lets this user in.",
            StoreException.Permission, e),
        PostgresErrorCodes.InsufficientPrivilege => new(
            "{0} rechaza una operación ({1}). El usuario debe ser dueño del esquema metering, o poder crearlo en esta base de datos.", $"{address} refuses an operation ({Reason(e)}). The user must own the schema metering, or be allowed to create it in this database.",
            StoreException.Permission, e),
        PostgresErrorCodes.InvalidCatalogName => new(
            "{0}: no hay tal base de datos. Créela con «createdb --owner={1} {2}», o nombre otra en «store».", $"{address}: there is no such database. Make it with 'createdb --owner={address.UserName} {address.Database}', or name another one in 'store'.",
            StoreException.Configuration, e),
        PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.UndefinedColumn or PostgresErrorCodes.InvalidSchemaName => new(
            "el esquema metering de {0} no es el de este programa ({1}). ¿Se cambió o se quitó mientras corría? Reinícielo, o restaure un respaldo.", $"the schema metering of {address} is not that of this program ({Reason(e)}). Was it changed or removed while the program ran? Restart it, or restore a backup.",
            StoreException.Configuration, e),
        PostgresErrorCodes.DiskFull => new(
            "el disco de {0} está lleno. Nada de lo guardado se pierde; haga espacio, los gateways vuelven a enviar por sí mismos.", $"the disk under {address} is full. Nothing stored is lost; make room, the gateways send again by themselves.", StoreException.InputOutput, e),
        PostgresErrorCodes.IoError or PostgresErrorCodes.DataCorrupted or PostgresErrorCodes.IndexCorrupted => new(
            "{0} no puede leer o escribir sus archivos ({1}). Revise el disco del servidor y su bitácora.", $"{address} cannot read or write its files ({Reason(e)}). Check the server's disk and its log.", StoreException.InputOutput, e),
        PostgresErrorCodes.TooManyConnections => new(
            "{0} no acepta más conexiones. Suba max_connections del servidor, o corra menos procesos.", $"{address} takes no more connections. Raise max_connections of the server, or run fewer processes.", StoreException.TryLater, e),
        PostgresErrorCodes.ReadOnlySqlTransaction => new(
            "{0} no acepta escrituras: es una réplica o está en solo lectura. Nombre el servidor primario en «store», o espere a que este se promueva.", $"{address} takes no writes: it is a standby or set read-only. Name the primary server in 'store', or wait until this one is promoted.", StoreException.TryLater, e),
        null => Unreachable(address, e, isOpening),
        _ when IsConnectionLost(e) => new("{0} está arrancando o deteniéndose ({1}). Intente de nuevo cuando esté en marcha.", $"{address} is starting or stopping ({Reason(e)}). Try again when it is up.", StoreException.TryLater, e),
        _ => new("{0} falló: {1} (SQLSTATE {2}). Vea la bitácora del servidor.", $"{address} failed: {Reason(e)} (SQLSTATE {e.SqlState}). See the server's log.", StoreException.InputOutput, e),
    };

    private static StoreException Unreachable(PostgresAddress address, NpgsqlException e, bool isOpening)
    {
        // Npgsql has no code of its own for a server that asks for a password when none was given.
        if (e.Message.StartsWith("No password", StringComparison.Ordinal))
        {
            return new("{0} pide una contraseña. Póngala en un archivo y nómbrelo como passwordFile de «store».", $"{address} asks for a password. Put it into a file and name that as passwordFile of 'store'.", StoreException.Permission, e);
        }

        string reason = (e.InnerException ?? e).Message.TrimEnd('.');
        return e.InnerException is SocketException && isOpening
            ? new("nada responde en {0} ({1}). ¿Corre ahí PostgreSQL, y lo nombran host y port de «store»?", $"nothing answers at {address} ({reason}). Is PostgreSQL running there, and do host and port of 'store' name it?", StoreException.Unavailable, e)
            : new("falló la conexión a {0} ({1}). ¿Corre PostgreSQL? Se intenta de nuevo.", $"the connection to {address} failed ({reason}). Is PostgreSQL running? It is tried again.", StoreException.TryLater, e);
    }

    private static string Reason(NpgsqlException e) => (e is PostgresException fault ? fault.MessageText : e.Message).TrimEnd('.');
}
