namespace Metering.Analytics.CountryPacks;

/// <summary>One file of a country pack: dated rows, of which at most one per id holds on any day.</summary>
public sealed class PackTable
{
    private readonly Dictionary<string, List<PackRow>> byId = new(StringComparer.Ordinal);

    internal PackTable(string name, IReadOnlyList<string> columns, IReadOnlyList<PackRow> rows)
    {
        Name = name;
        Columns = columns;
        Rows = rows;
        foreach (PackRow row in rows)
        {
            if (!byId.TryGetValue(row.Id, out List<PackRow>? sameId))
            {
                sameId = [];
                byId.Add(row.Id, sameId);
            }

            sameId.Add(row);
        }

        foreach (List<PackRow> sameId in byId.Values)
        {
            RefuseOverlap(sameId);
        }
    }

    /// <summary>Name of the file without its ending, for example <c>grid-factors</c>.</summary>
    public string Name { get; }

    /// <summary>Names in the header, in order.</summary>
    public IReadOnlyList<string> Columns { get; }

    /// <summary>All rows in the order of the file.</summary>
    public IReadOnlyList<PackRow> Rows { get; }

    /// <summary>The row of an id that holds on a day. Nothing is interpolated or carried on: a day outside all rows is refused.</summary>
    /// <param name="id">The id, exactly as in the file.</param>
    /// <param name="day">The day.</param>
    public PackAnswer At(string id, DateOnly day)
    {
        ArgumentNullException.ThrowIfNull(id);
        if (!byId.TryGetValue(id, out List<PackRow>? sameId))
        {
            return new PackAnswer(null, $"{Name}.csv has no row with the id {id}.");
        }

        foreach (PackRow row in sameId)
        {
            if (row.HoldsOn(day))
            {
                return new PackAnswer(row, null);
            }
        }

        PackRow first = sameId[0];
        PackRow last = sameId[^1];
        string end = last.ValidTo is DateOnly to ? $"{to:yyyy-MM-dd}" : "today";
        return new PackAnswer(
            null, $"{Name}.csv has no row {id} for {day:yyyy-MM-dd}; it knows {first.ValidFrom:yyyy-MM-dd} to {end} only, with possible gaps.");
    }

    // Sorted once, so that neighbours are the only pairs to look at.
    private static void RefuseOverlap(List<PackRow> sameId)
    {
        sameId.Sort((a, b) => a.ValidFrom != b.ValidFrom ? a.ValidFrom.CompareTo(b.ValidFrom) : a.Line.CompareTo(b.Line));
        for (int index = 1; index < sameId.Count; index++)
        {
            PackRow earlier = sameId[index - 1];
            PackRow later = sameId[index];
            if (earlier.ValidTo is null || earlier.ValidTo >= later.ValidFrom)
            {
                throw later.Fault($"the id {later.Id} holds from {later.ValidFrom:yyyy-MM-dd} while line {earlier.Line} still holds");
            }
        }
    }
}
