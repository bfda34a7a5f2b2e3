using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Metering.Cloud.Hosting;
using Metering.Programme.Accounts;

namespace Metering.Cloud.Accounts;

/// <summary>`cloud accounts first|list|invite|grant|end-grant|close|reset`.</summary>
internal static class AccountsCommand
{
    private static readonly Text OpenOnce = new("Abra esta dirección del servicio, una sola vez y antes de {0}:", "Open this address of the service, once and before {0}:");

    public static Command Create(TextWriter output) => new("accounts", "People who sign in, and their roles")
    {
        First(output), List(output), Invite(output), Grant(output), EndGrant(output), Close(output), Reset(output),
    };

    private static Command First(TextWriter output)
    {
        (Option<string> config, Option<string?> lang) = Options();
        Command command = new("first", "Make the one-time address of the first administrator and print it") { config, lang };
        command.SetAction(CommandDesk.Run(config, lang, (_, services, language) =>
        {
            string token = services.GetRequiredService<AccountDesk>().NewFirstToken();
            Tell(output, language, "first", token, AccountDesk.LinkLifetime);
            return Task.CompletedTask;
        }));
        return command;
    }

    private static Command List(TextWriter output)
    {
        (Option<string> config, Option<string?> lang) = Options();
        Option<bool> json = CommonOptions.Json();
        Command command = new("list", "List accounts and their grants: user name, name, state, grant number, role, plant, project, end") { config, lang, json };
        command.SetAction(CommandDesk.Run(config, lang, (parsed, services, _) =>
        {
            IReadOnlyList<Grant> grants = services.GetRequiredService<GrantDesk>().Holding(null);
            var rows = services.GetRequiredService<AccountDesk>().All().Select(account => new
            {
                user = account.UserName,
                name = account.DisplayName,
                state = account.IsClosed ? "closed" : account.IsSimulated ? "simulated" : account.PasswordHash is null ? "invited" : "open",
                grants = grants.Where(grant => grant.AccountId == account.Id).Select(grant => new
                {
                    grant.Number,
                    role = grant.Role.ToString().ToLowerInvariant(),
                    grant.Plant,
                    grant.Project,
                    ends = grant.EndsUtcMilliseconds is long ends ? CommandDesk.Instant(ends) : null,
                }).ToList(),
            }).ToList();
            if (parsed.GetValue(json))
            {
                output.WriteLine(JsonSerializer.Serialize(new { accounts = rows }, JsonSerializerOptions.Web));
                return Task.CompletedTask;
            }

            foreach (var row in rows)
            {
                if (row.grants.Count == 0)
                {
                    output.WriteLine(CommandDesk.Line(row.user, row.name, row.state));
                }

                row.grants.ForEach(grant => output.WriteLine(CommandDesk.Line(row.user, row.name, row.state, grant.Number, grant.role, grant.Plant, grant.Project, grant.ends)));
            }

            return Task.CompletedTask;
        }));
        return command;
    }

    private static Command Invite(TextWriter output)
    {
        (Option<string> config, Option<string?> lang) = Options();
        Option<string> user = new("--user") { Description = "Name to sign in with", Required = true, HelpName = "USER" };
        Option<string> name = new("--name") { Description = "The person's name", Required = true, HelpName = "NAME" };
        Option<string> reason = Reason();
        Command command = new("invite", "Make an account and print the one-time address where the person chooses a password") { config, lang, user, name, reason };
        command.SetAction(CommandDesk.Run(config, lang, async (parsed, services, language) =>
        {
            (Account _, string token) = await services.GetRequiredService<AccountDesk>().InviteAsync(
                CommandDesk.Terminal, new(parsed.GetRequiredValue(user), parsed.GetRequiredValue(name), language), parsed.GetRequiredValue(reason));
            Tell(output, language, "invite", token, AccountDesk.InvitationLifetime);
        }));
        return command;
    }

    private static Command Reset(TextWriter output)
    {
        (Option<string> config, Option<string?> lang) = Options();
        Option<string> user = User();
        Option<string> reason = Reason();
        Command command = new("reset", "Print a one-time address where the person chooses a new password") { config, lang, user, reason };
        command.SetAction(CommandDesk.Run(config, lang, (parsed, services, language) =>
        {
            AccountDesk desk = services.GetRequiredService<AccountDesk>();
            Account account = Find(desk, parsed.GetRequiredValue(user));
            string token = desk.Reset(CommandDesk.Terminal, account.Id, parsed.GetRequiredValue(reason));
            Tell(output, language, account.PasswordHash is null ? "invite" : "reset", token, AccountDesk.LinkLifetime);
            return Task.CompletedTask;
        }));
        return command;
    }

