using System.Runtime.InteropServices;
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
/// <param name="Items">The pieces of values in it, by their offset.</param>
public sealed record PollRequest(ModbusTable Table, ushort Start, int Count, IReadOnlyList<PollItem> Items);

/// <summary>What a plan may not do, beyond the limits of the profile.</summary>
public sealed record PollLimits
{
    /// <summary>Addresses that no request may reach from below: the meter refused a block that did.</summary>
    public IReadOnlySet<(ModbusTable Table, ushort Address)> Cuts { get; init; } = new HashSet<(ModbusTable, ushort)>();

    /// <summary>Longest time a request of several values may take, so that a faster value need not wait for it; null for no limit.</summary>
    public TimeSpan? LongestRequest { get; init; }
}

/// <summary>
/// The cheapest requests that read a set of values. A request is a stretch of the spans sorted by table and address, so the best
/// partition is found exactly by dynamic programming over its last request. A span is never split over two requests, since its
/// registers could then come from two moments.
/// </summary>
public static class PollPlan
{
    private const int NothingTogether = int.MinValue;

    /// <summary>The fewest requests for all values of a profile, in the order of their tables and addresses.</summary>
    public static IReadOnlyList<PollRequest> For(DeviceProfile profile)
    {
        ArgumentNullException.ThrowIfNull(profile);
        return For(profile, [.. Enumerable.Range(0, profile.Registers.Count)], PollCosts.Tcp, new());
    }

    /// <summary>The cheapest requests for some values of a profile, in the order of their tables and addresses.</summary>
    /// <param name="profile">The profile; its largest hole and largest request are kept.</param>
    /// <param name="registers">Indices into <see cref="DeviceProfile.Registers"/>.</param>
    /// <param name="costs">What a request costs on this line.</param>
    /// <param name="limits">What else is not allowed.</param>
    public static IReadOnlyList<PollRequest> For(DeviceProfile profile, IReadOnlyList<int> registers, PollCosts costs, PollLimits limits)
    {
        ArgumentNullException.ThrowIfNull(profile);
        ArgumentNullException.ThrowIfNull(registers);
        ArgumentNullException.ThrowIfNull(limits);
        Piece[] pieces = PiecesOf(profile, registers);
        int most = limits.LongestRequest is TimeSpan longest ? Math.Min(profile.MaximumRegisters, costs.RegistersWithin(longest)) : profile.MaximumRegisters;
        int hole = profile.Coalesce ? profile.MaximumHole : NothingTogether;
        int[] starts = CheapestStarts(pieces, hole, most, costs, limits);
        List<PollRequest> requests = [];
        for (int end = pieces.Length; end > 0; end = starts[end])
        {
            requests.Add(RequestOf(pieces.AsSpan(starts[end]..end)));
        }

        requests.Reverse();
        return requests;
    }

    /// <summary>
    /// Where a refused request is to be cut: at every hole; without a hole, in the middle, so that the one value which the meter does not
    /// have is found by halving.
    /// </summary>
    /// <returns>The addresses; none when only one span is left.</returns>
    public static IReadOnlyList<ushort> CutsOf(PollRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        List<ushort> holes = [];
        List<ushort> all = [];
        int end = 0;
        foreach (PollItem item in request.Items)
        {
            if (item.Offset > end)
            {
                holes.Add((ushort)(request.Start + item.Offset));
            }

            if (item.Offset >= end && item.Offset > 0)
            {
                all.Add((ushort)(request.Start + item.Offset));
            }

            end = Math.Max(end, item.Offset + item.Count);
        }

        return holes.Count > 0 ? holes : all.Count > 0 ? [all[all.Count / 2]] : [];
    }

    /// <summary>A request in pieces, cut at some addresses.</summary>
    /// <param name="request">The request.</param>
    /// <param name="cuts">Addresses that no piece may reach from below.</param>
    public static IReadOnlyList<PollRequest> Cut(PollRequest request, IReadOnlySet<(ModbusTable Table, ushort Address)> cuts)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(cuts);
        List<PollRequest> requests = [];
        List<Piece> block = [];
        foreach (PollItem item in request.Items)
        {
            RegisterSpan span = new(request.Table, (ushort)(request.Start + item.Offset), item.Count);
            if (block.Count > 0 && span.Address != block[0].Span.Address && cuts.Contains((span.Table, span.Address)))
            {
                requests.Add(RequestOf(CollectionsMarshal.AsSpan(block)));
                block.Clear();
            }

            block.Add(new(span, item.RegisterIndex, item.ValueOffset));
        }

        requests.Add(RequestOf(CollectionsMarshal.AsSpan(block)));
        return requests;
    }

    // starts[end] = first piece of the request that ends before piece `end`, in the cheapest way to read pieces 0 to end - 1.
    private static int[] CheapestStarts(Piece[] pieces, int maximumHole, int maximumRegisters, PollCosts costs, PollLimits limits)
    {
        long[] best = new long[pieces.Length + 1];
        int[] starts = new int[pieces.Length + 1];
        Array.Fill(best, long.MaxValue, 1, pieces.Length);
        for (int first = 0; first < pieces.Length; first++)
        {
            RegisterSpan block = pieces[first].Span;
            for (int last = first; last < pieces.Length; last++)
            {
                RegisterSpan span = pieces[last].Span;
                int end = Math.Max(block.End, span.End);
                bool belongs = last == first
                    || (span.Table == block.Table
                        && span.Address - block.End <= maximumHole
                        && end - block.Address <= maximumRegisters
                        && (span.Address == block.Address || !limits.Cuts.Contains((span.Table, span.Address))));
                if (!belongs)
                {
                    break;
                }

                block = block with { Count = end - block.Address };

                // One tick a request more: of equal costs, the fewer requests; of as many, the longer ones first.
                long cost = best[first] + (costs.Of(block.Count) + costs.Gap).Ticks + 1;
                if (cost <= best[last + 1])
                {
                    best[last + 1] = cost;
                    starts[last + 1] = first;
                }
            }
        }

        return starts;
    }

    private static PollRequest RequestOf(ReadOnlySpan<Piece> pieces)
    {
        RegisterSpan first = pieces[0].Span;
        int end = first.End;
        PollItem[] items = new PollItem[pieces.Length];
        for (int index = 0; index < pieces.Length; index++)
        {
            (RegisterSpan span, int register, int valueOffset) = pieces[index];
            items[index] = new(register, span.Address - first.Address, span.Count, valueOffset);
            end = Math.Max(end, span.End);
        }

        return new(first.Table, first.Address, end - first.Address, items);
    }

    private static Piece[] PiecesOf(DeviceProfile profile, IReadOnlyList<int> registers)
    {
        List<Piece> all = [];
        foreach (int index in registers)
        {
            int offset = 0;
            foreach (RegisterSpan span in profile.Registers[index].Spans)
            {
                all.Add(new(span, index, offset));
                offset += span.Count;
            }
        }

        return [.. all.OrderBy(piece => piece.Span.Table).ThenBy(piece => piece.Span.Address)];
    }

    private readonly record struct Piece(RegisterSpan Span, int RegisterIndex, int ValueOffset);
}
