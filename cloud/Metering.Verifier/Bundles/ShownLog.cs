using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Metering.Evidence.Bundle;
using Metering.Evidence.Log;
using Metering.Readings;

namespace Metering.Verifier.Bundles;

/// <summary>An entry that is shown, other than a batch.</summary>
/// <param name="Index">Its place in the log.</param>
/// <param name="Entry">The entry.</param>
internal sealed record ShownEntry(long Index, LogEntry Entry)
{
    private readonly string[] parts = Entry.Subject.Split('/');

    // What people entered is counted for each channel of a gateway, everything else in one word.
    private int NumberPlace => Entry.Kind == LogEntryKind.Manual ? 3 : 2;

    /// <summary>What its number counts in: the gateway, project, plant or programme; of what people entered, gateway and channel.</summary>
    public string Scope => parts.Length > NumberPlace ? string.Join('/', parts[1..NumberPlace]) : parts.Length > 1 ? parts[1] : "";

    /// <summary>Its number, or the key epoch; 0 when the subject has none.</summary>
    public long Number => parts.Length > NumberPlace && long.TryParse(parts[NumberPlace], NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? number : 0;

    /// <summary>Whether it ends a key epoch.</summary>
    public bool IsEnd => parts is [_, _, _, "end"];

    /// <summary>Whether it is of the form KIND/SCOPE/N.</summary>
    public bool IsNumbered => parts.Length == NumberPlace + 1 && parts[0] == Entry.Kind && Number > 0;
}

/// <summary>The batches of a gateway's key epoch as the log has them, in its order.</summary>
internal sealed class LoggedBatches
{
    /// <summary>Number of each.</summary>
    public List<long> Batch { get; } = [];

    /// <summary>Place of each in the log.</summary>
    public List<long> Index { get; } = [];

    /// <summary>Place of each among the entries shown.</summary>
    public List<int> Place { get; } = [];
}

/// <summary>The entries that a bundle shows, read from `log/entries.txt`. The hash of a batch's entry is put in when its note was read.</summary>
internal sealed class ShownLog
{
    private const int MaximumLength = 256 * 1024 * 1024;
    private static readonly string NoHash = new('0', 64);

    private readonly List<long> indices = [];
    private readonly List<byte[]> leaves = [];
    private readonly List<(string Subject, long Utc)> pending = [];

    private ShownLog()
    {
    }

    /// <summary>All entries but the batches.</summary>
    public List<ShownEntry> Entries { get; } = [];

    /// <summary>The batches by gateway and key epoch.</summary>
    public SortedDictionary<(string Gateway, int KeyEpoch), LoggedBatches> Batches { get; } = [];

    /// <summary>Places of all entries, ascending.</summary>
    public IReadOnlyList<long> Indices => indices;

    /// <summary>Hash of each entry's leaf.</summary>
    public IReadOnlyList<byte[]> Leaves => leaves;

    /// <summary>Time of the last entry shown.</summary>
    public long LastUtc { get; private set; }

    /// <summary>The entries of a kind and scope, in the order of the log.</summary>
    public IEnumerable<ShownEntry> Of(string kind, string scope) => Entries.Where(shown => shown.Entry.Kind == kind && shown.Scope == scope && shown.IsNumbered);

    /// <summary>Reads the entries; what is wrong with them goes to the list.</summary>
    public static ShownLog Read(BundleFile file, FaultList faults)
    {
        ShownLog log = new();
        ReadOnlySpan<byte> rest = file.Read(BundleNames.Entries, MaximumLength);
        for (long line = 1; !rest.IsEmpty && faults.Count < FaultList.Most; line++)
        {
            int end = rest.IndexOf((byte)'\n');
            if (end < 0)
            {
                faults.Add(FaultCode.EntryForm, Text(line), "no line feed");
                break;
            }

            try
            {
                log.Add(rest[..end], faults);
            }
            catch (WireFormatException e)
            {
                faults.Add(FaultCode.EntryForm, Text(line), e.Message);
            }

            rest = rest[(end + 1)..];
        }

        return log;
    }

