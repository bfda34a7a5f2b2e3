namespace Metering.Gateway.Diagnosis;

/// <summary>What a value looks like to an electrician.</summary>
internal enum PlausibleKind
{
    /// <summary>Nothing speaks for it.</summary>
    None = 0,

    /// <summary>A voltage of a usual supply.</summary>
    Voltage,

    /// <summary>The frequency of a supply.</summary>
    Frequency,
}

/// <summary>A value that fits a usual supply.</summary>
/// <param name="Kind">Which quantity.</param>
/// <param name="Nominal">The nominal value it lies at, in V or Hz.</param>
/// <param name="Score">How much that says: 0 for nothing, 3 for the supplies of Mexico.</param>
internal readonly record struct PlausibleValue(PlausibleKind Kind, double Nominal, int Score)
{
    internal bool IsPlausible => Score > 0;
}

/// <summary>Recognises voltages and frequencies of usual supplies.</summary>
internal static class Plausibility
{
    private const double VoltageTolerance = 0.08;
    private const double FrequencyToleranceHz = 0.6;

    // Mexico: 127/220 V, 254/440 V and 277/480 V at 60 Hz (NOM-001-SEDE and the tolerances of the supply code).
    private static readonly double[] MexicanVolts = [127, 220, 254, 277, 440, 480];
    private static readonly double[] OtherVolts = [100, 110, 120, 208, 230, 240, 347, 380, 400, 415, 460, 600];

    /// <summary>Looks at a value of unknown quantity.</summary>
    internal static PlausibleValue Of(double value)
    {
        PlausibleValue frequency = OfFrequency(value);
        return frequency.IsPlausible ? frequency : OfVoltage(value);
    }

    /// <summary>Looks at a value in V: the Mexican supply nearest to it, else that of another country.</summary>
    internal static PlausibleValue OfVoltage(double volts)
    {
        double mexican = Nearest(MexicanVolts, volts);
        if (IsWithin(volts, mexican))
        {
            return new(PlausibleKind.Voltage, mexican, 3);
        }

        double other = Nearest(OtherVolts, volts);
        return IsWithin(volts, other) ? new(PlausibleKind.Voltage, other, 2) : default;
    }

    /// <summary>Looks at a value in Hz.</summary>
    internal static PlausibleValue OfFrequency(double hertz)
    {
        if (Math.Abs(hertz - 60) <= FrequencyToleranceHz)
        {
            return new(PlausibleKind.Frequency, 60, 3);
        }

        return Math.Abs(hertz - 50) <= FrequencyToleranceHz ? new(PlausibleKind.Frequency, 50, 2) : default;
    }

    private static double Nearest(double[] nominals, double value)
    {
        double best = nominals[0];
        foreach (double nominal in nominals)
        {
            best = Math.Abs(nominal - value) < Math.Abs(best - value) ? nominal : best;
        }

        return best;
    }

    private static bool IsWithin(double value, double nominal) => Math.Abs(value - nominal) <= nominal * VoltageTolerance;
}
