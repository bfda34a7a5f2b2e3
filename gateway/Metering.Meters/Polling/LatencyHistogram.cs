namespace Metering.Meters.Polling;

/// <summary>
/// How long something takes: steps a fifth apart from 50 us to two minutes, the last and the longest exactly, and a moving average.
/// When it has counted <see cref="Window"/> it halves its counts, so that what is long ago weighs less. Adding allocates nothing. Belongs to
/// one thread, or to one lock.
/// </summary>
public sealed class LatencyHistogram
{
    /// <summary>Counts after which all are halved.</summary>
    public const int Window = 4096;

    private const int StepCount = 82;
    private const double StepFactor = 1.2;
    private const int AverageWeight = 8;
    private static readonly double Shortest = TimeSpan.FromMicroseconds(50).Ticks;
    private static readonly double LogOfFactor = Math.Log(StepFactor);

    private readonly int[] _counts = new int[StepCount];
    private int _inWindow;

    /// <summary>How many were added.</summary>
    public long Count { get; private set; }

    /// <summary>The last added; zero before the first.</summary>
    public TimeSpan Last { get; private set; }

    /// <summary>Moving average over about eight; zero before the first.</summary>
    public TimeSpan Mean { get; private set; }

    /// <summary>The longest ever; zero before the first.</summary>
    public TimeSpan Maximum { get; private set; }

    /// <summary>Adds one; what is negative counts as zero.</summary>
    public void Add(TimeSpan duration)
    {
        duration = duration > TimeSpan.Zero ? duration : TimeSpan.Zero;
        Mean = Count == 0 ? duration : Mean + ((duration - Mean) / AverageWeight);
        Maximum = duration > Maximum ? duration : Maximum;
        Last = duration;
        Count++;
        _counts[StepOf(duration)]++;
        if (++_inWindow >= Window)
        {
            _inWindow = 0;
            for (int step = 0; step < StepCount; step++)
            {
                _counts[step] /= 2;
                _inWindow += _counts[step];
            }
        }
    }

    /// <summary>The upper end of the step in which a share of all lies, never above the longest; null before the first.</summary>
    /// <param name="share">0 to 1, such as 0.99.</param>
    public TimeSpan? Percentile(double share)
    {
        if (Count == 0)
        {
            return null;
        }

        double wanted = share * _inWindow;
        int seen = 0;
        for (int step = 0; step < StepCount; step++)
        {
            seen += _counts[step];
            if (seen > 0 && seen >= wanted)
            {
                TimeSpan end = TimeSpan.FromTicks((long)(Shortest * Math.Pow(StepFactor, step)));
                return end < Maximum ? end : Maximum;
            }
        }

        return Maximum;
    }

    private static int StepOf(TimeSpan duration) =>
        duration.Ticks <= Shortest ? 0 : Math.Min(StepCount - 1, (int)Math.Ceiling(Math.Log(duration.Ticks / Shortest) / LogOfFactor));
}
