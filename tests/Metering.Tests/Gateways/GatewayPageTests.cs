using System.Net;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using Metering.Cloud.Gateways;
using Metering.Cloud.Projects;
using Metering.Programme.Accounts;
using Metering.Programme.Records;
using Metering.Programme.Storage;
using Metering.Readings;
using Metering.Store;
using Metering.Tests.Accounts;
using Metering.Tests.Workflow;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Metering.Tests.Gateways;

public sealed partial class GatewayPageTests : IAsyncLifetime, IDisposable
{
    private const string Plant = "leon-tannery";
    private const string Foreign = "silao-auto";
    private const string Page = "/en" + EnrolmentRoutes.Address;
    private const string Offer = $"/en/plants/{Plant}/gateways/code";
    private const string Revoke = $"/en/plants/{Plant}/gateways/revoke";

    private readonly AccountHostFixture host = new();
    private readonly ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private WebApplication app = null!;
    private WorkflowHost.Reader installer = null!;

    private IReadingStore Store => app.Services.GetRequiredService<ProjectBoard>().Store;

    public async Task InitializeAsync()
    {
        app = await host.StartAsync();
        installer = await ReaderAsync(AccountRole.Installer, Plant);
    }

    public async Task DisposeAsync()
    {
        installer.Dispose();
        await host.DisposeAsync();
    }

    public void Dispose() => key.Dispose();

