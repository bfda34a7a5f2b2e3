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

    public static Command Create(TextWriter output, Language help) => new("accounts", CommandWords.Accounts.In(help))
    {
        First(output, help), List(output, help), Invite(output, help), Grant(output, help), EndGrant(output, help), Close(output, help), Reset(output, help),
    };

    private static Command First(TextWriter output, Language help)
    {
        (Option<string> config, Option<string?> lang) = Options(help);
        Command command = new("first", CommandWords.First.In(help)) { config, lang };
        command.SetAction(CommandDesk.Run(config, lang, (_, services, language) =>
        {
            string token = services.GetRequiredService<AccountDesk>().NewFirstToken();
            Tell(output, language, "first", token, AccountDesk.LinkLifetime);
            return Task.CompletedTask;
        }));
        return command;
    }

    private static Command List(TextWriter output, Language help)
    {
        (Option<string> config, Option<string?> lang) = Options(help);
        Option<bool> json = CommonOptions.Json(help);
        Command command = new("list", CommandWords.List.In(help)) { config, lang, json };
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

    private static Command Invite(TextWriter output, Language help)
    {
        (Option<string> config, Option<string?> lang) = Options(help);
        Option<string> user = new("--user") { Description = CommandWords.NewUser.In(help), Required = true, HelpName = "USER" };
        Option<string> name = new("--name") { Description = CommandWords.Name.In(help), Required = true, HelpName = "NAME" };
        Option<string> reason = Reason(help);
        Command command = new("invite", CommandWords.Invite.In(help)) { config, lang, user, name, reason };
        command.SetAction(CommandDesk.Run(config, lang, async (parsed, services, language) =>
        {
            (Account _, string token) = await services.GetRequiredService<AccountDesk>().InviteAsync(
                CommandDesk.Terminal, new(parsed.GetRequiredValue(user), parsed.GetRequiredValue(name), language), parsed.GetRequiredValue(reason));
            Tell(output, language, "invite", token, AccountDesk.InvitationLifetime);
        }));
        return command;
    }

    private static Command Reset(TextWriter output, Language help)
    {
        (Option<string> config, Option<string?> lang) = Options(help);
        Option<string> user = User(help);
        Option<string> reason = Reason(help);
        Command command = new("reset", CommandWords.Reset.In(help)) { config, lang, user, reason };
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

    private static Command Grant(TextWriter output, Language help)
    {
        (Option<string> config, Option<string?> lang) = Options(help);
        Option<string> user = User(help);
        Option<string> role = new("--role") { Description = CommandWords.Role.In(help), Required = true, HelpName = "ROLE" };
        _ = role.AcceptOnlyFromAmong([.. Enum.GetNames<AccountRole>().Select(word => word.ToLowerInvariant())]);
        Option<string?> plant = new("--plant") { Description = CommandWords.Plant.In(help), HelpName = "PLANT" };
        Option<string?> project = new("--project") { Description = CommandWords.Project.In(help), HelpName = "PROJECT" };
        Option<int?> days = new("--days") { Description = CommandWords.Days.In(help), HelpName = "N" };
        Option<string> reason = Reason(help);
        Command command = new("grant", CommandWords.Grant.In(help)) { config, lang, user, role, plant, project, days, reason };
        command.SetAction(CommandDesk.Run(config, lang, (parsed, services, language) =>
        {
            if (parsed.GetValue(days) is < 1 or > 3650)
            {
                throw new CloudFault(ExitCode.Usage, CommandWords.DaysWrong.In(language));
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

    private static Command EndGrant(TextWriter output, Language help)
    {
        (Option<string> config, Option<string?> lang) = Options(help);
        Option<long> number = new("--number") { Description = CommandWords.Number.In(help), Required = true, HelpName = "N" };
        Option<string> reason = Reason(help);
        Command command = new("end-grant", CommandWords.EndGrant.In(help)) { config, lang, number, reason };
        command.SetAction(CommandDesk.Run(config, lang, (parsed, services, _) =>
        {
            services.GetRequiredService<GrantDesk>().End(CommandDesk.Terminal, parsed.GetRequiredValue(number), parsed.GetRequiredValue(reason));
            output.WriteLine(parsed.GetRequiredValue(number).ToString(CultureInfo.InvariantCulture));
            return Task.CompletedTask;
        }));
        return command;
    }

    private static Command Close(TextWriter output, Language help)
    {
        (Option<string> config, Option<string?> lang) = Options(help);
        Option<string> user = User(help);
        Option<string> reason = Reason(help);
        Command command = new("close", CommandWords.Close.In(help)) { config, lang, user, reason };
        command.SetAction(CommandDesk.Run(config, lang, (parsed, services, _) =>
        {
            AccountDesk desk = services.GetRequiredService<AccountDesk>();
            desk.Close(CommandDesk.Terminal, Find(desk, parsed.GetRequiredValue(user)).Id, parsed.GetRequiredValue(reason));
            output.WriteLine(parsed.GetRequiredValue(user));
            return Task.CompletedTask;
        }));
        return command;
    }

    private static (Option<string> Config, Option<string?> Lang) Options(Language help) => (CommonOptions.Config(help), CommandDesk.Lang(help));

    private static Option<string> User(Language help) => new("--user") { Description = CommandWords.User.In(help), Required = true, HelpName = "USER" };

    private static Option<string> Reason(Language help) => new("--reason") { Description = CommandWords.Reason.In(help), Required = true, HelpName = "TEXT" };

    private static Account Find(AccountDesk desk, string user) => desk.Find(user) ?? throw new AccountFault(AccountTexts.NoAccount);

    private static void Tell(TextWriter output, Language language, string page, string token, TimeSpan lifetime)
    {
        Console.Error.WriteLine(OpenOnce.In(language, CommandDesk.Instant((TimeProvider.System.GetUtcNow() + lifetime).ToUnixTimeMilliseconds())));
        output.WriteLine($"/{language.Code()}/{page}?token={token}");
    }
}
