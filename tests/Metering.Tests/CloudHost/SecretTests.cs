using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.RegularExpressions;
using Metering.Tests.Accounts;
using Xunit;

namespace Metering.Tests.CloudHost;

/// <summary>A whole run with every secret there is: none of them is printed, logged or stored in clear.</summary>
public sealed partial class SecretTests
{
    private const string Password = "cuero lento bajo lluvia";
    private const string Wrong = "cuero rápido bajo nieve";

    [Fact]
    public async Task No_password_token_key_or_cookie_of_a_run_stands_in_a_log_or_in_a_file()
    {
        using CloudFolder folder = new("web: { address: 127.0.0.1, port: 0 }");
        StringBuilder told = new();
        List<(string Name, string Value)> secrets = [("password", Password), ("wrong password", Wrong)];
        await using CloudProcess cloud = await CloudProcess.StartAsync(folder);
        CookieContainer cookies = new();
        using HttpClient browser = new(new HttpClientHandler { AllowAutoRedirect = false, CookieContainer = cookies }) { BaseAddress = cloud.Address };
        string first = await RemoteAccessTests.FirstAsync(folder);
        secrets.Add(("first link", first.Split('=')[1]));
        using (HttpResponseMessage made = await AccountHostFixture.PostAsync(
            browser, first, first.Split('?')[0], ("token", first.Split('=')[1]), ("user", "ana"), ("name", "Ana Luz"), ("password", Password), ("again", Password)))
        {
            Assert.Equal(HttpStatusCode.Redirect, made.StatusCode);
        }

        secrets.AddRange(cookies.GetAllCookies().Select(cookie => ("cookie " + cookie.Name, cookie.Value)));
        string form = await browser.GetStringAsync(new Uri("/es/account", UriKind.Relative));
        secrets.Add(("form token", FormToken().Match(form).Groups[1].Value));
        using (HttpResponseMessage refused = await AccountHostFixture.PostAsync(browser, "/es/sign-in", "/es/sign-in", ("user", "ana"), ("password", Wrong)))
        {
            Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        }

        secrets.Add(("invitation", await CommandAsync(folder, told, TokenOf, "accounts", "invite", "--user", "luis", "--name", "Luis", "--reason", "prueba")));
        string key = await CommandAsync(folder, told, output => output.Trim(), "keys", "create", "--name", "bodega", "--plant", "leon");
        secrets.Add(("key", key));
        await AskWithAsync(cloud.Address, key, HttpStatusCode.OK);
        await AskWithAsync(cloud.Address, key[..^1] + (key[^1] == 'a' ? "b" : "a"), HttpStatusCode.Unauthorized);
        foreach (string address in (string[])["/es/nothing", "/es/invite?token=" + secrets[^2].Value + "x", "/es/first?token=" + first.Split('=')[1], "/es/link?token=" + key])
        {
            using HttpResponseMessage answer = await browser.GetAsync(new Uri(address, UriKind.Relative)); // refused, with a secret in the address
            Assert.False(answer.IsSuccessStatusCode, address);
        }

        await cloud.StopAsync();
        told.Append(cloud.Printed);
        foreach (string file in Directory.EnumerateFiles(folder.Path, "*", SearchOption.AllDirectories))
        {
            told.Append(Encoding.Latin1.GetString(await File.ReadAllBytesAsync(file)));
        }

        string all = told.ToString();
        Assert.Contains("ana", all, StringComparison.Ordinal); // what is searched is what the run left behind
        foreach ((string name, string value) in secrets)
        {
            Assert.True(value.Length >= 16, $"the {name} was not found in the run");
            Assert.False(all.Contains(value, StringComparison.Ordinal) || all.Contains(Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(value)), StringComparison.Ordinal), $"the {name} stands in a log or a file");
        }
    }

    // The secret itself goes to standard output, for whoever asked; what else the command says is searched.
    private static async Task<string> CommandAsync(CloudFolder folder, StringBuilder told, Func<string, string> secretOf, params string[] arguments)
    {
        (int exitCode, string output, string error) = await CloudProcess.RunAsync([.. arguments, "--config", folder.At("cloud.yaml"), "--lang", "es"]);
        Assert.True(exitCode == 0, error);
        told.Append(error);
        return secretOf(output);
    }

    private static string TokenOf(string output) => output[(output.IndexOf("token=", StringComparison.Ordinal) + 6)..].Trim();

    private static async Task AskWithAsync(Uri address, string key, HttpStatusCode wanted)
    {
        using HttpClient program = new() { BaseAddress = address };
        program.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        using HttpResponseMessage answer = await program.GetAsync(new Uri("/api/v1/projects", UriKind.Relative));
        Assert.Equal(wanted, answer.StatusCode);
    }

    [GeneratedRegex("name=\"__RequestVerificationToken\" value=\"([^\"]+)\"")]
    private static partial Regex FormToken();
}
