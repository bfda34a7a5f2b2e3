using System.Security.Cryptography;
using Metering.Programme.Log;
using Metering.Programme.Storage;
using Metering.Store;
using Metering.Tests.Log;
using Metering.Tests.Support;
using Npgsql;
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
        if (Needs.Missing(["postgres"]) is null)
        {
            fixture.Server.Execute("DROP SCHEMA IF EXISTS programme CASCADE");
        }
    }

    [NeedsFact("postgres")]
    public async Task A_server_that_is_killed_while_a_follower_appends_leaves_no_hole_and_nothing_twice()
    {
        EvidenceLog log = Another();
        for (int round = 1; round <= 3; round++)
        {
            Task follower = Task.Factory.StartNew(() => Follow(Another(), int.MaxValue), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
            long begun = log.Count;
            while (log.Count < begun + 30)
            {
                Assert.False(follower.IsCompleted);
            }

            fixture.Server.Kill();
            _ = await Assert.ThrowsAsync<StoreException>(() => follower);
            fixture.Server.StartAgain();
            NpgsqlConnection.ClearAllPools();
            Assert.Equal(log.Count, log.Watermark("journal").Value);
        }

        int through = (int)log.Count + 25;
        Follow(log, through);
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        LogReport report = Another().Verify(key, CancellationToken.None);
        Assert.Equal((through, 0), (report.Entries, report.FaultCount));
        Assert.Equal(Enumerable.Range(1, through).Select(number => $"batch/leon/1/{number}"), log.Read(0, through + 1).Select(entry => entry.Entry.Subject));
    }

    private protected override ProgrammeDatabase Open() => ProgrammeDatabase.Open(StoreLocation.AtPostgres(fixture.Server.Address));

    private protected override string Table(string name) => "programme." + name;

    private protected override void Execute(string sql) => fixture.Server.Execute(sql);

    private static void Follow(EvidenceLog log, int through)
    {
        while (log.Watermark("journal") is { } place && place.Value < through)
        {
            long to = Math.Min(through, place.Value + 10);
            LogDraft[] drafts = [.. Enumerable.Range((int)place.Value + 1, (int)(to - place.Value)).Select(number => LogDraft.Batch("leon", 1, number, Convert.ToHexStringLower(SHA256.HashData(BitConverter.GetBytes(number)))))];
            _ = log.Append(drafts, (place, place with { Value = to }));
        }
    }
}
