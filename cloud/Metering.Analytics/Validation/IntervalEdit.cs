namespace Metering.Analytics.Validation;

/// <summary>What an edit does.</summary>
public enum EditKind
{
    /// <summary>Gives each interval a value.</summary>
    SetValue = 0,

    /// <summary>Takes the value of each interval away.</summary>
    Reject = 1,

    /// <summary>Withdraws an earlier edit, as if it had not been made.</summary>
    Withdraw = 2,
}

/// <summary>A decision of a person about intervals. Edits are only ever added; one that was wrong is withdrawn by a later one.</summary>
public sealed record IntervalEdit
{
    /// <summary>Number, 1 and up, in the order they are applied.</summary>
    public required int Number { get; init; }

    /// <summary>What it does.</summary>
    public required EditKind Kind { get; init; }

    /// <summary>Start of the first interval, UTC milliseconds since 1970-01-01; not used to withdraw.</summary>
    public long FromUtcMilliseconds { get; init; }

    /// <summary>End of the last interval, exclusive; not used to withdraw.</summary>
    public long ToUtcMilliseconds { get; init; }

    /// <summary>The value for every interval, in the channel's unit; NaN unless a value is set.</summary>
    public double ValuePerInterval { get; init; } = double.NaN;

    /// <summary>Number of the edit that is withdrawn; 0 otherwise.</summary>
    public int Withdraws { get; init; }

    /// <summary>Who decided.</summary>
    public required string Person { get; init; }

    /// <summary>Why, in the person's words.</summary>
    public required string Reason { get; init; }

    /// <summary>When it was decided, UTC milliseconds since 1970-01-01; not before the edit above it.</summary>
    public required long MadeUtcMilliseconds { get; init; }

    /// <summary>The check that led to it, or null when none did.</summary>
    public ValidationRule? Rule { get; init; }

    /// <summary>Version of that check; 0 without one.</summary>
    public int RuleVersion { get; init; }
}
