using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Metering.Ingestion.Intake;
using Metering.Readings;

namespace Metering.Cloud.Hosting;

/// <summary>`cloud intake token create|list|revoke`: who may write line protocol, and to which plant.</summary>
internal static class IntakeCommand
{
    private const int MostDays = 3_650;

    public static Command Create(TextWriter output, Language help) =>
        new("intake", new Text("Line protocol de Telegraf y de otros programas que escriben", "Line protocol from Telegraf and other writers").In(help)) { new Command("token", new Text("Tokens de los programas que escriben", "Tokens of clients that write").In(help)) { Make(output, help), List(output, help), Revoke(output, help) } };

    private static Command Make(TextWriter output, Language help)
    {
        Option<string> config = CommonOptions.Config(help);
        Option<string> name = new("--name") { Description = new Text("Nombre con el que se lista y se retira", "Name to list and revoke it by").In(help), Required = true, HelpName = "NAME" };
        Option<string> plant = new("--plant") { Description = new Text("La única planta para la que puede escribir", "The only plant it may write to").In(help), Required = true, HelpName = "PLANT" };
        Option<int> days = new("--days") { Description = new Text("Días hasta que vence, de 1 a 3650", "Days until it expires, 1 to 3650").In(help), DefaultValueFactory = _ => 365, HelpName = "N" };
        Command command = new("create", new Text("Crear un token e imprimirlo; se muestra solo ahora y se guarda solo su hash", "Make a token and print it; it is shown only now and kept only as a hash").In(help)) { config, name, plant, days };
        command.SetAction(parsed =>
        {
            int lifetime = parsed.GetValue(days);
            if (lifetime is < 1 or > MostDays)
            {
                throw new CloudFault(ExitCode.Usage, new Text("--days {0}: un token dura de 1 a {1} días.", "--days {0}: a token lives 1 to {1} days.").In(help, lifetime, MostDays));
            }

            CheckName("--name", parsed.GetRequiredValue(name), help);
            CheckName("--plant", parsed.GetRequiredValue(plant), help);
            try
            {
                output.WriteLine(Open(parsed, config, help).Create(parsed.GetRequiredValue(name), parsed.GetRequiredValue(plant), TimeSpan.FromDays(lifetime)));
            }
            catch (ArgumentException e)
            {
                throw new CloudFault(ExitCode.CannotCreate, e.Message);
            }

            return ExitCode.Ok;
        });
        return command;
    }

    private static Command List(TextWriter output, Language help)
    {
        Option<string> config = CommonOptions.Config(help);
        Option<bool> json = CommonOptions.Json(help);
        Command command = new("list", new Text("Listar los tokens: nombre, planta, creado, vence; nunca los tokens mismos", "List tokens: name, plant, made, expires; never the tokens themselves").In(help)) { config, json };
        command.SetAction(parsed =>
        {
            var rows = Tokens(Open(parsed, config, help)).Select(token => new { token.Name, token.Plant, token.Created, token.Expires });
            if (parsed.GetValue(json))
            {
                output.WriteLine(JsonSerializer.Serialize(new { tokens = rows }, JsonSerializerOptions.Web));
                return ExitCode.Ok;
            }

            foreach (var row in rows)
            {
                output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{row.Name}\t{row.Plant}\t{row.Created:yyyy-MM-dd}\t{row.Expires:yyyy-MM-dd}"));
            }

            return ExitCode.Ok;
        });
        return command;
    }

    private static Command Revoke(TextWriter output, Language help)
    {
        Option<string> config = CommonOptions.Config(help);
        Option<string> name = new("--name") { Description = new Text("Nombre del token", "Name of the token").In(help), Required = true, HelpName = "NAME" };
        Command command = new("revoke", new Text("Retirar un token; surte efecto de inmediato, también con el servicio en marcha", "Take a token away; works at once, also in a running cloud").In(help)) { config, name };
        command.SetAction(parsed =>
        {
            string which = parsed.GetRequiredValue(name);
            if (!Open(parsed, config, help).Revoke(which))
            {
                throw new CloudFault(ExitCode.Data, new Text("no hay un token '{0}'. Liste los tokens con 'cloud intake token list'.", "there is no token '{0}'. List tokens with 'cloud intake token list'.").In(help, which));
            }

            output.WriteLine(new Text("{0} retirado", "{0} revoked").In(help, which));
            return ExitCode.Ok;
        });
        return command;
    }

    private static IntakeTokens Open(ParseResult parsed, Option<string> option, Language help)
    {
        CloudConfig config = CloudConfigReader.Read(parsed.GetRequiredValue(option), isForRun: false);
        return config.Intake is null
            ? throw new CloudFault(ExitCode.Configuration, new Text("{0} no tiene la sección 'intake'. Agregue '{1}'.", "{0} has no section 'intake'. Add '{1}'.").In(help, config.File, "intake: { tokensFile: intake-tokens, databases: { telegraf: { plant: leon } } }"))
            : new(config.Intake.TokensFile, TimeProvider.System);
    }

    private static IReadOnlyList<IntakeToken> Tokens(IntakeTokens tokens)
    {
        try
        {
            return tokens.List();
        }
        catch (InvalidDataException e)
        {
            throw new CloudFault(ExitCode.Data, e.Message);
        }
    }

    private static void CheckName(string option, string text, Language help)
    {
        if (!Identifier.IsValid(text))
        {
            throw new CloudFault(ExitCode.Usage, new Text("{0} '{1}' no es un identificador: {2}.", "{0} '{1}' is no identifier: {2}.").In(help, option, text, Identifier.RuleText.In(help)));
        }
    }
}
