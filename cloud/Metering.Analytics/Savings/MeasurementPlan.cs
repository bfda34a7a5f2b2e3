namespace Metering.Analytics.Savings;

/// <summary>Options of the International Performance Measurement and Verification Protocol (EVO 10000-1:2016, Core Concepts, 5).</summary>
public enum IpmvpOption
{
    /// <summary>Retrofit isolation: the key parameter is measured, others are stipulated.</summary>
    A = 0,

    /// <summary>Retrofit isolation: all parameters are measured.</summary>
    B = 1,

    /// <summary>The meter of the whole facility and a model.</summary>
    C = 2,

    /// <summary>Calibrated simulation: its results are kept, not computed here.</summary>
    D = 3,
}

/// <summary>A factor that is stipulated instead of measured (option A).</summary>
/// <param name="Name">What it is, such as operating hours.</param>
/// <param name="Value">Its value.</param>
/// <param name="Unit">Its unit.</param>
/// <param name="RelativeStandardUncertaintyPercent">Relative standard uncertainty, percent, 0 or more.</param>
/// <param name="Source">Where it comes from.</param>
public sealed record StipulatedFactor(string Name, double Value, string Unit, double RelativeStandardUncertaintyPercent, string Source);

/// <summary>Result of a calibrated simulation (option D), as it was handed in.</summary>
/// <param name="Savings">Saving in the unit of use.</param>
/// <param name="StandardError">Standard error that its author gives; NaN when none is given.</param>
/// <param name="Tool">Program and version.</param>
/// <param name="CalibrationCvRmse">CV(RMSE) of the calibration, as a fraction.</param>
public sealed record SimulationResult(double Savings, double StandardError, string Tool, double CalibrationCvRmse);

/// <summary>How a saving is measured and verified: option, boundary and what is not measured.</summary>
public sealed record MeasurementPlan
{
    private const double LargestMonthlyCvRmse = 0.15;

    /// <summary>The option.</summary>
    public required IpmvpOption Option { get; init; }

    /// <summary>What the measurement encloses, in words.</summary>
    public required string Boundary { get; init; }

    /// <summary>Stipulated factors; for option A at least one, for B and C none.</summary>
    public IReadOnlyList<StipulatedFactor> Stipulated { get; init; } = [];

    /// <summary>The simulation's result; for option D only.</summary>
    public SimulationResult? Simulation { get; init; }

    /// <summary>
    /// Relative standard uncertainty of the product of the stipulated factors in percent, for
    /// <see cref="SavingsOptions.StipulatedPercent"/>: independent factors add in squares (GUM 5.1.6).
    /// </summary>
    public double StipulatedPercent => Math.Sqrt(Stipulated.Sum(factor => factor.RelativeStandardUncertaintyPercent * factor.RelativeStandardUncertaintyPercent));

    /// <summary>What is wrong with the plan; empty when nothing is.</summary>
    public IReadOnlyList<string> Faults()
    {
        List<string> faults = [];
        if (string.IsNullOrWhiteSpace(Boundary))
        {
            faults.Add("The measurement boundary is not described.");
        }

        if (Option == IpmvpOption.A && Stipulated.Count == 0)
        {
            faults.Add("Option A stipulates at least one factor; without one it is option B.");
        }

        if (Option is IpmvpOption.B or IpmvpOption.C && Stipulated.Count > 0)
        {
            faults.Add("Options B and C measure everything; a stipulated factor makes it option A.");
        }

        if (Stipulated.Any(factor => !(factor.RelativeStandardUncertaintyPercent > 0) || string.IsNullOrWhiteSpace(factor.Source)))
        {
            faults.Add("Each stipulated factor needs an uncertainty above zero and a source.");
        }

        if (Option == IpmvpOption.D != (Simulation is not null))
        {
            faults.Add("A simulation's result belongs to option D, and option D needs one.");
        }

        if (Simulation is { } simulation && !(simulation.CalibrationCvRmse <= LargestMonthlyCvRmse))
        {
            faults.Add("The simulation is not calibrated: its CV(RMSE) against monthly bills is above 15 % (ASHRAE Guideline 14).");
        }

        return faults;
    }
}
