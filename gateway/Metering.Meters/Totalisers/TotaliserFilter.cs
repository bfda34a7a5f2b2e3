using System.Diagnostics;
using Metering.Readings;

namespace Metering.Meters.Totalisers;

/// <summary>
/// Follows one cumulative register, reading by reading, and says of each whether it can be believed: rollover, reset, other
/// meter, false zero, spike, standstill. A doubtful reading is marked uncertain at once and decided by the next ones; what was
/// given out is never changed. The total is a sum of differences between believed readings of one and the same count, so that a
/// fall or leap can neither add nor take anything. Pure: no clock, no file; nothing is allocated. Belongs to one thread.
/// <para>
/// What a reader finds in the qualities: U.reset, U.rollover or U.glitch while a doubt is open. The first good reading behind them
/// decides: G.glitch, they were false; G.rollover, they were right and the register passed its end; G.reset, the register counts
/// anew from the last of them and no difference may be taken across; G, they were right. U.frozen stands too long; G.frozen moves again.
/// </para>
/// </summary>
/// <param name="limits">What the meter can do.</param>
public sealed partial class TotaliserFilter(TotaliserLimits limits)
{
    /// <summary>Bytes of an exported state.</summary>
    public const int StateLength = TotaliserState.Length;

    /// <summary>Part of its end from which a register can pass it.</summary>
    private const long RolloverNumerator = 9;
    private const long RolloverDenominator = 10;

    /// <summary>A configured rate may be passed by a tenth (clock and meter tolerance).</summary>
    private const long MarginNumerator = 11;
    private const long MarginDenominator = 10;

    /// <summary>Readings and rises before the fastest rise seen says anything, and the multiples of it that need an explanation, or are another meter.</summary>
    private const int LearningReadings = 96;
    private const int LearningRises = 8;
    private const long DoubtfulFactor = 8;
    private const long ImpossibleFactor = 400;

    /// <summary>Readings after a break in which the old register may come back: so soon, it can hardly be a third one that happens to show what the old one would.</summary>
    private const int ReturnReadings = 8;

    /// <summary>Older readings in a row after which the clock was set back, rather than the readings late.</summary>
    private const int LateReadings = 8;

    private TotaliserState _state;

    /// <summary>Sum of all known differences since the first reading, in scaled integers. Parts that <see cref="BreakCount"/> counts are not in it.</summary>
    public Int128 TotalSteps => _state.Total;

    /// <summary>Changes of the register across which the use is unknown.</summary>
    public int BreakCount => _state.BreakCount;

    /// <summary>Readings that wait for the next ones to decide about them.</summary>
    public int OpenReadingCount => _state.SuspectCount;

    /// <summary>Steps from the first to the last of the waiting readings: they join the total when those are believed.</summary>
    public long OpenSteps => _state.SuspectCount == 0 ? 0 : _state.SuspectLast - _state.SuspectFirst;

    /// <summary>The last register believed; null before the first reading.</summary>
    public long? LastValue => _state.HasValue ? _state.Value : null;

    /// <summary>When the last judged register was read, believed or not, in milliseconds since 1970-01-01 UTC; null before the first.</summary>
    public long? LastUtcMilliseconds => !_state.HasValue ? null : _state.SuspectCount > 0 ? _state.SuspectLastTime : _state.Time;

    /// <summary>Goes on where another filter of this channel had stopped.</summary>
    /// <param name="limits">What the meter can do.</param>
    /// <param name="state">From <see cref="Export"/>.</param>
    /// <returns>Null when the bytes are no such state; begin anew then.</returns>
    public static TotaliserFilter? Import(TotaliserLimits limits, ReadOnlySpan<byte> state) =>
        TotaliserState.TryRead(state, out TotaliserState read) ? new(limits) { _state = read } : null;

    /// <summary>Writes everything it remembers.</summary>
    /// <param name="destination">At least <see cref="StateLength"/> bytes.</param>
    public void Export(Span<byte> destination) => _state.Write(destination);

