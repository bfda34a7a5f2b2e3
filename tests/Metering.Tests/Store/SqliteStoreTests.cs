namespace Metering.Tests.Store;

public sealed class SqliteStoreTests : ReadingStoreConformance
{
    private protected override int SeedCount => 120;

    private protected override IStoreHouse Build() => new SqliteHouse(Path.GetTempPath());

    private protected override IStoreHouse BuildQuick() => new SqliteHouse(Directory.Exists("/dev/shm") ? "/dev/shm" : Path.GetTempPath());
}
