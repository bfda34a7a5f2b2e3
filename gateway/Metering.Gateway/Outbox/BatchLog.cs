using System.Buffers.Binary;
using System.Globalization;
using Metering.Readings;

namespace Metering.Gateway.Outbox;

/// <summary>A signed batch on its way to the disk; nobody has seen it yet.</summary>
/// <param name="NoteHash">Hash of its note.</param>
/// <param name="LastCycle">Last cycle that is whole in this batch and those before it.</param>
/// <param name="LastSlot">Last slot in it.</param>
/// <param name="Envelope">Its bytes.</param>
internal sealed record SignedBatch(string NoteHash, long LastCycle, long LastSlot, byte[] Envelope);

/// <summary>
/// The signed batches: written before they are published, kept until the cloud's signed word frees them, and then as long as
/// there is room. Record: key epoch i32 | batch i64 | last cycle i64 | last slot i64 | SHA-256 of the note, 32 | envelope. A
/// frame's payload is one record; or, when one cut gave several batches, 0 i32 | count i32 | count x (length i32 | record), so
/// that a power cut leaves all of a cut or nothing of it. The file "acked" beside the segments holds how far the cloud's word
/// reached. Batches are counted by their places over all key epochs, see <see cref="BatchPlaces"/>.
/// </summary>
internal sealed class BatchLog : IDisposable
{
    private const int PrefixLength = 60;
    private const int HashOffset = 28;
    private const string AckedName = "acked";

    private readonly string _directory;
    private readonly Lock _gate = new();
    private readonly BatchIndex _entries = new();
    private FramedLog _log = null!;
    private (FrameAddress Address, byte[] Payload)? _lastRead;
    private long _lastCycleOfOlderEpochs;

    private BatchLog(string directory, BatchPlaces places)
    {
        _directory = directory;
        Places = places;
        LastBatch = places.LastBase;
    }

    internal BatchPlaces Places { get; }

    /// <summary>Place of the last batch, or of the change to this key epoch when it has none yet; 0 for nothing at all.</summary>
    internal long LastBatch { get; private set; }

    /// <summary>Number that the next batch of this key epoch gets.</summary>
    internal long NextNumber => LastBatch - Places.LastBase + 1;

    /// <summary>Note hash of the last batch of this key epoch.</summary>
    internal string LastHash { get; private set; } = BatchManifest.NoPrevious;

    /// <summary>Everything up to this place is durable in the cloud.</summary>
    internal long AckedThrough { get; private set; }

    /// <summary>Last cycle contained in a batch; later ones are still to be batched.</summary>
    internal long LastCycle { get; private set; }

    /// <summary>Last slot contained in a batch, of any epoch; null for none.</summary>
    internal long? LastSlot { get; private set; }

    internal long Length => _log.Length;

    internal IReadOnlyList<LogDamage> Damages => _log.Damages;

    internal long TornLength => _log.TornLength;

    internal static BatchLog Open(string directory, BatchPlaces places, long segmentLength = OutboxOptions.BatchSegmentLength) =>
        Open(directory, new SegmentFolder(directory), places, segmentLength);

    internal static BatchLog Open(string directory, ISegmentFiles files, BatchPlaces places, long segmentLength)
    {
        BatchLog batches = new(directory, places);
        (int ackedEpoch, long acked) = batches.ReadAcked();
        batches._log = FramedLog.Open(files, segmentLength, (address, payload) => batches.Visit(address, payload, ackedEpoch, acked));
        batches.AckedThrough = batches.AckedPlace(ackedEpoch, acked);
        batches.LastCycle = Math.Max(batches.LastCycle, batches._lastCycleOfOlderEpochs);
        return batches;
    }

