using System.Globalization;
using System.Text;
using System.Text.Json;
using Metering.Readings;

namespace Metering.Store.Influx;

/// <summary>
/// Keeps a complete copy of the readings in InfluxDB for Grafana and others, fed from the journal. How far it is stands
/// in the store, so it goes on after a restart of either side; lines that come twice change nothing. The copy is never
/// read for results: <see cref="VerifyAsync"/> compares it, <see cref="RebuildAsync"/> makes it again.
/// </summary>
public sealed class InfluxMirror
{
    /// <summary>Lines in one request.</summary>
    public const int MaximumLines = 5_000;

    /// <summary>Refused lines kept at most; when there are more, the mirror stops and says so.</summary>
    public const int MaximumDeadLetters = 10_000;

    private const int MaximumBatches = 64;
    private static readonly TimeSpan IdlePoll = TimeSpan.FromMilliseconds(500);

    private readonly IReadingStore _store;
    private readonly InfluxClient _client;
    private readonly InfluxPatience _patience;
    private readonly TimeProvider _clock;
    private readonly string _target;
    private readonly string _database;
    private readonly Dictionary<(string Gateway, int KeyEpoch), string> _plants = [];
    private readonly Dictionary<(string Gateway, string Channel), long> _newest = [];
    private readonly LineBuffer _lines = new();
    private long _expectedWatermark = -1;

    /// <summary>Prepares a mirror; nothing is sent yet.</summary>
    /// <param name="store">Where the journal comes from.</param>
    /// <param name="options">Where the copy stands.</param>
    /// <param name="http">Its timeout is the timeout of one request.</param>
    /// <param name="clock">Paces retries.</param>
    /// <exception cref="ArgumentException">The options are outside their range.</exception>
    public InfluxMirror(IReadingStore store, InfluxOptions options, HttpClient http, TimeProvider clock)
    {
        _store = store;
        _client = new(http, options, clock);
        _clock = clock;
        _target = options.Target;
        _database = options.Database;
        _patience = new(clock, options.Target);
    }

    /// <summary>What the mirror is doing, in plain words.</summary>
    public string StateText => _patience.Trouble ?? (Behind == 0 ? "up to date" : string.Create(CultureInfo.InvariantCulture, $"{Behind} batches behind"));

    /// <summary>Every batch of the journal up to and with this sequence is in InfluxDB.</summary>
    public long Watermark => _store.Watermark(_target);

    /// <summary>Batches of the journal that are not in InfluxDB yet.</summary>
    public long Behind => _store.LastSequence - Watermark;

    /// <summary>Lines InfluxDB would not take; table dead_letter of the store holds them with the reason.</summary>
    public long DeadLetterCount => _store.DeadLetterCount(_target);

