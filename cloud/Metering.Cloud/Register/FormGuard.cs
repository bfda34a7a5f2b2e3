using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.DataProtection;

namespace Metering.Cloud.Register;

/// <summary>
/// The one place where forms are guarded against requests forged by other sites: every form carries a token, and nothing is read from a form
/// whose token does not fit.
/// </summary>
internal sealed class FormGuard(IAntiforgery antiforgery)
{
    private const long LargestForm = 256 * 1024;

    /// <summary>Adds what the guard needs. Keys live in memory: after a restart an open form is refused once, with what was typed kept.</summary>
    public static void Add(IServiceCollection services)
    {
        services.AddDataProtection().UseEphemeralDataProtectionProvider();
        services.AddAntiforgery(options =>
        {
            options.FormFieldName = "token";
            options.Cookie.Name = "metering-form";
            options.Cookie.SameSite = SameSiteMode.Strict;
            options.SuppressXFrameOptionsHeader = true; // the pages' own policy forbids frames already
        });
        services.AddSingleton<FormGuard>();
    }

    /// <summary>The token of a form about to be shown.</summary>
    public string TokenFor(HttpContext http) => antiforgery.GetAndStoreTokens(http).RequestToken!;

    /// <summary>Reads a form.</summary>
    /// <returns>Its fields, and whether its token fits; without that nothing may be changed.</returns>
    public async Task<(IReadOnlyDictionary<string, string> Fields, bool IsGenuine)> ReadAsync(HttpContext http)
    {
        if (!http.Request.HasFormContentType || http.Request.ContentLength is null or > LargestForm)
        {
            return (new Dictionary<string, string>(), false);
        }

        IFormCollection form = await http.Request.ReadFormAsync(http.RequestAborted);
        Dictionary<string, string> fields = form.ToDictionary(pair => pair.Key, pair => pair.Value.ToString(), StringComparer.Ordinal);
        return (fields, await antiforgery.IsRequestValidAsync(http));
    }
}
