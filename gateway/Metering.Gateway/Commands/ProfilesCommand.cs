using System.CommandLine;
using Metering.Meters.Profiles;
using Metering.Meters.Yaml;

namespace Metering.Gateway.Commands;

/// <summary>gateway profiles: which kinds of meters are known, and what is known of one.</summary>
internal static class ProfilesCommand
{
    internal static Command Create(Language language)
    {
        Option<bool> json = new("--json") { Description = new Text(es: "Exactamente un objeto JSON en la salida estándar.", en: "Exactly one JSON object on standard output.").In(language), Recursive = true };
        Option<string?> folder = new("--profiles") { Description = new Text(es: "Carpeta de los perfiles; si falta, la que está junto al programa.", en: "Folder of the profiles; beside the executable when left out.").In(language), Recursive = true };
        Argument<string> name = new("NAME") { Description = new Text(es: "Nombre de un perfil.", en: "Name of a profile.").In(language) };
        Command show = new("show", new Text(es: "Qué lee un perfil y de dónde viene.", en: "What one profile reads and where that comes from.").In(language)) { name };
        Command schema = new("schema", new Text(es: "El esquema JSON de un perfil.", en: "The JSON Schema of a profile.").In(language));
        Command command = new("profiles", new Text(es: "Los tipos de medidor conocidos.", en: "The kinds of meters that are known.").In(language)) { show, schema };
        command.Options.Add(json);
        command.Options.Add(folder);
        command.SetAction(result => Run(language, () => Report(result.GetValue(folder), language).List(result.GetValue(json))));
        show.SetAction(result => Run(language, () => Report(result.GetValue(folder), language).Show(result.GetValue(name)!, result.GetValue(json))));
        schema.SetAction(_ =>
        {
            Console.Out.Write(ProfileFile.Schema());
            return 0;
        });
        return command;
    }

    private static ProfilesReport Report(string? folder, Language language) =>
        new(folder ?? Path.Combine(AppContext.BaseDirectory, "profiles"), language, Console.Out, Console.Error);

    private static int Run(Language language, Func<int> act)
    {
        try
        {
            return act();
        }
        catch (YamlFaultException e)
        {
            return Output.Fail(e.In(language), ExitCode.Configuration);
        }
    }
}
