using Metering.Readings;

namespace Metering.Gateway.Outbox;

/// <summary>Cycles on their way from the poll thread to the disk: one flat array of readings, used again and again.</summary>
internal sealed class PendingCycles
{
    private readonly List<Item> _items = [];
    private Reading[] _readings = new Reading[1024];

    /// <summary>Readings waiting.</summary>
    internal int ReadingCount { get; private set; }

    internal bool IsEmpty => _items.Count == 0;

    internal IReadOnlyList<Item> Items => _items;

    internal void Add(in CycleHeader header, ReadOnlySpan<Reading> readings)
    {
        if (ReadingCount + readings.Length > _readings.Length)
        {
            Array.Resize(ref _readings, Math.Max(_readings.Length * 2, ReadingCount + readings.Length));
        }

        readings.CopyTo(_readings.AsSpan(ReadingCount));
        _items.Add(new(header, ReadingCount, readings.Length, null));
        ReadingCount += readings.Length;
    }

    internal void Add(GapEvent gap) => _items.Add(new(default, 0, 0, gap));

    internal ReadOnlySpan<Reading> ReadingsOf(in Item item) => _readings.AsSpan(item.Start, item.Count);

    internal void Clear()
    {
        _items.Clear();
        ReadingCount = 0;
    }

    internal readonly record struct Item(CycleHeader Header, int Start, int Count, GapEvent? Gap);
}
