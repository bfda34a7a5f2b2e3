using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Metering.Store.Influx;

/// <summary>
/// Sends lines until each is stored or put aside with the server's reason. What is refused is searched for the first line
/// at fault by halves: log2(n) writes find it among n lines and store every line before it, one more takes the rest. Lines
/// that are written twice on the way change nothing: the same series and instant is the same point in all three generations.
/// </summary>
internal sealed class InfluxLineSender(IReadingStore store, InfluxClient client, InfluxPatience patience, string target)
{
    private const int LongestReason = 500;
    private int _largest = InfluxMirror.MaximumLines;

    /// <summary>Sends all lines of the buffer and empties it. Lines may be written more than once.</summary>
    public async Task SendAsync(LineBuffer lines, CancellationToken cancellationToken)
    {
        int start = 0;
        while (start < lines.Count)
        {
            start = await SendRangeAsync(lines, start, Math.Min(lines.Count, start + _largest), cancellationToken);
        }

        lines.Clear();
    }

    /// <summary>Keeps a line that cannot be delivered; waits, and says so, when there are too many of them.</summary>
    public async Task PutAsideAsync(string line, string reason, CancellationToken cancellationToken)
    {
        while (store.DeadLetterCount(target) >= InfluxMirror.MaximumDeadLetters)
        {
            await patience.PauseAsync(
                string.Create(CultureInfo.InvariantCulture, $"stopped: InfluxDB has refused {InfluxMirror.MaximumDeadLetters} lines, the last with '{reason}'. Remove the cause, then run 'cloud influx rebuild'"),
                cancellationToken);
        }

        store.AddDeadLetter(target, line, reason.Length > LongestReason ? reason[..LongestReason] : reason);
    }

    /// <summary>Makes the database where that is done by InfluxQL; 2.x wants a bucket from a person, 3.x makes it with the first write.</summary>
    public async Task CreateDatabaseAsync(CancellationToken cancellationToken)
    {
        while (client.Options.Version == InfluxVersion.One)
        {
            InfluxAnswer answer = await client.QueryAsync($"CREATE DATABASE \"{client.Options.Database}\"", static _ => { }, cancellationToken);
            if (answer.Verdict != InfluxVerdict.Unavailable)
            {
                // A user who may not create databases may still write into one that is there: the write will tell.
                return;
            }

            await patience.WaitAsync(answer, cancellationToken);
        }
    }

    /// <summary>Sends some lines; gives the index of the first that is still to be sent.</summary>
    private async Task<int> SendRangeAsync(LineBuffer lines, int start, int end, CancellationToken cancellationToken)
    {
        int previous = -2;
        while (start < end)
        {
            InfluxAnswer answer = await DeliverAsync(lines, start, end, cancellationToken);
            if (answer.Verdict == InfluxVerdict.Ok)
            {
                break;
            }

            if (answer.Verdict == InfluxVerdict.TooLarge && end - start > 1)
            {
                // What is too large once will be too large again: the size stays until the next start.
                _largest = Math.Max(1, (end - start) / 2);
                return start;
            }

            if (IsAllRefused(answer, end - start))
            {
                for (; start < end; start++)
                {
                    await PutAsideAsync(TextOf(lines, start), answer.Text, cancellationToken);
                }

                break;
            }

            if (Named(answer, lines, start, end) is { Count: > 0 } named)
            {
                foreach ((int line, string reason) in named)
                {
                    await PutAsideAsync(TextOf(lines, line), reason, cancellationToken);
                }

                lines.Remove(named.Keys);
                end -= named.Count;
                continue;
            }

            (int poison, string why) = await FindFirstAsync(lines, start, end, answer.Text, cancellationToken);
            await PutAsideIfKnownAsync(lines, poison, why, cancellationToken);
            start = poison + 1;
            bool isRun = poison == previous + 1;
            previous = poison;
            if (isRun)
            {
                start = await SendRunAsync(lines, start, end, cancellationToken);
                previous = -2;
            }
        }

        return end;
    }

    private Task PutAsideIfKnownAsync(LineBuffer lines, int poison, string reason, CancellationToken cancellationToken) =>
        reason.Length == 0 ? Task.CompletedTask : PutAsideAsync(TextOf(lines, poison), reason, cancellationToken);

    /// <summary>Two lines at fault stood side by side: goes on line by line until one is good, which costs one write a line instead of log2(n).</summary>
    private async Task<int> SendRunAsync(LineBuffer lines, int start, int end, CancellationToken cancellationToken)
    {
        for (; start < end; start++)
        {
            InfluxAnswer answer = await DeliverAsync(lines, start, start + 1, cancellationToken);
            if (answer.Verdict == InfluxVerdict.Ok)
            {
                return start + 1;
            }

            await PutAsideAsync(TextOf(lines, start), answer.Text, cancellationToken);
        }

        return start;
    }

