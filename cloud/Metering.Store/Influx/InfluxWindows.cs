namespace Metering.Store.Influx;

/// <summary>
/// The ranges of time that a query is cut into. 3.x Core refuses a query that would read more than 432 files, which is
/// about 72 hours (docs.influxdata.com/influxdb3/core/reference/config-options, query-file-limit): 48 hours keep clear of it.
/// </summary>
internal static class InfluxWindows
{
    /// <summary>A UTC day.</summary>
    public const long Day = 86_400_000;

    /// <summary>The longest range for 3.x.</summary>
    public const long LongestOfThree = 2 * Day;

    /// <summary>Cuts [from, to) into ranges that begin and end at days, but for the first and the last.</summary>
    /// <param name="version">Generation of the server.</param>
    /// <param name="fromUtcMilliseconds">First instant, 0 or later.</param>
    /// <param name="toUtcMilliseconds">First instant that does not belong to it.</param>
    /// <param name="days">Days in one range where the server has no limit of its own.</param>
    public static IEnumerable<(long From, long To)> Of(InfluxVersion version, long fromUtcMilliseconds, long toUtcMilliseconds, long days = long.MaxValue)
    {
        long end = Math.Min(toUtcMilliseconds, LineBuffer.LastInstantUtcMilliseconds + 1);
        long length = version == InfluxVersion.Three ? LongestOfThree : Math.Clamp(days, 1, LineBuffer.LastInstantUtcMilliseconds / Day) * Day;
        for (long from = fromUtcMilliseconds; from < end;)
        {
            long to = Math.Min(end, (from / Day * Day) + length);
            yield return (from, to);
            from = to;
        }
    }
}
