namespace Metering.Analytics.CalTrack;

/// <summary>The unit of a column of temperatures. There is no default: a wrong guess gives a plausible, wrong saving.</summary>
public enum TemperatureUnit
{
    /// <summary>Degrees Celsius.</summary>
    Celsius = 1,

    /// <summary>Degrees Fahrenheit, the unit in which CalTRACK 2.0 states its balance points.</summary>
    Fahrenheit = 2,
}

/// <summary>Conversions between the two units.</summary>
public static class Temperature
{
    private const double FreezingFahrenheit = 32;
    private const double FahrenheitPerCelsius = 1.8;

    /// <summary>A temperature in degrees Fahrenheit; NaN stays NaN.</summary>
    /// <param name="value">The temperature.</param>
    /// <param name="unit">Its unit.</param>
    /// <exception cref="ArgumentOutOfRangeException">An unknown unit.</exception>
    public static double ToFahrenheit(double value, TemperatureUnit unit) => unit switch
    {
        TemperatureUnit.Celsius => (value * FahrenheitPerCelsius) + FreezingFahrenheit,
        TemperatureUnit.Fahrenheit => value,
        _ => throw new ArgumentOutOfRangeException(nameof(unit), unit, "State whether temperatures are in Celsius or Fahrenheit."),
    };

    /// <summary>A temperature in degrees Celsius; NaN stays NaN.</summary>
    /// <param name="fahrenheit">The temperature, degrees Fahrenheit.</param>
    public static double ToCelsius(double fahrenheit) => (fahrenheit - FreezingFahrenheit) / FahrenheitPerCelsius;
}

/// <summary>Outdoor temperatures of one place, in any order; an hour may hold several readings, which are averaged.</summary>
public sealed record TemperatureSeries
{
    /// <summary>Instants, UTC milliseconds since 1970-01-01. A reading stands for the UTC hour that holds it.</summary>
    public required IReadOnlyList<long> UtcMilliseconds { get; init; }

    /// <summary>One temperature per instant; NaN where it is missing.</summary>
    public required IReadOnlyList<double> Values { get; init; }

    /// <summary>The unit of <see cref="Values"/>.</summary>
    public required TemperatureUnit Unit { get; init; }
}
