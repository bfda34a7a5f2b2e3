using System.Text.Json;
using Metering.Evidence.Bundle;
using Metering.Evidence.Log;
using Metering.Projects.Statements;
using Metering.Readings;

namespace Metering.Verifier.Bundles;

/// <summary>Step 8: reports and signatures, and which result they speak of.</summary>
internal sealed class ReportStep(BundleFile file, ShownLog log, BodyStep bodies, FaultList faults)
{
    private const int LargestReport = 64 * 1024 * 1024;

    /// <summary>Checks the reports, and finds the signatures under the result.</summary>
    public void Run(BundleDescription about, BundleReport report)
    {
        foreach ((string language, long index) in about.Reports)
        {
            CheckReport(about, language, index);
        }

        foreach (ShownEntry shown in log.Of(LogEntryKind.Signature, about.Project).Where(shown => bodies.Bodies.ContainsKey(shown.Index)))
        {
            try
            {
                if (SignatureOf(shown, report.Result?.Version) is { } signature)
                {
                    report.Signatures.Add(signature);
                }
            }
            catch (Exception e) when (e is WireFormatException or JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
            {
                faults.Add(FaultCode.BodyForm, ShownLog.Text(shown.Index), e.Message);
            }
        }
    }

    private void CheckReport(BundleDescription about, string language, long index)
    {
        ShownEntry? entry = log.Of(LogEntryKind.Report, about.Project).FirstOrDefault(shown => shown.Index == index);
        string name = $"report.{language}.html";
        if (entry is null || !bodies.Bodies.TryGetValue(index, out byte[]? body) || !file.Has(name))
        {
            faults.Add(FaultCode.ReportMissing, language);
            return;
        }

        try
        {
            ReportStatement statement = ReportStatement.Read(body);
            if (statement.Language != language)
            {
                faults.Add(FaultCode.ReportLanguage, language, statement.Language);
            }

            if (statement.ResultIndex != about.Result)
            {
                faults.Add(FaultCode.ReportResult, language, ShownLog.Text(statement.ResultIndex), ShownLog.Text(about.Result));
            }

            if (BodyStep.HashOf(file.Read(name, LargestReport)) != statement.Sha256)
            {
                faults.Add(FaultCode.ReportHash, language);
            }
        }
        catch (WireFormatException e)
        {
            faults.Add(FaultCode.BodyForm, ShownLog.Text(index), e.Message);
        }
    }

    // A signature under another result is a true record of its time, and none under this one.
    private BundleSignature? SignatureOf(ShownEntry shown, string? version)
    {
        RecordStatement record = RecordStatement.Read(bodies.Bodies[shown.Index]);
        if (record.After is null)
        {
            return null;
        }

        using JsonDocument after = JsonDocument.Parse(record.After);
        return after.RootElement.Text("resultHash") == version
            ? new(after.RootElement.Text("role"), record.Actor, after.RootElement.GetProperty("isApproved").GetBoolean(), shown.Entry.UtcMilliseconds)
            : null;
    }
}
