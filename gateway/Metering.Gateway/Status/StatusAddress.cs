using System.Net;

namespace Metering.Gateway.Status;

/// <summary>The file in the state directory that tells the commands of this computer where the page is: one line, http://ADDRESS:PORT/, mode 0600.</summary>
internal static class StatusAddress
{
    internal const string FileName = "status.address";

    /// <exception cref="IOException">The file cannot be written.</exception>
    internal static Uri Write(string stateDirectory, IPEndPoint listening)
    {
        // What listens everywhere is reached by the loopback.
        IPAddress host = listening.Address.Equals(IPAddress.Any) ? IPAddress.Loopback : listening.Address.Equals(IPAddress.IPv6Any) ? IPAddress.IPv6Loopback : listening.Address;
        Uri address = new($"http://{new IPEndPoint(host, listening.Port)}/");
        string path = Path.Combine(stateDirectory, FileName);
        File.Delete(path);
        FileStreamOptions options = new() { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using StreamWriter file = new(path, options);
        file.WriteLine(address);
        return address;
    }

    internal static void Remove(string stateDirectory) => File.Delete(Path.Combine(stateDirectory, FileName));

    /// <summary>Where a running gateway shows how it stands; null when none has said so.</summary>
    internal static Uri? Read(string stateDirectory)
    {
        try
        {
            return Uri.TryCreate(File.ReadAllText(Path.Combine(stateDirectory, FileName)).Trim(), UriKind.Absolute, out Uri? address) ? address : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
