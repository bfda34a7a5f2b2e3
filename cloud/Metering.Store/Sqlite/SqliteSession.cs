using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Metering.Store.Sqlite;

/// <summary>One connection with its prepared statements. Parameters are named $0, $1, ... in order. For one thread at a time.</summary>
internal sealed class SqliteSession(SqliteConnection connection) : IDisposable
{
    private readonly Dictionary<string, SqliteCommand> _commands = new(StringComparer.Ordinal);
    private bool _inTransaction;

    /// <summary>Begins a read transaction and fixes what it sees to this moment.</summary>
    public void BeginRead()
    {
        _ = Execute("BEGIN");
        _inTransaction = true;
        _ = Scalar("SELECT count(*) FROM watermark");
    }

    public void BeginWrite()
    {
        _ = Execute("BEGIN IMMEDIATE");
        _inTransaction = true;
    }

    public void Commit()
    {
        _ = Execute("COMMIT");
        _inTransaction = false;
    }

    /// <summary>Ends a transaction that is still open, without its changes.</summary>
    public void EndTransaction()
    {
        if (!_inTransaction)
        {
            return;
        }

        _inTransaction = false;
        try
        {
            _ = Execute("ROLLBACK");
        }
        catch (SqliteException)
        {
            // SQLite has rolled back by itself, as it does when the disk is full.
        }
    }

    public int Execute(string sql, params ReadOnlySpan<object?> values) => Command(sql, values).ExecuteNonQuery();

    public long Scalar(string sql, params ReadOnlySpan<object?> values) =>
        Command(sql, values).ExecuteScalar() is object value and not DBNull ? Convert.ToInt64(value, CultureInfo.InvariantCulture) : 0;

    public SqliteDataReader Query(string sql, params ReadOnlySpan<object?> values) => Command(sql, values).ExecuteReader();

    /// <summary>The bytes of a column of the current row; valid until the reader moves on.</summary>
    public static ReadOnlySpan<byte> Blob(SqliteDataReader reader, int column) =>
        SQLitePCL.raw.sqlite3_column_blob(reader.Handle!, column);

    public void Dispose()
    {
        EndTransaction();
        foreach (SqliteCommand command in _commands.Values)
        {
            command.Dispose();
        }

        connection.Dispose();
    }

    private SqliteCommand Command(string sql, ReadOnlySpan<object?> values)
    {
        if (!_commands.TryGetValue(sql, out SqliteCommand? command))
        {
            command = connection.CreateCommand();
#pragma warning disable CA2100 // Every statement is a constant of this assembly; values travel as parameters.
            command.CommandText = sql;
#pragma warning restore CA2100
            for (int index = 0; index < values.Length; index++)
            {
                _ = command.Parameters.Add(new SqliteParameter { ParameterName = string.Create(CultureInfo.InvariantCulture, $"${index}") });
            }

            _commands.Add(sql, command);
        }

        for (int index = 0; index < values.Length; index++)
        {
            command.Parameters[index].Value = values[index] ?? DBNull.Value;
        }

        return command;
    }
}
