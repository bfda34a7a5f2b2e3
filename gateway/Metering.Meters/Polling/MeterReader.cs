using System.Diagnostics;
using Metering.Fieldbus.Modbus;
using Metering.Meters.Profiles;
using Metering.Readings;

namespace Metering.Meters.Polling;

/// <summary>Values of a meter that are read together, in the order of the profile.</summary>
/// <param name="Registers">Indices into <see cref="DeviceProfile.Registers"/>.</param>
/// <param name="LongestRequest">Longest time one request of several values may take; null for no limit.</param>
public sealed record MeterGroupOptions(IReadOnlyList<int> Registers, TimeSpan? LongestRequest = null);

/// <summary>How one meter is read.</summary>
public sealed record MeterReaderOptions
{
    /// <summary>Its register map.</summary>
    public required DeviceProfile Profile { get; init; }

    /// <summary>Its unit id, 1-247 (TCP also 0 and 248-255).</summary>
    public required byte Unit { get; init; }

    /// <summary>Index of its first channel in the gateway's channel list; the others follow in the order of the profile.</summary>
    public required int FirstChannelIndex { get; init; }

    /// <summary>How long it may take to answer.</summary>
    public required TimeSpan AnswerTimeout { get; init; }

    /// <summary>What a request costs on its line.</summary>
    public PollCosts Costs { get; init; } = PollCosts.Tcp;

    /// <summary>Its values by how often they are read; null for all together.</summary>
    public IReadOnlyList<MeterGroupOptions>? Groups { get; init; }
}

/// <summary>
/// One meter: what it tolerates, how fast it answers, what its values were, and the groups in which they are read. What fails is marked with
/// the reason, never replaced by zero. Allocates nothing while nothing new is learnt. Belongs to the thread of its bus.
/// </summary>
public sealed class MeterReader
{
    // A refusal may have been a meter that was still starting; so what it taught is tried again after a day.
    private static readonly long RefusalLifetimeMilliseconds = (long)TimeSpan.FromDays(1).TotalMilliseconds;
    private const int LongestRequest = 125;
    private const int AnswersBeforeLearning = 16;
    private const double LearningFactor = 2;

    private readonly HashSet<(ModbusTable Table, ushort Address)> _cuts = [];
    private readonly MeterGroup[] _groups;
    private TimeSpan _plannedTurnaround;
    private long _cutsSince;

    /// <summary>Prepares the reading of all values of a meter together.</summary>
    public MeterReader(DeviceProfile profile, byte unit, int firstChannelIndex, TimeSpan answerTimeout)
        : this(new() { Profile = profile, Unit = unit, FirstChannelIndex = firstChannelIndex, AnswerTimeout = answerTimeout })
    {
    }

    /// <summary>Prepares the reading of a meter.</summary>
    public MeterReader(MeterReaderOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        Options = options;
        Registers = [.. options.Profile.Registers];
        Spans = [.. Registers.Select(register => register.Spans.ToArray())];
        ValueStarts = new int[Registers.Length + 1];
        for (int index = 0; index < Registers.Length; index++)
        {
            ValueStarts[index + 1] = ValueStarts[index] + Spans[index].Sum(span => span.Count);
        }

        Values = new ushort[ValueStarts[^1]];
        Pieces = new int[Registers.Length];
        Missing = new QualityReason[Registers.Length];
        Histories = new ValueHistory[Registers.Length];
        Array.Fill(Histories, ValueHistory.Unknown);
        _plannedTurnaround = options.Costs.Turnaround;
        IReadOnlyList<MeterGroupOptions> groups = options.Groups ?? [new([.. Enumerable.Range(0, Registers.Length)])];
        _groups = [.. groups.Select(group => new MeterGroup(this, group))];
    }

    /// <summary>How it is read.</summary>
    public MeterReaderOptions Options { get; }

    /// <summary>Its values by how often they are read.</summary>
    public IReadOnlyList<MeterGroup> Groups => _groups;

    /// <summary>Readings one cycle of all groups gives: one per channel.</summary>
    public int ReadingCount => Registers.Length;

    /// <summary>Requests one cycle of all groups takes when all goes well.</summary>
    public int RequestCount => _groups.Sum(group => group.Requests.Count);

    /// <summary>The meter's own time between request and answer, without the time on the wire.</summary>
    public LatencyHistogram Turnaround { get; } = new();

    /// <summary>Requests asked again after silence, damage or "busy".</summary>
    public long Retries { get; internal set; }

    /// <summary>Values read a second time.</summary>
    public long Confirmations { get; internal set; }

    /// <summary>Values of which the second reading said something else.</summary>
    public long Contradictions { get; internal set; }

    /// <summary>Blocks cut because the meter refused them.</summary>
    public int Splits { get; private set; }

    /// <summary>What a request costs, with what was learnt of the meter's own time.</summary>
    public PollCosts Costs => Turnaround.Count == 0 ? Options.Costs : Options.Costs with { Turnaround = Turnaround.Mean };

    internal RegisterDefinition[] Registers { get; }

    internal RegisterSpan[][] Spans { get; }

    internal int[] ValueStarts { get; }

    internal ushort[] Values { get; }

    /// <summary>Spans of each value gathered in the present slot.</summary>
    internal int[] Pieces { get; }

    internal QualityReason[] Missing { get; }

