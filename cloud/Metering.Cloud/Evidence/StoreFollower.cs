using System.Globalization;
using System.Text.Json;
using Metering.Evidence.Log;
using Metering.Programme.Log;
using Metering.Projects.Statements;
using Metering.Readings.Field;
using Metering.Store;

namespace Metering.Cloud.Evidence;

/// <summary>
/// Brings into the log what gateways did: their keys, what they say of their meters, batches, what people recorded there, losses, ends of keys. A key stands before its first batch, a loss between
/// the batches around it, the end of a key behind every batch that had come. Not safe for use by two threads at once.
/// </summary>
internal sealed class StoreFollower(EvidenceLog log, IReadingStore store, TimeProvider clock)
{
    /// <summary>Name of the watermark: the last place of the journal that is in the log, with the hash of the batch that stood there.</summary>
    public const string Journal = "journal";

    private const int Page = 5000;
    private const int RecordsAtOnce = 200;

    /// <summary>A process that takes batches in asks for the end of a key once a second; what it took before it knew stands before the end.</summary>
    private static readonly TimeSpan EndRest = TimeSpan.FromSeconds(10);

    private readonly HashSet<(string Gateway, int KeyEpoch)> keys = [];
    private readonly HashSet<(string Gateway, int KeyEpoch, long First)> losses = [];
    private readonly HashSet<string> known = new(StringComparer.Ordinal);
    private long records;

    /// <summary>Follows to what the store held when this was called, at least.</summary>
    /// <param name="cancellationToken">Ends it between two transactions.</param>
    public void CatchUp(CancellationToken cancellationToken)
    {
        IReadOnlyList<KeyEnd> ends = store.Ends();
        IReadOnlyList<LossStatement> lost = store.LossStatements();
        Append(KeysMissing());
        FollowBirths(cancellationToken);
        FollowJournal(cancellationToken);
        FollowRecords(cancellationToken);
        Append([.. lost.Where(statement => IsNew(statement.Lost)).Select(DraftOf)]);
        Append(EndsMissing(ends));
    }

    private void Append(IReadOnlyList<LogDraft> drafts)
    {
        if (drafts.Count > 0)
        {
            _ = log.Append(drafts);
            Note(drafts);
        }
    }

    // Only what is in the log for sure is passed over the next time.
    private void Note(IReadOnlyList<LogDraft> drafts)
    {
        foreach (LogDraft draft in drafts)
        {
            string[] parts = draft.FixedSubject?.Split('/') ?? [];
            if (parts is [LogEntryKind.Key, { } gateway, { } epoch])
            {
                _ = keys.Add((gateway, Number(epoch)));
            }
            else if (parts is [LogEntryKind.Loss, { } loser, { } itsEpoch, { } first])
            {
                _ = losses.Add((loser, Number(itsEpoch), long.Parse(first, CultureInfo.InvariantCulture)));
            }

            if (draft.Source is not null)
            {
                _ = known.Add(draft.Source);
            }
        }
    }

    private LogDraft[] KeysMissing() => [.. store.Enrolments().Where(enrolment => !keys.Contains((enrolment.Gateway, enrolment.KeyEpoch))).Select(enrolment =>
    {
        KeyStatement statement = new(enrolment.Gateway, enrolment.KeyEpoch, enrolment.Plant, Grades.WordOf(enrolment.Origin), enrolment.PublicKeyPem);
        return new LogDraft(LogEntryKind.Key, enrolment.Gateway, false, statement.ToBytes(), Subject($"key/{enrolment.Gateway}/{enrolment.KeyEpoch}"));
    })];

