using System.Globalization;
using System.Security.Cryptography;
using Metering.Evidence.Log;
using Metering.Readings;

namespace Metering.Programme.Log;

/// <summary>Something that is wrong with the log.</summary>
/// <param name="Index">The entry, or the number of the checkpoint.</param>
/// <param name="What">What it is.</param>
internal sealed record LogFault(long Index, Text What);

/// <summary>What a verification found.</summary>
/// <param name="Entries">Entries looked at.</param>
/// <param name="Erased">Of them, those whose body was erased.</param>
/// <param name="Checkpoints">Checkpoints looked at.</param>
/// <param name="ByEarlierKeys">Of them, those that an earlier key of the log signed, which a `log-key` entry names.</param>
/// <param name="Root">Root over all entries, 32 bytes.</param>
/// <param name="Faults">The faults, the first <see cref="LogVerification.MostFaults"/> of them.</param>
/// <param name="FaultCount">How many there are.</param>
internal sealed record LogReport(long Entries, long Erased, long Checkpoints, long ByEarlierKeys, ReadOnlyMemory<byte> Root, IReadOnlyList<LogFault> Faults, long FaultCount);

/// <summary>Checks the log against itself: places without a hole, instants that do not go back, leaves and bodies by their hashes, numbers N, and the root under every checkpoint ever signed.</summary>
internal sealed class LogVerification(EvidenceLog log, ECDsa key)
{
    /// <summary>Faults that are told in full.</summary>
    public const int MostFaults = 1000;

    private const int Page = 500; // a birth message may have megabytes
    private readonly MerkleTree tree = new();
    private readonly Dictionary<(string, string), long> numbers = [];
    private readonly HashSet<long> erased = [];
    private readonly HashSet<long> erasures = [];
    private readonly List<(long Index, LogKeyChange Change)> keyChanges = [];
    private readonly List<LogFault> faults = [];
    private long byEarlierKeys;
    private long faultCount;
    private long lastAt;

    /// <summary>Checks everything.</summary>
    /// <param name="cancellationToken">Ends it.</param>
    public LogReport Run(CancellationToken cancellationToken)
    {
        while (log.Read(tree.Count, Page) is { Count: > 0 } entries)
        {
            cancellationToken.ThrowIfCancellationRequested();
            foreach (LoggedEntry entry in entries)
            {
                if (entry.Index != tree.Count)
                {
                    Tell(tree.Count, new("falta en la base de datos", "is missing in the database"));
                    return ReportOf(0);
                }

                Check(entry);
            }
        }

        foreach (long index in erased.Except(erasures))
        {
            Tell(index, new("no tiene cuerpo y ninguna entrada dice que se borró", "has no body, and no entry says that it was erased"));
        }

        if (keyChanges.Count > 0 && keyChanges[^1].Change.After != SigningKey.PublicPem(key))
        {
            Tell(keyChanges[^1].Index, new("cambia a una llave que no es la de esta nube", "changes to a key that is not this cloud's"));
        }

        return ReportOf(CheckCheckpoints(cancellationToken));
    }

    private LogReport ReportOf(long checkpoints) => new(tree.Count, erased.Count, checkpoints, byEarlierKeys, tree.Root(tree.Count), faults, faultCount);

    private void Check(LoggedEntry logged)
    {
        LogEntry entry = logged.Entry;
        byte[] leaf;
        try
        {
            leaf = MerkleHash.Leaf(entry.ToBytes());
        }
        catch (WireFormatException)
        {
            leaf = logged.LeafHash.ToArray();
            Tell(logged.Index, new("no tiene la forma de una entrada", "is not of an entry's form"));
        }

        if (!logged.LeafHash.Span.SequenceEqual(leaf))
        {
            Tell(logged.Index, new("no es la que se asentó: su huella es otra", "is not the one that was appended: its hash is another"));
        }

        if (entry.UtcMilliseconds < lastAt)
        {
            Tell(logged.Index, new("es anterior a la entrada que le precede", "is earlier than the entry before it"));
        }

        (lastAt, _) = (entry.UtcMilliseconds, tree.AppendHash(leaf));
        CheckBody(logged);
        CheckNumber(logged);
    }

