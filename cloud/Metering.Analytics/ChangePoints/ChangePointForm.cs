namespace Metering.Analytics.ChangePoints;

/// <summary>
/// Shapes of use over one driver, for baselines whose use changes slope at a temperature: a chiller that works above one outdoor
/// temperature, a boiler below another. <see cref="ChangePointSolver"/> fits them exactly, <see cref="LinearChangePointSolver"/>
/// together with drivers that act in proportion.
/// </summary>
public enum ChangePointForm
{
    /// <summary>1P: the mean.</summary>
    Mean = 0,

    /// <summary>2P: one line.</summary>
    Line = 1,

    /// <summary>3P cooling: constant, then a line that begins at the breakpoint.</summary>
    Cooling = 2,

    /// <summary>3P heating: a line that ends at the breakpoint, then constant.</summary>
    Heating = 3,

    /// <summary>4P: two lines that meet at the breakpoint.</summary>
    TwoLines = 4,

    /// <summary>5P: a line, constant between two breakpoints, a line.</summary>
    HeatingAndCooling = 5,
}

/// <summary>Why there is no fit.</summary>
public enum ChangePointRefusal
{
    /// <summary>There is a fit.</summary>
    None = 0,

    /// <summary>The driver and the use have different lengths.</summary>
    LengthsDiffer = 1,

    /// <summary>A value is NaN or infinite.</summary>
    NotFinite = 2,

    /// <summary>Not more points than parameters, or no breakpoint leaves the smallest number of points on each sloped side.</summary>
    TooFewPoints = 3,

    /// <summary>Fewer different driver values than parameters.</summary>
    TooFewDistinct = 4,

    /// <summary>Squares of the values do not fit a double; use another unit.</summary>
    OutOfRange = 5,

    /// <summary>A linear driver is constant or a combination of the others.</summary>
    LinearCollinear = 6,

    /// <summary>More linear drivers than <see cref="LinearChangePointWorkspace.MaximumLinearDrivers"/>.</summary>
    TooManyLinear = 7,
}

/// <summary>Limits on what is searched.</summary>
public sealed record ChangePointOptions
{
    /// <summary>All slopes, two points on each sloped side.</summary>
    public static ChangePointOptions Default { get; } = new();

    /// <summary>Physical signs, and the points a sloped side of a baseline should have: 5, or a tenth of the points when that is fewer, at least 2.</summary>
    /// <param name="points">Points to fit, not negative.</param>
    public static ChangePointOptions ForBaseline(int points) => new()
    {
        PhysicalSigns = true,
        MinimumPointsPerSlopedSide = Math.Clamp((points + 9) / 10, 2, 5),
    };

    /// <summary>
    /// True: heating falls and cooling rises as the driver rises; a side that would not is left out (slope zero, the simpler
    /// form). Applies to all forms with a breakpoint. False: any slope.
    /// </summary>
    public bool PhysicalSigns { get; init; }

    /// <summary>
    /// Points at or beyond the breakpoint on each sloped side, at least 2 (lower values mean 2). A sloped side always has two
    /// different driver values. For baselines 5, or a tenth of the points below 60 points, is usual.
    /// </summary>
    public int MinimumPointsPerSlopedSide { get; init; } = 2;
}
