using System.Text.Json;
using Metering.Cloud.Texts;
using Metering.Programme.Kinds;
using Metering.Programme.Records;

namespace Metering.Cloud.Workflow;

/// <summary>What changed between what was signed and what the data show now, in sentences.</summary>
internal static class SignatureDifference
{
    /// <summary>The sentences; empty while the signatures hold or nobody signed.</summary>
    public static IReadOnlyList<string> Of(ProjectFlow flow, RecordStore records, Formatter format)
    {
        if (flow is not { SignState: SignState.Void, Author: { } author })
        {
            return [];
        }

        Language language = format.Language;
        List<string> sentences = [];
        if (author is { Saving: { } saving, HalfWidth: { } halfWidth, Through: { } through })
        {
            sentences.Add(WorkflowWords.SignedThen.In(language, format.PlusMinus((double)saving.Amount, (double)halfWidth.Amount, saving.Unit), format.Date(through)));
            sentences.Add(flow.Result?.Savings is { } now
                ? WorkflowWords.ShownNow.In(
                    language, format.PlusMinus(now.Savings, now.HalfWidth, flow.Result.Unit), format.Quantity(now.Savings - (double)saving.Amount, flow.Result.Unit, Formatter.DecimalsFor(now.HalfWidth)))
                : WorkflowWords.NoNumberNow.In(language));
        }

        int decided = flow.DecidedSince.Count;
        if (decided > 0)
        {
            sentences.Add(WorkflowWords.DecidedSince.In(language, Formatter.Count(decided)));
        }

        string[] channels = ChangedChannels(flow, author, records);
        if (channels.Length > 0)
        {
            sentences.Add(WorkflowWords.ReadingsChanged.In(language, string.Join(", ", channels)));
        }

        if (decided == 0 && channels.Length == 0)
        {
            sentences.Add(WorkflowWords.PlanChanged.In(language));
        }

        return sentences;
    }

    private static string[] ChangedChannels(ProjectFlow flow, ReviewSignature author, RecordStore records)
    {
        if (flow.Result is not { } result || flow.Register.Find<Attachment>(author.ReportJson) is not { } file || records.Content(file.Sha256) is not { } bytes)
        {
            return [];
        }

        Dictionary<string, string> signed = VersionsIn(bytes);
        return [.. result.Evidence.Where(channel => signed.TryGetValue($"{channel.Name.Gateway}/{channel.Name.Channel}", out string? version) && version != channel.Version)
            .Select(channel => $"{channel.Name.Gateway}/{channel.Name.Channel}")];
    }

    // The report's own table of channels: gateway and channel in its first two columns, the hash of the readings in its last.
    private static Dictionary<string, string> VersionsIn(byte[] report)
    {
        Dictionary<string, string> versions = new(StringComparer.Ordinal);
        using JsonDocument document = JsonDocument.Parse(report);
        foreach (JsonElement section in document.RootElement.GetProperty("sections").EnumerateArray())
        {
            if (section.GetProperty("id").GetString() == "channels" && section.TryGetProperty("table", out JsonElement table))
            {
                foreach (JsonElement row in table.GetProperty("rows").EnumerateArray())
                {
                    string[] cells = [.. row.EnumerateArray().Select(Word)];
                    versions[$"{cells[0]}/{cells[1]}"] = cells[^1];
                }
            }
        }

        return versions;
    }

    private static string Word(JsonElement cell) => cell.ValueKind == JsonValueKind.Object && cell.TryGetProperty("en", out JsonElement word) ? word.GetString() ?? "" : "";
}
