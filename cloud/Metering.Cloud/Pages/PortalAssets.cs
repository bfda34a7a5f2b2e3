using System.Security.Cryptography;
using System.Text;

namespace Metering.Cloud.Pages;

/// <summary>Style sheet and icon, carried inside the assembly so that the pages work from any directory.</summary>
internal static class PortalAssets
{
    /// <summary>The style sheet.</summary>
    public static byte[] Style { get; } = Read("site.css");

    /// <summary>Its address; the hash in it lets browsers keep it for good.</summary>
    public static string StyleAddress { get; } = "/site.css?v=" + Convert.ToHexStringLower(SHA256.HashData(Style))[..12];

    /// <summary>The icon: two lines and what lies between them.</summary>
    public static byte[] Icon { get; } = Encoding.ASCII.GetBytes(
        """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="6" fill="#12324f"/><path d="M4 12L12 10 20 11 28 8V18L20 22 12 19 4 21Z" fill="#3f9c83"/><path d="M4 12L12 10 20 11 28 8" fill="none" stroke="#fff" stroke-width="2.4"/><path d="M4 21L12 19 20 22 28 18" fill="none" stroke="#ff9d5c" stroke-width="2.4"/></svg>""");

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
