using System.Globalization;
using Npgsql;

namespace Metering.Store.Postgres;

/// <summary>One connection inside one transaction. Parameters are $1, $2, ... in order. For one thread at a time.</summary>
internal sealed class PostgresSession(NpgsqlConnection connection, NpgsqlTransaction transaction)
{
    public int Execute(string sql, params ReadOnlySpan<object?> values)
    {
        using NpgsqlCommand command = Command(sql, values);
        return command.ExecuteNonQuery();
    }

    /// <summary>The first column of the first row as an integer; 0 for null or no row.</summary>
    public long Scalar(string sql, params ReadOnlySpan<object?> values)
    {
        using NpgsqlCommand command = Command(sql, values);
        return command.ExecuteScalar() is object value and not DBNull ? Convert.ToInt64(value, CultureInfo.InvariantCulture) : 0;
    }

    /// <summary>Hands every row to a body, in order.</summary>
    /// <returns>Number of rows.</returns>
    public int Query(string sql, ReadOnlySpan<object?> values, Action<NpgsqlDataReader> body)
    {
        using NpgsqlCommand command = Command(sql, values);
        using NpgsqlDataReader reader = command.ExecuteReader();
        int rows = 0;
        while (reader.Read())
        {
            rows++;
            body(reader);
        }

        return rows;
    }

    /// <summary>Sends statements together, so that they cost one round trip; nothing else goes over the wire between them.</summary>
    public void ExecuteTogether(ReadOnlySpan<(string Sql, object?[] Values)> statements)
    {
        using NpgsqlBatch batch = new(connection, transaction);
        foreach ((string sql, object?[] values) in statements)
        {
            NpgsqlBatchCommand command = new(sql);
            foreach (object? value in values)
            {
                command.Parameters.Add(Parameter(value));
            }

            batch.BatchCommands.Add(command);
        }

        _ = batch.ExecuteNonQuery();
    }

    private static NpgsqlParameter Parameter(object? value) => new() { Value = value ?? DBNull.Value };

    private NpgsqlCommand Command(string sql, ReadOnlySpan<object?> values)
    {
#pragma warning disable CA2100 // Every statement is a constant of this assembly; values travel as parameters.
        NpgsqlCommand command = new(sql, connection, transaction);
#pragma warning restore CA2100
        foreach (object? value in values)
        {
            command.Parameters.Add(Parameter(value));
        }

        return command;
    }
}
