using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Metering.Analytics.Intervals;
using Metering.Readings;
using Metering.Store.Chunks;

namespace Metering.Store.Rollups;

/// <summary>
/// What a rollup was made of: a first and a last day (8 bytes LE each) and a hash of the versions of all chunks from the one
/// to the other, the channel's definition, its pace, the zone's offsets in the month and the rule by which it was computed.
/// A rollup is fresh while the same hash comes out today; no other is ever served.
/// </summary>
internal static class RollupSource
{
    public const int HashLength = 16;

    /// <summary>Raised whenever the same readings would give other intervals: every rollup made before is stale then.</summary>
    private const long RuleVersion = 2;

    private const int DaysLength = 16;

    /// <summary>The source of a month, or null when not all of its readings are sealed.</summary>
    public static byte[]? Of(RollupInput input, RollupRule rule, int month, long firstDay, long lastDay)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        AddChannel(hash, input.Channel);
        hash.AppendData(RollupPace.Encode(rule.Pace));
        AddZone(hash, rule, month);
        if (!input.Days.AddTo(hash, firstDay, lastDay))
        {
            return null;
        }

        byte[] source = new byte[DaysLength + HashLength];
        BinaryPrimitives.WriteInt64LittleEndian(source, firstDay);
        BinaryPrimitives.WriteInt64LittleEndian(source.AsSpan(8), lastDay);
        Span<byte> full = stackalloc byte[SHA256.HashSizeInBytes];
        _ = hash.GetHashAndReset(full);
        full[..HashLength].CopyTo(source.AsSpan(DaysLength));
        return source;
    }

    /// <summary>Whether a stored source is what <see cref="Of"/> gives now for the same days.</summary>
    public static bool IsFresh(byte[] stored, RollupInput input, RollupRule rule, int month) =>
        stored.Length == DaysLength + HashLength
        && Of(input, rule, month, BinaryPrimitives.ReadInt64LittleEndian(stored), BinaryPrimitives.ReadInt64LittleEndian(stored.AsSpan(8))) is byte[] now
        && now.AsSpan().SequenceEqual(stored);

    public static void AddChannel(IncrementalHash hash, Channel channel)
    {
        AddNumber(hash, RuleVersion);
        hash.AppendData(Encoding.UTF8.GetBytes(channel.Unit));
        AddNumber(hash, (long)channel.Kind);
        AddNumber(hash, channel.DecimalPlaces);
        AddNumber(hash, channel.Modulus ?? 0);
    }

    /// <summary>The offsets that place the borders: a time zone database that has learnt a new rule makes a rollup stale.</summary>
    private static void AddZone(IncrementalHash hash, RollupRule rule, int month)
    {
        AddNumber(hash, (long)rule.Step);
        AddNumber(hash, rule.Zone.BaseUtcOffset.Ticks);
        if (rule.Step != RollupStep.Day)
        {
            return;
        }

        long end = RollupMonth.Start(month + 1) + ChunkCodec.MillisecondsPerDay;
        for (long instant = RollupMonth.Start(month); instant <= end; instant += ChunkCodec.MillisecondsPerDay)
        {
            AddNumber(hash, rule.Zone.GetUtcOffset(DateTimeOffset.FromUnixTimeMilliseconds(instant)).Ticks);
        }
    }

    private static void AddNumber(IncrementalHash hash, long number)
    {
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, number);
        hash.AppendData(bytes);
    }
}

/// <summary>By what rule intervals are computed.</summary>
/// <param name="Step">Length of the intervals.</param>
/// <param name="Zone">The plant's zone.</param>
/// <param name="Pace">The channel's pace.</param>
internal sealed record RollupRule(RollupStep Step, TimeZoneInfo Zone, CounterPace Pace)
{
    private const long LongestDay = 26L * 60 * 60 * 1000;

    /// <summary>No interval of the step is longer, in milliseconds.</summary>
    public long LongestMilliseconds => Step == RollupStep.Day ? LongestDay : IntervalStep.Milliseconds;

    public IntervalStep IntervalStep => Step switch
    {
        RollupStep.QuarterHour => IntervalStep.QuarterHour,
        RollupStep.Hour => IntervalStep.Hour,
        RollupStep.Day => IntervalStep.Day,
        _ => throw new System.Diagnostics.UnreachableException(),
    };
}