    /// <summary>Judges the next reading.</summary>
    /// <param name="reading">As it came; only good ones are judged, all others are given back as they are. G.reset is a break that the source tells of itself.</param>
    /// <param name="happened">What happened besides the quality.</param>
    /// <returns>The reading with its final quality; its value is never changed.</returns>
    public Reading Take(in Reading reading, out TotaliserEvent happened)
    {
        happened = default;
        bool isBreak = reading.Quality == ReadingQuality.Of(QualityClass.Good, QualityReason.Reset);
        if (!reading.HasValue || (!isBreak && reading.Quality != ReadingQuality.Good))
        {
            return reading;
        }

        long value = reading.ScaledValue;
        if (value < 0 || value >= (limits.Modulus ?? long.MaxValue))
        {
            happened = Told(TotaliserEventKind.OutOfRange, reading, 0);
            return reading with { Quality = ReadingQuality.Bad(QualityReason.OutOfRange) };
        }

        if (!_state.HasValue)
        {
            Begin(value, reading.UtcMilliseconds);
            happened = new(TotaliserEventKind.First, reading.UtcMilliseconds, value, value, 0);
            return reading;
        }

        if (isBreak)
        {
            happened = Told(TotaliserEventKind.Reset, reading, _state.SuspectCount);
            Restart(reading);
            return reading;
        }

        ReadingQuality quality = IsOlder(reading, out happened) is ReadingQuality told ? told
            : _state.Suspicion == SuspicionKind.None ? Follow(reading, out happened)
            : Decide(reading, out happened);
        return reading with { Quality = quality };
    }

    /// <summary>Tells of a change of meter that a person recorded, before or after its readings came.</summary>
    /// <param name="utcMilliseconds">When.</param>
    /// <param name="finalValue">What the old meter showed last; null when nobody knows.</param>
    /// <param name="initialValue">What the new one showed first.</param>
    /// <returns>Replaced; or None when the old meter's last value lies below what was believed, and nothing was changed.</returns>
    public TotaliserEvent Replace(long utcMilliseconds, long? finalValue, long initialValue)
    {
        if (!_state.HasValue)
        {
            Begin(initialValue, utcMilliseconds);
            return new(TotaliserEventKind.Replaced, utcMilliseconds, initialValue, initialValue, 0);
        }

        // Readings of the old meter are still in doubt, and its last register goes on from them: that settles them.
        if (_state.SuspectCount > 0 && finalValue is long last && utcMilliseconds > _state.SuspectLastTime
            && last >= _state.SuspectLast && last < (limits.Modulus ?? long.MaxValue) && Fits(last - _state.SuspectLast, utcMilliseconds - _state.SuspectLastTime, DoubtfulFactor))
        {
            _ = Accept(new Reading(utcMilliseconds, last, 0, ReadingQuality.Good, HasValue: true), out _);
            _state.HasBreak = false;
        }

        // The readings of the new meter came first and were taken for a reset.
        bool wasBroken = _state.HasBreak && utcMilliseconds >= _state.BreakFromTime && _state.BreakTo >= initialValue && utcMilliseconds <= _state.Time;
        long from = wasBroken ? _state.BreakFrom : _state.Value;
        Int128 rest = finalValue is not long final ? 0 : final >= from ? final - from : limits.Modulus is long end && from > Part(end) && final < end ? (Int128)end - from + final : -1;
        if (rest < 0 || (!wasBroken && utcMilliseconds < _state.Time))
        {
            return default;
        }

        _state.Total += rest;
        _state.BreakCount += finalValue is null ? 1 : 0;
        if (wasBroken)
        {
            _state.Total += _state.BreakTo - initialValue;
            _state.BreakCount--;
            _state.HasBreak = false;
        }
        else
        {
            (_state.Value, _state.Time, _state.MovedAt, _state.EqualCount, _state.IsFrozen) = (initialValue, utcMilliseconds, utcMilliseconds, 0, false);
            _state.HasBreak = false;
            Resettle();
        }

        return new(TotaliserEventKind.Replaced, utcMilliseconds, finalValue ?? from, initialValue, 0);
    }

