using Metering.Fieldbus.Modbus;
using Metering.Gateway.Configuration;
using Metering.Meters.Polling;
using Metering.Readings;

namespace Metering.Gateway.Polling;

/// <summary>Values of one meter at one interval, and how far their slot is.</summary>
internal sealed record PolledGroup(PolledMeter Meter, MeterGroup Group, SlotGroup Slot);

/// <summary>One meter of a bus: everything that is remembered of it by bus and unit.</summary>
internal sealed class PolledMeter
{
    private readonly MeterConfiguration _configuration;
    private readonly IReadOnlyList<Channel> _channels;
    private readonly Reading[] _last;
    private readonly int _firstChannelIndex;

    /// <param name="meter">The meter.</param>
    /// <param name="firstChannelIndex">Index of its first channel in the gateway's list.</param>
    /// <param name="reader">Reads it.</param>
    /// <param name="shortest">The shortest of its intervals.</param>
    internal PolledMeter(MeterConfiguration meter, int firstChannelIndex, MeterReader reader, TimeSpan shortest)
    {
        _configuration = meter;
        _firstChannelIndex = firstChannelIndex;
        _channels = meter.Channels;
        _last = new Reading[reader.ReadingCount];
        Array.Fill(_last, Reading.Missing(long.MinValue, 0, QualityReason.None));
        Reader = reader;
        Shortest = shortest;
    }

    internal string Id => _configuration.Id;

    internal byte Unit => _configuration.Unit;

    /// <summary>Silence it needs between two requests; zero for none.</summary>
    internal TimeSpan Gap => _configuration.Profile.MinimumGap ?? TimeSpan.Zero;

    /// <summary>How long it may take, where that differs from its bus.</summary>
    internal TimeSpan? AnswerTimeout => _configuration.AnswerTimeout;

    internal MeterReader Reader { get; }

    internal MeterHealth Health { get; } = new();

    internal TimeSpan Shortest { get; }

    internal OutcomeTally Outcomes { get; } = new();

    internal ModbusReply LastReply { get; set; }

    internal long LastGoodSlot { get; private set; } = long.MinValue;

    /// <summary>Indices of the registers of a meter by the interval they are read at, the shortest first.</summary>
    internal static SortedDictionary<TimeSpan, List<int>> RegistersByInterval(MeterConfiguration meter, PollingIntervals intervals)
    {
        SortedDictionary<TimeSpan, List<int>> groups = [];
        for (int index = 0; index < meter.Profile.Registers.Count; index++)
        {
            TimeSpan interval = intervals.Of(meter, meter.Profile.Registers[index].Rate);
            if (!groups.TryGetValue(interval, out List<int>? registers))
            {
                registers = [];
                groups.Add(interval, registers);
            }

            registers.Add(index);
        }

        return groups;
    }

    /// <summary>Keeps readings as the last of their channels.</summary>
    internal void Keep(ReadOnlySpan<Reading> readings)
    {
        foreach (ref readonly Reading reading in readings)
        {
            _last[reading.ChannelIndex - _firstChannelIndex] = reading;
            if (reading.Quality.IsGood)
            {
                LastGoodSlot = reading.UtcMilliseconds;
            }
        }
    }

    internal MeterSnapshot Snapshot(IEnumerable<PolledGroup> groups) => new()
    {
        Id = Id,
        Unit = Unit,
        Profile = _configuration.Profile.Reference,
        State = State,
        Problem = LastReply.IsOk ? null : ModbusOutcomeText.Describe(LastReply),
        LastOutcome = LastReply.Outcome.ToString(),
        ExceptionCode = LastReply.ExceptionCode,
        LastGoodUtcMilliseconds = LastGoodSlot == long.MinValue ? null : LastGoodSlot,
        ConsecutiveFailures = Health.ConsecutiveFailures,
        NextProbeUtcMilliseconds = Health.IsQuarantined ? Health.NextProbe : null,
        Outcomes = Outcomes.Snapshot(),
        Retries = Reader.Retries,
        Confirmations = Reader.Confirmations,
        Contradictions = Reader.Contradictions,
        Splits = Reader.Splits,
        Turnaround = Timings.Of(Reader.Turnaround),
        Plan = [.. groups.SelectMany(group => group.Group.Requests.Select(request => RequestOf(group.Slot.Rate.Interval, request)))],
        Channels = [.. _channels.Select((channel, index) => Timings.ChannelOf(channel, _last[index]))],
    };

    private MeterState State => LastReply.Outcome switch
    {
        _ when Outcomes.Total == 0 => MeterState.Unknown,
        ModbusOutcome.Disconnected => MeterState.Disconnected,
        _ when Health.IsQuarantined => MeterState.Quarantined,
        ModbusOutcome.Ok => MeterState.Healthy,
        ModbusOutcome.Exception => MeterState.Refusing,
        _ => MeterState.Failing,
    };

    private static RequestSnapshot RequestOf(TimeSpan interval, PollRequest request) => new()
    {
        Interval = interval,
        Table = request.Table == ModbusTable.HoldingRegisters ? "holding" : "input",
        Start = request.Start,
        Count = request.Count,
    };
}

/// <summary>Counts requests by their end. Guarded by the gate of the bus.</summary>
internal sealed class OutcomeTally
{
    private readonly long[] _counts = new long[(int)ModbusOutcome.Disconnected + 1];

    internal long Total { get; private set; }

    internal void Add(ModbusOutcome outcome)
    {
        _counts[(int)outcome]++;
        Total++;
    }

    internal OutcomeCounts Snapshot() => new()
    {
        Ok = _counts[(int)ModbusOutcome.Ok],
        Timeouts = _counts[(int)ModbusOutcome.Timeout],
        CrcError = _counts[(int)ModbusOutcome.CrcError],
        Exception = _counts[(int)ModbusOutcome.Exception],
        UnexpectedReply = _counts[(int)ModbusOutcome.UnexpectedReply],
        Disconnected = _counts[(int)ModbusOutcome.Disconnected],
    };
}

/// <summary>Snapshots of what meters and inputs have in common.</summary>
internal static class Timings
{
    internal static TimingSnapshot Of(LatencyHistogram histogram) => new()
    {
        Count = histogram.Count,
        Last = histogram.Count == 0 ? null : histogram.Last,
        Mean = histogram.Count == 0 ? null : histogram.Mean,
        P50 = histogram.Percentile(0.5),
        P99 = histogram.Percentile(0.99),
        Maximum = histogram.Count == 0 ? null : histogram.Maximum,
    };

    /// <param name="channel">The channel.</param>
    /// <param name="last">Its last reading; at <see cref="long.MinValue"/> before the first.</param>
    internal static ChannelSnapshot ChannelOf(Channel channel, in Reading last)
    {
        bool hasReading = last.UtcMilliseconds != long.MinValue;
        return new()
        {
            Id = channel.Id,
            Unit = channel.Unit,
            DecimalPlaces = channel.DecimalPlaces,
            SlotUtcMilliseconds = hasReading ? last.UtcMilliseconds : null,
            ScaledValue = hasReading && last.HasValue ? last.ScaledValue : null,
            Quality = hasReading ? last.Quality.ToString() : null,
        };
    }
}
