namespace Metering.FirmwareSim.Plants;

/// <summary>The three periods of a project, each with its first and last day.</summary>
internal sealed record ProjectPeriods
{
    private const int DaysThatHoldWholeMonths = 600;
    private const int ShortInstallations = 24;

    /// <summary>Before the measure.</summary>
    public required (DateOnly First, DateOnly Last) Baseline { get; init; }

    /// <summary>While it is being built; its effect grows day by day.</summary>
    public required (DateOnly First, DateOnly Last) Installation { get; init; }

    /// <summary>After it.</summary>
    public required (DateOnly First, DateOnly Last) Reporting { get; init; }

    /// <summary>
    /// In a history of 600 days or more: a baseline of about <paramref name="baselineMonths"/> months, one calendar month of installation, reporting
    /// up to the last whole month. In a shorter one the baseline takes half. The last day of the history is left out: the register that ends it is read
    /// only when the plant is followed further.
    /// </summary>
    internal static ProjectPeriods Of(SimulationWindow window, int baselineMonths)
    {
        DateOnly lastUsable = window.Until.AddDays(-2);
        DateOnly start = window.From.AddDays(window.HistoryDays / 2);
        DateOnly reporting = start.AddDays(Math.Max(1, window.HistoryDays / ShortInstallations));
        DateOnly last = lastUsable;
        if (window.HistoryDays >= DaysThatHoldWholeMonths)
        {
            DateOnly anniversary = window.From.AddMonths(baselineMonths);
            start = new DateOnly(anniversary.Year, anniversary.Month, 1);
            reporting = start.AddMonths(1);
            last = new DateOnly(lastUsable.Year, lastUsable.Month, 1).AddDays(-1);
            if (lastUsable.AddDays(1).Day == 1)
            {
                last = lastUsable;
            }
        }

        return new ProjectPeriods
        {
            Baseline = (window.From, start.AddDays(-1)),
            Installation = (start, reporting.AddDays(-1)),
            Reporting = (reporting, last),
        };
    }

    /// <summary>Share of the measure's effect on a day: 0 before, growing evenly while it is installed, 1 after.</summary>
    internal double EffectOn(DateOnly day)
    {
        if (day < Installation.First)
        {
            return 0;
        }

        int days = Reporting.First.DayNumber - Installation.First.DayNumber;
        return Math.Min(1, (day.DayNumber - Installation.First.DayNumber + 0.5) / days);
    }
}