    /// <summary>Puts in the hash of a batch's note, by the place of its entry among those shown.</summary>
    public void SetBody(int place, string noteHash)
    {
        (string subject, long utc) = pending[place];
        leaves[place] = MerkleHash.Leaf(new LogEntry(LogEntryKind.Batch, utc, subject, noteHash).ToBytes());
    }

    /// <summary>A number as messages show it.</summary>
    public static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private void Add(ReadOnlySpan<byte> line, FaultList faults)
    {
        Span<Range> parts = stackalloc Range[6];
        if (line.Length > 1000 || Split(line, parts) != 5)
        {
            throw new WireFormatException("it must have index, kind, time, subject and hash");
        }

        ReadOnlySpan<byte> number = line[parts[0]];
        if (!Utf8Parser.TryParse(number, out long index, out int used) || used != number.Length || index < 0 || (number[0] == (byte)'0' && number.Length > 1) || number[0] is (byte)'+' or (byte)'-')
        {
            throw new WireFormatException("its index is no canonical number");
        }

        string kind = Encoding.ASCII.GetString(line[parts[1]]);
        string at = Encoding.ASCII.GetString(line[parts[2]]);
        string subject = Encoding.ASCII.GetString(line[parts[3]]);
        string hash = Encoding.ASCII.GetString(line[parts[4]]);
        bool isBatch = kind == LogEntryKind.Batch;
        if (!LogEntry.TryInstant(at, out long utc) || LogEntry.Instant(utc) != at || isBatch != (hash == "-"))
        {
            throw new WireFormatException("its time is no time, or a hash stands where none belongs");
        }

        LogEntry entry = new(kind, utc, subject, isBatch ? NoHash : hash);
        byte[] bytes = entry.ToBytes();
        CheckOrder(index, utc, faults);
        indices.Add(index);
        leaves.Add(isBatch ? [] : MerkleHash.Leaf(bytes));
        pending.Add(isBatch ? (subject, utc) : default);
        LastUtc = utc;
        if (isBatch)
        {
            AddBatch(subject, index);
        }
        else
        {
            Entries.Add(new(index, entry));
        }
    }

    private void CheckOrder(long index, long utc, FaultList faults)
    {
        if (indices.Count > 0 && index <= indices[^1])
        {
            faults.Add(FaultCode.EntryOrder, Text(index), Text(indices[^1]));
        }

        if (utc < LastUtc)
        {
            faults.Add(FaultCode.EntryTime, Text(index));
        }
    }

    private void AddBatch(string subject, long index)
    {
        string[] parts = subject.Split('/');
        if (parts is not ["batch", { } gateway, { } epochText, { } batchText] || !Identifier.IsValid(gateway)
            || !int.TryParse(epochText, NumberStyles.None, CultureInfo.InvariantCulture, out int epoch) || !long.TryParse(batchText, NumberStyles.None, CultureInfo.InvariantCulture, out long batch)
            || epoch < 1 || batch < 1 || subject != string.Create(CultureInfo.InvariantCulture, $"batch/{gateway}/{epoch}/{batch}"))
        {
            throw new WireFormatException("the subject of a batch must be batch/GATEWAY/EPOCH/NUMBER");
        }

        if (!Batches.TryGetValue((gateway, epoch), out LoggedBatches? logged))
        {
            logged = new();
            Batches.Add((gateway, epoch), logged);
        }

        logged.Batch.Add(batch);
        logged.Index.Add(index);
        logged.Place.Add(indices.Count - 1);
    }

    private static int Split(ReadOnlySpan<byte> line, Span<Range> parts)
    {
        int count = 0;
        int start = 0;
        while (count < parts.Length)
        {
            int space = line[start..].IndexOf((byte)' ');
            parts[count++] = start..(space < 0 ? line.Length : start + space);
            if (space < 0)
            {
                break;
            }

            start += space + 1;
        }

        return count;
    }
}
