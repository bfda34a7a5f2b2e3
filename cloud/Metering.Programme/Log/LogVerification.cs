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
/// <param name="Root">Root over all entries, 32 bytes.</param>
/// <param name="Faults">The faults, the first <see cref="LogVerification.MostFaults"/> of them.</param>
/// <param name="FaultCount">How many there are.</param>
internal sealed record LogReport(long Entries, long Erased, long Checkpoints, ReadOnlyMemory<byte> Root, IReadOnlyList<LogFault> Faults, long FaultCount);

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
    private readonly List<LogFault> faults = [];
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

        return ReportOf(CheckCheckpoints(cancellationToken));
    }

    private LogReport ReportOf(long checkpoints) => new(tree.Count, erased.Count, checkpoints, tree.Root(tree.Count), faults, faultCount);

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
            Checkpoint checkpoint = Checkpoint.Open(note, key);
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

    private void Tell(long index, Text what)
    {
        faultCount++;
        if (faults.Count < MostFaults)
        {
            faults.Add(new(index, what));
        }
    }
}
