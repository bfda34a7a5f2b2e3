using Metering.Programme.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Metering.Programme.Accounts;

/// <summary>Adds the desks of accounts, over Identity's users and hasher, to a host or to a command.</summary>
public static class AccountServices
{
    /// <summary>Adds them; a scope is one piece of work. The services must hold a <see cref="TimeProvider"/>.</summary>
    public static void Add(IServiceCollection services, ProgrammeDatabase database)
    {
        services.AddSingleton(database);
        services.AddScoped(_ => database.NewContext());
        services.AddIdentityCore<Account>(options =>
        {
            PasswordRules.Set(options.Password);
            options.Lockout.MaxFailedAccessAttempts = AccountDesk.MostFaults;
            options.Lockout.DefaultLockoutTimeSpan = AccountDesk.LockTime;
        }).AddEntityFrameworkStores<ProgrammeContext>();
        services.AddScoped<AccountDesk>().AddScoped<GrantDesk>().AddScoped<KeyDesk>();
    }
}
