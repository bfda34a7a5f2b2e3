using System.Text.Json;
using System.Text.Json.Serialization;

namespace Metering.Programme.Kinds;

/// <summary>JSON of all records, generated at build time: members in camel case, none that is unknown, none that is null.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.General,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true)]
[JsonSerializable(typeof(ProgrammeDefinition))]
[JsonSerializable(typeof(ProgrammeYear))]
[JsonSerializable(typeof(FundingSource))]
[JsonSerializable(typeof(LogframeIndicator))]
[JsonSerializable(typeof(Organisation))]
[JsonSerializable(typeof(PlantRecord))]
[JsonSerializable(typeof(Contact))]
[JsonSerializable(typeof(Lead))]
[JsonSerializable(typeof(ShareConsent))]
[JsonSerializable(typeof(SelfAssessment))]
[JsonSerializable(typeof(PreAssessment))]
[JsonSerializable(typeof(AssessmentFinding))]
[JsonSerializable(typeof(Opportunity))]
[JsonSerializable(typeof(SelectionDecision))]
[JsonSerializable(typeof(Consultant))]
[JsonSerializable(typeof(Contract))]
[JsonSerializable(typeof(CostShareEntry))]
[JsonSerializable(typeof(ProjectRecord))]
[JsonSerializable(typeof(ProjectDriver))]
[JsonSerializable(typeof(Measure))]
[JsonSerializable(typeof(BaselineFreeze))]
[JsonSerializable(typeof(MeasurementPlan))]
[JsonSerializable(typeof(StaticFactorEvent))]
[JsonSerializable(typeof(EventDecision))]
[JsonSerializable(typeof(ReviewSignature))]
[JsonSerializable(typeof(FollowUp))]
[JsonSerializable(typeof(MeterRecord))]
[JsonSerializable(typeof(MeterInstallation))]
[JsonSerializable(typeof(LabResult))]
[JsonSerializable(typeof(MeterReading))]
[JsonSerializable(typeof(ProductionRecord))]
[JsonSerializable(typeof(UtilityBill))]
[JsonSerializable(typeof(Course))]
[JsonSerializable(typeof(CourseModule))]
[JsonSerializable(typeof(CourseEdition))]
[JsonSerializable(typeof(Enrolment))]
[JsonSerializable(typeof(OutreachEvent))]
[JsonSerializable(typeof(EventAttendance))]
[JsonSerializable(typeof(Lesson))]
[JsonSerializable(typeof(EvaluationFinding))]
[JsonSerializable(typeof(AlarmAcknowledgement))]
[JsonSerializable(typeof(Attachment))]
[JsonSerializable(typeof(ProjectStep))]
[JsonSerializable(typeof(LogframeTarget))]
[JsonSerializable(typeof(ExchangeRate))]
[JsonSerializable(typeof(SavingClaim))]
[JsonSerializable(typeof(ResourcePrice))]
[JsonSerializable(typeof(ElectricityRates))]
[JsonSerializable(typeof(PublishedCase))]
[JsonSerializable(typeof(BenchmarkRelease))]
internal sealed partial class RecordJson : JsonSerializerContext;
