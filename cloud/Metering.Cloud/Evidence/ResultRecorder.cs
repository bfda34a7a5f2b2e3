using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Metering.Cloud.Reports;
using Metering.Evidence.Log;
using Metering.Programme.Log;
using Metering.Projects.Statements;
using Metering.Readings.Parts;

namespace Metering.Cloud.Evidence;

/// <summary>A result that stands in the log, with its reports.</summary>
/// <param name="Result">The result.</param>
/// <param name="Index">Its entry.</param>
/// <param name="Body">Its bytes.</param>
/// <param name="Validation">The run of the validation rules that it names.</param>
/// <param name="LogSize">Entries it stands on.</param>
/// <param name="Reports">Entry and file of the report in each language.</param>
internal sealed record RecordedResult(ProjectResult Result, long Index, byte[] Body, byte[] Validation, long LogSize, IReadOnlyDictionary<Language, (long Index, byte[] Html)> Reports);

/// <summary>
/// Brings a project's result and its reports into the log, once: the same result is not logged again, however much was logged meanwhile about other things.
/// </summary>
internal sealed class ResultRecorder(EvidenceParts parts)
{
    // Readings come every minute at most; a result takes a tenth of a second.
    private const int MostTries = 5;

    /// <summary>SHA-256 of the list of parts, and the list.</summary>
    public static byte[] PartsList { get; } = ProgramParts.ListOf(typeof(ResultRecorder).Assembly);

    /// <summary>The newest result of a project, in the log.</summary>
    /// <exception cref="BundleRefusal">The data change faster than they can be read, or the log does not know the project.</exception>
    public async Task<RecordedResult> RecordAsync(string id, CancellationToken cancellationToken)
    {
        (ProjectResult result, LoggedSources sources) = await StandingAsync(id, cancellationToken);
        byte[] validation = ValidationStatement.Write(result.Project, result.Evidence);
        (long index, byte[] body, long logSize) = Record(result, sources, validation);
        LogMark mark = new(parts.Log.Name, index + 1, parts.Log.WithTree(tree => tree.Root(index + 1)));
        return new(result, index, body, validation, logSize, await ReportAsync(result, index, mark));
    }

    // A result stands when what is stored after it was computed, and is in the log by then, is what it was computed from.
    private async Task<(ProjectResult Result, LoggedSources Sources)> StandingAsync(string id, CancellationToken cancellationToken)
    {
        for (int tries = 0; tries < MostTries; tries++)
        {
            Project project = parts.Board.Register.Find(id)
                ?? throw new BundleRefusal("unknown-project", isTransient: false, new($"No hay ningún proyecto medido '{id}'.", $"There is no measured project '{id}'."));
            ProjectResult result = parts.Board.Preview(project);
            await parts.CatchUpAsync(cancellationToken);
            if (LoggedSources.Of(parts, project) is { } sources && sources.VersionOf(parts.Board) == result.Version)
            {
                return (result, sources);
            }
        }

        throw new BundleRefusal("data-change", isTransient: true, new(
            $"Los datos del proyecto '{id}' cambian mientras se calcula. Intente de nuevo en un momento.",
            $"The data of project '{id}' change while it is computed. Try again in a moment."));
    }

    // The run of the rules stands ahead of the result that names it, once for as long as it finds the same in the same readings.
    private (long Index, byte[] Body, long LogSize) Record(ProjectResult result, LoggedSources sources, byte[] validation)
    {
        long run = parts.Log.Append([new(LogEntryKind.Validation, result.Project.Id, false, validation) { OnlyIfChanged = true }])[0];
        if (parts.Log.Newest(LogEntryKind.Result, result.Project.Id) is { Body: { } newest } entry)
        {
            using JsonDocument known = JsonDocument.Parse(newest);
            long logSize = known.RootElement.GetProperty("logSize").GetInt64();

            // As it was logged, and as what people recorded since would have it: an entry that came late may raise a grade, and one that was erased lowers it.
            ResultSources then = sources.ToResult(logSize, run);
            // Only where there are such entries can the two differ.
            ResultSources now = then with { Entries = sources.ToResult(sources.LogSize, run).Entries };
            bool isAsThen = now.Entries.All(channel => channel.Value.Count == then.Entries[channel.Key].Count);
            if (IsWritten(newest, result, then) && (isAsThen || IsWritten(newest, result, now)))
            {
                return (entry.Index, newest.ToArray(), logSize);
            }
        }

        byte[] body = ResultStatement.Write(result, sources.ToResult(sources.LogSize, run));
        return (parts.Log.Append([new(LogEntryKind.Result, result.Project.Id, false, body)])[0], body, sources.LogSize);
    }

    private static bool IsWritten(ReadOnlyMemory<byte> body, ProjectResult result, ResultSources sources) => ResultStatement.Write(result, sources).AsSpan().SequenceEqual(body.Span);

    private async Task<IReadOnlyDictionary<Language, (long Index, byte[] Html)>> ReportAsync(ProjectResult result, long index, LogMark mark)
    {
        DrawnReport report = ReportFiles.OfProject(result, "savings")!;
        Dictionary<string, LoggedEntry> newest = new(StringComparer.Ordinal);
        foreach (LoggedEntry entry in parts.Log.WithSubject($"{LogEntryKind.Report}/{result.Project.Id}"))
        {
            newest[ReportStatement.Read(entry.Body!.Value.Span).Language] = entry;
        }

        Dictionary<Language, (long, byte[])> reports = [];
        foreach (Language language in Languages.All)
        {
            byte[] html = Encoding.UTF8.GetBytes(await ReportHtml.RenderAsync(report.Document, report.Result, language, mark));
            byte[] body = new ReportStatement(language.Code(), index, Convert.ToHexStringLower(SHA256.HashData(html))).ToBytes();
            bool isKnown = newest.GetValueOrDefault(language.Code()) is { Body: { } known } && known.Span.SequenceEqual(body);
            reports[language] = (isKnown ? newest[language.Code()].Index : parts.Log.Append([new(LogEntryKind.Report, result.Project.Id, false, body)])[0], html);
        }

        return reports;
    }
}
