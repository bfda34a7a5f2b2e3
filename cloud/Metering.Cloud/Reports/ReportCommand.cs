using System.CommandLine;
using Metering.Cloud.Hosting;
using Metering.Cloud.Projects;
using Metering.Store;

namespace Metering.Cloud.Reports;

/// <summary>`cloud report`: writes a report of a project or of all projects into a file; its end says the form.</summary>
internal static class ReportCommand
{
    private static readonly Text UsageKinds = new(
        "--kind es savings o case-sheet con --project, y half-yearly, annual o plac con --portfolio", "--kind is savings or case-sheet with --project, and half-yearly, annual or plac with --portfolio");

    /// <summary>The command.</summary>
    public static Command Create(TextWriter output, Language help)
    {
        Option<string> config = CommonOptions.Config(help);
        Option<string?> project = new("--project") { Description = new Text("Identificador del proyecto", "Id of the project").In(help), HelpName = "ID" };
        Option<bool> portfolio = new("--portfolio") { Description = new Text("Todos los proyectos en lugar de uno", "All projects instead of one").In(help) };
        Option<string> kind = new("--kind") { Description = new Text("savings (ahorro) o case-sheet (ficha de caso); con --portfolio: half-yearly (semestral), annual (anual) o plac", "savings, case-sheet; half-yearly, annual, plac").In(help), DefaultValueFactory = _ => "savings", HelpName = "KIND" };
        Option<string?> period = new("--period") { Description = new Text("2026-H1 o 2026, con --portfolio", "2026-H1 or 2026, for --portfolio").In(help), HelpName = "PERIOD" };
        Option<string?> language = new("--lang") { Description = new Text("es o en; si falta, el de la terminal", "es or en; the terminal's without it").In(help), HelpName = "es|en" };
        Option<string> file = new("--out") { Description = new Text("Archivo que se escribe: .html, .pdf, .xlsx, .json o .csv", "File to write: .html, .pdf, .xlsx, .json or .csv").In(help), Required = true, HelpName = "FILE" };
        Command command = new("report", new Text("Escribir un reporte de un proyecto o del programa", "Write a report of a project or of the programme").In(help)) { config, project, portfolio, kind, period, language, file };
        command.SetAction(async (parsed, cancel) =>
        {
            string path = parsed.GetRequiredValue(file);
            if (!ReportFiles.TryForm(Path.GetExtension(path), out ReportForm form))
            {
                throw new CloudFault(ExitCode.Usage, new Text("--out {0}: el nombre termina en .html, .pdf, .xlsx, .json o .csv, que dice qué se escribe.", "--out {0}: the name must end in .html, .pdf, .xlsx, .json or .csv, which says what is written.").In(help, path));
            }

            (CloudConfig settings, IReadingStore store) = CommonOptions.OpenStore(parsed, config);
            using (store)
            {
                ProjectBoard board = new(ProgrammeCommand.SourceOf(settings), store, TimeProvider.System);
                DrawnReport report = Build(board, parsed.GetValue(project), parsed.GetValue(portfolio), (parsed.GetRequiredValue(kind), parsed.GetValue(period)), help);
                byte[] bytes = await BytesAsync(report, form, LanguageOf(parsed.GetValue(language)), cancel);
                Write(path, bytes, help);
                await output.WriteLineAsync(new Text("{0}: sha256 de report.json {1}", "{0}: sha256 of report.json {1}").In(help, path, ReportJson.Hash(ReportJson.Write(report.Document))));
            }

            return ExitCode.Ok;
        });
        return command;
    }

    private static DrawnReport Build(ProjectBoard board, string? id, bool isPortfolio, (string Kind, string? Period) what, Language help)
    {
        if (isPortfolio == id is not null)
        {
            throw new CloudFault(ExitCode.Usage, new Text("dé --project ID o --portfolio, uno de los dos.", "give either --project ID or --portfolio.").In(help));
        }

        if (isPortfolio)
        {
            return ReportFiles.OfPortfolio(board, new(), what.Kind, what.Period ?? "")
                ?? throw new CloudFault(ExitCode.Usage, UsageKinds.In(help) + new Text("; --period es 2026-H1 para half-yearly, 2026 para annual, cualquiera de los dos para plac.", "; --period is 2026-H1 for half-yearly, 2026 for annual, either for plac.").In(help));
        }

        Project project = board.Register.Find(id!)
            ?? throw new CloudFault(ExitCode.Usage, new Text("no hay un proyecto '{0}'. Los proyectos son: {1}.", "there is no project '{0}'. The projects are: {1}.").In(help, id!, string.Join(", ", board.Register.Projects.Select(one => one.Id))));
        return ReportFiles.OfProject(board.ResultOf(project), what.Kind) ?? throw new CloudFault(ExitCode.Usage, UsageKinds.In(help) + ".");
    }

    private static Language LanguageOf(string? text) => text is null
        ? Languages.OfTerminal(Environment.GetEnvironmentVariable)
        : Languages.TryParse(text, out Language language) ? language : throw new CloudFault(ExitCode.Usage, $"--lang {text}: write es or en.");

    private static async Task<byte[]> BytesAsync(DrawnReport report, ReportForm form, Language language, CancellationToken cancel)
    {
        try
        {
            return await ReportFiles.BytesAsync(report, form, language, cancel);
        }
        catch (PdfException failure)
        {
            throw new CloudFault(ExitCode.Unavailable, failure.Message);
        }
    }

    // A reader never sees half a file: it gets its name when it is whole.
    private static void Write(string path, byte[] bytes, Language help)
    {
        string partial = path + ".partial";
        try
        {
            File.WriteAllBytes(partial, bytes);
            File.Move(partial, path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CloudFault(ExitCode.CannotCreate, new Text("no se puede escribir {0}: {1}. ¿Existe la carpeta, puede escribir en ella este usuario, hay lugar?", "cannot write {0}: {1}. Does the directory exist, may this user write in it, is there room?").In(help, path, e.Message));
        }
    }
}
