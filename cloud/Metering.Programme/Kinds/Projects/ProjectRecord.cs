using System.Text.Json.Serialization;
using Metering.Programme.Records;

namespace Metering.Programme.Kinds;

/// <summary>What a project saves and its meter counts.</summary>
[JsonConverter(typeof(WordConverter<ProjectResource>))]
internal enum ProjectResource
{
    Electricity = 0,
    Water = 1,
    Gas = 2,
    Effluent = 3,
}

/// <summary>A Cleaner Production project. Its measurement plan (channel, periods) may be written later, whole.</summary>
internal sealed record ProjectRecord : IProgrammeRecord
{
    public required string Id { get; init; }

    public required string Plant { get; init; }

    public required string TitleSpanish { get; init; }

    public required string TitleEnglish { get; init; }

    public required string MeasureSpanish { get; init; }

    public required string MeasureEnglish { get; init; }

    public required ProjectResource Resource { get; init; }

    public string? Consultant { get; init; }

    public string? Gateway { get; init; }

    public string? Channel { get; init; }

    public DateOnly? BaselineFirst { get; init; }

    public DateOnly? BaselineLast { get; init; }

    public DateOnly? InstallationFirst { get; init; }

    public DateOnly? InstallationLast { get; init; }

    public DateOnly? ReportingFirst { get; init; }

    public DateOnly? ReportingLast { get; init; }

    public decimal? ConfidencePercent { get; init; }

    string? IProgrammeRecord.Project => Id;

    public static RecordKind Kind { get; } = RecordKind.Of(
        "project", new("Proyecto", "Project"), new("Proyectos", "Projects"), RecordJson.Default.ProjectRecord,
        [
            Field.Reference("plant", "plant", "Planta", "Plant"),
            Field.Line("titleSpanish", "Título en español", "Title in Spanish"),
            Field.Line("titleEnglish", "Título en inglés", "Title in English"),
            Field.Lines("measureSpanish", "Qué se hace, en español", "What is done, in Spanish"),
            Field.Lines("measureEnglish", "Qué se hace, en inglés", "What is done, in English"),
            Field.Choice("resource", "Recurso", "Resource",
                (ProjectResource.Electricity, "Electricidad", "Electricity"),
                (ProjectResource.Water, "Agua", "Water"),
                (ProjectResource.Gas, "Gas", "Gas"),
                (ProjectResource.Effluent, "Descarga de agua", "Effluent")),
            Field.Reference("consultant", "consultant", "Consultor", "Consultant"),
            Field.Identifier("gateway", "Gateway del medidor", "Gateway of the meter"),
            Field.Identifier("channel", "Canal del medidor", "Channel of the meter"),
            Field.Date("baselineFirst", "Línea base: primer día", "Baseline: first day"),
            Field.Date("baselineLast", "Línea base: último día", "Baseline: last day"),
            Field.Date("installationFirst", "Instalación: primer día", "Installation: first day"),
            Field.Date("installationLast", "Instalación: último día", "Installation: last day"),
            Field.Date("reportingFirst", "Periodo de reporte: primer día", "Reporting: first day"),
            Field.Date("reportingLast", "Periodo de reporte: último día", "Reporting: last day"),
            Field.Number("confidencePercent", "%", "Confianza", "Confidence") with { Help = new("En %, de 50 a 99.9; 90 si se deja vacío.", "In %, from 50 to 99.9; 90 when left empty."), Least = 50, Most = 99.9m },
        ])
        .With<ProjectRecord>(Rules);

    private static void Rules(RecordCheck check, ProjectRecord record)
    {
        object?[] plan = [record.Gateway, record.Channel, record.BaselineFirst, record.BaselineLast, record.InstallationFirst, record.InstallationLast, record.ReportingFirst, record.ReportingLast];
        int written = plan.Count(part => part is not null);
        if (written != 0 && written != plan.Length)
        {
            check.Fault("gateway", "El plan de medición va completo o vacío: gateway, canal y los seis días.", "The measurement plan is written whole or not at all: gateway, channel and the six days.");
            return;
        }

        check.InOrder(record.BaselineFirst, record.BaselineLast, "baselineLast");
        check.InOrder(record.BaselineLast?.AddDays(1), record.InstallationFirst, "installationFirst");
        check.InOrder(record.InstallationFirst, record.InstallationLast, "installationLast");
        check.InOrder(record.InstallationLast?.AddDays(1), record.ReportingFirst, "reportingFirst");
        check.InOrder(record.ReportingFirst, record.ReportingLast, "reportingLast");
    }
}
