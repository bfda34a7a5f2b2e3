using System.Net;
using System.Net.ServerSentEvents;
using System.Text.Json;
using Metering.Cloud.Accounts;
using Metering.Cloud.Plants;
using Metering.Cloud.Texts;
using Metering.Programme.Accounts;
using Metering.Readings;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Metering.Tests.Plants;

/// <summary>Live values, read by a real client over a real connection.</summary>
public sealed class LiveStreamTests : IAsyncLifetime
{
    private const string Kwh = "leon-tannery/mains.active-energy-import/";
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    private readonly PlantFixture plant = new();

    public Task InitializeAsync() => plant.InitializeAsync();

    public Task DisposeAsync() => plant.DisposeAsync();

    [Fact]
    public async Task The_values_come_at_once_in_the_language_of_the_page_and_then_only_what_changed()
    {
        using CancellationTokenSource ending = new(Deadline);
        using HttpClient client = await plant.SignedInAsync(AccountRole.Operator);
        using HttpResponseMessage response = await OpenAsync(client, "/es/plants/leon-tannery/live", ending.Token);
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType!.MediaType);
        await using IAsyncEnumerator<SseItem<string>> events = await EventsAsync(response, ending.Token);

        (string type, Dictionary<string, string> first) = await NextAsync(events);
        Assert.Equal("values", type);
        Assert.Equal(16, first.Count);
        Assert.EndsWith("\u00A0kWh", first[Kwh + "value"], StringComparison.Ordinal);
        Assert.Equal(("hace 2 h", "buena", ""), (first[Kwh + "age"], first[Kwh + "quality"], first[Kwh + "late"]));

        plant.Clock.Advance(TimeSpan.FromMinutes(16));
        Dictionary<string, string> news = new(StringComparer.Ordinal);
        while (news.GetValueOrDefault(Kwh + "late", "").Length == 0)
        {
            foreach ((string cell, string text) in (await NextAsync(events)).Cells)
            {
                news[cell] = text;
            }
        }

