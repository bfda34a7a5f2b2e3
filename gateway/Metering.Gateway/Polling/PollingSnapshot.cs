using System.Text.Json.Serialization;
using Metering.Gateway.Diagnosis;

namespace Metering.Gateway.Polling;

/// <summary>What the polling has seen at one moment. Immutable, so that any thread may keep it. Counts begin with the start of the gateway.</summary>
internal sealed record PollingSnapshot
{
    /// <summary>When it was taken, in milliseconds since 1970-01-01 UTC.</summary>
    public required long AtUtcMilliseconds { get; init; }

    /// <summary>How long this polling has run.</summary>
    [JsonPropertyName("runningSeconds")]
    public required TimeSpan Running { get; init; }

    /// <summary>Last slot handed to the outbox, in milliseconds since 1970-01-01 UTC; null before the first.</summary>
    public required long? LastSlotUtcMilliseconds { get; init; }

    /// <summary>Readings handed to the outbox.</summary>
    public required long ReadingCount { get; init; }

    /// <summary>Slots that passed without anybody being asked (the gateway was held up, or the wall clock jumped); each stretch is sealed as a gap.</summary>
    public required long PassedSlots { get; init; }

    /// <summary>The buses in the order of the configuration.</summary>
    public required IReadOnlyList<BusSnapshot> Buses { get; init; }

    /// <summary>Inputs beside Modbus, in the order of the configuration.</summary>
    public required IReadOnlyList<InputSnapshot> Inputs { get; init; }
}

/// <summary>How a bus stands.</summary>
internal enum BusState
{
    /// <summary>Nothing was asked yet.</summary>
    Starting = 0,

    /// <summary>It keeps its slots.</summary>
    Running,

    /// <summary>The last slot that ended was not read in full before the next: there is more to ask than the bus can carry.</summary>
    Behind,

    /// <summary>The connection or the port does not open.</summary>
    Disconnected,
}

/// <summary>How a meter stands.</summary>
internal enum MeterState
{
    /// <summary>It was not asked yet.</summary>
    Unknown = 0,

    /// <summary>Everything asked of it in the last slot was answered.</summary>
    Healthy,

    /// <summary>It answers, and some of its values it refuses (Modbus exception).</summary>
    Refusing,

    /// <summary>The last slot brought a fault: silence, a damaged answer or one that does not fit.</summary>
    Failing,

    /// <summary>It kept the bus waiting for some slots and is asked with one short request only now and then.</summary>
    Quarantined,

    /// <summary>Its bus is not connected.</summary>
    Disconnected,
}

/// <summary>How requests ended.</summary>
internal sealed record OutcomeCounts
{
    public required long Ok { get; init; }

    public required long Timeouts { get; init; }

    public required long CrcError { get; init; }

    public required long Exception { get; init; }

    public required long UnexpectedReply { get; init; }

    public required long Disconnected { get; init; }

    /// <summary>All of them.</summary>
    [JsonIgnore]
    public long Total => Ok + Timeouts + CrcError + Exception + UnexpectedReply + Disconnected;

    /// <summary>Share of requests that brought no values, 0 to 1; null before the first request. Exceptions count as failures too.</summary>
    [JsonIgnore]
    public double? FailureShare => Total == 0 ? null : 1 - (Ok / (double)Total);
}

/// <summary>How long something took: from a histogram whose steps are a fifth apart, so a percentile is up to 20 % too high.</summary>
internal sealed record TimingSnapshot
{
    /// <summary>How many were measured.</summary>
    public required long Count { get; init; }

    /// <summary>The last; null when none was measured.</summary>
    [JsonPropertyName("lastSeconds")]
    public required TimeSpan? Last { get; init; }

    /// <summary>Moving average over about eight measurements.</summary>
    [JsonPropertyName("meanSeconds")]
    public required TimeSpan? Mean { get; init; }

    /// <summary>Half were not longer.</summary>
    [JsonPropertyName("p50Seconds")]
    public required TimeSpan? P50 { get; init; }

    /// <summary>99 of 100 were not longer.</summary>
    [JsonPropertyName("p99Seconds")]
    public required TimeSpan? P99 { get; init; }

    /// <summary>The longest, exactly.</summary>
    [JsonPropertyName("maximumSeconds")]
    public required TimeSpan? Maximum { get; init; }
}

/// <summary>All values of a bus that are read at one interval.</summary>
internal sealed record RateSnapshot
{
    [JsonPropertyName("intervalSeconds")]
    public required TimeSpan Interval { get; init; }

    /// <summary>Requests a slot takes when all goes well.</summary>
    public required int Requests { get; init; }

    /// <summary>Registers these requests bring.</summary>
    public required int Registers { get; init; }

    /// <summary>What the plan says a slot takes: time on the wire and the meters' own time as far as it is learnt.</summary>
    [JsonPropertyName("predictedSeconds")]
    public required TimeSpan Predicted { get; init; }

    /// <summary>From the slot to the last value of it.</summary>
    public required TimingSnapshot Cycle { get; init; }

    /// <summary>Slots read to their end, well or badly.</summary>
    public required long Slots { get; init; }

    /// <summary>Meters' slots that ended before every value was asked; what was missing is marked.</summary>
    public required long MissedSlots { get; init; }
}

/// <summary>One bus.</summary>
internal sealed record BusSnapshot
{
    public required string Id { get; init; }

    /// <summary>host:port or the device file.</summary>
    public required string Line { get; init; }

    public required BusState State { get; init; }

    /// <summary>Why it does not open, in English; null while it is open.</summary>
    public required string? Problem { get; init; }

