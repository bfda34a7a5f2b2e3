using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace Metering.EndToEnd.Tests.Browser;

/// <summary>As whom the pages are visited.</summary>
/// <param name="Name">Whom a finding names.</param>
/// <param name="SignInAsync">Makes a fresh browser context one of this visitor's; gets the portal's address.</param>
internal sealed partial record Visitor(string Name, Func<IBrowserContext, Uri, Task> SignInAsync)
{
    /// <summary>Staff see every page but those of accounts and keys, which are the administrator's. Pages for everyone are asked by staff, too.</summary>
    public static IReadOnlyList<Visitor> Usual { get; } = [As("demo-staff"), As("demo-administrator")];

    /// <summary>Everyone: also those who see fewer pages, other first pages and fewer forms, and who has not signed in.</summary>
    public static IReadOnlyList<Visitor> All { get; } =
        [.. Usual, As("demo-auditor"), As("demo-consultant"), As("demo-operator"), As("demo-installer"), new("nobody", (_, _) => Task.CompletedTask)];

    // By the demonstration's own switch, as a person would.
    private static Visitor As(string account) => new(account, async (context, portal) =>
    {
        string address = new Uri(portal, "/en/demo").ToString();
        IAPIResponse page = await context.APIRequest.GetAsync(address);
        IFormData form = context.APIRequest.CreateFormData();
        form.Set("account", account).Set("__RequestVerificationToken", Token().Match(await page.TextAsync()).Groups[1].Value);
        IAPIResponse answer = await context.APIRequest.PostAsync(address, new() { Form = form, MaxRedirects = 0 });
        if (answer.Status != 302)
        {
            throw new InvalidOperationException($"the switch to {account} answered {answer.Status}");
        }
    });

    [GeneratedRegex("name=\"__RequestVerificationToken\" value=\"([^\"]+)\"")]
    private static partial Regex Token();
}
