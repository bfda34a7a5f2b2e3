using Metering.Analytics.Intervals;
using Metering.Store.Chunks;

namespace Metering.Store.Rollups;

/// <summary>Puts the intervals of a range together: fresh rollups as they are stored, all other months computed from readings.</summary>
internal sealed class RollupReader(RollupInput input)
{
    private const long LongestDay = 26L * 60 * 60 * 1000;
    private const long MillisecondsPerQuarterHour = 900_000;

    private readonly IntervalColumns _kernel = new();

    /// <summary>Rows that were made and would be served when they were stored.</summary>
    public List<(RollupKind Kind, RollupRow Row)> Made { get; } = [];

    /// <summary>Months taken from stored rollups.</summary>
    public int StoredMonths { get; private set; }

    /// <summary>Months computed.</summary>
    public int ComputedMonths { get; private set; }

    /// <summary>Makes and stores what is missing or stale in every step.</summary>
    /// <param name="request">Channel and zone.</param>
    /// <param name="read">Reads the intervals of a request and tells how many rollups it stored.</param>
    /// <returns>Rollups stored.</returns>
    public static int Refresh((string Gateway, string Channel, TimeZoneInfo Zone) request, Func<IntervalRequest, int> read)
    {
        int stored = 0;
        foreach (RollupStep step in Enum.GetValues<RollupStep>())
        {
            stored += read(new() { Gateway = request.Gateway, Channel = request.Channel, Step = step, Zone = request.Zone });
        }

        return stored;
    }

    /// <summary>The intervals of the request.</summary>
    /// <param name="request">What is wanted.</param>
    /// <param name="pruned">Ranges that touch the request and whose readings were dropped.</param>
    public IntervalReadings Answer(IntervalRequest request, IReadOnlyList<PrunedRange> pruned)
    {
        RollupColumns columns = Read(request);
        return new(input.Channel, request, columns) { Pruned = pruned, StoredMonths = StoredMonths, ComputedMonths = ComputedMonths };
    }

    /// <summary>The intervals of the request, and possibly some before and after it.</summary>
    public RollupColumns Read(IntervalRequest request)
    {
        bool isCounter = input.Channel.Kind == Metering.Readings.ChannelKind.Counter;
        DaySet days = input.Days;
        if (days.Count == 0 || request.FromUtcMilliseconds >= request.ToUtcMilliseconds)
        {
            return new(isCounter, 0);
        }

        // A day may begin before the first reading in it, and in the month before.
        long first = Math.Max((days[0] * ChunkCodec.MillisecondsPerDay) - LongestDay, request.FromUtcMilliseconds);
        long last = Math.Min(((days[days.Count - 1] + 1) * ChunkCodec.MillisecondsPerDay) - 1, request.ToUtcMilliseconds - 1);
        first = Math.Max(first, StoreLimits.FirstInstantUtcMilliseconds);
        if (last < first)
        {
            return new(isCounter, 0);
        }

        (int firstMonth, int lastMonth) = (RollupMonth.Of(first), RollupMonth.Of(last));
        RollupRule rule = new(request.Step, request.Zone, RollupPace.Of(input, Made));
        RollupKind kind = new((int)request.Step, request.Zone.Id);
        List<RollupRow> rows = input.Stored(kind, firstMonth, lastMonth);
        RollupColumns result = new(isCounter, Estimate(request.Step, firstMonth, lastMonth));
        int next = 0;
        for (int month = firstMonth; month <= lastMonth; month++)
        {
            while (next < rows.Count && rows[next].Month < month)
            {
                next++;
            }

            RollupRow? row = next < rows.Count && rows[next].Month == month ? rows[next] : null;
            if (row is null || !TryTake(row, rule, result))
            {
                Compute(rule, kind, month, result);
            }
        }

        return result;
    }

    private bool TryTake(RollupRow row, RollupRule rule, RollupColumns result)
    {
        long key = RollupCodec.KeyOf(input.ChannelId, rule.Step, row.Month);
        if (!RollupSource.IsFresh(row.Source, input, rule, row.Month) || !RollupCodec.TryDecode(key, row.Data, input.Channel.Divisor, result))
        {
            return false;
        }

        StoredMonths++;
        return true;
    }

    private void Compute(RollupRule rule, RollupKind kind, int month, RollupColumns result)
    {
        ComputedMonths++;
        RollupWindow window = RollupWindow.Of(input, rule, month);
        RollupColumns computed = new(result.IsCounter, Estimate(rule.Step, month, month));
        RollupBuilder.Build(input.Channel, window, rule, (month, _kernel), computed);
        result.Append(computed);
        if (window.IsClosed && RollupSource.Of(input, rule, month, window.FirstDay, window.LastDay) is byte[] source)
        {
            Made.Add((kind, new(month, source, RollupCodec.Encode(RollupCodec.KeyOf(input.ChannelId, rule.Step, month), computed))));
        }
    }

    private static int Estimate(RollupStep step, int firstMonth, int lastMonth)
    {
        long span = RollupMonth.Start(lastMonth + 1) - RollupMonth.Start(firstMonth);
        long length = step switch
        {
            RollupStep.QuarterHour => MillisecondsPerQuarterHour,
            RollupStep.Hour => 4 * MillisecondsPerQuarterHour,
            RollupStep.Day => ChunkCodec.MillisecondsPerDay,
            _ => throw new System.Diagnostics.UnreachableException(),
        };
        return (int)(span / length) + 2;
    }
}
