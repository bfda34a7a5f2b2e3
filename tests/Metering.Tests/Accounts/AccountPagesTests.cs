using System.Net;
using System.Text.RegularExpressions;
using System.Net.Http.Headers;
using Metering.Programme.Accounts;
using Metering.Tests.Pages;
using Microsoft.AspNetCore.Builder;
using Xunit;
using static Metering.Tests.Accounts.AccountHostFixture;

namespace Metering.Tests.Accounts;

#pragma warning disable CA1001 // DisposeAsync of IAsyncLifetime disposes it.
public sealed class AccountPagesTests : IAsyncLifetime
#pragma warning restore CA1001
{
    private readonly AccountHostFixture fixture = new();
    private WebApplication app = null!;

    public async Task InitializeAsync() => app = await fixture.StartAsync();

    public async Task DisposeAsync() => await fixture.DisposeAsync();

    [Fact]
    public async Task The_first_administrator_is_made_by_the_link_and_is_signed_in()
    {
        string token = await DoAsync<AccountDesk, string>(app, desk => Task.FromResult(desk.NewFirstToken()));
        using HttpClient browser = Browser(app);
        string page = "/es/first?token=" + token;
        using HttpResponseMessage made = await PostAsync(browser, page, "/es/first", ("token", token), ("user", "ana"), ("name", "Ana Luz"), ("password", Password), ("again", Password));
        Assert.Equal(HttpStatusCode.Found, made.StatusCode);
        Assert.Contains("Ana Luz", await browser.GetStringAsync(new Uri("/es/accounts", UriKind.Relative)), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Gone, await StatusAsync(browser, page));
    }

    [Fact]
    public async Task A_form_of_the_administrators_that_is_refused_gives_back_what_was_typed()
    {
        _ = await FirstAsync(app);
        using HttpClient browser = Browser(app);
        using HttpResponseMessage signed = await PostAsync(browser, "/es/sign-in", "/es/sign-in", ("user", "ana"), ("password", Password));
        using HttpResponseMessage link = await PostAsync(browser, "/en/links", "/en/links/make", ("name", "Auditor of March"), ("scope", ""), ("days", "4000"));
        Assert.Equal(HttpStatusCode.BadRequest, link.StatusCode);
        string shown = await link.Content.ReadAsStringAsync();
        Assert.Contains("name=\"name\" value=\"Auditor of March\"", shown, StringComparison.Ordinal);
        Assert.Contains("value=\"4000\"", shown, StringComparison.Ordinal);
        using HttpResponseMessage invited = await PostAsync(browser, "/en/accounts", "/en/accounts/invite", ("user", "ana"), ("name", "Ana Sol"), ("language", "en"), ("reason", "second shift"));
        Assert.Equal(HttpStatusCode.BadRequest, invited.StatusCode);
        shown = await invited.Content.ReadAsStringAsync();
        Assert.Contains("name=\"name\" value=\"Ana Sol\"", shown, StringComparison.Ordinal);
        Assert.Equal(1, Regex.Count(shown, "value=\"second shift\""));
    }

    [Fact]
    public async Task The_audit_trail_names_accounts_and_their_roles_in_words()
    {
        _ = await FirstAsync(app);
        using HttpClient browser = Browser(app);
        using HttpResponseMessage signed = await PostAsync(browser, "/es/sign-in", "/es/sign-in", ("user", "ana"), ("password", Password));
        foreach ((string language, string[] words) in ((string, string[])[])[("es", ["Rol de una cuenta", "Rol: Administración", "Nombre de la persona: ", "Cerrada: no"]), ("en", ["Role of an account", "Role: Administrator", "Person&#x27;s name: ", "Closed: no"])])
        {
            string page = System.Net.WebUtility.HtmlDecode(await browser.GetStringAsync(new Uri($"/{language}/audit", UriKind.Relative)));
            Assert.All(words, word => Assert.Contains(System.Net.WebUtility.HtmlDecode(word), page, StringComparison.OrdinalIgnoreCase));
            Assert.DoesNotMatch(">(grant|account|session|password)<", page.Replace("<option", "", StringComparison.Ordinal));
            string asked = await browser.GetStringAsync(new Uri($"/{language}/audit?kind=grant", UriKind.Relative));
            Assert.Contains("<option value=\"grant\" selected", asked, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_link_that_was_cut_off_says_what_to_do()
    {
        using HttpClient browser = Browser(app);
        using HttpResponseMessage answer = await browser.GetAsync(new Uri("/es/link?token=abc", UriKind.Relative));
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Contains("Cópielo completo", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cookies_are_for_this_site_only_and_pages_answer_with_strict_headers()
    {
        _ = await FirstAsync(app);
        using HttpClient browser = Browser(app);
        using HttpResponseMessage signed = await PostAsync(browser, "/es/sign-in", "/es/sign-in", ("user", "ana"), ("password", Password));
        string cookie = signed.Headers.GetValues("Set-Cookie").Single(value => value.StartsWith("metering=", StringComparison.Ordinal));
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=lax", cookie, StringComparison.OrdinalIgnoreCase);
        using HttpResponseMessage page = await browser.GetAsync(new Uri("/es/account", UriKind.Relative));
        string policy = page.Headers.GetValues("Content-Security-Policy").Single();
        Assert.Contains("form-action 'self'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.Equal("no-referrer", page.Headers.GetValues("Referrer-Policy").Single());
        Assert.Contains("no-store", page.Headers.CacheControl!.ToString(), StringComparison.Ordinal);
        if (!OperatingSystem.IsWindows())
        {
            string keys = Path.Combine(fixture.Folder, "cookie-keys");
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(keys));
            foreach (string file in Directory.GetFiles(keys))
            {
                Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
            }
        }
    }

    [Theory]
    [InlineData("//evil.example/")]
    [InlineData("https://evil.example/")]
    [InlineData("/\\evil.example")]
    public async Task A_sign_in_never_leads_to_another_site(string address)
    {
        _ = await FirstAsync(app);
        using HttpClient browser = Browser(app);
        using HttpResponseMessage signed = await PostAsync(browser, "/es/sign-in", "/es/sign-in", ("user", "ana"), ("password", Password), ("return", address));
        Assert.Equal("/es/", signed.Headers.Location?.OriginalString);
    }

    [Fact]
    public async Task Five_wrong_passwords_lock_and_the_page_says_so_without_telling_which_accounts_there_are()
    {
        _ = await FirstAsync(app);
        using HttpClient browser = Browser(app);
        for (int fault = 0; fault < AccountDesk.MostFaults; fault++)
        {
            Assert.Equal(HttpStatusCode.Forbidden, await SignInAsync(browser, "falso falso falso"));
        }

        string locked = await RefusedAsync(browser, "ana", Password);
        Assert.Contains("After 5 wrong attempts an account takes no password for 15 min", locked, StringComparison.Ordinal);
        fixture.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(locked, await RefusedAsync(browser, "eva", Password));
        fixture.Clock.Advance(AccountDesk.LockTime);
        Assert.Equal(HttpStatusCode.Found, await SignInAsync(browser));
    }

    // The page without what differs by itself: the name as typed and the token of the form.
    private static async Task<string> RefusedAsync(HttpClient browser, string user, string password)
    {
        using HttpResponseMessage answer = await PostAsync(browser, "/en/sign-in", "/en/sign-in", ("user", user), ("password", password));
        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        return Regex.Replace(await answer.Content.ReadAsStringAsync(), "value=\"[^\"]*\"", "");
    }

    [Fact]
    public async Task The_eleventh_sign_in_of_a_minute_waits()
    {
        using HttpClient browser = Browser(app);
        for (int attempt = 0; attempt < 10; attempt++)
        {
            Assert.Equal(HttpStatusCode.Forbidden, await SignInAsync(browser, "falso falso falso", $"nobody{attempt}"));
        }

        using HttpResponseMessage refused = await PostAsync(browser, "/es/sign-in", "/es/sign-in", ("user", "x"), ("password", "y"));
        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.Equal(TimeSpan.FromMinutes(1), refused.Headers.RetryAfter?.Delta);
        Assert.Contains("Espere 60 s", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        fixture.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(HttpStatusCode.Forbidden, await SignInAsync(browser, "falso falso falso"));
    }

    [Fact]
    public async Task A_session_ended_or_a_grant_ended_at_another_process_counts_at_once()
    {
        Account ana = await FirstAsync(app);
        WebApplication other = await fixture.StartAsync();
        using HttpClient browser = Browser(app);
        Assert.Equal(HttpStatusCode.Found, await SignInAsync(browser));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(browser, "/es/accounts"));
        _ = await DoAsync<AccountDesk, bool>(other, async desk =>
        {
            _ = await desk.MakeSimulatedAsync(new("eva", "Eva Sol", Language.Spanish), AccountRole.Administrator, null, null);
            return true;
        });
        _ = await DoAsync<GrantDesk, bool>(other, desk =>
        {
            desk.End(Terminal, desk.Holding(ana.Id).Single().Number, "prueba");
            return Task.FromResult(true);
        });
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(browser, "/es/accounts"));
        _ = await DoAsync<GrantDesk, bool>(other, desk =>
        {
            desk.EndSession(new(ana.Id, ana.DisplayName), null);
            return Task.FromResult(true);
        });
        Assert.Equal(HttpStatusCode.Found, await StatusAsync(browser, "/es/audit"));
    }

    [Fact]
    public async Task A_machine_key_reads_its_plant_only_until_it_is_revoked_or_expires()
    {
        (AccessKey key, string secret) = await DoAsync<KeyDesk, (AccessKey, string)>(app, desk =>
            Task.FromResult(desk.Make(Terminal, new() { Kind = AccessKeyKind.Machine, Name = "scada", Plant = "leon-tannery", Days = 10 })));
        using HttpClient machine = PortalAccounts.Anonymous(app);
        string own = $"/api/v1/projects/{SampleProjects.Accepted}.json";
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(machine, own));
        machine.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", secret);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(machine, own));
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(machine, $"/api/v1/projects/{SampleProjects.Open}.json"));
        Assert.DoesNotContain(SampleProjects.Open, await machine.GetStringAsync(new Uri("/api/v1/projects", UriKind.Relative)), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Found, await StatusAsync(machine, "/es/")); // a key is not for pages
        fixture.Clock.Advance(TimeSpan.FromDays(10));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(machine, own));
        (AccessKey next, string nextSecret) = await DoAsync<KeyDesk, (AccessKey, string)>(app, desk =>
            Task.FromResult(desk.Make(Terminal, new() { Kind = AccessKeyKind.Machine, Name = "scada", Plant = "leon-tannery", Days = 10 })));
        machine.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", nextSecret);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(machine, own));
        _ = await DoAsync<KeyDesk, bool>(app, desk =>
        {
            desk.Revoke(Terminal, AccessKeyKind.Machine, next.Id, "prueba");
            return Task.FromResult(true);
        });
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(machine, own));
        Assert.NotEqual(key.Id, next.Id);
    }

    [Fact]
    public async Task An_auditors_link_reads_one_project_is_counted_and_afterwards_says_gone_in_both_languages()
    {
        (AccessKey link, string secret) = await DoAsync<KeyDesk, (AccessKey, string)>(app, desk =>
            Task.FromResult(desk.Make(Terminal, new() { Kind = AccessKeyKind.AuditorLink, Name = "despacho", Project = SampleProjects.Accepted, Days = 1 })));
        using HttpClient browser = Browser(app);
        using HttpResponseMessage opened = await browser.GetAsync(new Uri("/es/link?token=" + secret, UriKind.Relative));
        Assert.Equal("/es/projects/" + SampleProjects.Accepted, opened.Headers.Location?.OriginalString);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(browser, "/es/projects/" + SampleProjects.Accepted));
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(browser, "/es/projects/" + SampleProjects.Water));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(browser, "/es/account"));
        Assert.Equal(1, await DoAsync<KeyDesk, long>(app, desk => Task.FromResult(desk.All(AccessKeyKind.AuditorLink).Single().Uses)));
        fixture.Clock.Advance(TimeSpan.FromDays(1));
        foreach (string address in (string[])["/es/link?token=" + secret])
        {
            using HttpResponseMessage gone = await browser.GetAsync(new Uri(address, UriKind.Relative));
            string words = await gone.Content.ReadAsStringAsync();
            Assert.Equal(HttpStatusCode.Gone, gone.StatusCode);
            Assert.Contains("Este enlace de auditoría venció", words, StringComparison.Ordinal);
            Assert.Contains("link has expired", words, StringComparison.Ordinal);
        }

        _ = Assert.Throws<AccountFault>(() => { _ = DoAsync<KeyDesk, bool>(app, desk => { _ = desk.Make(Terminal, new() { Kind = AccessKeyKind.AuditorLink, Name = "largo", Days = 91 }); return Task.FromResult(true); }).GetAwaiter().GetResult(); });
        Assert.Equal(SampleProjects.Accepted, link.Project);
    }

    [Fact]
    public async Task Another_host_of_the_demonstration_lets_a_reader_switch_and_a_usual_host_does_not()
    {
        using HttpClient usual = Browser(app);
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(usual, "/es/demo"));
    }

    [Fact]
    public async Task A_person_changes_the_password_and_other_sessions_end()
    {
        _ = await FirstAsync(app);
        using HttpClient one = Browser(app);
        using HttpClient two = Browser(app);
        Assert.Equal(HttpStatusCode.Found, await SignInAsync(one));
        Assert.Equal(HttpStatusCode.Found, await SignInAsync(two));
        const string Next = "otra frase muy distinta";
        using HttpResponseMessage wrong = await PostAsync(one, "/es/account", "/es/account/password", ("present", "falso falso"), ("password", Next), ("again", Next));
        Assert.Equal(HttpStatusCode.BadRequest, wrong.StatusCode);
        using HttpResponseMessage right = await PostAsync(one, "/es/account", "/es/account/password", ("present", Password), ("password", Next), ("again", Next));
        Assert.Equal(HttpStatusCode.Found, right.StatusCode);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(one, "/es/account"));
        Assert.Equal(HttpStatusCode.Found, await StatusAsync(two, "/es/account"));
        Assert.Equal(HttpStatusCode.Found, await SignInAsync(two, Next));
    }
}
