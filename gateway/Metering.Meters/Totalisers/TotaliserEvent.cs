namespace Metering.Meters.Totalisers;

/// <summary>What a counter's reading turned out to be. The numbers are kept in logs: only ever added to.</summary>
public enum TotaliserEventKind : byte
{
    /// <summary>Nothing to tell: the register went on.</summary>
    None = 0,

    /// <summary>The first reading: the total counts from here.</summary>
    First = 1,

    /// <summary>Readings were missing; what was used meanwhile is known in total, not in its course.</summary>
    GapClosed = 2,

    /// <summary>The register had stood still and caught up at once: known in total, not in its course.</summary>
    CaughtUp = 3,

    /// <summary>A fall that may be a rollover, a reset, another meter or a false reading: the next readings tell.</summary>
    FallSuspected = 4,

    /// <summary>A rise that is faster than the meter can count: the next readings tell.</summary>
    JumpSuspected = 5,

    /// <summary>The register fell and came back: the low readings were false.</summary>
    TransientLow = 6,

    /// <summary>The register leapt and came back: the high readings were false.</summary>
    Spike = 7,

    /// <summary>The register passed its end; the total goes on exactly.</summary>
    Rollover = 8,

    /// <summary>The register counts on from another value; what was used across the change is unknown and not counted.</summary>
    Reset = 9,

    /// <summary>The suspected readings were right after all.</summary>
    Confirmed = 10,

    /// <summary>A register that had been taken for reset shows its old value again; the total is exact again.</summary>
    Returned = 11,

    /// <summary>The register has stood still for longer than it can.</summary>
    Frozen = 12,

    /// <summary>It moves again.</summary>
    Moving = 13,

    /// <summary>The reading was there before; it counts once.</summary>
    Duplicate = 14,

    /// <summary>Another value for an instant that has one; not counted.</summary>
    Conflict = 15,

    /// <summary>An older reading than the last; not counted.</summary>
    Late = 16,

    /// <summary>A person recorded a change of meter with both registers; the total is exact across it.</summary>
    Replaced = 17,

    /// <summary>The value is below zero or at or above the register's end.</summary>
    OutOfRange = 18,
}

/// <summary>What happened at a reading, beside its quality.</summary>
/// <param name="Kind">What.</param>
/// <param name="UtcMilliseconds">Instant of the reading that told.</param>
/// <param name="FromScaled">The register it is held against.</param>
/// <param name="ToScaled">The register it shows.</param>
/// <param name="ReadingCount">Readings whose standing it settles, such as those that were false; 0 for none.</param>
public readonly record struct TotaliserEvent(TotaliserEventKind Kind, long UtcMilliseconds, long FromScaled, long ToScaled, int ReadingCount);
