using System.Diagnostics;
using Metering.Meters.Registers;
using Metering.Readings.Texts;

namespace Metering.Meters.Profiles;

/// <summary>The transformers in front of a meter, as its configuration gives them.</summary>
/// <param name="Current">Ratio of the current transformers, primary/secondary; null when not given.</param>
/// <param name="Voltage">Ratio of the voltage transformers, primary/secondary; null when not given.</param>
public sealed record TransformerRatios(ExactRatio? Current, ExactRatio? Voltage)
{
    /// <summary>Whether the profile has values that need the ratio of current transformers.</summary>
    public static bool NeedsCurrent(DeviceProfile profile)
    {
        ArgumentNullException.ThrowIfNull(profile);
        return profile.Registers.Any(register => register.Side is TransformerSide.Current or TransformerSide.CurrentAndVoltage);
    }

    /// <summary>Whether the profile has values that need the ratio of voltage transformers.</summary>
    public static bool NeedsVoltage(DeviceProfile profile)
    {
        ArgumentNullException.ThrowIfNull(profile);
        return profile.Registers.Any(register => register.Side is TransformerSide.Voltage or TransformerSide.CurrentAndVoltage);
    }

    /// <summary>Whether every ratio that the profile needs is given.</summary>
    public bool Suffice(DeviceProfile profile) => (Current is not null || !NeedsCurrent(profile)) && (Voltage is not null || !NeedsVoltage(profile));

    /// <summary>The profile of one meter: every value on the primary side. Limits grow with the value and are rounded outward.</summary>
    /// <returns>False when a ratio is missing, or with it a counter's modulus is no whole number or a factor grows too large; the text says which.</returns>
    public bool TryApply(DeviceProfile profile, out DeviceProfile applied, out Text? problem)
    {
        ArgumentNullException.ThrowIfNull(profile);
        applied = profile;
        problem = null;
        if (!Suffice(profile))
        {
            problem = new(es: "el medidor da valores del lado secundario y falta la relación de sus transformadores", en: "the meter gives values of the secondary side and the ratio of its transformers is not given");
            return false;
        }

        if (profile.Registers.All(register => register.Side == TransformerSide.Primary))
        {
            return true; // all meters of this kind share one register map
        }

        List<RegisterDefinition> registers = [];
        foreach (RegisterDefinition register in profile.Registers)
        {
            if (RatioOf(register.Side) is not ExactRatio ratio || !ratio.TryTimes(register.Factor, out ExactRatio factor) || !TryScale(register, factor, out RegisterDefinition scaled))
            {
                problem = new(es: $"la relación hace a {register.Quantity} demasiado grande, o deja una fracción en su tope", en: $"the ratio makes {register.Quantity} too large, or its end a broken number");
                return false;
            }

            registers.Add(scaled);
        }

        applied = profile with { Registers = registers };
        return true;
    }

    private static bool TryScale(RegisterDefinition register, ExactRatio factor, out RegisterDefinition scaled)
    {
        ExactRatio one = register.Factor;
        Int128 up = (Int128)factor.Numerator * one.Denominator;
        Int128 down = (Int128)factor.Denominator * one.Numerator;
        Int128 modulus = (register.Modulus ?? 0) * up;
        scaled = register with
        {
            Factor = factor,
            Side = TransformerSide.Primary,
            Modulus = register.Modulus is null ? null : Clamp(modulus / down),
            MaximumStepsPerHour = register.MaximumStepsPerHour is long most ? Clamp(Ceiling(most * up, down)) : null,
            Minimum = register.Minimum == long.MinValue ? long.MinValue : Clamp(-Ceiling(-register.Minimum * up, down)),
            Maximum = register.Maximum == long.MaxValue ? long.MaxValue : Clamp(Ceiling(register.Maximum * up, down)),
        };
        return modulus % down == 0 && modulus / down <= long.MaxValue;
    }

    private static Int128 Ceiling(Int128 numerator, Int128 denominator)
    {
        (Int128 quotient, Int128 remainder) = Int128.DivRem(numerator, denominator);
        return remainder > 0 ? quotient + 1 : quotient;
    }

    private static long Clamp(Int128 value) => (long)Int128.Clamp(value, long.MinValue, long.MaxValue);

    private ExactRatio? RatioOf(TransformerSide side) => side switch
    {
        TransformerSide.Primary => ExactRatio.One,
        TransformerSide.Current => Current,
        TransformerSide.Voltage => Voltage,
        TransformerSide.CurrentAndVoltage => Current is ExactRatio current && Voltage is ExactRatio voltage && current.TryTimes(voltage, out ExactRatio both) ? both : null,
        _ => throw new UnreachableException(),
    };
}
