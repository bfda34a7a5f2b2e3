using Metering.Analytics.Statistics;

namespace Metering.Analytics.Validation;

/// <summary>Checks of channels that belong together. They must have the same intervals.</summary>
public static class MeterChecks
{
    /// <summary>
    /// Days whose power factor kWh / sqrt(kWh2 + kvarh2) is below the lowest believed. The value is the power factor. Days
    /// with a missing interval, and days without any energy, are passed over. SOURCE: definition of the power factor over a
    /// period as billed in Mexico (kWh and kvarh of the same period).
    /// </summary>
    /// <param name="active">Active energy, kWh.</param>
    /// <param name="reactive">Reactive energy, kvarh.</param>
    /// <param name="limits">Limits.</param>
    /// <exception cref="ArgumentException">The channels do not have the same intervals and zone.</exception>
    public static IReadOnlyList<ValidationFinding> PowerFactor(MeasuredSeries active, MeasuredSeries reactive, ValidationLimits limits)
    {
        ValidationChecks.Check(active, limits);
        CheckSame(active, reactive);
        FindingList findings = new(ValidationRule.PowerFactor, active.Channel);
        for (int from = 0; from < active.Count;)
        {
            int to = ValidationChecks.EndOfDay(active, from);
            double kwh = FixedSum.Sum(active.Value[from..to]);
            double kvarh = FixedSum.Sum(reactive.Value[from..to]);
            double factor = kwh / Math.Sqrt((kwh * kwh) + (kvarh * kvarh));
            if (factor < limits.LowestPowerFactor)
            {
                findings.Join(active.BordersUtcMilliseconds[from], active.BordersUtcMilliseconds[to], factor, limits.LowestPowerFactor);
            }

            from = to;
        }

        return findings.Close();
    }

    /// <summary>Intervals in which some channels of a meter have a value and others have not; listed for each channel that lacks one. The value is the number of channels that have one.</summary>
    /// <param name="channels">Channels of one meter; at least two.</param>
    /// <exception cref="ArgumentException">Fewer than two channels, or not the same intervals and zone.</exception>
    public static IReadOnlyList<ValidationFinding> Siblings(IReadOnlyList<MeasuredSeries> channels)
    {
        ArgumentNullException.ThrowIfNull(channels);
        if (channels.Count < 2)
        {
            throw new ArgumentException("Siblings are at least two channels.", nameof(channels));
        }

        List<ValidationFinding> all = [];
        foreach (MeasuredSeries channel in channels)
        {
            CheckSame(channels[0], channel);
            FindingList findings = new(ValidationRule.Siblings, channel.Channel);
            for (int i = 0; i < channel.Count; i++)
            {
                int present = double.IsNaN(channel.Value[i]) ? Present(channels, i) : 0;
                if (present > 0)
                {
                    findings.Join(channel.BordersUtcMilliseconds[i], channel.BordersUtcMilliseconds[i + 1], present, channels.Count);
                }
            }

            all.AddRange(findings.Close());
        }

        return all;
    }

    /// <summary>
    /// Days on which the main meter and the sum of its sub-meters differ by more than the share allowed. The value is
    /// (main - sum) / main. Days with a missing interval anywhere are passed over, as are days without use on any meter.
    /// </summary>
    /// <param name="main">The main meter.</param>
    /// <param name="subs">All meters below it; at least one.</param>
    /// <param name="limits">Limits.</param>
    /// <exception cref="ArgumentException">No sub-meter, or not the same intervals and zone.</exception>
    public static IReadOnlyList<ValidationFinding> MainAndSubs(MeasuredSeries main, IReadOnlyList<MeasuredSeries> subs, ValidationLimits limits)
    {
        ValidationChecks.Check(main, limits);
        ArgumentNullException.ThrowIfNull(subs);
        if (subs.Count == 0)
        {
            throw new ArgumentException("There is no sub-meter to compare with.", nameof(subs));
        }

        foreach (MeasuredSeries sub in subs)
        {
            CheckSame(main, sub);
        }

        FindingList findings = new(ValidationRule.MainAndSubs, main.Channel);
        for (int from = 0; from < main.Count;)
        {
            int to = ValidationChecks.EndOfDay(main, from);
            double total = FixedSum.Sum(main.Value[from..to]);
            double rest = total;
            foreach (MeasuredSeries sub in subs)
            {
                rest -= FixedSum.Sum(sub.Value[from..to]);
            }

            if (Math.Abs(rest) > limits.MainAndSubsShare * Math.Abs(total))
            {
                double share = total == 0 ? double.NegativeInfinity : rest / total;
                findings.Join(main.BordersUtcMilliseconds[from], main.BordersUtcMilliseconds[to], share, limits.MainAndSubsShare);
            }

            from = to;
        }

        return findings.Close();
    }

    private static int Present(IReadOnlyList<MeasuredSeries> channels, int interval)
    {
        int present = 0;
        for (int c = 0; c < channels.Count; c++)
        {
            present += double.IsNaN(channels[c].Value[interval]) ? 0 : 1;
        }

        return present;
    }

    private static void CheckSame(MeasuredSeries one, MeasuredSeries other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (!one.Frame.Zone.Equals(other.Frame.Zone) || one.Frame.Step != other.Frame.Step
            || !one.BordersUtcMilliseconds.SequenceEqual(other.BordersUtcMilliseconds))
        {
            throw new ArgumentException($"{one.Channel} and {other.Channel} do not have the same intervals and zone.", nameof(other));
        }
    }
}
