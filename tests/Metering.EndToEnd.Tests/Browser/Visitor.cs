using Microsoft.Playwright;

namespace Metering.EndToEnd.Tests.Browser;

/// <summary>As whom the pages are visited.</summary>
/// <param name="Name">Whom a finding names.</param>
/// <param name="SignInAsync">Makes a fresh browser context one of this visitor's; gets the portal's address.</param>
internal sealed record Visitor(string Name, Func<IBrowserContext, Uri, Task> SignInAsync)
{
    /// <summary>Everyone may see every page; where pages ask who is there, each role is one row here.</summary>
    public static IReadOnlyList<Visitor> All { get; } = [new("anyone", (_, _) => Task.CompletedTask)];
}
