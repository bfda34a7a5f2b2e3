namespace Metering.Store.Rollups;

/// <summary>The months of UTC, counted from year 0: each rollup holds the intervals that start in one of them.</summary>
internal static class RollupMonth
{
    public static int Of(long utcMilliseconds)
    {
        DateTimeOffset instant = DateTimeOffset.FromUnixTimeMilliseconds(utcMilliseconds);
        return (instant.Year * 12) + instant.Month - 1;
    }

    /// <summary>First instant of a month, UTC milliseconds; for the month after the last of year 9999 the end of time.</summary>
    public static long Start(int month) => month >= 120_000
        ? StoreLimits.EndInstantUtcMilliseconds
        : new DateTimeOffset(month / 12, (month % 12) + 1, 1, 0, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds();
}
