using Metering.Cloud.Hosting;
using Metering.Store;
using Metering.Store.Postgres;
using Metering.Tests.Store;
using Metering.Tests.Support;
using Xunit;
using static Metering.Tests.Store.StoreGateway;

namespace Metering.Interop.Tests.Postgres;

/// <summary>A server that is away, full, new or not ours: what a person is told, and that nothing is lost.</summary>
[Collection("postgres")]
public sealed class PostgresFaultTests(PostgresFixture fixture) : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("metering-pgfault-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [NeedsFact("postgres")]
    public async Task A_server_that_ends_and_comes_back_is_waited_for_by_the_caller_and_nothing_is_lost()
    {
        using PostgresHouse house = new(fixture.Server);
        using StoreGateway gateway = new();
        using IReadingStore store = house.Open();
        store.Enrol(gateway.Enrolment);
        Assert.Equal(AppendOutcome.Stored, await AppendAsync(store, gateway.Next([Good(Start, 1)])));
        byte[] second = gateway.Next([Good(Start + 1, 2)]);
        fixture.Server.Kill();
        try
        {
            StoreException e = await Assert.ThrowsAsync<StoreException>(() => AppendAsync(store, second));
            Assert.Equal(StoreException.TryLater, e.ExitCode);
            Assert.Contains("Is PostgreSQL running?", e.Message, StringComparison.Ordinal);
            Assert.Equal(StoreException.TryLater, Assert.Throws<StoreException>(() => store.LastSequence).ExitCode);
            AssertRefused(fixture.Server.Address, StoreException.Unavailable, "nothing answers");
        }
        finally
        {
            fixture.Server.StartAgain();
        }

        // The connections of before are dead, and nobody notices.
        Assert.Equal(1, store.LastSequence);
        Assert.Equal(AppendOutcome.Stored, await AppendAsync(store, second));
        Assert.Equal([1, 2], store.Read(GatewayName, Energy, 0, long.MaxValue).ScaledValues);
    }

    [NeedsFact("postgres")]
    public async Task A_full_disk_refuses_batches_and_goes_on_when_there_is_room()
    {
        using PostgresHouse house = new(fixture.Server);
        using StoreGateway gateway = new();
        using IReadingStore store = house.Open();
        store.Enrol(gateway.Enrolment);

        // The server's own answer on a full disk (class 53, disk_full), raised where it would arise.
        fixture.Server.Execute(
            """
            CREATE FUNCTION metering.full() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE='53100'; END $$;
            CREATE TRIGGER full_disk BEFORE INSERT ON metering.journal EXECUTE FUNCTION metering.full()
            """);
        byte[] bytes = gateway.Next([Good(Start, 1)]);
        StoreException e = await Assert.ThrowsAsync<StoreException>(() => AppendAsync(store, bytes));
        Assert.Equal(StoreException.InputOutput, e.ExitCode);
        Assert.Contains("make room", e.Message, StringComparison.Ordinal);
        fixture.Server.Execute("DROP TRIGGER full_disk ON metering.journal");
        Assert.Equal(AppendOutcome.Stored, await AppendAsync(store, bytes));
        Assert.Equal([1], store.Read(GatewayName, Energy, 0, long.MaxValue).ScaledValues);
    }

    [NeedsFact("postgres")]
    public void What_cannot_be_opened_is_refused_with_what_to_do()
    {
        PostgresServer server = fixture.Server;
        using PostgresHouse house = new(server);
        string password = Path.Combine(_folder, "password");
        File.WriteAllText(password, "wrong\n");
        AssertRefused(server.TcpAddress with { PasswordFile = password }, StoreException.Permission, "passwordFile");
        AssertRefused(server.TcpAddress, StoreException.Permission, "password");
        AssertRefused(server.TcpAddress with { UserName = "stranger", PasswordFile = password }, StoreException.Permission, "userName");
        AssertRefused(server.Address with { Database = "nowhere" }, StoreException.Configuration, "createdb --owner=metering nowhere");
        AssertRefused(server.Address with { PasswordFile = Path.Combine(_folder, "none") }, StoreException.Configuration, "name the right file");
        AssertRefused(server.Address with { Host = _folder }, StoreException.Unavailable, "nothing answers");
        File.WriteAllText(password, "\n");
        AssertRefused(server.TcpAddress with { PasswordFile = password }, StoreException.Configuration, "is empty");
        File.WriteAllText(password, PostgresServer.Password + "\n");
        PostgresStore.Open(server.TcpAddress with { PasswordFile = password }, TimeProvider.System).Dispose();
        server.Execute("INSERT INTO metering.migration(number) VALUES(99)");
        AssertRefused(server.Address, StoreException.Configuration, "is of version 99");
        server.Execute("DROP SCHEMA metering CASCADE; CREATE SCHEMA metering; CREATE TABLE metering.theirs(x int)");
        AssertRefused(server.Address, StoreException.Configuration, "another program");
    }

    [NeedsFact("postgres")]
    public void Every_commit_of_batches_is_flushed_to_disk()
    {
        using PostgresHouse house = new(fixture.Server);
        using PostgresStore store = (PostgresStore)house.Open();
        string? setting = null;
        _ = store.Database.Write(session => session.Query("SELECT current_setting('synchronous_commit') || ' ' || current_setting('fsync')", [], reader => setting = reader.GetString(0)));
        Assert.Equal("on on", setting);
    }

    [NeedsFact("postgres")]
    public async Task The_commands_work_on_a_store_in_PostgreSQL()
    {
        using PostgresHouse house = new(fixture.Server);
        using BatchFactory factory = new();
        PostgresAddress address = fixture.Server.TcpAddress;
        await File.WriteAllTextAsync(Path.Combine(_folder, "db.password"), PostgresServer.Password + "\n");
        await File.WriteAllTextAsync(Path.Combine(_folder, "gateway.pub"), factory.PublicPem);
        await File.WriteAllTextAsync(
            Path.Combine(_folder, "cloud.yaml"),
            $$"""
            name: c
            keyFile: k
            store: { postgres: { host: {{address.Host}}, port: {{address.Port}}, database: {{address.Database}}, userName: {{address.UserName}}, passwordFile: db.password } }
            broker: { host: 127.0.0.1 }
            """);
        Assert.Equal(0, (await RunAsync("gateways", "enrol", "--config", "cloud.yaml", "--id", factory.Gateway, "--plant", "leon", "--key", "gateway.pub")).ExitCode);
        using (IReadingStore store = house.Open())
        {
            Assert.Equal(AppendOutcome.Stored, await AppendAsync(store, factory.Next()));
        }

        (int exitCode, string output, string error) = await RunAsync("status", "--config", "cloud.yaml");
        Assert.Equal((0, ""), (exitCode, error));
        Assert.Contains($"1 batches, {factory.ReadingsPerBatch} readings, 0 messages set aside, in postgres metering@127.0.0.1:", output, StringComparison.Ordinal);
        Assert.DoesNotContain(PostgresServer.Password, output, StringComparison.Ordinal);
    }

    private static void AssertRefused(PostgresAddress address, int exitCode, string part)
    {
        StoreException e = Assert.Throws<StoreException>(() => PostgresStore.Open(address, TimeProvider.System));
        Assert.Contains(part, e.Message, StringComparison.Ordinal);
        Assert.Equal(exitCode, e.ExitCode);
    }

    private async Task<(int ExitCode, string Output, string Error)> RunAsync(params string[] arguments)
    {
        using StringWriter output = new();
        using StringWriter error = new();
        string[] whole = [.. arguments.Select(argument => File.Exists(Path.Combine(_folder, argument)) ? Path.Combine(_folder, argument) : argument)];
        int exitCode = await CloudCommandLine.RunAsync(whole, output, error);
        return (exitCode, output.ToString(), error.ToString());
    }
}
