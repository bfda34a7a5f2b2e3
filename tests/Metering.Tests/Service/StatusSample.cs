using Metering.Gateway.Polling;
using Metering.Gateway.Status;
using Metering.Mqtt;

namespace Metering.Tests.Service;

/// <summary>A state of a gateway to draw and count.</summary>
internal static class StatusSample
{
    internal const long Now = 1_780_000_000_000;

    internal static readonly TimingSnapshot Timing = new()
    {
        Count = 10, Last = TimeSpan.FromMilliseconds(12), Mean = TimeSpan.FromMilliseconds(12), P50 = TimeSpan.FromMilliseconds(11), P99 = TimeSpan.FromMilliseconds(40), Maximum = TimeSpan.FromMilliseconds(55),
    };

    internal static GatewayStatus Of(params MeterSnapshot[] meters) => new()
    {
        Gateway = "plant",
        Software = "metering-gateway/0.1.0",
        ConfigHash = new string('a', 64),
        KeptBecause = null,
        NoProgress = null,
        AtUtcMilliseconds = Now,
        Running = TimeSpan.FromHours(3),
        Polling = new()
        {
            AtUtcMilliseconds = Now,
            Running = TimeSpan.FromHours(3),
            LastSlotUtcMilliseconds = Now,
            ReadingCount = 1234,
            PassedSlots = 0,
            Inputs = [],
            Buses = [BusOf(meters)],
        },
        Outbox = new()
        {
            LengthBytes = 1 << 20, MaximumLengthBytes = 1L << 32, PendingReadings = 0, DurableReadings = 1234, RefusedReadings = 0, LastBatch = 20, AckedThrough = 18, IsFull = false, IsBehindCloud = false,
        },
        Uplink = new() { Broker = "127.0.0.1:1883", State = MqttSessionState.Connected, Trouble = null, Connections = 2, LastAckUtcMilliseconds = Now - 4000 },
        IsClockSynchronised = true,
        DiskFreeBytes = 8L << 30,
        MemoryBytes = 60L << 20,
        ProcessorTime = TimeSpan.FromSeconds(70),
    };

    internal static MeterSnapshot Meter(string id, MeterState state = MeterState.Healthy, string outcome = "ok", string unit = "kWh") => new()
    {
        Id = id,
        Unit = 5,
        Profile = "test/1",
        State = state,
        Problem = null,
        LastOutcome = outcome,
        ExceptionCode = 0,
        LastGoodUtcMilliseconds = state == MeterState.Healthy ? Now - 8000 : null,
        ConsecutiveFailures = 0,
        NextProbeUtcMilliseconds = null,
        Outcomes = Counts(ok: 90, timeout: state == MeterState.Healthy ? 0 : 10),
        Retries = 1,
        Confirmations = 0,
        Contradictions = 0,
        Splits = 0,
        Turnaround = Timing,
        Plan = [],
        Channels = [new() { Id = id + ".energy", Unit = unit, DecimalPlaces = 1, SlotUtcMilliseconds = Now, ScaledValue = 1_234_567, Quality = "G" }],
    };

    internal static InputSnapshot Input(string id, InputKind kind) => new()
    {
        Id = id,
        Kind = kind,
        Slots = 100,
        Timing = Timing,
        LastGoodUtcMilliseconds = Now - 8000,
        Channels = [new() { Id = id + ".volume", Unit = "m3", DecimalPlaces = 3, SlotUtcMilliseconds = Now - 8000, ScaledValue = 12_345, Quality = "G" }],
    };

    private static BusSnapshot BusOf(MeterSnapshot[] meters) => new()
    {
        Id = "rs485",
        Line = "/dev/ttyUSB0",
        State = BusState.Running,
        Problem = null,
        Outcomes = Counts(ok: 180, timeout: 3),
        UtilisationPercent = 12.5,
        Connections = 1,
        LateReplies = 0,
        DiscardedBytes = 0,
        Rates = [new() { Interval = TimeSpan.FromSeconds(10), Requests = 2, Registers = 8, Predicted = TimeSpan.FromMilliseconds(80), Cycle = Timing, Slots = 100, MissedSlots = 0 }],
        Meters = meters,
    };

    private static OutcomeCounts Counts(long ok, long timeout) => new() { Ok = ok, Timeouts = timeout, CrcError = 0, Exception = 0, UnexpectedReply = 0, Disconnected = 0 };
}
