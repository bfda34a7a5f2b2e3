using System.CommandLine;
using System.Text.Json;
using Metering.Cloud.Hosting;
using Metering.Programme.Accounts;

namespace Metering.Cloud.Accounts;

/// <summary>`cloud keys create|list|revoke`: keys of machines that read /api/v1.</summary>
internal static class KeysCommand
{
    public static Command Create(TextWriter output, Language help) => new("keys", new Text("Llaves de los programas que leen /api/v1", "Keys of programs that read /api/v1").In(help)) { Make(output, help), List(output, help), Revoke(output, help) };

    private static Command Make(TextWriter output, Language help)
    {
        (Option<string> config, Option<string?> lang) = (CommonOptions.Config(help), CommandDesk.Lang(help));
        Option<string> name = new("--name") { Description = new Text("Nombre con el que se reconoce", "Name to know it by").In(help), Required = true, HelpName = "NAME" };
        Option<string?> plant = new("--plant") { Description = new Text("La planta que lee; esta opción o --project", "The plant it reads; this or --project").In(help), HelpName = "PLANT" };
        Option<string?> project = new("--project") { Description = new Text("El proyecto que lee; esta opción o --plant", "The project it reads; this or --plant").In(help), HelpName = "PROJECT" };
        Option<bool> write = new("--write-entries") { Description = new Text("También escribe producción, resultados de laboratorio y eventos", "It also writes production, lab results and events").In(help) };
        Option<int> days = new("--days") { Description = new Text("Días hasta que vence, de 1 a 730", "Days until it expires, 1 to 730").In(help), DefaultValueFactory = _ => 365, HelpName = "N" };
        Command command = new("create", new Text("Crear una llave e imprimirla; se muestra solo ahora y se guarda solo su hash", "Make a key and print it; it is shown only now and kept only as a hash").In(help)) { config, lang, name, plant, project, write, days };
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

    private static Command List(TextWriter output, Language help)
    {
        (Option<string> config, Option<string?> lang) = (CommonOptions.Config(help), CommandDesk.Lang(help));
        Option<bool> json = CommonOptions.Json(help);
        Command command = new("list", new Text("Listar las llaves: id, nombre, planta, proyecto, lectura o escritura, vence, estado; nunca las llaves mismas", "List keys: id, name, plant, project, read or write, expires, state; never the keys themselves").In(help)) { config, lang, json };
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

    private static Command Revoke(TextWriter output, Language help)
    {
        (Option<string> config, Option<string?> lang) = (CommonOptions.Config(help), CommandDesk.Lang(help));
        Option<string> id = new("--id") { Description = new Text("El identificador de la llave, como lo muestra 'keys list'", "The key's identifier, as 'keys list' shows it").In(help), Required = true, HelpName = "ID" };
        Option<string> reason = new("--reason") { Description = new Text("El motivo; queda en la bitácora", "Why; the audit trail keeps it").In(help), Required = true, HelpName = "TEXT" };
        Command command = new("revoke", new Text("Retirar una llave; surte efecto de inmediato, también con el servicio en marcha", "Take a key away; works at once, also in a running cloud").In(help)) { config, lang, id, reason };
        command.SetAction(CommandDesk.Run(config, lang, (parsed, services, _) =>
        {
            services.GetRequiredService<KeyDesk>().Revoke(CommandDesk.Terminal, AccessKeyKind.Machine, parsed.GetRequiredValue(id), parsed.GetRequiredValue(reason));
            output.WriteLine(parsed.GetRequiredValue(id));
            return Task.CompletedTask;
        }));
        return command;
    }
}
