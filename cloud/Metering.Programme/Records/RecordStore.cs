using System.Data.Common;
using Metering.Programme.Kinds;
using Metering.Programme.Storage;
using Metering.Store;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace Metering.Programme.Records;

/// <summary>
/// The register: typed records over the programme database. Any number of records change in one transaction with one audit entry each, or none
/// does. A snapshot of all of them is kept in memory; what this process changes is in it at once, what another one changes after at most
/// <see cref="Rest"/>. Safe from any thread.
/// </summary>
internal sealed class RecordStore(ProgrammeDatabase database, TimeProvider clock)
{
    /// <summary>Most records of one change.</summary>
    public const int MostChanges = 10_000;

    /// <summary>Longest time between a look for changes of other processes and the next.</summary>
    public static readonly TimeSpan Rest = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan HoursOfMexico = TimeSpan.FromHours(-6);

    private readonly Lock gate = new();
    private volatile RegisterSnapshot? snapshot;
    private long lookedAt;

    /// <summary>The register as it stands.</summary>
    /// <exception cref="StoreException">The database cannot be read (74), or a newer program wrote into it (78).</exception>
    public RegisterSnapshot Snapshot
    {
        get
        {
            RegisterSnapshot? known = snapshot;
            if (known is not null && (clock.GetElapsedTime(Interlocked.Read(ref lookedAt)) < Rest || !gate.TryEnter()))
            {
                return known; // or another thread is looking just now
            }

            if (known is null)
            {
                gate.Enter();
            }

            try
            {
                return Guarded(() =>
                {
                    using ProgrammeContext context = database.NewContext();
                    return Keep(Refreshed(context));
                });
            }
            finally
            {
                gate.Exit();
            }
        }
    }

    /// <summary>The day it is in the programme's zone; the centre of Mexico keeps UTC-6 all year since 2022.</summary>
    public DateOnly Today => DateOnly.FromDateTime(clock.GetUtcNow().ToOffset(HoursOfMexico).DateTime);

