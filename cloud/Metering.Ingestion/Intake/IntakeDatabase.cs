using Metering.Ingestion.Import;
using Metering.Readings;
using Metering.Store;

namespace Metering.Ingestion.Intake;

/// <summary>What became of a body of line protocol. Every reading counted is durable.</summary>
/// <param name="Taken">Readings that stand in the journal.</param>
/// <param name="Refused">Lines and fields that were not taken.</param>
/// <param name="Faults">The first of them, with their reasons.</param>
/// <param name="IsBusy">Nothing was taken, because too much waits for the journal: send the same again later.</param>
public sealed record IntakeResult(int Taken, int Refused, IReadOnlyList<LineFault> Faults, bool IsBusy);

/// <summary>
/// One database: reads line protocol, keeps what is sound and names what is not. Requests that come at the same time share a batch.
/// May be called from any thread.
/// </summary>
public sealed class IntakeDatabase : IDisposable
{
    /// <summary>How many faults one answer lists.</summary>
    public const int MaximumFaults = 100;

    /// <summary>Broken lines after which the rest of a body is not read: a body of nothing else would keep a processor busy for minutes.</summary>
    public const int MaximumBroken = 1_000;

    private const int KeyBuffer = 1024;
    private readonly IntakeOptions _options;
    private readonly TimeProvider _clock;
    private readonly ImportWriter _writer;
    private readonly IntakeChannels _channels;
    private readonly Lock _gate = new();
    private Group? _open;
    private int _waiting;

    /// <summary>Opens a database; its import is made known to the store.</summary>
    /// <param name="database">Name, plant and rules.</param>
    /// <param name="options">Limits.</param>
    /// <param name="store">The store; this process must be one that may append.</param>
    /// <param name="clock">Time of points without a timestamp, and of lingering.</param>
    /// <exception cref="ImportException">The import's name belongs to another plant or to a gateway.</exception>
    /// <exception cref="StoreException">The store fails, or another process appends to it (75).</exception>
    public IntakeDatabase(IntakeDatabaseOptions database, IntakeOptions options, IReadingStore store, TimeProvider clock)
    {
        (_options, _clock) = (options, clock);
        Name = database.Name;
        Plant = database.Import.Plant;
        _writer = ImportWriter.Open(store, database.Import with { LeavesOutStored = false }, clock);
        _channels = new(database, options.MaximumChannels, store);
    }

    /// <summary>Name as clients give it.</summary>
    public string Name { get; }

    /// <summary>The plant its readings belong to.</summary>
    public string Plant { get; }

    /// <summary>Readings that wait for the journal.</summary>
    public int Waiting
    {
        get
        {
            lock (_gate)
            {
                return _waiting;
            }
        }
    }

    /// <summary>Takes a body. What is sound is durable when the task ends, also when other lines are refused.</summary>
    /// <param name="body">Line protocol, UTF-8.</param>
    /// <param name="precision">Unit of its timestamps.</param>
    /// <param name="cancellationToken">Ends the waiting; what was sound may be stored all the same.</param>
    /// <exception cref="StoreException">The store fails: nothing of this body is promised, send it again.</exception>
    public async Task<IntakeResult> WriteAsync(ReadOnlyMemory<byte> body, TimestampPrecision precision, CancellationToken cancellationToken)
    {
        List<LineFault> faults = [];
        (List<Reading> readings, int refused) = Parse(body.Span, precision, faults);
        if (readings.Count == 0)
        {
            return new(0, refused, faults, IsBusy: false);
        }

        Group group;
        Group? begun = null;
        lock (_gate)
        {
            // A single body larger than the limit is let in when nothing else waits, or it could never come in.
            if (_waiting > 0 && _waiting + readings.Count > _options.MaximumWaiting)
            {
                return new(0, 0, [], IsBusy: true);
            }

            _waiting += readings.Count;
            group = _open ??= begun = new();
            group.Readings.AddRange(readings);
            if (group.Readings.Count >= _options.ReadingsPerBatch)
            {
                Close(group);
            }
        }

        // Behind the gate: where the lingering is over at once, the group is closed within this call, and it must have its readings by then.
        if (begun is not null)
        {
            _ = RunAsync(begun);
        }

        await group.Done.Task.WaitAsync(cancellationToken);
        return new(readings.Count, refused, faults, IsBusy: false);
    }

