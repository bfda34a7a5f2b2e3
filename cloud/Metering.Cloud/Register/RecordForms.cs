using System.Globalization;
using Metering.Cloud.Accounts;
using Metering.Cloud.Pages;
using Metering.Cloud.Texts;
using Metering.Programme.Records;

namespace Metering.Cloud.Register;

/// <summary>
/// What the forms of the register do. What was typed is never lost: a refused form comes back as it was sent, with every fault beside its
/// field; after somebody else's change it comes back with both versions, and is saved over the new one when it is sent again.
/// </summary>
internal sealed class RecordForms(RecordStore store, Language language, RecordPlace place)
{
    private const string VersionField = "version";

    /// <summary>An empty form, with an identifier proposed.</summary>
    public IResult New(HttpContext http, RecordKind kind)
    {
        if (!kind.IsWrittenByHand)
        {
            return Portal.NotFound(http);
        }

        int number = store.Snapshot.Versions(kind).Count(version => place.Has(version.Record)) + 1;
        while (store.Snapshot.Version(new(kind.Name, Proposed(kind, number))) is not null)
        {
            number++;
        }

        Dictionary<string, string> texts = new(StringComparer.Ordinal) { [RecordKind.IdField] = Proposed(kind, number) };
        if (place.IsOwn)
        {
            texts[place.OwnerField] = place.Owner;
        }

        return Answer(http, Form(kind, null, 0, texts), StatusCodes.Status200OK);
    }

    /// <summary>The form of a record.</summary>
    public IResult Edit(HttpContext http, RecordKind kind, string id) =>
        kind.IsWrittenByHand && Found(kind, id) is { IsWithdrawn: false } found
            ? Answer(http, Form(kind, id, found.Version, kind.ToTexts(found.Record)), StatusCodes.Status200OK)
            : Portal.NotFound(http);

    /// <summary>The page of a record with its history, and with one button to undo what the reader did last, when nobody changed it since.</summary>
    public IResult Show(HttpContext http, RecordKind kind, string id, string? notice, int status)
    {
        if (Found(kind, id) is not { } found)
        {
            return Portal.NotFound(http);
        }

        IReadOnlyList<RecordRevision> history = Told(kind, id);
        return RegisterRoutes.Show<RecordPage>(http, language, place.Of(kind) + "/" + id, kind.TitleOf(found.Record, language), status, view =>
        {
            (view.Snapshot, view.Place, view.Version, view.History, view.Notice, view.References) = (store.Snapshot, place, found, history, notice, ReferencesTo(new(kind.Name, id)));
            view.Undo = kind.IsWrittenByHand && history is [.., { } last] && last.Version == found.Version && last.Entry.ActorId == CurrentActor.Of(http).Id ? UndoOf(history) : null;
        });
    }

    /// <summary>Saves a form.</summary>
    /// <param name="http">The request.</param>
    /// <param name="kind">Kind of record.</param>
    /// <param name="id">Identifier of the record that is changed; null for a new one.</param>
    public async Task<IResult> SaveAsync(HttpContext http, RecordKind kind, string? id)
    {
        if (place.IsOwn && id is not null && Found(kind, id) is null)
        {
            return Portal.NotFound(http);
        }

        IReadOnlyDictionary<string, string> fields = await ReadAsync(http);
        Dictionary<string, string> texts = kind.Fields.ToDictionary(field => field.Name, field => fields.GetValueOrDefault(field.Name, "").Trim().ReplaceLineEndings("\n"), StringComparer.Ordinal);
        texts[RecordKind.IdField] = id ?? texts[RecordKind.IdField];
        RecordForm form = Form(kind, id, id is null ? 0 : VersionOf(fields), texts) with { Reason = fields.GetValueOrDefault(RecordKind.ReasonField, "") };
        List<RecordFault> faults = [];
        IProgrammeRecord? record = kind.FromTexts(texts, faults);
        if (id is not null && form.Reason.Trim().Length == 0)
        {
            faults.Add(new(new(kind.Name, id), RecordKind.ReasonField, RegisterWords.ReasonMissing));
        }

        AddForeign(kind, id, texts, faults);
        if (record is null || faults.Count > 0)
        {
            return Answer(http, form with { Faults = faults }, StatusCodes.Status422UnprocessableEntity);
        }

        try
        {
            _ = store.Save([new(record, form.Version)], CurrentActor.Of(http), id is null ? null : form.Reason);
            return Results.Redirect($"/{language.Code()}{place.Of(kind)}/{record.Id}");
        }
        catch (RecordFaultsException e)
        {
            return Answer(http, form with { Faults = e.Faults }, StatusCodes.Status422UnprocessableEntity);
        }
        catch (RecordConflictException e)
        {
            return Conflict(http, form, e);
        }
    }

    /// <summary>Withdraws a record.</summary>
    public Task<IResult> WithdrawAsync(HttpContext http, RecordKind kind, string id) =>
        ChangeAsync(http, kind, id, fields => store.Withdraw(new(kind.Name, id), VersionOf(fields), CurrentActor.Of(http), fields.GetValueOrDefault(RecordKind.ReasonField, "")));

    /// <summary>Brings an earlier version back.</summary>
    public Task<IResult> UndoAsync(HttpContext http, RecordKind kind, string id) => ChangeAsync(http, kind, id, fields =>
    {
        // What a plant's people may not read they may not bring back either: a version that was somebody else's has no number here.
        long asked = Number(fields, "to");
        long version = Told(kind, id).Any(revision => revision.Version == asked) ? asked : -1;
        _ = store.Restore(new(kind.Name, id), version, VersionOf(fields), CurrentActor.Of(http), fields.GetValueOrDefault(RecordKind.ReasonField, ""));
    });