    /// <summary>Stores records: all of them in one transaction, or none. What is stored already, word for word, is left as it is.</summary>
    /// <param name="changes">Records with the versions they were made from, none twice.</param>
    /// <param name="actor">Who.</param>
    /// <param name="reason">Why; may be null only when every record is new.</param>
    /// <returns>The register after it.</returns>
    /// <exception cref="RecordFaultsException">Something in it is not allowed; every fault is listed.</exception>
    /// <exception cref="RecordConflictException">A record has another version by now.</exception>
    /// <exception cref="StoreException">The database cannot be written (74).</exception>
    public RegisterSnapshot Save(IReadOnlyList<RecordChange> changes, Actor actor, string? reason)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(changes.Count, MostChanges);
        lock (gate)
        {
            return Guarded(() =>
            {
                using ProgrammeContext context = database.NewContext();
                using IDbContextTransaction transaction = ProgrammeDatabase.BeginChange(context);
                RegisterSnapshot before = Keep(Refreshed(context)); // kept also when the change is refused: a person is then shown what it met
                RecordSaving saving = new(context, before, actor, string.IsNullOrWhiteSpace(reason) ? null : reason.Trim(), clock.GetUtcNow().ToUnixTimeMilliseconds(), Today);
                RegisterSnapshot after = saving.Apply(changes);
                transaction.Commit();
                return Keep(after);
            });
        }
    }

    /// <summary>Checks a change as <see cref="Save"/> does, against what is stored, and stores nothing.</summary>
    /// <param name="changes">As for <see cref="Save"/>.</param>
    /// <param name="actor">Who would make it.</param>
    /// <exception cref="RecordFaultsException">Something in it is not allowed; every fault is listed.</exception>
    /// <exception cref="RecordConflictException">A record has another version by now.</exception>
    public void Rehearse(IReadOnlyList<RecordChange> changes, Actor actor)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(changes.Count, MostChanges);
        lock (gate)
        {
            _ = Guarded(() =>
            {
                using ProgrammeContext context = database.NewContext();
                using IDbContextTransaction transaction = ProgrammeDatabase.BeginChange(context);
                RecordSaving saving = new(context, Refreshed(context), actor, "rehearsal", clock.GetUtcNow().ToUnixTimeMilliseconds(), Today);
                return saving.Apply(changes); // the transaction ends without a commit
            });
        }
    }

    /// <summary>Withdraws a record: it is shown no more, and stays in the history.</summary>
    /// <exception cref="RecordFaultsException">Other records refer to it, or there is no such record.</exception>
    /// <exception cref="RecordConflictException">It has another version by now.</exception>
    public RegisterSnapshot Withdraw(RecordKey key, long expectedVersion, Actor actor, string reason) =>
        Save([new(Existing(key).Record, expectedVersion) { IsWithdrawal = true }], actor, reason);

    /// <summary>Makes an earlier version the newest one again (undo), also of a withdrawn record.</summary>
    /// <param name="key">The record.</param>
    /// <param name="version">The version to bring back.</param>
    /// <param name="expectedVersion">The version that is the newest one.</param>
    /// <param name="actor">Who.</param>
    /// <param name="reason">Why.</param>
    /// <exception cref="RecordFaultsException">There is no such version, or the register does not allow it any more.</exception>
    /// <exception cref="RecordConflictException">It has another version by now.</exception>
    public RegisterSnapshot Restore(RecordKey key, long version, long expectedVersion, Actor actor, string reason)
    {
        RecordKind kind = Existing(key).Kind;
        string? json = History(key).FirstOrDefault(revision => revision.Version == version)?.Entry.After;
        return json is null
            ? throw Unknown(key)
            : Save([new(kind.FromJson(json), expectedVersion)], actor, reason);
    }

    /// <summary>All versions of a record, the oldest first; empty when there never was one.</summary>
    public IReadOnlyList<RecordRevision> History(RecordKey key)
    {
        if (RecordKinds.Find(key.Kind) is not RecordKind kind)
        {
            return [];
        }

        return Guarded(() =>
        {
            using ProgrammeContext context = database.NewContext();
            List<AuditEntry> entries = [.. context.Audit.AsNoTracking().Where(entry => entry.Kind == key.Kind && entry.RecordId == key.Id).OrderBy(entry => entry.Number)];
            return entries.Select((entry, index) => RecordRevision.Of(kind, index + 1, entry)).ToList();
        });
    }

    /// <summary>Content of a stored file; null when there is none of this hash.</summary>
    /// <param name="sha256">SHA-256 of the content, hexadecimal in lower case.</param>
    public byte[]? Content(string sha256) => Guarded(() =>
    {
        using ProgrammeContext context = database.NewContext();
        return context.Contents.AsNoTracking().Where(row => row.Sha256 == sha256).Select(row => row.Bytes).FirstOrDefault();
    });

    private static RecordFaultsException Unknown(RecordKey key) =>
        new([new(key, RecordKind.IdField, new("No existe este registro o esta versión.", "There is no such record or version."))]);

    private static TResult Guarded<TResult>(Func<TResult> work)
    {
        try
        {
            return work();
        }
        catch (Exception e) when (e is DbException or DbUpdateException)
        {
            throw new StoreException("No se pudo leer o escribir la base del programa, y nada cambió: {0} Intente de nuevo; si sigue así, revise su disco y su servidor.", $"The programme database could not be read or written, and nothing was changed: {(e.InnerException ?? e).Message} Try again; if it goes on, check its disk and server.", StoreException.InputOutput, e);
        }
    }

    private RecordVersion Existing(RecordKey key) => Snapshot.Version(key) ?? throw Unknown(key);

    private RegisterSnapshot Keep(RegisterSnapshot next)
    {
        snapshot = next;
        _ = Interlocked.Exchange(ref lookedAt, clock.GetTimestamp());
        return next;
    }

    // One look at the end of the audit trail's key says whether anything changed; only then are the changed rows read.
    private RegisterSnapshot Refreshed(ProgrammeContext context)
    {
        RegisterSnapshot known = snapshot ?? RegisterSnapshot.Empty;
        long last = context.Audit.Max(entry => (long?)entry.Number) ?? 0;
        if (last == known.AuditNumber)
        {
            return known;
        }

        List<StoredRecord> rows = [.. context.Records.AsNoTracking().Where(row => row.AuditNumber > known.AuditNumber)];
        return known.With(Math.Max(last, rows.Select(row => row.AuditNumber).DefaultIfEmpty(0).Max()), rows.Select(VersionOf));
    }

    private static RecordVersion VersionOf(StoredRecord row)
    {
        RecordKind kind = RecordKinds.Find(row.Kind)
            ?? throw new StoreException("La base del programa tiene registros de la clase «{0}», que este programa no conoce. Use el programa más nuevo que los escribió.", $"The programme database holds records of the kind '{row.Kind}', which this program does not know. Use the newer program that wrote them.", StoreException.Configuration);
        try
        {
            return new(kind, kind.FromJson(row.Json), row.Version, row.AuditNumber, row.IsWithdrawn);
        }
        catch (System.Text.Json.JsonException e)
        {
            throw new StoreException("El registro {0}/{1} de la base del programa no se puede leer: {2} Quizá lo escribió un programa más nuevo.", $"The record {row.Kind}/{row.Id} of the programme database cannot be read: {e.Message} A newer program may have written it.", StoreException.Configuration, e);
        }
    }
}
