using System.Globalization;
using Metering.Readings;

namespace Metering.Store.Influx;

/// <summary>
/// Keeps a copy of the completed 15-minute intervals in InfluxDB, measurement "interval_15m". It follows the journal like
/// the mirror of readings, with a watermark of its own: what a batch may have changed, from a day before the reading before
/// it to a day after the reading after it, is asked of the source again, and what is not as it was written is written again. An interval is complete when a reading at or
/// after its end is stored. Late readings therefore write their intervals again.
/// </summary>
public sealed class InfluxIntervalMirror
{
    /// <summary>Length of an interval.</summary>
    public const long IntervalMilliseconds = 900_000;

    internal const string Measurement = "interval_15m";
    private const int MaximumBatches = 256;

    /// <summary>How far beyond the neighbouring readings an interval may change: glitches and resets are judged by what lies around them.</summary>
    private const long Margin = InfluxWindows.Day;
    private static readonly TimeSpan IdlePoll = TimeSpan.FromSeconds(2);

    private readonly IReadingStore _store;
    private readonly IntervalSource _source;
    private readonly InfluxClient _client;
    private readonly InfluxPatience _patience;
    private readonly InfluxLineSender _sender;
    private readonly TimeProvider _clock;
    private readonly string _target;
    private readonly LineBuffer _lines = new();
    private readonly Dictionary<(string Gateway, string Channel), IntervalMemory> _written = [];
    private long _expectedWatermark = -1;
    private bool _isEmpty;

    /// <summary>Prepares a mirror; nothing is sent yet.</summary>
    /// <param name="store">Where the journal and the channels come from.</param>
    /// <param name="source">Where the intervals come from.</param>
    /// <param name="options">Where the copy stands.</param>
    /// <param name="http">Carries the requests.</param>
    /// <param name="clock">Paces retries.</param>
    /// <exception cref="ArgumentException">The options are outside their range.</exception>
    public InfluxIntervalMirror(IReadingStore store, IntervalSource source, InfluxOptions options, HttpClient http, TimeProvider clock)
    {
        _store = store;
        _source = source;
        _client = new(http, options, clock);
        _clock = clock;
        _target = $"{options.Target} {Measurement}";
        _patience = new(clock, options);
        _sender = new(store, _client, _patience, _target);
    }

    /// <summary>What the mirror is doing, in plain words.</summary>
    public string StateText => _patience.Trouble ?? (Behind == 0 ? "up to date" : string.Create(CultureInfo.InvariantCulture, $"{Behind} batches behind"));

    /// <summary>The intervals of every batch of the journal up to and with this sequence are in InfluxDB.</summary>
    public long Watermark => _store.Watermark(_target);

    /// <summary>Batches of the journal whose intervals are not in InfluxDB yet.</summary>
    public long Behind => _store.LastSequence - Watermark;

    /// <summary>Lines InfluxDB would not take.</summary>
    public long DeadLetterCount => _store.DeadLetterCount(_target);

    /// <summary>Feeds InfluxDB until cancelled. Trouble never ends it.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                if (!await StepAsync(cancellationToken))
                {
                    await Task.Delay(IdlePoll, _clock, cancellationToken);
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
        while (await StepAsync(cancellationToken))
        {
        }
    }

    /// <summary>Compares the copy with the source: for each channel and UTC day the number of intervals and the sums of consumption, mean and completeness.</summary>
    /// <exception cref="StoreException">InfluxDB does not answer (75) or refuses (78).</exception>
    public Task<InfluxVerification> VerifyAsync(CancellationToken cancellationToken) =>
        new InfluxIntervalComparison(_store, _source, _client).RunAsync(Behind, DeadLetterCount, cancellationToken);

    /// <summary>Throws the copy away and lets the mirror begin again.</summary>
    /// <exception cref="StoreException">InfluxDB does not answer (75) or refuses (78).</exception>
    public async Task RebuildAsync(CancellationToken cancellationToken)
    {
        await InfluxRemoval.RemoveAsync(_client, Measurement, cancellationToken);
        _store.ResetFollower(_target);
    }

    /// <summary>The starts of the completed intervals of a channel: from the first to the second, the latter not included.</summary>
    internal static (long From, long To) Completed(StoredChannel channel) =>
        (Floor(channel.FirstUtcMilliseconds), Math.Min(Floor(channel.LastUtcMilliseconds), Floor(LineBuffer.LastInstantUtcMilliseconds)));

    private static long Floor(long utcMilliseconds) => utcMilliseconds / IntervalMilliseconds * IntervalMilliseconds;

