using Metering.Programme.Records;

namespace Metering.Programme.Kinds;

/// <summary>Kinds that people look for in one place.</summary>
internal sealed record RecordGroup(Text Title, IReadOnlyList<RecordKind> Kinds);

/// <summary>Every kind of record there is.</summary>
internal static class RecordKinds
{
    /// <summary>All kinds, in groups as the register shows them.</summary>
    public static IReadOnlyList<RecordGroup> Groups { get; } =
    [
        new(new("Programa", "Programme"), [ProgrammeDefinition.Kind, ProgrammeYear.Kind, FundingSource.Kind, LogframeIndicator.Kind, LogframeTarget.Kind, ExchangeRate.Kind]),
        new(new("Plantas y personas", "Plants and people"), [Lead.Kind, Organisation.Kind, PlantRecord.Kind, Contact.Kind, ShareConsent.Kind]),
        new(new("Diagnóstico y selección", "Assessment and selection"), [SelfAssessment.Kind, PreAssessment.Kind, AssessmentFinding.Kind, Opportunity.Kind, SelectionDecision.Kind]),
        new(new("Contratos", "Contracts"), [Consultant.Kind, Contract.Kind, CostShareEntry.Kind]),
        new(new("Proyectos", "Projects"), [ProjectRecord.Kind, ProjectDriver.Kind, ProjectStep.Kind, Measure.Kind, MeasurementPlan.Kind, BaselineFreeze.Kind, StaticFactorEvent.Kind, EventDecision.Kind, ReviewSignature.Kind, FollowUp.Kind, SavingClaim.Kind]),
        new(new("Medición", "Measurement"), [MeterRecord.Kind, MeterInstallation.Kind, MeterReading.Kind, LabResult.Kind, ProductionRecord.Kind, UtilityBill.Kind, ResourcePrice.Kind, ElectricityRates.Kind, AlarmAcknowledgement.Kind]),
        new(new("Capacitación", "Training"), [Course.Kind, CourseModule.Kind, CourseEdition.Kind, Enrolment.Kind]),
        new(new("Difusión y aprendizaje", "Outreach and learning"), [OutreachEvent.Kind, EventAttendance.Kind, Lesson.Kind, EvaluationFinding.Kind, PublishedCase.Kind, BenchmarkRelease.Kind]),
        new(new("Archivos", "Files"), [Attachment.Kind]),
    ];

    /// <summary>All kinds.</summary>
    public static IReadOnlyList<RecordKind> All { get; } = [.. Groups.SelectMany(group => group.Kinds)];

    private static readonly Dictionary<string, RecordKind> ByName = All.ToDictionary(kind => kind.Name, StringComparer.Ordinal);
    private static readonly Dictionary<Type, RecordKind> ByType = All.ToDictionary(kind => kind.Type);

    /// <summary>A kind by its name; null when there is none.</summary>
    public static RecordKind? Find(string name) => ByName.GetValueOrDefault(name);

    /// <summary>The kind of a record's type.</summary>
    /// <exception cref="ArgumentException">No kind has this type.</exception>
    public static RecordKind Of(Type type) => ByType.TryGetValue(type, out RecordKind? kind) ? kind : throw new ArgumentException($"{type} is no record of the register", nameof(type));
}
