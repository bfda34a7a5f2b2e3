using System.Text.Json.Serialization;
using Metering.Programme.Records;

namespace Metering.Programme.Kinds;

/// <summary>Where the effluent of a plant goes.</summary>
[JsonConverter(typeof(WordConverter<DischargeKind>))]
internal enum DischargeKind
{
    Sewer = 0,
    NationalWater = 1,
    Soil = 2,
    None = 3,
}

/// <summary>A plant: the site whose meters are read.</summary>
internal sealed record PlantRecord : IProgrammeRecord
{
    public required string Id { get; init; }

    public required string NameSpanish { get; init; }

    public required string NameEnglish { get; init; }

    public string? Organisation { get; init; }

    public required string Sector { get; init; }

    public required string State { get; init; }

    public string? Municipality { get; init; }

    public required string Zone { get; init; }

    public required bool IsSimulated { get; init; }

    public string? Boundary { get; init; }

    public DischargeKind? Discharge { get; init; }

    public string? Permit { get; init; }

    string? IProgrammeRecord.Plant => Id;

    public static RecordKind Kind { get; } = RecordKind.Of(
        "plant", new("Planta", "Plant"), new("Plantas", "Plants"), RecordJson.Default.PlantRecord,
        [
            Field.Line("nameSpanish", "Nombre en español", "Name in Spanish"),
            Field.Line("nameEnglish", "Nombre en inglés", "Name in English"),
            Field.Reference("organisation", "organisation", "Organización", "Organisation"),
            Field.Identifier("sector", "Sector", "Sector") with { Help = new("Palabra de la lista del programa, como tannery o hotel.", "Word of the programme's list, such as tannery or hotel.") },
            Field.Line("state", "Estado", "State"),
            Field.Line("municipality", "Municipio", "Municipality"),
            Field.Line("zone", "Zona horaria", "Time zone") with { Help = new("Nombre IANA, como America/Mexico_City.", "IANA name such as America/Mexico_City.") },
            Field.YesNo("isSimulated", "¿Medidores simulados?", "Simulated meters?"),
            Field.Lines("boundary", "Límites de lo medido", "Boundary of what is measured"),
            Field.Choice("discharge", "Descarga", "Discharge",
                (DischargeKind.Sewer, "Alcantarillado municipal", "Municipal sewer"),
                (DischargeKind.NationalWater, "Cuerpo receptor nacional", "National waters"),
                (DischargeKind.Soil, "Suelo", "Soil"),
                (DischargeKind.None, "Sin descarga", "None")),
            Field.Line("permit", "Permiso de descarga", "Discharge permit"),
        ])
        .With<PlantRecord>(Rules);

    private static void Rules(RecordCheck check, PlantRecord record)
    {
        if (!TimeZoneInfo.TryFindSystemTimeZoneById(record.Zone, out _))
        {
            check.Fault("zone", $"No se conoce la zona «{record.Zone}»; escriba un nombre IANA: America/Mexico_City en el centro, America/Monterrey, America/Chihuahua, America/Hermosillo, America/Tijuana o America/Cancun.", $"The zone “{record.Zone}” is not known; write an IANA name: America/Mexico_City in the centre, America/Monterrey, America/Chihuahua, America/Hermosillo, America/Tijuana or America/Cancun.");
        }
    }
}
