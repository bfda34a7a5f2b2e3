using System.Globalization;
using System.Text;
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
    private readonly InfluxLineSender _sender;
    private readonly ReplacedReadings _replaced;
    private readonly TimeProvider _clock;
    private readonly string _target;
    private readonly Dictionary<(string Gateway, int KeyEpoch), string> _plants = [];
    private readonly LineBuffer _lines = new();
    private long _expectedWatermark = -1;

    /// <summary>Prepares a mirror; nothing is sent yet.</summary>
    /// <param name="store">Where the journal comes from.</param>
    /// <param name="options">Where the copy stands.</param>
    /// <param name="http">Carries the requests. Its own timeout should be longer than <see cref="InfluxOptions.RequestTimeout"/>, and it should not follow redirections.</param>
    /// <param name="clock">Paces retries.</param>
    /// <exception cref="ArgumentException">The options are outside their range.</exception>
    public InfluxMirror(IReadingStore store, InfluxOptions options, HttpClient http, TimeProvider clock)
    {
        _store = store;
        _client = new(http, options, clock);
        _clock = clock;
        _target = options.Target;
        _patience = new(clock, options);
        _sender = new(store, _client, _patience, _target);
        _replaced = new(store, _client, _patience);
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
                await _sender.CreateDatabaseAsync(cancellationToken);
                while (true)
                {
                    if (!await StepAsync(cancellationToken))
                    {
                        await Task.Delay(IdlePoll, _clock, cancellationToken);
                    }
                }
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                // Whatever it is, it must not end the process that takes in readings.
                await _patience.PauseAsync($"stopped by {e.Message}", cancellationToken);
            }
        }
    }

    /// <summary>Feeds what the journal holds now and comes back when all of it is in InfluxDB.</summary>
    public async Task DrainAsync(CancellationToken cancellationToken)
    {
        await _sender.CreateDatabaseAsync(cancellationToken);
        while (await StepAsync(cancellationToken))
        {
        }
    }

    /// <summary>Compares the copy with the store: for each channel and UTC day the number of values, their sum and the number of readings that are not good.</summary>
    /// <exception cref="StoreException">InfluxDB does not answer (75) or refuses (78).</exception>
    public Task<InfluxVerification> VerifyAsync(CancellationToken cancellationToken) =>
        new InfluxComparison(_store, _client).RunAsync(Behind, DeadLetterCount, cancellationToken);

    /// <summary>Throws the copy away and lets the mirror begin again with the first batch of the journal.</summary>
    /// <exception cref="StoreException">InfluxDB does not answer (75) or refuses (78).</exception>
    public async Task RebuildAsync(CancellationToken cancellationToken)
    {
        await InfluxRemoval.RemoveAsync(_client, "reading", cancellationToken);
        _store.ResetFollower(_target);
    }

    /// <summary>Takes some batches across; false when there is none.</summary>
    private async Task<bool> StepAsync(CancellationToken cancellationToken)
    {
        long watermark = Watermark;
        if (watermark != _expectedWatermark)
        {
            // Another process has rebuilt the mirror, or this one has just begun.
            _replaced.Forget(isEmpty: watermark == 0);
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
            long newest = await _replaced.NewestAsync(record.Gateway, segment.Channel.Id, cancellationToken);
            IReadOnlySet<long> stays = await _replaced.PrepareAsync(record.Gateway, segment, newest, FlushAsync, cancellationToken);
            IReadOnlySet<long> obsolete = _replaced.Obsolete(record.Gateway, segment);
            for (int index = 0; index < segment.Count; index++)
            {
                Reading reading = new(
                    segment.UtcMilliseconds.Span[index], segment.ScaledValues.Span[index], 0, segment.Qualities.Span[index], segment.HasValues.Span[index]);
                if (obsolete.Contains(reading.UtcMilliseconds))
                {
                    continue;
                }

                _lines.Add(prefix, segment.Channel.DecimalsCode, reading, alwaysQuality: reading.UtcMilliseconds <= newest);
                if (reading.UtcMilliseconds > LineBuffer.LastInstantUtcMilliseconds || stays.Contains(reading.UtcMilliseconds))
                {
                    await PutLastAsideAsync(reading.UtcMilliseconds, cancellationToken);
                }

                if (_lines.Count == MaximumLines)
                {
                    await FlushAsync(cancellationToken);
                }
            }

            _replaced.Saw(record.Gateway, segment);
        }
    }

    /// <summary>Notes why the line just added cannot do what it should; one that InfluxDB cannot hold is not sent at all.</summary>
    private async Task PutLastAsideAsync(long utcMilliseconds, CancellationToken cancellationToken)
    {
        int last = _lines.Count - 1;
        string line = Encoding.ASCII.GetString(_lines.Lines(last, last + 1).Span).TrimEnd('\n');
        if (utcMilliseconds > LineBuffer.LastInstantUtcMilliseconds)
        {
            _lines.Remove([last]);
            await _sender.PutAsideAsync(line, "InfluxDB holds no instant after 2262-04-11", cancellationToken);
            return;
        }

        await _sender.PutAsideAsync(line, "InfluxDB 3 cannot remove the value that stood at this instant; 'cloud influx rebuild' makes the copy without it", cancellationToken);
    }

    private string PlantOf(JournalRecord record)
    {
        if (!_plants.TryGetValue((record.Gateway, record.KeyEpoch), out string? plant))
        {
            plant = _store.FindEnrolment(record.Gateway, record.KeyEpoch)?.Plant
                ?? throw new StoreException("el gateway {0} tiene lotes de la llave número {1}, pero no está dado de alta; délo de alta otra vez", $"gateway {record.Gateway} has batches of key epoch {record.KeyEpoch}, but no enrolment; enrol it again", StoreException.Configuration);
            _plants.Add((record.Gateway, record.KeyEpoch), plant);
        }

        return plant;
    }

    private Task FlushAsync(CancellationToken cancellationToken) => _sender.SendAsync(_lines, cancellationToken);
}
