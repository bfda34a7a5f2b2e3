namespace Metering.Analytics.Acceptance;

/// <summary>Whose rule a test is.</summary>
public enum AcceptanceStandard
{
    /// <summary>ASHRAE Guideline 14, tolerances of a calibrated or baseline model.</summary>
    Ashrae14Model = 0,

    /// <summary>ASHRAE Guideline 14, whole-building path.</summary>
    Ashrae14WholeBuilding = 1,

    /// <summary>Superior Energy Performance, measurement and verification protocol.</summary>
    Sep = 2,

    /// <summary>CalTRACK 2.0.</summary>
    CalTrack = 3,

    /// <summary>Normalised metered energy consumption, as practised in California.</summary>
    Nmec = 4,

    /// <summary>Our own: what a model says of months it was not fitted to.</summary>
    OutOfSample = 5,
}

/// <summary>How a value stands to its threshold when it passes.</summary>
public enum Comparison
{
    /// <summary>At or below.</summary>
    AtMost = 0,

    /// <summary>Below, not at.</summary>
    Below = 1,

    /// <summary>At or above.</summary>
    AtLeast = 2,
}

/// <summary>What came of a test.</summary>
public enum Verdict
{
    /// <summary>Not passed, or the value is missing.</summary>
    Fail = 0,

    /// <summary>Passed.</summary>
    Pass = 1,

    /// <summary>The rule does not speak of such data. Never counts as passed.</summary>
    NotApplicable = 2,
}

/// <summary>One criterion, its threshold and what came of it.</summary>
/// <param name="Standard">Whose rule.</param>
/// <param name="Name">What is compared, in words; percentages are named so.</param>
/// <param name="Value">The value; NaN when it is not known.</param>
/// <param name="Comparison">How it must stand to the threshold.</param>
/// <param name="Threshold">The threshold, in the unit of the value; NaN when the rule gives none for such data.</param>
/// <param name="Verdict">What came of it.</param>
/// <param name="Note">What a reader must know; empty when the numbers say it.</param>
/// <param name="Source">Where the threshold comes from.</param>
public sealed record AcceptanceTest(
    AcceptanceStandard Standard, string Name, double Value, Comparison Comparison, double Threshold, Verdict Verdict, string Note, string Source)
{
    /// <summary>Whether it passed. A missing value and a rule that does not apply are not passes.</summary>
    public bool Pass => Verdict == Verdict.Pass;

    /// <summary>Compares a value with a threshold. NaN fails, with a note.</summary>
    internal static AcceptanceTest Of(AcceptanceStandard standard, string name, double value, Comparison comparison, double threshold, string source)
    {
        bool pass = comparison switch
        {
            Comparison.AtMost => value <= threshold,
            Comparison.Below => value < threshold,
            Comparison.AtLeast => value >= threshold,
            _ => throw new ArgumentOutOfRangeException(nameof(comparison), comparison, "This comparison is not known."),
        };
        bool known = double.IsFinite(value);
        string note = known ? string.Empty : "The value is not known, or not finite; the test counts as failed.";
        return new AcceptanceTest(standard, name, value, comparison, threshold, known && pass ? Verdict.Pass : Verdict.Fail, note, source);
    }

    /// <summary>A rule that does not speak of such data.</summary>
    internal static AcceptanceTest Without(AcceptanceStandard standard, string name, double value, Comparison comparison, string note, string source) =>
        new(standard, name, value, comparison, double.NaN, Verdict.NotApplicable, note, source);
}
