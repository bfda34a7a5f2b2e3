using Metering.Readings;

namespace Metering.Meters.Inputs;

/// <summary>
/// What a pulse is worth, as an exact fraction of register steps, so that the index never drifts from the dial:
/// index = initial index + floor(pulses x numerator / denominator).
/// </summary>
/// <param name="Numerator">Register steps per <paramref name="Denominator"/> pulses, above 0.</param>
/// <param name="Denominator">Above 0.</param>
public readonly record struct PulseFactor(long Numerator, long Denominator)
{
    /// <summary>The factor of a pulse worth so much.</summary>
    /// <param name="unitsPerPulse">In the channel's unit, above 0.</param>
    /// <param name="decimalPlaces">Of the channel.</param>
    /// <returns>Null when it does not fit.</returns>
    public static PulseFactor? PerPulse(in ExactDecimal unitsPerPulse, int decimalPlaces) => Of(unitsPerPulse, decimalPlaces, isInverse: false);

    /// <summary>The factor of a meter that gives so many pulses per unit, such as 1000 per kWh.</summary>
    /// <param name="pulsesPerUnit">Above 0.</param>
    /// <param name="decimalPlaces">Of the channel.</param>
    /// <returns>Null when it does not fit.</returns>
    public static PulseFactor? PulsesPer(in ExactDecimal pulsesPerUnit, int decimalPlaces) => Of(pulsesPerUnit, decimalPlaces, isInverse: true);

    /// <summary>Register steps of so many pulses, rounded down.</summary>
    /// <exception cref="OverflowException">More than 64 bits.</exception>
    public long Steps(long pulses) => (long)((Int128)pulses * Numerator / Denominator);

    private static PulseFactor? Of(in ExactDecimal value, int decimalPlaces, bool isInverse)
    {
        if (value.Mantissa <= 0 || !new ExactDecimal(1, 0).TryScale(decimalPlaces, out long scale) || !new ExactDecimal(1, 0).TryScale(value.Places, out long places))
        {
            return null;
        }

        Int128 numerator = (Int128)scale * (isInverse ? places : value.Mantissa);
        Int128 denominator = isInverse ? value.Mantissa : places;
        Int128 common = Divisor(numerator, denominator);
        (numerator, denominator) = (numerator / common, denominator / common);
        return numerator > int.MaxValue || denominator > long.MaxValue ? null : new((long)numerator, (long)denominator);
    }

    private static Int128 Divisor(Int128 left, Int128 right)
    {
        while (right != 0)
        {
            (left, right) = (right, left % right);
        }

        return left;
    }
}
