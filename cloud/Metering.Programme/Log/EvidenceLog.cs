using System.Data.Common;
using System.Security.Cryptography;
using Metering.Evidence.Log;
using Metering.Programme.Storage;
using Metering.Readings;
using Metering.Store;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace Metering.Programme.Log;

/// <summary>
/// The transparency log in the programme database. Entries are only ever appended, in one transaction beside which no other change runs, so places
/// have no hole and stand in the order of commits whichever process appends. Durable on return. Safe from any thread.
/// </summary>
internal sealed class EvidenceLog
{
    /// <summary>Most drafts of one appending.</summary>
    public const int MostDrafts = 50_000;

    private readonly ProgrammeDatabase database;
    private readonly TimeProvider clock;
    private readonly Lock gate = new();
    private readonly MerkleTree tree = new();

    /// <summary>The log of a database.</summary>
    /// <param name="database">Where it stands.</param>
    /// <param name="name">Name of the log, that of the cloud: it signs checkpoints under it.</param>
    /// <param name="clock">The log's clock.</param>
    public EvidenceLog(ProgrammeDatabase database, string name, TimeProvider clock)
    {
        this.database = database;
        this.clock = clock;
        Name = Identifier.Require(name, nameof(name));
    }

    /// <summary>Name of the log.</summary>
    public string Name { get; }

    /// <summary>Number of entries.</summary>
    /// <exception cref="StoreException">The database cannot be read (74). So with every member.</exception>
    public long Count => Reading(rows => rows.End().Count);

    /// <summary>Appends entries, all or none. What is there already (same source, or same fixed subject and body) is left as it is.</summary>
    /// <returns>Place of each draft's entry.</returns>
    /// <exception cref="WireFormatException">A kind, scope or subject is not of its form.</exception>
    public IReadOnlyList<long> Append(IReadOnlyList<LogDraft> drafts) => Append(drafts, null)!;

