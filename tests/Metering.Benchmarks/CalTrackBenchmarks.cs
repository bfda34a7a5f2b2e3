using BenchmarkDotNet.Attributes;
using Metering.Analytics.CalTrack;
using Metering.Analytics.Intervals;

namespace Metering.Benchmarks;

/// <summary>
/// Choice among 2,014 models for a year of days and for twelve bills: the search alone, in memory that is kept, and the whole
/// fit with cleaning and statistics. Baseline: one pass over the same rows for every balance point.
/// </summary>
public class CalTrackBenchmarks
{
    private const long Day = TimeSpan.MillisecondsPerDay;
    private const int Days = 365;
    private const int BillDays = 30;

    private readonly BalancePointWorkspace _points = new();
    private readonly CalTrackWorkspace _memory = new();
    private readonly double[] _means = new double[Days];
    private MeteredInterval[] _rows = [];
    private Weather _weather = null!;
    private bool _daily;

    [Params("365 days", "12 bills")]
    public string Data { get; set; } = "";

    [GlobalSetup]
    public void Setup()
    {
        _daily = Data.StartsWith("365", StringComparison.Ordinal);
        double[] hours = new double[Days * 24];
        uint noise = 7;
        for (int day = 0; day < Days; day++)
        {
            noise = unchecked((noise * 1_664_525) + 1_013_904_223);
            double phase = (day / 182.5) - 1;
            _means[day] = 20 + (60 * (1 - (phase * phase))) + ((noise >> 16) / 8_000.0);
            hours.AsSpan(day * 24, 24).Fill(_means[day]);
        }

        _weather = Weather.From(new TemperatureSeries
        {
            UtcMilliseconds = [.. Enumerable.Range(0, hours.Length).Select(hour => hour * TimeSpan.MillisecondsPerHour)],
            Values = hours,
            Unit = TemperatureUnit.Fahrenheit,
        }).Weather!;
        int length = _daily ? 1 : BillDays;
        _rows = [.. Enumerable.Range(0, Days / length).Select(row => new MeteredInterval(row * length * Day, (row + 1) * length * Day, Use(row * length, length)))];
        Console.WriteLine($"// {WholeFit()} adjusted R2");
    }

    [Benchmark(Baseline = true)]
    public double OnePassPerBalancePoint()
    {
        double sum = 0;
        for (int point = 0; point < BalancePointWorkspace.Points; point++)
        {
            foreach (double mean in _means)
            {
                double warm = Math.Max(0, BalancePointWorkspace.LowestFahrenheit + point - mean);
                sum += warm * warm;
            }
        }

        return sum;
    }

    [Benchmark]
    public double Search()
    {
        _points.Clear(_rows.Length);
        int length = _daily ? 1 : BillDays;
        for (int row = 0; row < _rows.Length; row++)
        {
            _points.Add(_rows[row].Use / length, length, _means.AsSpan(row * length, length));
        }

        _points.Accumulate();
        BalancePointSearch search = new(_points, _daily ? 10 : 0, 20);
        search.Run(withCooling: true);
        return search[0].AdjustedR2;
    }

    [Benchmark]
    public double WholeFit()
    {
        Period year = new(0, Days * Day);
        CalTrackOutcome outcome = _daily
            ? CalTrackDaily.Fit(_rows, _weather, year, null, _memory)
            : CalTrackBilling.Fit(_rows, _weather, year, null, _memory);
        return outcome.Fit!.AdjustedR2;
    }

    private double Use(int from, int days)
    {
        double use = 0;
        for (int day = from; day < from + days; day++)
        {
            use += 40 + Math.Max(0, 55 - _means[day]) + Math.Max(0, _means[day] - 65) + (day % 7);
        }

        return use;
    }
}
