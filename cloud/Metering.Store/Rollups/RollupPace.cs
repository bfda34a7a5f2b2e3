using System.Buffers.Binary;
using System.Security.Cryptography;
using Metering.Analytics.Intervals;
using Metering.Store.Chunks;

namespace Metering.Store.Rollups;

/// <summary>
/// What is usual for a channel: the spacing of its readings and, for a counter, how fast it rises. The kernel takes this
/// from the readings it is given; months computed one by one need one pace for all, or a fall near a border could be taken
/// for one thing on one side and for another on the other. It is taken from at most <see cref="MaximumDays"/> days spread
/// over the months before the newest reading's month, and its rates are rounded up to two binary places, so that it seldom
/// changes and everything made with it stays fresh.
/// </summary>
internal static class RollupPace
{
    /// <summary>Step under which the pace is stored.</summary>
    public const int StoredAs = -1;
    public const int MaximumDays = 64;

    private const int Length = 32;
    private const long DroppedBits = (1L << 50) - 1;
    private static readonly RollupKind Kind = new(StoredAs, "");

    /// <summary>The channel's pace.</summary>
    /// <param name="input">The channel.</param>
    /// <param name="made">Receives the row to store when the pace was not stored yet.</param>
    public static CounterPace Of(RollupInput input, List<(RollupKind Kind, RollupRow Row)> made)
    {
        List<long> sample = Sample(input.Days);
        byte[]? source = SourceOf(input, sample);
        if (source is not null && input.Stored(Kind, 0, 0) is [RollupRow row] && row.Source.AsSpan().SequenceEqual(source) && row.Data.Length == Length)
        {
            return Decode(row.Data);
        }

        CounterPace pace = Take(input, sample);
        if (source is not null)
        {
            made.Add((Kind, new(0, source, Encode(pace))));
        }

        return pace;
    }

    public static byte[] Encode(CounterPace pace)
    {
        byte[] bytes = new byte[Length];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, pace.Spacing);
        BinaryPrimitives.WriteDoubleLittleEndian(bytes.AsSpan(8), pace.PlausibleRate);
        BinaryPrimitives.WriteDoubleLittleEndian(bytes.AsSpan(16), pace.CatchUpRate);
        BinaryPrimitives.WriteDoubleLittleEndian(bytes.AsSpan(24), pace.ImpossibleRate);
        return bytes;
    }

    private static CounterPace Decode(byte[] bytes) => new()
    {
        Spacing = BinaryPrimitives.ReadInt64LittleEndian(bytes),
        PlausibleRate = BinaryPrimitives.ReadDoubleLittleEndian(bytes.AsSpan(8)),
        CatchUpRate = BinaryPrimitives.ReadDoubleLittleEndian(bytes.AsSpan(16)),
        ImpossibleRate = BinaryPrimitives.ReadDoubleLittleEndian(bytes.AsSpan(24)),
    };

    private static CounterPace Take(RollupInput input, List<long> sample)
    {
        List<Columns> parts = sample.ConvertAll(day => input.Load(day, day));
        Columns all = new(parts.Sum(part => part.Count));
        int position = 0;
        foreach (Columns part in parts)
        {
            part.CopyTo(0, all, position, part.Count);
            position += part.Count;
        }

        UsableReadings readings = UsableReadings.Of(all, input.Channel);
        CounterOptions options = new() { Step = IntervalStep.QuarterHour, Exponent = input.Channel.DecimalPlaces };
        CounterPace pace = CounterPace.Of(readings.UtcMilliseconds, readings.Scaled, options, new());
        return pace with
        {
            PlausibleRate = RoundedUp(pace.PlausibleRate),
            CatchUpRate = RoundedUp(pace.CatchUpRate),
            ImpossibleRate = RoundedUp(pace.ImpossibleRate),
        };
    }

    private static double RoundedUp(double rate) => double.IsFinite(rate)
        ? BitConverter.Int64BitsToDouble((BitConverter.DoubleToInt64Bits(rate) + DroppedBits) & ~DroppedBits)
        : rate;

    private static List<long> Sample(DaySet days)
    {
        if (days.Count == 0)
        {
            return [];
        }

        int month = RollupMonth.Of(days[days.Count - 1] * ChunkCodec.MillisecondsPerDay);
        int before = days.FirstFrom(RollupMonth.Start(month) / ChunkCodec.MillisecondsPerDay);
        int count = before == 0 ? days.Count : before;
        int kept = Math.Min(count, MaximumDays);
        List<long> sample = new(kept);
        for (int index = 0; index < kept; index++)
        {
            sample.Add(days[kept == 1 ? 0 : (int)((long)index * (count - 1) / (kept - 1))]);
        }

        return sample;
    }

    private static byte[]? SourceOf(RollupInput input, List<long> sample)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        RollupSource.AddChannel(hash, input.Channel);
        foreach (long day in sample)
        {
            if (!input.Days.AddTo(hash, day, day))
            {
                return null;
            }
        }

        return hash.GetHashAndReset()[..RollupSource.HashLength];
    }
}
