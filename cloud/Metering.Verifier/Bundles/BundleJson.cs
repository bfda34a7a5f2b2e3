using System.Text.Json;
using Metering.Evidence.Log;
using Metering.Projects.Statements;

namespace Metering.Verifier.Bundles;

/// <summary>The report of a bundle for programs.</summary>
internal static class BundleJson
{
    /// <summary>One JSON object; numbers that are not known are null.</summary>
    /// <param name="report">The report.</param>
    /// <param name="language">Language of its sentences.</param>
    /// <param name="explanation">Lines of the explanation that was asked for; null when none was.</param>
    public static string Of(BundleReport report, Language language, IReadOnlyList<string>? explanation = null) => System.Text.Encoding.UTF8.GetString(StatementJson.Write(json =>
    {
        json.WriteString("kind", "bundle");
        json.WriteString("verdict", StatementJson.Word(report.Verdict));
        json.WriteBoolean("trusted", report.Verdict == BundleVerdict.Verified);
        json.WriteString("project", report.ProjectId);
        WriteLog(json, report);
        WriteResult(json, report);
        WritePlan(json, report);
        json.Objects("signatures", report.Signatures, signature =>
        {
            json.WriteString("role", signature.Role);
            json.WriteString("account", signature.Account);
            json.WriteBoolean("approved", signature.IsApproved);
            json.WriteString("at", LogEntry.Instant(signature.UtcMilliseconds));
        });
        json.Objects("gateways", report.Gateways, gateway =>
        {
            json.WriteString("gateway", gateway.Gateway);
            json.WriteNumber("epoch", gateway.KeyEpoch);
            json.WriteString("origin", gateway.Origin);
            json.WriteString("keyFingerprint", gateway.Fingerprint);
            json.WriteBoolean("trusted", gateway.IsTrusted);
            json.WriteNumber("batches", gateway.Batches);
            json.WriteNumber("readings", gateway.Readings);
        });
        json.WriteNumber("readingsComputed", report.ReadingsComputed);
        json.Objects("remarks", report.Remarks, remark =>
        {
            json.WriteString("code", RemarkTexts.CodeOf(remark.Code));
            json.WriteString("message", remark.In(language));
        });
        json.WriteNumber("faultCount", report.Faults.Count);
        json.Objects("faults", report.Faults.InOrder, fault =>
        {
            json.WriteNumber("step", FaultTexts.StepOf(fault.Code));
            json.WriteString("code", FaultTexts.CodeOf(fault.Code));
            json.WriteString("message", fault.In(language));
        });
        if (explanation is not null)
        {
            json.WriteStartArray("explanation");
            foreach (string line in explanation)
            {
                json.WriteStringValue(line);
            }

            json.WriteEndArray();
        }
    })).TrimEnd();

    private static void WriteLog(Utf8JsonWriter json, BundleReport report)
    {
        json.WriteStartObject("log");
        json.WriteString("name", report.Log);
        json.WriteString("keyFingerprint", report.LogFingerprint);
        json.Whole("size", report.Checkpoint?.Size);
        json.WriteString("root", report.Checkpoint is { } checkpoint ? Convert.ToBase64String(checkpoint.Root.Span) : null);
        json.WriteString("at", report.Checkpoint is { } signed ? LogEntry.Instant(signed.UtcMilliseconds) : null);
        json.WriteNumber("entriesShown", report.EntriesShown);
        json.WriteString("dataThrough", report.Result?.ReportedThrough);
        json.WriteNumber("bundle", report.Number);
        json.Objects("earlier", report.Earlier, one =>
        {
            json.WriteNumber("bundle", one.Number);
            json.WriteNumber("size", one.Checkpoint.Size);
            json.WriteString("root", Convert.ToBase64String(one.Checkpoint.Root.Span));
            json.WriteString("at", LogEntry.Instant(one.Checkpoint.UtcMilliseconds));
        });
        if (report.TimeStamp is { } stamp)
        {
            json.WriteStartObject("timeStamp");
            json.WriteString("at", LogEntry.Instant(stamp.At.ToUnixTimeMilliseconds()));
            json.WriteNumber("size", stamp.Checkpoint.Size);
            json.WriteString("authority", stamp.Authority);
            json.WriteBoolean("trusted", stamp.IsTrusted);
            json.WriteEndObject();
        }
        else
        {
            json.WriteNull("timeStamp");
        }

        json.WriteEndObject();
    }

    private static void WriteResult(Utf8JsonWriter json, BundleReport report)
    {
        if (report.Result is not { } result)
        {
            json.WriteNull("result");
            return;
        }

        json.WriteStartObject("result");
        json.WriteString("verdict", result.Verdict);
        json.Number("saving", result.Saving);
        json.Number("halfWidth", result.HalfWidth);
        json.WriteString("unit", result.Unit);
        json.Number("percent", result.Percent);
        json.Number("confidencePercent", result.ConfidencePercent);
        json.WriteString("grade", result.Grade);
        json.Number("validPercent", result.ValidPercent);
        json.WriteNumber("missingDays", result.MissingDays);
        json.WriteString("reportedThrough", result.ReportedThrough);
        json.WriteString("version", result.Version);
        json.WriteString("program", result.ProgramVersion);
        json.WriteEndObject();
    }

    private static void WritePlan(Utf8JsonWriter json, BundleReport report)
    {
        if (report.PlanFixed is not { } plan)
        {
            json.WriteNull("plan");
            return;
        }

        json.WriteStartObject("plan");
        json.WriteNumber("index", plan.Index);
        json.WriteString("at", LogEntry.Instant(plan.Entry.UtcMilliseconds));
        json.WriteNumber("daysBeforeInstallation", report.DaysBeforeInstallation);
        json.WriteEndObject();
    }
}
