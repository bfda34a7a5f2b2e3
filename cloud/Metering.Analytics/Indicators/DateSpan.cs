namespace Metering.Analytics.Indicators;

/// <summary>Half-open span of local days: the first day belongs to it, the end does not.</summary>
/// <param name="Start">First day.</param>
/// <param name="End">First day after; <see cref="DateOnly.MaxValue"/> when the end is open.</param>
public readonly record struct DateSpan(DateOnly Start, DateOnly End)
{
    /// <summary>Days in the span; zero or negative for an empty one.</summary>
    public int DayCount => End.DayNumber - Start.DayNumber;

    /// <summary>The whole calendar year.</summary>
    /// <param name="year">1 to 9998.</param>
    public static DateSpan OfYear(int year) => new(new DateOnly(year, 1, 1), new DateOnly(year + 1, 1, 1));

    /// <summary>From a day on, with no end yet.</summary>
    /// <param name="start">First day.</param>
    public static DateSpan From(DateOnly start) => new(start, DateOnly.MaxValue);

    /// <summary>Whether a day lies in the span.</summary>
    /// <param name="day">The day.</param>
    public bool Contains(DateOnly day) => day >= Start && day < End;

    /// <summary>Whether another, non-empty span lies wholly inside.</summary>
    /// <param name="other">The other span.</param>
    public bool Contains(DateSpan other) => other.Start >= Start && other.End <= End && other.DayCount > 0;

    /// <summary>Whether two spans share a day.</summary>
    /// <param name="other">The other span.</param>
    public bool Overlaps(DateSpan other) => Start < other.End && other.Start < End;

    /// <summary>"2024-01-01 to 2024-12-31", the last day inclusive.</summary>
    public override string ToString() => End == DateOnly.MaxValue
        ? FigureText.Line($"{Start:yyyy-MM-dd} on")
        : FigureText.Line($"{Start:yyyy-MM-dd} to {(DayCount > 0 ? End.AddDays(-1) : End):yyyy-MM-dd}");

    /// <summary>Whole years in the span, 0 when it is not made of whole years to the day.</summary>
    internal int WholeYears()
    {
        int months = ((End.Year - Start.Year) * 12) + End.Month - Start.Month;
        return months > 0 && months % 12 == 0 && Start.AddMonths(months) == End ? months / 12 : 0;
    }
}

/// <summary>How far a factor, limit or band can be relied upon.</summary>
public enum SourceConfidence
{
    /// <summary>Read in the official text.</summary>
    Official = 0,

    /// <summary>Read where somebody else quotes it.</summary>
    Secondary = 1,

    /// <summary>Written down from memory; has to be checked before anything is claimed with it.</summary>
    FromMemory = 2,
}

/// <summary>Where a reference row comes from.</summary>
/// <param name="Source">Document, clause, date, in words.</param>
/// <param name="Confidence">How far it can be relied upon.</param>
public sealed record SourceNote(string Source, SourceConfidence Confidence)
{
    /// <summary>The mark that stays beside every figure made with the row; null for an official one.</summary>
    public string? Mark => Confidence switch
    {
        SourceConfidence.Official => null,
        SourceConfidence.Secondary => "secondary source",
        _ => "from memory, to verify",
    };
}
