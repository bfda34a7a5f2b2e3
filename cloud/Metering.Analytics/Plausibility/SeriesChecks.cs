using Metering.Analytics.Indicators;

namespace Metering.Analytics.Plausibility;

/// <summary>Finds changes of unit or scaling in series, before they are taken for savings.</summary>
public static class SeriesChecks
{
    /// <summary>Most rows of one call.</summary>
    public const int MaximumRows = 1_000_000;

    /// <summary>A new level differs by at least this factor: less than the smallest unit slip looked for (kWh and MJ, 3.6), more than a saving of two thirds.</summary>
    public const double JumpFactor = 3;

    private const int SmallestWindow = 3;
    private const int LargestWindow = 366;
    private const double SteadySpread = 1.25;

    /// <summary>Whether two series of one quantity differ by a constant factor.</summary>
    /// <param name="reference">Series taken as right.</param>
    /// <param name="other">Series to check, row by row of the same intervals; NaN where missing.</param>
    /// <exception cref="ArgumentException">Different lengths, or more than a million rows.</exception>
    public static PlausibilityFinding Compare(ReadOnlySpan<double> reference, ReadOnlySpan<double> other)
    {
        CheckLength(reference.Length);
        if (reference.Length != other.Length)
        {
            throw new ArgumentException("Both series have the same rows.", nameof(other));
        }

        double[] ratios = new double[reference.Length];
        int count = 0;
        for (int i = 0; i < ratios.Length; i++)
        {
            double ratio = other[i] / reference[i];
            if (reference[i] > 0 && other[i] > 0 && ratio > 0 && double.IsFinite(ratio))
            {
                ratios[count++] = ratio;
            }
        }

        if (count < SmallestWindow)
        {
            return Finding(PlausibilityKind.CannotBeChecked, double.NaN, [], FigureText.Line($"Only {count} rows have a positive value in both series."), "Whether both cover the same time.");
        }

        ratios.AsSpan(0, count).Sort();
        double median = ratios[count / 2];
        double spread = ratios[count * 3 / 4] / ratios[count / 4];
        (PlausibilityKind kind, List<LikelyCause> causes) = SlipFactors.Classify(median, ClaimChecks.DefaultTolerance);
        bool isSteady = spread <= SteadySpread;
        string detail = FigureText.Line(
            $"The other series is {FigureText.Of(median)} times the reference in the middle of {count} rows; the middle half spreads by a factor {FigureText.Of(spread)}.");
        return kind is PlausibilityKind.PowerOfTen or PlausibilityKind.UnitFactor && !isSteady
            ? Finding(PlausibilityKind.Unexplained, median, [], detail, "Whether both measure the same; the factor is not constant, so it is no unit.")
            : Finding(kind, median, causes, detail, kind == PlausibilityKind.Consistent ? "" : "Units, pulse value and transformer ratio of both meters.");
    }

    /// <summary>
    /// Rows at which a series goes to a level at least three times higher or lower and stays there for a window of rows. Medians
    /// of the windows are compared, so that single spikes and a few idle days do not count.
    /// </summary>
    /// <param name="values">The series in order of time; NaN where missing. Negative values are left aside.</param>
    /// <param name="windowRowCount">Rows on each side, 3 to 366. It has to hold whole seasons (12 months, 365 days): the first cold week is a jump of its own.</param>
    /// <exception cref="ArgumentException">A window out of range, or more than a million rows.</exception>
    public static IReadOnlyList<PlausibilityFinding> Jumps(ReadOnlySpan<double> values, int windowRowCount)
    {
        CheckLength(values.Length);
        if (windowRowCount is < SmallestWindow or > LargestWindow)
        {
            throw new ArgumentOutOfRangeException(nameof(windowRowCount), windowRowCount, "A window has 3 to 366 rows.");
        }

        List<PlausibilityFinding> findings = [];
        RollingMedian medians = new(values, windowRowCount);
        int runStart = -1;
        int previous = 0;
        for (int row = windowRowCount; row <= values.Length - windowRowCount + 1; row++)
        {
            int direction = row <= values.Length - windowRowCount ? medians.Direction(row) : 0;
            if (direction != previous)
            {
                if (previous != 0)
                {
                    findings.Add(Jump(values, medians, runStart, row, previous));
                }

                runStart = row;
                previous = direction;
            }
        }

        return findings;
    }

