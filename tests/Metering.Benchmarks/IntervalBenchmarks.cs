using System.Runtime.Intrinsics;
using BenchmarkDotNet.Attributes;
using Metering.Analytics.Intervals;

namespace Metering.Benchmarks;

/// <summary>
/// A year of a counter into 15-minute intervals: 35,040 readings (one on each border) and 519,000 (one a minute).
/// Baselines: adding up the registers with vectors, which is as fast as a column can be read; and differences added to
/// their interval without a single check. The kernel is to stay within 5 times the vector sum and 2 ns a reading.
/// </summary>
public class IntervalBenchmarks
{
    private const long Start = 1_704_067_200_000;
    private const long Step = 900_000;
    private static readonly CounterOptions Options = new() { Step = IntervalStep.QuarterHour, Exponent = 1, Modulus = 4_294_967_296 };

    private readonly IntervalColumns _columns = new();
    private long[] _time = [];
    private long[] _register = [];
    private bool[] _usable = [];

    [Params(35_040, 519_000)]
    public int Readings { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        long spacing = Readings > 100_000 ? 60_000 : Step;
        _time = new long[Readings];
        _register = new long[Readings];
        _usable = new bool[Readings];
        Array.Fill(_usable, true);
        long register = 1_000_000;
        uint noise = 1;
        for (int index = 0; index < Readings; index++)
        {
            _time[index] = Start + (index * spacing);
            _register[index] = register;
            noise = unchecked((noise * 1_664_525) + 1_013_904_223);
            register += 20 + (noise >> 28);
        }
    }

    [Benchmark(Baseline = true)]
    public long VectorSumOfRegisters() => VectorSum(_register);

    [Benchmark]
    public double NaiveDifferences()
    {
        double[] intervals = new double[((_time[^1] - _time[0]) / Step) + 1];
        for (int index = 1; index < _time.Length; index++)
        {
            intervals[(_time[index] - 1 - _time[0]) / Step] += (_register[index] - _register[index - 1]) / 10.0;
        }

        return intervals[^1];
    }

    [Benchmark]
    public double IntoColumnsUsedAgain()
    {
        IntervalBuilder.FromCounter(_time, _register, _usable, Options, _columns);
        return _columns.Value[0];
    }

    [Benchmark]
    public double FromCounter() => IntervalBuilder.FromCounter(_time, _register, _usable, Options).Value[0];

    /// <summary>The sum of a column with vectors of four.</summary>
    internal static long VectorSum(long[] column)
    {
        Vector256<long> even = Vector256<long>.Zero;
        Vector256<long> odd = Vector256<long>.Zero;
        for (int index = 0; index <= column.Length - 8; index += 8)
        {
            even += Vector256.Create(column.AsSpan(index, 4));
            odd += Vector256.Create(column.AsSpan(index + 4, 4));
        }

        return Vector256.Sum(even + odd);
    }
}
