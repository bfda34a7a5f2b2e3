using System.Globalization;
using Metering.Readings;

namespace Metering.Gateway.Outbox;

/// <summary>Segment files in a folder of the disk.</summary>
internal sealed class SegmentFolder : ISegmentFiles
{
    private const string Ending = ".log";
    private readonly string _folder;

    /// <exception cref="IOException">The folder cannot be made.</exception>
    internal SegmentFolder(string folder)
    {
        _folder = folder;
        _ = Directory.CreateDirectory(folder);
    }

    /// <inheritdoc/>
    public long[] List() => [.. Directory.GetFiles(_folder, "*" + Ending).Select(FirstSequenceOf).Where(first => first > 0).Order()];

    /// <inheritdoc/>
    public string NameOf(long segment) => Path.Combine(_folder, segment.ToString("D20", CultureInfo.InvariantCulture) + Ending);

    /// <inheritdoc/>
    public byte[] ReadAll(long segment) => File.ReadAllBytes(NameOf(segment));

    /// <inheritdoc/>
    public bool TryRead(long segment, long offset, Span<byte> destination)
    {
        try
        {
            using FileStream file = new(NameOf(segment), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
            file.Position = offset;
            file.ReadExactly(destination);
            return true;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException or EndOfStreamException)
        {
            return false;
        }
    }

    /// <inheritdoc/>
    public ISegmentFile Create(long segment)
    {
        SegmentFile file = new(new FileStream(NameOf(segment), FileMode.Create, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0));
        try
        {
            DirectorySync.Flush(_folder);
            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public ISegmentFile Open(long segment, long length)
    {
        SegmentFile file = new(new FileStream(NameOf(segment), FileMode.Open, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0));
        try
        {
            file.CutTo(length);
            file.Flush();
            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Delete(long segment) => File.Delete(NameOf(segment));

    private static long FirstSequenceOf(string path) =>
        long.TryParse(Path.GetFileNameWithoutExtension(path), NumberStyles.None, CultureInfo.InvariantCulture, out long first) ? first : 0;

    private sealed class SegmentFile(FileStream file) : ISegmentFile
    {
        public void Append(ReadOnlySpan<byte> bytes) => file.Write(bytes);

        public void Flush() => file.Flush(flushToDisk: true);

        public void CutTo(long length)
        {
            file.SetLength(length);
            file.Position = length;
        }

        public void Dispose() => file.Dispose();
    }
}
