using Metering.Analytics.Intervals;

namespace Metering.Analytics.Validation;

/// <summary>Checks of stamps as they came, before they are sorted into intervals.</summary>
public static class StampChecks
{
    /// <summary>Stamps that repeat the one above them (the value is how often it stands there) and stamps before the one above them (the value is by how many seconds).</summary>
    /// <param name="channel">Name of the channel.</param>
    /// <param name="utcMilliseconds">Stamps in the order of arrival, UTC milliseconds since 1970-01-01.</param>
    /// <exception cref="ArgumentException">A stamp before 1970 or after 2199.</exception>
    public static IReadOnlyList<ValidationFinding> Order(string channel, ReadOnlySpan<long> utcMilliseconds)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(channel);
        Check(utcMilliseconds);
        FindingList duplicates = new(ValidationRule.Duplicate, channel);
        FindingList unordered = new(ValidationRule.OutOfOrder, channel);
        for (int i = 1; i < utcMilliseconds.Length; i++)
        {
            long back = utcMilliseconds[i - 1] - utcMilliseconds[i];
            if (back > 0)
            {
                unordered.Add(utcMilliseconds[i], utcMilliseconds[i] + 1, back / (double)TimeSpan.MillisecondsPerSecond, 0);
            }
            else if (back == 0)
            {
                int from = i - 1;
                while (i + 1 < utcMilliseconds.Length && utcMilliseconds[i + 1] == utcMilliseconds[i])
                {
                    i++;
                }

                duplicates.Add(utcMilliseconds[i], utcMilliseconds[i] + 1, i - from + 1, 1);
            }
        }

        return [.. duplicates.Close(), .. unordered.Close()];
    }

    /// <summary>Stretches in which the device's clock is off by more than the limit. Value and limit are seconds; ahead is positive.</summary>
    /// <param name="channel">Name of the channel.</param>
    /// <param name="deviceUtcMilliseconds">Stamps of the device.</param>
    /// <param name="gatewayUtcMilliseconds">Stamps of the gateway for the same readings.</param>
    /// <param name="limits">Limits.</param>
    /// <exception cref="ArgumentException">Columns of different lengths, or a stamp before 1970 or after 2199.</exception>
    public static IReadOnlyList<ValidationFinding> TimeSync(
        string channel, ReadOnlySpan<long> deviceUtcMilliseconds, ReadOnlySpan<long> gatewayUtcMilliseconds, ValidationLimits limits)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(channel);
        ArgumentNullException.ThrowIfNull(limits);
        limits.Check();
        Check(deviceUtcMilliseconds);
        Check(gatewayUtcMilliseconds);
        if (deviceUtcMilliseconds.Length != gatewayUtcMilliseconds.Length)
        {
            throw new ArgumentException($"{channel}: the columns of stamps have different lengths.", nameof(gatewayUtcMilliseconds));
        }

        FindingList findings = new(ValidationRule.TimeSync, channel);
        double most = limits.LargestClockError.TotalSeconds;
        for (int from = 0; from < deviceUtcMilliseconds.Length;)
        {
            double worst = 0;
            int to = from;
            while (to < deviceUtcMilliseconds.Length)
            {
                double off = (deviceUtcMilliseconds[to] - gatewayUtcMilliseconds[to]) / (double)TimeSpan.MillisecondsPerSecond;
                if (Math.Abs(off) <= most)
                {
                    break;
                }

                worst = Math.Abs(off) > Math.Abs(worst) ? off : worst;
                to++;
            }

            if (to > from)
            {
                findings.Add(gatewayUtcMilliseconds[from], gatewayUtcMilliseconds[to - 1] + 1, worst, most);
            }

            from = to + 1;
        }

        return findings.Close();
    }

    private static void Check(ReadOnlySpan<long> stamps)
    {
        foreach (long stamp in stamps)
        {
            if (stamp is < IntervalBuilder.EarliestUtcMilliseconds or > IntervalBuilder.LatestUtcMilliseconds)
            {
                throw new ArgumentException("A stamp lies before 1970 or after 2199.");
            }
        }
    }
}
