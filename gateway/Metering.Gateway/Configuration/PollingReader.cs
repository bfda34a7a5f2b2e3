using Metering.Meters.Yaml;

namespace Metering.Gateway.Configuration;

/// <summary>Reads how often values are read.</summary>
internal static class PollingReader
{
    internal static readonly TimeSpan ShortestInterval = TimeSpan.FromSeconds(1);
    internal static readonly TimeSpan LongestInterval = TimeSpan.FromDays(1);

    /// <summary>The section polling: interval, and where they differ fast and slow.</summary>
    internal static PollingIntervals? Read(YamlSection? section)
    {
        TimeSpan? normal = section is null ? null : ReadInterval(section, "interval", required: true);
        TimeSpan? fast = section is null ? null : ReadInterval(section, "fast", required: false);
        TimeSpan? slow = section is null ? null : ReadInterval(section, "slow", required: false);
        section?.Close();
        if (fast > normal)
        {
            section?.Fault("fast", new(es: $"{Duration.ToText(fast.Value)} es más que el intervalo de {Duration.ToText(normal.Value)}", en: $"{Duration.ToText(fast.Value)} is longer than the interval of {Duration.ToText(normal.Value)}"), new(es: "los valores rápidos se leen al menos tan seguido como los demás", en: "fast values are read at least as often as the others"));
        }

        if (slow < normal)
        {
            section?.Fault("slow", new(es: $"{Duration.ToText(slow.Value)} es menos que el intervalo de {Duration.ToText(normal.Value)}", en: $"{Duration.ToText(slow.Value)} is shorter than the interval of {Duration.ToText(normal.Value)}"), new(es: "los valores lentos se leen cuando mucho tan seguido como los demás", en: "slow values are read at most as often as the others"));
        }

        return normal is null ? null : new(normal.Value, fast, slow);
    }

    /// <summary>An interval: whole seconds that divide a day, so that slots are the same instants on every machine and in every boot.</summary>
    internal static TimeSpan? ReadInterval(YamlSection section, string key, bool required)
    {
        TimeSpan? interval = section.Duration(key, ShortestInterval, LongestInterval, required);
        if (interval is TimeSpan whole && (whole.Ticks % TimeSpan.TicksPerSecond != 0 || TimeSpan.TicksPerDay % whole.Ticks != 0))
        {
            section.Fault(key, new(es: $"{Duration.ToText(whole)} no divide exactamente un día", en: $"{Duration.ToText(whole)} does not divide a day"), new(es: "elija 5s, 10s, 15s, 30s, 1m, 5m, 15m, 30m o 1h", en: "choose 5s, 10s, 15s, 30s, 1m, 5m, 15m, 30m or 1h"));
            return null;
        }

        return interval;
    }
}
