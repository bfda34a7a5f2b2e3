using System.Security.Cryptography;
using System.Text;
using Metering.Cloud.Accounts;
using Metering.Cloud.Pages;
using Microsoft.Extensions.Primitives;

namespace Metering.Cloud.Explore;

/// <summary>The chart to zoom into, carried inside the assembly: uPlot as it is published, under its licence, and our module that feeds it.</summary>
internal static class ZoomAssets
{
    private const string Forever = "public, max-age=31536000, immutable";
    private const string ScriptType = "text/javascript; charset=utf-8";

    /// <summary>uPlot 1.6.32 with its licence before it.</summary>
    public static byte[] Plot { get; } = [.. Encoding.UTF8.GetBytes("/*\n"), .. PortalAssets.Read("uplot-LICENSE.txt"), .. Encoding.UTF8.GetBytes("*/\n"), .. PortalAssets.Read("uplot.js")];

    /// <summary>Its style sheet.</summary>
    public static byte[] PlotStyle { get; } = PortalAssets.Read("uplot.css");

    /// <summary>Our module.</summary>
    public static byte[] Module { get; } = PortalAssets.Read("zoom.js");

    /// <summary>Address of uPlot; the hash in it lets browsers keep it for good.</summary>
    public static string PlotAddress { get; } = Address("/uplot.js", Plot);

    /// <summary>Address of its style sheet.</summary>
    public static string PlotStyleAddress { get; } = Address("/uplot.css", PlotStyle);

    /// <summary>Address of our module.</summary>
    public static string ModuleAddress { get; } = Address("/zoom.js", Module);

    /// <summary>Adds the addresses.</summary>
    public static void Map(WebApplication app)
    {
        app.MapGet("/uplot.js", (HttpContext http) => Kept(http, Plot, ScriptType)).Open();
        app.MapGet("/uplot.css", (HttpContext http) => Kept(http, PlotStyle, "text/css; charset=utf-8")).Open();
        app.MapGet("/zoom.js", (HttpContext http) => Kept(http, Module, ScriptType)).Open();
    }

    private static string Address(string path, byte[] bytes) => $"{path}?v={Convert.ToHexStringLower(SHA256.HashData(bytes))[..12]}";

    private static IResult Kept(HttpContext http, byte[] bytes, string type)
    {
        http.Response.Headers.CacheControl = StringValues.IsNullOrEmpty(http.Request.Query["v"]) ? "no-cache" : Forever;
        return Results.Bytes(bytes, type);
    }
}
