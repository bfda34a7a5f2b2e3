using Metering.Analytics.Intervals;

namespace Metering.Analytics.Validation;

/// <summary>
/// Checks of the intervals of one channel. Each gives findings and changes nothing; what is missing is passed over, never
/// taken for zero. SOURCE of the list: the checks that meter data management systems have in common (spike, sum, high and
/// low, zero, consecutive equal, gap, prolonged estimation).
/// </summary>
public static class ValidationChecks
{
    /// <summary>Intervals without a value, stretch by stretch; the value is their number, the limit 0.</summary>
    /// <param name="series">Intervals.</param>
    public static IReadOnlyList<ValidationFinding> Gaps(MeasuredSeries series)
    {
        ArgumentNullException.ThrowIfNull(series);
        return Stretches(series.BordersUtcMilliseconds, series.Channel, ValidationRule.Gap, 0, series.Code, code => code is IntervalCode.Missing or IntervalCode.Rejected);
    }

    /// <summary>Intervals below zero, in the channel's unit; the limit is 0.</summary>
    /// <param name="series">Intervals.</param>
    public static IReadOnlyList<ValidationFinding> Negative(MeasuredSeries series)
    {
        ArgumentNullException.ThrowIfNull(series);
        FindingList findings = new(ValidationRule.Negative, series.Channel);
        for (int i = 0; i < series.Count; i++)
        {
            if (series.Value[i] < 0)
            {
                findings.Join(series.BordersUtcMilliseconds[i], series.BordersUtcMilliseconds[i + 1], series.Value[i], 0);
            }
        }

        return findings.Close();
    }

    /// <summary>
    /// The highest interval of a day where (max - third max) / third max is above the limit. Days whose third highest
    /// interval is zero are left to the check of high use.
    /// </summary>
    /// <param name="series">Intervals shorter than a day.</param>
    /// <param name="limits">Limits.</param>
    public static IReadOnlyList<ValidationFinding> Spikes(MeasuredSeries series, ValidationLimits limits)
    {
        Check(series, limits);
        FindingList findings = new(ValidationRule.Spike, series.Channel);
        for (int from = 0; from < series.Count;)
        {
            int to = EndOfDay(series, from);
            int highest = from;
            (double first, double second, double third) = (double.NegativeInfinity, double.NegativeInfinity, double.NegativeInfinity);
            for (int i = from; i < to; i++)
            {
                double value = series.Value[i];
                if (value > first)
                {
                    highest = i;
                    (first, second, third) = (value, first, second);
                }
                else if (value > second)
                {
                    (second, third) = (value, second);
                }
                else if (value > third)
                {
                    third = value;
                }
            }

            double ratio = (first - third) / third;
            if (third > 0 && ratio > limits.SpikeRatio)
            {
                findings.Add(series.BordersUtcMilliseconds[highest], series.BordersUtcMilliseconds[highest + 1], ratio, limits.SpikeRatio);
            }

            from = to;
        }

        return findings.Close();
    }

    /// <summary>
    /// Stretches between register readings whose intervals do not add up to the difference; the value is the rest in
    /// register steps. A stretch with a missing interval proves nothing and is passed over.
    /// </summary>
    /// <param name="series">Intervals.</param>
    /// <param name="readings">Register readings on borders of intervals, in order of time; only of one meter.</param>
    /// <param name="registerStep">Smallest step of the register in the channel's unit (0.1 kWh); above 0.</param>
    /// <param name="limits">Limits.</param>
    /// <exception cref="ArgumentException">A reading is on no border, or readings are out of order.</exception>
    public static IReadOnlyList<ValidationFinding> SumChecks(
        MeasuredSeries series, IReadOnlyList<RegisterReading> readings, double registerStep, ValidationLimits limits)
    {
        Check(series, limits);
        ArgumentNullException.ThrowIfNull(readings);
        if (!(registerStep > 0 && double.IsFinite(registerStep)))
        {
            throw new ArgumentOutOfRangeException(nameof(registerStep), registerStep, "A register step is above zero.");
        }

        FindingList findings = new(ValidationRule.SumCheck, series.Channel);
        for (int r = 0; r < readings.Count; r++)
        {
            int to = series.IndexOfBorder(readings[r].UtcMilliseconds);
            if (to < 0 || !double.IsFinite(readings[r].Register) || (r > 0 && readings[r].UtcMilliseconds <= readings[r - 1].UtcMilliseconds))
            {
                throw new ArgumentException($"{series.Channel}: register reading {r} is on no border, out of order, or not finite.", nameof(readings));
            }

            if (r == 0)
            {
                continue;
            }

            int from = series.IndexOfBorder(readings[r - 1].UtcMilliseconds);
            double sum = Statistics.FixedSum.Sum(series.Value[from..to]);
            double rest = (sum - (readings[r].Register - readings[r - 1].Register)) / registerStep;

            // The registers are decimals: the last bits of their difference are no step.
            if (Math.Abs(rest) > limits.SumCheckSteps + 1e-6)
            {
                findings.Add(readings[r - 1].UtcMilliseconds, readings[r].UtcMilliseconds, rest, limits.SumCheckSteps);
            }
        }

        return findings.Close();
    }

