using Metering.Readings;
using SQLitePCL;

namespace Metering.Benchmarks.Store;

/// <summary>
/// The best row-a-reading table we know to write: SQLite's C functions without a wrapper, prepared statements, an upsert on
/// the clustered key (channel, ts), one commit a batch, the write-ahead log with the flush of the real store.
/// </summary>
internal sealed class RawRowTable : IDisposable
{
    private readonly sqlite3 _database;
    private readonly sqlite3_stmt _insert;
    private readonly sqlite3_stmt _select;
    private readonly sqlite3_stmt _last;
    private readonly sqlite3_stmt _mean;

    public RawRowTable(string path)
    {
        Check(raw.sqlite3_open(path, out _database));
        foreach (string pragma in (string[])["PRAGMA journal_mode=WAL", "PRAGMA synchronous=FULL", "PRAGMA cache_size=-16384"])
        {
            Execute(pragma);
        }

        Execute("CREATE TABLE reading(channel INTEGER, ts INTEGER, value INTEGER, quality INTEGER, PRIMARY KEY(channel, ts)) WITHOUT ROWID");
        _insert = Prepare("INSERT INTO reading VALUES(?, ?, ?, ?) ON CONFLICT(channel, ts) DO UPDATE SET value=excluded.value, quality=excluded.quality");
        _select = Prepare("SELECT ts, value, quality FROM reading WHERE channel=? AND ts>=? AND ts<? ORDER BY ts");
        _last = Prepare("SELECT ts/900000, max(ts), value FROM reading WHERE channel=? AND ts>=? AND ts<? AND quality=0 GROUP BY ts/900000");
        _mean = Prepare("SELECT ts/900000, avg(value), count(*) FROM reading WHERE channel=? AND ts>=? AND ts<? AND quality=0 GROUP BY ts/900000");
    }

    public void Append(IReadOnlyList<ChannelSegment> segments, Func<string, int> indexOf)
    {
        Execute("BEGIN IMMEDIATE");
        foreach (ChannelSegment segment in segments)
        {
            Insert(indexOf(segment.Channel.Id), segment.UtcMilliseconds.Span, segment.ScaledValues.Span, segment.Qualities.Span);
        }

        Execute("COMMIT");
    }

    /// <summary>One commit of many readings of one channel.</summary>
    public void Append(int channel, PointReadings readings, int start)
    {
        Execute("BEGIN IMMEDIATE");
        Insert(channel, readings.UtcMilliseconds.AsSpan(start), readings.ScaledValues.AsSpan(start), readings.Qualities.AsSpan(start));
        Execute("COMMIT");
    }

    /// <summary>Reads a channel into columns made for it and gives the number of readings.</summary>
    public PointReadings Read(int channel, (long From, long To) range, int expected)
    {
        PointReadings result = new(new long[expected], new long[expected], new ReadingQuality[expected]);
        Bind(_select, channel, range);
        int count = 0;
        while (raw.sqlite3_step(_select) == raw.SQLITE_ROW)
        {
            result.UtcMilliseconds[count] = raw.sqlite3_column_int64(_select, 0);
            result.ScaledValues[count] = raw.sqlite3_column_int64(_select, 1);
            result.Qualities[count++] = new((byte)raw.sqlite3_column_int(_select, 2));
        }

        _ = raw.sqlite3_reset(_select);
        return count == expected ? result : throw new InvalidOperationException($"the row table holds {count} readings, {expected} were expected");
    }

    /// <summary>The last register or the mean of every quarter hour in SQL; gives the number of quarter hours.</summary>
    public int QuarterHours(int channel, (long From, long To) range, bool isCounter)
    {
        sqlite3_stmt statement = isCounter ? _last : _mean;
        Bind(statement, channel, range);
        int count = 0;
        double sum = 0;
        while (raw.sqlite3_step(statement) == raw.SQLITE_ROW)
        {
            sum += raw.sqlite3_column_double(statement, isCounter ? 2 : 1);
            count++;
        }

        _ = raw.sqlite3_reset(statement);
        return double.IsNaN(sum) ? 0 : count;
    }

    /// <summary>Moves everything from the write-ahead log to the file.</summary>
    public void Checkpoint() => Execute("PRAGMA wal_checkpoint(TRUNCATE)");

    public void Dispose()
    {
        foreach (sqlite3_stmt statement in (sqlite3_stmt[])[_insert, _select, _last, _mean])
        {
            _ = raw.sqlite3_finalize(statement);
        }

        _ = raw.sqlite3_close(_database);
    }

    private void Insert(int channel, ReadOnlySpan<long> instants, ReadOnlySpan<long> values, ReadOnlySpan<ReadingQuality> qualities)
    {
        _ = raw.sqlite3_bind_int64(_insert, 1, channel);
        for (int index = 0; index < instants.Length; index++)
        {
            _ = raw.sqlite3_bind_int64(_insert, 2, instants[index]);
            _ = raw.sqlite3_bind_int64(_insert, 3, values[index]);
            _ = raw.sqlite3_bind_int64(_insert, 4, qualities[index].Code);
            if (raw.sqlite3_step(_insert) != raw.SQLITE_DONE)
            {
                throw new InvalidOperationException(raw.sqlite3_errmsg(_database).utf8_to_string());
            }

            _ = raw.sqlite3_reset(_insert);
        }
    }

    private static void Bind(sqlite3_stmt statement, int channel, (long From, long To) range)
    {
        _ = raw.sqlite3_bind_int64(statement, 1, channel);
        _ = raw.sqlite3_bind_int64(statement, 2, range.From);
        _ = raw.sqlite3_bind_int64(statement, 3, range.To);
    }

    private sqlite3_stmt Prepare(string sql)
    {
        Check(raw.sqlite3_prepare_v2(_database, sql, out sqlite3_stmt statement));
        return statement;
    }

    private void Execute(string sql) => Check(raw.sqlite3_exec(_database, sql));

    private void Check(int code)
    {
        if (code != raw.SQLITE_OK)
        {
            throw new InvalidOperationException(raw.sqlite3_errmsg(_database).utf8_to_string());
        }
    }
}