    private static Command Grant(TextWriter output)
    {
        (Option<string> config, Option<string?> lang) = Options();
        Option<string> user = User();
        Option<string> role = new("--role") { Description = "operator, installer, consultant, reviewer, auditor or administrator", Required = true, HelpName = "ROLE" };
        _ = role.AcceptOnlyFromAmong([.. Enum.GetNames<AccountRole>().Select(word => word.ToLowerInvariant())]);
        Option<string?> plant = new("--plant") { Description = "Only for this plant", HelpName = "PLANT" };
        Option<string?> project = new("--project") { Description = "Only for this project", HelpName = "PROJECT" };
        Option<int?> days = new("--days") { Description = "Days after which it ends by itself, 1 to 3650", HelpName = "N" };
        Option<string> reason = Reason();
        Command command = new("grant", "Give a role and print the grant's number") { config, lang, user, role, plant, project, days, reason };
        command.SetAction(CommandDesk.Run(config, lang, (parsed, services, _) =>
        {
            if (parsed.GetValue(days) is < 1 or > 3650)
            {
                throw new CloudFault(ExitCode.Usage, "--days: 1 to 3650.");
            }

            Grant grant = services.GetRequiredService<GrantDesk>().Give(
                CommandDesk.Terminal,
                new()
                {
                    AccountId = Find(services.GetRequiredService<AccountDesk>(), parsed.GetRequiredValue(user)).Id,
                    Role = Enum.Parse<AccountRole>(parsed.GetRequiredValue(role), ignoreCase: true),
                    Plant = parsed.GetValue(plant),
                    Project = parsed.GetValue(project),
                    EndsUtcMilliseconds = parsed.GetValue(days) is int count ? TimeProvider.System.GetUtcNow().AddDays(count).ToUnixTimeMilliseconds() : null,
                },
                parsed.GetRequiredValue(reason));
            output.WriteLine(grant.Number.ToString(CultureInfo.InvariantCulture));
            return Task.CompletedTask;
        }));
        return command;
    }

    private static Command EndGrant(TextWriter output)
    {
        (Option<string> config, Option<string?> lang) = Options();
        Option<long> number = new("--number") { Description = "The grant's number, as 'accounts list' shows it", Required = true, HelpName = "N" };
        Option<string> reason = Reason();
        Command command = new("end-grant", "End a role at once, also in a running cloud") { config, lang, number, reason };
        command.SetAction(CommandDesk.Run(config, lang, (parsed, services, _) =>
        {
            services.GetRequiredService<GrantDesk>().End(CommandDesk.Terminal, parsed.GetRequiredValue(number), parsed.GetRequiredValue(reason));
            output.WriteLine(parsed.GetRequiredValue(number).ToString(CultureInfo.InvariantCulture));
            return Task.CompletedTask;
        }));
        return command;
    }

    private static Command Close(TextWriter output)
    {
        (Option<string> config, Option<string?> lang) = Options();
        Option<string> user = User();
        Option<string> reason = Reason();
        Command command = new("close", "Close an account; its sessions end at once, also in a running cloud") { config, lang, user, reason };
        command.SetAction(CommandDesk.Run(config, lang, (parsed, services, _) =>
        {
            AccountDesk desk = services.GetRequiredService<AccountDesk>();
            desk.Close(CommandDesk.Terminal, Find(desk, parsed.GetRequiredValue(user)).Id, parsed.GetRequiredValue(reason));
            output.WriteLine(parsed.GetRequiredValue(user));
            return Task.CompletedTask;
        }));
        return command;
    }

    private static (Option<string> Config, Option<string?> Lang) Options() => (CommonOptions.Config(), CommandDesk.Lang());

    private static Option<string> User() => new("--user") { Description = "The account's user name", Required = true, HelpName = "USER" };

    private static Option<string> Reason() => new("--reason") { Description = "Why; the audit trail keeps it", Required = true, HelpName = "TEXT" };

    private static Account Find(AccountDesk desk, string user) => desk.Find(user) ?? throw new AccountFault(AccountTexts.NoAccount);

    private static void Tell(TextWriter output, Language language, string page, string token, TimeSpan lifetime)
    {
        Console.Error.WriteLine(OpenOnce.In(language, CommandDesk.Instant((TimeProvider.System.GetUtcNow() + lifetime).ToUnixTimeMilliseconds())));
        output.WriteLine($"/{language.Code()}/{page}?token={token}");
    }
}
