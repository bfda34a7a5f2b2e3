using Metering.Fieldbus.Modbus;
using Metering.Meters.Profiles;
using Metering.Readings;

namespace Metering.Meters.Polling;

/// <summary>
/// The values of a meter that are read at one interval, one request at a time, so that the owner of the bus may serve others in between:
/// <see cref="Begin"/>, then <see cref="Exchange"/> and <see cref="Take"/> until <see cref="IsDone"/>, then <see cref="Readings"/>. A refused
/// block is cut and asked again in pieces; values that look wrong are asked a second time. Belongs to the thread of its bus;
/// <see cref="Exchange"/> changes nothing that others may look at.
/// </summary>
public sealed class MeterGroup
{
    /// <summary>Values read a second time in one slot, at most: after a meter was replaced, all look wrong at once.</summary>
    public const int MaximumConfirmations = 4;

    private readonly MeterReader _meter;
    private readonly int[] _registers;
    private readonly TimeSpan? _longestRequest;
    private readonly Reading[] _readings;
    private readonly List<PollRequest> _requests = [];
    private readonly DoubtList _doubts = new();
    private readonly ushort[] _second = new ushort[RegisterValue.MaximumRegisters];
    private int _planVersion;
    private long _slot;
    private Phase _phase = Phase.Done;
    private int _next;
    private bool _isRetry;
    private int _nextDoubt;
    private int _nextSpan;

    internal MeterGroup(MeterReader meter, MeterGroupOptions options)
    {
        _meter = meter;
        _registers = [.. options.Registers];
        _longestRequest = options.LongestRequest;
        _readings = new Reading[_registers.Length];
        Plan();
    }

    private enum Phase
    {
        Asking = 0,
        Confirming,
        Done,
    }

    /// <summary>Its requests when all goes well, in the order they are asked.</summary>
    public IReadOnlyList<PollRequest> Requests => _requests;

    /// <summary>Readings of one slot.</summary>
    public int ReadingCount => _registers.Length;

    /// <summary>Whether everything was asked, or nothing more will be.</summary>
    public bool IsDone => _phase == Phase.Done;

    /// <summary>Whether the next request is one that failed and is asked once more: it can wait for the other meters.</summary>
    public bool IsRetrying => _phase == Phase.Asking && _isRetry;

    /// <summary>Ok; or the reply that ended the asking; or that of the first block that failed.</summary>
    public ModbusReply Worst { get; private set; }

    /// <summary>The readings of the slot once <see cref="IsDone"/>, in the order of the profile; overwritten by the next slot.</summary>
    public ReadOnlySpan<Reading> Readings => _readings;

    /// <summary>Time the next request should take, or a whole slot when none has begun.</summary>
    public TimeSpan NextCost => _phase == Phase.Done ? Cost : _meter.Costs.Of(Next().Count);

    /// <summary>Time a slot should take when all goes well.</summary>
    public TimeSpan Cost
    {
        get
        {
            PollCosts costs = _meter.Costs;
            TimeSpan cost = TimeSpan.Zero;
            for (int index = 0; index < _requests.Count; index++)
            {
                cost += costs.Of(_requests[index].Count);
            }

            return cost;
        }
    }

    /// <summary>Time one of its requests should take.</summary>
    /// <param name="request">0-based index into <see cref="Requests"/>.</param>
    public TimeSpan CostOf(int request) => _meter.Costs.Of(_requests[request].Count);

    /// <summary>Begins a slot.</summary>
    public void Begin(long slotUtcMilliseconds)
    {
        _meter.Learn(slotUtcMilliseconds);
        if (_planVersion != _meter.PlanVersion)
        {
            Plan();
        }

        _slot = slotUtcMilliseconds;
        _phase = Phase.Asking;
        _next = 0;
        _isRetry = false;
        _doubts.Clear();
        Worst = ModbusReply.Ok;
        for (int index = 0; index < _registers.Length; index++)
        {
            _meter.Pieces[_registers[index]] = 0;
            _meter.Missing[_registers[index]] = QualityReason.None;
        }
    }

    /// <summary>Sends the next request and waits for its end. The values stay aside until <see cref="Take"/>.</summary>
    public ModbusReply Exchange(ModbusClient client)
    {
        ArgumentNullException.ThrowIfNull(client);
        RegisterSpan span = Next();
        return client.Read(span.Table, _meter.Options.Unit, span.Address, _meter.Buffer.AsSpan(0, span.Count), _meter.Options.AnswerTimeout);
    }

    /// <summary>Asks the shortest thing the meter has, only to see whether it answers.</summary>
    public ModbusReply Probe(ModbusClient client)
    {
        ArgumentNullException.ThrowIfNull(client);
        RegisterSpan shortest = _meter.ShortestOf(_registers);
        return client.Read(shortest.Table, _meter.Options.Unit, shortest.Address, _meter.Buffer.AsSpan(0, shortest.Count), _meter.Options.AnswerTimeout);
    }

