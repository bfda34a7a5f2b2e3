namespace Metering.Analytics.ChangePoints;

/// <summary>
/// The free line through the points on one side. Points are added one by one to means and central moments (Welford), which keeps
/// the digits that differences of plain prefix sums lose when the points of a side stand close together.
/// </summary>
internal struct SideLine
{
    private double meanX;
    private double meanY;
    private double xx;
    private double xy;
    private double yy;

    public double Count { get; private set; }

    public double Slope { get; private set; }

    /// <summary>Sum of squared residuals about the line.</summary>
    public double Sse { get; private set; }

    /// <summary>Sum of squares about the mean: the least cost when the slope may not have the sign it would have.</summary>
    public readonly double FlatSse => yy;

    public void Add(double x, double y)
    {
        Count += 1;
        double dx = x - meanX;
        double dy = y - meanY;
        meanX += dx / Count;
        meanY += dy / Count;
        double rest = x - meanX;
        xx += dx * rest;
        xy += dy * rest;
        yy += dy * (y - meanY);
    }

    /// <summary>Computes the slope; two different x are there.</summary>
    public void Close()
    {
        Slope = xy / xx;
        Sse = Math.Max(0, yy - (Slope * xy));
    }

    public readonly double At(double x) => meanY + (Slope * (x - meanX));

    /// <summary>Where the line reaches a level; not finite for a flat line.</summary>
    public readonly double Reaches(double level) => meanX + ((level - meanY) / Slope);

    /// <summary>Holding the line to a level at x costs this weight times the square of (level - <see cref="At"/>).</summary>
    public readonly double Weight(double x)
    {
        double d = meanX - x;
        return Count * xx / (xx + (Count * d * d));
    }

    /// <summary>The best slope of a line held to a level at x.</summary>
    public readonly double SlopeThrough(double x, double level)
    {
        double d = meanX - x;
        return (xy + (Count * d * (meanY - level))) / (xx + (Count * d * d));
    }

    /// <summary>The level at x that makes <see cref="SlopeThrough"/> zero; below it a left line falls and a right line rises.</summary>
    public readonly double LevelOfFlatLine(double x) => meanY + (xy / (Count * (meanX - x)));
}
