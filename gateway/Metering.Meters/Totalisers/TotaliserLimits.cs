using Metering.Readings;

namespace Metering.Meters.Totalisers;

/// <summary>What a counter can do, from its meter's rating and register: the measure for every jump and fall.</summary>
public sealed record TotaliserLimits
{
    /// <summary>Readings that must go on from a break before it is believed (besides the one that broke).</summary>
    public const int Confirmations = 2;

    /// <summary>Value at which the register begins again at 0, in scaled integers; null when unknown: a fall is then never taken for a rollover.</summary>
    public long? Modulus { get; init; }

    /// <summary>The most the register can rise in an hour, in scaled integers; null when unknown: then a multiple of the fastest rise seen stands in.</summary>
    public long? MaximumStepsPerHour { get; init; }

    /// <summary>By how much the register moves at a time, in scaled integers, 1 or more: a display of whole cubic metres read with three decimals moves by 1000.</summary>
    public long RegisterStep { get; init; } = 1;

    /// <summary>How long equal readings are believed; null when the plant may stand still as long as it likes.</summary>
    public TimeSpan? LongestStandstill { get; init; }

    /// <summary>Limits of a channel.</summary>
    /// <param name="channel">A counter.</param>
    /// <param name="maximumPerHour">The most that can flow, in the channel's unit per hour; null when unknown. Rounded up to a whole step.</param>
    /// <param name="longestStandstill">How long equal readings are believed; null for any time.</param>
    /// <exception cref="ArgumentException">Not a counter, or a rate that is not above zero.</exception>
    public static TotaliserLimits For(Channel channel, ExactDecimal? maximumPerHour, TimeSpan? longestStandstill)
    {
        ArgumentNullException.ThrowIfNull(channel);
        if (channel.Kind != ChannelKind.Counter || channel.Form != ValueForm.Decimal)
        {
            throw new ArgumentException($"{channel.Id} is no counter", nameof(channel));
        }

        return new() { Modulus = channel.Modulus, MaximumStepsPerHour = Steps(maximumPerHour, channel.DecimalPlaces), LongestStandstill = longestStandstill };
    }

    /// <summary>A rate in scaled integers an hour, rounded up to a whole step.</summary>
    /// <returns>Null for no rate, and for one that no register can reach.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The rate is not above zero.</exception>
    internal static long? Steps(ExactDecimal? perHour, int places)
    {
        if (perHour is not ExactDecimal rate)
        {
            return null;
        }

        if (rate.Mantissa <= 0)
        {
            throw new ArgumentOutOfRangeException(nameof(perHour), rate, "the maximum rate is above zero");
        }

        Int128 steps = rate.Mantissa;
        for (int place = rate.Places; place < places; place++)
        {
            steps *= 10;
        }

        for (int place = places; place < rate.Places; place++)
        {
            steps = (steps / 10) + (steps % 10 == 0 ? 0 : 1);
        }

        return steps > long.MaxValue ? null : (long)steps;
    }
}
