using System.Text.Json.Serialization;
using Metering.Programme.Records;

namespace Metering.Programme.Kinds;

/// <summary>States of a project, in their order.</summary>
[JsonConverter(typeof(WordConverter<ProjectState>))]
internal enum ProjectState
{
    Lead = 0,
    SelfAssessed = 1,
    PreAssessed = 2,
    Selected = 3,
    NotSelected = 4,
    Contracted = 5,
    Baselining = 6,
    Implementing = 7,
    Reporting = 8,
    Verified = 9,
    FollowedUp = 10,
    Closed = 11,
    Withdrawn = 12,
}

/// <summary>That a project came into a state on a day, with its evidence. The state of a project is its last step.</summary>
internal sealed record ProjectStep : IProgrammeRecord
{
    public required string Id { get; init; }

    public required string Project { get; init; }

    public required ProjectState State { get; init; }

    public required DateOnly Day { get; init; }

    public string? Evidence { get; init; }

    public string? Note { get; init; }

    public static RecordKind Kind { get; } = RecordKind.Of(
        "project-step", new("Paso del proyecto", "Project step"), new("Pasos del proyecto", "Project steps"), RecordJson.Default.ProjectStep,
        [
            Field.Reference("project", "project", "Proyecto", "Project"),
            Field.Choice("state", "Estado", "State",
                (ProjectState.Lead, "Interesado", "Lead"),
                (ProjectState.SelfAssessed, "Autodiagnosticado", "Self-assessed"),
                (ProjectState.PreAssessed, "Prediagnosticado", "Pre-assessed"),
                (ProjectState.Selected, "Seleccionado", "Selected"),
                (ProjectState.NotSelected, "No seleccionado", "Not selected"),
                (ProjectState.Contracted, "Contratado", "Contracted"),
                (ProjectState.Baselining, "Midiendo línea base", "Baselining"),
                (ProjectState.Implementing, "En implementación", "Implementing"),
                (ProjectState.Reporting, "En periodo de reporte", "Reporting"),
                (ProjectState.Verified, "Verificado", "Verified"),
                (ProjectState.FollowedUp, "Con seguimiento", "Followed up"),
                (ProjectState.Closed, "Cerrado", "Closed"),
                (ProjectState.Withdrawn, "Retirado", "Withdrawn")),
            Field.Date("day", "Fecha", "Day"),
            Field.Line("evidence", "Evidencia", "Evidence") with { Help = new("Registros que lo prueban, como contract/contrato-3; separados por espacios.", "Records that prove it, such as contract/contract-3; separated by spaces.") },
            Field.Lines("note", "Notas o motivo", "Notes or reason"),
        ])
        .With<ProjectStep>(Rules);

    private static void Rules(RecordCheck check, ProjectStep record)
    {
        Lifecycle.ProjectLifecycle.Check(check, record);
    }
}
