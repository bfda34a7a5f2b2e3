namespace Metering.Gateway.Service;

/// <summary>Whether standard error goes to the systemd journal (JOURNAL_STREAM of systemd.exec(5) names its device and inode).</summary>
internal static class JournalStream
{
    private const string StandardError = "/proc/self/fd/2";

    /// <param name="variable">Gives the value of an environment variable, null when it is not set.</param>
    internal static bool IsStandardError(Func<string, string?> variable)
    {
        string? stream = variable("JOURNAL_STREAM");
        int colon = stream?.IndexOf(':', StringComparison.Ordinal) ?? -1;
        if (stream is null || colon < 0)
        {
            return false;
        }

        try
        {
            // The link reads "socket:[12345]"; the inode is enough, since sockets share one device.
            return new FileInfo(StandardError).LinkTarget == $"socket:[{stream[(colon + 1)..]}]";
        }
        catch (IOException)
        {
            return false;
        }
    }
}