    /// <summary>Stores the batches of one cut under <see cref="NextNumber"/> and the following; all are durable on return, or none.</summary>
    /// <exception cref="DiskFlushException">Whether they are durable is unknown.</exception>
    /// <exception cref="IOException">None is stored: the disk is full.</exception>
    internal void Append(IReadOnlyList<SignedBatch> cut)
    {
        byte[] payload = PayloadOf(cut);
        FrameAddress address = _log.Append(payload);
        _log.Commit();
        lock (_gate)
        {
            int offset = cut.Count == 1 ? 0 : 2 * sizeof(int);
            foreach (SignedBatch batch in cut)
            {
                offset += cut.Count == 1 ? 0 : sizeof(int);
                int length = PrefixLength + batch.Envelope.Length;
                LastBatch++;
                _entries.Add(new(LastBatch, address, offset, length, batch.LastCycle, batch.LastSlot));
                offset += length;
                LastHash = batch.NoteHash;
                LastCycle = batch.LastCycle;
                LastSlot = Math.Max(LastSlot ?? long.MinValue, batch.LastSlot);
            }
        }
    }

    /// <summary>Reads a batch back; false when it is no longer kept or its bytes are damaged.</summary>
    internal bool TryRead(long place, out ReadOnlyMemory<byte> envelope, out string noteHash)
    {
        envelope = default;
        noteHash = "";
        lock (_gate)
        {
            if (!_entries.TryFind(place, out BatchEntry entry) || ReadFrame(entry) is not byte[] payload)
            {
                return false;
            }

            ReadOnlyMemory<byte> record = payload.AsMemory(entry.Offset, entry.Length);
            noteHash = Convert.ToHexStringLower(record.Span[HashOffset..PrefixLength]);
            envelope = record[PrefixLength..];
            return true;
        }
    }

    /// <summary>Takes the cloud's word, also when it goes back.</summary>
    /// <returns>The last cycle that is safe in the cloud; 0 when that is not known.</returns>
    internal long SetAcked(long through)
    {
        lock (_gate)
        {
            AckedThrough = through;
            WriteAcked(through);
            return _entries.TryFind(through, out BatchEntry entry) ? entry.LastCycle : 0;
        }
    }

    /// <summary>Frees acknowledged segments from the oldest on: those above a length of the whole log, and those in which every slot lies before an instant. Never one with an unacknowledged batch.</summary>
    internal void Thin(long wantedLength, long oldestSlotUtcMilliseconds)
    {
        lock (_gate)
        {
            if (!_entries.TryFind(AckedThrough, out BatchEntry acked))
            {
                return;
            }

            long young = _entries.SequenceReaching(oldestSlotUtcMilliseconds);
            _ = _log.DeleteBefore(Math.Min(acked.Address.Sequence, young), wantedLength: 0);
            _entries.RemoveBefore(_log.DeleteBefore(acked.Address.Sequence, wantedLength));
        }
    }

    /// <summary>The oldest batch still kept, or null when there is none.</summary>
    internal long? OldestKept()
    {
        lock (_gate)
        {
            return _entries.Oldest;
        }
    }

    public void Dispose() => _log.Dispose();

    // The batches of a cut stand in one frame and are mostly asked for one after the other. In the lock.
    private byte[]? ReadFrame(in BatchEntry entry)
    {
        if (_lastRead is (FrameAddress address, byte[] known) && address == entry.Address)
        {
            return known;
        }

        byte[]? payload = _log.Read(entry.Address);
        bool isShared = payload is not null && payload.Length > entry.Length;
        _lastRead = isShared ? (entry.Address, payload!) : null;
        return payload;
    }

    private byte[] PayloadOf(IReadOnlyList<SignedBatch> cut)
    {
        int length = cut.Count == 1 ? 0 : 2 * sizeof(int);
        foreach (SignedBatch batch in cut)
        {
            length += PrefixLength + batch.Envelope.Length + (cut.Count == 1 ? 0 : sizeof(int));
        }

        byte[] payload = new byte[length];
        Span<byte> rest = payload;
        if (cut.Count > 1)
        {
            BinaryPrimitives.WriteInt32BigEndian(rest[sizeof(int)..], cut.Count);
            rest = rest[(2 * sizeof(int))..];
        }

        for (int index = 0; index < cut.Count; index++)
        {
            SignedBatch batch = cut[index];
            if (cut.Count > 1)
            {
                BinaryPrimitives.WriteInt32BigEndian(rest, PrefixLength + batch.Envelope.Length);
                rest = rest[sizeof(int)..];
            }

            BinaryPrimitives.WriteInt32BigEndian(rest, Places.LastEpoch);
            BinaryPrimitives.WriteInt64BigEndian(rest[4..], NextNumber + index);
            BinaryPrimitives.WriteInt64BigEndian(rest[12..], batch.LastCycle);
            BinaryPrimitives.WriteInt64BigEndian(rest[20..], batch.LastSlot);
            Convert.FromHexString(batch.NoteHash).CopyTo(rest[HashOffset..]);
            batch.Envelope.CopyTo(rest[PrefixLength..]);
            rest = rest[(PrefixLength + batch.Envelope.Length)..];
        }

        return payload;
    }

