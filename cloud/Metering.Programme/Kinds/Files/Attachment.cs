using System.Text.Json.Serialization;
using Metering.Programme.Records;

namespace Metering.Programme.Kinds;

/// <summary>Types of files that are taken.</summary>
[JsonConverter(typeof(WordConverter<ContentType>))]
internal enum ContentType
{
    Pdf = 0,
    Png = 1,
    Jpeg = 2,
    Csv = 3,
    Xlsx = 4,
    PlainText = 5,
    Xml = 6,
    Html = 7,
    Json = 8,
}

/// <summary>A stored file; its bytes stand in a table of their own.</summary>
internal sealed record Attachment : IProgrammeRecord
{
    public required string Id { get; init; }

    public required string Name { get; init; }

    public string? Plant { get; init; }

    public string? Project { get; init; }

    public required ContentType ContentType { get; init; }

    public required string Sha256 { get; init; }

    public required int Bytes { get; init; }

    public static RecordKind Kind { get; } = RecordKind.Of(
        "attachment", new("Archivo", "File"), new("Archivos", "Files"), RecordJson.Default.Attachment,
        [
            Field.Line("name", "Nombre", "Name"),
            Field.Reference("plant", "plant", "Planta", "Plant"),
            Field.Reference("project", "project", "Proyecto", "Project"),
            Field.Choice("contentType", "Tipo", "Type",
                (ContentType.Pdf, "PDF", "PDF"),
                (ContentType.Png, "Imagen PNG", "PNG picture"),
                (ContentType.Jpeg, "Imagen JPEG", "JPEG picture"),
                (ContentType.Csv, "CSV", "CSV"),
                (ContentType.Xlsx, "Hoja de cálculo XLSX", "XLSX spreadsheet"),
                (ContentType.PlainText, "Texto", "Text"),
                (ContentType.Xml, "XML", "XML"),
                (ContentType.Html, "Página HTML", "HTML page"),
                (ContentType.Json, "JSON", "JSON")),
            Field.Line("sha256", "SHA-256", "SHA-256"),
            Field.Whole("bytes", "Tamaño en bytes", "Size in bytes") with { Least = 1, Most = 10 * 1024 * 1024 },
        ])
        .ByProgram();
}
