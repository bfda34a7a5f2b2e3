using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Metering.Cloud.Evidence;
using Metering.Evidence.Log;
using Metering.Programme.Accounts;
using Metering.Programme.Log;
using Metering.Readings;
using Metering.Tests.Accounts;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Metering.Tests.Log;

/// <summary>The log on its page and in the API.</summary>
public sealed class LogPageTests
{
    [Fact]
    public async Task Staff_see_entries_size_and_root_and_never_a_body()
    {
        await using AccountHostFixture fixture = new();
        WebApplication app = await fixture.StartAsync();
        EvidenceLog log = app.Services.GetRequiredService<EvidenceLog>();
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using HttpClient auditor = await PortalAccounts.SignedInAsync(app, AccountRole.Auditor);
        Assert.Contains("no tiene entradas", await auditor.GetStringAsync(new Uri("/es/log", UriKind.Relative)), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, await AccountHostFixture.StatusAsync(auditor, "/api/v1/log/checkpoint"));
        _ = log.Append([.. Enumerable.Range(1, 150).Select(number => new LogDraft(LogEntryKind.Edit, "leon", true, Encoding.UTF8.GetBytes($"secreto {number}")))]);
        byte[] note = log.SignCheckpoint(key);
        string root = Convert.ToHexStringLower(log.WithTree(tree => tree.Root(150)));
        foreach (string language in (string[])["es", "en"])
        {
            string page = await auditor.GetStringAsync(new Uri($"/{language}/log", UriKind.Relative));
            Assert.Contains(root, page, StringComparison.Ordinal);
            Assert.Contains("edit/leon/150", page, StringComparison.Ordinal);
            Assert.DoesNotContain("edit/leon/50<", page, StringComparison.Ordinal);
            Assert.DoesNotContain("secreto", page, StringComparison.Ordinal);
            Assert.Contains($"/{language}/log?before=50", page, StringComparison.Ordinal);
        }

        Assert.Contains("edit/leon/50<", await auditor.GetStringAsync(new Uri("/en/log?before=50", UriKind.Relative)), StringComparison.Ordinal);
        Assert.Equal(note, await auditor.GetByteArrayAsync(new Uri("/api/v1/log/checkpoint", UriKind.Relative)));
        using HttpClient visitor = PortalAccounts.Anonymous(app);
        using ECDsa shown = SigningKey.Parse(await visitor.GetStringAsync(new Uri("/cloud.pub.pem", UriKind.Relative)));
        string fingerprint = Convert.ToHexStringLower(SHA256.HashData(shown.ExportSubjectPublicKeyInfo()));
        foreach (string address in (string[])["/es/log", "/en/log", "/es/results", "/en/results"])
        {
            string page = await (address.EndsWith("log", StringComparison.Ordinal) ? auditor : visitor).GetStringAsync(new Uri(address, UriKind.Relative));
            Assert.Contains("href=\"/cloud.pub.pem\"", page, StringComparison.Ordinal);
            Assert.Contains(fingerprint, page, StringComparison.Ordinal);
            Assert.Contains("--trust cloud.pub.pem", page, StringComparison.Ordinal);
        }

        Assert.Equal(HttpStatusCode.Unauthorized, await AccountHostFixture.StatusAsync(visitor, "/api/v1/log/checkpoint"));
    }

    [Fact]
    public async Task A_follower_of_the_api_gets_every_entry_once_and_can_make_the_root_itself()
    {
        await using AccountHostFixture fixture = new();
        WebApplication app = await fixture.StartAsync();
        LogFollower follower = app.Services.GetRequiredService<LogFollower>();
        await follower.CatchUpAsync(CancellationToken.None);
        Assert.True(follower.Log.Count >= 6);
        using HttpClient auditor = await PortalAccounts.SignedInAsync(app, AccountRole.Auditor);
        long size = follower.Log.Count;
        MerkleTree tree = new();
        string? next = "/api/v1/log/entries?limit=2";
        while (next is not null)
        {
            using JsonDocument part = JsonDocument.Parse(await auditor.GetStringAsync(new Uri(next, UriKind.RelativeOrAbsolute)));
            foreach (JsonElement item in part.RootElement.GetProperty("items").EnumerateArray())
            {
                Assert.Equal(tree.Count, item.GetProperty("index").GetInt64());
                LogEntry entry = new(
                    item.GetProperty("kind").GetString()!, item.GetProperty("at").GetDateTimeOffset().ToUnixTimeMilliseconds(), item.GetProperty("subject").GetString()!, item.GetProperty("bodyHash").GetString()!);
                _ = tree.Append(entry.ToBytes());
            }

            next = part.RootElement.GetProperty("next").GetString();
        }

        Assert.Equal(size, tree.Count);
        Assert.Equal(follower.Log.WithTree(own => own.Root(size)), tree.Root(size));
        Assert.Equal(HttpStatusCode.BadRequest, await AccountHostFixture.StatusAsync(auditor, "/api/v1/log/entries?after=x"));
    }
}
