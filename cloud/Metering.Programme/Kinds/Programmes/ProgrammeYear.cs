using Metering.Programme.Records;

namespace Metering.Programme.Kinds;

/// <summary>A year of a programme with its targets; its days are data, since programmes slip.</summary>
internal sealed record ProgrammeYear : IProgrammeRecord
{
    public required string Id { get; init; }

    public required string Programme { get; init; }

    public required int Number { get; init; }

    public required DateOnly FirstDay { get; init; }

    public required DateOnly LastDay { get; init; }

    public required int PreAssessmentTarget { get; init; }

    public required int ProjectTarget { get; init; }

    public static RecordKind Kind { get; } = RecordKind.Of(
        "programme-year", new("Año del programa", "Programme year"), new("Años del programa", "Programme years"), RecordJson.Default.ProgrammeYear,
        [
            Field.Reference("programme", "programme", "Programa", "Programme"),
            Field.Whole("number", "Número del año", "Number of the year") with { Least = 1, Most = 50 },
            Field.Date("firstDay", "Primer día", "First day"),
            Field.Date("lastDay", "Último día", "Last day"),
            Field.Whole("preAssessmentTarget", "Meta de prediagnósticos", "Target of pre-assessments") with { Least = 0 },
            Field.Whole("projectTarget", "Meta de proyectos", "Target of projects") with { Help = new("Proyectos verificados dentro del año.", "Projects verified within the year."), Least = 0 },
        ])
        .With<ProgrammeYear>(Rules);

    private static void Rules(RecordCheck check, ProgrammeYear record)
    {
        check.InOrder(record.FirstDay, record.LastDay, "lastDay");
        foreach (ProgrammeYear other in check.After.All<ProgrammeYear>())
        {
            if (!check.IsWithdrawn && other.Programme == record.Programme && other.Id != record.Id && other.FirstDay <= record.LastDay && record.FirstDay <= other.LastDay)
            {
                check.Fault("firstDay", $"Se encima con el año {other.Number}.", $"It overlaps with year {other.Number}.");
            }
        }
    }
}
