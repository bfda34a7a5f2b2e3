namespace Metering.Cloud.Demo;

/// <summary>The demo's folder: a temporary one that is removed at the end, or the one the user wants to keep.</summary>
internal sealed class DemoFolder : IDisposable
{
    private readonly bool _keep;

    private DemoFolder(string root, bool keep)
    {
        Root = root;
        _keep = keep;
        _ = Directory.CreateDirectory(Logs);
        _ = Directory.CreateDirectory(Field);
        _ = Directory.CreateDirectory(CloudState);
        _ = Directory.CreateDirectory(BrokerState);
        _ = Directory.CreateDirectory(Exports);
    }

    /// <summary>The folder itself.</summary>
    public string Root { get; }

    /// <summary>One log per process.</summary>
    public string Logs => Path.Combine(Root, "logs");

    /// <summary>What the simulated field wrote: gateway configurations, projects, truth.</summary>
    public string Field => Path.Combine(Root, "field");

    /// <summary>The cloud's configuration, key and store.</summary>
    public string CloudState => Path.Combine(Root, "cloud");

    /// <summary>The broker's configuration and persistence.</summary>
    public string BrokerState => Path.Combine(Root, "broker");

    /// <summary>Signed batches and results as files.</summary>
    public string Exports => Path.Combine(Root, "exports");

    /// <summary>The cloud's configuration file.</summary>
    public string CloudConfig => Path.Combine(CloudState, "cloud.yaml");

    /// <summary>Folder of one gateway.</summary>
    public string Gateway(string plant) => Path.Combine(Field, "gateways", plant);

    /// <summary>Makes the folders.</summary>
    /// <exception cref="DemoException">The folder to keep is not empty or cannot be written.</exception>
    public static DemoFolder Create(DemoOptions options)
    {
        try
        {
            if (options.Keep is null)
            {
                return new(Directory.CreateTempSubdirectory("metering-demo-").FullName, keep: false);
            }

            string path = Path.GetFullPath(options.Keep);
            return Directory.Exists(path) && Directory.EnumerateFileSystemEntries(path).Any()
                ? throw new DemoException(73, options.Texts.NotEmpty(path))
                : new(path, keep: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DemoException(73, e.Message);
        }
    }

    /// <summary>Removes a temporary folder.</summary>
    public void Dispose()
    {
        if (!_keep)
        {
            Directory.Delete(Root, recursive: true);
        }
    }
}
