using System.CommandLine;

namespace Metering.Cloud.Hosting;

/// <summary>What one cloud process does.</summary>
internal enum CloudRole
{
    /// <summary>Everything.</summary>
    All,

    /// <summary>Broker to journal to ack, without pages.</summary>
    Ingestion,

    /// <summary>Pages, without the broker.</summary>
    Web,
}

/// <summary>`cloud run`: the service.</summary>
internal static class RunCommand
{
    public static Command Create(TextWriter output, TextWriter error, Language help)
    {
        Option<string> config = CommonOptions.Config(help);
        Option<string> role = new("--role") { Description = new Text("Lo que hace este proceso: all (todo), ingestion (recibir lotes) o web (páginas)", "What this process does: all, ingestion or web").In(help), DefaultValueFactory = _ => "all", HelpName = "ROLE" };
        _ = role.AcceptOnlyFromAmong("all", "ingestion", "web");
        Option<bool> demoRoles = new("--demo-roles") { Description = new Text("Cualquiera en este equipo cambia entre cuentas simuladas; solo para una demostración", "Anyone at this machine switches among simulated accounts; only for a demonstration").In(help) };
        Command command = new("run", new Text("Hacer funcionar el servicio hasta SIGTERM; imprime un renglón JSON cuando está listo y lleva su diario en la salida de errores", "Run the cloud until SIGTERM; prints one JSON line when ready, logs to the error stream").In(help)) { config, role, demoRoles };
        command.SetAction((parsed, cancellationToken) =>
        {
            CloudConfig settings = CloudConfigReader.Read(parsed.GetRequiredValue(config), isForRun: true);
            CloudRole which = Enum.Parse<CloudRole>(parsed.GetRequiredValue(role), ignoreCase: true);
            bool hasDemoRoles = parsed.GetValue(demoRoles);
            return hasDemoRoles && settings.Web.IsRemote
                ? throw new CloudFault(ExitCode.Configuration, new Text("--demo-roles solo va con una web.address local: deja entrar sin contraseña.", "--demo-roles goes only with a loopback web.address: it lets readers in without a password.").In(help))
                : CloudHost.RunAsync(settings, which, hasDemoRoles, output, error, cancellationToken);
        });
        return command;
    }
}
