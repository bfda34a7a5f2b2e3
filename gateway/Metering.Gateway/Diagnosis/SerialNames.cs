namespace Metering.Gateway.Diagnosis;

/// <summary>Names of serial devices that stay the same when an adapter is plugged in again: the links of udev.</summary>
internal static class SerialNames
{
    private const string ById = "dev/serial/by-id";

    /// <summary>The link under /dev/serial/by-id that leads to a device; null when there is none.</summary>
    /// <param name="device">Device file, such as /dev/ttyUSB0.</param>
    /// <param name="root">Where /dev stands: "/" but in tests.</param>
    internal static string? Lasting(string device, string root)
    {
        string folder = Path.Combine(root, ById);
        string name = Path.GetFileName(PortHolders.Final(device));
        foreach (string link in Directory.Exists(folder) ? Directory.GetFileSystemEntries(folder).Order(StringComparer.Ordinal) : Enumerable.Empty<string>())
        {
            if (Path.GetFileName(PortHolders.Final(link)) == name)
            {
                return "/" + Path.GetRelativePath(root, link);
            }
        }

        return null;
    }
}
