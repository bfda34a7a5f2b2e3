namespace Metering.FirmwareSim.Replay;

/// <summary>From when until when each row is shown, in order of time and without overlap; milliseconds since 1970-01-01 UTC.</summary>
internal sealed class Timeline(long[] from, long[] until)
{
    /// <summary>When the first row begins to be shown.</summary>
    internal long First => from[0];

    /// <summary>When the last row ends to be shown.</summary>
    internal long End => until[^1];

    /// <summary>The row shown at an instant, or -1.</summary>
    internal int RowAt(long instant)
    {
        int index = Array.BinarySearch(from, instant);
        int row = index >= 0 ? index : ~index - 1;
        return row >= 0 && instant < until[row] ? row : -1;
    }
}
