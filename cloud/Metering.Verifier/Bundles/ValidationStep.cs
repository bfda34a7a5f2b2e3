using System.Text.Json;
using Metering.Evidence.Bundle;
using Metering.Evidence.Log;
using Metering.Projects;
using Metering.Projects.Statements;

namespace Metering.Verifier.Bundles;

/// <summary>Steps 6 and 7: the run of the validation rules that the result names, and the same run made anew.</summary>
internal sealed class ValidationStep(BundleFile file, ShownLog log, FaultList faults)
{
    /// <summary>Whether the entry is there, ahead of the result, of the project, with the body in the bundle, and over the result's readings.</summary>
    /// <param name="project">The project.</param>
    /// <param name="sources">What the result names.</param>
    /// <param name="result">Bytes and entry of the result.</param>
    public void CheckNamed(Project project, ResultSources sources, (byte[] Bytes, long Index) result)
    {
        string index = ShownLog.Text(sources.Validation);
        ShownEntry? entry = log.Of(LogEntryKind.Validation, project.Id).FirstOrDefault(shown => shown.Index == sources.Validation);
        if (entry is null || entry.Index >= result.Index)
        {
            faults.Add(FaultCode.ValidationMissing, index, project.Id);
            return;
        }

        byte[] body = Body();
        if (BodyStep.HashOf(body) != entry.Entry.BodyHash)
        {
            faults.Add(FaultCode.BodyHash, index, entry.Entry.Subject);
            return;
        }

        try
        {
            using JsonDocument run = JsonDocument.Parse(body);
            using JsonDocument stated = JsonDocument.Parse(result.Bytes);
            string of = run.RootElement.Text("project");
            (string, string, string)[] apart =
                [.. ValidationStatement.ReadingsOf(run.RootElement).Except(ValidationStatement.ReadingsOf(stated.RootElement)), .. ValidationStatement.ReadingsOf(stated.RootElement).Except(ValidationStatement.ReadingsOf(run.RootElement))];
            if (of != project.Id || apart.Length > 0)
            {
                faults.Add(FaultCode.ValidationOther, index, of != project.Id ? of : $"{apart[0].Item1} {apart[0].Item2}");
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            faults.Add(FaultCode.BodyForm, index, e.Message);
        }
    }

    /// <summary>Holds the run against the same one made anew, byte for byte.</summary>
    /// <param name="project">The project.</param>
    /// <param name="evidence">Its channels, validated here.</param>
    public void CheckAnew(Project project, IReadOnlyList<ChannelEvidence> evidence)
    {
        byte[] body = Body();
        byte[] again = ValidationStatement.Write(project, evidence);
        if (again.AsSpan().SequenceEqual(body))
        {
            return;
        }

        using JsonDocument stated = JsonDocument.Parse(body);
        using JsonDocument computed = JsonDocument.Parse(again);
        JsonDifference? difference = JsonDifference.First(stated.RootElement, computed.RootElement);
        bool isRule = difference?.Path.StartsWith("rules", StringComparison.Ordinal) == true || difference?.Path.StartsWith("parameters", StringComparison.Ordinal) == true;
        faults.Add(isRule ? FaultCode.ValidationParameters : FaultCode.ValidationDiffers, difference is null ? [BundleNames.Validation, "?", "?"] : [NameOf(difference.Path, computed.RootElement), difference.Left, difference.Right]);
    }

    private byte[] Body() => file.Read(BundleNames.Validation, ResultStatement.MaximumLength);

    // "parameters[3].value" says nothing to a reader; the name of the parameter does.
    private static string NameOf(string path, JsonElement run)
    {
        const string Lead = "parameters[";
        int end = path.IndexOf(']', StringComparison.Ordinal);
        return path.StartsWith(Lead, StringComparison.Ordinal) && end > 0 && int.TryParse(path.AsSpan(Lead.Length, end - Lead.Length), out int place) && place < run.GetProperty("parameters").GetArrayLength()
            ? run.GetProperty("parameters")[place].Text("name")
            : path;
    }
}
