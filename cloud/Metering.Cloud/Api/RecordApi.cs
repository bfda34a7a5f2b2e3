using System.Globalization;
using System.Text.Json.Nodes;
using Metering.Cloud.Accounts;
using Metering.Programme.Kinds;
using Metering.Programme.Records;

namespace Metering.Cloud.Api;

/// <summary>Records of every kind: list, read, put, withdraw, history.</summary>
internal static class RecordApi
{
    private const string KindAddress = "/records/{kind}";
    private const string OneAddress = KindAddress + "/{id}";

    /// <summary>Adds the addresses.</summary>
    public static void Map(RouteGroupBuilder api)
    {
        api.MapGet("/records", (HttpContext http) => ApiAnswer.Of(http, new ApiList<ApiKind>([.. RecordKinds.All.Select(ShapeOf)], null)))
            .Needs(Permission.SeeReference).Told<ApiList<ApiKind>>("records", "Kinds of records and their fields.");
        api.MapGet(KindAddress, (string kind, HttpContext http, RecordStore store, AccessScope scope, string? plant, string? project, string? withdrawn, string? after, string? limit) =>
                List(http, store.Snapshot, scope, KindOf(kind)))
            .Needs(Permission.SeeReference).Told<ApiList<ApiRecord>>("records", "Records of a kind that one may see, of a plant or project if asked; withdrawn ones with withdrawn=yes.");
        api.MapGet(OneAddress, (string kind, string id, HttpContext http, RecordStore store, AccessScope scope) =>
                Answer(http, Seen(store.Snapshot, scope, KindOf(kind), id)))
            .Needs(Permission.SeeReference).Told<ApiRecord>("records", "One record; its ETag is what If-Match of a change names.");
        api.MapGet(OneAddress + "/history", (string kind, string id, HttpContext http, RecordStore store, AccessScope scope) =>
            {
                RecordVersion found = Seen(store.Snapshot, scope, KindOf(kind), id);
                return ApiAnswer.Of(http, new ApiList<ApiRevision>([.. store.History(new(found.Kind.Name, id)).Select(ShapeOf)], null));
            })
            .Needs(Permission.SeeReference).Told<ApiList<ApiRevision>>("records", "All versions of a record, the oldest first.");
        api.MapPut(OneAddress, (string kind, string id, HttpContext http, RecordStore store, AccessScope scope) => PutAsync(http, store, scope, KindOf(kind), id))
            .Needs(Permission.EnterRecords).Told<ApiRecord>("records", "Makes a record (If-None-Match: *) or changes it (If-Match and a reason).")
            .Produces<ApiRecord>(StatusCodes.Status201Created)
            .Takes<ApiRecordChange>(StatusCodes.Status412PreconditionFailed, StatusCodes.Status413PayloadTooLarge, StatusCodes.Status415UnsupportedMediaType, StatusCodes.Status428PreconditionRequired);
        api.MapPost(OneAddress + "/withdraw", (string kind, string id, HttpContext http, RecordStore store, AccessScope scope) => WithdrawAsync(http, store, scope, KindOf(kind), id))
            .Needs(Permission.EnterRecords).Told<ApiRecord>("records", "Withdraws a record (If-Match and a reason); it stays in the history.")
            .Takes<ApiWithdrawal>(StatusCodes.Status412PreconditionFailed, StatusCodes.Status415UnsupportedMediaType, StatusCodes.Status428PreconditionRequired);
    }

    /// <summary>A version as it is written.</summary>
    public static ApiRecord ShapeOf(RecordVersion version) =>
        new(version.Kind.Name, version.Record.Id, version.Version, version.IsWithdrawn, RecordBody.Json(version.Kind, version.Record));

    /// <summary>A record as an answer under its version's tag.</summary>
    public static IResult Answer(HttpContext http, RecordVersion version, int status = StatusCodes.Status200OK)
    {
        if (status == StatusCodes.Status201Created)
        {
            http.Response.Headers.Location = $"{ApiRoutes.Address}/records/{version.Kind.Name}/{version.Record.Id}";
        }

        return ApiAnswer.Tagged(http, ShapeOf(version), version.Version.ToString(CultureInfo.InvariantCulture), status);
    }

    /// <summary>Saves changes; refusals name their fields, a change meanwhile is 412.</summary>
    public static RegisterSnapshot Save(HttpContext http, RecordStore store, IReadOnlyList<RecordChange> changes, string? reason)
    {
        try
        {
            return store.Save(changes, CurrentActor.Of(http), reason);
        }
        catch (RecordFaultsException e)
        {
            throw RecordBody.Invalid(e.Faults);
        }
        catch (RecordConflictException e)
        {
            throw Precondition.Changed(http, e.FoundVersion, e.ExpectedVersion == 0);
        }
    }

    /// <summary>A kind that the API may write.</summary>
    public static RecordKind Writable(RecordKind kind) => kind.IsWrittenByHand
        ? kind
        : throw ApiRefusal.Of(StatusCodes.Status403Forbidden, "written-by-program", new($"los registros del tipo '{kind.Name}' los escribe el programa", $"records of the kind '{kind.Name}' are written by the program"));

