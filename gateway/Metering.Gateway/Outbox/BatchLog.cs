using System.Buffers.Binary;
using System.Globalization;
using Metering.Readings;

namespace Metering.Gateway.Outbox;

/// <summary>What the gateway remembers of a signed batch without its bytes.</summary>
internal readonly record struct BatchEntry(long Place, FrameAddress Address, long LastCycle, long LastSlot);

/// <summary>
/// The signed batches: written before they are published, kept until the cloud's signed word frees them, and then as long as
/// there is room. Payload of a frame: key epoch i32 | batch i64 | last cycle i64 | last slot i64 | SHA-256 of the note, 32 |
/// envelope. The file "acked" beside the segments holds how far the cloud's word reached. Batches are counted by their places
/// over all key epochs, see <see cref="BatchPlaces"/>.
/// </summary>
internal sealed class BatchLog : IDisposable
{
    private const int PrefixLength = 60;
    private const int HashOffset = 28;
    private const string AckedName = "acked";

    private readonly string _directory;
    private readonly Lock _gate = new();
    private readonly Dictionary<long, BatchEntry> _entries = [];
    private FramedLog _log = null!;
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

    internal static BatchLog Open(string directory, BatchPlaces places, long segmentLength = OutboxOptions.BatchSegmentLength)
    {
        BatchLog batches = new(directory, places);
        (int ackedEpoch, long acked) = batches.ReadAcked();
        batches._log = FramedLog.Open(directory, segmentLength, (address, payload) => batches.Visit(address, payload, ackedEpoch, acked));
        batches.AckedThrough = batches.AckedPlace(ackedEpoch, acked);
        batches.LastCycle = Math.Max(batches.LastCycle, batches._lastCycleOfOlderEpochs);
        return batches;
    }

    /// <summary>Stores a signed batch under <see cref="NextNumber"/>; durable on return.</summary>
    internal void Append( string noteHash, long lastCycle, long lastSlot, ReadOnlySpan<byte> envelope)
    {
        byte[] payload = new byte[PrefixLength + envelope.Length];
        BinaryPrimitives.WriteInt32BigEndian(payload, Places.LastEpoch);
        BinaryPrimitives.WriteInt64BigEndian(payload.AsSpan(4), NextNumber);
        BinaryPrimitives.WriteInt64BigEndian(payload.AsSpan(12), lastCycle);
        BinaryPrimitives.WriteInt64BigEndian(payload.AsSpan(20), lastSlot);
        Convert.FromHexString(noteHash).CopyTo(payload.AsSpan(HashOffset));
        envelope.CopyTo(payload.AsSpan(PrefixLength));
        FrameAddress address = _log.Append(payload);
        _log.Commit();
        lock (_gate)
        {
            LastBatch++;
            _entries[LastBatch] = new(LastBatch, address, lastCycle, lastSlot);
            LastHash = noteHash;
            LastCycle = lastCycle;
            LastSlot = lastSlot;
        }
    }

    /// <summary>Reads a batch back; false when it is no longer kept or its bytes are damaged.</summary>
    internal bool TryRead(long place, out ReadOnlyMemory<byte> envelope, out string noteHash)
    {
        envelope = default;
        noteHash = "";
        BatchEntry entry;
        lock (_gate)
        {
            if (!_entries.TryGetValue(place, out entry))
            {
                return false;
            }
        }

        byte[]? payload = _log.Read(entry.Address);
        if (payload is null)
        {
            return false;
        }

        noteHash = Convert.ToHexStringLower(payload.AsSpan(HashOffset, PrefixLength - HashOffset));
        envelope = payload.AsMemory(PrefixLength);
        return true;
    }

    /// <summary>Takes the cloud's word, also when it goes back; frees old acknowledged segments above the wanted length.</summary>
    /// <returns>The last cycle that is safe in the cloud.</returns>
    internal long SetAcked(long through, long keepLength)
    {
        lock (_gate)
        {
            AckedThrough = through;
            WriteAcked(through);
            if (!_entries.TryGetValue(through, out BatchEntry entry))
            {
                return 0;
            }

            long oldest = _log.DeleteBefore(entry.Address.Sequence, keepLength);
            foreach (long batch in _entries.Where(pair => pair.Value.Address.Sequence < oldest).Select(pair => pair.Key).ToArray())
            {
                _ = _entries.Remove(batch);
            }

            return entry.LastCycle;
        }
    }

    /// <summary>The oldest batch still kept, or null when there is none.</summary>
    internal long? OldestKept()
    {
        lock (_gate)
        {
            return _entries.Count == 0 ? null : _entries.Keys.Min();
        }
    }

    public void Dispose() => _log.Dispose();

    private void Visit(FrameAddress address, ReadOnlySpan<byte> payload, int ackedEpoch, long acked)
    {
        if (payload.Length < PrefixLength)
        {
            return;
        }

        int epoch = BinaryPrimitives.ReadInt32BigEndian(payload);
        long batch = BinaryPrimitives.ReadInt64BigEndian(payload[4..]);
        long lastCycle = BinaryPrimitives.ReadInt64BigEndian(payload[12..]);
        LastSlot = BinaryPrimitives.ReadInt64BigEndian(payload[20..]);
        if (Places.PlaceOf(epoch, batch) is long place)
        {
            _entries[place] = new(place, address, lastCycle, LastSlot.Value);
            LastCycle = lastCycle;
            if (epoch == Places.LastEpoch)
            {
                LastBatch = place;
                LastHash = Convert.ToHexStringLower(payload[HashOffset..PrefixLength]);
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

    // Not flushed: when a power cut takes it back, batches are sent again and the cloud knows them already.
    private void WriteAcked(long through)
    {
        string path = Path.Combine(_directory, AckedName);
        (int epoch, long number) = Places.At(through);
        File.WriteAllText(path + ".new", string.Create(CultureInfo.InvariantCulture, $"{epoch} {number}\n"));
        File.Move(path + ".new", path, overwrite: true);
    }
}
