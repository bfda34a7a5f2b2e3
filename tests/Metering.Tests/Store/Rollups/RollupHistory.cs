using Metering.Analytics.Intervals;
using Metering.Readings;
using Metering.Store;
using Metering.Store.Chunks;
using Metering.Store.Rollups;

namespace Metering.Tests.Store.Rollups;

/// <summary>A random history of one channel with everything that meters do, and what one pass of the kernel makes of it.</summary>
internal sealed class RollupHistory
{
    public const long Start = 1_704_067_200_000;
    private const long Day = 86_400_000;
    private const long Spacing = 900_000;
    private const long Modulus = 3_000_000;

    private readonly Random _random;
    private readonly SortedDictionary<long, Reading> _readings = [];
    private readonly Dictionary<(RollupKind, int), RollupRow> _stored = [];

    public RollupHistory(int seed, ChannelKind kind, int days)
    {
        _random = new(seed);
        Channel = new()
        {
            Id = "mains.energy",
            Meter = "mains",
            Unit = "kWh",
            Kind = kind,
            DecimalPlaces = 1,
            Modulus = seed % 3 == 0 && kind == ChannelKind.Counter ? Modulus : null,
            Profile = "simulated-energy/1",
        };
        int count = days * 96;
        long[] values = kind == ChannelKind.Counter ? Counter(count) : Gauge(count);
        for (int index = 0; index < count; index++)
        {
            Put(Start + (index * Spacing), values[index], _random.Next(400) == 0 ? ReadingQuality.Uncertain(QualityReason.Late) : ReadingQuality.Good);
        }

        for (int gaps = _random.Next(6); gaps > 0; gaps--)
        {
            Remove(Place(days), _random.Next(1, 10 * 96) * Spacing / (_random.Next(3) == 0 ? 1 : 20));
        }
    }

    public Channel Channel { get; }

    public int StoredMonths { get; private set; }

    /// <summary>Readings come, are corrected or go missing somewhere in the history.</summary>
    public void Change(int days)
    {
        long at = Place(days);
        if (_random.Next(3) == 0)
        {
            Remove(at, _random.Next(1, 40) * Spacing);
            return;
        }

        long value = _readings.LastOrDefault(item => item.Key <= at).Value.ScaledValue;
        for (int count = _random.Next(1, 20); count > 0; count--)
        {
            Put(at, value, ReadingQuality.Good);
            at += Spacing + (_random.Next(2) * 60_000);
            value += _random.Next(4) == 0 ? 0 : _random.Next(60);
        }
    }

    /// <summary>Goes on for some days as before.</summary>
    public void Extend(int days)
    {
        (long last, Reading reading) = _readings.Last();
        long value = reading.ScaledValue;
        for (int count = days * 96; count > 0; count--)
        {
            last += Spacing;
            value += _random.Next(60);
            Put(last, value, ReadingQuality.Good);
        }
    }

    /// <summary>What the rollups give; what they make is kept as a store would keep it.</summary>
    public IntervalReadings FromRollups(IntervalRequest request, long unsealedFromDay = long.MaxValue)
    {
        RollupInput input = Input(unsealedFromDay);
        RollupReader reader = new(input);
        RollupColumns columns = reader.Read(request);
        reader.Made.ForEach(item => _stored[(item.Kind, item.Row.Month)] = item.Row);
        StoredMonths += reader.StoredMonths;
        return new(Channel, request, columns) { StoredMonths = reader.StoredMonths, ComputedMonths = reader.ComputedMonths };
    }

    /// <summary>One pass of the kernel over everything, with the channel's pace.</summary>
    public RollupColumns InOnePass(IntervalRequest request)
    {
        RollupInput input = Input(long.MaxValue) with { Stored = (_, _, _) => [] };
        RollupRule rule = new(request.Step, request.Zone, RollupPace.Of(input, []));
        UsableReadings readings = UsableReadings.Of(input.Load(0, DaySet.LastDay), Channel);
        RollupColumns all = new(Channel.Kind == ChannelKind.Counter, 0);
        if (Channel.Kind == ChannelKind.Counter)
        {
            IntervalSeries series = IntervalBuilder.FromCounter(
                readings.UtcMilliseconds,
                readings.Scaled,
                [],
                new() { Step = rule.IntervalStep, Exponent = 1, Modulus = Channel.Modulus, Zone = request.Zone, Pace = rule.Pace });
            int start = all.Add(series.Value.Count);
            ((long[])[.. series.StartUtcMilliseconds, series.EndUtcMilliseconds]).CopyTo(all.Borders, start);
            series.Value.ToArray().CopyTo(all.Value, 0);
            series.Code.ToArray().CopyTo(all.Code, 0);
            series.KnownMilliseconds.ToArray().CopyTo(all.KnownMilliseconds, 0);
            series.KnownScaled.ToArray().CopyTo(all.Known, 0);
            return all;
        }

        MeanSeries means = IntervalBuilder.FromInstantaneous(
            readings.UtcMilliseconds,
            Array.ConvertAll(readings.Scaled, value => value / 10.0),
            [],
            new() { Step = rule.IntervalStep, Zone = request.Zone, SpacingMilliseconds = rule.Pace.Spacing });
        _ = all.Add(means.Mean.Count);
        ((long[])[.. means.StartUtcMilliseconds, means.EndUtcMilliseconds]).CopyTo(all.Borders, 0);
        means.Mean.ToArray().CopyTo(all.Value, 0);
        means.Count.ToArray().CopyTo(all.Readings, 0);
        return all;
    }