    /// <summary>
    /// The same value in a row for more intervals than the limit, counting only times of the week at which other weeks vary
    /// and are not zero: a register that stands still, or a value that is repeated instead of read. The value is the number
    /// of intervals in the row.
    /// </summary>
    /// <param name="series">Intervals.</param>
    /// <param name="limits">Limits.</param>
    public static IReadOnlyList<ValidationFinding> Stuck(MeasuredSeries series, ValidationLimits limits)
    {
        Check(series, limits);
        FindingList findings = new(ValidationRule.Stuck, series.Channel);
        SlotHistory history = new(series);
        for (int from = 0; from < series.Count;)
        {
            int to = from + 1;
            while (to < series.Count && series.Value[to] == series.Value[from])
            {
                to++;
            }

            if (to - from > limits.LongestEqual && history.CountVarying(from, to, limits.MinimumHistory) > limits.LongestEqual)
            {
                findings.Add(series.BordersUtcMilliseconds[from], series.BordersUtcMilliseconds[to], to - from, limits.LongestEqual);
            }

            from = to;
        }

        return findings.Close();
    }

    /// <summary>Zero where the same time of the week was never zero in at least the least number of other weeks. The value is the lowest use at that time otherwise.</summary>
    /// <param name="series">Intervals.</param>
    /// <param name="limits">Limits.</param>
    public static IReadOnlyList<ValidationFinding> UnusualZeros(MeasuredSeries series, ValidationLimits limits)
    {
        Check(series, limits);
        FindingList findings = new(ValidationRule.UnusualZero, series.Channel);
        SlotHistory history = new(series);
        for (int i = 0; i < series.Count; i++)
        {
            if (series.Value[i] == 0 && history.IsNeverZero(i, limits.MinimumHistory, out double lowest))
            {
                findings.Join(series.BordersUtcMilliseconds[i], series.BordersUtcMilliseconds[i + 1], lowest, 0);
            }
        }

        return findings.Close();
    }

    /// <summary>Stretches estimated for longer than allowed; the value is their length in hours. Totals that are known (allocated) do not count.</summary>
    /// <param name="series">Intervals after estimation.</param>
    /// <param name="limits">Limits.</param>
    public static IReadOnlyList<ValidationFinding> ProlongedEstimation(ValidatedSeries series, ValidationLimits limits)
    {
        ArgumentNullException.ThrowIfNull(series);
        ArgumentNullException.ThrowIfNull(limits);
        limits.Check();
        FindingList findings = new(ValidationRule.ProlongedEstimation, series.Source.Channel);
        double most = limits.LongestEstimation.TotalHours;
        foreach (ValidationFinding stretch in Stretches(
            series.Source.BordersUtcMilliseconds, series.Source.Channel, ValidationRule.ProlongedEstimation, 0, series.Code, code => code == IntervalCode.Estimated))
        {
            double hours = (stretch.ToUtcMilliseconds - stretch.FromUtcMilliseconds) / (double)TimeSpan.MillisecondsPerHour;
            if (hours > most)
            {
                findings.Add(stretch.FromUtcMilliseconds, stretch.ToUtcMilliseconds, hours, most);
            }
        }

        return findings.Close();
    }

    internal static void Check(MeasuredSeries series, ValidationLimits limits)
    {
        ArgumentNullException.ThrowIfNull(series);
        ArgumentNullException.ThrowIfNull(limits);
        limits.Check();
    }

    /// <summary>Index after the last interval of the local day that holds an interval.</summary>
    internal static int EndOfDay(MeasuredSeries series, int from)
    {
        int to = from + 1;
        while (to < series.Count && series.Slots.Day(to) == series.Slots.Day(from))
        {
            to++;
        }

        return to;
    }

    private static IReadOnlyList<ValidationFinding> Stretches(
        ReadOnlySpan<long> borders, string channel, ValidationRule rule, double limit, ReadOnlySpan<IntervalCode> codes, Predicate<IntervalCode> isMeant)
    {
        FindingList findings = new(rule, channel);
        for (int from = 0; from < codes.Length;)
        {
            int to = from + 1;
            if (isMeant(codes[from]))
            {
                while (to < codes.Length && isMeant(codes[to]))
                {
                    to++;
                }

                findings.Add(borders[from], borders[to], to - from, limit);
            }

            from = to;
        }

        return findings.Close();
    }
}

/// <summary>A register at an instant.</summary>
/// <param name="UtcMilliseconds">UTC milliseconds since 1970-01-01.</param>
/// <param name="Register">What it showed, in the channel's unit.</param>
public readonly record struct RegisterReading(long UtcMilliseconds, double Register);
