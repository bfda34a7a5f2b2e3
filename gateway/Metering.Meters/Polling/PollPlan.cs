using Metering.Fieldbus.Modbus;
using Metering.Meters.Profiles;

namespace Metering.Meters.Polling;

/// <summary>A piece of a value inside a request.</summary>
/// <param name="RegisterIndex">0-based index into <see cref="DeviceProfile.Registers"/>.</param>
/// <param name="Offset">Registers from the start of the request.</param>
/// <param name="Count">Registers of the piece.</param>
/// <param name="ValueOffset">Registers of the value before this piece.</param>
public readonly record struct PollItem(int RegisterIndex, int Offset, int Count, int ValueOffset);

/// <summary>One request of a poll plan.</summary>
/// <param name="Table">Holding or input registers.</param>
/// <param name="Start">Address of the first register, 0-based.</param>
/// <param name="Count">Registers, 1-125.</param>
/// <param name="Items">The pieces of values in it.</param>
public sealed record PollRequest(ModbusTable Table, ushort Start, int Count, IReadOnlyList<PollItem> Items);

/// <summary>
/// The fewest requests that read every value of a profile: spans sorted by table and address, each request stretched as far as the
/// limits of the meter allow. Stretching greedily from the lowest address is optimal here, as a request is an interval.
/// A span is never split over two requests, since its registers could then come from two moments.
/// </summary>
public static class PollPlan
{
    /// <summary>The requests for a profile, in the order of their tables and addresses.</summary>
    public static IReadOnlyList<PollRequest> For(DeviceProfile profile)
    {
        List<PollRequest> requests = [];
        List<PollItem> items = [];
        RegisterSpan block = default;
        foreach ((RegisterSpan span, int index, int valueOffset) in SpansOf(profile))
        {
            bool fits = items.Count > 0
                && profile.Coalesce
                && span.Table == block.Table
                && span.Address - block.End <= profile.MaximumHole
                && Math.Max(block.End, span.End) - block.Address <= profile.MaximumRegisters;
            if (!fits && items.Count > 0)
            {
                requests.Add(new(block.Table, block.Address, block.Count, [.. items]));
                items.Clear();
            }

            block = items.Count == 0 ? span : block with { Count = Math.Max(block.End, span.End) - block.Address };
            items.Add(new(index, span.Address - block.Address, span.Count, valueOffset));
        }

        if (items.Count > 0)
        {
            requests.Add(new(block.Table, block.Address, block.Count, [.. items]));
        }

        return requests;
    }

    private static IEnumerable<(RegisterSpan Span, int Index, int ValueOffset)> SpansOf(DeviceProfile profile)
    {
        List<(RegisterSpan Span, int Index, int ValueOffset)> all = [];
        for (int index = 0; index < profile.Registers.Count; index++)
        {
            int offset = 0;
            foreach (RegisterSpan span in profile.Registers[index].Spans)
            {
                all.Add((span, index, offset));
                offset += span.Count;
            }
        }

        return all.OrderBy(entry => entry.Span.Table).ThenBy(entry => entry.Span.Address);
    }
}