    /// <summary>The refusal of what may be seen but not done.</summary>
    public static ApiRefusal Denied() => ApiRefusal.Of(StatusCodes.Status403Forbidden, "not-permitted", new("su llave o su rol no lo permite", "your key or role does not allow this"));

    /// <summary>The answer to a record that is not there or not to be seen.</summary>
    private static ApiRefusal Unknown() => ApiRefusal.Unknown("record", new("no existe ese registro", "there is no such record"));

    private static RecordKind KindOf(string kind) => RecordKinds.Find(kind) ?? throw ApiRefusal.Unknown("kind", new($"no hay ningún tipo de registro '{kind}'", $"there is no kind of record '{kind}'"));

    private static IResult List(HttpContext http, RegisterSnapshot register, AccessScope scope, RecordKind kind)
    {
        string plant = http.Request.Query["plant"].ToString();
        string project = http.Request.Query["project"].ToString();
        bool withWithdrawn = http.Request.Query["withdrawn"].ToString() switch
        {
            "" or "no" => false,
            "yes" => true,
            _ => throw ApiRefusal.Of(StatusCodes.Status400BadRequest, "bad-filter", new("withdrawn es yes o no", "withdrawn is yes or no"), "withdrawn"),
        };
        return ApiPaging.Answer(
            http,
            register.Versions(kind).Where(version => (withWithdrawn || !version.IsWithdrawn)
                && (plant.Length == 0 || version.Record.Plant == plant) && (project.Length == 0 || version.Record.Project == project)
                && RecordAccess.MaySee(scope, kind, version.Record)),
            version => version.Record.Id,
            ShapeOf);
    }

    private static RecordVersion Seen(RegisterSnapshot register, AccessScope scope, RecordKind kind, string id) =>
        register.Version(new(kind.Name, id)) is RecordVersion found && RecordAccess.MaySee(scope, kind, found.Record) ? found : throw Unknown();

    private static async Task<IResult> PutAsync(HttpContext http, RecordStore store, AccessScope scope, RecordKind kind, string id)
    {
        RecordVersion? found = Editable(store.Snapshot, scope, kind, id);
        Precondition condition = Precondition.Of(http);
        JsonObject body = await RecordBody.ReadAsync(http, "record", "reason");
        if (body["record"] is not JsonObject values)
        {
            throw ApiRefusal.Of(StatusCodes.Status400BadRequest, "invalid-fields", new("'record' debe ser un objeto con los campos del registro", "'record' must be an object with the record's fields"), "record");
        }

        IProgrammeRecord record = RecordBody.Record(kind, values, new Dictionary<string, string>(StringComparer.Ordinal) { [RecordKind.IdField] = id });
        if (!RecordAccess.MayChange(scope, kind, record))
        {
            throw RecordAccess.MaySee(scope, kind, record) ? Denied() : Unknown(); // a plant or project of others is not there
        }

        long expected = condition.Against(http, found);
        RegisterSnapshot after = Save(http, store, [new(record, expected)], RecordBody.TextOf(body, "reason"));
        return Answer(http, after.Version(new(kind.Name, id))!, expected == 0 ? StatusCodes.Status201Created : StatusCodes.Status200OK);
    }

    private static async Task<IResult> WithdrawAsync(HttpContext http, RecordStore store, AccessScope scope, RecordKind kind, string id)
    {
        RecordVersion found = Editable(store.Snapshot, scope, kind, id) ?? throw Unknown();
        Precondition condition = Precondition.Of(http);
        JsonObject body = await RecordBody.ReadAsync(http, "reason");
        long expected = condition.Against(http, found);
        RegisterSnapshot after = Save(http, store, [new(found.Record, expected) { IsWithdrawal = true }], RecordBody.TextOf(body, "reason"));
        return Answer(http, after.Version(new(kind.Name, id))!);
    }

    // What may not be seen is not there; what may be seen but not changed is refused. A record that is not there yet may be made.
    private static RecordVersion? Editable(RegisterSnapshot register, AccessScope scope, RecordKind kind, string id)
    {
        if (register.Version(new(kind.Name, id)) is RecordVersion found)
        {
            return !RecordAccess.MaySee(scope, kind, found.Record) ? throw Unknown()
                : !RecordAccess.MayChange(scope, kind, found.Record) ? throw Denied()
                : Writable(kind) == found.Kind ? found : throw Unknown();
        }

        _ = Writable(kind);
        return null;
    }

    private static ApiRevision ShapeOf(RecordRevision revision) => new(
        revision.Version,
        DateTimeOffset.FromUnixTimeMilliseconds(revision.Entry.UtcMilliseconds),
        revision.Entry.ActorName,
        revision.Entry.Reason,
        revision.Entry.After is null ? null : JsonNode.Parse(revision.Entry.After)!.AsObject());

    private static ApiKind ShapeOf(RecordKind kind) => new(
        kind.Name,
        ApiText.Of(kind.Singular),
        kind.IsWrittenByHand,
        [.. kind.Fields.Select(field => new ApiField(
            field.Name, Field.WordOf(field.Kind), field.IsRequired, ApiText.Of(field.Label), ApiText.Of(field.Help), [.. field.Choices.Select(choice => choice.Word)], field.Units, field.Target))]);
}
