namespace Metering.Cloud.Pages;

/// <summary>The language of an address: its first part, es or en.</summary>
internal static class AddressLanguage
{
    /// <summary>The language that the address names; null where it names none, as those of the API and of pictures.</summary>
    public static Language? Stated(HttpContext http) =>
        Languages.TryParse((http.Request.Path.Value ?? "").Split('/', 3).ElementAtOrDefault(1), out Language language) ? language : null;

    /// <summary>The language that the address names; where it names none, the one the browser asks for.</summary>
    public static Language Of(HttpContext http) => Stated(http) ?? Languages.Preferred(http.Request.Headers.AcceptLanguage);
}
