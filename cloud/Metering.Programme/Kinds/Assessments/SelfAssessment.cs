using Metering.Programme.Records;

namespace Metering.Programme.Kinds;

/// <summary>Answers of a plant to the questionnaire.</summary>
internal sealed record SelfAssessment : IProgrammeRecord
{
    public required string Id { get; init; }

    public required string Plant { get; init; }

    public required DateOnly AnsweredOn { get; init; }

    public required string Questionnaire { get; init; }

    public string? Person { get; init; }

    public required string Answers { get; init; }

    /// <summary>Whether it is not finished; a draft allows no step of a project. Null is no.</summary>
    public bool? IsDraft { get; init; }

    public static RecordKind Kind { get; } = RecordKind.Of(
        "self-assessment", new("Autodiagnóstico", "Self-assessment"), new("Autodiagnósticos", "Self-assessments"), RecordJson.Default.SelfAssessment,
        [
            Field.Reference("plant", "plant", "Planta", "Plant"),
            Field.Date("answeredOn", "Contestado el", "Answered on"),
            Field.Line("questionnaire", "Versión del cuestionario", "Version of the questionnaire"),
            Field.Line("person", "Quién contestó", "Answered by"),
            Field.Lines("answers", "Respuestas", "Answers") with { Help = new("Un renglón por pregunta: clave: respuesta.", "One line a question: key: answer.") },
            Field.YesNo("isDraft", "¿Es borrador?", "Is it a draft?"),
        ])
        .With<SelfAssessment>(Rules);

    private static void Rules(RecordCheck check, SelfAssessment record)
    {
        check.Past(record.AnsweredOn, "answeredOn");
        foreach (string line in record.Answers.Split('\n'))
        {
            if (line.IndexOf(':', StringComparison.Ordinal) < 1)
            {
                check.Fault("answers", $"Falta «clave: respuesta» en el renglón «{line}».", $"The line “{line}” is not 'key: answer'.");
            }
        }
    }
}