    // The exact row is the one in the run with the largest step from the row before, in the direction of the jump.
    private static PlausibilityFinding Jump(ReadOnlySpan<double> values, RollingMedian medians, int start, int end, int direction)
    {
        int at = start;
        double largest = 0;
        for (int row = start; row < end; row++)
        {
            double before = direction > 0 ? values[row - 1] : values[row];
            double after = direction > 0 ? values[row] : values[row - 1];
            double step = before > 0 ? after / before : after > 0 ? double.MaxValue : 0;
            if (step > largest && double.IsFinite(step))
            {
                largest = step;
                at = row;
            }
        }

        double low = medians.Before(at);
        double high = medians.After(at);
        if (low == 0 || high == 0)
        {
            return Finding(PlausibilityKind.FallsToZero, high == 0 ? 0 : double.NaN, [], FigureText.Line(
                $"From row {at} on the middle value goes from {FigureText.Of(low)} to {FigureText.Of(high)}."),
                "Whether missing values were written as zero, the meter stopped, or the load began only then.") with { RowIndex = at };
        }

        (PlausibilityKind kind, List<LikelyCause> causes) = SlipFactors.Classify(high / low, ClaimChecks.DefaultTolerance);
        bool isKnown = kind is PlausibilityKind.PowerOfTen or PlausibilityKind.UnitFactor;
        return Finding(isKnown ? kind : PlausibilityKind.LevelJump, high / low, causes, FigureText.Line(
            $"From row {at} on the middle value goes from {FigureText.Of(low)} to {FigureText.Of(high)} ({FigureText.Of(high / low)} times) and stays."),
            "Whether unit, pulse value, transformer ratio or what the meter feeds changed there. It must not be counted as a saving.") with { RowIndex = at };
    }

    private static void CheckLength(int rows)
    {
        if (rows > MaximumRows)
        {
            throw new ArgumentException(FigureText.Line($"{rows} rows are more than the {MaximumRows} of one call."), nameof(rows));
        }
    }

    private static PlausibilityFinding Finding(PlausibilityKind kind, double ratio, List<LikelyCause> causes, string detail, string check) => new()
    {
        Kind = kind,
        MeasuredRatio = ratio,
        LikelyCauses = causes,
        Detail = detail,
        WhatToCheck = check,
    };

    /// <summary>Middle value of every window of the series, missing and negative values left aside; NaN when half of it is missing.</summary>
    private sealed class RollingMedian
    {
        private readonly double[] _medians;
        private readonly int _window;

        public RollingMedian(ReadOnlySpan<double> values, int window)
        {
            _window = window;
            _medians = new double[Math.Max(0, values.Length - window + 1)];
            List<double> sorted = new(window);
            for (int i = 0; i < values.Length; i++)
            {
                if (values[i] >= 0 && double.IsFinite(values[i]))
                {
                    int place = sorted.BinarySearch(values[i]);
                    sorted.Insert(place < 0 ? ~place : place, values[i]);
                }

                if (i >= window && values[i - window] >= 0 && double.IsFinite(values[i - window]))
                {
                    sorted.RemoveAt(sorted.BinarySearch(values[i - window]));
                }

                if (i >= window - 1)
                {
                    _medians[i - window + 1] = 2 * sorted.Count >= window && sorted.Count > 0 ? sorted[sorted.Count / 2] : double.NaN;
                }
            }
        }

        public double Before(int row) => _medians[row - _window];

        public double After(int row) => _medians[row];

        /// <summary>1 for a jump up at the row, -1 for one down, 0 for none.</summary>
        public int Direction(int row)
        {
            double before = Before(row);
            double after = After(row);
            return after > 0 && after >= JumpFactor * before ? 1 : before > 0 && before >= JumpFactor * after ? -1 : 0;
        }
    }
}
