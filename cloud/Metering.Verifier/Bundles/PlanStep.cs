using Metering.Evidence.Log;
using Metering.Projects;
using Metering.Projects.Statements;
using Metering.Readings;

namespace Metering.Verifier.Bundles;

/// <summary>Step 6: what the result says it was computed from, held against what the log had then.</summary>
internal sealed class PlanStep(ShownLog log, BodyStep bodies, FaultList faults)
{
    /// <summary>The project, as the plan in force defines it; null when there is none.</summary>
    public Project? Project { get; private set; }

    /// <summary>The entry from which on the definition's numbers did not change.</summary>
    public ShownEntry? FixedBy { get; private set; }

    /// <summary>Decisions that counted.</summary>
    public IReadOnlyList<(DecisionStatement Statement, long Index)> Decisions { get; private set; } = [];

    /// <summary>Production records that counted.</summary>
    public IReadOnlyList<(ProductionStatement Statement, long Index)> Production { get; private set; } = [];

    /// <summary>Finds the plan in force and reads the project's definition.</summary>
    public void FindPlan(BundleDescription about, ResultSources sources)
    {
        ShownEntry[] plans = [.. log.Of(LogEntryKind.Plan, about.Project).Where(shown => shown.Index < sources.LogSize)];
        if (plans.Length == 0)
        {
            faults.Add(FaultCode.PlanMissing, about.Project);
            return;
        }

        ShownEntry newest = plans[^1];
        if (newest.Index != sources.Plan)
        {
            faults.Add(FaultCode.PlanNotNewest, ShownLog.Text(sources.Plan), ShownLog.Text(newest.Index));
        }

        Project = Read(newest, body => PlanStatement.Read(body));
        if (Project is null)
        {
            return;
        }

        if (Project.Id != about.Project)
        {
            faults.Add(FaultCode.PlanOther, ShownLog.Text(newest.Index), Project.Id, about.Project);
        }

        byte[] core = PlanStatement.CoreOf(Project);
        FixedBy = newest;
        foreach (ShownEntry earlier in plans.Reverse().Skip(1))
        {
            bool isSame = bodies.Bodies.TryGetValue(earlier.Index, out byte[]? body) && IsSame(body, core);
            if (!isSame)
            {
                break;
            }

            FixedBy = earlier;
        }
    }

    /// <summary>Holds the decisions and production records that the result names against those in force.</summary>
    public void CheckInputs(Project project, ResultSources sources)
    {
        Decisions = RecordsInForce.Decisions(Logged(log.Of(LogEntryKind.Decision, project.Id), sources, body => DecisionStatement.Read(body), statement => statement.Project == project.Id));
        Compare(FaultCode.DecisionsDiffer, sources.Decisions, Decisions.Select(one => one.Index));

        bool wantsProduction = project.Drivers.Any(driver => driver.Product is not null);
        Production = !wantsProduction ? [] : RecordsInForce.Production(
            Logged(log.Of(LogEntryKind.Production, project.Plant.Id), sources, body => ProductionStatement.Read(body), statement => statement.Plant == project.Plant.Id));
        Compare(FaultCode.ProductionDiffers, sources.Production, Production.Select(one => one.Index));
    }

    // Every version before the result.
    private List<(T Statement, long Index)> Logged<T>(IEnumerable<ShownEntry> entries, ResultSources sources, Func<byte[], T> read, Func<T, bool> belongs)
        where T : class
    {
        List<(T, long)> logged = [];
        foreach (ShownEntry shown in entries.Where(shown => shown.Index < sources.LogSize))
        {
            if (Read(shown, read) is not { } statement)
            {
                continue;
            }

            if (!belongs(statement))
            {
                faults.Add(FaultCode.BodyForm, ShownLog.Text(shown.Index), "its subject names another project or plant than its body");
            }

            logged.Add((statement, shown.Index));
        }

        return logged;
    }

    private T? Read<T>(ShownEntry shown, Func<byte[], T> read)
        where T : class
    {
        if (!bodies.Bodies.TryGetValue(shown.Index, out byte[]? body))
        {
            // An erased version that a later one replaced is not missed; which of them it was cannot be told, so it is.
            faults.Add(FaultCode.BodyErased, ShownLog.Text(shown.Index));
            return null;
        }

        try
        {
            return read(body);
        }
        catch (WireFormatException e)
        {
            faults.Add(FaultCode.BodyForm, ShownLog.Text(shown.Index), e.Message);
            return null;
        }
    }

    private void Compare(FaultCode code, IReadOnlyList<long> named, IEnumerable<long> inForce)
    {
        long[] expected = [.. inForce];
        if (!named.SequenceEqual(expected))
        {
            faults.Add(code, ListOf(named), ListOf(expected));
        }
    }

    private static bool IsSame(byte[] body, byte[] core)
    {
        try
        {
            return PlanStatement.CoreOf(PlanStatement.Read(body)).AsSpan().SequenceEqual(core);
        }
        catch (WireFormatException)
        {
            return false;
        }
    }

    private static string ListOf(IReadOnlyList<long> indices) => indices.Count == 0 ? "-" : string.Join(' ', indices.Take(20).Select(ShownLog.Text)) + (indices.Count > 20 ? " ..." : "");
}
