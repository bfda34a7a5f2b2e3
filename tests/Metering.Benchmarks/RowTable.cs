using Metering.Readings;
using Microsoft.Data.Sqlite;

namespace Metering.Benchmarks;

/// <summary>What one would write first: one row a reading, prepared statements, one commit a batch, the flush of the real store.</summary>
internal sealed class RowTable : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly SqliteCommand _insert;
    private readonly SqliteCommand _select;

    public RowTable(string path)
    {
        _connection = new(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString());
        _connection.Open();
        using SqliteCommand create = _connection.CreateCommand();
        create.CommandText = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-16384; "
            + "CREATE TABLE reading(channel INTEGER, ts INTEGER, value INTEGER, quality INTEGER, PRIMARY KEY(channel, ts)) WITHOUT ROWID";
        _ = create.ExecuteNonQuery();
        _insert = Prepare("INSERT OR REPLACE INTO reading VALUES($channel, $ts, $value, $quality)", "$channel", "$ts", "$value", "$quality");
        _select = Prepare("SELECT ts, value, quality FROM reading WHERE channel=$channel AND ts>=$from AND ts<$to ORDER BY ts", "$channel", "$from", "$to");
    }

    public void Append(IReadOnlyList<ChannelSegment> segments)
    {
        using SqliteTransaction transaction = _connection.BeginTransaction();
        _insert.Transaction = transaction;
        for (int channel = 0; channel < segments.Count; channel++)
        {
            ChannelSegment segment = segments[channel];
            _insert.Parameters[0].Value = (long)channel;
            for (int index = 0; index < segment.Count; index++)
            {
                _insert.Parameters[1].Value = segment.UtcMilliseconds.Span[index];
                _insert.Parameters[2].Value = segment.HasValues.Span[index] ? segment.ScaledValues.Span[index] : DBNull.Value;
                _insert.Parameters[3].Value = (long)segment.Qualities.Span[index].Code;
                _ = _insert.ExecuteNonQuery();
            }
        }

        transaction.Commit();
    }

    public int Read(long channel, long from, long to, int expected)
    {
        long[] instants = new long[expected];
        long[] values = new long[expected];
        byte[] qualities = new byte[expected];
        bool[] hasValues = new bool[expected];
        _select.Parameters[0].Value = channel;
        _select.Parameters[1].Value = from;
        _select.Parameters[2].Value = to;
        using SqliteDataReader reader = _select.ExecuteReader();
        int count = 0;
        while (reader.Read())
        {
            instants[count] = reader.GetInt64(0);
            hasValues[count] = !reader.IsDBNull(1);
            values[count] = hasValues[count] ? reader.GetInt64(1) : 0;
            qualities[count++] = (byte)reader.GetInt64(2);
        }

        return count;
    }

    public void Dispose()
    {
        _insert.Dispose();
        _select.Dispose();
        _connection.Dispose();
    }

    private SqliteCommand Prepare(string text, params string[] names)
    {
        SqliteCommand command = _connection.CreateCommand();
#pragma warning disable CA2100 // Two constants of this class; values travel as parameters.
        command.CommandText = text;
#pragma warning restore CA2100
        foreach (string name in names)
        {
            _ = command.Parameters.AddWithValue(name, 0L);
        }

        command.Prepare();
        return command;
    }
}
