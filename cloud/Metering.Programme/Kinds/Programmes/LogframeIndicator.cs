using System.Text.Json.Serialization;
using Metering.Programme.Records;

namespace Metering.Programme.Kinds;

/// <summary>Level of a logframe.</summary>
[JsonConverter(typeof(WordConverter<LogframeLevel>))]
internal enum LogframeLevel
{
    Goal = 0,
    Purpose = 1,
    Component = 2,
    Activity = 3,
}

/// <summary>What a row of the logframe counts in the register and the results, by itself.</summary>
[JsonConverter(typeof(WordConverter<LogframeQuery>))]
internal enum LogframeQuery
{
    SelfAssessments = 0,
    PreAssessments = 1,
    SelectedProjects = 2,
    ContractedProjects = 3,
    VerifiedProjects = 4,
    PersistingProjects = 5,
    TrainedPeople = 6,
    Certificates = 7,
    Events = 8,
    Attendances = 9,
    PublishedCases = 10,
    CompanySharePaid = 11,
    ElectricitySaved = 12,
    WaterSaved = 13,
    EmissionsAvoided = 14,
    LoadAvoided = 15,
}

/// <summary>A row of the logframe.</summary>
internal sealed record LogframeIndicator : IProgrammeRecord
{
    public required string Id { get; init; }

    public required string Programme { get; init; }

    public required string Name { get; init; }

    public required LogframeLevel Level { get; init; }

    public required string Definition { get; init; }

    /// <summary>What is counted; null when nothing of the system answers the row, and the page then shows no value.</summary>
    public LogframeQuery? Query { get; init; }

    public string? Unit { get; init; }

    public decimal? Baseline { get; init; }

    public decimal? Target { get; init; }

    public DateOnly? TargetDay { get; init; }

    public string? MeansOfVerification { get; init; }

    public string? Assumption { get; init; }

    public static RecordKind Kind { get; } = RecordKind.Of(
        "logframe-indicator", new("Indicador del marco lógico", "Logframe indicator"), new("Indicadores del marco lógico", "Logframe indicators"), RecordJson.Default.LogframeIndicator,
        [
            Field.Reference("programme", "programme", "Programa", "Programme"),
            Field.Line("name", "Nombre", "Name"),
            Field.Choice("level", "Nivel", "Level",
                (LogframeLevel.Goal, "Fin", "Goal"),
                (LogframeLevel.Purpose, "Propósito", "Purpose"),
                (LogframeLevel.Component, "Componente", "Component"),
                (LogframeLevel.Activity, "Actividad", "Activity")),
            Field.Lines("definition", "Definición", "Definition"),
            Field.Choice("query", "Qué se cuenta", "What is counted",
                (LogframeQuery.SelfAssessments, "Autodiagnósticos contestados", "Self-assessments answered"),
                (LogframeQuery.PreAssessments, "Prediagnósticos", "Pre-assessments"),
                (LogframeQuery.SelectedProjects, "Proyectos seleccionados", "Projects selected"),
                (LogframeQuery.ContractedProjects, "Proyectos contratados", "Projects contracted"),
                (LogframeQuery.VerifiedProjects, "Proyectos verificados", "Projects verified"),
                (LogframeQuery.PersistingProjects, "Proyectos cuyo ahorro se mantiene", "Projects whose saving lasts"),
                (LogframeQuery.TrainedPeople, "Personas inscritas en cursos", "People enrolled in courses"),
                (LogframeQuery.Certificates, "Constancias", "Certificates"),
                (LogframeQuery.Events, "Eventos", "Events"),
                (LogframeQuery.Attendances, "Asistencias a eventos", "Attendances at events"),
                (LogframeQuery.PublishedCases, "Casos publicados", "Cases published"),
                (LogframeQuery.CompanySharePaid, "Pagos de las empresas", "Payments of companies"),
                (LogframeQuery.ElectricitySaved, "Electricidad ahorrada, verificada", "Electricity saved, verified"),
                (LogframeQuery.WaterSaved, "Agua ahorrada, verificada", "Water saved, verified"),
                (LogframeQuery.EmissionsAvoided, "Emisiones evitadas, verificadas", "Emissions avoided, verified"),
                (LogframeQuery.LoadAvoided, "Carga de DQO evitada, verificada", "COD load avoided, verified")) with { Help = new("El valor se calcula; nadie lo escribe.", "The value is computed; nobody types it in.") },
            Field.Line("unit", "Unidad", "Unit"),
            Field.Number("baseline", "", "Línea base", "Baseline"),
            Field.Number("target", "", "Meta", "Target"),
            Field.Date("targetDay", "Fecha de la meta", "Day of the target"),
            Field.Lines("meansOfVerification", "Medios de verificación", "Means of verification"),
            Field.Lines("assumption", "Supuestos", "Assumptions"),
        ]);
}
