using Metering.Analytics.Intervals;
using Metering.Readings;

namespace Metering.Benchmarks.Store;

/// <summary>Quarter hours of a channel by the analytics core: use of a counter, mean of a gauge. What it works in is used again.</summary>
internal sealed class QuarterHours
{
    private readonly IntervalColumns _columns = new();
    private bool[] _usable = [];
    private double[] _values = [];

    /// <returns>How many quarter hours, and the sum of what is known of them.</returns>
    public (int Count, double Sum) Of(Channel channel, ReadOnlySpan<long> instants, ReadOnlySpan<long> scaled, ReadOnlySpan<ReadingQuality> qualities)
    {
        if (_usable.Length < instants.Length)
        {
            _usable = new bool[instants.Length];
            _values = new double[instants.Length];
        }

        Span<bool> usable = _usable.AsSpan(0, instants.Length);
        for (int index = 0; index < usable.Length; index++)
        {
            usable[index] = qualities[index].IsGood;
        }

        if (channel.Kind == ChannelKind.Counter)
        {
            CounterOptions options = new() { Step = IntervalStep.QuarterHour, Exponent = channel.DecimalPlaces, Modulus = channel.Modulus };
            IntervalBuilder.FromCounter(instants, scaled, usable, options, _columns);
            return (_columns.Count, Sum(_columns.Value));
        }

        Span<double> values = _values.AsSpan(0, instants.Length);
        double divisor = channel.Divisor;
        for (int index = 0; index < values.Length; index++)
        {
            values[index] = scaled[index] / divisor;
        }

        MeanSeries means = IntervalBuilder.FromInstantaneous(instants, values, usable, new() { Step = IntervalStep.QuarterHour });
        return (means.Mean.Count, means.Mean.Sum(mean => double.IsNaN(mean) ? 0 : mean));
    }

    private static double Sum(ReadOnlySpan<double> values)
    {
        double sum = 0;
        foreach (double value in values)
        {
            sum += double.IsNaN(value) ? 0 : value;
        }

        return sum;
    }
}
