namespace Metering.Gateway.Diagnosis;

/// <summary>Which programs hold a device open, as far as this user may see: /proc/PID/fd (proc(5)).</summary>
internal static class PortHolders
{
    /// <summary>The programs, each as "name (PID)"; this process is left out.</summary>
    /// <param name="device">Path of the device file; links are followed.</param>
    /// <param name="root">Where /proc stands: "/" but in tests.</param>
    internal static IReadOnlyList<string> Of(string device, string root)
    {
        string target = Final(device);
        List<string> holders = [];
        string processes = Path.Combine(root, "proc");
        foreach (string folder in Directory.Exists(processes) ? Directory.GetDirectories(processes) : [])
        {
            string id = Path.GetFileName(folder);
            if (id.All(char.IsAsciiDigit) && id != Environment.ProcessId.ToString(System.Globalization.CultureInfo.InvariantCulture) && Holds(folder, target))
            {
                holders.Add($"{NameOf(folder)} ({id})");
            }
        }

        return holders;
    }

    /// <summary>The same as one text; says so where this user may not see them.</summary>
    internal static string Named(string device, Language language)
    {
        IReadOnlyList<string> holders = Of(device, "/");
        return holders.Count > 0
            ? string.Join(", ", holders)
            : new Text(es: "no se puede ver cuál (pruebe con sudo)", en: "which one cannot be seen (try sudo)").In(language);
    }

    /// <summary>The path behind all links; the path itself when it cannot be followed.</summary>
    internal static string Final(string path)
    {
        try
        {
            return File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return path;
        }
    }

    private static bool Holds(string process, string target)
    {
        try
        {
            foreach (string descriptor in Directory.GetFileSystemEntries(Path.Combine(process, "fd")))
            {
                if (new FileInfo(descriptor).LinkTarget == target)
                {
                    return true;
                }
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Another user's process, or one that ended in this moment.
        }

        return false;
    }

    private static string NameOf(string process)
    {
        try
        {
            return File.ReadAllText(Path.Combine(process, "comm")).Trim();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "?";
        }
    }
}
