using System.CommandLine;
using Metering.Meters.Profiles;
using Metering.Meters.Yaml;

namespace Metering.Gateway.Commands;

/// <summary>gateway profiles: which kinds of meters are known, and what is known of one.</summary>
internal static class ProfilesCommand
{
    internal static Command Create(Language spoken)
    {
        Option<bool> json = new("--json") { Description = "Exactly one JSON object on standard output.", Recursive = true };
        Option<string?> lang = new("--lang") { Description = "es or en; as the terminal's when left out.", Recursive = true };
        Option<string?> folder = new("--profiles") { Description = "Folder of the profiles; beside the executable when left out.", Recursive = true };
        Argument<string> name = new("NAME") { Description = "Name of a profile." };
        Command show = new("show", "What one profile reads and where that comes from.") { name };
        Command schema = new("schema", "The JSON Schema of a profile.");
        Command command = new("profiles", "The kinds of meters that are known.") { show, schema };
        command.Options.Add(json);
        command.Options.Add(lang);
        command.Options.Add(folder);
        command.SetAction(result => Run(result.GetValue(lang), spoken, language => Report(result.GetValue(folder), language).List(result.GetValue(json))));
        show.SetAction(result => Run(result.GetValue(lang), spoken, language => Report(result.GetValue(folder), language).Show(result.GetValue(name)!, result.GetValue(json))));
        schema.SetAction(_ =>
        {
            Console.Out.Write(ProfileFile.Schema());
            return 0;
        });
        return command;
    }

    private static ProfilesReport Report(string? folder, Language language) =>
        new(folder ?? Path.Combine(AppContext.BaseDirectory, "profiles"), language, Console.Out, Console.Error);

    private static int Run(string? lang, Language terminal, Func<Language, int> act)
    {
        Language language = terminal;
        if (lang is not null && !Languages.TryParse(lang, out language))
        {
            return Output.Fail(ProfileTexts.WrongLanguage.In(terminal), ExitCode.Usage);
        }

        try
        {
            return act(language);
        }
        catch (YamlFaultException e)
        {
            return Output.Fail(e.Message, ExitCode.Configuration);
        }
    }
}
