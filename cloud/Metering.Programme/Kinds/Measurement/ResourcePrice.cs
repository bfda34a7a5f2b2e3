using System.Text.Json.Serialization;
using Metering.Programme.Records;

namespace Metering.Programme.Kinds;

/// <summary>Unit that a price is stated for.</summary>
[JsonConverter(typeof(WordConverter<PricedUnit>))]
internal enum PricedUnit
{
    Kwh = 0,
    CubicMetre = 1,
}

/// <summary>What one more unit of a resource costs a plant: the marginal price, since a saving is paid at it and not at the mean of a bill.</summary>
internal sealed record ResourcePrice : IProgrammeRecord
{
    public required string Id { get; init; }

    public required string Plant { get; init; }

    public required ProjectResource Resource { get; init; }

    public required Money Price { get; init; }

    public required PricedUnit Per { get; init; }

    public required DateOnly From { get; init; }

    public DateOnly? To { get; init; }

    public required string Source { get; init; }

    public static RecordKind Kind { get; } = RecordKind.Of(
        "resource-price", new("Precio de un recurso", "Price of a resource"), new("Precios de recursos", "Prices of resources"), RecordJson.Default.ResourcePrice,
        [
            Field.Reference("plant", "plant", "Planta", "Plant"),
            Field.Choice("resource", "Recurso", "Resource",
                (ProjectResource.Electricity, "Electricidad", "Electricity"),
                (ProjectResource.Water, "Agua", "Water"),
                (ProjectResource.Gas, "Gas", "Gas"),
                (ProjectResource.Effluent, "Descarga de agua", "Effluent")),
            Field.Money("price", "Precio marginal", "Marginal price") with { Help = new("Lo que cuesta una unidad más, no el promedio del recibo.", "What one more unit costs, not the mean of the bill.") },
            Field.Choice("per", "Por", "Per",
                (PricedUnit.Kwh, "kWh", "kWh"),
                (PricedUnit.CubicMetre, "m³", "m³")),
            Field.Date("from", "Desde", "From"),
            Field.Date("to", "Hasta", "To"),
            Field.Line("source", "Documento de origen", "Source document"),
        ])
        .With<ResourcePrice>(Rules);

    private static void Rules(RecordCheck check, ResourcePrice record)
    {
        check.InOrder(record.From, record.To, "to");
        if (!check.IsWithdrawn && check.After.All<ResourcePrice>().Any(other => other.Id != record.Id && other.Plant == record.Plant && other.Resource == record.Resource
            && other.From <= (record.To ?? DateOnly.MaxValue) && record.From <= (other.To ?? DateOnly.MaxValue)))
        {
            check.Fault("from", "Ya hay un precio de este recurso en esos días.", "There is a price of this resource for these days already.");
        }
    }
}
