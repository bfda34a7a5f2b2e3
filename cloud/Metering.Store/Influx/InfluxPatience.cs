using System.Globalization;

namespace Metering.Store.Influx;

/// <summary>How long the mirror waits before it tries again, and what it says meanwhile.</summary>
internal sealed class InfluxPatience(TimeProvider clock, string seedText)
{
    private const int MaximumDoublings = 7;
    private static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LongestRetryAfter = TimeSpan.FromMinutes(15);

    // String hashes differ from process to process, so two mirrors do not come back at the same moment.
    private readonly Random _random = new(StringComparer.Ordinal.GetHashCode(seedText));
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
            return PauseAsync($"paused: InfluxDB refuses ({answer.Text}). Check user, password and database in 'influx:'", cancellationToken);
        }

        TimeSpan wait = FirstWait * Math.Pow(2, Math.Min(_failures++, MaximumDoublings));
        wait = (wait < LongestWait ? wait : LongestWait) * (0.5 + (_random.NextDouble() / 2));
        if (answer.RetryAfter is TimeSpan asked && asked > TimeSpan.Zero)
        {
            wait = asked < LongestRetryAfter ? asked : LongestRetryAfter;
        }

        _trouble = string.Create(CultureInfo.InvariantCulture, $"waiting {wait.TotalSeconds:0.0} s for InfluxDB ({answer.Text}); nothing is lost, the journal keeps it");
        return Task.Delay(wait, clock, cancellationToken);
    }

    /// <summary>Waits long, with a text that says what somebody has to change.</summary>
    public Task PauseAsync(string trouble, CancellationToken cancellationToken)
    {
        _trouble = trouble;
        return Task.Delay(LongestWait, clock, cancellationToken);
    }
}
