namespace Metering.Analytics.Intervals;

/// <summary>
/// A change of meter as a person recorded it. With both registers the use across the change is known; without them the
/// difference across is never taken.
/// </summary>
/// <param name="UtcMilliseconds">When, UTC milliseconds since 1970-01-01. Readings at this instant belong to the new meter, unless its first register is given.</param>
/// <param name="FinalRegister">What the old meter showed last, in units of 10^-exponent; null when nobody wrote it down.</param>
/// <param name="InitialRegister">What the new meter showed first, in units of 10^-exponent; null when nobody wrote it down.</param>
public sealed record MeterReplacement(long UtcMilliseconds, long? FinalRegister, long? InitialRegister);
