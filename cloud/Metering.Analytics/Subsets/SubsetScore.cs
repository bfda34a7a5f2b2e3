namespace Metering.Analytics.Subsets;

/// <summary>What a subset of drivers is good for.</summary>
public enum SubsetStatus
{
    /// <summary>It can be fitted, and its coefficients have the signs asked for.</summary>
    Fitted = 0,

    /// <summary>It can be fitted, but a coefficient has a sign that it must not have.</summary>
    WrongSign = 1,

    /// <summary>One of its drivers is constant or a combination of the others; there is no number.</summary>
    Collinear = 2,

    /// <summary>Not more rows than parameters; there is no number.</summary>
    TooFewRows = 3,
}

/// <summary>The sign a driver's coefficient must have.</summary>
public enum DriverSign
{
    /// <summary>Either.</summary>
    Any = 0,

    /// <summary>Use must not fall as the driver rises, as with production.</summary>
    NotNegative = 1,

    /// <summary>Use must not rise as the driver rises.</summary>
    NotPositive = 2,
}

/// <summary>Least squares of one subset of drivers and an intercept.</summary>
/// <param name="Drivers">Bit j is set when driver j is in the subset; 0 is the mean.</param>
/// <param name="Status">Whether there are numbers and whether to use them.</param>
/// <param name="Sse">Sum of squared residuals; NaN when there is none.</param>
/// <param name="Bic">
/// n ln(SSE/n) + p ln n with p the drivers and the intercept (Schwarz 1978, Gaussian residuals, without the constant that all
/// models of the same rows share); less is better. Minus infinity for no squares at all, NaN when there is none.
/// </param>
public readonly record struct SubsetScore(int Drivers, SubsetStatus Status, double Sse, double Bic);
