using System.Buffers.Binary;

namespace Metering.Meters.Inputs.Pulses;

/// <summary>How a contact's edges become pulses.</summary>
public sealed record PulseShape
{
    /// <summary>Whether a pulse begins with a rising edge; false for a contact that pulls the line to ground.</summary>
    public bool BeginsRising { get; init; }

    /// <summary>Shortest pulse; zero to count the first edge alone. Above zero both edges are listened to.</summary>
    public TimeSpan MinimumWidth { get; init; }

    /// <summary>After a pulse, further ones within this time are bounces.</summary>
    public TimeSpan DeadTime { get; init; }
}

/// <summary>
/// Counts pulses from the kernel's edge events (struct gpio_v2_line_event, linux/gpio.h, 48 bytes: timestamp_ns u64 at 0, id u32
/// at 8 with 1 rising and 2 falling, offset u32 at 12, seqno u32 at 16, line_seqno u32 at 20). The kernel numbers the edges of a
/// line from 1, also those that found its buffer full: a gap says how many were not seen. Pure.
/// </summary>
internal sealed class PulseEdges(PulseShape shape)
{
    internal const int EventLength = 48;
    private const uint RisingId = 1;
    private const uint FallingId = 2;

    private readonly long _minimumWidth = shape.MinimumWidth.Ticks * TimeSpan.NanosecondsPerTick;
    private readonly long _deadTime = shape.DeadTime.Ticks * TimeSpan.NanosecondsPerTick;
    private readonly uint _beginId = shape.BeginsRising ? RisingId : FallingId;
    private uint _lineSequence;
    private long _began = -1;
    private long _counted = long.MinValue;

    /// <summary>Pulses so far, with <see cref="Missed"/>.</summary>
    internal long Count { get; private set; }

    /// <summary>Pulses that were not seen but follow from the numbering.</summary>
    internal long Missed { get; private set; }

    /// <summary>Edges that were too short or too soon.</summary>
    internal long Rejected { get; private set; }

    /// <summary>Takes one event.</summary>
    internal void Take(ReadOnlySpan<byte> lineEvent)
    {
        long nanoseconds = (long)BinaryPrimitives.ReadUInt64LittleEndian(lineEvent);
        uint id = BinaryPrimitives.ReadUInt32LittleEndian(lineEvent[8..]);
        uint sequence = BinaryPrimitives.ReadUInt32LittleEndian(lineEvent[20..]);
        uint gap = unchecked(sequence - _lineSequence - 1);
        _lineSequence = sequence;
        if (gap != 0)
        {
            // With both edges listened to, two make a pulse.
            long missed = _minimumWidth > 0 ? (gap + 1L) / 2 : gap;
            Count += missed;
            Missed += missed;
            _began = -1;
        }

        if (_minimumWidth == 0)
        {
            Settle(nanoseconds, isWide: true);
        }
        else if (id == _beginId)
        {
            _began = nanoseconds;
        }
        else if (_began >= 0)
        {
            Settle(_began, nanoseconds - _began >= _minimumWidth);
            _began = -1;
        }
    }

    private void Settle(long began, bool isWide)
    {
        bool isLate = _counted == long.MinValue || began - _counted >= _deadTime;
        if (isWide && isLate)
        {
            Count++;
            _counted = began;
        }
        else
        {
            Rejected++;
        }
    }
}