    /// <summary>The first line at fault among lines that were refused together, and why; without a reason when it was stored after all.</summary>
    private async Task<(int Line, string Reason)> FindFirstAsync(LineBuffer lines, int start, int end, string reason, CancellationToken cancellationToken)
    {
        int low = start;
        int high = end;
        while (high - low > 1)
        {
            int middle = low + ((high - low) / 2);
            InfluxAnswer answer = await DeliverAsync(lines, low, middle, cancellationToken);
            if (answer.Verdict == InfluxVerdict.Ok)
            {
                low = middle;
            }
            else
            {
                (high, reason) = (middle, answer.Text);
            }
        }

        if (high == end && low > start)
        {
            // Only the whole was ever refused: the last line is asked alone before it is blamed.
            InfluxAnswer answer = await DeliverAsync(lines, low, high, cancellationToken);
            return (low, answer.Verdict == InfluxVerdict.Ok ? "" : answer.Text);
        }

        return (low, reason);
    }

    /// <summary>Writes until the server says what it thinks of the lines: stored, refused or too large.</summary>
    private async Task<InfluxAnswer> DeliverAsync(LineBuffer lines, int start, int end, CancellationToken cancellationToken)
    {
        bool hasCreated = false;
        while (true)
        {
            InfluxAnswer answer = await client.WriteAsync(lines.Lines(start, end), cancellationToken);
            if (answer.Verdict == InfluxVerdict.Ok)
            {
                patience.Reset();
            }

            if (answer.Verdict is InfluxVerdict.Ok or InfluxVerdict.Refused or InfluxVerdict.TooLarge)
            {
                return answer;
            }

            if (answer.Verdict == InfluxVerdict.Paused && !hasCreated && client.Options.Version == InfluxVersion.One)
            {
                // The database may be new or gone: that needs no waiting.
                hasCreated = true;
                await CreateDatabaseAsync(cancellationToken);
                continue;
            }

            await patience.WaitAsync(answer, cancellationToken);
            hasCreated = false;
        }
    }

    private static string TextOf(LineBuffer lines, int line) => Encoding.ASCII.GetString(lines.Lines(line, line + 1).Span).TrimEnd('\n');

    /// <summary>Every line is older than the database keeps: "partial write: points beyond retention policy dropped=N" of 1.x and 2.x (measured with 1.6.7).</summary>
    private static bool IsAllRefused(InfluxAnswer answer, int count)
    {
        const string Dropped = "dropped=";
        int place = answer.Body.IndexOf(Dropped, StringComparison.Ordinal);
        if (place < 0 || !answer.Body.Contains("beyond retention policy", StringComparison.Ordinal))
        {
            return false;
        }

        ReadOnlySpan<char> digits = answer.Body.AsSpan(place + Dropped.Length);
        int length = digits.IndexOfAnyExceptInRange('0', '9');
        return int.TryParse(length < 0 ? digits : digits[..length], NumberStyles.None, CultureInfo.InvariantCulture, out int dropped) && dropped == count;
    }

    /// <summary>
    /// The lines that 3.x names, counted from 1, each with its reason: {"error":"partial write of line protocol occurred",
    /// "data":[{"original_line","line_number","error_message"}]} (docs.influxdata.com/influxdb3/core/write-data/http-api/v3-write-lp).
    /// None unless every name fits the line it stands for: then the halves decide.
    /// </summary>
    private static SortedDictionary<int, string> Named(InfluxAnswer answer, LineBuffer lines, int start, int end)
    {
        SortedDictionary<int, string> named = [];
        if (!answer.Body.StartsWith('{') || !answer.Body.Contains("line_number", StringComparison.Ordinal))
        {
            return named;
        }

        try
        {
            using JsonDocument document = JsonDocument.Parse(answer.Body);
            if (!document.RootElement.TryGetProperty("data", out JsonElement data) || data.ValueKind != JsonValueKind.Array)
            {
                return named;
            }

            foreach (JsonElement item in data.EnumerateArray())
            {
                int line = start + item.GetProperty("line_number").GetInt32() - 1;
                string? original = item.GetProperty("original_line").GetString();
                string? message = item.GetProperty("error_message").GetString();
                if (line < start || line >= end || string.IsNullOrEmpty(message) || !Fits(TextOf(lines, line), original))
                {
                    return [];
                }

                named[line] = $"HTTP {answer.Status} {message}";
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            return [];
        }

        return named;
    }

    // Long lines are cut and get an ellipsis on the way.
    private static bool Fits(string line, string? original) =>
        original is { Length: > 0 } && (line == original || (original.EndsWith("...", StringComparison.Ordinal) && line.StartsWith(original[..^3], StringComparison.Ordinal)));
}
