namespace Metering.Gateway.Diagnosis.Health;

/// <summary>Whether files that hold a secret (a password or a private key) can be read by every user of the machine.</summary>
internal static class SecretHealth
{
    /// <summary>The files that everybody may read; none where the system has no such modes.</summary>
    internal static IReadOnlyList<string> OpenToAll(IReadOnlyList<string> files)
    {
        List<string> open = [];
        if (OperatingSystem.IsWindows())
        {
            return open;
        }

        foreach (string file in files)
        {
            if ((File.GetUnixFileMode(file) & (UnixFileMode.OtherRead | UnixFileMode.OtherWrite)) != UnixFileMode.None)
            {
                open.Add(file);
            }
        }

        return open;
    }

    internal static IEnumerable<HealthCheck> Check(IReadOnlyList<string> files) => OpenToAll(files).Select(file => HealthCheck.Notice(
        "secret-file",
        new(es: $"Cualquier usuario de esta máquina puede leer {file}, que guarda un secreto.", en: $"Every user of this machine can read {file}, which holds a secret."),
        new(es: $"Quite el permiso: sudo chmod o= {file}", en: $"Take the right away: sudo chmod o= {file}")));
}
