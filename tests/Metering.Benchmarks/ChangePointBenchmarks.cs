using BenchmarkDotNet.Attributes;
using Metering.Analytics.ChangePoints;

namespace Metering.Benchmarks;

/// <summary>
/// A year of days over temperature: a clear shape and noise alone, plain and with three linear drivers; sorting included, because
/// one driver value moves before every fit. Baseline: one pass of sums of squares and products over sorted rows.
/// </summary>
public class ChangePointBenchmarks
{
    private const int Rows = 365;
    private readonly double[] _x = new double[Rows];
    private readonly double[] _use = new double[Rows];
    private readonly double[][] _linear = [new double[Rows], new double[Rows], new double[Rows]];
    private readonly ChangePointWorkspace _plain = new();
    private readonly LinearChangePointWorkspace _workspace = new();
    private readonly ChangePointOptions _options = ChangePointOptions.ForBaseline(Rows);
    private int _moved;

    [Params("shape", "noise")]
    public string Data { get; set; } = "";

    [GlobalSetup]
    public void Setup()
    {
        uint state = 11;
        for (int row = 0; row < Rows; row++)
        {
            _x[row] = 8 + (16 * Next(ref state));
            _use[row] = 12 * Next(ref state);
            if (Data == "shape")
            {
                _use[row] += 40 + (3 * Math.Max(0, 12 - _x[row])) + (4 * Math.Max(0, _x[row] - 19));
            }

            foreach (double[] column in _linear)
            {
                column[row] = Next(ref state);
                _use[row] += 2 * column[row];
            }
        }
    }

    [Benchmark(Baseline = true)]
    public double SumsOfProducts()
    {
        double sum = 0;
        for (int row = 0; row < Rows; row++)
        {
            sum += (_x[row] * _x[row]) + (_x[row] * _use[row]) + (_use[row] * _use[row]);
        }

        return sum;
    }

    [Benchmark]
    public double Cooling() => Plain(ChangePointForm.Cooling);

    [Benchmark]
    public double TwoLines() => Plain(ChangePointForm.TwoLines);

    [Benchmark]
    public double HeatingAndCooling() => Plain(ChangePointForm.HeatingAndCooling);

    [Benchmark]
    public double CoolingWithLinear() => Linear(ChangePointForm.Cooling).Sse;

    [Benchmark]
    public double HeatingAndCoolingWithLinear() => Linear(ChangePointForm.HeatingAndCooling).Sse;

    [Benchmark]
    public double CoolingInterval()
    {
        LinearChangePointFit fit = Linear(ChangePointForm.Cooling);
        return BreakpointProfile.Interval(_workspace, fit, BreakpointSide.Cooling, new() { Limits = _options }).Upper;
    }

    private static double Next(ref uint state)
    {
        state = unchecked((state * 1_664_525) + 1_013_904_223);
        return (state >> 8) / (double)(1 << 24);
    }

    private double Plain(ChangePointForm form)
    {
        Move();
        return ChangePointSolver.Fit(_x, _use, form, _options, _plain).Sse;
    }

    private LinearChangePointFit Linear(ChangePointForm form)
    {
        Move();
        _workspace.Load(_x, _use, _linear);
        return LinearChangePointSolver.Fit(_workspace, form, _options);
    }

    /// <summary>Two values change places, so that the order of the call before does not serve again.</summary>
    private void Move()
    {
        int other = (_moved + 97) % Rows;
        (_x[_moved], _x[other]) = (_x[other], _x[_moved]);
        (_use[_moved], _use[other]) = (_use[other], _use[_moved]);
        _moved = (_moved + 1) % Rows;
    }
}
