using Metering.Programme.Records;

namespace Metering.Programme.Kinds;

/// <summary>What a pre-assessment found.</summary>
internal sealed record AssessmentFinding : IProgrammeRecord
{
    public required string Id { get; init; }

    public required string Title { get; init; }

    public required string PreAssessment { get; init; }

    public required string Description { get; init; }

    public string? File { get; init; }

    public static RecordKind Kind { get; } = RecordKind.Of(
        "finding", new("Hallazgo", "Finding"), new("Hallazgos", "Findings"), RecordJson.Default.AssessmentFinding,
        [
            Field.Line("title", "Título", "Title"),
            Field.Reference("preAssessment", "pre-assessment", "Prediagnóstico", "Pre-assessment"),
            Field.Lines("description", "Descripción", "Description"),
            Field.File("file", "Archivo", "File"),
        ]);
}
