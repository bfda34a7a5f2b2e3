using System.Security.Cryptography;

namespace Metering.Cloud.Plants;

/// <summary>The module of live values, carried inside the assembly.</summary>
internal static class PlantAssets
{
    /// <summary>The module.</summary>
    public static byte[] Live { get; } = Read("live.js");

    /// <summary>Its address; the hash in it lets browsers keep it for good.</summary>
    public static string LiveAddress { get; } = "/live.js?v=" + Convert.ToHexStringLower(SHA256.HashData(Live))[..12];

    private static byte[] Read(string name)
    {
        using Stream stream = typeof(PlantAssets).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"the assembly does not carry {name}");
        byte[] bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}
