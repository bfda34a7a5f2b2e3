using System.Collections.Concurrent;
using Metering.Cloud.Texts;
using Metering.Readings;
using Metering.Store;

namespace Metering.Cloud.Plants;

/// <summary>A channel with its newest reading.</summary>
/// <param name="Stored">The channel.</param>
/// <param name="Latest">Its newest reading, one that is not in the chain yet included; null when its value is not there any more.</param>
/// <param name="IsEarly">Whether that reading is signed and durable but not yet in the chain: earlier ones are still on the way.</param>
internal sealed record LiveChannel(StoredChannel Stored, Reading? Latest, bool IsEarly)
{
    /// <summary>A channel is late when its newest reading is older than so many of its intervals.</summary>
    public const int LateIntervals = 3;

    /// <summary>Instant of the newest reading, UTC milliseconds.</summary>
    public long LastUtcMilliseconds => IsEarly ? Latest!.Value.UtcMilliseconds : Stored.LastUtcMilliseconds;

    /// <summary>The channels of a plant, by gateway and channel.</summary>
    public static IReadOnlyList<LiveChannel> Of(IReadingStore store, string plant)
    {
        (IReadOnlyList<StoredChannel> channels, IReadOnlyDictionary<(string, string), EarlyReading> early) = Read(store, plant);
        return [.. channels.Select(channel =>
        {
            if (channel.Count == 0)
            {
                return new LiveChannel(channel, early[(channel.Gateway, channel.Channel.Id)].Reading, IsEarly: true);
            }

            Reading? news = early.TryGetValue((channel.Gateway, channel.Channel.Id), out EarlyReading? waiting) && IsNewer(waiting, channel) ? waiting.Reading : null;
            return new LiveChannel(channel, news ?? store.Latest(channel.Gateway, channel.Channel.Id), news is not null);
        })];
    }

    /// <summary>The channels of a plant, by gateway and channel; one of which nothing is in the chain yet has 0 readings.</summary>
    public static IReadOnlyList<StoredChannel> ChannelsOf(IReadingStore store, string plant) => Read(store, plant).Channels;

    /// <summary>A channel, also one of which nothing is in the chain yet (0 readings); null when nothing of it came.</summary>
    public static StoredChannel? Find(IReadingStore store, string gateway, string channel) => store.FindChannel(gateway, channel) ?? FindEarly(store, gateway, channel)?.Stored;

    /// <summary>A channel of which only readings came that wait for their turn; null for any other.</summary>
    public static LiveChannel? FindEarly(IReadingStore store, string gateway, string channel) =>
        store.FindChannel(gateway, channel) is null && store.EnrolmentsOf(gateway).MaxBy(enrolment => enrolment.KeyEpoch) is { } newest
        && store.NewestEarly(gateway).FirstOrDefault(reading => reading.Channel.Id == channel) is { } early
            ? new(Waiting(early, newest), early.Reading, IsEarly: true)
            : null;

    /// <summary>Whether the newest reading is older than <see cref="LateIntervals"/> intervals; false when the interval is not known.</summary>
    public bool IsLate(TimeSpan? interval, DateTimeOffset now) =>
        interval is { } length && now - DateTimeOffset.FromUnixTimeMilliseconds(LastUtcMilliseconds) > LateIntervals * length;

    private static (IReadOnlyList<StoredChannel> Channels, IReadOnlyDictionary<(string, string), EarlyReading> Early) Read(IReadingStore store, string plant)
    {
        List<StoredChannel> channels = [.. store.ChannelsOfPlant(plant)];
        Dictionary<string, GatewayEnrolment> gateways = store.EnrolmentsOfPlant(plant).GroupBy(enrolment => enrolment.Gateway, StringComparer.Ordinal)
            .Select(group => group.MaxBy(enrolment => enrolment.KeyEpoch)!).ToDictionary(enrolment => enrolment.Gateway, StringComparer.Ordinal);
        Dictionary<(string, string), EarlyReading> early = gateways.Keys.Concat(channels.Select(channel => channel.Gateway)).Distinct(StringComparer.Ordinal)
            .SelectMany(store.NewestEarly).ToDictionary(reading => (reading.Gateway, reading.Channel.Id));

        // A channel of which nothing is in the chain yet: its newest reading is all there is to show.
        HashSet<(string, string)> known = [.. channels.Select(channel => (channel.Gateway, channel.Channel.Id))];
        channels.AddRange(early.Values.Where(reading => gateways.ContainsKey(reading.Gateway) && !known.Contains((reading.Gateway, reading.Channel.Id)))
            .Select(reading => Waiting(reading, gateways[reading.Gateway])));
        return ([.. channels.OrderBy(channel => channel.Gateway, StringComparer.Ordinal).ThenBy(channel => channel.Channel.Id, StringComparer.Ordinal)], early);
    }

    private static StoredChannel Waiting(EarlyReading reading, GatewayEnrolment gateway) =>
        new(reading.Gateway, gateway.Plant, reading.Channel, 0, reading.Reading.UtcMilliseconds, reading.Reading.UtcMilliseconds, gateway.Origin);