    /// <summary>Appends entries and moves a follower's watermark, in one transaction.</summary>
    /// <param name="drafts">The entries, at most <see cref="MostDrafts"/>; may be none.</param>
    /// <param name="move">From where to where, of the same name; null to move none.</param>
    /// <returns>Place of each draft's entry; null, and nothing done, when the watermark is not where it should be: somebody else followed meanwhile.</returns>
    public IReadOnlyList<long>? Append(IReadOnlyList<LogDraft> drafts, (LogWatermark From, LogWatermark To)? move)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(drafts.Count, MostDrafts);
        return Guarded(() =>
        {
            using ProgrammeContext context = database.NewContext();
            using IDbContextTransaction transaction = ProgrammeDatabase.BeginChange(context);
            LogRows rows = new(context);
            if (move is { } moved)
            {
                if (rows.Watermark(moved.From.Name) != moved.From)
                {
                    return null;
                }

                rows.Move(moved.To);
            }

            IReadOnlyList<long> places = LogAppending.Run(rows, drafts, Now());
            transaction.Commit();
            return places;
        });
    }

    /// <summary>How far a follower is.</summary>
    public LogWatermark Watermark(string name) => Reading(rows => rows.Watermark(name));

    /// <summary>One entry; null when there is none at this place.</summary>
    public LoggedEntry? Find(long index) => Reading(rows => rows.Find(index));

    /// <summary>The entry of a source; null when there is none.</summary>
    public LoggedEntry? FindSource(string source) => Reading(rows => rows.FindSource(source));

    /// <summary>Which of these sources have an entry.</summary>
    public IReadOnlyCollection<string> KnownSources(IReadOnlyList<string> sources) => Reading(rows => rows.KnownSources(sources).Keys);

    /// <summary>Which entries there are of these fixed subjects, by subject and body hash, with their places.</summary>
    public IReadOnlyDictionary<(string Subject, string BodyHash), long> Known(IReadOnlyList<string> subjects) => Reading(rows => rows.Known(subjects));

    /// <summary>Entries from a place on, in order.</summary>
    /// <param name="from">First place wanted, 0-based.</param>
    /// <param name="maximum">How many at most.</param>
    /// <param name="hasBodies">False to leave salts and bodies out: a birth message may have megabytes.</param>
    public IReadOnlyList<LoggedEntry> Read(long from, int maximum, bool hasBodies = true) => Reading(rows => rows.Read(from, maximum, hasBodies));

    /// <summary>Entries whose subject is this one or stands below it ("decision/drives-2026" finds "decision/drives-2026/3"), in order.</summary>
    public IReadOnlyList<LoggedEntry> WithSubject(string prefix) => Reading(rows => rows.WithSubject(prefix.TrimEnd('/')));

    /// <summary>The last numbered entry of a kind in a scope; null when there is none.</summary>
    public LoggedEntry? Newest(string kind, string scope) => Reading(rows => rows.Newest(kind, scope));

    /// <summary>Works with the tree over all entries. It is kept in memory and extended from the table; it must not be used after the work.</summary>
    public TResult WithTree<TResult>(Func<MerkleTree, TResult> work)
    {
        lock (gate)
        {
            (long count, List<byte[]> further) = Reading(rows => (rows.End().Count, rows.LeafHashes(tree.Count)));
            foreach (byte[] hash in further)
            {
                _ = tree.AppendHash(hash);
            }

            return tree.Count >= count
                ? work(tree)
                : throw new StoreException("De las {0} entradas de la bitácora falta la {1}. Restaure la copia más nueva de la base del programa.", $"Of the {count} entries of the log, entry {tree.Count} is not there. Restore the newest copy of the programme database.", StoreException.InputOutput);
        }
    }

    /// <summary>The signed checkpoint of the log as it stands: the newest one when nothing was added since, otherwise a new one that is kept.</summary>
    /// <exception cref="StoreException">The log is empty (69), or went back behind its newest checkpoint (74).</exception>
    public byte[] SignCheckpoint(ECDsa key) => Guarded(() =>
    {
        TellKey(key);
        using ProgrammeContext context = database.NewContext();
        using IDbContextTransaction transaction = ProgrammeDatabase.BeginChange(context);
        byte[] note = Sign(new(context), key);
        transaction.Commit();
        return note;
    });

    /// <summary>
    /// Begins a bundle of a project: signs a checkpoint and logs it as that of the project's next bundle, in one transaction. When nothing but the entry of its last bundle was added since,
    /// it is that bundle once more.
    /// </summary>
    /// <returns>Number of the bundle, from 1, and its signed checkpoint.</returns>
    /// <exception cref="StoreException">As <see cref="SignCheckpoint"/>.</exception>
    public (long Number, byte[] Checkpoint) BeginBundle(string project, ECDsa key) => Guarded(() =>
    {
        TellKey(key);
        using ProgrammeContext context = database.NewContext();
        using IDbContextTransaction transaction = ProgrammeDatabase.BeginChange(context);
        LogRows rows = new(context);
        if (rows.Newest(LogEntryKind.Bundle, project) is { Body: { } body } last && last.Index == rows.End().Count - 1
            && Checkpoint.Read(body.Span).Size == last.Index && SignedNote.Verify(body.Span, Name, key) == NoteFault.None)
        {
            return (rows.LastNumber(LogEntryKind.Bundle, project), body.ToArray());
        }

        byte[] note = Sign(rows, key);
        _ = LogAppending.Run(rows, [new(LogEntryKind.Bundle, project, false, note)], Now());
        long number = rows.LastNumber(LogEntryKind.Bundle, project);
        transaction.Commit();
        return (number, note);
    });

    /// <summary>The newest checkpoint that has a time stamp of an authority, with the authority's answer; null when none has.</summary>
    public (byte[] Note, byte[] Answer)? NewestTimeStamp => Reading(rows => rows.NewestTimeStamp());

    /// <summary>Keeps an authority's answer over a checkpoint of this log; false when there is no such checkpoint.</summary>
    public bool KeepTimeStamp(byte[] note, byte[] answer) => Reading(rows => rows.KeepTimeStamp(note, answer));

    /// <summary>The checkpoint signed last; null when there is none.</summary>
    public byte[]? NewestCheckpoint => Reading(rows => rows.NewestCheckpoint()?.Note);

    /// <summary>Checkpoints in the order they were signed.</summary>
    /// <param name="after">Number of the last one known; 0 for the beginning.</param>
    /// <param name="maximum">How many at most.</param>
    public IReadOnlyList<(long Number, byte[] Note)> Checkpoints(long after, int maximum) => Reading(rows => rows.Checkpoints(after, maximum));

    /// <summary>Takes the body of an entry out of the database for ever, with what the audit trail says of the same change; the entry stays, and so does the root.</summary>
    /// <param name="index">The entry.</param>
    /// <param name="reason">Why; stays for ever and is shown to everyone who sees the log, so it names no person.</param>
    /// <returns>Place of the erasure's own entry.</returns>
    /// <exception cref="StoreException">There is no such entry, or its body holds no person's data (65).</exception>
    public long Erase(long index, string reason) => Guarded(() => new LogErasure(database, Now()).Run(index, reason));

    /// <summary>Checks every entry, number, root and checkpoint of the log.</summary>
    /// <param name="key">The log's key, for the checkpoints.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public LogReport Verify(ECDsa key, CancellationToken cancellationToken) => new LogVerification(this, key).Run(cancellationToken);

    // The newest checkpoint when it is over all entries, otherwise a new one that is kept; the caller commits.
    private byte[] Sign(LogRows rows, ECDsa key)
    {
        (long size, long lastAt) = rows.End();
        if (size == 0)
        {
            throw new StoreException("La bitácora no tiene aún ninguna entrada, así que no hay qué firmar. Sigue a lo que el servicio guarda: arránquelo, o espere unos segundos.", $"The log has no entry yet, so there is nothing to sign. It follows what the cloud stores: start the cloud, or wait a few seconds.", StoreException.Unavailable);
        }

        (long number, byte[]? note) = rows.NewestCheckpoint() is { } newest ? (newest.Number, newest.Note) : (0, (byte[]?)null);
        Checkpoint? last = note is null ? null : Checkpoint.Read(note);
        if (last?.Size > size)
        {
            throw new StoreException(
                "La bitácora tiene {0} entradas, y hay un punto de control firmado sobre {1}: se perdieron entradas. Restaure la copia más nueva de la base del programa.", $"The log has {size} entries, and a checkpoint over {last.Size} is signed: entries are gone. Restore the newest copy of the programme database.", StoreException.InputOutput);
        }

        byte[] root = WithTree(known => known.Root(size));
        if (last?.Size == size && last.Log == Name && last.Root.Span.SequenceEqual(root) && SignedNote.Verify(note, Name, key) == NoteFault.None)
        {
            return note!;
        }

        byte[] signed = new Checkpoint(Name, size, root, Math.Max(Now(), Math.Max(lastAt, last?.UtcMilliseconds ?? 0))).Sign(key);
        rows.Keep(number + 1, size, signed);
        return signed;
    }

    // That the key is another than before stands in the log ahead of the first checkpoint that it signs.
    private void TellKey(ECDsa key)
    {
        using ProgrammeContext context = database.NewContext();
        LogRows rows = new(context);
        string pem = SigningKey.PublicPem(key);
        if (rows.NewestKey()?.Pem == pem)
        {
            return;
        }

        using IDbContextTransaction transaction = ProgrammeDatabase.BeginChange(context);
        (long number, string? before) = rows.NewestKey() is { } known ? (known.Number, known.Pem) : (0, null);
        if (before == pem)
        {
            return;
        }

        rows.KeepKey(number + 1, pem);
        if (before is not null)
        {
            _ = LogAppending.Run(rows, [new(LogEntryKind.LogKey, Name, false, new LogKeyChange(before, pem).ToBytes())], Now());
        }

        transaction.Commit();
    }

    private long Now() => clock.GetUtcNow().ToUnixTimeMilliseconds();

    private TResult Reading<TResult>(Func<LogRows, TResult> read) => Guarded(() =>
    {
        using ProgrammeContext context = database.NewContext();
        return read(new(context));
    });

    private static TResult Guarded<TResult>(Func<TResult> work)
    {
        try
        {
            return work();
        }
        catch (Exception e) when (e is DbException or DbUpdateException)
        {
            throw new StoreException("No se pudo leer o escribir la bitácora en la base del programa, y nada cambió: {0} Intente de nuevo; si sigue así, revise su disco y su servidor.", $"The log in the programme database could not be read or written, and nothing was changed: {(e.InnerException ?? e).Message} Try again; if it goes on, check its disk and server.", StoreException.InputOutput, e);
        }
    }
}
