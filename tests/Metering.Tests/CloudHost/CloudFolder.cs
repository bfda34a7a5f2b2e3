using Metering.Cloud.Hosting;
using Metering.Readings;
using Metering.Store.Sqlite;
using Metering.Tests.Support;

namespace Metering.Tests.CloudHost;

/// <summary>A folder with a cloud's configuration, key and store.</summary>
internal sealed class CloudFolder : IDisposable
{
    public CloudFolder(string extra = "web: { port: 0 }", int brokerPort = 1)
    {
        SigningKey.Create(At("cloud.pem")).Dispose();
        File.WriteAllText(At("cloud.yaml"), $"name: metering-cloud\nkeyFile: cloud.pem\nstore: metering.db\nbroker: {{ host: 127.0.0.1, port: {brokerPort} }}\n{extra}\n");
    }

    public string Path { get; } = Directory.CreateTempSubdirectory("metering-cloud-").FullName;

    public CloudConfig Config => CloudConfigReader.Read(At("cloud.yaml"), isForRun: true);

    public string At(string name) => System.IO.Path.Combine(Path, name);

    public void Dispose() => Directory.Delete(Path, recursive: true);

    /// <summary>Runs a command; "@" at the start of an argument stands for the folder.</summary>
    public async Task<(int ExitCode, string Output, string Error)> RunAsync(params string[] args)
    {
        using StringWriter output = new();
        using StringWriter error = new();
        int exitCode = await CloudCommandLine.RunAsync([.. args.Select(Expand)], output, error);
        return (exitCode, output.ToString(), error.ToString());
    }

    public (int ExitCode, string Output, string Error) Verify(params string[] args)
    {
        using StringWriter output = new();
        using StringWriter error = new();
        int exitCode = Metering.Verifier.VerifyCommand.Run([.. args.Select(Expand)], output, error, "C");
        return (exitCode, output.ToString(), error.ToString());
    }

    /// <summary>Enrols gateways and stores batches of each, as ingestion would.</summary>
    public async Task StoreAsync(int batches, params BatchFactory[] factories)
    {
        using SqliteStore store = SqliteStore.Open(At("metering.db"), TimeProvider.System);
        foreach (BatchFactory factory in factories)
        {
            store.Enrol(new(factory.Gateway, factory.KeyEpoch, "leon", factory.PublicPem));
            foreach (byte[] bytes in factory.Next(batches))
            {
                BatchEnvelope envelope = BatchEnvelope.Open(bytes);
                _ = await store.AppendAsync(envelope, bytes, envelope.ReadSegments(), CancellationToken.None);
            }
        }
    }

    private string Expand(string argument) => argument.StartsWith('@') ? At(argument[1..]) : argument;
}
