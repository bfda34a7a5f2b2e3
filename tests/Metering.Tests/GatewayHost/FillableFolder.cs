using Metering.Gateway.Outbox;

namespace Metering.Tests.GatewayHost;

/// <summary>A real folder on a disk that others may fill: a write then leaves half of itself and fails, as ENOSPC does.</summary>
internal sealed class FillableFolder(string folder, Func<bool> isFull) : ISegmentFiles
{
    private readonly SegmentFolder _inner = new(folder);

    public long[] List() => _inner.List();

    public string NameOf(long segment) => _inner.NameOf(segment);

    public byte[] ReadAll(long segment) => _inner.ReadAll(segment);

    public bool TryRead(long segment, long offset, Span<byte> destination) => _inner.TryRead(segment, offset, destination);

    public ISegmentFile Create(long segment) => isFull() ? throw new IOException("No space left on device") : new Segment(_inner.Create(segment), isFull);

    public ISegmentFile Open(long segment, long length) => new Segment(_inner.Open(segment, length), isFull);

    public void Delete(long segment) => _inner.Delete(segment);

    private sealed class Segment(ISegmentFile inner, Func<bool> isFull) : ISegmentFile
    {
        public void Append(ReadOnlySpan<byte> bytes)
        {
            if (isFull())
            {
                inner.Append(bytes[..(bytes.Length / 2)]);
                throw new IOException("No space left on device");
            }

            inner.Append(bytes);
        }

        public void Flush() => inner.Flush();

        public void CutTo(long length) => inner.CutTo(length);

        public void Dispose() => inner.Dispose();
    }
}
