using System.Globalization;
using System.Text.Json;
using Metering.Analytics.CalTrack;
using Metering.Analytics.Intervals;
using Metering.Tests.Support;

namespace Metering.Tests.Analytics.CalTrack;

/// <summary>One sample meter with what OpenEEmeter 3.2.0 made of it.</summary>
internal sealed class CalTrackReference
{
    private const string Folder = "reference/mv/eemeter/";
    private static readonly Lazy<Weather> Illinois = new(ReadWeather);

    private CalTrackReference(JsonElement expected, string name)
    {
        Expected = expected;
        Name = name;
        string[][] rows = Read($"{Folder}{name}.csv");
        Baseline = Intervals(rows, "baseline");
        Reporting = Intervals(rows, "reporting");
        Counterfactual = Read($"{Folder}expected/{name}.counterfactual.csv");
    }

    public static string[] Names { get; } =
    [
        "il-electricity-cdd-hdd-daily", "il-gas-intercept-only-daily",
        "il-electricity-cdd-hdd-billing_monthly", "il-gas-intercept-only-billing_monthly",
        "il-electricity-cdd-hdd-billing_bimonthly", "il-gas-intercept-only-billing_bimonthly",
    ];

    public static Weather Weather => Illinois.Value;

    public static Period Always { get; } = new(0, 4_000_000_000_000);

    public string Name { get; }

    public JsonElement Expected { get; }

    public IReadOnlyList<MeteredInterval> Baseline { get; }

    public IReadOnlyList<MeteredInterval> Reporting { get; }

    /// <summary>Rows of the expected counterfactual without the header and the last, empty row.</summary>
    public string[][] Counterfactual { get; }

    public bool IsDaily => Name.EndsWith("daily", StringComparison.Ordinal);

    public CalTrackOptions Options => new()
    {
        Fuel = Name.Contains("gas", StringComparison.Ordinal) ? MeteredFuel.Gas : MeteredFuel.Electricity,
    };

    public static CalTrackReference Load(string name)
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllText(Repository.SharedFile(Folder + "expected/results.json")!));
        foreach (JsonElement sample in document.RootElement.EnumerateArray())
        {
            if (sample.GetProperty("sample").GetString() == name)
            {
                return new CalTrackReference(sample.GetProperty("eemeter_3_2_0").Clone(), name);
            }
        }

        throw new ArgumentException(name, nameof(name));
    }

    public CalTrackOutcome Fit() => IsDaily
        ? CalTrackDaily.Fit(Baseline, Weather, Always, Options)
        : CalTrackBilling.Fit(Baseline, Weather, Always, Options);

    public double Number(string property) => Expected.GetProperty(property).GetDouble();

    public static long Time(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture).ToUnixTimeMilliseconds();

    public static double Value(string text) => text.Length > 0 ? double.Parse(text, CultureInfo.InvariantCulture) : double.NaN;

    private static string[][] Read(string relative) =>
        [.. File.ReadLines(Repository.SharedFile(relative)!).Where(line => line.Length > 0).Select(line => line.Split(','))];

    private static IReadOnlyList<MeteredInterval> Intervals(string[][] rows, string period)
    {
        string[][] chosen = [.. rows.Where(row => row[2] == period)];
        return MeteredInterval.FromStarts([.. chosen.Select(row => Time(row[0]))], [.. chosen.Select(row => Value(row[1]))]);
    }

    private static Weather ReadWeather()
    {
        string[][] rows = Read(Folder + "temperature-il-tempF.csv")[1..];
        WeatherOutcome outcome = Weather.From(new TemperatureSeries
        {
            UtcMilliseconds = [.. rows.Select(row => Time(row[0]))],
            Values = [.. rows.Select(row => Value(row[1]))],
            Unit = TemperatureUnit.Fahrenheit,
        });
        return outcome.Weather!;
    }
}
