using System.Text.Json.Serialization;
using Metering.Programme.Records;

namespace Metering.Programme.Kinds;

/// <summary>What a pre-assessment recommends.</summary>
[JsonConverter(typeof(WordConverter<Recommendation>))]
internal enum Recommendation
{
    Project = 0,
    Training = 1,
    NoAction = 2,
}

/// <summary>A visit of staff and expert to a plant, with its result.</summary>
internal sealed record PreAssessment : IProgrammeRecord
{
    public required string Id { get; init; }

    public required string Plant { get; init; }

    public required DateOnly VisitedOn { get; init; }

    public required string Staff { get; init; }

    public string? Expert { get; init; }

    public required Recommendation Recommendation { get; init; }

    public required string Summary { get; init; }

    public string? File { get; init; }

    public static RecordKind Kind { get; } = RecordKind.Of(
        "pre-assessment", new("Prediagnóstico", "Pre-assessment"), new("Prediagnósticos", "Pre-assessments"), RecordJson.Default.PreAssessment,
        [
            Field.Reference("plant", "plant", "Planta", "Plant"),
            Field.Date("visitedOn", "Visita", "Visited on"),
            Field.Line("staff", "Personal del programa", "Programme staff"),
            Field.Line("expert", "Experto", "Expert"),
            Field.Choice("recommendation", "Recomendación", "Recommendation",
                (Recommendation.Project, "Hacer un proyecto", "Make a project"),
                (Recommendation.Training, "Capacitar primero", "Train first"),
                (Recommendation.NoAction, "Sin acción", "No action")),
            Field.Lines("summary", "Resumen", "Summary"),
            Field.File("file", "Archivo", "File"),
        ])
        .With<PreAssessment>(Rules);

    private static void Rules(RecordCheck check, PreAssessment record)
    {
        check.Past(record.VisitedOn, "visitedOn");
    }
}
