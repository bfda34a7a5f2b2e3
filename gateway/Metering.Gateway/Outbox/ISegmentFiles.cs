namespace Metering.Gateway.Outbox;

/// <summary>
/// The segment files of one framed log. There are two of them: the disk, and the simulated disk of the crash tests, which
/// loses, tears and rots what a real one may. A segment is named by the first sequence in it.
/// </summary>
internal interface ISegmentFiles
{
    /// <summary>The segments that are there, ascending.</summary>
    long[] List();

    /// <summary>What messages call a segment.</summary>
    string NameOf(long segment);

    /// <summary>All bytes of a segment.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    byte[] ReadAll(long segment);

    /// <summary>Fills the destination from an offset on; false when the segment is gone or shorter.</summary>
    bool TryRead(long segment, long offset, Span<byte> destination);

    /// <summary>Makes an empty segment; its name is durable on return.</summary>
    /// <exception cref="IOException">The disk is full or broken.</exception>
    ISegmentFile Create(long segment);

    /// <summary>Opens a segment for appending and cuts it to a length; both are durable on return.</summary>
    /// <exception cref="IOException">The disk is broken.</exception>
    ISegmentFile Open(long segment, long length);

    /// <summary>Deletes a segment, now or, after a power cut, perhaps not.</summary>
    void Delete(long segment);
}

/// <summary>A segment that is appended to. Belongs to one thread.</summary>
internal interface ISegmentFile : IDisposable
{
    /// <summary>Writes behind the last byte; not durable yet.</summary>
    /// <exception cref="IOException">The disk is full or broken; part of it may be written.</exception>
    void Append(ReadOnlySpan<byte> bytes);

    /// <summary>Returns when the disk has everything appended.</summary>
    /// <exception cref="IOException">Nobody knows what the disk has.</exception>
    void Flush();

    /// <summary>Takes back what stands behind a length.</summary>
    void CutTo(long length);
}

/// <summary>
/// The disk did not confirm a flush. What it holds is unknown, and a second try may report success for bytes that were thrown
/// away meanwhile (the kernel marks them clean after the first failure), so nothing more is written: the process must start
/// again and read what is really there.
/// </summary>
internal sealed class DiskFlushException(string message, Exception cause) : IOException(message, cause);
