using Metering.Programme.Records;

namespace Metering.Programme.Kinds;

/// <summary>What an evaluator found, and what was answered.</summary>
internal sealed record EvaluationFinding : IProgrammeRecord
{
    public required string Id { get; init; }

    public required string Title { get; init; }

    public string? Programme { get; init; }

    public required string Evaluator { get; init; }

    public required DateOnly FoundOn { get; init; }

    public required string Finding { get; init; }

    public string? Response { get; init; }

    public DateOnly? RespondedOn { get; init; }

    public static RecordKind Kind { get; } = RecordKind.Of(
        "evaluation-finding", new("Observación de evaluación", "Evaluation finding"), new("Observaciones de evaluación", "Evaluation findings"), RecordJson.Default.EvaluationFinding,
        [
            Field.Line("title", "Título", "Title"),
            Field.Reference("programme", "programme", "Programa", "Programme"),
            Field.Line("evaluator", "Evaluador", "Evaluator"),
            Field.Date("foundOn", "Fecha", "Day"),
            Field.Lines("finding", "Observación", "Finding"),
            Field.Lines("response", "Respuesta", "Response"),
            Field.Date("respondedOn", "Respondida el", "Answered on"),
        ])
        .With<EvaluationFinding>(Rules);

    private static void Rules(RecordCheck check, EvaluationFinding record)
    {
        if ((record.Response is null) != (record.RespondedOn is null))
        {
            check.Fault("respondedOn", "La respuesta y su fecha van juntas.", "The answer and its day go together.");
        }
    }
}
