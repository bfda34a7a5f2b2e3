using System.Net;
using Metering.Cloud.Accounts;
using Metering.Cloud.Hosting;
using Metering.Cloud.Projects;
using Metering.Programme.Accounts;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Xunit;
using static Metering.Tests.Accounts.AccountHostFixture;

namespace Metering.Tests.Accounts;

public sealed class DemoRolesTests
{
    [Fact]
    public async Task The_printed_address_opens_as_staff_and_each_of_seven_roles_sees_its_part()
    {
        await using AccountHostFixture fixture = new();
        WebApplication app = await fixture.StartAsync(hasDemoRoles: true);
        await MakeAsync(app);
        using HttpClient browser = Browser(app);
        Assert.Equal(HttpStatusCode.Found, await StatusAsync(browser, "/"));
        Assert.Contains("silao-auto", await browser.GetStringAsync(new Uri("/es/", UriKind.Relative)), StringComparison.Ordinal);
        string page = await browser.GetStringAsync(new Uri("/es/demo", UriKind.Relative));
        Assert.Equal(7, page.Split("name=\"account\"").Length - 1);
        Assert.Contains("You are: Programme staff (simulated).", await browser.GetStringAsync(new Uri("/en/demo", UriKind.Relative)), StringComparison.Ordinal);
        Assert.Contains("<strong>Plant installer (simulated)</strong>", await browser.GetStringAsync(new Uri("/en/demo", UriKind.Relative)), StringComparison.Ordinal);
        using HttpResponseMessage switched = await PostAsync(browser, "/es/demo", "/es/demo", ("account", "demo-operator"));
        Assert.Equal(HttpStatusCode.Found, switched.StatusCode);
        Assert.DoesNotContain("silao-auto", await browser.GetStringAsync(new Uri("/es/", UriKind.Relative)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_request_under_another_name_is_not_let_in()
    {
        await using AccountHostFixture fixture = new();
        WebApplication app = await fixture.StartAsync(hasDemoRoles: true);
        await MakeAsync(app);
        using HttpClient browser = Browser(app);
        browser.DefaultRequestHeaders.Host = "rebound.example";
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(browser, "/es/demo"));
        Assert.Equal(HttpStatusCode.Found, await StatusAsync(browser, "/"));
        Assert.Equal(HttpStatusCode.Found, await StatusAsync(browser, "/es/")); // to the sign-in
    }

    [Fact]
    public async Task Whoever_signed_out_is_led_back_to_the_roles_and_never_told_to_make_an_account()
    {
        await using AccountHostFixture fixture = new();
        WebApplication app = await fixture.StartAsync(hasDemoRoles: true);
        await MakeAsync(app);
        using HttpClient browser = Browser(app);
        string page = await browser.GetStringAsync(new Uri("/en/sign-in", UriKind.Relative));
        Assert.Contains("nobody needs a password: <a href=\"/en/demo\">", page, StringComparison.Ordinal);
        Assert.DoesNotContain("accounts first", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_database_with_accounts_of_people_is_never_opened_for_the_switch()
    {
        await using AccountHostFixture fixture = new();
        WebApplication app = await fixture.StartAsync(hasDemoRoles: true);
        _ = await FirstAsync(app);
        CloudFault fault = await Assert.ThrowsAsync<CloudFault>(() => MakeAsync(app));
        Assert.Equal(78, fault.Code);
    }

    private static Task<bool> MakeAsync(WebApplication app) => DoAsync<AccountDesk, bool>(app, async desk =>
    {
        await DemoRoutes.MakeAccountsAsync(desk, app.Services.GetRequiredService<ProjectBoard>().Register);
        return true;
    });
}
