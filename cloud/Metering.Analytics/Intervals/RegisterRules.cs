namespace Metering.Analytics.Intervals;

/// <summary>What is done with the readings that a rule found.</summary>
public enum FindingAction
{
    /// <summary>They take no part.</summary>
    Dropped = 0,

    /// <summary>They count as they are.</summary>
    Kept = 1,

    /// <summary>The difference goes on across it.</summary>
    CarriedOn = 2,

    /// <summary>A new stretch of the register begins; a difference across it is known only where both registers were recorded.</summary>
    Parted = 3,

    /// <summary>The known total is laid out over the time.</summary>
    LaidOut = 4,

    /// <summary>They stand in order of time.</summary>
    Sorted = 5,

    /// <summary>Further findings are not listed; their number stands in the detail.</summary>
    Cut = 6,
}

/// <summary>The constants of the rules by which a register's readings are judged, and what is done with what they find, so that a run of them can be stated and repeated.</summary>
public static class RegisterRules
{
    /// <summary>
    /// The constants of the rules, each under its name: multiples of the usual rise and spacing, shares, and numbers of readings. They are the ones the
    /// rules use (<see cref="CounterPace"/>, <see cref="CounterReader"/>, <see cref="ClockJumps"/>), in one order.
    /// </summary>
    public static IReadOnlyList<(string Name, double Value)> Parameters { get; } =
    [
        ("usual-quantile", CounterPace.UsualQuantile),
        ("minimum-rises", CounterPace.MinimumRises),
        ("gap-spacings", CounterPace.GapSpacings),
        ("plausible-factor", CounterPace.PlausibleFactor),
        ("catch-up-factor", CounterPace.CatchUpFactor),
        ("impossible-factor", CounterPace.ImpossibleFactor),
        ("look-ahead", CounterReader.LookAhead),
        ("quick-return", CounterReader.QuickReturn),
        ("confirmations", CounterReader.Confirmations),
        ("stuck-readings", CounterReader.StuckReadings),
        ("rollover-from", CounterReader.RolloverFrom),
        ("clock-spacings", ClockJumps.PlausibleSpacings),
        ("clock-stretch", ClockJumps.LongestStretch),
        ("maximum-findings", IntervalBuilder.MaximumFindings),
        ("maximum-replacements", IntervalBuilder.MaximumReplacements),
    ];

    /// <summary>What is done with the readings that a rule found.</summary>
    /// <param name="kind">The rule.</param>
    public static FindingAction ActionOf(FindingKind kind) => kind switch
    {
        FindingKind.TransientLow or FindingKind.Spike or FindingKind.Duplicate or FindingKind.Conflict or FindingKind.OutOfRange
            or FindingKind.Unusable or FindingKind.Unconfirmed or FindingKind.ClockJump => FindingAction.Dropped,
        FindingKind.FastRise => FindingAction.Kept,
        FindingKind.Rollover => FindingAction.CarriedOn,
        FindingKind.Reset or FindingKind.Replacement or FindingKind.RecordedReplacement => FindingAction.Parted,
        FindingKind.Gap or FindingKind.StuckThenCaughtUp => FindingAction.LaidOut,
        FindingKind.OutOfOrder => FindingAction.Sorted,
        FindingKind.Truncated => FindingAction.Cut,
        _ => throw new System.Diagnostics.UnreachableException(),
    };
}
