using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;

namespace Metering.Cloud.Pages;

/// <summary>
/// Keeps the drawn sections of a project's page between requests. A section depends on the result, the language and the month alone, and a result never
/// changes: what is kept of it goes when the result itself goes. Safe from any thread.
/// </summary>
internal sealed class KeptSections
{
    /// <summary>Most characters kept; above it everything is let go and drawn again when it is asked for.</summary>
    private const long MostCharacters = 8_000_000;

    private ConditionalWeakTable<ProjectResult, ConcurrentDictionary<(Type Section, Language Language, DateOnly? Month), string>> kept = [];
    private long characters;

    /// <summary>The section as markup, kept or drawn now.</summary>
    /// <param name="section">A component that needs the page's context alone.</param>
    /// <param name="page">The page it stands on.</param>
    /// <param name="services">Services of the request.</param>
    public async Task<string> DrawAsync(Type section, PageContext page, IServiceProvider services)
    {
        ConcurrentDictionary<(Type, Language, DateOnly?), string> sections = Volatile.Read(ref kept).GetOrCreateValue(page.Result!);
        if (sections.TryGetValue((section, page.Language, page.Month), out string? known))
        {
            return known;
        }

        await using HtmlRenderer renderer = new(services, services.GetRequiredService<ILoggerFactory>());
        string drawn = await renderer.Dispatcher.InvokeAsync(async () => (await renderer.RenderComponentAsync(section, ParameterView.Empty)).ToHtmlString());
        if (Interlocked.Add(ref characters, drawn.Length) > MostCharacters)
        {
            _ = Interlocked.Exchange(ref characters, drawn.Length);
            Volatile.Write(ref kept, []);
        }

        sections[(section, page.Language, page.Month)] = drawn;
        return drawn;
    }
}
