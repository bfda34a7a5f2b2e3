using System.CommandLine;
using System.Text.Json;
using Metering.Cloud.Hosting;
using Metering.Programme.Accounts;

namespace Metering.Cloud.Accounts;

/// <summary>`cloud keys create|list|revoke`: keys of machines that read /api/v1.</summary>
internal static class KeysCommand
{
    public static Command Create(TextWriter output) => new("keys", "Keys of programs that read /api/v1") { Make(output), List(output), Revoke(output) };

    private static Command Make(TextWriter output)
    {
        (Option<string> config, Option<string?> lang) = (CommonOptions.Config(), CommandDesk.Lang());
        Option<string> name = new("--name") { Description = "Name to know it by", Required = true, HelpName = "NAME" };
        Option<string?> plant = new("--plant") { Description = "The plant it reads; this or --project", HelpName = "PLANT" };
        Option<string?> project = new("--project") { Description = "The project it reads; this or --plant", HelpName = "PROJECT" };
        Option<bool> write = new("--write-entries") { Description = "It also writes production, lab results and events" };
        Option<int> days = new("--days") { Description = $"Days until it expires, 1 to {KeyDesk.MostKeyDays}", DefaultValueFactory = _ => 365, HelpName = "N" };
        Command command = new("create", "Make a key and print it; it is shown only now and kept only as a hash") { config, lang, name, plant, project, write, days };
        command.SetAction(CommandDesk.Run(config, lang, (parsed, services, _) =>
        {
            (AccessKey _, string secret) = services.GetRequiredService<KeyDesk>().Make(CommandDesk.Terminal, new()
            {
                Kind = AccessKeyKind.Machine,
                Name = parsed.GetRequiredValue(name),
                Plant = parsed.GetValue(plant),
                Project = parsed.GetValue(project),
                MayWrite = parsed.GetValue(write),
                Days = parsed.GetValue(days),
            });
            output.WriteLine(secret);
            return Task.CompletedTask;
        }));
        return command;
    }

    private static Command List(TextWriter output)
    {
        (Option<string> config, Option<string?> lang) = (CommonOptions.Config(), CommandDesk.Lang());
        Option<bool> json = CommonOptions.Json();
        Command command = new("list", "List keys: id, name, plant, project, read or write, expires, state; never the keys themselves") { config, lang, json };
        command.SetAction(CommandDesk.Run(config, lang, (parsed, services, _) =>
        {
            long now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
            var rows = services.GetRequiredService<KeyDesk>().All(AccessKeyKind.Machine).Select(key => new
            {
                key.Id,
                key.Name,
                key.Plant,
                key.Project,
                may = key.MayWrite ? "write" : "read",
                expires = CommandDesk.Instant(key.ExpiresUtcMilliseconds),
                state = key.RevokedUtcMilliseconds is not null ? "revoked" : key.HoldsAt(now) ? "holds" : "expired",
            }).ToList();
            if (parsed.GetValue(json))
            {
                output.WriteLine(JsonSerializer.Serialize(new { keys = rows }, JsonSerializerOptions.Web));
                return Task.CompletedTask;
            }

            rows.ForEach(row => output.WriteLine(CommandDesk.Line(row.Id, row.Name, row.Plant, row.Project, row.may, row.expires, row.state)));
            return Task.CompletedTask;
        }));
        return command;
    }

    private static Command Revoke(TextWriter output)
    {
        (Option<string> config, Option<string?> lang) = (CommonOptions.Config(), CommandDesk.Lang());
        Option<string> id = new("--id") { Description = "The key's identifier, as 'keys list' shows it", Required = true, HelpName = "ID" };
        Option<string> reason = new("--reason") { Description = "Why; the audit trail keeps it", Required = true, HelpName = "TEXT" };
        Command command = new("revoke", "Take a key away; works at once, also in a running cloud") { config, lang, id, reason };
        command.SetAction(CommandDesk.Run(config, lang, (parsed, services, _) =>
        {
            services.GetRequiredService<KeyDesk>().Revoke(CommandDesk.Terminal, AccessKeyKind.Machine, parsed.GetRequiredValue(id), parsed.GetRequiredValue(reason));
            output.WriteLine(parsed.GetRequiredValue(id));
            return Task.CompletedTask;
        }));
        return command;
    }
}
