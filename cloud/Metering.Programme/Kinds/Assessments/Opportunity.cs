using System.Text.Json.Serialization;
using Metering.Programme.Records;

namespace Metering.Programme.Kinds;

/// <summary>What a measure saves.</summary>
[JsonConverter(typeof(WordConverter<SavedResource>))]
internal enum SavedResource
{
    Electricity = 0,
    Water = 1,
    Gas = 2,
    Effluent = 3,
    Fuel = 4,
    Material = 5,
    Waste = 6,
}

/// <summary>A line of the list of opportunities of a pre-assessment; an estimate, never a result.</summary>
internal sealed record Opportunity : IProgrammeRecord
{
    public required string Id { get; init; }

    public required string Title { get; init; }

    public required string PreAssessment { get; init; }

    public required SavedResource Resource { get; init; }

    public Quantity? SavingPerYear { get; init; }

    public Money? Investment { get; init; }

    public string? Note { get; init; }

    public static RecordKind Kind { get; } = RecordKind.Of(
        "opportunity", new("Oportunidad", "Opportunity"), new("Oportunidades", "Opportunities"), RecordJson.Default.Opportunity,
        [
            Field.Line("title", "Título", "Title"),
            Field.Reference("preAssessment", "pre-assessment", "Prediagnóstico", "Pre-assessment"),
            Field.Choice("resource", "Recurso", "Resource",
                (SavedResource.Electricity, "Electricidad", "Electricity"),
                (SavedResource.Water, "Agua", "Water"),
                (SavedResource.Gas, "Gas", "Gas"),
                (SavedResource.Effluent, "Descarga de agua", "Effluent"),
                (SavedResource.Fuel, "Otro combustible", "Other fuel"),
                (SavedResource.Material, "Materiales", "Materials"),
                (SavedResource.Waste, "Residuos", "Waste")),
            Field.Amount("savingPerYear", ["kWh", "m3", "GJ", "L", "kg", "t"], "Ahorro estimado al año", "Estimated saving a year"),
            Field.Money("investment", "Inversión estimada", "Estimated investment"),
            Field.Lines("note", "Notas", "Notes"),
        ]);
}