    private void Visit(FrameAddress address, ReadOnlySpan<byte> payload, int ackedEpoch, long acked)
    {
        if (payload.Length < PrefixLength)
        {
            return;
        }

        if (BinaryPrimitives.ReadInt32BigEndian(payload) != 0)
        {
            VisitRecord(address, 0, payload, ackedEpoch, acked);
            return;
        }

        int count = BinaryPrimitives.ReadInt32BigEndian(payload[sizeof(int)..]);
        int offset = 2 * sizeof(int);
        for (int index = 0; index < count && payload.Length - offset >= sizeof(int); index++)
        {
            int length = BinaryPrimitives.ReadInt32BigEndian(payload[offset..]);
            offset += sizeof(int);
            if (length < PrefixLength || length > payload.Length - offset)
            {
                return;
            }

            VisitRecord(address, offset, payload.Slice(offset, length), ackedEpoch, acked);
            offset += length;
        }
    }

    private void VisitRecord(FrameAddress address, int offset, ReadOnlySpan<byte> record, int ackedEpoch, long acked)
    {
        int epoch = BinaryPrimitives.ReadInt32BigEndian(record);
        long batch = BinaryPrimitives.ReadInt64BigEndian(record[4..]);
        long lastCycle = BinaryPrimitives.ReadInt64BigEndian(record[12..]);
        long lastSlot = BinaryPrimitives.ReadInt64BigEndian(record[20..]);
        LastSlot = Math.Max(LastSlot ?? long.MinValue, lastSlot);
        if (Places.PlaceOf(epoch, batch) is long place)
        {
            _entries.Add(new(place, address, offset, record.Length, lastCycle, lastSlot));
            LastCycle = lastCycle;
            if (epoch == Places.LastEpoch)
            {
                LastBatch = place;
                LastHash = Convert.ToHexStringLower(record[HashOffset..PrefixLength]);
            }
        }
        else if (epoch == ackedEpoch && batch <= acked)
        {
            // What an older key signed and the cloud took needs no new signature; the rest is signed anew in this epoch.
            _lastCycleOfOlderEpochs = lastCycle;
        }
    }

    // The current epoch may be ahead of what is stored here: the state directory was set back.
    private long AckedPlace(int epoch, long through) =>
        epoch == Places.LastEpoch ? Places.LastBase + through : Places.PlaceOf(epoch, through) ?? 0;

    private (int Epoch, long Through) ReadAcked()
    {
        string path = Path.Combine(_directory, AckedName);
        if (!File.Exists(path))
        {
            return (0, 0);
        }

        string[] parts = File.ReadAllText(path).Split(' ', '\n');
        return parts.Length >= 2
            && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out int epoch)
            && long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out long through)
            ? (epoch, through)
            : (0, 0);
    }

    // Not flushed, and no fault when it fails: whatever is taken back is sent again, and the cloud knows those batches already.
    private void WriteAcked(long through)
    {
        string path = Path.Combine(_directory, AckedName);
        (int epoch, long number) = Places.At(through);
        try
        {
            File.WriteAllText(path + ".new", string.Create(CultureInfo.InvariantCulture, $"{epoch} {number}\n"));
            File.Move(path + ".new", path, overwrite: true);
        }
        catch (IOException)
        {
            // A full disk. The next ack brings the number again.
        }
    }
}
