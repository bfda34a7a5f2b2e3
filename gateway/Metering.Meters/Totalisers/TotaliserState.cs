using System.Buffers.Binary;

namespace Metering.Meters.Totalisers;

/// <summary>What a suspected stretch of readings may be.</summary>
internal enum SuspicionKind : byte
{
    None = 0,
    Rollover = 1,
    Fall = 2,
    Jump = 3,
    Return = 4,
}

/// <summary>
/// Everything a <see cref="TotaliserFilter"/> remembers. Bytes: version 1, then the fields in the order below, little-endian
/// (the total in 16 bytes).
/// </summary>
internal struct TotaliserState
{
    internal const int Length = 144;
    private const byte Version = 1;

    /// <summary>Whether there was a first reading.</summary>
    internal bool HasValue;
    internal bool IsFrozen;
    internal long Value;
    internal long Time;

    /// <summary>When the register last moved.</summary>
    internal long MovedAt;

    /// <summary>Time between the last two readings.</summary>
    internal long Spacing;

    /// <summary>Equal readings in a row, the first one not counted.</summary>
    internal int EqualCount;

    /// <summary>Fastest believed rise, in steps an hour, and how many readings and rises it comes from.</summary>
    internal long FastestStepsPerHour;
    internal int ReadingCount;
    internal int RiseCount;
    internal int LateCount;
    internal Int128 Total;
    internal int BreakCount;

    /// <summary>The suspected stretch, if any: its first and last reading, and how many.</summary>
    internal SuspicionKind Suspicion;
    internal int SuspectCount;
    internal long SuspectFirst;
    internal long SuspectFirstTime;
    internal long SuspectLast;
    internal long SuspectLastTime;

    /// <summary>The last break: the register before it, the one after it; and what the total was. A person or the register itself may still undo it.</summary>
    internal bool HasBreak;
    internal int SinceBreak;
    internal long BreakFrom;
    internal long BreakFromTime;
    internal long BreakTo;

    internal readonly void Write(Span<byte> destination)
    {
        Writer writer = new(destination);
        writer.Byte(Version);
        writer.Byte((byte)((HasValue ? 1 : 0) | (IsFrozen ? 2 : 0) | (HasBreak ? 4 : 0)));
        writer.Byte((byte)Suspicion);
        writer.Byte(0);
        writer.Long(Value);
        writer.Long(Time);
        writer.Long(MovedAt);
        writer.Long(Spacing);
        writer.Int(EqualCount);
        writer.Long(FastestStepsPerHour);
        writer.Int(ReadingCount);
        writer.Int(RiseCount);
        writer.Int(LateCount);
        writer.Long(unchecked((long)(ulong)Total));
        writer.Long((long)(Total >> 64));
        writer.Int(BreakCount);
        writer.Int(SuspectCount);
        writer.Long(SuspectFirst);
        writer.Long(SuspectFirstTime);
        writer.Long(SuspectLast);
        writer.Long(SuspectLastTime);
        writer.Int(SinceBreak);
        writer.Long(BreakFrom);
        writer.Long(BreakFromTime);
        writer.Long(BreakTo);
    }

    internal static bool TryRead(ReadOnlySpan<byte> bytes, out TotaliserState state)
    {
        state = default;
        if (bytes.Length != Length || bytes[0] != Version || bytes[2] > (byte)SuspicionKind.Return)
        {
            return false;
        }

        Reader reader = new(bytes[4..]);
        state.HasValue = (bytes[1] & 1) != 0;
        state.IsFrozen = (bytes[1] & 2) != 0;
        state.HasBreak = (bytes[1] & 4) != 0;
        state.Suspicion = (SuspicionKind)bytes[2];
        state.Value = reader.Long();
        state.Time = reader.Long();
        state.MovedAt = reader.Long();
        state.Spacing = reader.Long();
        state.EqualCount = reader.Int();
        state.FastestStepsPerHour = reader.Long();
        state.ReadingCount = reader.Int();
        state.RiseCount = reader.Int();
        state.LateCount = reader.Int();
        ulong low = unchecked((ulong)reader.Long());
        state.Total = ((Int128)reader.Long() << 64) | low;
        state.BreakCount = reader.Int();
        state.SuspectCount = reader.Int();
        state.SuspectFirst = reader.Long();
        state.SuspectFirstTime = reader.Long();
        state.SuspectLast = reader.Long();
        state.SuspectLastTime = reader.Long();
        state.SinceBreak = reader.Int();
        state.BreakFrom = reader.Long();
        state.BreakFromTime = reader.Long();
        state.BreakTo = reader.Long();
        return true;
    }

    private ref struct Writer(Span<byte> destination)
    {
        private Span<byte> _rest = destination;

        public void Byte(byte value)
        {
            _rest[0] = value;
            _rest = _rest[1..];
        }

        public void Int(int value)
        {
            BinaryPrimitives.WriteInt32LittleEndian(_rest, value);
            _rest = _rest[sizeof(int)..];
        }

        public void Long(long value)
        {
            BinaryPrimitives.WriteInt64LittleEndian(_rest, value);
            _rest = _rest[sizeof(long)..];
        }
    }

    private ref struct Reader(ReadOnlySpan<byte> source)
    {
        private ReadOnlySpan<byte> _rest = source;

        public int Int()
        {
            int value = BinaryPrimitives.ReadInt32LittleEndian(_rest);
            _rest = _rest[sizeof(int)..];
            return value;
        }

        public long Long()
        {
            long value = BinaryPrimitives.ReadInt64LittleEndian(_rest);
            _rest = _rest[sizeof(long)..];
            return value;
        }
    }
}