    private void CheckBody(LoggedEntry logged)
    {
        if (logged.Body is { } body)
        {
            if (LogEntry.HashOf(logged.Salt.Span, body.Span) != logged.Entry.BodyHash)
            {
                Tell(logged.Index, new("tiene un cuerpo que no corresponde a su huella", "has a body that does not fit its hash"));
            }

            if (logged.Entry.Kind == LogEntryKind.LogKey)
            {
                CheckKeyChange(logged, body.Span);
            }
        }
        else if (logged.Entry.Kind != LogEntryKind.Batch)
        {
            _ = erased.Add(logged.Index);
        }

        if (logged.Entry.Kind == LogEntryKind.Erasure && logged.Source?.Split(' ') is [_, string text] && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long index))
        {
            _ = erasures.Add(index);
        }
    }

    private void CheckKeyChange(LoggedEntry logged, ReadOnlySpan<byte> body)
    {
        try
        {
            LogKeyChange change = LogKeyChange.Read(body);
            if (keyChanges.Count > 0 && keyChanges[^1].Change.After != change.Before)
            {
                Tell(logged.Index, new("cambia una llave que no era la del registro", "changes a key that was not the log's"));
            }

            keyChanges.Add((logged.Index, change));
        }
        catch (WireFormatException)
        {
            Tell(logged.Index, new("no dice con qué llave firma el registro", "does not say which key the log signs with"));
        }
    }

    // A subject of three parts whose last one is a number is counted, but for those that are named by what they are about.
    private void CheckNumber(LoggedEntry logged)
    {
        string[] parts = logged.Entry.Subject.Split('/');
        if (parts[0] != logged.Entry.Kind)
        {
            Tell(logged.Index, new("tiene un asunto de otra clase", "has a subject of another kind"));
            return;
        }

        if (logged.Entry.Kind is LogEntryKind.Batch or LogEntryKind.Key or LogEntryKind.Loss || parts.Length != 3 || !long.TryParse(parts[2], NumberStyles.None, CultureInfo.InvariantCulture, out long number))
        {
            return;
        }

        long expected = numbers.GetValueOrDefault((parts[0], parts[1])) + 1;
        numbers[(parts[0], parts[1])] = number;
        if (number != expected)
        {
            string place = expected.ToString(CultureInfo.InvariantCulture);
            Tell(logged.Index, new($"rompe la cuenta de {parts[0]}/{parts[1]}: seguía el {place}", $"breaks the numbers of {parts[0]}/{parts[1]}: {place} was next"));
        }
    }

    private long CheckCheckpoints(CancellationToken cancellationToken)
    {
        (long count, long last, long size) = (0, 0, 0);
        while (log.Checkpoints(last, Page) is { Count: > 0 } notes)
        {
            cancellationToken.ThrowIfCancellationRequested();
            foreach ((long number, byte[] note) in notes)
            {
                (count, last) = (count + 1, number);
                size = CheckCheckpoint(number, note, size);
            }
        }

        return count;
    }

    private long CheckCheckpoint(long number, byte[] note, long before)
    {
        try
        {
            Checkpoint checkpoint = OpenWithKeyOfItsTime(note);
            if (checkpoint.Size < before || checkpoint.Size > tree.Count)
            {
                Tell(number, new("punto de control: hay menos entradas de las que firmó", "checkpoint: there are fewer entries than it signed"));
            }
            else if (!checkpoint.Root.Span.SequenceEqual(tree.Root(checkpoint.Size)))
            {
                Tell(number, new("punto de control: las entradas no son las que firmó", "checkpoint: the entries are not the ones it signed"));
            }

            return Math.Max(before, checkpoint.Size);
        }
        catch (WireFormatException e)
        {
            Tell(number, new($"punto de control: no es de la llave de esta nube ({e.Message})", $"checkpoint: not by this cloud's key ({e.Message})"));
            return before;
        }
    }

    // A key that the log has left behind signs only what came before the change.
    private Checkpoint OpenWithKeyOfItsTime(byte[] note)
    {
        string? pem = LogKeyChange.KeyAt(Checkpoint.Read(note).Size, keyChanges);
        if (pem is null || pem == SigningKey.PublicPem(key))
        {
            return Checkpoint.Open(note, key);
        }

        using ECDsa earlier = SigningKey.Parse(pem);
        Checkpoint checkpoint = Checkpoint.Open(note, earlier);
        byEarlierKeys++;
        return checkpoint;
    }

    private void Tell(long index, Text what)
    {
        faultCount++;
        if (faults.Count < MostFaults)
        {
            faults.Add(new(index, what));
        }
    }
}