    /// <summary>Which row of the advice table that is; null while it is open.</summary>
    public Symptom? Symptom { get; init; }

    /// <summary>Requests sent by the polling, by their end.</summary>
    public required OutcomeCounts Outcomes { get; init; }

    /// <summary>Share of the last minute or so in which a request was under way, 0 to 100.</summary>
    public required double UtilisationPercent { get; init; }

    /// <summary>How often the line was opened.</summary>
    public required long Connections { get; init; }

    /// <summary>Whole replies that fitted no open request and were thrown away.</summary>
    public required long LateReplies { get; init; }

    /// <summary>Bytes thrown away: noise, echo, foreign frames.</summary>
    public required long DiscardedBytes { get; init; }

    /// <summary>By interval, the shortest first.</summary>
    public required IReadOnlyList<RateSnapshot> Rates { get; init; }

    /// <summary>In the order of the configuration.</summary>
    public required IReadOnlyList<MeterSnapshot> Meters { get; init; }
}

/// <summary>One request of a meter's present plan.</summary>
internal sealed record RequestSnapshot
{
    [JsonPropertyName("intervalSeconds")]
    public required TimeSpan Interval { get; init; }

    /// <summary>holding or input.</summary>
    public required string Table { get; init; }

    /// <summary>Address of the first register, 0-based.</summary>
    public required int Start { get; init; }

    /// <summary>Registers.</summary>
    public required int Count { get; init; }
}

/// <summary>One meter.</summary>
internal sealed record MeterSnapshot
{
    public required string Id { get; init; }

    public required int Unit { get; init; }

    /// <summary>Name and revision of its profile.</summary>
    public required string Profile { get; init; }

    public required MeterState State { get; init; }

    /// <summary>What its last request ended with when that was not well, in English words of the fieldbus; null when it was.</summary>
    public required string? Problem { get; init; }

    /// <summary>How that last request ended.</summary>
    public required string LastOutcome { get; init; }

    /// <summary>Exception code of that request, 0 for none.</summary>
    public required int ExceptionCode { get; init; }

    /// <summary>Slot in which the meter last gave a good reading, in milliseconds since 1970-01-01 UTC; null for never.</summary>
    public required long? LastGoodUtcMilliseconds { get; init; }

    /// <summary>Slots in a row that brought a fault which costs waiting.</summary>
    public required int ConsecutiveFailures { get; init; }

    /// <summary>While in quarantine, the slot from which it is asked again; else null.</summary>
    public required long? NextProbeUtcMilliseconds { get; init; }

    public required OutcomeCounts Outcomes { get; init; }

    /// <summary>Requests asked again after silence, damage or "busy".</summary>
    public required long Retries { get; init; }

    /// <summary>Values read a second time because they looked wrong or came after a fault of the bus.</summary>
    public required long Confirmations { get; init; }

    /// <summary>Values thrown away because the second reading said something else.</summary>
    public required long Contradictions { get; init; }

    /// <summary>Blocks that were cut because the meter refused them.</summary>
    public required int Splits { get; init; }

    /// <summary>The meter's own time between request and answer, without the time on the wire.</summary>
    public required TimingSnapshot Turnaround { get; init; }

    /// <summary>Its requests at present.</summary>
    public required IReadOnlyList<RequestSnapshot> Plan { get; init; }

    /// <summary>In the order of its profile.</summary>
    public required IReadOnlyList<ChannelSnapshot> Channels { get; init; }
}

/// <summary>The last reading of a channel.</summary>
internal sealed record ChannelSnapshot
{
    public required string Id { get; init; }

    public required string Unit { get; init; }

    /// <summary>Decimal places k of value = integer x 10^-k.</summary>
    public required int DecimalPlaces { get; init; }

    /// <summary>Slot of the last reading, in milliseconds since 1970-01-01 UTC; null before the first.</summary>
    public required long? SlotUtcMilliseconds { get; init; }

    /// <summary>Its scaled integer; null when there is none.</summary>
    public required long? ScaledValue { get; init; }

    /// <summary>Its quality as it stands in a segment line: "G", "B.timeout" ...; null before the first.</summary>
    public required string? Quality { get; init; }

    /// <summary>The exact value with all its decimals, as <c>ToString</c> with the invariant culture shows it; null when there is none.</summary>
    [JsonIgnore]
    public decimal? Value => ScaledValue is long scaled ? new decimal(scaled) * new decimal(1, 0, 0, false, (byte)DecimalPlaces) : null;
}

/// <summary>What an input beside Modbus is.</summary>
internal enum InputKind
{
    /// <summary>Not said, by an older gateway.</summary>
    Unknown = 0,

    /// <summary>A contact that closes for each so many litres or kWh.</summary>
    Pulse,

    /// <summary>A current loop of 4-20 mA.</summary>
    Analogue,

    /// <summary>A thermometer on a 1-wire line.</summary>
    OneWire,

    /// <summary>A person.</summary>
    Manual,
}

/// <summary>One input beside Modbus.</summary>
internal sealed record InputSnapshot
{
    public required string Id { get; init; }

    public InputKind Kind { get; init; }

    /// <summary>Slot in which it last gave a good reading, or the instant of a person's last one, in milliseconds since 1970-01-01 UTC; null for never.</summary>
    public long? LastGoodUtcMilliseconds { get; init; }

    /// <summary>Slots in which it was read.</summary>
    public required long Slots { get; init; }

    /// <summary>How long reading it took.</summary>
    public required TimingSnapshot Timing { get; init; }

    public required IReadOnlyList<ChannelSnapshot> Channels { get; init; }
}