    private void FollowBirths(CancellationToken cancellationToken)
    {
        List<(BirthName Name, string Source)> births = [.. store.Births().Select(name => (name, SourceOf(name))).Where(birth => !known.Contains(birth.Item2))];
        if (births.Count == 0)
        {
            return;
        }

        known.UnionWith(log.KnownSources([.. births.Select(birth => birth.Source)]));
        foreach ((BirthName name, string source) in births)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!known.Contains(source) && store.FindBirth(name) is { } birth)
            {
                Append([new(LogEntryKind.Configuration, name.Gateway, false, birth.Message) { Source = source }]); // one by one: a message may have megabytes
            }
        }
    }

    // From the beginning once a process; after that only what came since. A note that was erased before it was logged has no entry.
    private void FollowRecords(CancellationToken cancellationToken)
    {
        while (store.Records(records, Page) is { Count: > 0 } page)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Append(KeysMissing()); // the key of a record is enrolled before it is taken
            HashSet<string> logged = [.. log.KnownSources([.. page.Select(FieldRecordSource.Of)])];
            foreach (FieldRecordName[] some in page.Where(name => !logged.Contains(FieldRecordSource.Of(name))).Chunk(RecordsAtOnce))
            {
                _ = log.Append([.. some.Select(DraftOf).OfType<LogDraft>()]);
            }

            records = page[^1].Sequence;
        }
    }

    private LogDraft? DraftOf(FieldRecordName name) => store.FindRecord(name.Gateway, name.Hash) is not { } note ? null : name.Kind switch
    {
        FieldRecordKind.Manual => new(LogEntryKind.Manual, $"{name.Gateway}/{name.Channel}", true, note) { Source = FieldRecordSource.Of(name) },
        FieldRecordKind.Commissioning => new(LogEntryKind.Commissioning, name.Gateway, true, note) { Source = FieldRecordSource.Of(name) },
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    private void FollowJournal(CancellationToken cancellationToken)
    {
        LogWatermark place = Confirmed(log.Watermark(Journal));
        while (store.JournalHashes(place.Value, Page) is { Count: > 0 } page)
        {
            cancellationToken.ThrowIfCancellationRequested();
            List<LogDraft> drafts = DraftsOf(page);
            LogWatermark to = new(Journal, page[^1].Sequence, page[^1].NoteHash);
            if (log.Append(drafts, (place, to)) is null)
            {
                place = Confirmed(log.Watermark(Journal)); // another process followed meanwhile
                continue;
            }

            Note(drafts);
            place = to;
        }
    }

    // A store that was restored from a backup gives the places of its journal anew. Then everything is looked at once more, and what is in the log stays one entry.
    private LogWatermark Confirmed(LogWatermark place)
    {
        if (place.Value == 0 || (store.JournalHashes(place.Value - 1, 1) is [{ } last] && last.Sequence == place.Value && last.NoteHash == place.Mark))
        {
            return place;
        }

        LogWatermark beginning = new(Journal, 0, "");
        return log.Append([], (place, beginning)) is null ? log.Watermark(Journal) : beginning;
    }

    private List<LogDraft> DraftsOf(IReadOnlyList<JournalHash> page)
    {
        bool hasNewKey = page.Any(batch => !keys.Contains((batch.Gateway, batch.KeyEpoch)));
        List<LogDraft> drafts = hasNewKey ? [.. KeysMissing()] : [];
        List<LossStatement> lost = [.. store.LossStatements().Where(statement => IsNew(statement.Lost))];
        foreach (JournalHash batch in page)
        {
            foreach (LossStatement statement in lost.Where(one => one.Lost.Gateway == batch.Gateway && one.Lost.KeyEpoch == batch.KeyEpoch && one.Lost.Last < batch.Batch).ToList())
            {
                drafts.Add(DraftOf(statement));
                _ = lost.Remove(statement);
            }

            drafts.Add(LogDraft.Batch(batch.Gateway, batch.KeyEpoch, batch.Batch, batch.NoteHash));
        }

        return drafts;
    }

    private List<LogDraft> EndsMissing(IReadOnlyList<KeyEnd> ends)
    {
        DateTimeOffset now = clock.GetUtcNow();
        List<LogDraft> drafts = [];
        foreach (KeyEnd end in ends)
        {
            string closed = Subject($"end {end.Gateway} {end.KeyEpoch} closed");
            if (end.ClosedThrough is long last && !known.Contains(closed))
            {
                drafts.Add(DraftOf(closed, new(end.Gateway, end.KeyEpoch, now.ToUnixTimeMilliseconds(), last, "the key named its successor")));
            }

            if (end.RevokedFrom is { } since && since + EndRest <= now && Subject($"end {end.Gateway} {end.KeyEpoch} revoked {since.ToUnixTimeMilliseconds()}") is { } revoked && !known.Contains(revoked))
            {
                // A key ends once; that one which had ended is revoked as well, or from an earlier instant, is told as what it is: something a person did.
                bool hasEnded = end.ClosedThrough is not null || log.WithSubject(EndOf(end.Gateway, end.KeyEpoch)).Any(entry => entry.Source != revoked);
                drafts.Add(hasEnded ? RecordOf(revoked, end) : DraftOf(revoked, new(end.Gateway, end.KeyEpoch, since.ToUnixTimeMilliseconds(), null, end.Reason)));
            }
        }

        return drafts;
    }

    private LogDraft RecordOf(string source, KeyEnd end)
    {
        string? plant = store.FindEnrolment(end.Gateway, end.KeyEpoch)?.Plant;
        RecordStatement statement = new()
        {
            Record = "gateway-key",
            Id = end.Gateway,
            Version = 1,
            Plant = plant,
            Actor = Programme.Records.Actor.System.Id,
            After = JsonSerializer.Serialize(new { keyEpoch = end.KeyEpoch, revokedFromUtc = end.RevokedFrom!.Value.ToUnixTimeMilliseconds(), lastBatch = end.ClosedThrough }),
            Reason = end.Reason,
        };
        return new(LogEntryKind.Edit, plant ?? LogDraft.ProgrammeScope, true, statement.ToBytes()) { Source = source };
    }

    private static LogDraft DraftOf(string source, KeyEndStatement statement) =>
        new(LogEntryKind.Key, statement.Gateway, false, statement.ToBytes(), EndOf(statement.Gateway, statement.KeyEpoch)) { Source = source };

    private static string EndOf(string gateway, int keyEpoch) => Subject($"key/{gateway}/{keyEpoch}/end");

    private bool IsNew(Metering.Readings.LostBatches lost) => !losses.Contains((lost.Gateway, lost.KeyEpoch, lost.First));

    private static LogDraft DraftOf(LossStatement statement) => new(
        LogEntryKind.Loss, statement.Lost.Gateway, false, statement.Note, Subject($"loss/{statement.Lost.Gateway}/{statement.Lost.KeyEpoch}/{statement.Lost.First}"));

    private static string SourceOf(BirthName name) => $"birth {name.Gateway} {name.ConfigHash} {name.Software}";

    private static string Subject(FormattableString text) => FormattableString.Invariant(text);

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
