namespace Metering.Tests.Support;

/// <summary>A folder that goes with the test.</summary>
public sealed class TemporaryFolder : IDisposable
{
    private const string Memory = "/dev/shm";

    /// <param name="inMemory">Whether a file system in memory is preferred: for tests that flush thousands of times and look at contents only.</param>
    public TemporaryFolder(bool inMemory = false)
    {
        Path = inMemory && Directory.Exists(Memory)
            ? Directory.CreateDirectory(System.IO.Path.Combine(Memory, "metering-test-" + Guid.NewGuid().ToString("N"))).FullName
            : Directory.CreateTempSubdirectory("metering-test-").FullName;
    }

    public string Path { get; }

    public string Write(string name, string text)
    {
        string path = System.IO.Path.Combine(Path, name);
        _ = Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return path;
    }

    public string Combine(string name) => System.IO.Path.Combine(Path, name);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
