using Metering.Readings;
using Metering.Store;
using Metering.Store.Sqlite;

namespace Metering.Tests.Store;

/// <summary>A gateway with a real key that signs real batches into a store in a folder of its own.</summary>
internal sealed class StoreBench : IDisposable
{
    public const string GatewayName = StoreGateway.GatewayName;
    public const long Start = StoreGateway.Start;
    public const long Day = StoreGateway.Day;

    private readonly StoreGateway _gateway = new();
    private int _copies;

    public StoreBench()
    {
        Folder = Directory.CreateTempSubdirectory("metering-store-").FullName;
        Path = System.IO.Path.Combine(Folder, "metering.db");
        Store = SqliteStore.Open(Path, TimeProvider.System);
        Store.Enrol(Enrolment);
    }

    public static Channel[] Channels => StoreGateway.Channels;

    public string Folder { get; }

    public string Path { get; }

    public SqliteStore Store { get; private set; }

    public GatewayEnrolment Enrolment => _gateway.Enrolment;

    public static string Energy => StoreGateway.Energy;

    public static Reading Good(long utcMilliseconds, long value, int channel = 0) => StoreGateway.Good(utcMilliseconds, value, channel);

    /// <summary>The next batch of the chain.</summary>
    public byte[] Next(ReadOnlySpan<Reading> readings, Channel[]? channels = null) => _gateway.Next(readings, channels);

    public Task<AppendOutcome> AppendAsync(byte[] bytes, SqliteStore? store = null) => StoreGateway.AppendAsync(store ?? Store, bytes);

    public Task<AppendOutcome> AppendAsync(params Reading[] readings) => AppendAsync(Next(readings));

    /// <summary>Closes the store as it is, without sealing, and opens it again.</summary>
    public void Reopen()
    {
        Store.Dispose();
        Store = SqliteStore.Open(Path, TimeProvider.System);
    }

    /// <summary>What a process that was killed at this moment would have left behind, as a store of its own.</summary>
    public SqliteStore CopyAsAfterAKill(Action? between = null)
    {
        string folder = Directory.CreateDirectory(System.IO.Path.Combine(Folder, $"killed-{_copies++}")).FullName;
        return SqliteStore.Open(KilledStore.Copy(Path, folder, between), TimeProvider.System);
    }

    public ReadingColumns All(string? channel = null) => Store.Read(GatewayName, channel ?? Energy, long.MinValue, long.MaxValue);

    public void Dispose()
    {
        Store.Dispose();
        _gateway.Dispose();
        Directory.Delete(Folder, recursive: true);
    }
}
