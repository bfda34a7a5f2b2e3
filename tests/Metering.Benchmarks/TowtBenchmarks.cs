using BenchmarkDotNet.Attributes;
using Metering.Analytics.Baselines;
using Metering.Analytics.CalTrack;
using Metering.Analytics.Intervals;
using Metering.Analytics.Towt;

namespace Metering.Benchmarks;

/// <summary>
/// Models of the hour of the week and the temperature on a year of hours: the twelve CalTRACK models alone, and whole answers
/// from the caller's table with checks, calendar, statistics, predictions of a second year and influences.
/// Baseline: the sums of squares and products of the seven temperature spans of the same rows.
/// </summary>
public class TowtBenchmarks
{
    private const int Hours = 8_760;
    private const long Hour = TimeSpan.MillisecondsPerHour;
    private static readonly Period Before = new(0, Hours * Hour);
    private static readonly Period After = new(Hours * Hour, 2 * Hours * Hour);
    private static readonly CalTrackHourlyOptions CalTrack = new() { Temperature = "temperature", Unit = TemperatureUnit.Celsius };
    private static readonly TowtOptions Own = new() { Zone = TimeZoneInfo.Utc, Temperature = "temperature", Unit = TemperatureUnit.Celsius, LinearDrivers = ["production"] };
    private readonly MonthWorkspace _workspace = new();
    private readonly double[] _spans = new double[7];
    private readonly double[] _products = new double[49];

    private ModelTable _table = new() { StartUtcMilliseconds = [], Use = [] };
    private TowtRows _rows = null!;
    private double[] _knots = [];

    [GlobalSetup]
    public void Setup()
    {
        _table = Plant();
        TowtLayout layout = new() { Zone = TimeZoneInfo.Utc, Temperature = "temperature" };
        ModelRows ordered = ModelRows.Order(layout.Narrow(_table, metered: true), useDrivers: true, [], []);
        _rows = layout.Build(layout.Select(ordered, Before));
        _knots = TemperatureScale.StandardKnots(TemperatureUnit.Celsius);
        Console.WriteLine(TwelveModelsWhole() > 0 && OwnModelWhole() > 0 ? "// accepted" : "// refused");
    }

    [Benchmark(Baseline = true)]
    public double CrossProducts()
    {
        Array.Clear(_products);
        foreach (double temperature in _rows.Temperature)
        {
            TemperatureScale.Split(_knots, temperature, _spans);
            for (int i = 0; i < _spans.Length; i++)
            {
                for (int j = 0; j <= i; j++)
                {
                    _products[(7 * i) + j] += _spans[i] * _spans[j];
                }
            }
        }

        return _products[0];
    }

    [Benchmark]
    public void TwelveModels() => MonthKernel.FitMonths(_rows, TemperatureUnit.Celsius, _workspace);

    [Benchmark]
    public double TwelveModelsWhole() =>
        CalTrackHourly.Fit(_table, Before, After, CalTrack, _workspace).Reporting?.TotalPredicted ?? double.NaN;

    [Benchmark]
    public double OwnModelWhole() => TowtModel.FitHourly(_table, Before, After, Own).Reporting?.TotalPredicted ?? double.NaN;

    private static ModelTable Plant()
    {
        long[] start = new long[2 * Hours];
        double[] use = new double[start.Length];
        double[] temperature = new double[start.Length];
        double[] production = new double[start.Length];
        uint noise = 3;
        for (int i = 0; i < start.Length; i++)
        {
            noise = unchecked((noise * 1_664_525) + 1_013_904_223);
            double chance = (noise >> 8) / (double)(1 << 24);
            bool works = i % 24 is >= 6 and < 20 && i / 24 % 7 < 5;
            start[i] = i * Hour;
            temperature[i] = 12 + (0.4 * Math.Abs((i % 24) - 4)) + (Math.Abs((i % Hours) - 4_380) / 400.0) + (6 * chance);
            production[i] = works ? 20 + ((noise >> 4) % 11) : 0;
            use[i] = 40 + (works ? 60 : 0) + (2 * production[i]) + (1.5 * Math.Max(temperature[i] - 18, 0)) + (9 * chance);
        }

        return new ModelTable
        {
            StartUtcMilliseconds = start,
            Use = use,
            Drivers = [new Driver("temperature", temperature), new Driver("production", production)],
        };
    }
}
