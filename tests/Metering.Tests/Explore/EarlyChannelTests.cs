using System.Net;
using Metering.Cloud.Explore;
using Metering.Cloud.Plants;
using Metering.Cloud.Projects;
using Metering.Cloud.Texts;
using Metering.Programme.Accounts;
using Metering.Programme.Records;
using Metering.Readings;
using Metering.Store;
using Metering.Tests.Accounts;
using Metering.Tests.Programme;
using Metering.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Metering.Tests.Explore;

public sealed class EarlyChannelTests
{
    private const string Plant = "leon-tannery";

    [Fact]
    public async Task A_channel_of_which_only_early_readings_came_has_a_page_and_may_be_chosen_for_a_project()
    {
        await using AccountHostFixture host = new();
        WebApplication app = await host.StartAsync();
        IReadingStore store = app.Services.GetRequiredService<ProjectBoard>().Store;
        using BatchFactory factory = new(Plant);
        store.Enrol(new(Plant, 1, Plant, factory.PublicPem));
        byte[] first = factory.Next();
        Assert.Equal(AppendOutcome.Early, await AppendAsync(store, factory.Next()));
        Channel counter = factory.Channels.First(channel => channel.Kind == ChannelKind.Counter);
        string address = "/en" + ExploreRoutes.Channel(new(Plant, counter.Id));
        StoredChannel waiting = LiveChannel.Find(store, Plant, counter.Id)!;
        Assert.Equal((0L, Plant), (waiting.Count, waiting.Plant));
        Assert.Null(LiveChannel.Find(store, Plant, "no-such"));
        using HttpClient staff = await PortalAccounts.SignedInAsync(app, AccountRole.Reviewer);
        string page = WebUtility.HtmlDecode(await staff.GetStringAsync(new Uri(address, UriKind.Relative)));
        Assert.Contains(ZoomWords.OnlyEarly.In(Language.English), page, StringComparison.Ordinal);
        LiveChannel live = LiveChannel.FindEarly(store, Plant, counter.Id)!;
        Assert.Contains($"<dd>{new LiveTexts(new Formatter(Language.English)).Value(live)}</dd>", page, StringComparison.Ordinal);
        Assert.Contains(address, await staff.GetStringAsync(new Uri("/en/plants/" + Plant, UriKind.Relative)), StringComparison.Ordinal);
        using HttpClient foreign = await PortalAccounts.SignedInAsync(app, AccountRole.Operator, "silao-auto");
        Assert.Equal(HttpStatusCode.NotFound, await AccountHostFixture.StatusAsync(foreign, address));
        _ = app.Services.GetRequiredService<RecordStore>().Save([new(ProgrammeFixture.Plant(Plant), 0)], ProgrammeFixture.Ana, null);
        string setup = WebUtility.HtmlDecode(await staff.GetStringAsync(new Uri("/en/projects/-new?plant=" + Plant, UriKind.Relative)));
        Assert.Contains($"<option value=\"{Plant}/{counter.Id}\" selected>", setup, StringComparison.Ordinal);
        Assert.Contains(Words.NotYetInTheChain.In(Language.English), setup, StringComparison.Ordinal);
        Assert.Equal(AppendOutcome.Stored, await AppendAsync(store, first));
        Assert.Null(LiveChannel.FindEarly(store, Plant, counter.Id));
        Assert.DoesNotContain(ZoomWords.OnlyEarly.In(Language.English), WebUtility.HtmlDecode(await staff.GetStringAsync(new Uri(address, UriKind.Relative))), StringComparison.Ordinal);
    }

    private static async Task<AppendOutcome> AppendAsync(IReadingStore store, byte[] bytes)
    {
        BatchEnvelope envelope = BatchEnvelope.Open(bytes);
        return await store.AppendAsync(envelope, bytes, envelope.ReadSegments(), CancellationToken.None);
    }
}
