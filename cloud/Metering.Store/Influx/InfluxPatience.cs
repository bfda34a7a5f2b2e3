using System.Globalization;

namespace Metering.Store.Influx;

/// <summary>How long the mirror waits before it tries again, and what it says meanwhile.</summary>
internal sealed class InfluxPatience(TimeProvider clock, InfluxOptions options)
{
    /// <summary>The longest wait of its own choice; also the wait while somebody has to change something.</summary>
    public static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(1);

    /// <summary>The longest wait a server may ask for.</summary>
    public static readonly TimeSpan LongestRetryAfter = TimeSpan.FromMinutes(15);

    private const int MaximumDoublings = 7;
    private static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(500);

    // String hashes differ from process to process, so two mirrors do not come back at the same moment.
    private readonly Random _random = new(StringComparer.Ordinal.GetHashCode(options.Target));
    private volatile string? _trouble;
    private int _failures;

    /// <summary>What is wrong, or null.</summary>
    public string? Trouble => _trouble;

    public void Reset()
    {
        _failures = 0;
        _trouble = null;
    }

    /// <summary>Waits as the answer asks for: the server's own word first, else longer from time to time, by chance between half and all of it.</summary>
    public Task WaitAsync(InfluxAnswer answer, CancellationToken cancellationToken)
    {
        if (answer.Verdict == InfluxVerdict.Paused)
        {
            return PauseAsync($"paused: InfluxDB refuses ({answer.Text}). {InfluxAdvice.For(answer, options)}", cancellationToken);
        }

        TimeSpan wait = NextWait(answer.RetryAfter);
        _trouble = string.Create(CultureInfo.InvariantCulture, $"waiting {wait.TotalSeconds:0.0} s for InfluxDB ({answer.Text}); nothing is lost, the journal keeps it");
        return Task.Delay(wait, clock, cancellationToken);
    }

    /// <summary>Waits long, with a text that says what somebody has to change.</summary>
    public Task PauseAsync(string trouble, CancellationToken cancellationToken)
    {
        _trouble = trouble;
        return Task.Delay(LongestWait, clock, cancellationToken);
    }

    /// <summary>The wait after one more failure.</summary>
    public TimeSpan NextWait(TimeSpan? asked)
    {
        TimeSpan wait = FirstWait * Math.Pow(2, Math.Min(_failures++, MaximumDoublings));
        wait = (wait < LongestWait ? wait : LongestWait) * (0.5 + (_random.NextDouble() / 2));
        if (asked is TimeSpan time && time > TimeSpan.Zero)
        {
            return time < LongestRetryAfter ? time : LongestRetryAfter;
        }

        return wait;
    }
}

/// <summary>What a person can do about a refusal, by the server's generation.</summary>
internal static class InfluxAdvice
{
    public static string For(InfluxAnswer answer, InfluxOptions options) => options.IsSource
        ? "Check --from-url, --server-version, --database, --measurement and the login given"
        : ForMirror(answer, options);

    private static string ForMirror(InfluxAnswer answer, InfluxOptions options) => answer.Status switch
    {
        401 or 403 => options.TokenFile is null
            ? $"Check user, password and database in 'influx:'; the user must be allowed to write and read '{options.Database}'"
            : $"Check the token in {options.TokenFile}; it must be allowed to write and read '{options.Database}'",
        404 => MissingDatabase(options),
        >= 300 and < 400 => "Give the address it points to as 'influx: url'",
        200 when answer.Text.Contains("not found", StringComparison.Ordinal) => MissingDatabase(options),
        200 or 400 when options.Version == InfluxVersion.Three && answer.Text.Contains("file", StringComparison.Ordinal) && answer.Text.Contains("limit", StringComparison.Ordinal) =>
            "InfluxDB 3 Core reads at most 432 files (about 72 hours) in one query. Start it with a higher --query-file-limit",
        _ => "Check user, password and database in 'influx:', and that 'version' is the server's",
    };

    private static string MissingDatabase(InfluxOptions options) => options.Version switch
    {
        // dbrp/service.go and dbrp/bucket_service.go of influxdata/influxdb 2.7: a bucket "db" or "db/rp" is mapped by its name.
        InfluxVersion.Two => $"InfluxDB 2 has no database by this name: make a bucket with 'influx bucket create --name {options.Database}'"
            + $" ('{options.Database}/autogen' does as well), or map one with 'influx v1 dbrp create --db {options.Database} --rp autogen --default --bucket-id ID'",
        InfluxVersion.Three => "InfluxDB 3 makes a database with the first write: check the address and that the server is InfluxDB 3",
        _ => $"Check user, password and database in 'influx:'; make the database with CREATE DATABASE \"{options.Database}\" if this user may not",
    };
}