    [Fact]
    public async Task A_code_made_on_the_page_enrols_the_gateway_is_shown_once_and_stands_in_the_trail()
    {
        string before = await installer.GetAsync("/es" + EnrolmentRoutes.Address);
        Assert.Contains("Curtiduría León 1", before, StringComparison.Ordinal);
        Assert.DoesNotContain("Silao", before, StringComparison.Ordinal);
        (HttpStatusCode status, string page) = await OfferAsync("g-1", "24");
        Assert.Equal(HttpStatusCode.OK, status);
        string code = CodePattern().Match(page).Groups[1].Value;
        Assert.Contains($"gateway enrol --config gateway.yaml --code {code}</code>", page, StringComparison.Ordinal);
        Assert.Contains("mosquitto_passwd /etc/mosquitto/passwords g-1</code>", page, StringComparison.Ordinal);
        string waiting = await installer.GetAsync(Page);
        Assert.DoesNotContain(code, waiting, StringComparison.Ordinal);
        Assert.Contains("A code waits until", waiting, StringComparison.Ordinal);
        Assert.Equal(new CodeRedemption(EnrolmentResult.Enrolled, 1, Plant), Redeem("g-1", code));
        string enrolled = await installer.GetAsync(Page);
        Assert.Contains("Key 1: in force", enrolled, StringComparison.Ordinal);
        Assert.Contains(Convert.ToHexStringLower(SHA256.HashData(key.ExportSubjectPublicKeyInfo())), enrolled, StringComparison.Ordinal);
        Assert.DoesNotContain("A code waits", enrolled, StringComparison.Ordinal);
        AuditEntry entry = Assert.Single(Trail(EnrolmentTrail.CodeKind));
        Assert.Equal(("g-1", Plant, "Persona de prueba"), (entry.RecordId, entry.Plant, entry.ActorName));
        Assert.Contains("2026-03-02T12:00:00Z", entry.After, StringComparison.Ordinal);
        Assert.DoesNotContain(code, entry.After, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_code_that_nobody_used_says_on_the_page_that_it_expired()
    {
        _ = await OfferAsync("g-1", "1");
        host.Clock.Advance(TimeSpan.FromHours(1));
        Assert.Contains("Its code expired unused on", await installer.GetAsync(Page), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_name_that_another_plant_has_or_waits_for_is_refused_and_its_code_stays_good()
    {
        Store.Enrol(new("g-far", 1, Foreign, SigningKey.PublicPem(key)));
        using WorkflowHost.Reader other = await ReaderAsync(AccountRole.Installer, Foreign);
        (_, string theirs) = await other.PostAsync(Page, $"/en/plants/{Foreign}/gateways/code", new() { ["gateway"] = "g-2", ["hours"] = "24" });
        foreach (string name in (string[])["g-far", "g-2"])
        {
            (HttpStatusCode status, string page) = await OfferAsync(name, "24");
            Assert.Equal(HttpStatusCode.UnprocessableEntity, status);
            Assert.Contains("belongs to a gateway or a code of another plant", page, StringComparison.Ordinal);
            Assert.DoesNotContain("Silao", page, StringComparison.Ordinal);
        }

        Assert.Equal(EnrolmentResult.Enrolled, Redeem("g-2", CodePattern().Match(theirs).Groups[1].Value).Result);
        Assert.Single(Trail(EnrolmentTrail.CodeKind));
    }

    [Theory]
    [InlineData("Not A Name", "24", "no identifier")]
    [InlineData("import-laboratory", "24", "belong to imports")]
    [InlineData("g-1", "0", "1 hour to 30 days")]
    [InlineData("g-1", "721", "1 hour to 30 days")]
    [InlineData("g-1", "soon", "1 hour to 30 days")]
    public async Task What_cannot_be_a_code_is_refused_in_words_and_leaves_nothing(string gateway, string hours, string says)
    {
        (HttpStatusCode status, string page) = await OfferAsync(gateway, hours);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, status);
        Assert.Contains(says, page, StringComparison.Ordinal);
        Assert.Empty(Store.Codes());
        Assert.Empty(Trail(EnrolmentTrail.CodeKind));
    }

    [Fact]
    public async Task A_revoked_key_stays_revoked_with_its_reason_and_only_its_own_plant_revokes_it()
    {
        Store.Enrol(new("g-1", 1, Plant, SigningKey.PublicPem(key)));
        Store.Enrol(new("g-far", 1, Foreign, SigningKey.PublicPem(key)));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await RevokeAsync("g-1", "")).Status);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await RevokeAsync("g-far", "stolen")).Status);
        Assert.Empty(Store.Ends());
        Assert.Empty(Trail(EnrolmentTrail.KeyKind));
        Assert.Equal(HttpStatusCode.Redirect, (await RevokeAsync("g-1", "the box was stolen")).Status);
        Assert.Equal(new KeyEnd("g-1", 1, host.Clock.GetUtcNow(), "the box was stolen", null), Assert.Single(Store.Ends()));
        AuditEntry entry = Assert.Single(Trail(EnrolmentTrail.KeyKind));
        Assert.Equal(("g-1", Plant, "the box was stolen"), (entry.RecordId, entry.Plant, entry.Reason));
        string page = await installer.GetAsync(Page);
        Assert.Contains("Reason: the box was stolen", page, StringComparison.Ordinal);
        Assert.DoesNotContain("Revoke key 1", page, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await RevokeAsync("g-1", "again")).Status);
        Assert.Single(Trail(EnrolmentTrail.KeyKind));
    }

    [Fact]
    public async Task A_key_that_handed_over_to_the_next_one_says_so()
    {
        using ECDsa next = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        Store.Enrol(new("g-1", 1, Plant, SigningKey.PublicPem(key)));
        KeyRotation rotation = new() { Gateway = "g-1", KeyEpoch = 1, PublicKeyPem = SigningKey.PublicPem(next), Through = 0, Head = BatchManifest.NoPrevious };
        Assert.Equal(RotationOutcome.Rotated, Store.Rotate(rotation, "note"u8.ToArray()));
        string page = await installer.GetAsync(Page);
        Assert.Contains("Key 2: in force", page, StringComparison.Ordinal);
        Assert.Contains("Key 1: handed over to the next key after batch 0", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_administrator_sees_every_plant_and_an_operator_none()
    {
        using WorkflowHost.Reader administrator = await ReaderAsync(AccountRole.Administrator, null);
        string page = await administrator.GetAsync(Page);
        Assert.Contains("Silao auto parts", page, StringComparison.Ordinal);
        Assert.Contains("León tannery 1", page, StringComparison.Ordinal);
        using WorkflowHost.Reader operating = await ReaderAsync(AccountRole.Operator, Plant);
        Assert.Equal(HttpStatusCode.Forbidden, await operating.StatusAsync(Page));
        Assert.DoesNotContain(EnrolmentRoutes.Address, await operating.GetAsync("/en/plants/" + Plant), StringComparison.Ordinal);
        Assert.Contains(EnrolmentRoutes.Of(Plant), await installer.GetAsync("/en/plants/" + Plant), StringComparison.Ordinal);
    }

    private Task<(HttpStatusCode Status, string Page)> OfferAsync(string gateway, string hours) =>
        installer.PostAsync(Page, Offer, new() { ["gateway"] = gateway, ["hours"] = hours });

    private Task<(HttpStatusCode Status, string Page)> RevokeAsync(string gateway, string reason) =>
        installer.PostAsync(Page, Revoke, new() { ["gateway"] = gateway, ["epoch"] = "1", ["reason"] = reason });

    private CodeRedemption Redeem(string gateway, string code) =>
        Store.Redeem(EnrolmentRequest.Open(EnrolmentRequest.Sign(gateway, EnrolmentRequest.HashOf(code)!, key)), host.Clock.GetUtcNow());

    private List<AuditEntry> Trail(string kind)
    {
        using ProgrammeContext context = app.Services.GetRequiredService<ProgrammeDatabase>().NewContext();
        return [.. context.Audit.Where(entry => entry.Kind == kind)];
    }

    private async Task<WorkflowHost.Reader> ReaderAsync(AccountRole role, string? plant)
    {
        CookieContainer cookies = new();
        HttpClient client = new(new HttpClientHandler { AllowAutoRedirect = false, CookieContainer = cookies }) { BaseAddress = new(app.Urls.First()) };
        cookies.Add(client.BaseAddress, new Cookie("metering", await PortalAccounts.CookieAsync(app, role, plant, null)));
        return new(client);
    }

    [GeneratedRegex("<code class=\"secret\">([0-9A-Z]{4}(?:-[0-9A-Z]{4}){4})</code>")]
    private static partial Regex CodePattern();
}
