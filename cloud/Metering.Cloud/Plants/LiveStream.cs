using System.Collections.Concurrent;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Security.Claims;
using System.Text.Json;
using Metering.Cloud.Accounts;
using Metering.Cloud.Projects;
using Metering.Cloud.Texts;

namespace Metering.Cloud.Plants;

/// <summary>
/// The live values of a plant as server-sent events (HTML Living Standard, 9.2): "values" with the cells whose text changed, "heartbeat" when nothing
/// did for a while, "end" when the reader may not see the plant any more.
/// </summary>
internal sealed class LiveStream(ProjectBoard board, ChannelPaces paces, ViewerReader viewers, AccessPlaces places)
{
    /// <summary>Streams that one account, key or link may have open at a time.</summary>
    public const int MostOfOneReader = 10;

    /// <summary>Streams of this process.</summary>
    public const int MostOfAll = 1000;

    /// <summary>Time between two looks.</summary>
    public static readonly TimeSpan Tick = TimeSpan.FromSeconds(2);

    /// <summary>Longest silence of a stream: proxies close what is silent for a minute.</summary>
    public static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(20);

    /// <summary>Longest life of a stream: the browser then asks anew, and its cookie is looked at anew.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(30);

    private readonly ConcurrentDictionary<string, int> open = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, (long At, IReadOnlyList<LiveChannel> Channels)> seen = new(StringComparer.Ordinal);
    private int openOfAll;

    /// <summary>Streams that are open.</summary>
    public int OpenCount => Volatile.Read(ref openOfAll);

    /// <summary>Takes a place; null when the reader or the process has all of his. Disposing gives it back.</summary>
    public IDisposable? Enter(Viewer viewer)
    {
        string key = $"{viewer.Kind} {viewer.Id}";
        if (Interlocked.Increment(ref openOfAll) > MostOfAll)
        {
            _ = Interlocked.Decrement(ref openOfAll);
            return null;
        }

        if (open.AddOrUpdate(key, 1, (_, count) => count + 1) > MostOfOneReader)
        {
            Leave(key);
            return null;
        }

        return new Place(this, key);
    }

    /// <summary>The channels of a plant, looked at once a tick however many readers there are.</summary>
    public IReadOnlyList<LiveChannel> ChannelsOf(string plant)
    {
        if (seen.TryGetValue(plant, out (long At, IReadOnlyList<LiveChannel> Channels) known) && board.Clock.GetElapsedTime(known.At) < Tick)
        {
            return known.Channels;
        }

        IReadOnlyList<LiveChannel> channels = LiveChannel.Of(board.Store, plant);
        seen[plant] = (board.Clock.GetTimestamp(), channels);
        return channels;
    }

    /// <summary>How often a channel is read; null when not known.</summary>
    public TimeSpan? IntervalOf(Store.StoredChannel channel) => paces.IntervalOf(board.Store, channel);

    /// <summary>The events of one reader.</summary>
    /// <param name="plant">The plant.</param>
    /// <param name="language">Language of the texts.</param>
    /// <param name="reader">Who reads; asked again at each tick whether he still may.</param>
    /// <param name="isOnce">Whether the values are sent once only.</param>
    /// <param name="cancellationToken">Ends the stream.</param>
    public async IAsyncEnumerable<SseItem<string>> ReadAsync(
        string plant, Language language, ClaimsPrincipal reader, bool isOnce, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        LiveTexts texts = new(new Formatter(language));
        Dictionary<string, string> sent = new(StringComparer.Ordinal);
        long begun = board.Clock.GetTimestamp();
        long spoken = begun;
        using PeriodicTimer timer = new(Tick, board.Clock);
        bool isLast = isOnce;
        do
        {
            isLast |= board.Clock.GetElapsedTime(begun) >= Lifetime;
            if (!MaySee(reader, plant))
            {
                yield return new("{}", "end");
                yield break;
            }

            Dictionary<string, string> news = News(sent, texts.All(ChannelsOf(plant), IntervalOf, board.Clock.GetUtcNow()));
            if (news.Count > 0 || board.Clock.GetElapsedTime(spoken) >= Heartbeat)
            {
                spoken = board.Clock.GetTimestamp();
                yield return new(JsonSerializer.Serialize(news, JsonSerializerOptions.Web), news.Count > 0 ? "values" : "heartbeat");
            }
        }
        while (!isLast && await Next(timer, cancellationToken));
    }

    // A reader who goes away ends the stream without an exception.
    private static async Task<bool> Next(PeriodicTimer timer, CancellationToken cancellationToken)
    {
        try
        {
            return await timer.WaitForNextTickAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private static Dictionary<string, string> News(Dictionary<string, string> sent, Dictionary<string, string> now)
    {
        Dictionary<string, string> news = new(StringComparer.Ordinal);
        foreach ((string name, string text) in now)
        {
            if (!sent.TryGetValue(name, out string? before) || before != text)
            {
                news[name] = sent[name] = text;
            }
        }

        return news;
    }

    private bool MaySee(ClaimsPrincipal reader, string plant) =>
        viewers.Read(reader) is { } viewer && new AccessScope(viewer.Holds, places, board.Clock).MaySeePlant(plant);

    private void Leave(string key)
    {
        _ = Interlocked.Decrement(ref openOfAll);
        if (open.AddOrUpdate(key, 0, (_, count) => count - 1) <= 0)
        {
            _ = open.TryRemove(new(key, 0));
        }
    }

    private sealed class Place(LiveStream stream, string key) : IDisposable
    {
        private int isLeft;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref isLeft, 1) == 0)
            {
                stream.Leave(key);
            }
        }
    }
}
