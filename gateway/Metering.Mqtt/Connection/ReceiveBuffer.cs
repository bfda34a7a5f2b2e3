namespace Metering.Mqtt.Connection;

/// <summary>Bytes received and not yet understood. Grows only when full of real bytes, never beyond one packet of the agreed size.</summary>
internal sealed class ReceiveBuffer(int maximumPacketSize)
{
    private const int UsualCapacity = 64 * 1024;
    private const int FirstCapacity = 16 * 1024;

    private byte[] bytes = new byte[FirstCapacity];
    private int start;
    private int end;

    public ReadOnlySpan<byte> Unread => bytes.AsSpan(start, end - start);

    public int Capacity => bytes.Length;

    /// <summary>Room for the next read, at least one byte.</summary>
    public Memory<byte> FreeSpace()
    {
        if (start == end)
        {
            start = end = 0;
            if (bytes.Length > UsualCapacity)
            {
                bytes = new byte[UsualCapacity];
            }
        }
        else if (end == bytes.Length && start > 0)
        {
            bytes.AsSpan(start, end - start).CopyTo(bytes);
            end -= start;
            start = 0;
        }

        if (end == bytes.Length)
        {
            // A whole packet of the maximum size always fits, so a full buffer of that size means the framing is broken.
            Array.Resize(ref bytes, (int)Math.Min(bytes.Length * 2L, Math.Max(maximumPacketSize, bytes.Length + 1)));
        }

        return bytes.AsMemory(end);
    }

    public void Received(int count) => end += count;

    public void Consume(int count) => start += count;
}
