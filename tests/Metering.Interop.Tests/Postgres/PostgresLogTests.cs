using Metering.Programme.Storage;
using Metering.Store;
using Metering.Tests.Log;
using Xunit;

namespace Metering.Interop.Tests.Postgres;

/// <summary>The log in a real PostgreSQL.</summary>
[Collection("postgres")]
public sealed class PostgresLogTests : EvidenceLogConformance
{
    private readonly PostgresFixture fixture;

    public PostgresLogTests(PostgresFixture fixture)
    {
        this.fixture = fixture;
        if (Metering.Tests.Support.Needs.Missing(["postgres"]) is null)
        {
            fixture.Server.Execute("DROP SCHEMA IF EXISTS programme CASCADE");
        }
    }

    private protected override ProgrammeDatabase Open() => ProgrammeDatabase.Open(StoreLocation.AtPostgres(fixture.Server.Address));

    private protected override string Table(string name) => "programme." + name;

    private protected override void Execute(string sql) => fixture.Server.Execute(sql);
}