    /// <summary>Takes the end of the request that <see cref="Exchange"/> sent.</summary>
    /// <param name="reply">How it ended.</param>
    /// <param name="elapsed">How long it took.</param>
    /// <param name="retriesSilence">Whether silence is asked once more: for meters that answered a short while ago.</param>
    /// <param name="lineHadFault">Whether the request before on this bus ended in doubt, so that this answer might belong to it.</param>
    public void Take(ModbusReply reply, TimeSpan elapsed, bool retriesSilence, bool lineHadFault)
    {
        if (reply.Outcome is ModbusOutcome.Ok or ModbusOutcome.Exception && !_isRetry)
        {
            _meter.Turnaround.Add(elapsed - _meter.Options.Costs.WireOf(Next().Count));
        }

        if (_phase == Phase.Confirming)
        {
            TakeConfirmation(reply);
            return;
        }

        // A damaged answer comes from a meter that is there, so asking once more is cheap.
        bool isBusy = reply is { Outcome: ModbusOutcome.Exception, ExceptionCode: ModbusExceptionCode.ServerDeviceBusy or ModbusExceptionCode.Acknowledge };
        bool again = isBusy || reply.Outcome is ModbusOutcome.CrcError or ModbusOutcome.UnexpectedReply || (reply.Outcome == ModbusOutcome.Timeout && retriesSilence);
        if (again && !_isRetry)
        {
            _isRetry = true;
            _meter.Retries++;
            return;
        }

        PollRequest request = _requests[_next];
        _isRetry = false;
        if (reply.IsOk)
        {
            Gather(request, lineHadFault);
        }
        else if (IsRefusal(reply) && _meter.TryCut(request, _slot))
        {
            Recut(request);
            return;
        }
        else
        {
            Lose(request, reply);
        }

        _next++;
        if (reply.Outcome is ModbusOutcome.Timeout or ModbusOutcome.Disconnected)
        {
            Worst = reply;
            GiveUp(MeterReader.ReasonOf(reply.Outcome));
        }
        else if (_next == _requests.Count)
        {
            Decode(QualityReason.UnexpectedReply);
            _phase = Phase.Confirming;
            _nextDoubt = 0;
            _nextSpan = 0;
            if (_doubts.Count == 0)
            {
                End();
            }
        }
    }

    /// <summary>Ends the slot: what was not read is marked with the reason, what was to be read a second time becomes uncertain.</summary>
    public void GiveUp(QualityReason reason)
    {
        if (_phase == Phase.Asking)
        {
            Decode(reason);
            _nextDoubt = 0;
        }

        for (; _nextDoubt < _doubts.Count; _nextDoubt++)
        {
            Mark(_doubts[_nextDoubt], ReadingQuality.Uncertain(reason), keepsValue: true);
        }

        End();
    }

    /// <summary>Readings for a slot in which the meter was not asked.</summary>
    /// <param name="slotUtcMilliseconds">The slot.</param>
    /// <param name="reason">Why.</param>
    /// <param name="destination">Takes <see cref="ReadingCount"/> readings.</param>
    public void FillMissing(long slotUtcMilliseconds, QualityReason reason, Span<Reading> destination)
    {
        for (int index = 0; index < _registers.Length; index++)
        {
            destination[index] = Reading.Missing(slotUtcMilliseconds, ChannelOf(_registers[index]), reason);
        }
    }

    // A refusal that another cut can mend: no such address, or not so many registers.
    private static bool IsRefusal(ModbusReply reply) =>
        reply is { Outcome: ModbusOutcome.Exception, ExceptionCode: ModbusExceptionCode.IllegalDataAddress or ModbusExceptionCode.IllegalDataValue };

    private int ChannelOf(int register) => _meter.Options.FirstChannelIndex + register;

    private void Plan()
    {
        _planVersion = _meter.PlanVersion;
        _requests.Clear();
        _requests.AddRange(_meter.PlanFor(_registers, _longestRequest));
    }

    private RegisterSpan Next()
    {
        if (_phase == Phase.Confirming)
        {
            return _meter.Spans[_doubts[_nextDoubt].Register][_nextSpan];
        }

        PollRequest request = _requests[_next];
        return new(request.Table, request.Start, request.Count);
    }

    // The pieces of a refused block take its place, so that they are asked next, in this slot still.
    private void Recut(PollRequest request)
    {
        _requests.RemoveAt(_next);
        _requests.InsertRange(_next, _meter.Cut(request));
    }

