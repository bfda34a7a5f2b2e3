using System.Text;
using Metering.Readings;

namespace Metering.Gateway.Outbox;

/// <summary>
/// The readings as they come from the field, one frame per poll cycle, kept until a batch with them is safe in the cloud.
/// A cycle names the table frame it is to be understood by, so that a damaged table can never make readings change their channel.
/// </summary>
internal sealed class CycleLog : IDisposable
{
    /// <summary>A segment holds at least this many times its table, however many channels there are.</summary>
    private const int SmallestTables = 8;

    private CycleTable _table;
    private readonly MemoryStream _stream = new();
    private readonly BinaryWriter _writer;
    private readonly Dictionary<long, CycleTable> _tables = [];
    private readonly HeldCycles _held;
    private FramedLog _log = null!;
    private long _tableSequence;
    private long _lastSequence;
    private long _batchedThrough;
    private bool _damagedBefore;

    private CycleLog(CycleTable table, BatchCutter cutter)
    {
        _table = table;
        _writer = new BinaryWriter(_stream, Encoding.UTF8);
        _held = new(cutter) { ReadBack = address => _log.Read(address) is byte[] payload ? CycleRecord.ReadCycle(payload).Readings : null };
    }

    /// <summary>Where durable cycles go on their way to the cutter.</summary>
    internal HeldCycles Held => _held;

    /// <summary>Last slot read; null for none.</summary>
    internal long? LastSlot { get; private set; }

    internal long Length => _log.Length;

    internal IReadOnlyList<LogDamage> Damages => _log.Damages;

    internal long TornLength => _log.TornLength;

    /// <summary>Opens the log and hands every cycle that is in no batch yet to the cutter.</summary>
    internal static CycleLog Open(ISegmentFiles files, CycleTable table, long batchedThrough, BatchCutter cutter)
    {
        CycleLog cycles = new(table, cutter) { _batchedThrough = batchedThrough };
        CycleRecord.WriteTable(cycles.Begin(), table);
        long segmentLength = Math.Max(OutboxOptions.CycleSegmentLength, SmallestTables * cycles._stream.Length);
        cycles._log = new FramedLog(files, segmentLength);
        cycles._log.Replay(cycles.Visit);

        // What was read without trusted time belongs to a start of the gateway that is over.
        cycles._held.ReleaseAll();
        cycles._log.SkipTo(batchedThrough + 1);
        return cycles;
    }

    /// <summary>What comes from now on is to be understood by another table.</summary>
    internal void Use(CycleTable table) => (_table, _tableSequence) = (table, 0);

    /// <summary>Appends a cycle.</summary>
    /// <returns>Where it stands.</returns>
    internal FrameAddress Append(in CycleHeader header, ReadOnlySpan<Reading> readings)
    {
        if (_tableSequence == 0 || _log.StartsSegment)
        {
            CycleRecord.WriteTable(Begin(), _table);
            _tableSequence = AppendFrame().Sequence;

            // A table is far longer than a cycle; it is written again with the next segment.
            _stream.SetLength(0);
            _stream.Capacity = 0;
        }

        CycleRecord.WriteCycle(Begin(), _tableSequence, header, readings);
        return AppendFrame();
    }

    /// <summary>Appends a gap.</summary>
    internal void Append(GapEvent gap)
    {
        CycleRecord.WriteGap(Begin(), gap);
        _ = AppendFrame();
    }

    /// <summary>Makes the appended durable.</summary>
    /// <exception cref="IOException">Nothing of it was kept.</exception>
    internal void Commit(long lastSlot)
    {
        try
        {
            _log.Commit();
            LastSlot = Math.Max(LastSlot ?? long.MinValue, lastSlot);
        }
        catch (IOException)
        {
            _tableSequence = 0;
            throw;
        }
    }

    internal void DeleteThrough(long cycle) => _log.DeleteBefore(cycle + 1, wantedLength: 0);

    public void Dispose()
    {
        _log.Dispose();
        _writer.Dispose();
    }

    private BinaryWriter Begin()
    {
        _stream.SetLength(0);
        return _writer;
    }

    private FrameAddress AppendFrame() => _log.Append(_stream.GetBuffer().AsSpan(0, (int)_stream.Length));

    private void Visit(FrameAddress address, ReadOnlySpan<byte> payload)
    {
        bool frameLost = _lastSequence > 0 && address.Sequence > _lastSequence + 1 && address.Sequence - 1 > _batchedThrough;
        _lastSequence = address.Sequence;
        switch ((CycleFrameKind)payload[0])
        {
            case CycleFrameKind.Table:
                _tables[address.Sequence] = CycleRecord.ReadTable(payload);
                _damagedBefore |= frameLost;
                break;
            case CycleFrameKind.Gap:
                _damagedBefore |= frameLost;
                if (address.Sequence > _batchedThrough)
                {
                    _held.AddGap(CycleRecord.ReadGap(payload));
                }

                break;
            case CycleFrameKind.Cycle:
                _damagedBefore |= frameLost;
                VisitCycle(address, payload);
                break;
            default:
                _damagedBefore = true;
                break;
        }
    }

    private void VisitCycle(FrameAddress address, ReadOnlySpan<byte> payload)
    {
        (long tableSequence, CycleHeader header, Reading[] readings) = CycleRecord.ReadCycle(payload);
        long? previous = LastSlot;
        if (address.Sequence <= _batchedThrough)
        {
            LastSlot = Math.Max(LastSlot ?? long.MinValue, header.SlotUtcMilliseconds);
            _damagedBefore = false;
            return;
        }

        if (!_tables.TryGetValue(tableSequence, out CycleTable? table))
        {
            _damagedBefore = true;
            return;
        }

        if (_damagedBefore)
        {
            _held.AddGap(new(previous ?? header.SlotUtcMilliseconds, header.SlotUtcMilliseconds, GapReason.Damaged, 0));
            _damagedBefore = false;
        }

        LastSlot = Math.Max(LastSlot ?? long.MinValue, header.SlotUtcMilliseconds);
        _held.Add(table, header, readings, address);
    }
}
