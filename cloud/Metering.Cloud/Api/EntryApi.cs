using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Metering.Cloud.Accounts;
using Metering.Programme.Records;

namespace Metering.Cloud.Api;

/// <summary>
/// What a plant's people and machines enter: production, lab results, readings of meters without a gateway, bills. A POST names itself by its
/// Idempotency-Key: the identifier of the record follows from it, so that the same entry sent again, from any process and after any restart, is found.
/// </summary>
internal static class EntryApi
{
    private const string KeyHeader = "Idempotency-Key";
    private const string Address = "/plants/{id}/entries/{kind}";
    private const int LongestKey = 200;
    private const int IdentifierBytes = 12;

    /// <summary>Adds the addresses.</summary>
    public static void Map(RouteGroupBuilder api)
    {
        api.MapGet(Address, (string id, string kind, HttpContext http, RecordStore store, string? after, string? limit) =>
            {
                RecordKind found = KindOf(kind);
                return ApiPaging.Answer(
                    http, store.Snapshot.Versions(found).Where(version => !version.IsWithdrawn && version.Record.Plant == id), version => version.Record.Id, RecordApi.ShapeOf);
            })
            .Needs(Permission.SeePlant, Target.Plant).Told<ApiList<ApiRecord>>("entries", "Entries of a plant: production-record, lab-result, meter-reading or utility-bill.");
        api.MapPost(Address, (string id, string kind, HttpContext http, RecordStore store) => PostAsync(http, store, KindOf(kind), id))
            .Needs(Permission.EnterRecords, Target.Plant).Told<ApiRecord>("entries", "Enters a record. The same Idempotency-Key and body again answer as the first time and store nothing.")
            .Produces<ApiRecord>(StatusCodes.Status201Created)
            .Takes<JsonObject>(StatusCodes.Status413PayloadTooLarge, StatusCodes.Status415UnsupportedMediaType, StatusCodes.Status422UnprocessableEntity);
    }

    private static string EntryNames => string.Join(", ", RecordAccess.Entries.Select(one => one.Name));

    private static RecordKind KindOf(string kind) => RecordAccess.Entries.FirstOrDefault(one => one.Name == kind)
        ?? throw ApiRefusal.Unknown("kind", new($"las capturas son {EntryNames}", $"entries are {EntryNames}"));

    private static async Task<IResult> PostAsync(HttpContext http, RecordStore store, RecordKind kind, string plant)
    {
        string id = IdentifierOf(http);
        JsonObject body = await RecordBody.ReadAsync(http);
        IProgrammeRecord record = RecordBody.Record(kind, body, new Dictionary<string, string>(StringComparer.Ordinal) { [RecordKind.IdField] = id, ["plant"] = plant });
        if (Replayed(http, store, kind, record) is IResult again)
        {
            return again;
        }

        try
        {
            RegisterSnapshot after = RecordApi.Save(http, store, [new(record, 0)], null);
            return RecordApi.Answer(http, after.Version(new(kind.Name, id))!, StatusCodes.Status201Created);
        }
        catch (ApiRefusal) when (store.Snapshot.Version(new(kind.Name, id)) is not null)
        {
            return Replayed(http, store, kind, record)!; // the same entry, sent twice at once
        }
    }

    // The first version is compared: an entry that was corrected since is still the one of its key.
    private static IResult? Replayed(HttpContext http, RecordStore store, RecordKind kind, IProgrammeRecord record)
    {
        foreach (RecordKind other in RecordAccess.Entries)
        {
            if (store.Snapshot.Version(new(other.Name, record.Id)) is not RecordVersion found)
            {
                continue;
            }

            string? first = other == kind ? store.History(new(kind.Name, record.Id))[0].Entry.After : null;
            if (first != kind.ToJson(record))
            {
                throw ApiRefusal.Of(StatusCodes.Status422UnprocessableEntity, "key-reused", new("esta Idempotency-Key se usó para otra captura", "this Idempotency-Key was used for another entry"), KeyHeader);
            }

            http.Response.Headers["Idempotency-Replayed"] = "true";
            http.Response.Headers.ETag = default;
            return RecordApi.Answer(http, found, StatusCodes.Status201Created);
        }

        return null;
    }

    private static string IdentifierOf(HttpContext http)
    {
        string key = http.Request.Headers[KeyHeader].ToString();
        if (key.Length is 0 or > LongestKey || key.AsSpan().ContainsAnyExceptInRange('!', '~'))
        {
            throw ApiRefusal.Of(
                StatusCodes.Status400BadRequest,
                "no-idempotency-key",
                new(
                    string.Create(CultureInfo.InvariantCulture, $"Idempotency-Key es un texto de 1 a {LongestKey} caracteres ASCII visibles"),
                    string.Create(CultureInfo.InvariantCulture, $"Idempotency-Key must be a text of 1 to {LongestKey} visible ASCII characters")),
                KeyHeader);
        }

        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes(CurrentActor.Of(http).Id + "\n" + key));
        return "e-" + Convert.ToHexStringLower(hash.AsSpan(0, IdentifierBytes));
    }
}
