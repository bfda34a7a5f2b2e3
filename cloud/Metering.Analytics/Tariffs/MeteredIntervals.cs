namespace Metering.Analytics.Tariffs;

/// <summary>Energy per interval, and reactive energy where it was metered, of one supply point.</summary>
public sealed class MeteredIntervals
{
    /// <summary>Largest energy of one interval, kWh; beyond it the unit is wrong.</summary>
    public const double MaximumKwh = 1e9;

    /// <summary>Most intervals: ten years of quarters of an hour.</summary>
    public const int MaximumCount = 366 * 96 * 10;

    private readonly long[] starts;
    private readonly double[] kwh;
    private readonly double[] kvarh;

    /// <summary>Takes a copy of the columns.</summary>
    /// <param name="startUtcMilliseconds">Starts, UTC milliseconds since 1970-01-01, ascending without repetition. Meters that stamp the end: subtract the step first.</param>
    /// <param name="kwh">Energy per interval, kWh, from 0; NaN where it is missing.</param>
    /// <param name="kvarh">Inductive reactive energy per interval, kvarh, from 0; NaN where missing; empty when it was not metered.</param>
    /// <param name="step">Length of each interval: 15 minutes or one hour.</param>
    /// <exception cref="ArgumentException">
    /// Columns of different length, stamps out of order or closer than the step, a negative, infinite or huge value, another step.
    /// </exception>
    public MeteredIntervals(IReadOnlyList<long> startUtcMilliseconds, IReadOnlyList<double> kwh, IReadOnlyList<double> kvarh, TimeSpan step)
    {
        ArgumentNullException.ThrowIfNull(startUtcMilliseconds);
        ArgumentNullException.ThrowIfNull(kwh);
        ArgumentNullException.ThrowIfNull(kvarh);
        if (step != TimeSpan.FromMinutes(15) && step != TimeSpan.FromHours(1))
        {
            throw new ArgumentException($"a step of {step}; bills are computed from 15 minutes or one hour", nameof(step));
        }

        int count = startUtcMilliseconds.Count;
        if (count > MaximumCount || kwh.Count != count || (kvarh.Count != 0 && kvarh.Count != count))
        {
            throw new ArgumentException($"{count} stamps, {kwh.Count} energies and {kvarh.Count} reactive energies; columns have one length, at most {MaximumCount}");
        }

        Step = step;
        starts = [.. startUtcMilliseconds];
        this.kwh = [.. kwh];
        this.kvarh = [.. kvarh];
        CheckStamps();
        CheckValues(this.kwh, "kWh");
        CheckValues(this.kvarh, "kvarh");
    }

    /// <summary>Length of each interval.</summary>
    public TimeSpan Step { get; }

    /// <summary>Number of intervals.</summary>
    public int Count => starts.Length;

    /// <summary>Whether reactive energy was metered.</summary>
    public bool HasReactive => kvarh.Length > 0;

    internal ReadOnlySpan<long> Starts => starts;

    internal ReadOnlySpan<double> Kwh => kwh;

    internal ReadOnlySpan<double> Kvarh => kvarh;

    /// <summary>
    /// A measured value as a decimal: the digits it was written with (a double keeps 15), to 9 places, so that sums are exact and
    /// do not depend on their order.
    /// </summary>
    internal static decimal Exact(double value) => decimal.Round((decimal)value, 9);

    private void CheckStamps()
    {
        long step = (long)Step.TotalMilliseconds;
        for (int index = 1; index < starts.Length; index++)
        {
            if (starts[index] - starts[index - 1] < step)
            {
                throw new ArgumentException($"interval {index} begins less than {Step} after the one before; sort them and drop repetitions");
            }
        }
    }

    private static void CheckValues(double[] values, string unit)
    {
        for (int index = 0; index < values.Length; index++)
        {
            if (values[index] is < 0 or > MaximumKwh)
            {
                throw new ArgumentException($"interval {index} has {values[index]} {unit}; 0 to {MaximumKwh} can be billed, and NaN says missing");
            }
        }
    }
}
