namespace Metering.Tests.Support;

/// <summary>Where the programs of PostgreSQL's server are: Debian keeps them off the path, in a folder per version.</summary>
public static class PostgresPrograms
{
    private const string Versions = "/usr/lib/postgresql";

    /// <summary>The folder of the newest version, or null when there is none.</summary>
    public static string? Folder() => !Directory.Exists(Versions)
        ? null
        : Directory.GetDirectories(Versions).Select(version => Path.Combine(version, "bin"))
            .Where(folder => File.Exists(Path.Combine(folder, "postgres"))).Order(StringComparer.Ordinal).LastOrDefault();
}