        Assert.Equal(("hace 3 h", "atrasado: se lee cada 60 min"), (news[Kwh + "age"], news[Kwh + "late"]));
        Assert.DoesNotContain(Kwh + "value", news.Keys);
    }

    [Fact]
    public async Task A_stream_without_news_says_that_it_lives_and_ends_with_the_session()
    {
        using CancellationTokenSource ending = new(Deadline);
        using HttpClient client = await plant.SignedInAsync(AccountRole.Operator);
        using HttpResponseMessage response = await OpenAsync(client, "/en/plants/leon-tannery/live", ending.Token);
        await using IAsyncEnumerator<SseItem<string>> events = await EventsAsync(response, ending.Token);
        Assert.Equal("values", (await NextAsync(events)).Type);
        plant.Clock.Advance(LiveStream.Heartbeat);
        Assert.Equal("heartbeat", (await NextAsync(events)).Type);

        await using (AsyncServiceScope scope = plant.Services.CreateAsyncScope())
        {
            GrantDesk desk = scope.ServiceProvider.GetRequiredService<GrantDesk>();
            string account = desk.Holding(null).Single().AccountId;
            desk.EndSession(new(account, account), desk.Sessions(account).Single().Id);
        }

        plant.Clock.Advance(LiveStream.Tick);
        Assert.Equal("end", (await NextAsync(events)).Type);
        Assert.False(await events.MoveNextAsync());
    }

    [Fact]
    public async Task An_account_has_ten_streams_and_the_next_is_refused_with_what_to_do()
    {
        using CancellationTokenSource ending = new(Deadline);
        using HttpClient client = await plant.SignedInAsync(AccountRole.Operator);
        List<HttpResponseMessage> open = [];
        for (int index = 0; index < LiveStream.MostOfOneReader; index++)
        {
            open.Add(await OpenAsync(client, "/es/plants/leon-tannery/live", ending.Token));
        }

        using HttpResponseMessage refused = await OpenAsync(client, "/es/plants/leon-tannery/live", ending.Token);
        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.Contains("Cierre una", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(10, plant.Services.GetRequiredService<LiveStream>().OpenCount);
        using HttpClient other = await plant.SignedInAsync(AccountRole.Reviewer, null);
        using HttpResponseMessage another = await OpenAsync(other, "/es/plants/leon-tannery/live", ending.Token);
        Assert.Equal(HttpStatusCode.OK, another.StatusCode);
        open.ForEach(response => response.Dispose());
    }

    [Fact]
    public void A_place_that_is_given_back_is_free_again()
    {
        LiveStream live = plant.Services.GetRequiredService<LiveStream>();
        Viewer viewer = new(ViewerKind.Account, "a", "A") { Holds = [], EndsUtcMilliseconds = long.MaxValue };
        List<IDisposable?> places = [.. Enumerable.Range(0, LiveStream.MostOfOneReader).Select(_ => live.Enter(viewer))];
        Assert.Null(live.Enter(viewer));
        places[0]!.Dispose();
        places[0]!.Dispose();
        using IDisposable? again = live.Enter(viewer);
        Assert.NotNull(again);
        Assert.Null(live.Enter(viewer));
        places.ForEach(place => place!.Dispose());
    }

    [Fact]
    public async Task Who_takes_no_event_stream_gets_the_values_once_and_a_foreign_plant_is_not_there()
    {
        using HttpClient client = await plant.SignedInAsync(AccountRole.Operator);
        Assert.Contains("event: values", await client.GetStringAsync("/en/plants/leon-tannery/live"), StringComparison.Ordinal);
        using HttpResponseMessage foreign = await client.GetAsync(new Uri("/en/plants/silao-auto/live", UriKind.Relative));
        Assert.Equal(HttpStatusCode.NotFound, foreign.StatusCode);
    }

    [Fact]
    public async Task The_page_shows_the_same_texts_without_any_script_and_names_every_cell_once()
    {
        using HttpClient client = await plant.SignedInAsync(AccountRole.Operator);
        string page = await client.GetStringAsync("/es/plants/leon-tannery");
        Assert.Contains("data-live=\"/es/plants/leon-tannery/live\"", page, StringComparison.Ordinal);
        Assert.Contains($"data-cell=\"{Kwh}age\">hace 2 h<", page, StringComparison.Ordinal);
        Assert.Equal(2, page.Split(Kwh + "late").Length);
        Assert.Contains("<script type=\"module\" src=\"/live.js?v=", page, StringComparison.Ordinal);
        Assert.StartsWith("//", await client.GetStringAsync(PlantAssets.LiveAddress), StringComparison.Ordinal);
    }

    [Fact]
    public void A_binary_gauge_shows_its_value_and_not_the_integer_that_stands_for_it()
    {
        Channel channel = new() { Id = "effluent.ph", Meter = "effluent", Unit = "pH", Kind = ChannelKind.Gauge, DecimalPlaces = 0, Form = ValueForm.Binary64, Profile = "import/1" };
        Assert.True(channel.TryToScaled(7.31, out long scaled));
        LiveChannel live = new(new("g", "p", channel, 1, 0, 0), new Reading(0, scaled, 0, ReadingQuality.Good, HasValue: true), IsEarly: false);
        Assert.StartsWith("7.31\u00A0", new LiveTexts(new Formatter(Language.Spanish)).Value(live), StringComparison.Ordinal);
    }

    private static async Task<HttpResponseMessage> OpenAsync(HttpClient client, string address, CancellationToken cancellationToken)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, address);
        request.Headers.Accept.Add(new("text/event-stream"));
        return await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
    }

    private static async Task<IAsyncEnumerator<SseItem<string>>> EventsAsync(HttpResponseMessage response, CancellationToken cancellationToken) =>
        SseParser.Create(await response.Content.ReadAsStreamAsync(cancellationToken)).EnumerateAsync(cancellationToken).GetAsyncEnumerator(cancellationToken);

    private static async Task<(string Type, Dictionary<string, string> Cells)> NextAsync(IAsyncEnumerator<SseItem<string>> events)
    {
        Assert.True(await events.MoveNextAsync());
        return (events.Current.EventType, JsonSerializer.Deserialize<Dictionary<string, string>>(events.Current.Data)!);
    }
}
