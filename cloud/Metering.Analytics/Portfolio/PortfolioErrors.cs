using Metering.Analytics.Statistics;

namespace Metering.Analytics.Portfolio;

/// <summary>Standard errors of a sum of projects whose errors are partly shared.</summary>
internal sealed class PortfolioErrors
{
    // Beyond this the t and the normal quantile agree to 6 digits.
    private const double ManyDegrees = 1e6;

    private readonly Dictionary<(SharedCause Cause, string Name), (double Sum, int Count)> _causes = [];
    private double _welch;
    private double _allSquares;
    private double _linear;

    public double IndependentVariance { get; private set; }

    public double SharedVariance
    {
        get
        {
            double variance = 0;
            foreach ((double sum, int _) in _causes.Values)
            {
                variance += sum * sum;
            }

            return variance;
        }
    }

    public double StandardError => Math.Sqrt(IndependentVariance + SharedVariance);

    public double IndependentOnly => Math.Sqrt(_allSquares);

    public double FullyCorrelated => _linear;

    public double SquaredHalfWidths { get; private set; }

    /// <summary>Welch-Satterthwaite: variance squared over the sum of each squared by its own degrees of freedom.</summary>
    public double DegreesOfFreedom
    {
        get
        {
            double variance = IndependentVariance + SharedVariance;
            return _welch > 0 ? variance * variance / _welch : double.PositiveInfinity;
        }
    }

    /// <summary>Causes with what they carry, the largest first; equal ones by kind and name.</summary>
    public List<CauseShare> Causes =>
    [
        .. _causes.Select(cause => new CauseShare(cause.Key.Cause, cause.Key.Name, cause.Value.Count, Math.Abs(cause.Value.Sum)))
            .OrderByDescending(cause => cause.StandardError).ThenBy(cause => cause.Cause).ThenBy(cause => cause.Name, StringComparer.Ordinal),
    ];

    /// <summary>Two-sided factor: the half-width in standard errors.</summary>
    public static double Factor(double confidence, double degreesOfFreedom) => degreesOfFreedom < ManyDegrees
        ? StudentT.TwoSidedQuantile(confidence, degreesOfFreedom)
        : NormalQuantile.Of((1 + confidence) / 2);

    /// <summary>Adds a result; <paramref name="scale"/> turns its unit into that of the sum.</summary>
    public void Add(ProjectSaving project, double scale, double confidence)
    {
        double own = project.IndependentStandardError * scale;
        double square = own * own;
        double all = square;
        IndependentVariance += square;
        _welch += double.IsPositiveInfinity(project.DegreesOfFreedom) ? 0 : square * square / project.DegreesOfFreedom;
        foreach (SharedError shared in project.Shared)
        {
            double part = shared.StandardError * scale;
            (double sum, int count) = _causes.GetValueOrDefault((shared.Cause, shared.Name));
            _causes[(shared.Cause, shared.Name)] = (sum + part, count + 1);
            all += part * part;
        }

        double degrees = double.IsPositiveInfinity(project.DegreesOfFreedom) || square == 0 ? double.PositiveInfinity : all * all * project.DegreesOfFreedom / (square * square);
        double halfWidth = Factor(confidence, degrees) * Math.Sqrt(all);
        SquaredHalfWidths += halfWidth * halfWidth;
        _allSquares += all;
        _linear += Math.Sqrt(all);
    }
}
