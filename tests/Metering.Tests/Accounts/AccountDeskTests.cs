using Metering.Programme.Accounts;
using Metering.Programme.Records;
using Metering.Programme.Storage;
using Metering.Store;
using Metering.Tests.Support;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Metering.Tests.Accounts;

#pragma warning disable CA1001 // DisposeAsync of IAsyncLifetime disposes it.
public sealed class AccountDeskTests : IAsyncLifetime
#pragma warning restore CA1001
{
    private const string Good = "cuero lento bajo lluvia";
    private readonly TemporaryFolder folder = new();
    private readonly ManualTimeProvider clock = new(new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));
    private ServiceProvider first = null!;
    private ServiceProvider second = null!;
    private Account administrator = null!;
    private string token = "";

    public async Task InitializeAsync()
    {
        (first, second) = (Process(), Process());
        token = With(first, desk => desk.NewFirstToken());
        administrator = await WithAsync(first, desk => desk.MakeFirstAsync(token, new("ana@example.org", "Ana Luz", Language.Spanish), Good));
    }

    public async Task DisposeAsync()
    {
        await first.DisposeAsync();
        await second.DisposeAsync();
        SqliteConnection.ClearAllPools();
        folder.Dispose();
    }

    [Fact]
    public async Task The_first_link_makes_one_administrator_and_never_another()
    {
        Assert.Equal(AccountRole.Administrator, Assert.Single(Grants(administrator.Id)).Role);
        _ = await Assert.ThrowsAsync<AccountFault>(() => WithAsync(second, desk => desk.MakeFirstAsync(token, new("eva", "Eva", Language.English), Good)));
        _ = Assert.Throws<AccountFault>(() => With(second, desk => desk.NewFirstToken()));
    }

    [Theory]
    [InlineData("corta", false)]
    [InlineData("qwertyuiop123", false)]
    [InlineData("PasswordPassword", false)]
    [InlineData("soy ana@example.org", false)]
    [InlineData("cuatro palabras sueltas", true)]
    [InlineData("aaaaaaaaaaaab", true)]
    public void A_password_is_judged_by_length_use_and_name_only(string password, bool isGood)
    {
        Exception? fault = Record.Exception(() => PasswordRules.Check(password, "ana@example.org", "Ana Luz"));
        Assert.Equal(isGood, fault is null);
        Assert.True(fault is null or AccountFault);
    }

    [Fact]
    public void At_least_200_of_the_most_usual_passwords_are_known() => Assert.True(PasswordRules.Usual.Count >= 200);

    [Fact]
    public void Five_faults_at_two_processes_lock_for_a_quarter_of_an_hour_also_against_the_right_password()
    {
        for (int fault = 0; fault < AccountDesk.MostFaults; fault++)
        {
            Assert.Null(SignIn(fault % 2 == 0 ? first : second, "falso falso falso").Account);
        }

        Assert.Equal(clock.GetUtcNow() + AccountDesk.LockTime, SignIn(second, Good).LockedUntil);
        clock.Advance(AccountDesk.LockTime);
        Assert.NotNull(SignIn(second, Good).Account);
    }

    [Fact]
    public void Faults_at_the_same_time_are_all_counted()
    {
        Parallel.For(0, AccountDesk.MostFaults, index => SignIn(index % 2 == 0 ? first : second, "falso falso falso"));
        Assert.NotNull(SignIn(first, Good).LockedUntil);
    }

    [Fact]
    public async Task An_invitation_works_once_and_only_until_it_expires()
    {
        (Account invited, string link) = await WithAsync(first, desk => desk.InviteAsync(Ana(), new("beto", "Beto Paz", Language.Spanish), "nuevo"));
        Assert.Null(SignIn(first, Good, "beto").Account);
        _ = await WithAsync(second, desk => desk.UseLinkAsync(link, TicketPurpose.Invite, Good));
        Assert.Equal(invited.Id, SignIn(first, Good, "BETO").Account?.Id);
        _ = await Assert.ThrowsAsync<AccountFault>(() => WithAsync(first, desk => desk.UseLinkAsync(link, TicketPurpose.Invite, Good)));

        string reset = With(first, desk => desk.Reset(Ana(), invited.Id, "la olvidó"));
        _ = await Assert.ThrowsAsync<AccountFault>(() => WithAsync(first, desk => desk.UseLinkAsync(reset, TicketPurpose.Invite, Good)));
        clock.Advance(AccountDesk.LinkLifetime);
        _ = await Assert.ThrowsAsync<AccountFault>(() => WithAsync(first, desk => desk.UseLinkAsync(reset, TicketPurpose.Reset, Good)));
    }

    [Fact]
    public async Task Nobody_grants_to_themselves_and_the_last_administrator_stays()
    {
        Grant own = Assert.Single(Grants(administrator.Id));
        _ = Assert.Throws<AccountFault>(() => Give(Ana(), administrator.Id, AccountRole.Reviewer));
        _ = Assert.Throws<AccountFault>(() => End(new("terminal", "terminal"), own.Number));
        _ = Assert.Throws<AccountFault>(() => With<bool>(first, desk =>
        {
            desk.Close(new("terminal", "terminal"), administrator.Id, "baja");
            return true;
        }));
        (Account other, _) = await WithAsync(first, desk => desk.InviteAsync(Ana(), new("beto", "Beto Paz", Language.Spanish), "nuevo"));
        Give(Ana(), other.Id, AccountRole.Administrator);
        End(new(other.Id, "Beto Paz"), own.Number);
        Assert.Empty(Grants(administrator.Id));
    }

    [Theory]
    [InlineData(AccountRole.Operator, null, null)]
    [InlineData(AccountRole.Installer, null, "pml-001")]
    [InlineData(AccountRole.Consultant, "leon", null)]
    [InlineData(AccountRole.Reviewer, "leon", null)]
    [InlineData(AccountRole.Administrator, null, "pml-001")]
    [InlineData(AccountRole.Auditor, "leon", "pml-001")]
    public async Task A_role_is_refused_for_a_scope_it_does_not_have(AccountRole role, string? plant, string? project)
    {
        (Account other, _) = await WithAsync(first, desk => desk.InviteAsync(Ana(), new("beto", "Beto Paz", Language.Spanish), "nuevo"));
        _ = Assert.Throws<AccountFault>(() => Give(Ana(), other.Id, role, plant, project));
    }

    [Fact]
    public async Task Neither_audit_trail_nor_database_holds_a_secret()
    {
        (Account invited, string link) = await WithAsync(first, desk => desk.InviteAsync(Ana(), new("beto", "Beto Paz", Language.Spanish), "nuevo"));
        string reset = With(first, desk => desk.Reset(Ana(), invited.Id, "otra vez"));
        using IServiceScope scope = first.CreateScope();
        (_, string key) = scope.ServiceProvider.GetRequiredService<KeyDesk>().Make(Ana(), new() { Kind = AccessKeyKind.Machine, Name = "scada", Plant = "leon", Days = 10 });
        Assert.StartsWith("mtr_", key, StringComparison.Ordinal);
        ProgrammeContext context = scope.ServiceProvider.GetRequiredService<ProgrammeContext>();
        string trail = string.Join('\n', context.Audit.Select(entry => entry.Before + "|" + entry.After + "|" + entry.Reason + "|" + entry.RecordId));
        Assert.Contains("\"name\":\"scada\"", trail, StringComparison.Ordinal);
        _ = context.Database.ExecuteSqlRaw("PRAGMA wal_checkpoint(TRUNCATE)");
        string database = System.Text.Encoding.Latin1.GetString(await File.ReadAllBytesAsync(folder.Combine("programme.db")));
        foreach (string secret in (string[])[Good, link, reset, key, token])
        {
            Assert.DoesNotContain(secret, trail, StringComparison.Ordinal);
            Assert.DoesNotContain(secret, database, StringComparison.Ordinal);
        }
    }

    private ServiceProvider Process()
    {
        ServiceCollection services = new();
        services.AddLogging().AddSingleton<TimeProvider>(clock);
        AccountServices.Add(services, ProgrammeDatabase.Open(StoreLocation.AtFile(folder.Combine("programme.db"))));
        return services.BuildServiceProvider();
    }

    private Actor Ana() => new(administrator.Id, administrator.DisplayName);

    private SignInOutcome SignIn(ServiceProvider process, string password, string user = "ana@example.org") => With(process, desk => desk.CheckPassword(user, password));

    private IReadOnlyList<Grant> Grants(string account)
    {
        using IServiceScope scope = second.CreateScope();
        return scope.ServiceProvider.GetRequiredService<GrantDesk>().Holding(account);
    }

    private void Give(Actor actor, string account, AccountRole role, string? plant = null, string? project = null)
    {
        using IServiceScope scope = first.CreateScope();
        _ = scope.ServiceProvider.GetRequiredService<GrantDesk>().Give(actor, new() { AccountId = account, Role = role, Plant = plant, Project = project }, "prueba");
    }

    private void End(Actor actor, long number)
    {
        using IServiceScope scope = first.CreateScope();
        scope.ServiceProvider.GetRequiredService<GrantDesk>().End(actor, number, "prueba");
    }

    private static T With<T>(ServiceProvider process, Func<AccountDesk, T> work)
    {
        using IServiceScope scope = process.CreateScope();
        return work(scope.ServiceProvider.GetRequiredService<AccountDesk>());
    }

    private static async Task<T> WithAsync<T>(ServiceProvider process, Func<AccountDesk, Task<T>> work)
    {
        await using AsyncServiceScope scope = process.CreateAsyncScope();
        return await work(scope.ServiceProvider.GetRequiredService<AccountDesk>());
    }
}
