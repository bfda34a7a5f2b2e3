using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Metering.Cloud.Accounts;
using Metering.Cloud.Hosting;
using Metering.Programme.Records;
using Metering.Programme.Storage;

namespace Metering.Cloud.Projects;

/// <summary>`cloud programme import`: takes a projects file into the register.</summary>
internal static class ProgrammeCommand
{
    private static readonly Text Added = new("{0} se agregan al registro, {1} ya están, {2} se dejan como están en el registro.", "{0} added to the register, {1} there already, {2} left as the register has them.");
    private static readonly Text WouldAdd = new("Ensayo, no se guardó nada: {0} se agregarían, {1} ya están, {2} se dejarían como están en el registro.", "Dry run, nothing was stored: {0} would be added, {1} are there already, {2} would be left as the register has them.");

    public static Command Create(TextWriter output, TextWriter error, Language help) =>
        new("programme", CommandWords.Programme.In(help)) { Import(output, error, help) };

    /// <summary>Plants, projects and decisions of a configuration, for commands.</summary>
    /// <exception cref="CloudFault">There is neither a projects file nor a register.</exception>
    public static ProjectSource SourceOf(CloudConfig settings)
    {
        ProjectRegister file = settings.ProjectsFile is string path ? ProjectRegister.Load(path) : new([], []);
        bool hasRegister = settings.Programme.File is not string database || File.Exists(database);
        return hasRegister ? new(file, StoreOf(settings))
            : settings.ProjectsFile is not null ? new(file)
            : throw new CloudFault(ExitCode.Configuration, "{0} no nombra un archivo de proyectos, y no hay un registro en {1}. Agregue «projectsFile:», o agregue proyectos en las páginas.", $"{settings.File} names no projects file, and there is no register at {settings.Programme}. Add 'projectsFile:', or add projects on the pages.");
    }

    private static RecordStore StoreOf(CloudConfig settings) => new(ProgrammeDatabase.Open(settings.Programme), TimeProvider.System);

    private static Command Import(TextWriter output, TextWriter error, Language help)
    {
        (Option<string> config, Option<string?> lang, Option<bool> json) = (CommonOptions.Config(help), CommandDesk.Lang(help), CommonOptions.Json(help));
        Option<string?> file = new("--file") { Description = CommandWords.File.In(help), HelpName = "FILE" };
        Option<bool> dryRun = new("--dry-run") { Description = CommandWords.DryRun.In(help) };
        Command command = new("import", CommandWords.Import.In(help)) { config, file, dryRun, json, lang };
        command.SetAction((parsed, _) =>
        {
            Language language = CommandDesk.LanguageOf(parsed, lang);
            CloudConfig settings = CloudConfigReader.Read(parsed.GetRequiredValue(config), isForRun: false);
            string path = parsed.GetValue(file) ?? settings.ProjectsFile
                ?? throw new CloudFault(ExitCode.Usage, CommandWords.NoFile.In(language, settings.File));
            RecordStore store = StoreOf(settings);
            ProgrammeImport import = ProgrammeImport.Plan(path, store);
            bool isRehearsal = parsed.GetValue(dryRun);
            import.Run(store, CommandDesk.Terminal, isRehearsal, language);
            Tell(output, import, isRehearsal, parsed.GetValue(json));
            object[] counts = [.. Enum.GetValues<ImportOutcome>().Select(outcome => import.Rows.Count(row => row.Outcome == outcome).ToString(CultureInfo.InvariantCulture))];
            error.WriteLine((isRehearsal ? WouldAdd : Added).In(language, counts));
            return Task.FromResult(ExitCode.Ok);
        });
        return command;
    }

    private static void Tell(TextWriter output, ProgrammeImport import, bool isRehearsal, bool asJson)
    {
        if (asJson)
        {
            output.WriteLine(JsonSerializer.Serialize(
                new { dryRun = isRehearsal, rows = import.Rows.Select(row => new { outcome = Name(row.Outcome), kind = row.Key.Kind, id = row.Key.Id, line = row.Line }) }, JsonSerializerOptions.Web));
            return;
        }

        foreach (ImportRow row in import.Rows)
        {
            output.WriteLine(CommandDesk.Line(Name(row.Outcome), row.Key.Kind, row.Key.Id, row.Line));
        }
    }

    private static string Name(ImportOutcome outcome) => outcome switch
    {
        ImportOutcome.Add => "add",
        ImportOutcome.Same => "same",
        ImportOutcome.Kept => "kept",
        _ => throw new System.Diagnostics.UnreachableException(),
    };
}
