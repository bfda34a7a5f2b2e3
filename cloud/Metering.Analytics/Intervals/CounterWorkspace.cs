namespace Metering.Analytics.Intervals;

/// <summary>Neighbouring readings kept as they are: indices into the input, and what rollovers add to them.</summary>
/// <param name="From">First reading.</param>
/// <param name="To">Reading after the last.</param>
/// <param name="Rolled">Register steps to add.</param>
internal readonly record struct CounterRun(int From, int To, long Rolled);

/// <summary>Two readings kept with more time between them than usual.</summary>
internal readonly record struct CounterGap(long FromUtcMilliseconds, long ToUtcMilliseconds, long Rise);

/// <summary>A difference that was laid out over borders between two readings far apart.</summary>
internal readonly record struct LongLink(long FromUtcMilliseconds, long ToUtcMilliseconds, long FromRegister, long ToRegister);

/// <summary>The buffers of the counter kernel. They grow with the largest input met and are used again.</summary>
internal sealed class CounterWorkspace
{
    private long[] times = [];
    private long[] values = [];
    private int[] order = [];
    private long[] spacings = [];
    private byte[] flags = [];

    public List<CounterRun> Runs { get; } = [];

    public List<CounterGap> Gaps { get; } = [];

    public List<LongLink> Links { get; } = [];

    public List<CounterSegment> Segments { get; } = [];

    public FindingLog Findings { get; } = new(0);

    public long[] Times(int count) => Sized(ref times, count);

    public long[] Values(int count) => Sized(ref values, count);

    public int[] Order(int count) => Sized(ref order, count);

    public long[] Spacings(int count) => Sized(ref spacings, count);

    /// <summary>The flags last given out.</summary>
    public ReadOnlySpan<byte> FlagsInUse => flags;

    /// <summary>One flag per border, all clear.</summary>
    public byte[] Flags(int count)
    {
        byte[] sized = Sized(ref flags, count);
        Array.Clear(sized, 0, count);
        return sized;
    }

    public void Begin(int exponent)
    {
        Runs.Clear();
        Gaps.Clear();
        Links.Clear();
        Segments.Clear();
        Findings.Begin(exponent);
    }

    /// <summary>A buffer of at least this length; its old contents do not matter.</summary>
    public static T[] Sized<T>(ref T[] buffer, int count)
    {
        if (buffer.Length < count)
        {
            buffer = GC.AllocateUninitializedArray<T>(count);
        }

        return buffer;
    }
}
