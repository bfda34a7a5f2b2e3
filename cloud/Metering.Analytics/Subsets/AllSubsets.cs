using System.Numerics;

namespace Metering.Analytics.Subsets;

/// <summary>
/// Least squares of every subset of up to twelve drivers in one pass. The drivers, less their means and of length one, are factored
/// once into an upper triangle by Householder reflections; dropping a driver is then a few plane rotations of a small triangle, and
/// every triangle gives the squares of all subsets that begin it (the regression tree of Gatu and Kontoghiorghes 2003). Cross
/// products are never formed, so that nothing is lost that one fit at a time would keep. Only + - * / and square roots, and
/// the own logarithm for BIC.
/// </summary>
public static class AllSubsets
{
    /// <summary>Most candidate drivers: 4,095 subsets and the mean.</summary>
    public const int MaximumDrivers = 12;

    /// <summary>Scores all subsets.</summary>
    /// <param name="use">Use, one value a row.</param>
    /// <param name="drivers">Candidate drivers, at most <see cref="MaximumDrivers"/>, each as long as <paramref name="use"/>.</param>
    /// <param name="signs">The sign each driver's coefficient must have; empty for none.</param>
    /// <param name="workspace">Scratch memory; a warm one makes the pass free of allocations.</param>
    /// <param name="scores">Receives 2 to the power of the number of drivers scores: element m is the subset with the bits of m.</param>
    /// <exception cref="ArgumentException">
    /// No rows, too many drivers, lengths that differ, a value that is not finite, values whose squares do not fit a double, or
    /// <paramref name="scores"/> too short.
    /// </exception>
    public static void Score(
        ReadOnlySpan<double> use, ReadOnlySpan<double[]> drivers, ReadOnlySpan<DriverSign> signs, AllSubsetsWorkspace workspace, Span<SubsetScore> scores)
    {
        ArgumentNullException.ThrowIfNull(workspace);
        Check(use, drivers, signs, scores);
        workspace.Load(use, drivers, signs);
        workspace.Run(scores[..(1 << drivers.Length)]);
    }

    /// <summary>The fitted subset of least BIC; of equals the one of fewer drivers, then the first. -1 when none is fitted.</summary>
    /// <param name="scores">From <see cref="Score"/>.</param>
    public static int Best(ReadOnlySpan<SubsetScore> scores)
    {
        int best = -1;
        for (int i = 0; i < scores.Length; i++)
        {
            if (scores[i].Status == SubsetStatus.Fitted && (best < 0 || Before(scores[i], scores[best])))
            {
                best = i;
            }
        }

        return best;
    }

    private static bool Before(in SubsetScore left, in SubsetScore right) =>
        left.Bic < right.Bic || (left.Bic == right.Bic && BitOperations.PopCount((uint)left.Drivers) < BitOperations.PopCount((uint)right.Drivers));

    private static void Check(ReadOnlySpan<double> use, ReadOnlySpan<double[]> drivers, ReadOnlySpan<DriverSign> signs, Span<SubsetScore> scores)
    {
        if (use.IsEmpty)
        {
            throw new ArgumentException("There are no rows.", nameof(use));
        }

        if (drivers.Length > MaximumDrivers)
        {
            throw new ArgumentException($"At most {MaximumDrivers} drivers can be tried.", nameof(drivers));
        }

        if (signs.Length != 0 && signs.Length != drivers.Length)
        {
            throw new ArgumentException("There must be a sign for each driver, or none.", nameof(signs));
        }

        if (scores.Length < 1 << drivers.Length)
        {
            throw new ArgumentException("There is no room for all subsets.", nameof(scores));
        }

        CheckFinite(use, nameof(use));
        foreach (double[] driver in drivers)
        {
            if (driver is null || driver.Length != use.Length)
            {
                throw new ArgumentException("A driver has another length than the use.", nameof(drivers));
            }

            CheckFinite(driver, nameof(drivers));
        }
    }

    private static void CheckFinite(ReadOnlySpan<double> values, string name)
    {
        foreach (double value in values)
        {
            if (!double.IsFinite(value))
            {
                throw new ArgumentException("A value is NaN or infinite.", name);
            }
        }
    }
}
