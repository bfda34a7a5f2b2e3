using System.Text.Json.Serialization;
using Metering.Programme.Records;

namespace Metering.Programme.Kinds;

/// <summary>Options of the IPMVP (Core Concepts, 2016).</summary>
[JsonConverter(typeof(WordConverter<ProtocolOption>))]
internal enum ProtocolOption
{
    A = 0,
    B = 1,
    C = 2,
    D = 3,
}

/// <summary>How the saving of a project will be measured and verified, written before the installation. A change is a new version; the day is that of the version.</summary>
internal sealed record MeasurementPlan : IProgrammeRecord
{
    public required string Id { get; init; }

    public required string Project { get; init; }

    public required DateOnly WrittenOn { get; init; }

    public required ProtocolOption Option { get; init; }

    public required string Boundary { get; init; }

    public required string Method { get; init; }

    public required string Responsible { get; init; }

    public string? StaticFactors { get; init; }

    public string? ModelHash { get; init; }

    public static RecordKind Kind { get; } = RecordKind.Of(
        "measurement-plan", new("Plan de medición y verificación", "Measurement and verification plan"), new("Planes de medición y verificación", "Measurement and verification plans"), RecordJson.Default.MeasurementPlan,
        [
            Field.Reference("project", "project", "Proyecto", "Project"),
            Field.Date("writtenOn", "Escrito el", "Written on"),
            Field.Choice("option", "Opción del IPMVP", "IPMVP option",
                (ProtocolOption.A, "A: la medida aislada, parámetro clave medido", "A: retrofit isolation, key parameter measured"),
                (ProtocolOption.B, "B: la medida aislada, todo medido", "B: retrofit isolation, all parameters measured"),
                (ProtocolOption.C, "C: toda la instalación", "C: whole facility"),
                (ProtocolOption.D, "D: simulación calibrada", "D: calibrated simulation")),
            Field.Lines("boundary", "Qué se mide y hasta dónde", "What is measured, and its boundary"),
            Field.Lines("method", "Cómo se mide, cada cuándo y cómo se ajusta", "How it is measured, how often and how it is adjusted"),
            Field.Lines("responsible", "Quién hace qué", "Who does what"),
            Field.Lines("staticFactors", "Factores estáticos que se vigilan", "Static factors that are watched"),
            Field.Line("modelHash", "Huella del modelo (SHA-256)", "Hash of the model (SHA-256)"),
        ])
        .With<MeasurementPlan>(Rules)
        .ByProgram(); // its day is the day it is saved on, so that no plan is dated back

    private static void Rules(RecordCheck check, MeasurementPlan record)
    {
        check.Past(record.WrittenOn, "writtenOn");
        if (!check.IsWithdrawn && check.After.All<MeasurementPlan>().Any(other => other.Project == record.Project && other.Id != record.Id))
        {
            check.Fault("project", "El proyecto ya tiene un plan; cambie ese.", "The project has a plan already; change that one.");
        }
    }
}
