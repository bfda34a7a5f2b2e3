using Xunit;

namespace Metering.Tests.Support;

/// <summary>
/// A test that needs programs or data from outside. Where one is absent the test is skipped and says what is missing;
/// with METERING_REQUIRE_DAEMONS=1 (CI) it runs and fails. Data folders are never required: they are not part of the project.
/// </summary>
public sealed class NeedsFactAttribute : FactAttribute
{
    /// <summary>Needs these programs ("mosquitto"), Python modules ("python3:numpy") or shared files ("shared:data/x.csv").</summary>
    public NeedsFactAttribute(params string[] needs) => Skip = Needs.Missing(needs);
}

/// <summary><see cref="NeedsFactAttribute"/> for theories.</summary>
public sealed class NeedsTheoryAttribute : TheoryAttribute
{
    /// <summary>Needs these, see <see cref="NeedsFactAttribute"/>.</summary>
    public NeedsTheoryAttribute(params string[] needs) => Skip = Needs.Missing(needs);
}

internal static class Needs
{
    private static readonly string[] Folders = ["/usr/bin", "/usr/sbin", "/usr/local/bin", "/bin", "/sbin"];

    /// <summary>Why a test that needs these is skipped, or null when it runs.</summary>
    public static string? Missing(string[] needs)
    {
        bool required = Environment.GetEnvironmentVariable("METERING_REQUIRE_DAEMONS") == "1";
        foreach (string need in needs)
        {
            if (need.StartsWith("shared:", StringComparison.Ordinal))
            {
                if (Repository.SharedFile(need[7..]) is null)
                {
                    return $"the shared file {need[7..]} is not beside the project";
                }
            }
            else if (!required && !IsInstalled(need))
            {
                return $"{need} is not installed";
            }
        }

        return null;
    }

    private static bool IsInstalled(string need) => need.StartsWith("python3:", StringComparison.Ordinal)
        ? Directory.Exists($"/usr/lib/python3/dist-packages/{need[8..]}")
        : Array.Exists(Folders, folder => File.Exists(Path.Combine(folder, need))) || (need == "postgres" && PostgresPrograms.Folder() is not null);
}
