namespace Metering.Analytics.Towt;

/// <summary>Rows with their time of the week, ascending in time.</summary>
internal sealed record TowtRows
{
    public required long[] Start { get; init; }

    public required double[] Use { get; init; }

    public required double[] Temperature { get; init; }

    /// <summary>Linear drivers, then one indicator per operating mode after the first.</summary>
    public required double[][] Drivers { get; init; }

    /// <summary>Hour of the week, 0 to 167, or day of the week, 0 to 6; Monday first.</summary>
    public required byte[] Group { get; init; }

    /// <summary>Month, 0 to 11.</summary>
    public required byte[] Month { get; init; }

    /// <summary>Rows that could not be taken because of an operating mode the baseline does not hold.</summary>
    public required int UnknownModes { get; init; }

    /// <summary>Share of the period that the rows cover, 0 to 1.</summary>
    public required double Coverage { get; init; }

    public int Count => Start.Length;
}
