using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Metering.Cloud.Accounts;
using Metering.Cloud.Pages;
using Metering.Programme.Records;

namespace Metering.Cloud.Api;

/// <summary>Records in the body of a request: every fault names its field, nothing unknown is passed over, nothing is guessed.</summary>
internal static class RecordBody
{
    /// <summary>Longest body, bytes.</summary>
    public const int Longest = 256 * 1024;

    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 8 };

    /// <summary>Reads the one JSON object of a body.</summary>
    /// <exception cref="ApiRefusal">It is none (400), of another type (415) or too long (413).</exception>
    public static async Task<JsonObject> ReadAsync(HttpContext http, params string[] members)
    {
        if (!http.Request.HasJsonContentType())
        {
            throw ApiRefusal.Of(StatusCodes.Status415UnsupportedMediaType, "not-json", new("el cuerpo debe ser application/json", "the body must be application/json"), "Content-Type");
        }

        LimitedBody.Limit(http, Longest);

        try
        {
            JsonObject body = await JsonNode.ParseAsync(http.Request.Body, null, Strict, http.RequestAborted) as JsonObject
                ?? throw ApiRefusal.Of(StatusCodes.Status400BadRequest, "invalid-json", new("el cuerpo no es un objeto JSON", "the body is no JSON object"));
            return members.Length == 0 || body.FirstOrDefault(member => !members.Contains(member.Key, StringComparer.Ordinal)).Key is not string unknown
                ? body
                : throw ApiRefusal.Of(StatusCodes.Status400BadRequest, "invalid-fields", new($"'{unknown}' no se conoce aquí; se conocen {string.Join(", ", members)}", $"'{unknown}' is not known here; known are {string.Join(", ", members)}"), unknown);
        }
        catch (JsonException e)
        {
            (string line, string at) = (((e.LineNumber ?? 0) + 1).ToString(CultureInfo.InvariantCulture), ((e.BytePositionInLine ?? 0) + 1).ToString(CultureInfo.InvariantCulture));
            throw ApiRefusal.Of(StatusCodes.Status400BadRequest, "invalid-json", new($"el cuerpo no es un objeto JSON: falla cerca del renglón {line}, byte {at}", $"the body is no JSON object: fault near line {line}, byte {at}"));
        }
    }

    /// <summary>A text member; null when it is not there.</summary>
    /// <exception cref="ApiRefusal">It is there and no text.</exception>
    public static string? TextOf(JsonObject body, string name) => body[name] switch
    {
        null => null,
        JsonValue value when value.TryGetValue(out string? text) => text,
        _ => throw ApiRefusal.Of(StatusCodes.Status400BadRequest, "invalid-fields", new($"'{name}' debe ser un texto", $"'{name}' must be a text"), name),
    };

    /// <summary>The record of a JSON object.</summary>
    /// <param name="kind">Its kind.</param>
    /// <param name="values">Its fields.</param>
    /// <param name="fixedFields">Fields that the address states; in the object they may be left out, but may not differ.</param>
    /// <exception cref="ApiRefusal">A field is unknown, missing or not of its form; every fault is named.</exception>
    public static IProgrammeRecord Record(RecordKind kind, JsonObject values, IReadOnlyDictionary<string, string> fixedFields)
    {
        List<ApiFieldFault> faults = [];
        Dictionary<string, string> texts = new(StringComparer.Ordinal);
        foreach ((string name, JsonNode? value) in values)
        {
            if (kind.Fields.FirstOrDefault(field => field.Name == name) is not Field field)
            {
                faults.Add(new(name, new("Este tipo de registro no tiene este campo.", "This kind of record has no such field.")));
            }
            else if (TextOf(field, value) is not string text)
            {
                faults.Add(new(name, ApiText.Of(field.Help)));
            }
            else
            {
                texts[name] = text;
            }
        }

        foreach ((string name, string text) in fixedFields)
        {
            if (texts.TryGetValue(name, out string? given) && given.Length > 0 && given != text)
            {
                faults.Add(new(name, new($"La dirección dice «{text}».", $"The address says “{text}”.")));
            }

            texts[name] = text;
        }

        List<RecordFault> found = [];
        IProgrammeRecord? record = faults.Count == 0 ? kind.FromTexts(texts, found) : null;
        return record ?? throw Invalid([.. faults, .. Shapes(found)]);
    }

    /// <summary>The refusal of a change with its faults.</summary>
    public static ApiRefusal Invalid(IReadOnlyList<RecordFault> faults) => Invalid([.. Shapes(faults)]);

    /// <summary>The fields of a record as JSON.</summary>
    public static JsonObject Json(RecordKind kind, IProgrammeRecord record) => JsonNode.Parse(kind.ToJson(record))!.AsObject();

    private static ApiRefusal Invalid(IReadOnlyList<ApiFieldFault> faults)
    {
        Text detail = new(string.Join(' ', faults.Select(fault => $"{fault.Field}: {fault.Message.Es}")), string.Join(' ', faults.Select(fault => $"{fault.Field}: {fault.Message.En}")));
        return new(PortalApi.Fault(StatusCodes.Status400BadRequest, "invalid-fields", detail, faults), detail.In(Language.English));
    }

    private static IEnumerable<ApiFieldFault> Shapes(IEnumerable<RecordFault> faults) =>
        faults.Select(fault => new ApiFieldFault(fault.Field == RecordKind.ReasonField ? "reason" : fault.Field, ApiText.Of(fault.Message)));

    private static string? TextOf(Field field, JsonNode? value)
    {
        bool hasUnit = field.Kind is FieldKind.Quantity or FieldKind.Money;
        if (value is not null && hasUnit && !(value is JsonObject { Count: 2 } && value["amount"] is not null && value[field.Kind == FieldKind.Money ? "currency" : "unit"] is not null))
        {
            return null;
        }

        try
        {
            return FieldText.Write(field, value);
        }
        catch (Exception e) when (e is InvalidOperationException or FormatException or OverflowException)
        {
            return null; // a number where a text belongs, and the like
        }
    }
}
