namespace Metering.Tests.Analytics;

/// <summary>Reference cases and data that lie beside the repository and are not part of it.</summary>
internal static class ReferenceFiles
{
    /// <summary>Full path of a file below ../shared, or null, with the reason printed, when it is not on this machine.</summary>
    public static string? Find(string relative)
    {
        DirectoryInfo? directory = new(AppContext.BaseDirectory);
        while (directory is not null && !File.Exists(Path.Combine(directory.FullName, "Metering.sln")))
        {
            directory = directory.Parent;
        }

        string? path = directory?.Parent is null ? null : Path.Combine(directory.Parent.FullName, "shared", relative);
        if (path is null || !(File.Exists(path) || Directory.Exists(path)))
        {
            Console.WriteLine($"SKIPPED: the reference file {relative} is not beside the repository");
            return null;
        }

        return path;
    }

    /// <summary>Lines of a CSV without quotes, split at commas, the header first.</summary>
    public static string[][] ReadCsv(string path) =>
        [.. File.ReadLines(path).Where(line => line.Length > 0).Select(line => line.Split(','))];
}
