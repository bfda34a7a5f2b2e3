namespace Metering.Store.Influx;

/// <summary>The newest intervals of one channel as they were written last, so that only what has changed is written again.</summary>
/// <param name="unknownTo">Intervals that start before this may stand in the copy though they are not remembered here.</param>
internal sealed class IntervalMemory(long unknownTo)
{
    /// <summary>Intervals remembered: four days, the reach of what a batch in order asks for again, twice.</summary>
    public const int MaximumIntervals = 4 * 96;

    private readonly SortedDictionary<long, MirroredInterval> _written = [];
    private long _unknownTo = unknownTo;

    /// <summary>
    /// The range of intervals that have to be removed before they are written: those that lose a field or vanish, and those of
    /// which it is not known what stands there. Null when there is none.
    /// </summary>
    public (long From, long To)? Obsolete(IReadOnlyList<MirroredInterval> intervals, long from, long to)
    {
        long first = long.MaxValue;
        long last = long.MinValue;
        HashSet<long> present = [];
        foreach (MirroredInterval interval in intervals)
        {
            _ = present.Add(interval.StartUtcMilliseconds);
            bool isKnown = _written.TryGetValue(interval.StartUtcMilliseconds, out MirroredInterval? before);
            if (isKnown ? LosesAField(before!, interval) : interval.StartUtcMilliseconds < _unknownTo)
            {
                Widen(interval.StartUtcMilliseconds);
            }
        }

        foreach (long start in _written.Keys)
        {
            if (start >= from && start < to && !present.Contains(start))
            {
                Widen(start);
            }
        }

        return first <= last ? (first, last + InfluxIntervalMirror.IntervalMilliseconds) : null;

        void Widen(long start)
        {
            first = Math.Min(first, start);
            last = Math.Max(last, start);
        }
    }

    /// <summary>Notes that nothing stands in a range any more.</summary>
    public void Forget(long from, long to)
    {
        foreach (long start in _written.Keys.Where(start => start >= from && start < to).ToList())
        {
            _ = _written.Remove(start);
        }
    }

    /// <summary>Notes that every interval from an instant on is remembered here.</summary>
    public void KnowFrom(long utcMilliseconds) => _unknownTo = Math.Min(_unknownTo, utcMilliseconds);

    /// <summary>Remembers an interval; false when it stands there as it is.</summary>
    public bool Remember(MirroredInterval interval)
    {
        if (_written.TryGetValue(interval.StartUtcMilliseconds, out MirroredInterval? before) && before == interval)
        {
            return false;
        }

        _written[interval.StartUtcMilliseconds] = interval;
        return true;
    }

    /// <summary>Keeps the newest only; what is forgotten may stand in the copy.</summary>
    public void Trim()
    {
        while (_written.Count > MaximumIntervals)
        {
            long oldest = _written.First().Key;
            _ = _written.Remove(oldest);
            _unknownTo = Math.Max(_unknownTo, oldest + InfluxIntervalMirror.IntervalMilliseconds);
        }
    }

    private static bool LosesAField(MirroredInterval before, MirroredInterval now) =>
        IsLost(before.Consumption, now.Consumption) || IsLost(before.Mean, now.Mean) || IsLost(before.Minimum, now.Minimum)
        || IsLost(before.Maximum, now.Maximum) || IsLost(before.Completeness, now.Completeness);

    private static bool IsLost(double before, double now) => double.IsFinite(before) && !double.IsFinite(now);
}
