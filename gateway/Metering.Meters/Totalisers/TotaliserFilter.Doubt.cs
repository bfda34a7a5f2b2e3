using System.Diagnostics;
using Metering.Readings;

namespace Metering.Meters.Totalisers;

// What happens from the first doubtful reading until it is decided.
public sealed partial class TotaliserFilter
{
    /// <summary>A reading while a stretch is open: it goes back to the old count, or on from the new one, or neither.</summary>
    private ReadingQuality Decide(in Reading reading, out TotaliserEvent happened)
    {
        long rise = reading.ScaledValue - _state.Value;
        long onward = reading.ScaledValue - _state.SuspectLast;
        bool goesOn = onward >= 0 && Fits(onward, reading.UtcMilliseconds - _state.SuspectLastTime, DoubtfulFactor);
        bool isFirstWord = _state.Suspicion == SuspicionKind.Jump && IsFirstWord();
        bool goesBack = rise >= 0 && !isFirstWord && Fits(rise, reading.UtcMilliseconds - _state.Time, DoubtfulFactor);
        if (goesBack && _state.Suspicion == SuspicionKind.Jump && goesOn)
        {
            // Only sooner than expected: with the time that has passed since, it is nothing special.
            return Believe(reading, TotaliserEventKind.Confirmed, QualityReason.None, out happened);
        }

        if (goesBack)
        {
            TotaliserEventKind kind = _state.Suspicion == SuspicionKind.Jump ? TotaliserEventKind.Spike : TotaliserEventKind.TransientLow;
            return Believe(reading, kind, QualityReason.Glitch, out happened);
        }

        if (!goesOn)
        {
            SuspicionKind kind = KindOf(reading);
            happened = Told(kind == SuspicionKind.Jump ? TotaliserEventKind.JumpSuspected : TotaliserEventKind.FallSuspected, reading, _state.SuspectCount);
            Suspect(reading, kind);
            return Doubt();
        }

        if (_state.SuspectCount < TotaliserLimits.Confirmations)
        {
            happened = default;
            _state.SuspectCount++;
            (_state.SuspectLast, _state.SuspectLastTime) = (reading.ScaledValue, reading.UtcMilliseconds);
            return Doubt();
        }

        return Accept(reading, out happened);
    }

    /// <summary>Enough readings have gone on from the break.</summary>
    private ReadingQuality Accept(in Reading reading, out TotaliserEvent happened)
    {
        int settled = _state.SuspectCount;
        long from = _state.Value;
        SuspicionKind kind = _state.Suspicion == SuspicionKind.Jump && IsFastRise(reading) ? SuspicionKind.None : _state.Suspicion;
        if (kind == SuspicionKind.None)
        {
            // Nothing says how fast the meter can be, so that the rise stands; the readings were right.
            return Believe(reading, TotaliserEventKind.Confirmed, QualityReason.None, out happened);
        }

        QualityReason reason = kind == SuspicionKind.Rollover ? QualityReason.Rollover : QualityReason.Reset;
        TotaliserEventKind told;
        switch (kind)
        {
            case SuspicionKind.Rollover:
                Debug.Assert(limits.Modulus is not null, "only a known end can be passed");
                _state.Total += (Int128)limits.Modulus.Value - _state.Value + reading.ScaledValue;
                told = TotaliserEventKind.Rollover;
                break;
            case SuspicionKind.Return:
                _state.Total += reading.ScaledValue - _state.BreakFrom;
                _state.BreakCount--;
                _state.HasBreak = false;
                told = TotaliserEventKind.Returned;
                break;
            default:
                _state.Total += reading.ScaledValue - _state.SuspectFirst;
                _state.BreakCount++;
                (_state.HasBreak, _state.SinceBreak) = (true, 0);
                (_state.BreakFrom, _state.BreakFromTime, _state.BreakTo) = (_state.Value, _state.Time, _state.SuspectFirst);
                told = TotaliserEventKind.Reset;
                break;
        }

        happened = new(told, reading.UtcMilliseconds, from, reading.ScaledValue, settled);
        (_state.MovedAt, _state.EqualCount, _state.IsFrozen) = (reading.UtcMilliseconds, 0, false);
        Settle(reading);
        return ReadingQuality.Of(QualityClass.Good, reason);
    }

