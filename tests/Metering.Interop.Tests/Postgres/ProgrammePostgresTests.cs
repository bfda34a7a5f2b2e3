using Metering.Programme.Accounts;
using Metering.Programme.Kinds;
using Metering.Programme.Records;
using Metering.Programme.Storage;
using Metering.Readings.Texts;
using Metering.Store;
using Metering.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Metering.Interop.Tests.Postgres;

/// <summary>Accounts and register in a real PostgreSQL, each "process" with connections of its own.</summary>
[Collection("postgres")]
public sealed class ProgrammePostgresTests
{
    private const string Password = "cuero lento bajo lluvia";
    private static readonly Actor Ana = new("ana", "Ana Ruiz");
    private readonly PostgresFixture _fixture;

    public ProgrammePostgresTests(PostgresFixture fixture)
    {
        _fixture = fixture;
        fixture.Server.Execute("DROP SCHEMA IF EXISTS programme CASCADE");
    }

    [NeedsFact("postgres")]
    public void Processes_that_start_at_once_make_the_tables_once_and_keep_what_is_there()
    {
        Parallel.For(0, 4, _ => Open());
        Assert.Equal("1", _fixture.Server.Ask("SELECT count(*) FROM programme.\"ProgrammeSchema\""));
        _ = Register().Save([new(Company("a"), 0)], Ana, null);
        Assert.NotNull(Register().Snapshot.Find<Organisation>("a"));
    }

    [NeedsFact("postgres")]
    public void A_lost_update_is_refused_whichever_process_was_first()
    {
        RecordStore one = Register();
        RecordStore other = Register();
        _ = one.Save([new(Company("a"), 0)], Ana, null);
        _ = other.Save([new(Company("a") with { Name = "Dos" }, 1)], Ana, "motivo");
        _ = Assert.Throws<RecordConflictException>(() => one.Save([new(Company("a") with { Name = "Tres" }, 1)], Ana, "motivo"));
        Assert.Equal("Dos", one.Snapshot.Find<Organisation>("a")!.Name);
        Assert.Equal(2, one.History(new("organisation", "a")).Count);
    }

    [NeedsFact("postgres")]
    public void Changes_of_many_processes_at_once_are_all_there_in_one_order()
    {
        const int Processes = 4;
        const int Changes = 25;
        Parallel.For(0, Processes, process =>
        {
            RecordStore register = Register();
            for (int change = 0; change < Changes; change++)
            {
                _ = register.Save([new(Company(FormattableString.Invariant($"c-{process}-{change}")), 0)], Ana, null);
            }
        });
        Assert.Equal(Processes * Changes, Register().Snapshot.All<Organisation>().Count);
        using ProgrammeContext context = Open().NewContext();
        Assert.Equal(Enumerable.Range(1, Processes * Changes).Select(number => (long)number), context.Audit.OrderBy(entry => entry.Number).Select(entry => entry.Number).ToList());
    }

    [NeedsFact("postgres")]
    public async Task The_first_account_signs_in_at_another_process_and_faults_of_both_lock_it()
    {
        await using ServiceProvider one = Process();
        await using ServiceProvider other = Process();
        using (IServiceScope scope = one.CreateScope())
        {
            AccountDesk desk = scope.ServiceProvider.GetRequiredService<AccountDesk>();
            _ = await desk.MakeFirstAsync(desk.NewFirstToken(), new("ana", "Ana Luz", Language.Spanish), Password);
        }

        Assert.NotNull(SignIn(other, Password).Account);
        Parallel.For(0, AccountDesk.MostFaults, index => SignIn(index % 2 == 0 ? one : other, "falso falso falso"));
        Assert.NotNull(SignIn(one, Password).LockedUntil);
    }

    private static Organisation Company(string id) => new() { Id = id, Name = "Uno" };

    private static SignInOutcome SignIn(ServiceProvider process, string password)
    {
        using IServiceScope scope = process.CreateScope();
        return scope.ServiceProvider.GetRequiredService<AccountDesk>().CheckPassword("ana", password);
    }

    private ProgrammeDatabase Open() => ProgrammeDatabase.Open(StoreLocation.AtPostgres(_fixture.Server.Address));

    private RecordStore Register() => new(Open(), TimeProvider.System);

    private ServiceProvider Process()
    {
        ServiceCollection services = new();
        services.AddLogging().AddSingleton(TimeProvider.System);
        AccountServices.Add(services, Open());
        return services.BuildServiceProvider();
    }
}