    private void Gather(PollRequest request, bool lineHadFault)
    {
        int doubtful = -1;
        for (int index = 0; index < request.Items.Count; index++)
        {
            PollItem item = request.Items[index];
            int register = item.RegisterIndex;
            _meter.Buffer.AsSpan(item.Offset, item.Count).CopyTo(_meter.Values.AsSpan(_meter.ValueStarts[register] + item.ValueOffset));
            _meter.Pieces[register]++;
            bool isBetter = doubtful < 0 || (_meter.Registers[register].Kind == ChannelKind.Counter && _meter.Registers[doubtful].Kind != ChannelKind.Counter);
            doubtful = isBetter && _meter.Spans[register].Length == 1 ? register : doubtful;
        }

        // One value of the block, asked in another shape, tells whether the block was an answer to another question.
        if (lineHadFault && doubtful >= 0)
        {
            _doubts.Add(doubtful, request);
        }
    }

    private void Lose(PollRequest request, ModbusReply reply)
    {
        Worst = Worst.IsOk ? reply : Worst;
        for (int index = 0; index < request.Items.Count; index++)
        {
            _meter.Missing[request.Items[index].RegisterIndex] = MeterReader.ReasonOf(reply.Outcome);
        }
    }

    private void Decode(QualityReason unasked)
    {
        for (int index = 0; index < _registers.Length; index++)
        {
            int register = _registers[index];
            QualityReason missing = _meter.Missing[register];
            if (missing == QualityReason.None && _meter.Pieces[register] < _meter.Spans[register].Length)
            {
                missing = unasked;
            }

            if (missing != QualityReason.None)
            {
                _readings[index] = Reading.Missing(_slot, ChannelOf(register), missing);
                continue;
            }

            ReadOnlySpan<ushort> registers = _meter.Values.AsSpan(_meter.ValueStarts[register].._meter.ValueStarts[register + 1]);
            ReadingQuality quality = RegisterValue.Decode(_meter.Registers[register], registers, out long value, out bool hasValue);
            _readings[index] = new Reading(_slot, value, ChannelOf(register), quality, hasValue);
            if (hasValue && SuspicionRule.Judge(_meter.Registers[register], _meter.Histories[register], value, _slot) != Suspicion.None)
            {
                _doubts.Add(register, null);
            }
        }

    }

    private void TakeConfirmation(ModbusReply reply)
    {
        Doubt doubt = _doubts[_nextDoubt];
        if (reply.IsOk)
        {
            RegisterSpan[] spans = _meter.Spans[doubt.Register];
            int offset = 0;
            for (int span = 0; span < _nextSpan; span++)
            {
                offset += spans[span].Count;
            }

            _meter.Buffer.AsSpan(0, spans[_nextSpan].Count).CopyTo(_second.AsSpan(offset));
            if (++_nextSpan < spans.Length)
            {
                return;
            }

            _meter.Confirmations++;
            if (!IsBorneOut(doubt.Register))
            {
                _meter.Contradictions++;
                Mark(doubt, ReadingQuality.Bad(QualityReason.UnexpectedReply), keepsValue: false);
            }
        }
        else
        {
            Mark(doubt, ReadingQuality.Uncertain(MeterReader.ReasonOf(reply.Outcome)), keepsValue: true);
        }

        _nextSpan = 0;
        _nextDoubt++;
        if (reply.Outcome is ModbusOutcome.Timeout or ModbusOutcome.Disconnected)
        {
            GiveUp(MeterReader.ReasonOf(reply.Outcome));
        }
        else if (_nextDoubt == _doubts.Count)
        {
            End();
        }
    }

    private bool IsBorneOut(int register)
    {
        int length = _meter.ValueStarts[register + 1] - _meter.ValueStarts[register];
        Reading first = _readings[Array.IndexOf(_registers, register)];
        ReadingQuality quality = RegisterValue.Decode(_meter.Registers[register], _second.AsSpan(0, length), out long value, out bool hasValue);
        return hasValue == first.HasValue
            && (hasValue
                ? SuspicionRule.Agrees(_meter.Registers[register], _meter.Histories[register], first.ScaledValue, value)
                : quality == first.Quality);
    }

    // A doubt about a whole block falls on every value of it.
    private void Mark(in Doubt doubt, ReadingQuality quality, bool keepsValue)
    {
        if (doubt.Block is null)
        {
            Mark(doubt.Register, quality, keepsValue);
            return;
        }

        for (int index = 0; index < doubt.Block.Items.Count; index++)
        {
            Mark(doubt.Block.Items[index].RegisterIndex, quality, keepsValue);
        }
    }

    private void Mark(int register, ReadingQuality quality, bool keepsValue)
    {
        ref Reading reading = ref _readings[Array.IndexOf(_registers, register)];
        if (!keepsValue)
        {
            reading = Reading.Missing(_slot, reading.ChannelIndex, quality.Reason);
        }
        else if (reading.Quality.IsGood)
        {
            reading = reading with { Quality = quality };
        }
    }

    private void End()
    {
        _phase = Phase.Done;
        for (int index = 0; index < _registers.Length; index++)
        {
            int register = _registers[index];
            _meter.Histories[register] = SuspicionRule.Accept(_meter.Registers[register], _meter.Histories[register], _readings[index]);
        }
    }
}
