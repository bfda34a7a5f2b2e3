using System.Text.Json;
using Metering.Readings;

namespace Metering.Projects.Statements;

/// <summary>The body of a `key` entry: a public key and whose it is.</summary>
/// <param name="Gateway">Gateway.</param>
/// <param name="KeyEpoch">Number of the key, from 1.</param>
/// <param name="Plant">Plant it stands in.</param>
/// <param name="Origin">Whose key it is, a word of <see cref="EvidenceGrade"/>.</param>
/// <param name="PublicKeyPem">The key in PEM, as in the bundle.</param>
internal sealed record KeyStatement(string Gateway, int KeyEpoch, string Plant, string Origin, string PublicKeyPem)
{
    /// <summary>The bytes.</summary>
    public byte[] ToBytes() => StatementJson.Write(json =>
    {
        json.WriteString("gateway", Gateway);
        json.WriteNumber("epoch", KeyEpoch);
        json.WriteString("plant", Plant);
        json.WriteString("origin", Origin);
        json.WriteString("publicKeyPem", PublicKeyPem);
    });

    /// <summary>Reads it.</summary>
    /// <exception cref="WireFormatException">The bytes are no key in its one form.</exception>
    public static KeyStatement Read(ReadOnlySpan<byte> bytes) => StatementJson.Read(
        bytes, "key", root => new KeyStatement(root.Text("gateway"), root.GetProperty("epoch").GetInt32(), root.Text("plant"), root.Text("origin"), root.Text("publicKeyPem")), key => key.ToBytes());
}

/// <summary>The body of a `key` entry that ends a key epoch.</summary>
/// <param name="Gateway">Gateway.</param>
/// <param name="KeyEpoch">Number of the key.</param>
/// <param name="FromUtcMilliseconds">When it ended.</param>
/// <param name="LastBatch">Last batch it may have signed; null when only what was logged before this entry counts.</param>
/// <param name="Reason">Why.</param>
internal sealed record KeyEndStatement(string Gateway, int KeyEpoch, long FromUtcMilliseconds, long? LastBatch, string Reason)
{
    /// <summary>The bytes.</summary>
    public byte[] ToBytes() => StatementJson.Write(json =>
    {
        json.WriteString("gateway", Gateway);
        json.WriteNumber("epoch", KeyEpoch);
        json.WriteNumber("fromUtc", FromUtcMilliseconds);
        json.Whole("lastBatch", LastBatch);
        json.WriteString("reason", Reason);
    });

    /// <summary>Reads it.</summary>
    /// <exception cref="WireFormatException">The bytes are no end of a key in its one form.</exception>
    public static KeyEndStatement Read(ReadOnlySpan<byte> bytes) => StatementJson.Read(
        bytes, "end of a key", root => new KeyEndStatement(root.Text("gateway"), root.GetProperty("epoch").GetInt32(), root.Whole("fromUtc"), root.WholeOrNull("lastBatch"), root.Text("reason")), end => end.ToBytes());
}

/// <summary>The body of a `report` entry.</summary>
/// <param name="Language">"es" or "en".</param>
/// <param name="ResultIndex">Entry of the result that the report shows.</param>
/// <param name="Sha256">SHA-256 of the HTML file, lower-case hexadecimal.</param>
internal sealed record ReportStatement(string Language, long ResultIndex, string Sha256)
{
    /// <summary>The bytes.</summary>
    public byte[] ToBytes() => StatementJson.Write(json =>
    {
        json.WriteString("language", Language);
        json.WriteNumber("resultIndex", ResultIndex);
        json.WriteString("sha256", Sha256);
    });

    /// <summary>Reads it.</summary>
    /// <exception cref="WireFormatException">The bytes are no report's entry in its one form.</exception>
    public static ReportStatement Read(ReadOnlySpan<byte> bytes) => StatementJson.Read(
        bytes, "report's entry", root => new ReportStatement(root.Text("language"), root.Whole("resultIndex"), root.Text("sha256")), report => report.ToBytes());
}

/// <summary>The body of an `erasure` entry: the body of an earlier entry is gone, the entry itself stays.</summary>
/// <param name="Index">The earlier entry.</param>
/// <param name="Reason">Why.</param>
internal sealed record ErasureStatement(long Index, string Reason)
{
    /// <summary>The bytes.</summary>
    public byte[] ToBytes() => StatementJson.Write(json =>
    {
        json.WriteNumber("index", Index);
        json.WriteString("reason", Reason);
    });

