using Metering.Programme.Records;

namespace Metering.Programme.Kinds;

/// <summary>A verified project as it is told to the public; figures are never typed in.</summary>
internal sealed record PublishedCase : IProgrammeRecord
{
    public required string Id { get; init; }

    public required string TitleSpanish { get; init; }

    public required string TitleEnglish { get; init; }

    public required string Project { get; init; }

    public required DateOnly PublishedOn { get; init; }

    public required string StorySpanish { get; init; }

    public required string StoryEnglish { get; init; }

    public required bool NamesPlant { get; init; }

    /// <summary>Day on which the company agreed to be named; needed when it is.</summary>
    public DateOnly? ConsentedOn { get; init; }

    public static RecordKind Kind { get; } = RecordKind.Of(
        "published-case", new("Caso publicado", "Published case"), new("Casos publicados", "Published cases"), RecordJson.Default.PublishedCase,
        [
            Field.Line("titleSpanish", "Título en español", "Title in Spanish"),
            Field.Line("titleEnglish", "Título en inglés", "Title in English"),
            Field.Reference("project", "project", "Proyecto", "Project"),
            Field.Date("publishedOn", "Publicado el", "Published on"),
            Field.Lines("storySpanish", "Relato en español", "Story in Spanish"),
            Field.Lines("storyEnglish", "Relato en inglés", "Story in English"),
            Field.YesNo("namesPlant", "¿Se nombra la planta?", "Is the plant named?"),
            Field.Date("consentedOn", "La empresa consintió el", "The company consented on"),
        ])
        .With<PublishedCase>(Rules);

    private static void Rules(RecordCheck check, PublishedCase record)
    {
        check.Past(record.PublishedOn, "publishedOn");
        check.Past(record.ConsentedOn, "consentedOn");
        if (record.NamesPlant && record.ConsentedOn is null)
        {
            check.Fault("consentedOn", "Para nombrar la planta hace falta la fecha de su consentimiento.", "To name the plant the day of its consent is needed.");
        }
    }
}
