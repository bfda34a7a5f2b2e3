using Metering.Meters.Profiles;

namespace Metering.Gateway.Configuration;

/// <summary>How often values are read, by their rate class. Slots are whole multiples of each interval since 1970-01-01 UTC.</summary>
/// <param name="Normal">Interval of the gateway.</param>
/// <param name="Fast">Interval of fast values; null where they are read as normal ones.</param>
/// <param name="Slow">Interval of slow values; null where they are read as normal ones.</param>
internal sealed record PollingIntervals(TimeSpan Normal, TimeSpan? Fast = null, TimeSpan? Slow = null)
{
    /// <summary>Interval of a value of a meter.</summary>
    internal TimeSpan Of(MeterConfiguration meter, RateClass rate) => meter.Interval ?? rate switch
    {
        RateClass.Fast => Fast ?? Normal,
        RateClass.Slow => Slow ?? Normal,
        _ => Normal,
    };
}
