namespace Metering.Analytics.Baselines;

/// <summary>One driver of use: production, degree days, working days.</summary>
/// <param name="Name">Its name, unique in the table.</param>
/// <param name="Values">One value per row; NaN where it is missing.</param>
public sealed record Driver(string Name, IReadOnlyList<double> Values);

/// <summary>
/// Metered use and its drivers, one row per interval. Rows may be in any order and may be missing; a row with a missing
/// value is not used. Zero is a value, missing is NaN.
/// </summary>
public sealed record ModelTable
{
    /// <summary>Start of each interval, UTC milliseconds since 1970-01-01.</summary>
    public required IReadOnlyList<long> StartUtcMilliseconds { get; init; }

    /// <summary>Use in each interval; NaN where it is missing.</summary>
    public required IReadOnlyList<double> Use { get; init; }

    /// <summary>
    /// Variance of the use of each interval, in squared units: above 0 where the use was estimated instead of metered. Empty
    /// when all was metered.
    /// </summary>
    public IReadOnlyList<double> UseVariance { get; init; } = [];

    /// <summary>The drivers, at most <see cref="BaselineModel.MaximumDrivers"/>.</summary>
    public IReadOnlyList<Driver> Drivers { get; init; } = [];
}