    /// <summary>Reads it.</summary>
    /// <exception cref="WireFormatException">The bytes are no erasure in its one form.</exception>
    public static ErasureStatement Read(ReadOnlySpan<byte> bytes) => StatementJson.Read(
        bytes, "erasure", root => new ErasureStatement(root.Whole("index"), root.Text("reason")), erasure => erasure.ToBytes());
}

/// <summary>The file `bundle.json`: what a bundle is about.</summary>
/// <param name="Log">Name of the log.</param>
/// <param name="Project">The project.</param>
/// <param name="Number">It is the project's so many-th bundle, from 1.</param>
/// <param name="Result">Entry of the result.</param>
/// <param name="Reports">Entry of the report in each language that is there: "es", "en".</param>
internal sealed record BundleDescription(string Log, string Project, long Number, long Result, IReadOnlyDictionary<string, long> Reports)
{
    /// <summary>The format that this program reads and writes.</summary>
    public const string Format = "metering/v1/bundle";

    private static readonly string[] LanguageCodes = ["es", "en"];

    /// <summary>The bytes.</summary>
    public byte[] ToBytes() => StatementJson.Write(json =>
    {
        json.WriteString("format", Format);
        json.WriteString("log", Log);
        json.WriteString("project", Project);
        json.WriteNumber("number", Number);
        json.WriteNumber("result", Result);
        json.WriteStartObject("reports");
        foreach (string language in LanguageCodes.Where(Reports.ContainsKey))
        {
            json.WriteNumber(language, Reports[language]);
        }

        json.WriteEndObject();
    });

    /// <summary>Reads it.</summary>
    /// <exception cref="WireFormatException">The bytes are no description of a bundle in its one form.</exception>
    public static BundleDescription Read(ReadOnlySpan<byte> bytes) => StatementJson.Read(bytes, "description of a bundle", ReadRoot, about => about.ToBytes());

    private static BundleDescription ReadRoot(JsonElement root) => root.Text("format") != Format
        ? throw new FormatException($"its format is '{root.Text("format")}': a newer program reads it")
        : new(
            root.Text("log"),
            root.Text("project"),
            root.Whole("number"),
            root.Whole("result"),
            root.GetProperty("reports").EnumerateObject().ToDictionary(report => report.Name, report => report.Value.GetInt64(), StringComparer.Ordinal));
}

/// <summary>The body of an entry of any other kind: what the register's audit trail says of one change.</summary>
internal sealed record RecordStatement
{
    /// <summary>Kind of the record, such as "review-signature".</summary>
    public required string Record { get; init; }

    /// <summary>Its identifier.</summary>
    public required string Id { get; init; }

    /// <summary>Version of the record, from 1.</summary>
    public required int Version { get; init; }

    /// <summary>Plant it belongs to; null when it belongs to none.</summary>
    public string? Plant { get; init; }

    /// <summary>Project it belongs to; null when it belongs to none.</summary>
    public string? Project { get; init; }

    /// <summary>Account that changed it.</summary>
    public required string Actor { get; init; }

    /// <summary>What it became, the register's own JSON; null when it was withdrawn.</summary>
    public string? After { get; init; }

    /// <summary>Why; null where the change speaks for itself.</summary>
    public string? Reason { get; init; }

    /// <summary>The bytes; those of <see cref="After"/> stand in them as they are.</summary>
    public byte[] ToBytes() => StatementJson.Write(json =>
    {
        json.WriteString("record", Record);
        json.WriteString("id", Id);
        json.WriteNumber("version", Version);
        json.WriteString("plant", Plant);
        json.WriteString("project", Project);
        json.WriteString("actor", Actor);
        json.WritePropertyName("after");
        json.WriteRawValue(After ?? "null");
        json.WriteString("reason", Reason);
    });

    /// <summary>Reads it.</summary>
    /// <exception cref="WireFormatException">The bytes are no record in its one form.</exception>
    public static RecordStatement Read(ReadOnlySpan<byte> bytes) => StatementJson.Read(bytes, "record", ReadRoot, record => record.ToBytes());

    private static RecordStatement ReadRoot(JsonElement root) => new()
    {
        Record = root.Text("record"),
        Id = root.Text("id"),
        Version = root.GetProperty("version").GetInt32(),
        Plant = root.TextOrNull("plant"),
        Project = root.TextOrNull("project"),
        Actor = root.Text("actor"),
        After = root.GetProperty("after") is { ValueKind: not JsonValueKind.Null } after ? after.GetRawText() : null,
        Reason = root.TextOrNull("reason"),
    };
}