    /// <summary>Ends the work; the store stays open. No call may be under way.</summary>
    public void Dispose() => _writer.Dispose();

    private (List<Reading> Readings, int Refused) Parse(ReadOnlySpan<byte> body, TimestampPrecision precision, List<LineFault> faults)
    {
        List<Reading> readings = [];
        int refused = 0;
        int broken = 0;
        long now = _clock.GetUtcNow().ToUnixTimeMilliseconds();
        Span<char> buffer = stackalloc char[KeyBuffer];
        LineProtocolReader reader = new(body);
        while (true)
        {
            try
            {
                if (!reader.ReadPoint())
                {
                    return (readings, refused);
                }

                long instant = now;
                if (reader.Timestamp is long timestamp && !precision.TryToMilliseconds(timestamp, out instant))
                {
                    throw new LineProtocolException($"the timestamp {timestamp} in {precision.ToString().ToLowerInvariant()} lies outside the years 1970 to 9999: is the precision right?");
                }

                while (reader.ReadField())
                {
                    if (Take(reader, instant, readings, buffer) is string refusal)
                    {
                        Refuse(reader.Line, refusal);
                    }
                }
            }
            catch (LineProtocolException e)
            {
                Refuse(reader.Line, e.Message);
                if (++broken == MaximumBroken)
                {
                    faults[0] = faults[0] with { Reason = $"{faults[0].Reason}; {MaximumBroken} lines are broken, and what follows line {reader.Line} was not read" };
                    return (readings, refused);
                }
            }
        }

        void Refuse(int line, string reason)
        {
            refused++;
            if (faults.Count < MaximumFaults)
            {
                faults.Add(new(line, reason));
            }
        }
    }

    // Null when the field was taken.
    private string? Take(in LineProtocolReader reader, long instant, List<Reading> readings, Span<char> buffer)
    {
        if (reader.FieldType == FieldType.Text)
        {
            return "a field of text: readings are numbers. Leave such fields out, in Telegraf with 'fieldexclude'";
        }

        IntakeBinding binding = _channels.Find(reader, buffer);
        if (binding.Refusal is not null)
        {
            return binding.Refusal;
        }

        if (!TryScale(reader, binding, out long scaled))
        {
            return $"the value does not fit channel {binding.Channel!.Id}, which has {binding.Channel.DecimalsText} decimals as its rule or its first reading says";
        }

        readings.Add(new(instant, scaled, binding.ChannelIndex, ReadingQuality.Good, HasValue: true));
        return null;
    }

    private static bool TryScale(in LineProtocolReader reader, IntakeBinding binding, out long scaled)
    {
        Channel channel = binding.Channel!;
        if (reader.FieldType != FieldType.Float && channel.Form == ValueForm.Decimal)
        {
            return new ExactDecimal(reader.Integer, 0).TryScale(channel.DecimalPlaces, out scaled);
        }

        double value = reader.FieldType == FieldType.Float ? reader.Number : reader.Integer;
        bool isWhole = reader.FieldType == FieldType.Float || (Int128)value == reader.Integer;
        if (isWhole && channel.TryToScaled(value, out scaled))
        {
            return true;
        }

        double steps = Math.Round(value * channel.Divisor, MidpointRounding.ToEven);
        bool canRound = binding.Rounds && Math.Abs(steps) < long.MaxValue;
        scaled = canRound ? (long)steps : 0;
        return canRound;
    }

    private async Task RunAsync(Group group)
    {
        try
        {
            await Task.WhenAny(group.Full.Task, Task.Delay(_options.Linger, _clock));
            Reading[] readings;
            lock (_gate)
            {
                Close(group);
                readings = [.. group.Readings];
            }

            try
            {
                _ = await _writer.WriteAsync(_channels.Snapshot(), readings, CancellationToken.None);
            }
            finally
            {
                lock (_gate)
                {
                    _waiting -= readings.Length;
                }
            }

            group.Done.SetResult();
        }
#pragma warning disable CA1031 // The outermost frame of the group: whatever failed reaches every request that waits for it.
        catch (Exception e)
#pragma warning restore CA1031
        {
            group.Done.SetException(e);
        }
    }

    private void Close(Group group)
    {
        _open = _open == group ? null : _open;
        _ = group.Full.TrySetResult();
    }

    /// <summary>Readings of requests that share a batch.</summary>
    private sealed class Group
    {
        public List<Reading> Readings { get; } = [];

        public TaskCompletionSource Full { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