    /// <summary>Lowest and highest usable reading in a range, or (0, 0).</summary>
    public (long Minimum, long Maximum) Extremes(long from, long to)
    {
        long[] values = [.. _readings.Where(item => item.Key >= from && item.Key < to && item.Value.Quality.IsGood).Select(item => item.Value.ScaledValue)];
        return values.Length == 0 ? (0, 0) : (values.Min(), values.Max());
    }

    private RollupInput Input(long unsealedFromDay)
    {
        Dictionary<long, Columns> chunks = [];
        foreach (IGrouping<long, KeyValuePair<long, Reading>> day in _readings.GroupBy(item => item.Key / Day))
        {
            Columns columns = new(day.Count());
            int index = 0;
            foreach ((long instant, Reading reading) in day)
            {
                columns.UtcMilliseconds[index] = instant;
                columns.ScaledValues[index] = reading.ScaledValue;
                columns.Qualities[index] = reading.Quality;
                columns.HasValues[index++] = true;
            }

            chunks.Add(day.Key, columns);
        }

        List<long> days = [.. chunks.Keys.Order()];
        List<long> versions = days.ConvertAll(day => day >= unsealedFromDay ? DaySet.Unsealed : DaySet.VersionOf(ChunkCodec.Encode(ChunkCodec.IdOf(1, day), chunks[day])));
        return new(1, Channel, new(days, versions), (first, last) => Join(chunks, days, first, last), Find);
    }

    private List<RollupRow> Find(RollupKind kind, int first, int last) =>
        [.. _stored.Where(item => item.Key.Item1 == kind && item.Key.Item2 >= first && item.Key.Item2 <= last).OrderBy(item => item.Key.Item2).Select(item => item.Value)];

    private static Columns Join(Dictionary<long, Columns> chunks, List<long> days, long first, long last)
    {
        List<Columns> parts = days.Where(day => day >= first && day <= last).Select(day => chunks[day]).ToList();
        Columns all = new(parts.Sum(part => part.Count));
        int position = 0;
        foreach (Columns part in parts)
        {
            part.CopyTo(0, all, position, part.Count);
            position += part.Count;
        }

        return all;
    }

    private void Put(long instant, long value, ReadingQuality quality) => _readings[instant] = new(instant, value, 0, quality, HasValue: true);

    private void Remove(long from, long length)
    {
        foreach (long instant in _readings.Keys.Where(instant => instant >= from && instant < from + length).ToArray())
        {
            _ = _readings.Remove(instant);
        }
    }

    // Often close to a border of months, where mistakes would show.
    private long Place(int days)
    {
        long at = _random.Next(2) == 0
            ? RollupMonth.Start(RollupMonth.Of(Start) + _random.Next(1, Math.Max(2, days / 30))) + (_random.Next(-200, 200) * Spacing)
            : Start + (_random.Next(days * 96) * Spacing);
        return Math.Max(Start, at);
    }

    private long[] Gauge(int count)
    {
        long[] values = new long[count];
        long value = 200;
        for (int index = 0; index < count; index++)
        {
            value += _random.Next(-5, 6);
            values[index] = value;
        }

        return values;
    }

    private long[] Counter(int count)
    {
        long[] rises = new long[count];
        for (int index = 0; index < count; index++)
        {
            rises[index] = _random.Next(60);
        }

        for (int still = _random.Next(4); still > 0; still--)
        {
            StandStill(rises);
        }

        long[] values = new long[count];
        long register = _random.Next(2_900_000);
        for (int index = 0; index < count; index++)
        {
            register += rises[index];
            values[index] = Channel.Modulus is long modulus ? register % modulus : register;
        }

        for (int faults = _random.Next(8); faults > 0; faults--)
        {
            Fault(values);
        }

        return values;
    }

    private void StandStill(long[] rises)
    {
        int at = Index(rises.Length);
        int length = Math.Min(rises.Length - at, _random.Next(3, _random.Next(2) == 0 ? 20 : 2000));
        long held = 0;
        for (int index = at; index < at + length; index++)
        {
            held += rises[index];
            rises[index] = 0;
        }

        if (at + length < rises.Length && _random.Next(2) == 0)
        {
            rises[at + length] += held;
        }
    }

    private void Fault(long[] values)
    {
        int at = Index(values.Length);
        int length = Math.Min(values.Length - at, _random.Next(1, 6));
        int kind = _random.Next(5);
        if (kind <= 1)
        {
            // A reset or another meter: everything after it goes on from another register.
            long shift = kind == 0 ? -values[at] : _random.NextInt64(100_000, 800_000);
            for (int index = at; index < values.Length; index++)
            {
                values[index] = Math.Max(0, values[index] + shift);
            }

            return;
        }

        for (int index = at; index < at + length; index++)
        {
            values[index] = kind == 2 ? 0 : kind == 3 ? values[index] + 700_000 : values[index] + _random.Next(200, 2000);
        }
    }

    private int Index(int count) => (int)Math.Clamp((Place(count / 96) - Start) / Spacing, 0, count - 1);
}