    internal ValueHistory[] Histories { get; }

    internal ushort[] Buffer { get; } = new ushort[LongestRequest];

    /// <summary>Rises with everything learnt that calls for other requests.</summary>
    internal int PlanVersion { get; private set; } = 1;

    /// <summary>Reads all groups, one request after the other. After silence or a lost line the rest is not asked any more.</summary>
    /// <param name="client">The bus.</param>
    /// <param name="slotUtcMilliseconds">The scheduled instant, which every reading carries.</param>
    /// <param name="retriesSilence">Whether a block without an answer is asked once more: for meters that answered a short while ago.</param>
    /// <param name="destination">Takes <see cref="ReadingCount"/> readings, one per channel in the order of the channels.</param>
    /// <returns>Ok; or the reply that ended the asking; or that of the first block that failed.</returns>
    public ModbusReply Read(ModbusClient client, long slotUtcMilliseconds, bool retriesSilence, Span<Reading> destination)
    {
        ArgumentNullException.ThrowIfNull(client);
        ModbusReply worst = ModbusReply.Ok;
        bool lineHadFault = false;
        foreach (MeterGroup group in _groups)
        {
            group.Begin(slotUtcMilliseconds);
            if (worst.Outcome is ModbusOutcome.Timeout or ModbusOutcome.Disconnected)
            {
                group.GiveUp(ReasonOf(worst.Outcome));
            }

            while (!group.IsDone)
            {
                long begun = Stopwatch.GetTimestamp();
                ModbusReply reply = group.Exchange(client);
                group.Take(reply, Stopwatch.GetElapsedTime(begun), retriesSilence, lineHadFault);
                lineHadFault = IsFault(reply.Outcome);
            }

            worst = worst.IsOk || group.Worst.Outcome is ModbusOutcome.Timeout or ModbusOutcome.Disconnected ? group.Worst : worst;
            foreach (ref readonly Reading reading in group.Readings)
            {
                destination[reading.ChannelIndex - Options.FirstChannelIndex] = reading;
            }
        }

        return worst;
    }

    /// <summary>The reason a failed request leaves on its readings.</summary>
    public static QualityReason ReasonOf(ModbusOutcome outcome) => outcome switch
    {
        ModbusOutcome.Timeout => QualityReason.Timeout,
        ModbusOutcome.CrcError => QualityReason.Crc,
        ModbusOutcome.Exception => QualityReason.Exception,
        ModbusOutcome.UnexpectedReply => QualityReason.UnexpectedReply,
        ModbusOutcome.Disconnected => QualityReason.Disconnected,
        ModbusOutcome.Ok => QualityReason.None,
        _ => throw new UnreachableException(),
    };

    /// <summary>Whether an outcome leaves doubt about what comes next on the line: an answer may be late, doubled or torn.</summary>
    public static bool IsFault(ModbusOutcome outcome) => outcome is ModbusOutcome.Timeout or ModbusOutcome.CrcError or ModbusOutcome.UnexpectedReply;

    /// <summary>The shortest first span of some values.</summary>
    internal RegisterSpan ShortestOf(int[] registers)
    {
        RegisterSpan shortest = Spans[registers[0]][0];
        foreach (int register in registers)
        {
            shortest = Spans[register][0].Count < shortest.Count ? Spans[register][0] : shortest;
        }

        return shortest;
    }

    /// <summary>The requests of a group by what is known of the meter now.</summary>
    internal IReadOnlyList<PollRequest> PlanFor(IReadOnlyList<int> registers, TimeSpan? longestRequest) =>
        PollPlan.For(Options.Profile, registers, Options.Costs with { Turnaround = _plannedTurnaround }, new() { Cuts = _cuts, LongestRequest = longestRequest });

    /// <summary>Remembers where a refused request is to be cut.</summary>
    /// <returns>False when it reads one span only: then the fault is that value's own.</returns>
    internal bool TryCut(PollRequest request, long slotUtcMilliseconds)
    {
        IReadOnlyList<ushort> cuts = PollPlan.CutsOf(request);
        if (cuts.Count == 0)
        {
            return false;
        }

        if (_cuts.Count == 0)
        {
            _cutsSince = slotUtcMilliseconds;
        }

        foreach (ushort address in cuts)
        {
            _ = _cuts.Add((request.Table, address));
        }

        Splits++;
        return true;
    }

    /// <summary>A refused request in the pieces that may still be asked.</summary>
    internal IReadOnlyList<PollRequest> Cut(PollRequest request) => PollPlan.Cut(request, _cuts);

    /// <summary>Looks whether the plan should change before a slot begins.</summary>
    internal void Learn(long slotUtcMilliseconds)
    {
        if (_cuts.Count > 0 && slotUtcMilliseconds - _cutsSince >= RefusalLifetimeMilliseconds)
        {
            _cuts.Clear();
            PlanVersion++;
        }

        // Only where reading across a hole is allowed does the meter's own time decide anything.
        if (Options.Profile.MaximumHole > 0 && Turnaround.Count >= AnswersBeforeLearning
            && (Turnaround.Mean > LearningFactor * _plannedTurnaround || LearningFactor * Turnaround.Mean < _plannedTurnaround))
        {
            _plannedTurnaround = Turnaround.Mean;
            PlanVersion++;
        }
    }
}