    /// <summary>After a recorded change of meter: what was open is held against the new register.</summary>
    private void Resettle()
    {
        if (_state.SuspectCount == 0)
        {
            return;
        }

        long rise = _state.SuspectLast - _state.Value;
        if (_state.SuspectFirst >= _state.Value && _state.SuspectLastTime >= _state.Time && Fits(rise, _state.SuspectLastTime - _state.Time, DoubtfulFactor))
        {
            _state.Total += rise;
            (_state.Value, _state.Time, _state.MovedAt) = (_state.SuspectLast, _state.SuspectLastTime, _state.SuspectLastTime);
        }

        (_state.Suspicion, _state.SuspectCount) = (SuspicionKind.None, 0);
    }

    private void Suspect(in Reading reading, SuspicionKind kind)
    {
        (_state.Suspicion, _state.SuspectCount) = (kind, 1);
        (_state.SuspectFirst, _state.SuspectFirstTime) = (reading.ScaledValue, reading.UtcMilliseconds);
        (_state.SuspectLast, _state.SuspectLastTime) = (reading.ScaledValue, reading.UtcMilliseconds);
    }

    /// <summary>What a reading that does not follow from the last believed one may be.</summary>
    private SuspicionKind KindOf(in Reading reading)
    {
        long value = reading.ScaledValue;
        bool returns = _state.HasBreak && _state.SinceBreak <= ReturnReadings && value >= _state.BreakFrom
            && Fits(value - _state.BreakFrom, reading.UtcMilliseconds - _state.BreakFromTime, DoubtfulFactor);
        if (value > _state.Value)
        {
            return returns ? SuspicionKind.Return : SuspicionKind.Jump;
        }

        return returns ? SuspicionKind.Return : IsRollover(reading) ? SuspicionKind.Rollover : SuspicionKind.Fall;
    }

    private bool IsRollover(in Reading reading)
    {
        if (limits.Modulus is not long end || _state.Value <= Part(end))
        {
            return false;
        }

        Int128 rise = (Int128)end - _state.Value + reading.ScaledValue;
        return IsLimited()
            ? rise <= Allowed(reading.UtcMilliseconds - _state.Time, DoubtfulFactor)
            : reading.ScaledValue < end - Part(end);
    }

    private static long Part(long end) => (long)((Int128)end * RolloverNumerator / RolloverDenominator);

    /// <summary>Whether an unexplained rise is still one that the same meter can have made; never when its limit is configured.</summary>
    private bool IsFastRise(in Reading reading) =>
        limits.MaximumStepsPerHour is null && !IsFirstWord()
        && Fits(reading.ScaledValue - _state.Value, reading.UtcMilliseconds - _state.Time, ImpossibleFactor);

    private bool Fits(long rise, long milliseconds, long factor) => rise <= Allowed(milliseconds, factor);

    /// <summary>Whether anything is known of how fast the register can rise.</summary>
    private bool IsLimited() =>
        limits.MaximumStepsPerHour is not null || (_state.ReadingCount >= LearningReadings && _state.RiseCount >= LearningRises);

    private Int128 Allowed(long milliseconds, long factor)
    {
        Int128 time = Math.Max(milliseconds, 0);
        if (limits.MaximumStepsPerHour is long perHour)
        {
            return (time * perHour * MarginNumerator / (MarginDenominator * TimeSpan.MillisecondsPerHour)) + limits.RegisterStep;
        }

        return IsLimited()
            ? (time * _state.FastestStepsPerHour / TimeSpan.MillisecondsPerHour * factor) + limits.RegisterStep
            : long.MaxValue;
    }

    private void Learn(long rise, long milliseconds)
    {
        _state.ReadingCount = Math.Min(_state.ReadingCount + 1, LearningReadings);
        if (rise <= 0 || milliseconds <= 0)
        {
            return;
        }

        _state.RiseCount = Math.Min(_state.RiseCount + 1, LearningRises);
        Int128 perHour = ((Int128)rise * TimeSpan.MillisecondsPerHour / milliseconds) + 1;
        _state.FastestStepsPerHour = (long)Int128.Min(Int128.Max(perHour, _state.FastestStepsPerHour), long.MaxValue);
    }
}
