using Metering.Tests.Projects;
using Metering.Tests.Store;
using Xunit;

namespace Metering.Interop.Tests.Postgres;

[Collection("postgres")]
public sealed class PostgresKeptFiguresTests(PostgresFixture fixture) : KeptFiguresConformance
{
    private protected override int SeedCount => 2;

    private protected override IStoreHouse Build() => new PostgresHouse(fixture.Server);
}