    /// <summary>Feeds InfluxDB until cancelled. Trouble never ends it: it waits and tries again, see <see cref="StateText"/>.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                await CreateDatabaseAsync(cancellationToken);
                while (true)
                {
                    if (!await StepAsync(cancellationToken))
                    {
                        await Task.Delay(IdlePoll, _clock, cancellationToken);
                    }
                }
            }
            catch (Exception e) when (e is StoreException or WireFormatException or JsonException)
            {
                await _patience.PauseAsync(e.Message, cancellationToken);
            }
        }
    }

    /// <summary>Feeds what the journal holds now and comes back when all of it is in InfluxDB.</summary>
    public async Task DrainAsync(CancellationToken cancellationToken)
    {
        await CreateDatabaseAsync(cancellationToken);
        while (await StepAsync(cancellationToken))
        {
        }
    }

    /// <summary>Compares the copy with the store: for each channel and UTC day the number of values, their sum and the number of readings that are not good.</summary>
    /// <exception cref="StoreException">InfluxDB does not answer (75) or refuses (78).</exception>
    public Task<InfluxVerification> VerifyAsync(CancellationToken cancellationToken) =>
        InfluxVerification.RunAsync(_store, statement => AskAsync(statement, cancellationToken), Behind, DeadLetterCount);

    /// <summary>Throws the copy away and lets the mirror begin again with the first batch of the journal.</summary>
    /// <exception cref="StoreException">InfluxDB does not answer (75) or refuses (78).</exception>
    public async Task RebuildAsync(CancellationToken cancellationToken)
    {
        _ = await AskAsync($"CREATE DATABASE \"{_database}\"", cancellationToken);
        InfluxAnswer answer = await _client.QueryAsync("DROP MEASUREMENT \"reading\"", cancellationToken);
        if (answer.Verdict != InfluxVerdict.Ok && !answer.Text.Contains("not found", StringComparison.Ordinal))
        {
            throw Explain(answer);
        }

        _store.ResetFollower(_target);
    }

    private static StoreException Explain(InfluxAnswer answer) => answer.Verdict == InfluxVerdict.Unavailable
        ? new($"InfluxDB is not available: {answer.Text}. Start it, or correct 'influx: url'.", StoreException.TryLater)
        : new($"InfluxDB refuses: {answer.Text}. Check user, password and database in 'influx:'.", StoreException.Configuration);

    private async Task<string> AskAsync(string statement, CancellationToken cancellationToken)
    {
        InfluxAnswer answer = await _client.QueryAsync(statement, cancellationToken);
        return answer.Verdict == InfluxVerdict.Ok ? answer.Text : throw Explain(answer);
    }

    /// <summary>Takes some batches across; false when there is none.</summary>
    private async Task<bool> StepAsync(CancellationToken cancellationToken)
    {
        long watermark = Watermark;
        if (watermark != _expectedWatermark)
        {
            // Another process has rebuilt the mirror, or this one has just begun.
            _newest.Clear();
        }

        long last = watermark;
        _lines.Clear();
        foreach (JournalRecord record in _store.Journal(watermark, MaximumBatches))
        {
            await AddAsync(record, cancellationToken);
            last = record.Sequence;
        }

        if (last == watermark)
        {
            _expectedWatermark = watermark;
            return false;
        }

        await FlushAsync(cancellationToken);
        bool isMine = _store.AdvanceWatermark(_target, watermark, last);
        _expectedWatermark = isMine ? last : -1;
        return true;
    }

    private async Task AddAsync(JournalRecord record, CancellationToken cancellationToken)
    {
        foreach (ChannelSegment segment in BatchEnvelope.Open(record.Envelope.Span).ReadSegments())
        {
            byte[] prefix = LineBuffer.Prefix(PlantOf(record), record.Gateway, segment.Channel);
            (string, string) key = (record.Gateway, segment.Channel.Id);
            if (!_newest.TryGetValue(key, out long newest))
            {
                newest = await NewestAsync(record.Gateway, segment.Channel.Id, cancellationToken);
            }

            await RemoveReplacedAsync(record.Gateway, segment, newest, cancellationToken);
            for (int index = 0; index < segment.Count; index++)
            {
                Reading reading = new(
                    segment.UtcMilliseconds.Span[index], segment.ScaledValues.Span[index], 0, segment.Qualities.Span[index], segment.HasValues.Span[index]);
                _lines.Add(prefix, segment.Channel.DecimalsCode, reading, alwaysQuality: reading.UtcMilliseconds <= newest);
                if (_lines.Count == MaximumLines)
                {
                    await FlushAsync(cancellationToken);
                }
            }

            _newest[key] = Math.Max(newest, segment.UtcMilliseconds.Span[^1]);
        }
    }

    private string PlantOf(JournalRecord record)
    {
        if (!_plants.TryGetValue((record.Gateway, record.KeyEpoch), out string? plant))
        {
            plant = _store.FindEnrolment(record.Gateway, record.KeyEpoch)?.Plant
                ?? throw new StoreException($"gateway {record.Gateway} has batches of key epoch {record.KeyEpoch}, but no enrolment; enrol it again", StoreException.Configuration);
            _plants.Add((record.Gateway, record.KeyEpoch), plant);
        }

        return plant;
    }

    private async Task<long> NewestAsync(string gateway, string channel, CancellationToken cancellationToken)
    {
        using JsonDocument answer = JsonDocument.Parse(await QueryPatientlyAsync(
            $"SELECT value, quality FROM reading WHERE gateway='{gateway}' AND channel='{channel}' ORDER BY time DESC LIMIT 1", cancellationToken));
        return InfluxClient.Rows(answer).Select(row => row[0].GetInt64()).FirstOrDefault(long.MinValue);
    }

    /// <summary>
    /// A reading without a value that replaces one with a value: InfluxDB would keep the old value beside the new
    /// quality, so the old point goes first.
    /// </summary>
    private async Task RemoveReplacedAsync(string gateway, ChannelSegment segment, long newest, CancellationToken cancellationToken)
    {
        HashSet<long> silent = [];
        for (int index = 0; index < segment.Count && segment.UtcMilliseconds.Span[index] <= newest; index++)
        {
            if (!segment.HasValues.Span[index])
            {
                _ = silent.Add(segment.UtcMilliseconds.Span[index]);
            }
        }

        if (silent.Count == 0)
        {
            return;
        }

        // What waits in the buffer may be the very value to remove.
        await FlushAsync(cancellationToken);
        string where = $"gateway='{gateway}' AND channel='{segment.Channel.Id}'";
        using JsonDocument answer = JsonDocument.Parse(await QueryPatientlyAsync(
            string.Create(CultureInfo.InvariantCulture, $"SELECT value FROM reading WHERE {where} AND time >= {silent.Min()}ms AND time <= {silent.Max()}ms"), cancellationToken));
        foreach (long instant in InfluxClient.Rows(answer).Select(row => row[0].GetInt64()).Where(silent.Contains).ToList())
        {
            _ = await QueryPatientlyAsync(string.Create(CultureInfo.InvariantCulture, $"DELETE FROM reading WHERE {where} AND time = {instant}ms"), cancellationToken);
        }
    }

    private async Task FlushAsync(CancellationToken cancellationToken)
    {
        await SendAsync(0, _lines.Count, cancellationToken);
        _lines.Clear();
    }

    /// <summary>Sends lines until they are stored or put aside; splits what is refused until the lines at fault stand alone.</summary>
    private async Task SendAsync(int start, int end, CancellationToken cancellationToken)
    {
        bool hasCreated = false;
        while (start < end)
        {
            InfluxAnswer answer = await _client.WriteAsync(_lines.Lines(start, end), cancellationToken);
            bool mustSplit = answer.Verdict is InfluxVerdict.Refused or InfluxVerdict.TooLarge;
            if (answer.Verdict == InfluxVerdict.Ok)
            {
                _patience.Reset();
                return;
            }

            if (mustSplit && end - start == 1)
            {
                await PutAsideAsync(start, answer.Text, cancellationToken);
                return;
            }

            if (mustSplit)
            {
                int middle = start + ((end - start) / 2);
                await SendAsync(start, middle, cancellationToken);
                start = middle;
                continue;
            }

            if (answer.Verdict == InfluxVerdict.Paused && !hasCreated)
            {
                // The database may be new or gone: that needs no waiting.
                hasCreated = true;
                await CreateDatabaseAsync(cancellationToken);
                continue;
            }

            await _patience.WaitAsync(answer, cancellationToken);
        }
    }

    private async Task PutAsideAsync(int line, string reason, CancellationToken cancellationToken)
    {
        while (DeadLetterCount >= MaximumDeadLetters)
        {
            await _patience.PauseAsync(
                string.Create(CultureInfo.InvariantCulture, $"stopped: InfluxDB has refused {MaximumDeadLetters} lines, the last with '{reason}'. Remove the cause, then run 'cloud influx rebuild'"),
                cancellationToken);
        }

        string text = Encoding.ASCII.GetString(_lines.Lines(line, line + 1).Span).TrimEnd('\n');
        _store.AddDeadLetter(_target, text, reason);
    }

    private async Task CreateDatabaseAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            InfluxAnswer answer = await _client.QueryAsync($"CREATE DATABASE \"{_database}\"", cancellationToken);
            if (answer.Verdict != InfluxVerdict.Unavailable)
            {
                // A user who may not create databases may still write into one that is there: the write will tell.
                return;
            }

            await _patience.WaitAsync(answer, cancellationToken);
        }
    }

    private async Task<string> QueryPatientlyAsync(string statement, CancellationToken cancellationToken)
    {
        while (true)
        {
            InfluxAnswer answer = await _client.QueryAsync(statement, cancellationToken);
            if (answer.Verdict == InfluxVerdict.Ok)
            {
                _patience.Reset();
                return answer.Text;
            }

            await _patience.WaitAsync(answer, cancellationToken);
            if (answer.Verdict == InfluxVerdict.Paused)
            {
                await CreateDatabaseAsync(cancellationToken);
            }
        }
    }
}
