namespace Metering.Cloud.ProgrammePages;

/// <summary>Whether a saving lasts.</summary>
internal enum PersistenceOutcome
{
    /// <summary>The interval of the last days reaches the verified value, or lies above it.</summary>
    Lasts = 0,

    /// <summary>Less than verified, and still above zero.</summary>
    Smaller = 1,

    /// <summary>Not to be told from zero, or more use than the baseline.</summary>
    Gone = 2,
}

/// <summary>The saving of the last days beside the verified one, by the same model.</summary>
/// <param name="VerifiedPercent">Verified saving, % of its adjusted baseline.</param>
/// <param name="RecentPercent">Saving of the last days, % of their adjusted baseline.</param>
/// <param name="RecentHalfWidthPercent">Half of its interval, same unit.</param>
/// <param name="Through">Last of these days.</param>
internal sealed record PersistenceFigure(double VerifiedPercent, double RecentPercent, double RecentHalfWidthPercent, DateOnly Through)
{
    /// <summary>Days looked at.</summary>
    public const int Days = 90;

    /// <summary>What follows from the interval.</summary>
    public PersistenceOutcome Outcome => RecentPercent - RecentHalfWidthPercent <= 0 ? PersistenceOutcome.Gone
        : RecentPercent + RecentHalfWidthPercent >= VerifiedPercent ? PersistenceOutcome.Lasts
        : PersistenceOutcome.Smaller;

    /// <summary>The figure from the verified result and one whose reporting period goes on to today; null without a number.</summary>
    public static PersistenceFigure? Of(ProjectResult verified, ProjectResult live)
    {
        if (verified.Savings is not { } savings || live.ReportedThrough is not { } through
            || PartOfSaving.Of(live, through.AddDays(1 - Days), through) is not { } recent || !double.IsFinite(recent.HalfWidth))
        {
            return null;
        }

        double baseline = 0;
        foreach (ProjectDay day in live.Days)
        {
            baseline += day.Day > through.AddDays(-Days) && day.Day <= through && day.Counts ? day.Baseline : 0;
        }

        return baseline > 0 ? new(savings.SavingsPercent, 100 * recent.Savings / baseline, 100 * recent.HalfWidth / baseline, through) : null;
    }
}

/// <summary>Words of persistence.</summary>
internal static class PersistenceWords
{
    public static readonly Text Unknown = new("no se puede decir: faltan lecturas o resultado", "cannot be told: readings or a result are missing");

    /// <summary>Word of an outcome.</summary>
    public static Text Of(PersistenceOutcome outcome) => outcome switch
    {
        PersistenceOutcome.Lasts => new("se mantiene", "lasts"),
        PersistenceOutcome.Smaller => new("menor que el verificado", "smaller than verified"),
        _ => new("ya no se distingue de cero", "no longer to be told from zero"),
    };
}
