using BenchmarkDotNet.Attributes;
using Metering.Analytics.Baselines;
using Metering.Analytics.Subsets;

namespace Metering.Benchmarks;

/// <summary>All subsets of ten drivers, and one fit of twelve months with its statistics. Baseline: the cross products of the same columns.</summary>
public class SubsetBenchmarks
{
    private const int Candidates = 10;
    private readonly SubsetScore[] _scores = new SubsetScore[1 << Candidates];
    private readonly AllSubsetsWorkspace _workspace = new();
    private readonly LeastSquaresWorkspace _fit = new();
    private double[] _use = [];
    private double[][] _drivers = [];

    [Params(12, 36, 365)]
    public int Rows { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        uint state = 5;
        _use = new double[Rows];
        _drivers = [.. Enumerable.Range(0, Candidates).Select(_ => new double[Rows])];
        for (int row = 0; row < Rows; row++)
        {
            for (int driver = 0; driver < Candidates; driver++)
            {
                state = unchecked((state * 1_664_525) + 1_013_904_223);
                _drivers[driver][row] = 20 + ((state >> 16) / 3_000.0);
                _use[row] += (driver % 3) * _drivers[driver][row];
            }

            state = unchecked((state * 1_664_525) + 1_013_904_223);
            _use[row] += (state >> 16) / 1_000.0;
        }
    }

    [Benchmark(Baseline = true)]
    public double CrossProducts()
    {
        double sum = 0;
        foreach (double[] left in _drivers)
        {
            foreach (double[] right in _drivers)
            {
                for (int row = 0; row < Rows; row++)
                {
                    sum += left[row] * right[row];
                }
            }
        }

        return sum;
    }

    [Benchmark]
    public double Subsets()
    {
        AllSubsets.Score(_use, _drivers, [], _workspace, _scores);
        return _scores[^2].Sse;
    }

    [Benchmark]
    public double FitOfThreeDrivers() => _fit.Fit(_use, _drivers.AsSpan(0, 3)) ? _fit.FProbability : double.NaN;
}
