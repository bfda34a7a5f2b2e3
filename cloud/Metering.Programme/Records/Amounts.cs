namespace Metering.Programme.Records;

/// <summary>An amount of money, exact.</summary>
/// <param name="Amount">In units of the currency.</param>
/// <param name="Currency">ISO 4217 code.</param>
internal sealed record Money(decimal Amount, string Currency);

/// <summary>An amount of something with its unit, exact as it was written.</summary>
/// <param name="Amount">The number.</param>
/// <param name="Unit">Unit from the field's list.</param>
internal sealed record Quantity(decimal Amount, string Unit);
