using Metering.Store;

namespace Metering.Cloud.Plants;

/// <summary>Use of some days, or of a part of one, against what was to be expected of the same days.</summary>
/// <param name="Use">Metered use in the counter's unit; NaN when not known.</param>
/// <param name="Expected">Expectation for the same time; NaN when there is none.</param>
/// <param name="HalfWidth">Half of the interval of the expectation; NaN when not known.</param>
/// <param name="Days">Days compared: use and expectation are both known.</param>
/// <param name="PossibleDays">Days that have passed.</param>
internal sealed record CardSpan(double Use, double Expected, double HalfWidth, int Days, int PossibleDays)
{
    /// <summary>Nothing is known.</summary>
    public static CardSpan Unknown { get; } = new(double.NaN, double.NaN, double.NaN, 0, 0);

    /// <summary>Use less expectation in percent of it; NaN when not known.</summary>
    public double DifferencePercent => Expected > 0 ? 100 * (Use - Expected) / Expected : double.NaN;

    /// <summary>Whether the use lies inside the interval of the expectation; null when that is not known.</summary>
    public bool? IsInside => double.IsFinite(HalfWidth) && double.IsFinite(Use) && double.IsFinite(Expected) ? Math.Abs(Use - Expected) <= HalfWidth : null;
}

/// <summary>What a plant's page shows of one resource.</summary>
internal sealed record ResourceCard
{
    /// <summary>Days of the small chart.</summary>
    public const int ChartDays = 28;

    /// <summary>The resource.</summary>
    public required Resource Resource { get; init; }

    /// <summary>The counter that stands for it; null when the plant has none.</summary>
    public StoredChannel? Channel { get; init; }

    /// <summary>Today, from midnight to <see cref="TodayUntilUtcMilliseconds"/>, against the same weekdays.</summary>
    public CardSpan Today { get; init; } = CardSpan.Unknown;

    /// <summary>How far the counter of today is read, UTC milliseconds.</summary>
    public long TodayUntilUtcMilliseconds { get; init; }

    /// <summary>Weekdays that today is compared with.</summary>
    public int TodayWeeks { get; init; }

    /// <summary>The days of this month before today.</summary>
    public CardSpan Month { get; init; } = CardSpan.Unknown;

    /// <summary>First of the month.</summary>
    public required DateOnly MonthFirst { get; init; }

    /// <summary>The project whose model the month is held against; null for the mean of the same weekday.</summary>
    public Project? Model { get; init; }

    /// <summary>First day of the chart.</summary>
    public DateOnly ChartFirst { get; init; }

    /// <summary>Use of the days of the chart; NaN where not known.</summary>
    public IReadOnlyList<double> Daily { get; init; } = [];

    /// <summary>Expectation of the days of the chart that lie in this month; NaN elsewhere.</summary>
    public IReadOnlyList<double> Expectation { get; init; } = [];
}
