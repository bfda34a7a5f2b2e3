using System.Globalization;
using System.Runtime.InteropServices;
using Metering.Gateway.Outbox;

namespace Metering.Tests.GatewayHost;

/// <summary>
/// A disk in memory that does, seeded, what a real one may: a power cut keeps any subset of the 512-byte sectors written since
/// the last flush, in any order; a sector may rot; a flush may fail, and then what it should have kept is lost like the rest.
/// </summary>
internal sealed class SimulatedDisk(Random random) : ISegmentFiles
{
    private const int SectorLength = 512;
    private readonly SortedDictionary<long, Segment> _segments = [];

    /// <summary>Flushes that will go well before one fails; null for never.</summary>
    internal int? FlushesUntilFailure { get; set; }

    /// <summary>Whether the power fails in the next flush, when nobody knows which sectors have arrived.</summary>
    internal bool PowerFailsAtFlush { get; set; }

    /// <summary>Writes after a flush has failed: the log must not do that.</summary>
    internal int WritesAfterFailure { get; private set; }

    internal bool HasFailed { get; private set; }

    public long[] List() => [.. _segments.Keys];

    public string NameOf(long segment) => segment.ToString(CultureInfo.InvariantCulture);

    public byte[] ReadAll(long segment) => _segments[segment].Seen.ToArray();

    public bool TryRead(long segment, long offset, Span<byte> destination)
    {
        if (!_segments.TryGetValue(segment, out Segment? found) || found.Seen.Count < offset + destination.Length)
        {
            return false;
        }

        CollectionsMarshal.AsSpan(found.Seen).Slice((int)offset, destination.Length).CopyTo(destination);
        return true;
    }

    public ISegmentFile Create(long segment) => _segments[segment] = new Segment(this);

    public ISegmentFile Open(long segment, long length)
    {
        _segments[segment].CutTo(length);
        _segments[segment].Flush();
        return _segments[segment];
    }

    public void Delete(long segment) => _segments.Remove(segment);

    /// <summary>The disk after a power cut at this moment.</summary>
    internal SimulatedDisk Cut()
    {
        SimulatedDisk after = new(random);
        foreach ((long name, Segment segment) in _segments)
        {
            after._segments[name] = segment.Cut(after, random);
        }

        return after;
    }

    /// <summary>Turns one bit somewhere.</summary>
    internal void Rot()
    {
        Segment[] whole = [.. _segments.Values.Where(segment => segment.Seen.Count > 0)];
        Segment chosen = whole[random.Next(whole.Length)];
        chosen.Seen[random.Next(chosen.Seen.Count)] ^= (byte)(1 << random.Next(8));
    }

    internal sealed class PowerFailedException : Exception;

    private sealed class Segment(SimulatedDisk disk) : ISegmentFile
    {
        private byte[] _durable = [];

        internal List<byte> Seen { get; private init; } = [];

        public void Append(ReadOnlySpan<byte> bytes)
        {
            disk.WritesAfterFailure += disk.HasFailed ? 1 : 0;
            Seen.AddRange(bytes);
        }

        public void Flush()
        {
            if (disk.HasFailed || disk.FlushesUntilFailure == 0)
            {
                disk.HasFailed = true;
                throw new IOException("Input/output error");
            }

            if (disk.PowerFailsAtFlush)
            {
                throw new PowerFailedException();
            }

            disk.FlushesUntilFailure--;
            _durable = [.. Seen];
        }

        public void CutTo(long length)
        {
            Seen.RemoveRange((int)length, Seen.Count - (int)length);
        }

        public void Dispose()
        {
        }

        // Each sector that differs has its old bytes or its new ones; the length is the old one, the new one or one between.
        internal Segment Cut(SimulatedDisk after, Random random)
        {
            int shorter = Math.Min(_durable.Length, Seen.Count);
            int longer = Math.Max(_durable.Length, Seen.Count);
            byte[] left = new byte[random.Next(3) switch { 0 => shorter, 1 => longer, _ => random.Next(shorter, longer + 1) }];
            for (int start = 0; start < left.Length; start += SectorLength)
            {
                IReadOnlyList<byte> source = random.Next(2) == 0 ? Seen : _durable;
                for (int index = start; index < Math.Min(start + SectorLength, left.Length); index++)
                {
                    // Bytes that neither has, or that never came to the disk, read as zero.
                    left[index] = index < shorter && _durable[index] == Seen[index] ? Seen[index] : index < source.Count ? source[index] : (byte)0;
                }
            }

            return new(after) { Seen = [.. left], _durable = left };
        }
    }
}
