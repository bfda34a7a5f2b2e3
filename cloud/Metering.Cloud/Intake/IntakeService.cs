using System.Security.Cryptography;
using System.Text;
using Metering.Cloud.Hosting;
using Metering.Ingestion.Import;
using Metering.Ingestion.Intake;
using Metering.Store;

namespace Metering.Cloud.Intake;

/// <summary>The databases that take line protocol in one running cloud, and who may write to them.</summary>
internal sealed class IntakeService : IDisposable
{
    private readonly ECDsa _key;
    private readonly Dictionary<string, IntakeDatabase> _databases = new(StringComparer.Ordinal);

    private IntakeService(ECDsa key, IntakeTokens tokens)
    {
        _key = key;
        Tokens = tokens;
    }

    /// <summary>Who may write.</summary>
    public IntakeTokens Tokens { get; }

    /// <summary>Opens every database, so that a process that may not append fails at its start.</summary>
    /// <exception cref="CloudFault">The import key or the tokens cannot be read, or an import belongs to another plant.</exception>
    public static IntakeService Open(CloudConfig config, IReadingStore store, TimeProvider clock, IntakeOptions? options = null)
    {
        IntakeConfig intake = config.Intake!;
        try
        {
            IntakeService service = new(ImportKey.LoadOrCreate(ImportKey.FileBeside(config.KeyFile)), new(intake.TokensFile, clock));
            try
            {
                _ = service.Tokens.List();
                foreach (IntakeDatabaseConfig database in intake.Databases)
                {
                    service._databases.Add(database.Name, new(Options(database, service._key), options ?? new(), store, clock));
                }

                return service;
            }
            catch
            {
                service.Dispose();
                throw;
            }
        }
        catch (Exception e) when (e is ImportException or InvalidDataException)
        {
            throw new CloudFault(ExitCode.Configuration, $"intake: {e.Message}");
        }
    }

    /// <summary>A database by its name as clients give it; "name/policy" means "name", as InfluxDB 2 writes it.</summary>
    public IntakeDatabase? Find(string name)
    {
        int slash = name.IndexOf('/', StringComparison.Ordinal);
        return _databases.GetValueOrDefault(slash < 0 ? name : name[..slash]);
    }

    public void Dispose()
    {
        foreach (IntakeDatabase database in _databases.Values)
        {
            database.Dispose();
        }

        _key.Dispose();
    }

    private static IntakeDatabaseOptions Options(IntakeDatabaseConfig database, ECDsa key) => new()
    {
        Name = database.Name,
        Rules = database.Rules,
        TakesUnknown = database.TakesUnknown,
        Import = new()
        {
            Name = database.Import,
            Plant = database.Plant,
            Key = key,
            Software = "metering-intake/0.1.0",
            LeavesOutStored = false,
            SourceHash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes("line protocol " + database.Name))),
        },
    };
}
