using System.Globalization;

namespace Metering.Analytics.Baselines;

/// <summary>What is known of a driver, and so which signs physics allows.</summary>
public enum DriverRole
{
    /// <summary>Nothing; all signs are tried.</summary>
    Unknown = 0,

    /// <summary>Outdoor temperature: a heating side falls and a cooling side rises with it.</summary>
    Temperature = 1,

    /// <summary>Outdoor temperature of a fuel that only heats: no cooling side is tried.</summary>
    HeatingTemperature = 2,
}

/// <summary>One driver of use: production, degree days, working days.</summary>
/// <param name="Name">Its name, unique in the table.</param>
/// <param name="Values">One value per row; NaN where it is missing.</param>
/// <param name="Role">What is known of it.</param>
public sealed record Driver(string Name, IReadOnlyList<double> Values, DriverRole Role = DriverRole.Unknown)
{
    /// <summary>Most segments of one column.</summary>
    public const int MaximumSegments = 12;

    /// <summary>
    /// Indicators of the segments of a plant (shift, product, operating mode): one driver of 0 and 1 per code but the most
    /// frequent, which is what the others are compared with. A blank code is missing in all of them.
    /// </summary>
    /// <param name="name">Name of the column; the drivers are named "name=code".</param>
    /// <param name="codes">One code per row.</param>
    /// <exception cref="ArgumentException">Fewer than two or more than <see cref="MaximumSegments"/> codes.</exception>
    public static IReadOnlyList<Driver> Segments(string name, IReadOnlyList<string> codes)
    {
        ArgumentNullException.ThrowIfNull(codes);
        string[] different = [.. codes.Where(code => code.Length > 0).GroupBy(code => code, StringComparer.Ordinal)
            .OrderByDescending(group => group.Count()).ThenBy(group => group.Key, StringComparer.Ordinal).Select(group => group.Key)];
        if (different.Length is < 2 or > MaximumSegments)
        {
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture,
                $"The column '{name}' has {different.Length} different codes; segments need 2 to {MaximumSegments}."), nameof(codes));
        }

        return [.. different.Skip(1).Select(code => new Driver(
            $"{name}={code}",
            [.. codes.Select(own => own.Length == 0 ? double.NaN : string.Equals(own, code, StringComparison.Ordinal) ? 1.0 : 0.0)]))];
    }
}

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
