using Metering.Cloud.Pages;

namespace Metering.Cloud.Plants;

/// <summary>The module of live values, carried inside the assembly.</summary>
internal static class PlantAssets
{
    /// <summary>The module.</summary>
    public static byte[] Live { get; } = PortalAssets.Read("live.js");

    /// <summary>Its address; the hash in it lets browsers keep it for good.</summary>
    public static string LiveAddress { get; } = PortalAssets.AddressOf("/live.js", Live);
}
