using Metering.Gateway.Outbox;
using Metering.Gateway.Polling;
using Metering.Readings;
using Xunit;

namespace Metering.Tests.GatewayHost;

/// <summary>
/// A gateway whose wall clock is set to and fro while it polls. Every reading carries its number as its value, and the true
/// instant of each number is known, so that the stored instant can be held against it.
/// </summary>
internal sealed class ClockStory : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(2.5);

    private readonly OutboxHarness _harness = new() { MaximumReadings = 8, SegmentLength = 1 << 20 };
    private readonly bool _hasHardwareClock;
    private readonly List<long> _trueMilliseconds = [];
    private GatewayOutbox _outbox = null!;
    private GuardedClock _clock = null!;
    private bool _isSynchronised;
    private TimeSpan _error;
    private long _origin;
    private long _lastSlot = long.MinValue;
    private int _boots;

    internal ClockStory(Random random, bool hasHardwareClock)
    {
        Random = random;
        _hasHardwareClock = hasHardwareClock;
        _isSynchronised = true;
        Restart();

        // The first look is a synchronised one; then the time server is away, so that what follows is told by the test.
        _ = _clock.GetUtcNow();
        _isSynchronised = false;
    }

    internal Random Random { get; }

    /// <summary>The real time.</summary>
    internal DateTimeOffset True => _harness.Clock.GetUtcNow() - _error;

    internal void SetWall(DateTimeOffset wall, bool isSynchronised)
    {
        DateTimeOffset real = True;
        _harness.Clock.SetWallClock(wall);
        _error = wall - real;
        _isSynchronised = isSynchronised;
    }

    /// <summary>Something happens to the clock: somebody or something sets it, the time server comes or goes, the gateway starts again.</summary>
    internal void Jump()
    {
        switch (Random.Next(10))
        {
            case 0:
                SetWall(DateTimeOffset.UnixEpoch + TimeSpan.FromSeconds(Random.Next(100_000)), isSynchronised: false);
                break;
            case 1:
                SetWall(new DateTimeOffset(2038, 1, 19, 3, 14, 7, TimeSpan.Zero), isSynchronised: false);
                break;
            case 2:
                _isSynchronised = false;
                break;
            case 3 when Random.Next(4) == 0:
                Restart();
                break;
            case 4 or 5 or 6:
                SetWall(True, isSynchronised: true);
                break;
            default:
                SetWall(True + TimeSpan.FromSeconds(Random.Next(-100_000, 100_000)), isSynchronised: false);
                break;
        }
    }

    /// <summary>Cycles as the poll loop makes them; the clock may jump while a slot is waited for.</summary>
    internal void Poll(int cycles, bool isRestless = false)
    {
        long step = (long)Interval.TotalMilliseconds;
        for (int cycle = 0; cycle < cycles;)
        {
            long slot = Slots.AlignUp(_clock.GetUtcNow().ToUnixTimeMilliseconds(), Interval);
            slot = slot == _lastSlot ? slot + step : slot;
            if (isRestless && Random.Next(8) == 0)
            {
                Jump();
            }

            long rest = slot - _clock.GetUtcNow().ToUnixTimeMilliseconds();
            if (rest > 2 * step)
            {
                continue;
            }

            _harness.Clock.Advance(TimeSpan.FromMilliseconds(Math.Max(1, rest)));
            ClockState state = _clock.StateAt(slot, Interval);
            long monotonic = (long)_clock.GetElapsedTime(_origin).TotalMilliseconds;
            long anchor = _clock.GetUtcNow().ToUnixTimeMilliseconds();
            int number = _trueMilliseconds.Count;
            _trueMilliseconds.Add(True.ToUnixTimeMilliseconds());
            _outbox.Add(new(slot, state, monotonic, anchor), [new(slot, number, 0, ReadingQuality.Good, true)]);
            _lastSlot = slot;
            cycle++;
        }
    }

    /// <summary>The gateway starts again; its monotonic clock begins anew.</summary>
    internal void Restart()
    {
        _outbox?.Dispose();
        _outbox = _harness.Open(boot: (++_boots).ToString("x16", System.Globalization.CultureInfo.InvariantCulture));
        _clock = new GuardedClock(_harness.Clock, new() { IsSynchronised = () => _isSynchronised, HasHardwareClock = _hasHardwareClock, LastSlot = _outbox.LastSlot });
        _origin = _clock.GetTimestamp();
        _lastSlot = _outbox.LastSlot ?? long.MinValue;
    }

    internal long BatchesSigned()
    {
        _outbox.Flush();
        return _outbox.LastBatch;
    }

    /// <summary>Signs the rest and checks every reading.</summary>
    /// <returns>How many readings have which state.</returns>
    internal Dictionary<ClockState, int> Check(string what)
    {
        Restart();
        _outbox.Flush();
        bool[] seen = new bool[_trueMilliseconds.Count];
        Dictionary<ClockState, int> states = [];
        for (long batch = 1; batch <= _outbox.LastBatch; batch++)
        {
            Assert.True(_outbox.TryRead(batch, out ReadOnlyMemory<byte> bytes, out _), $"{what}: batch {batch} is gone");
            BatchEnvelope envelope = BatchEnvelope.Open(bytes.Span);
            foreach (ChannelSegment segment in envelope.ReadSegments())
            {
                for (int index = 0; index < segment.Count; index++)
                {
                    long number = segment.ScaledValues.Span[index];
                    Assert.False(seen[number], $"{what}: reading {number} came twice");
                    seen[number] = true;
                    CheckOne($"{what}: reading {number}", envelope.Manifest.Clock, segment.UtcMilliseconds.Span[index] - _trueMilliseconds[(int)number], segment.Qualities.Span[index]);
                    states[envelope.Manifest.Clock] = states.GetValueOrDefault(envelope.Manifest.Clock) + 1;
                }
            }
        }

        Assert.True(Array.TrueForAll(seen, one => one), $"{what}: {seen.Count(one => !one)} of {seen.Length} readings are lost");
        return states;
    }

    public void Dispose()
    {
        _outbox.Dispose();
        _harness.Dispose();
    }

    private static void CheckOne(string what, ClockState state, long errorMilliseconds, ReadingQuality quality)
    {
        bool isUnknown = state == ClockState.Unknown;
        Assert.True(isUnknown || Math.Abs(errorMilliseconds) <= Tolerance.TotalMilliseconds, $"{what} has state {state} and is wrong by {errorMilliseconds} ms");
        Assert.True(quality == (isUnknown ? ReadingQuality.Uncertain(QualityReason.ClockUnsynced) : ReadingQuality.Good), $"{what} has state {state} and quality {quality}");
    }
}