    // One of another unit or number of decimals could not be shown beside the others, and is refused when its turn comes.
    private static bool IsNewer(EarlyReading early, StoredChannel stored) =>
        early.Reading.UtcMilliseconds > stored.LastUtcMilliseconds
        && (early.Channel.Unit, early.Channel.Kind, early.Channel.DecimalsText) == (stored.Channel.Unit, stored.Channel.Kind, stored.Channel.DecimalsText);
}

/// <summary>How often each channel is read, learnt from its newest stored readings and kept for an hour of readings. Safe from any thread.</summary>
internal sealed class ChannelPaces
{
    private const int FewestReadings = 4;
    private const int MostReadings = 61;
    private const int MostKept = 100_000;

    // An hour is enough for meters; imports may come once a day.
    private static readonly TimeSpan[] Looks = [TimeSpan.FromHours(1), TimeSpan.FromDays(1), TimeSpan.FromDays(8)];
    private static readonly long KeepMilliseconds = (long)TimeSpan.FromHours(1).TotalMilliseconds;

    private readonly ConcurrentDictionary<(string, string), (long LastUtcMilliseconds, TimeSpan? Interval)> kept = new();

    /// <summary>The median distance of its newest readings; null when there are fewer than four in the last eight days of the channel.</summary>
    public TimeSpan? IntervalOf(IReadingStore store, StoredChannel channel)
    {
        if (channel.Count == 0)
        {
            return null; // only readings that wait for their turn
        }

        (string, string) key = (channel.Gateway, channel.Channel.Id);
        if (kept.TryGetValue(key, out (long Last, TimeSpan? Interval) known) && Math.Abs(channel.LastUtcMilliseconds - known.Last) < KeepMilliseconds && known.Interval is not null)
        {
            return known.Interval;
        }

        if (kept.Count >= MostKept)
        {
            kept.Clear();
        }

        TimeSpan? interval = Learn(store, channel);
        kept[key] = (channel.LastUtcMilliseconds, interval);
        return interval;
    }

    private static TimeSpan? Learn(IReadingStore store, StoredChannel channel)
    {
        foreach (TimeSpan look in Looks)
        {
            ReadingColumns columns = store.Read(
                channel.Gateway, channel.Channel.Id, channel.LastUtcMilliseconds - (long)look.TotalMilliseconds, channel.LastUtcMilliseconds + 1);
            if (columns.Count >= FewestReadings)
            {
                ReadOnlySpan<long> last = columns.UtcMilliseconds.AsSpan(Math.Max(0, columns.Count - MostReadings));
                long[] distances = new long[last.Length - 1];
                for (int index = 0; index < distances.Length; index++)
                {
                    distances[index] = last[index + 1] - last[index];
                }

                Array.Sort(distances);
                return TimeSpan.FromMilliseconds(distances[distances.Length / 2]);
            }
        }

        return null;
    }
}

/// <summary>The texts of live cells, as the page draws them and as the stream sends them.</summary>
internal sealed class LiveTexts(Formatter format)
{
    /// <summary>Name of a cell in the page.</summary>
    public static string Cell(LiveChannel channel, string what) => $"{channel.Stored.Gateway}/{channel.Stored.Channel.Id}/{what}";

    /// <summary>All cells of a plant by name.</summary>
    public Dictionary<string, string> All(IReadOnlyList<LiveChannel> channels, Func<StoredChannel, TimeSpan?> intervalOf, DateTimeOffset now)
    {
        Dictionary<string, string> cells = new(StringComparer.Ordinal);
        foreach (LiveChannel channel in channels)
        {
            cells[Cell(channel, "value")] = Value(channel);
            cells[Cell(channel, "age")] = Age(channel, now);
            cells[Cell(channel, "quality")] = Quality(channel);
            cells[Cell(channel, "late")] = Late(channel, intervalOf(channel.Stored), now);
        }

        return cells;
    }

    /// <summary>The value with its unit; a dash when there is none.</summary>
    public string Value(LiveChannel channel) => channel.Latest is { HasValue: true } latest
        ? Number(channel.Stored.Channel, channel.Stored.Channel.ToDouble(latest.ScaledValue))
        : Formatter.Missing;

    /// <summary>Its age in words.</summary>
    public string Age(LiveChannel channel, DateTimeOffset now) => format.Age(now - DateTimeOffset.FromUnixTimeMilliseconds(channel.LastUtcMilliseconds));

    /// <summary>Its quality in words.</summary>
    public string Quality(LiveChannel channel) => channel.Latest is not { } known ? Formatter.Missing
        : known.Quality.Reason == QualityReason.None ? ReasonTexts.Of(known.Quality.Class).In(format.Language)
        : $"{ReasonTexts.Of(known.Quality.Class).In(format.Language)}: {ReasonTexts.Of(known.Quality.Reason).In(format.Language)}";

    /// <summary>That the channel is late, and how often it is read; empty when it is not.</summary>
    public string Late(LiveChannel channel, TimeSpan? interval, DateTimeOffset now) =>
        channel.IsLate(interval, now) ? PlantWords.Late.In(format.Language, PlantWords.Span(interval!.Value)) : "";

    // A binary number has no decimals of its own: as many as its size deserves.
    private string Number(Channel channel, double value) =>
        format.Quantity(value, channel.Unit, channel.Form == ValueForm.Binary64 ? Formatter.DecimalsFor(value) + 1 : channel.DecimalPlaces);
}
