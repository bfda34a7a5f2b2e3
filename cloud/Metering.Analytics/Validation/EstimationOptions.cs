namespace Metering.Analytics.Validation;

/// <summary>Rules of estimation.</summary>
public sealed record EstimationOptions
{
    /// <summary>Version of the rules as they stand in this library.</summary>
    public const int RuleVersion = 1;

    /// <summary>Longest stretch that is filled on a straight line. SOURCE: Californian estimation rules (2 hours, as handed down).</summary>
    public TimeSpan LongestLinear { get; init; } = TimeSpan.FromHours(2);

    /// <summary>Longest stretch that is filled at all; our own choice: what other weeks can tell about.</summary>
    public TimeSpan LongestEstimated { get; init; } = TimeSpan.FromDays(28);

    /// <summary>Weeks whose same weekday and time are averaged, 2 to 26. SOURCE: Californian estimation rules (4 weeks, as handed down).</summary>
    public int DonorWeeks { get; init; } = 4;

    /// <summary>Fewest of them, 2 or more: from one there is no spread.</summary>
    public int MinimumDonors { get; init; } = 2;

    /// <summary>Throws when an option is out of its range.</summary>
    internal void Check()
    {
        if (LongestLinear < TimeSpan.Zero || LongestEstimated < LongestLinear
            || DonorWeeks is < 2 or > 26 || MinimumDonors < 2 || MinimumDonors > DonorWeeks)
        {
            throw new ArgumentOutOfRangeException(nameof(EstimationOptions), "An option of estimation is out of its range.");
        }
    }
}

/// <summary>A total that is known for a stretch of time, from a register or a bill.</summary>
/// <param name="FromUtcMilliseconds">Start, on a border of the intervals.</param>
/// <param name="ToUtcMilliseconds">End, exclusive, on a border.</param>
/// <param name="Total">Use in the channel's unit, finite.</param>
public readonly record struct KnownTotal(long FromUtcMilliseconds, long ToUtcMilliseconds, double Total);
