using Metering.Gateway.Outbox;
using Metering.Meters.Yaml;

namespace Metering.Gateway.Configuration;

/// <summary>Reads the outbox's limits.</summary>
internal static class OutboxReader
{
    /// <summary>Room for some days of a small gateway; below it, the reserves would be all there is.</summary>
    private const long SmallestLength = 16L * 1024 * 1024;
    private const long LargestLength = 4096L * 1024 * 1024 * 1024;
    private static readonly TimeSpan ShortestAge = TimeSpan.FromDays(1);
    private static readonly TimeSpan LongestAge = TimeSpan.FromDays(36_500);

    internal static OutboxLimits Read(YamlSection? section)
    {
        long maximum = Size(section, "maximumLength", SmallestLength) ?? OutboxOptions.DefaultMaximumLength;
        long keep = Size(section, "keepAcknowledged", 0) ?? Math.Min(OutboxOptions.DefaultKeepAckedLength, maximum / 2);
        TimeSpan age = section?.Duration("maximumAge", ShortestAge, LongestAge, required: false) ?? OutboxOptions.DefaultKeepAckedAge;
        if (keep > maximum / 2)
        {
            section?.Fault("keepAcknowledged", new(es: "los lotes confirmados pueden ocupar cuando mucho la mitad de maximumLength", en: "confirmed batches may take half of maximumLength at most"), new(es: "haga maximumLength al menos del doble", en: "make maximumLength at least twice as large"));
        }

        section?.Close();
        return new(maximum, keep, age);
    }

    private static long? Size(YamlSection? section, string key, long minimum)
    {
        string? text = section?.Text(key, required: false);
        if (text is null)
        {
            return null;
        }

        if (!ByteSize.TryParse(text, out long length) || length < minimum || length > LargestLength)
        {
            section!.Fault(key, new(es: $"'{text}' no es un tamaño permitido", en: $"'{text}' is no size in range"), minimum > 0 ? new(es: "escriba un número entero y su unidad, de 16MiB a 4096GiB, como 4GiB", en: "write a whole number and its unit, from 16MiB to 4096GiB, such as 4GiB") : new(es: "escriba un número entero y su unidad, hasta 4096GiB, como 256MiB", en: "write a whole number and its unit, up to 4096GiB, such as 256MiB"));
            return null;
        }

        return length;
    }
}
