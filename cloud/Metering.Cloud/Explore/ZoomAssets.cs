using System.Text;
using Metering.Cloud.Accounts;
using Metering.Cloud.Pages;

namespace Metering.Cloud.Explore;

/// <summary>The chart to zoom into, carried inside the assembly: uPlot as it is published, under its licence, and our module that feeds it.</summary>
internal static class ZoomAssets
{
    /// <summary>uPlot 1.6.32 with its licence before it.</summary>
    public static byte[] Plot { get; } = [.. Encoding.UTF8.GetBytes("/*\n"), .. PortalAssets.Read("uplot-LICENSE.txt"), .. Encoding.UTF8.GetBytes("*/\n"), .. PortalAssets.Read("uplot.js")];

    /// <summary>Its style sheet.</summary>
    public static byte[] PlotStyle { get; } = PortalAssets.Read("uplot.css");

    /// <summary>Our module.</summary>
    public static byte[] Module { get; } = PortalAssets.Read("zoom.js");

    /// <summary>Address of uPlot; the hash in it lets browsers keep it for good.</summary>
    public static string PlotAddress { get; } = PortalAssets.AddressOf("/uplot.js", Plot);

    /// <summary>Address of its style sheet.</summary>
    public static string PlotStyleAddress { get; } = PortalAssets.AddressOf("/uplot.css", PlotStyle);

    /// <summary>Address of our module.</summary>
    public static string ModuleAddress { get; } = PortalAssets.AddressOf("/zoom.js", Module);

    /// <summary>Adds the addresses.</summary>
    public static void Map(WebApplication app)
    {
        app.MapGet("/uplot.js", (HttpContext http) => PortalAssets.Kept(http, Plot, PortalAssets.ScriptType)).Open();
        app.MapGet("/uplot.css", (HttpContext http) => PortalAssets.Kept(http, PlotStyle, "text/css; charset=utf-8")).Open();
        app.MapGet("/zoom.js", (HttpContext http) => PortalAssets.Kept(http, Module, PortalAssets.ScriptType)).Open();
    }
}
