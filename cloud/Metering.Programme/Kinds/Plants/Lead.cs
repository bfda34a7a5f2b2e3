using Metering.Programme.Records;

namespace Metering.Programme.Kinds;

/// <summary>A company that asked to take part.</summary>
internal sealed record Lead : IProgrammeRecord
{
    public required string Id { get; init; }

    public required string Company { get; init; }

    public required DateOnly ReceivedOn { get; init; }

    public string? Person { get; init; }

    public string? Email { get; init; }

    public string? Source { get; init; }

    public string? Needs { get; init; }

    public string? Organisation { get; init; }

    /// <summary>Day on which the person agreed to the keeping of these data; null when staff wrote them down.</summary>
    public DateOnly? ConsentedOn { get; init; }

    public string? Questionnaire { get; init; }

    public string? Answers { get; init; }

    public static RecordKind Kind { get; } = RecordKind.Of(
        "lead", new("Manifestación de interés", "Expression of interest"), new("Manifestaciones de interés", "Expressions of interest"), RecordJson.Default.Lead,
        [
            Field.Line("company", "Empresa", "Company"),
            Field.Date("receivedOn", "Recibida el", "Received on"),
            Field.Line("person", "Persona", "Person"),
            Field.Line("email", "Correo", "E-mail"),
            Field.Line("source", "Cómo supo del programa", "How it heard of the programme"),
            Field.Lines("needs", "Qué le interesa", "What it is interested in"),
            Field.Reference("organisation", "organisation", "Organización", "Organisation"),
            Field.Date("consentedOn", "Consintió el", "Consented on"),
            Field.Line("questionnaire", "Versión del cuestionario", "Version of the questionnaire"),
            Field.Lines("answers", "Respuestas del autodiagnóstico", "Answers of the self-assessment") with { Help = new("Un renglón por pregunta: clave: respuesta.", "One line a question: key: answer.") },
        ])
        .With<Lead>(Rules);

    private static void Rules(RecordCheck check, Lead record)
    {
        check.Past(record.ReceivedOn, "receivedOn");
        check.Past(record.ConsentedOn, "consentedOn");
    }
}
