using System.Globalization;
using Metering.Evidence.Log;
using Metering.Programme.Kinds;
using Metering.Programme.Log;
using Metering.Programme.Records;
using Metering.Programme.Storage;
using Metering.Projects.Statements;
using Microsoft.EntityFrameworkCore;

namespace Metering.Cloud.Evidence;

/// <summary>
/// Brings into the log what people did: every change of the audit trail, by its number, as the record it is; and for plans, decisions and production the body that results are
/// computed from. Between two runs several versions may have come: each is logged. Not safe for use by two threads at once.
/// </summary>
internal sealed class RegisterFollower(EvidenceLog log, ProgrammeDatabase database, Projects.ProjectRegister file)
{
    /// <summary>Name of the watermark: the last number of the audit trail that is in the log.</summary>
    public const string Audit = "audit";

    private const int Page = 500;

    private ReplayedRegister? register;

    /// <summary>Follows to the end of the audit trail.</summary>
    /// <param name="cancellationToken">Ends it between two transactions.</param>
    public void CatchUp(CancellationToken cancellationToken)
    {
        LogWatermark place = log.Watermark(Audit);
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            List<AuditEntry> rows = RowsAfter(place.Value);
            if (rows.Count == 0)
            {
                return;
            }

            ReplayedRegister state = register?.Number == place.Value ? register : Replayed(place.Value);
            register = null; // what is half way is made anew if this does not end well
            List<LogDraft> drafts = [.. rows.SelectMany(row => DraftsOf(state, row))];
            LogWatermark to = place with { Value = rows[^1].Number };
            if (log.Append(drafts, (place, to)) is null)
            {
                place = log.Watermark(Audit); // another process followed meanwhile
                continue;
            }

            (register, place) = (state, to);
        }
    }

    /// <summary>The kind of entry that a record's change is, where it is no plan, decision or production.</summary>
    public static string KindOf(string recordKind) => recordKind switch
    {
        "meter" or "installation" => LogEntryKind.Meter,
        "lab-result" => LogEntryKind.LabResult,
        "resource-price" or "electricity-rates" or "exchange-rate" => LogEntryKind.Reference,
        "baseline-freeze" => LogEntryKind.Baseline,
        "review-signature" => LogEntryKind.Signature,
        "published-case" => LogEntryKind.Publication,
        _ => LogEntryKind.Edit,
    };

    private List<AuditEntry> RowsAfter(long number)
    {
        using ProgrammeContext context = database.NewContext();
        return [.. context.Audit.AsNoTracking().Where(row => row.Number > number).OrderBy(row => row.Number).Take(Page)];
    }

    private ReplayedRegister Replayed(long through)
    {
        ReplayedRegister state = new(file);
        using ProgrammeContext context = database.NewContext();
        foreach (AuditEntry row in context.Audit.AsNoTracking().Where(row => row.Number <= through).OrderBy(row => row.Number))
        {
            state.Take(row);
        }

        return state;
    }

    private static List<LogDraft> DraftsOf(ReplayedRegister state, AuditEntry row)
    {
        int version = state.Take(row);
        string source = string.Create(CultureInfo.InvariantCulture, $"audit {row.Number}");
        List<LogDraft> drafts = [];
        if (row.Kind == ProductionRecord.Kind.Name && ProductionOf(row, version) is { Count: > 0 } production)
        {
            drafts.AddRange(production.Select((statement, index) => new LogDraft(LogEntryKind.Production, statement.Plant, true, statement.ToBytes())
            {
                Source = index == 0 ? source : source + " moved",
            }));
        }
        else if (row.Kind != EventDecision.Kind.Name || state.DecisionsChanged(row).Count == 0)
        {
            drafts.Add(new(KindOf(row.Kind), ScopeOf(row.Project, row.Plant), true, RecordOf(row, version).ToBytes()) { Source = source });
        }

        foreach (string project in state.ProjectsOf(row))
        {
            if (state.PlanOf(project) is { } plan)
            {
                drafts.Add(new(LogEntryKind.Plan, project, true, plan) { Source = $"{source} plan {project}", OnlyIfChanged = true });
            }
        }

        drafts.AddRange(state.DecisionsChanged(row).Select((decision, index) => new LogDraft(LogEntryKind.Decision, decision.Project, true, decision.ToBytes())
        {
            Source = row.Kind == EventDecision.Kind.Name && index == 0 ? source : $"{source} decision {decision.Id} {index}",
        }));
        return drafts;
    }

    private static RecordStatement RecordOf(AuditEntry row, int version) => new()
    {
        Record = row.Kind,
        Id = row.RecordId,
        Version = version,
        Plant = row.Plant,
        Project = row.Project,
        Actor = row.ActorId,
        After = row.After,
        Reason = row.Reason,
    };

    // A record that was moved to another plant is withdrawn from the first one, whose entries would count it for ever.
    private static List<ProductionStatement> ProductionOf(AuditEntry row, int version)
    {
        ProductionRecord? before = Read(row.Before);
        ProductionRecord? after = Read(row.After);
        List<ProductionStatement> statements = [];
        if ((after ?? before) is { } now)
        {
            statements.Add(StatementOf(now, isWithdrawn: after is null));
        }

        if (before is not null && after is not null && before.Plant != after.Plant)
        {
            statements.Add(StatementOf(before, isWithdrawn: true));
        }

        return statements;

        ProductionStatement StatementOf(ProductionRecord record, bool isWithdrawn) => new()
        {
            Id = record.Id,
            Version = version,
            IsWithdrawn = isWithdrawn,
            Plant = record.Plant,
            Product = record.Product,
            Unit = record.Output.Unit,
            FirstDay = record.FirstDay,
            LastDay = record.LastDay,
            Amount = record.Output.Amount,
            Actor = row.ActorId,
        };

        static ProductionRecord? Read(string? json) => ReplayedRegister.Read(ProductionRecord.Kind, json) as ProductionRecord;
    }

    // An identifier that is none of the log's form (an account's scope, say) counts with the programme.
    private static string ScopeOf(string? project, string? plant) =>
        (project ?? plant) is { } scope && Metering.Readings.Identifier.IsValid(scope) ? scope : LogDraft.ProgrammeScope;
}
