using Metering.Tests.Store;
using Xunit;

namespace Metering.Interop.Tests.Postgres;

[Collection("postgres")]
public sealed class PostgresConformanceTests(PostgresFixture fixture) : ReadingStoreConformance
{
    private protected override int SeedCount => 20;

    private protected override IStoreHouse Build() => new PostgresHouse(fixture.Server);

    private protected override IStoreHouse BuildQuick() => Build();
}
