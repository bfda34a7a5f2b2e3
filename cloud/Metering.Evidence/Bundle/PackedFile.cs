namespace Metering.Evidence.Bundle;

/// <summary>
/// A file of a bundle that is compressed on the side, so that several can be at the same time, and put into the bundle when it is whole. One thread at a time.
/// </summary>
public sealed class PackedFile : IDisposable
{
    private readonly Stream _packed;
    private readonly PackingStream _packing;

    /// <summary>Begins a file.</summary>
    /// <param name="name">One of <see cref="BundleNames"/>.</param>
    /// <param name="packed">Takes the compressed bytes; empty, can be read and sought. It is closed with the file.</param>
    public PackedFile(string name, Stream packed)
    {
        Name = name;
        _packed = packed;
        _packing = new(packed);
    }

    /// <summary>Its name in the bundle.</summary>
    public string Name { get; }

    /// <summary>Bytes written so far, before compression.</summary>
    public long Length => _packing.Count;

    /// <summary>CRC-32 of the bytes written so far.</summary>
    internal uint Checksum => _packing.Checksum;

    /// <summary>Appends bytes.</summary>
    public void Append(ReadOnlySpan<byte> bytes) => _packing.Write(bytes);

    /// <summary>Ends the file and copies its compressed bytes.</summary>
    internal void CopyTo(Stream stream)
    {
        _packing.Dispose();
        _packed.Position = 0;
        _packed.CopyTo(stream);
    }

    /// <summary>Lets go of the compressed bytes.</summary>
    public void Dispose()
    {
        _packing.Dispose();
        _packed.Dispose();
    }
}
