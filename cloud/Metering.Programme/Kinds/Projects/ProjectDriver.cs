using System.Text.Json.Serialization;
using Metering.Programme.Records;

namespace Metering.Programme.Kinds;

/// <summary>How a driver's day is made.</summary>
[JsonConverter(typeof(WordConverter<DriverForm>))]
internal enum DriverForm
{
    Difference = 0,
    Mean = 1,
    Above = 2,
    Below = 3,
    Workday = 4,
    Production = 5,
}

/// <summary>What the use of a project follows: production, weather, working days.</summary>
internal sealed record ProjectDriver : IProgrammeRecord
{
    public required string Id { get; init; }

    public required string Project { get; init; }

    public required string Name { get; init; }

    public required int Position { get; init; }

    public required DriverForm Form { get; init; }

    public string? Gateway { get; init; }

    public string? Channel { get; init; }

    public decimal? Threshold { get; init; }

    public string? Product { get; init; }

    public static RecordKind Kind { get; } = RecordKind.Of(
        "project-driver", new("Variable del modelo", "Project driver"), new("Variables del modelo", "Project drivers"), RecordJson.Default.ProjectDriver,
        [
            Field.Reference("project", "project", "Proyecto", "Project"),
            Field.Identifier("name", "Nombre", "Name"),
            Field.Whole("position", "Orden en el modelo", "Place in the model") with { Least = 1, Most = 20 },
            Field.Choice("form", "Cómo se calcula", "How it is made",
                (DriverForm.Difference, "Diferencia del contador", "Difference of a counter"),
                (DriverForm.Mean, "Promedio del día", "Mean of the day"),
                (DriverForm.Above, "Promedio de lo que rebasa la base", "Mean of what lies above the base"),
                (DriverForm.Below, "Promedio de lo que falta para la base", "Mean of what lies below the base"),
                (DriverForm.Workday, "Día laborable", "Working day"),
                (DriverForm.Production, "Producción capturada", "Production records")),
            Field.Identifier("gateway", "Gateway", "Gateway"),
            Field.Identifier("channel", "Canal", "Channel"),
            Field.Number("threshold", "", "Base", "Base"),
            Field.Line("product", "Producto", "Product") with { Help = new("Solo con «producción capturada»: el producto como está en sus registros.", "Only with “production records”: the product as its records name it.") },
        ])
        .With<ProjectDriver>(Rules);

    private static void Rules(RecordCheck check, ProjectDriver record)
    {
        bool hasNoChannel = record.Form is DriverForm.Workday or DriverForm.Production;
        if (hasNoChannel != (record.Gateway is null) || hasNoChannel != (record.Channel is null))
        {
            check.Fault("channel", "Un calendario y la producción capturada no tienen canal; las demás variables tienen gateway y canal.", "A calendar and production records have no channel; every other driver has gateway and channel.");
        }

        if ((record.Form == DriverForm.Production) != (record.Product is not null))
        {
            check.Fault("product", "El producto va con la producción capturada, y solo con ella.", "A product goes with production records, and only with them.");
        }

        if ((record.Form is DriverForm.Above or DriverForm.Below) != (record.Threshold is not null))
        {
            check.Fault("threshold", "La base va con «above» y «below», y solo con ellas.", "A base goes with “above” and “below”, and only with them.");
        }
    }
}
