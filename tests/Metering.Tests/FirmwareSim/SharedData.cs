using Xunit.Abstractions;

namespace Metering.Tests.FirmwareSim;

/// <summary>Measured data that is not part of the sources: in the folder METERING_DATA names, or in shared/data beside the sources.</summary>
internal static class SharedData
{
    internal static string? Find(string name, ITestOutputHelper output)
    {
        string folder = Environment.GetEnvironmentVariable("METERING_DATA") ?? Path.Combine(Repository(), "..", "shared", "data");
        string path = Path.Combine(folder, name);
        if (File.Exists(path))
        {
            return path;
        }

        output.WriteLine($"SKIPPED: {name} is not here; set METERING_DATA to the folder that has it");
        return null;
    }

    internal static string Replay(string name) => Path.Combine(Repository(), "firmware-sim", "replays", name);

    private static string Repository()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Metering.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException("the tests do not run within the sources");
    }
}