    private async Task<bool> StepAsync(CancellationToken cancellationToken)
    {
        long watermark = Watermark;
        if (watermark != _expectedWatermark)
        {
            _written.Clear();
            _isEmpty = watermark == 0;
        }

        Dictionary<(string Gateway, string Channel), (long First, long Last)> touched = [];
        long last = watermark;
        foreach (JournalRecord record in _store.Journal(watermark, MaximumBatches))
        {
            foreach (ChannelSegment segment in BatchEnvelope.Open(record.Envelope.Span).ReadSegments())
            {
                (string, string) key = (record.Gateway, segment.Channel.Id);
                (long first, long end) = touched.GetValueOrDefault(key, (long.MaxValue, long.MinValue));
                touched[key] = (Math.Min(first, segment.UtcMilliseconds.Span[0]), Math.Max(end, segment.UtcMilliseconds.Span[^1]));
            }

            last = record.Sequence;
        }

        if (last == watermark)
        {
            _expectedWatermark = watermark;
            return false;
        }

        _lines.Clear();
        foreach (((string gateway, string channel), (long first, long end)) in touched)
        {
            await WriteAsync(_store.FindChannel(gateway, channel)!, first, end, cancellationToken);
        }

        await _sender.SendAsync(_lines, cancellationToken);
        bool isMine = _store.AdvanceWatermark(_target, watermark, last);
        _expectedWatermark = isMine ? last : -1;
        return true;
    }

    private async Task WriteAsync(StoredChannel channel, long first, long last, CancellationToken cancellationToken)
    {
        (long begin, long completed) = Completed(channel);
        long from = Math.Max(begin, Floor(Neighbour(channel, first, isBefore: true) ?? first) - Margin);
        long to = Math.Min(completed, Floor(Neighbour(channel, last, isBefore: false) ?? last) + IntervalMilliseconds + Margin);
        if (from >= to)
        {
            return;
        }

        IntervalMemory memory = MemoryOf(channel);
        IReadOnlyList<MirroredInterval> intervals = _source(channel, from, to);
        if (memory.Obsolete(intervals, from, to) is (long start, long end))
        {
            await RemoveAsync(channel, start, end, cancellationToken);
            memory.Forget(start, end);
        }

        byte[] prefix = LineBuffer.Prefix(channel.Plant, channel.Gateway, channel.Channel, Measurement);
        foreach (MirroredInterval interval in intervals)
        {
            if (!memory.Remember(interval))
            {
                continue;
            }

            _lines.Add(prefix, interval);
            if (_lines.Count == InfluxMirror.MaximumLines)
            {
                await _sender.SendAsync(_lines, cancellationToken);
            }
        }

        if (to == completed)
        {
            // Nothing newer has ever been written.
            memory.KnowFrom(from);
        }

        memory.Trim();
    }

    private IntervalMemory MemoryOf(StoredChannel channel)
    {
        (string, string) key = (channel.Gateway, channel.Channel.Id);
        if (!_written.TryGetValue(key, out IntervalMemory? memory))
        {
            _written.Add(key, memory = new(_isEmpty ? long.MinValue : long.MaxValue));
        }

        return memory;
    }

    /// <summary>A field that an interval no longer has would stay, so intervals that may stand there go first. 3.x cannot: there the flag and the completeness say what counts.</summary>
    private async Task RemoveAsync(StoredChannel channel, long from, long to, CancellationToken cancellationToken)
    {
        if (_client.Options.Version == InfluxVersion.Three)
        {
            return;
        }

        await _sender.SendAsync(_lines, cancellationToken);
        string statement = string.Create(
            CultureInfo.InvariantCulture,
            $"DELETE FROM {Measurement} WHERE gateway='{channel.Gateway}' AND channel='{channel.Channel.Id}' AND time >= {from}ms AND time < {to}ms");
        while (true)
        {
            InfluxAnswer answer = await _client.QueryAsync(statement, static _ => { }, cancellationToken);
            if (answer.Verdict == InfluxVerdict.Ok)
            {
                return;
            }

            if (answer.Verdict == InfluxVerdict.Paused)
            {
                await _sender.CreateDatabaseAsync(cancellationToken);
            }

            await _patience.WaitAsync(answer, cancellationToken);
        }
    }

    /// <summary>The instant of the nearest reading with a value before or after another, looked for in ranges that grow eightfold; null when there is none.</summary>
    private long? Neighbour(StoredChannel channel, long utcMilliseconds, bool isBefore)
    {
        for (long reach = InfluxWindows.Day; ; reach *= 8)
        {
            long from = isBefore ? Math.Max(channel.FirstUtcMilliseconds, utcMilliseconds - reach) : utcMilliseconds + 1;
            long to = isBefore ? utcMilliseconds : Math.Min(channel.LastUtcMilliseconds + 1, utcMilliseconds + 1 + reach);
            if (from >= to)
            {
                return null;
            }

            ReadingColumns readings = _store.Read(channel.Gateway, channel.Channel.Id, from, to);
            int place = isBefore ? Array.LastIndexOf(readings.HasValues, value: true) : Array.IndexOf(readings.HasValues, value: true);
            if (place >= 0)
            {
                return readings.UtcMilliseconds[place];
            }

            if (isBefore ? from == channel.FirstUtcMilliseconds : to > channel.LastUtcMilliseconds)
            {
                return null;
            }
        }
    }
}