    private void Begin(long value, long time)
    {
        _state = default;
        (_state.HasValue, _state.Value, _state.Time, _state.MovedAt) = (true, value, time, time);
    }

    /// <summary>The source itself says that it counts anew, as a pulse input does after a time without power.</summary>
    private void Restart(in Reading reading)
    {
        _state.BreakCount++;
        _state.HasBreak = false;
        (_state.Suspicion, _state.SuspectCount) = (SuspicionKind.None, 0);
        (_state.Value, _state.Time, _state.MovedAt) = (reading.ScaledValue, reading.UtcMilliseconds, reading.UtcMilliseconds);
        (_state.EqualCount, _state.IsFrozen) = (0, false);
    }

    /// <summary>Duplicates and readings older than the last; null for a reading to be judged.</summary>
    private ReadingQuality? IsOlder(in Reading reading, out TotaliserEvent happened)
    {
        happened = default;
        long lastTime = _state.SuspectCount > 0 ? _state.SuspectLastTime : _state.Time;
        long lastValue = _state.SuspectCount > 0 ? _state.SuspectLast : _state.Value;
        if (reading.UtcMilliseconds > lastTime)
        {
            _state.LateCount = 0;
            return null;
        }

        if (reading.UtcMilliseconds == lastTime)
        {
            bool same = reading.ScaledValue == lastValue;
            happened = Told(same ? TotaliserEventKind.Duplicate : TotaliserEventKind.Conflict, reading, 0);
            return same ? ReadingQuality.Good : ReadingQuality.Uncertain(QualityReason.Glitch);
        }

        // A true older reading never shows more than a newer one; one that does comes from a clock that was set back.
        _state.LateCount++;
        if (reading.ScaledValue > lastValue || _state.LateCount >= LateReadings)
        {
            SetClockBack(reading.UtcMilliseconds);
            return null;
        }

        happened = Told(TotaliserEventKind.Late, reading, 0);
        return ReadingQuality.Uncertain(QualityReason.Late);
    }

    private void SetClockBack(long now)
    {
        long last = now - Math.Max(_state.Spacing, 1);
        _state.LateCount = 0;
        _state.Time = Math.Min(_state.Time, last);
        _state.MovedAt = Math.Min(_state.MovedAt, last);
        _state.BreakFromTime = Math.Min(_state.BreakFromTime, last);
        _state.SuspectFirstTime = Math.Min(_state.SuspectFirstTime, last);
        _state.SuspectLastTime = Math.Min(_state.SuspectLastTime, last);
    }

    /// <summary>A reading while nothing is open.</summary>
    private ReadingQuality Follow(in Reading reading, out TotaliserEvent happened)
    {
        long rise = reading.ScaledValue - _state.Value;
        long milliseconds = reading.UtcMilliseconds - _state.Time;
        if (rise == 0)
        {
            return Stand(reading, milliseconds, out happened);
        }

        if (rise > 0 && Fits(rise, milliseconds, DoubtfulFactor) && !IsFirstWord())
        {
            return Believe(reading, TotaliserEventKind.None, QualityReason.None, out happened);
        }

        // It had stood still: the limit is that of the whole time since it last moved.
        if (rise > 0 && _state.EqualCount > 0 && IsLimited() && Fits(rise, reading.UtcMilliseconds - _state.MovedAt, DoubtfulFactor))
        {
            return Believe(reading, TotaliserEventKind.CaughtUp, QualityReason.Frozen, out happened);
        }

        Suspect(reading, KindOf(reading));
        happened = Told(rise < 0 ? TotaliserEventKind.FallSuspected : TotaliserEventKind.JumpSuspected, reading, 0);
        return Doubt();
    }

