using System.Diagnostics;
using Metering.Programme.Kinds;
using Metering.Programme.Records;

namespace Metering.Programme.Lifecycle;

/// <summary>What a look for the evidence of a step found.</summary>
/// <param name="Evidence">Records that allow the step.</param>
/// <param name="Missing">What is missing; null when nothing is.</param>
internal sealed record ProjectGuard(IReadOnlyList<RecordKey> Evidence, Text? Missing);

/// <summary>Which records each state needs, none of them dated after the step.</summary>
internal static class ProjectGuards
{
    private static readonly ProjectGuard Nothing = new([], null);

    /// <summary>Looks for the evidence of a step.</summary>
    public static ProjectGuard Look(RegisterSnapshot register, string project, ProjectState state, DateOnly day)
    {
        ProjectRecord? record = register.Find<ProjectRecord>(project);
        if (record is null)
        {
            return new([], new("No existe el proyecto.", "There is no such project."));
        }

        return state switch
        {
            ProjectState.Lead or ProjectState.Withdrawn or ProjectState.Closed => Nothing,
            ProjectState.SelfAssessed => First<SelfAssessment>(register, one => one.Plant == record.Plant && one.IsDraft != true && one.AnsweredOn <= day, new("Falta un autodiagnóstico de la planta, contestado a más tardar ese día.", "A self-assessment of the plant, answered by that day, is missing.")),
            ProjectState.PreAssessed => First<PreAssessment>(register, one => one.Plant == record.Plant && one.VisitedOn <= day, new("Falta un prediagnóstico de la planta a más tardar ese día.", "A pre-assessment of the plant by that day is missing.")),
            ProjectState.Selected => Decided(register, project, SelectionOutcome.Selected, day),
            ProjectState.NotSelected => Decided(register, project, SelectionOutcome.NotSelected, day),
            ProjectState.Contracted => First<Contract>(register, one => one.Project == project && one.SignedOn <= day, new("Falta un contrato del proyecto, firmado a más tardar ese día.", "A contract of the project, signed by that day, is missing.")),
            ProjectState.Baselining => record.Gateway is not null // a plan is written whole
                ? new([new(ProjectRecord.Kind.Name, project)], null)
                : new([], new("Falta el plan de medición del proyecto: canal y periodos.", "The project's measurement plan is missing: channel and periods.")),
            ProjectState.Implementing => First<BaselineFreeze>(register, one => one.Project == project && one.FrozenOn <= day, new("Falta congelar la línea base antes de instalar.", "The baseline must be frozen before the installation.")),
            ProjectState.Reporting => First<Measure>(register, one => one.Project == project && one.ImplementedOn <= day, new("Falta una medida en operación.", "A measure in operation is missing.")),
            ProjectState.Verified => Signed(register, project, day),
            ProjectState.FollowedUp => First<FollowUp>(register, one => one.Project == project && one.VisitedOn <= day, new("Falta una visita de seguimiento.", "A follow-up visit is missing.")),
            _ => throw new UnreachableException(),
        };
    }

    private static ProjectGuard Decided(RegisterSnapshot register, string project, SelectionOutcome outcome, DateOnly day) =>
        First<SelectionDecision>(register, one => one.Project == project && one.Decision == outcome && one.DecidedOn <= day, new("Falta la decisión del comité con ese resultado.", "The committee's decision with this outcome is missing."));

    // Four eyes: an author and another person as reviewer, both approving the same result.
    private static ProjectGuard Signed(RegisterSnapshot register, string project, DateOnly day)
    {
        ReviewSignature[] approved = [.. register.All<ReviewSignature>().Where(one => one.Project == project && one.IsApproved && one.SignedOn <= day)];
        foreach (ReviewSignature author in approved.Where(one => one.Role == SignatureRole.Author))
        {
            ReviewSignature? reviewer = Array.Find(
                approved, one => one.Role == SignatureRole.Reviewer && one.PersonId != author.PersonId && one.ResultHash == author.ResultHash);
            if (reviewer is not null)
            {
                return new([new(ReviewSignature.Kind.Name, author.Id), new(ReviewSignature.Kind.Name, reviewer.Id)], null);
            }
        }

        return new([], new("Faltan dos firmas de dos personas, autor y revisor, que aprueben el mismo resultado.", "Two signatures of two people, author and reviewer, that approve the same result are missing."));
    }

    private static ProjectGuard First<TRecord>(RegisterSnapshot register, Func<TRecord, bool> fits, Text missing)
        where TRecord : class, IProgrammeRecord
    {
        TRecord? found = register.All<TRecord>().FirstOrDefault(fits);
        return found is null ? new([], missing) : new([new(RecordKinds.Of(typeof(TRecord)).Name, found.Id)], null);
    }
}
