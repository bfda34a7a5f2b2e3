namespace Metering.Tests.Support;

/// <summary>Where the project and the shared material beside it lie.</summary>
public static class Repository
{
    /// <summary>The folder that holds Metering.sln.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>A path inside the project.</summary>
    public static string Path(params string[] parts) => System.IO.Path.Combine([Root, .. parts]);

    /// <summary>A file of the shared material beside the project, or null when it is not there.</summary>
    public static string? SharedFile(string relative)
    {
        string path = System.IO.Path.GetFullPath(System.IO.Path.Combine(Root, "..", "shared", relative));
        return File.Exists(path) || Directory.Exists(path) ? path : null;
    }

    private static string FindRoot()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(System.IO.Path.Combine(folder, "Metering.sln")))
        {
            folder = System.IO.Path.GetDirectoryName(folder.TrimEnd('/'));
        }

        return folder ?? throw new InvalidOperationException("the tests do not run inside the project's folder");
    }
}
