using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Primitives;

namespace Metering.Cloud.Pages;

/// <summary>Style sheet and icon, carried inside the assembly so that the pages work from any directory.</summary>
internal static class PortalAssets
{
    /// <summary>Media type of a script.</summary>
    public const string ScriptType = "text/javascript; charset=utf-8";

    private const string Forever = "public, max-age=31536000, immutable";

    /// <summary>The style sheet.</summary>
    public static byte[] Style { get; } = Read("site.css");

    /// <summary>Its address; the hash in it lets browsers keep it for good.</summary>
    public static string StyleAddress { get; } = AddressOf("/site.css", Style);

    /// <summary>The style sheet of charts.</summary>
    public static byte[] ChartStyle { get; } = Read("charts.css");

    /// <summary>Its address, as that of the style sheet.</summary>
    public static string ChartStyleAddress { get; } = AddressOf("/charts.css", ChartStyle);

    /// <summary>The icon: two lines and what lies between them.</summary>
    public static byte[] Icon { get; } = Encoding.ASCII.GetBytes(
        """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="6" fill="#12324f"/><path d="M4 12L12 10 20 11 28 8V18L20 22 12 19 4 21Z" fill="#3f9c83"/><path d="M4 12L12 10 20 11 28 8" fill="none" stroke="#fff" stroke-width="2.4"/><path d="M4 21L12 19 20 22 28 18" fill="none" stroke="#ff9d5c" stroke-width="2.4"/></svg>""");

    /// <summary>The address of a file, with a hash of it: <see cref="Kept"/> lets browsers keep it for good.</summary>
    public static string AddressOf(string path, byte[] bytes) => $"{path}?v={Convert.ToHexStringLower(SHA256.HashData(bytes))[..12]}";

    /// <summary>Answers with a file; browsers keep for good what they asked for by its hash, and ask again for anything else.</summary>
    public static IResult Kept(HttpContext http, byte[] bytes, string type)
    {
        http.Response.Headers.CacheControl = StringValues.IsNullOrEmpty(http.Request.Query["v"]) ? "no-cache" : Forever;
        return Results.Bytes(bytes, type);
    }

    /// <summary>A file that the assembly carries.</summary>
    public static byte[] Read(string name)
    {
        using Stream stream = typeof(PortalAssets).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"the assembly does not carry {name}");
        byte[] bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}