    /// <summary>Whether only zeros have ever come and nothing says how fast the meter can be: its lifetime total must not be taken for use.</summary>
    private bool IsFirstWord() => _state.Value == 0 && _state.RiseCount == 0 && _state.BreakCount == 0 && !IsLimited();

    private ReadingQuality Stand(in Reading reading, long milliseconds, out TotaliserEvent happened)
    {
        bool gap = IsGap(milliseconds);
        happened = gap ? Told(TotaliserEventKind.GapClosed, reading, 0) : default;
        _state.Time = reading.UtcMilliseconds;
        _state.Spacing = milliseconds;
        _state.EqualCount = Math.Min(_state.EqualCount + 1, int.MaxValue - 1);
        _state.ReadingCount = Math.Min(_state.ReadingCount + 1, LearningReadings);
        AgeBreak();
        bool isTooLong = limits.LongestStandstill is TimeSpan longest && reading.UtcMilliseconds - _state.MovedAt > longest.TotalMilliseconds;
        if (!isTooLong)
        {
            return ReadingQuality.Good;
        }

        if (!_state.IsFrozen)
        {
            _state.IsFrozen = true;
            happened = Told(TotaliserEventKind.Frozen, reading, _state.EqualCount);
        }

        return ReadingQuality.Uncertain(QualityReason.Frozen);
    }

    /// <summary>Takes a reading of the same count: the difference from the last believed one joins the total.</summary>
    private ReadingQuality Believe(in Reading reading, TotaliserEventKind kind, QualityReason reason, out TotaliserEvent happened)
    {
        long milliseconds = reading.UtcMilliseconds - _state.Time;
        int settled = _state.SuspectCount;
        if (kind == TotaliserEventKind.None && IsGap(milliseconds))
        {
            kind = TotaliserEventKind.GapClosed;
        }

        if (_state.IsFrozen)
        {
            (kind, reason) = (kind is TotaliserEventKind.None ? TotaliserEventKind.Moving : kind, reason == QualityReason.None ? QualityReason.Frozen : reason);
        }

        happened = kind == TotaliserEventKind.None ? default : Told(kind, reading, settled);
        long rise = reading.ScaledValue - _state.Value;
        Learn(rise, kind == TotaliserEventKind.CaughtUp ? reading.UtcMilliseconds - _state.MovedAt : milliseconds);
        _state.Total += rise;
        _state.EqualCount = rise == 0 ? _state.EqualCount : 0;
        _state.MovedAt = rise == 0 ? _state.MovedAt : reading.UtcMilliseconds;
        _state.IsFrozen = false;
        Settle(reading);
        return ReadingQuality.Of(QualityClass.Good, reason);
    }

    /// <summary>The reading is the last believed one now, and nothing is open.</summary>
    private void Settle(in Reading reading)
    {
        _state.Spacing = reading.UtcMilliseconds - (_state.SuspectCount > 0 ? _state.SuspectLastTime : _state.Time);
        (_state.Value, _state.Time) = (reading.ScaledValue, reading.UtcMilliseconds);
        (_state.Suspicion, _state.SuspectCount) = (SuspicionKind.None, 0);
        AgeBreak();
    }

    private void AgeBreak()
    {
        _state.SinceBreak = Math.Min(_state.SinceBreak + 1, int.MaxValue - 1);
    }

    private bool IsGap(long milliseconds) => _state.Spacing > 0 && milliseconds / 2 > _state.Spacing;

    private TotaliserEvent Told(TotaliserEventKind kind, in Reading reading, int readings) =>
        new(kind, reading.UtcMilliseconds, _state.Value, reading.ScaledValue, readings);

    private ReadingQuality Doubt() => ReadingQuality.Uncertain(_state.Suspicion switch
    {
        SuspicionKind.Rollover => QualityReason.Rollover,
        SuspicionKind.Fall or SuspicionKind.Return => QualityReason.Reset,
        SuspicionKind.Jump => QualityReason.Glitch,
        SuspicionKind.None => throw new UnreachableException(),
        _ => throw new UnreachableException(),
    });
}