    private RecordVersion? Found(RecordKind kind, string id) => store.Snapshot.Version(new(kind.Name, id)) is { } found && place.Has(found.Record) ? found : null;

    private List<RecordRevision> Told(RecordKind kind, string id) => [.. store.History(new(kind.Name, id)).Where(place.Tells)];

    // The version before the last change; a first entry, or one that followed a withdrawal, is undone by withdrawing it.
    private static RecordUndo? UndoOf(IReadOnlyList<RecordRevision> history)
    {
        RecordRevision last = history[^1];
        if (last.Version == 1)
        {
            return new(null);
        }

        return history.Count > 1 && history[^2] is { } before && before.Version == last.Version - 1 ? new(before.Entry.After is null ? null : before.Version) : null;
    }

    private IReadOnlyList<(RecordKind Kind, IReadOnlyList<RecordVersion> Records)> ReferencesTo(RecordKey key)
    {
        IReadOnlyList<(RecordKind Kind, IReadOnlyList<RecordVersion> Records)> all = BackReferences.To(store.Snapshot, key);
        return !place.IsOwn ? all : [.. all.Where(one => place.Kinds.Contains(one.Kind)).Select(one => (one.Kind, (IReadOnlyList<RecordVersion>)[.. one.Records.Where(version => place.Has(version.Record))])).Where(one => one.Item2.Count > 0)];
    }

    // A form may name what is of the place, and what the record named before; anything else is answered as if it were not there.
    private void AddForeign(RecordKind kind, string? id, Dictionary<string, string> texts, List<RecordFault> faults)
    {
        if (!place.IsOwn)
        {
            return;
        }

        IReadOnlyDictionary<string, string>? stored = id is null || Found(kind, id) is not { } found ? null : kind.ToTexts(found.Record);
        foreach (Field field in kind.Fields.Where(field => field.Target is not null && texts[field.Name].Length > 0))
        {
            string named = texts[field.Name];
            bool isOwner = field.Name == place.OwnerField;
            bool isKnown = isOwner ? named == place.Owner : stored?[field.Name] == named || (store.Snapshot.Version(new(field.Target!, named)) is { } other && place.Has(other.Record));
            if (!isKnown)
            {
                faults.Add(new(new(kind.Name, texts[RecordKind.IdField]), field.Name, RegisterWords.NotOwn));
            }
        }
    }

    // The gate before every route has read the form already and found its token right.
    private static async Task<IReadOnlyDictionary<string, string>> ReadAsync(HttpContext http)
    {
        IFormCollection form = await http.Request.ReadFormAsync(http.RequestAborted);
        return form.ToDictionary(pair => pair.Key, pair => pair.Value.ToString(), StringComparer.Ordinal);
    }

    private async Task<IResult> ChangeAsync(HttpContext http, RecordKind kind, string id, Action<IReadOnlyDictionary<string, string>> change)
    {
        if (place.IsOwn && Found(kind, id) is null)
        {
            return Portal.NotFound(http);
        }

        IReadOnlyDictionary<string, string> fields = await ReadAsync(http);
        try
        {
            change(fields);
            return Results.Redirect($"/{language.Code()}{place.Of(kind)}/{id}");
        }
        catch (RecordFaultsException e)
        {
            return Show(http, kind, id, string.Join(' ', e.Faults.Select(fault => fault.Message.In(language))), StatusCodes.Status422UnprocessableEntity);
        }
        catch (RecordConflictException e)
        {
            return Show(http, kind, id, Said(e), StatusCodes.Status412PreconditionFailed);
        }
    }

    private PageResult Conflict(HttpContext http, RecordForm form, RecordConflictException conflict)
    {
        RecordVersion? stored = store.Snapshot.Version(conflict.Record);
        return form.Id is null || stored is null
            ? Answer(http, form with { Faults = [new(conflict.Record, RecordKind.IdField, RegisterWords.IdTaken)] }, StatusCodes.Status412PreconditionFailed)
            : Answer(http, form with { Notice = Said(conflict), Stored = form.Kind.ToTexts(stored.Record), Version = stored.Version }, StatusCodes.Status412PreconditionFailed);
    }

    private string Said(RecordConflictException conflict) => RegisterWords.ConflictTitle.In(
        language, conflict.ChangedBy, new Formatter(language).Moment(DateTimeOffset.FromUnixTimeMilliseconds(conflict.ChangedUtcMilliseconds)) + " UTC");

    private string Proposed(RecordKind kind, int number) => string.Create(CultureInfo.InvariantCulture, $"{(place.IsOwn ? place.Owner + "-" : "")}{kind.Name}-{number}");

    private static long VersionOf(IReadOnlyDictionary<string, string> fields) => Number(fields, VersionField);

    // What is no number is a version that never was: the change is refused as a conflict.
    private static long Number(IReadOnlyDictionary<string, string> fields, string name) =>
        long.TryParse(fields.GetValueOrDefault(name, ""), NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? number : -1;

    private RecordForm Form(RecordKind kind, string? id, long version, IReadOnlyDictionary<string, string> texts) =>
        new(kind, id, version, texts) { Register = store.Snapshot, Place = place };

    private PageResult Answer(HttpContext http, RecordForm form, int status) => RegisterRoutes.Show<RecordFormPage>(
        http, language, form.Id is null ? place.NewOf(form.Kind) : $"{place.Of(form.Kind)}/{form.Id}/edit",
        form.Id is null ? RegisterWords.NewTitle.In(language, form.Kind.Singular.In(language)) : form.Kind.Singular.In(language) + " " + form.Id,
        status, view => (view.Form, view.Place) = (form, place));
}
