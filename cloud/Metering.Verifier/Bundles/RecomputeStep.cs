using System.Text.Json;
using Metering.Evidence.Bundle;
using Metering.Projects;
using Metering.Projects.Statements;

namespace Metering.Verifier.Bundles;

/// <summary>Steps 5 and 7: the readings of the project's channels, and its result computed from them anew, byte for byte.</summary>
internal sealed class RecomputeStep(BundleFile file, IReadOnlyList<ShownBatches> batches, ValidationStep validation, FaultList faults)
{
    /// <summary>Readings that were read.</summary>
    public long Readings { get; private set; }

    /// <summary>Reads, computes and compares.</summary>
    /// <param name="project">The project.</param>
    /// <param name="plan">What it is computed from beside the readings.</param>
    /// <param name="sources">What the result says it was computed from, with the grades of its gateways.</param>
    /// <param name="result">The bytes of result.json, and its entry.</param>
    public void Run(Project project, PlanStep plan, ResultSources sources, (byte[] Bytes, long Index) result)
    {
        try
        {
            Compute(project, plan, sources, result);
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or ArithmeticException or IndexOutOfRangeException or KeyNotFoundException)
        {
            // Definitions and decisions that no page would take, made up by hand.
            faults.Add(FaultCode.RecomputationFailed, e.Message);
        }
    }

    private void Compute(Project project, PlanStep plan, ResultSources sources, (byte[] Bytes, long Index) result)
    {
        (long, long) span = project.Span();
        Dictionary<ChannelName, ChannelReadings> readings = [];
        Dictionary<ChannelName, string> versions = [];
        List<ChannelEvidence> evidence = [];
        foreach (ChannelName name in project.Channels())
        {
            SegmentStep step = new(file, [.. batches.Where(epoch => epoch.Gateway == name.Gateway)], name, faults);
            ChannelReadings? channel = step.Run(span, out string version);
            Readings += step.Count;
            versions[name] = version;
            if (channel is not null)
            {
                readings[name] = channel;
            }

            evidence.Add(ChannelEvidence.Of(project, name, channel, version, 0));

            // What a channel leaves behind is some of the largest objects there are; collected now, the next one takes their place.
            GC.Collect();
        }

        if (faults.Count > 0)
        {
            return;
        }

        CheckCode(sources);
        validation.CheckNamed(project, sources, result);
        if (faults.IsSoundThrough(6))
        {
            validation.CheckAnew(project, evidence);
        }

        ProjectInputs inputs = new()
        {
            Readings = readings,
            Evidence = evidence,
            Decisions = [.. plan.Decisions.Select(one => one.Statement.Decision)],
            Production = ProductionStatement.Outputs([.. plan.Production.Select(one => one.Statement)], project),
        };
        byte[] again = ResultStatement.Write(ProjectAnalysis.Run(project, inputs, ProjectVersion.Of(project, versions, inputs.Decisions, inputs.Production)), sources);
        if (!again.AsSpan().SequenceEqual(result.Bytes))
        {
            using JsonDocument stated = JsonDocument.Parse(result.Bytes);
            using JsonDocument computed = JsonDocument.Parse(again);
            JsonDifference? difference = JsonDifference.First(stated.RootElement, computed.RootElement);
            faults.Add(FaultCode.ResultDiffers, difference is null ? ["result.json", "?", "?"] : [difference.Path, difference.Left, difference.Right]);
        }
    }

    private void CheckCode(ResultSources sources)
    {
        if (BodyStep.HashOf(file.Read(BundleNames.Code, StatementJson.MaximumLength)) != sources.Code.Sha256)
        {
            faults.Add(FaultCode.CodeDiffers);
        }

        if (BodyStep.HashOf(file.Read(BundleNames.Parts, ResultStatement.MaximumLength)) != sources.PartsSha256)
        {
            faults.Add(FaultCode.PartsDiffer);
        }
    }
}
