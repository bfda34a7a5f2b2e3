using Metering.Analytics.Baselines;
using Metering.Analytics.CalTrack;
using Metering.Analytics.Intervals;
using Xunit;

namespace Metering.Tests.Analytics.CalTrack;

public sealed class WeatherTests
{
    private const long Hour = TimeSpan.MillisecondsPerHour;
    private const long Day = TimeSpan.MillisecondsPerDay;

    [Fact]
    public void Celsius_becomes_fahrenheit_only_when_it_is_said_to_be_celsius()
    {
        Assert.Equal(68, Weather(TemperatureUnit.Celsius, Enumerable.Repeat(20.0, 24)).MeanFahrenheit(new Period(0, Day)));
        Assert.Equal(20, Weather(TemperatureUnit.Fahrenheit, Enumerable.Repeat(20.0, 24)).MeanFahrenheit(new Period(0, Day)));
        Assert.Equal(-40, Temperature.ToCelsius(Temperature.ToFahrenheit(-40, TemperatureUnit.Celsius)));
        Assert.Throws<ArgumentOutOfRangeException>(() => Weather(default, [1.0]));
    }

    [Fact]
    public void A_gap_of_six_hours_is_filled_along_a_line_and_one_of_seven_is_not()
    {
        double[] values = [.. Enumerable.Range(0, 24).Select(hour => (double)hour)];
        double[] six = [.. values.Select((value, hour) => hour is >= 5 and < 11 ? double.NaN : value)];
        double[] seven = [.. values.Select((value, hour) => hour is >= 5 and < 12 ? double.NaN : value)];
        Weather filled = Weather(TemperatureUnit.Fahrenheit, six);
        Assert.Equal(6, filled.FilledHours);
        Assert.Equal(11.5, filled.MeanFahrenheit(new Period(0, Day)), 1e-12);
        Weather open = Weather(TemperatureUnit.Fahrenheit, seven);
        Assert.Equal(0, open.FilledHours);
        Assert.Equal((276.0 - 56) / 17, open.MeanFahrenheit(new Period(0, Day)), 1e-12);
    }

    [Theory]
    [InlineData(12, true)]
    [InlineData(11, false)]
    public void A_day_with_half_of_its_hours_has_a_mean_and_one_with_less_has_none(int hours, bool hasMean)
    {
        Weather weather = Weather(TemperatureUnit.Fahrenheit, Enumerable.Repeat(50.0, hours));
        Assert.Equal(hasMean ? 50 : double.NaN, weather.MeanFahrenheit(new Period(0, Day)));
        Assert.Equal(double.NaN, weather.MeanFahrenheit(new Period(5 * Day, 6 * Day)));
        Assert.Equal(double.NaN, weather.MeanFahrenheit(new Period(0, 0)));
    }

    [Fact]
    public void Days_follow_the_plant_and_its_changes_of_clocks()
    {
        // 26 March 2017 has 23 hours in Berlin and begins at 23:00 of the day before in universal time.
        TimeZoneInfo berlin = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");
        long start = new DateTimeOffset(2017, 3, 25, 23, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds();
        TemperatureSeries series = new()
        {
            UtcMilliseconds = [.. Enumerable.Range(0, 47).Select(hour => start + (hour * Hour))],
            Values = [.. Enumerable.Range(0, 47).Select(hour => hour < 23 ? 40.0 : 60.0)],
            Unit = TemperatureUnit.Fahrenheit,
        };
        double[] means = Metering.Analytics.CalTrack.Weather.From(series).Weather!.DailyMeansFahrenheit(new(2017, 3, 26), new(2017, 3, 28), berlin);
        Assert.Equal([40, 60, double.NaN], means);
    }

    [Fact]
    public void Several_readings_of_an_hour_are_averaged_and_order_does_not_matter()
    {
        long[] times = [.. Enumerable.Range(0, 96).Select(quarter => quarter * Hour / 4)];
        double[] values = [.. Enumerable.Range(0, 96).Select(quarter => (quarter * 7 % 96) * 0.9)];
        WeatherOutcome ordered = Metering.Analytics.CalTrack.Weather.From(new() { UtcMilliseconds = times, Values = values, Unit = TemperatureUnit.Fahrenheit });
        WeatherOutcome turned = Metering.Analytics.CalTrack.Weather.From(new()
        {
            UtcMilliseconds = [.. times.Reverse()],
            Values = [.. values.Reverse()],
            Unit = TemperatureUnit.Fahrenheit,
        });
        Assert.Equal(ordered.Weather!.MeanFahrenheit(new Period(0, Day)), turned.Weather!.MeanFahrenheit(new Period(0, Day)));
        Assert.Equal(ReasonKind.RowsPutInOrder, Assert.Single(turned.Warnings).Kind);
    }

    [Fact]
    public void Bad_series_are_refused_with_a_reason()
    {
        Assert.Equal(ReasonKind.EmptyPeriod, Refusal([], []));
        Assert.Equal(ReasonKind.EmptyPeriod, Refusal([0], [double.NaN]));
        Assert.Equal(ReasonKind.NotFinite, Refusal([0], [double.PositiveInfinity]));
        Assert.Equal(ReasonKind.NotFinite, Refusal([0], [300]));
        Assert.Equal(ReasonKind.ConflictingRows, Refusal([0, 0], [1, 2]));
        Assert.Equal(ReasonKind.ConflictingRows, Refusal([0, 200_000L * Day], [1, 2]));
        Assert.Throws<ArgumentException>(() => Refusal([0], []));
        Assert.Throws<ArgumentException>(() => Refusal([long.MinValue], [1]));
        Assert.Throws<ArgumentOutOfRangeException>(() =>
            Weather(TemperatureUnit.Fahrenheit, [1.0]).DailyMeansFahrenheit(new(2017, 1, 2), new(2017, 1, 1), TimeZoneInfo.Utc));
    }

    private static ReasonKind Refusal(long[] times, double[] values)
    {
        WeatherOutcome outcome = Metering.Analytics.CalTrack.Weather.From(new() { UtcMilliseconds = times, Values = values, Unit = TemperatureUnit.Fahrenheit });
        Assert.Null(outcome.Weather);
        return outcome.Reasons[0].Kind;
    }

    private static Weather Weather(TemperatureUnit unit, IEnumerable<double> values)
    {
        double[] column = [.. values];
        return Metering.Analytics.CalTrack.Weather.From(new()
        {
            UtcMilliseconds = [.. Enumerable.Range(0, column.Length).Select(hour => hour * Hour)],
            Values = column,
            Unit = unit,
        }).Weather!;
    }
}
