using System.CommandLine;
using Metering.Cloud.Hosting;
using Metering.Cloud.Projects;
using Metering.Store;

namespace Metering.Cloud.Reports;

/// <summary>`cloud report`: writes a report of a project or of all projects into a file; its end says the form.</summary>
internal static class ReportCommand
{
    private const string UsageKinds = "--kind is savings or case-sheet with --project, and half-yearly, annual or plac with --portfolio";

    /// <summary>The command.</summary>
    public static Command Create(TextWriter output)
    {
        Option<string> config = CommonOptions.Config();
        Option<string?> project = new("--project") { Description = "Id of the project", HelpName = "ID" };
        Option<bool> portfolio = new("--portfolio") { Description = "All projects instead of one" };
        Option<string> kind = new("--kind") { Description = "savings, case-sheet; half-yearly, annual, plac", DefaultValueFactory = _ => "savings", HelpName = "KIND" };
        Option<string?> period = new("--period") { Description = "2026-H1 or 2026, for --portfolio", HelpName = "PERIOD" };
        Option<string?> language = new("--lang") { Description = "es or en; the terminal's without it", HelpName = "es|en" };
        Option<string> file = new("--out") { Description = "File to write: .html, .pdf, .xlsx, .json or .csv", Required = true, HelpName = "FILE" };
        Command command = new("report", "Write a report of a project or of the programme") { config, project, portfolio, kind, period, language, file };
        command.SetAction(async (parsed, cancel) =>
        {
            string path = parsed.GetRequiredValue(file);
            if (!ReportFiles.TryForm(Path.GetExtension(path), out ReportForm form))
            {
                throw new CloudFault(ExitCode.Usage, $"--out {path}: the name must end in .html, .pdf, .xlsx, .json or .csv, which says what is written.");
            }

            (CloudConfig settings, IReadingStore store) = CommonOptions.OpenStore(parsed, config);
            using (store)
            {
                ProjectBoard board = new(ProgrammeCommand.SourceOf(settings), store, TimeProvider.System);
                DrawnReport report = Build(board, parsed.GetValue(project), parsed.GetValue(portfolio), parsed.GetRequiredValue(kind), parsed.GetValue(period));
                byte[] bytes = await BytesAsync(report, form, LanguageOf(parsed.GetValue(language)), cancel);
                Write(path, bytes);
                await output.WriteLineAsync($"{path}: sha256 of report.json {ReportJson.Hash(ReportJson.Write(report.Document))}");
            }

            return ExitCode.Ok;
        });
        return command;
    }

    private static DrawnReport Build(ProjectBoard board, string? id, bool isPortfolio, string kind, string? period)
    {
        if (isPortfolio == id is not null)
        {
            throw new CloudFault(ExitCode.Usage, "give either --project ID or --portfolio.");
        }

        if (isPortfolio)
        {
            return ReportFiles.OfPortfolio(board, new(), kind, period ?? "")
                ?? throw new CloudFault(ExitCode.Usage, UsageKinds + "; --period is 2026-H1 for half-yearly, 2026 for annual, either for plac.");
        }

        Project project = board.Register.Find(id!)
            ?? throw new CloudFault(ExitCode.Usage, $"there is no project '{id}'. The projects are: {string.Join(", ", board.Register.Projects.Select(one => one.Id))}.");
        return ReportFiles.OfProject(board.ResultOf(project), kind) ?? throw new CloudFault(ExitCode.Usage, UsageKinds + ".");
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
    private static void Write(string path, byte[] bytes)
    {
        string partial = path + ".partial";
        try
        {
            File.WriteAllBytes(partial, bytes);
            File.Move(partial, path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CloudFault(ExitCode.CannotCreate, $"cannot write {path}: {e.Message}. Does the directory exist, may this user write in it, is there room?");
        }
    }
}
