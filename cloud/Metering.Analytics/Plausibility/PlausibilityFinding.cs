namespace Metering.Analytics.Plausibility;

/// <summary>What a check found.</summary>
public enum PlausibilityKind
{
    /// <summary>The figures agree.</summary>
    Consistent = 0,

    /// <summary>They differ by less than a slip would, but by more than the tolerance.</summary>
    Differs = 1,

    /// <summary>They differ by about ten times a whole number of times: a slipped point or prefix.</summary>
    PowerOfTen = 2,

    /// <summary>They differ by the factor between two units or spans of time.</summary>
    UnitFactor = 3,

    /// <summary>They agree when the point or comma in the text is read the other way.</summary>
    SeparatorMisread = 4,

    /// <summary>They agree with the factor of another year.</summary>
    OtherYear = 5,

    /// <summary>They differ by more than any tolerance, and by no known factor.</summary>
    Unexplained = 6,

    /// <summary>The saving is larger than the use it is saved from, or nearly all of it.</summary>
    SavingAboveUse = 7,

    /// <summary>A percentage, payback or sum does not follow from its parts.</summary>
    ArithmeticDiffers = 8,

    /// <summary>A series goes to another level and stays there.</summary>
    LevelJump = 9,

    /// <summary>A series falls to exact zeroes and stays there: missing values written as zero, or a meter that stopped.</summary>
    FallsToZero = 10,

    /// <summary>A figure cannot be compared at all; the sentence says why.</summary>
    CannotBeChecked = 11,
}

/// <summary>A cause that would explain a ratio.</summary>
/// <param name="Factor">The ratio it would lead to.</param>
/// <param name="Cause">In words: "m3 printed as L".</param>
public sealed record LikelyCause(double Factor, string Cause);

/// <summary>One check with its outcome. A finding is a question to a person, never a correction.</summary>
public sealed record PlausibilityFinding
{
    /// <summary>What was found.</summary>
    public required PlausibilityKind Kind { get; init; }

    /// <summary>Claimed or later figure divided by expected or earlier one; NaN when there is none.</summary>
    public required double MeasuredRatio { get; init; }

    /// <summary>Causes that would lead to that ratio, the closest first; empty when it is no known factor.</summary>
    public required IReadOnlyList<LikelyCause> LikelyCauses { get; init; }

    /// <summary>What was found, with the figures; English.</summary>
    public required string Detail { get; init; }

    /// <summary>What a person should look at; empty when nothing.</summary>
    public required string WhatToCheck { get; init; }

    /// <summary>Row of a series at which the new level begins; null for single figures.</summary>
    public int? RowIndex { get; init; }
}
