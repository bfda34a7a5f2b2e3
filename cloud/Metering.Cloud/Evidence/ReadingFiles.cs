using System.Buffers;
using System.Globalization;
using Metering.Evidence.Bundle;
using Metering.Readings;
using Metering.Store;

namespace Metering.Cloud.Evidence;

/// <summary>
/// The notes and segments of batches, compressed into temporary files while the journal is read: batches are opened side by side, then each channel's segments are appended side by
/// side, so that memory holds one page of the journal whatever the project's size. The temporary files are gone with this.
/// </summary>
internal sealed class ReadingFiles : IDisposable
{
    // A page of the journal in bytes; batches expand some six times.
    private const int PageLength = 2 * 1024 * 1024;
    private const int FirstPage = 16;
    private const int LargestPage = 1024;
    private const int Together = 4;

    private readonly string _folder;
    private readonly HashSet<ChannelName> _channels;
    private readonly SortedDictionary<string, PackedFile> _files = new(StringComparer.Ordinal);
    private readonly Dictionary<PackedFile, SegmentPacker> _packers = [];

    /// <summary>Begins.</summary>
    /// <param name="folder">Folder for temporary files.</param>
    /// <param name="channels">Channels whose segments are shown.</param>
    public ReadingFiles(string folder, IEnumerable<ChannelName> channels)
    {
        _folder = folder;
        _channels = channels.ToHashSet();
    }

    /// <summary>Batches read.</summary>
    public long BatchCount { get; private set; }

    /// <summary>Readings of the project's channels in them.</summary>
    public long ReadingCount { get; private set; }

    /// <summary>Reads the batches of a gateway's key epoch.</summary>
    /// <param name="store">The journal.</param>
    /// <param name="shown">The batches.</param>
    /// <param name="progress">Told after each page.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="BundleRefusal">A batch is not in the journal any more.</exception>
    public void Read(IReadingStore store, ShownBatches shown, Action progress, CancellationToken cancellationToken)
    {
        int next = 0;
        int page = FirstPage;
        while (next < shown.Numbers.Count)
        {
            cancellationToken.ThrowIfCancellationRequested();
            IReadOnlyList<ChainBatch> batches = store.BatchesFrom(shown.Gateway, shown.KeyEpoch, shown.Numbers[next], Math.Min(page, shown.Numbers.Count - next));
            for (int index = 0; index < Math.Max(1, batches.Count); index++)
            {
                if (index >= batches.Count || batches[index].Batch != shown.Numbers[next + index])
                {
                    throw Gone(shown, shown.Numbers[next + index]);
                }
            }

            Append(shown, batches);
            next += batches.Count;
            BatchCount += batches.Count;
            page = (int)Math.Clamp(PageLength * (long)batches.Count / Math.Max(1, batches.Sum(batch => (long)batch.Envelope.Length)), 1, LargestPage);
            progress();
        }
    }

    /// <summary>Adds the files to a bundle, by name.</summary>
    public void AddTo(BundleWriter bundle)
    {
        foreach (PackedFile file in _files.Values)
        {
            bundle.Add(file);
        }
    }

    /// <summary>Deletes the temporary files.</summary>
    public void Dispose()
    {
        foreach (PackedFile file in _files.Values)
        {
            file.Dispose();
        }
    }

    private void Append(ShownBatches shown, IReadOnlyList<ChainBatch> batches)
    {
        BatchEnvelope[] envelopes = new BatchEnvelope[batches.Count];
        ParallelOptions together = new() { MaxDegreeOfParallelism = Math.Min(Together, Environment.ProcessorCount) };
        _ = Parallel.For(0, envelopes.Length, together, index => envelopes[index] = BatchEnvelope.Open(batches[index].Envelope.Span));

        // The files are opened here, before several threads look them up.
        PackedFile notes = FileOf(BundleNames.NotesOf(shown.Gateway, shown.KeyEpoch));
        PackedFile hashes = FileOf(BundleNames.HashesOf(shown.Gateway, shown.KeyEpoch));
        Dictionary<string, PackedFile> segments = new(StringComparer.Ordinal);
        foreach (ManifestChannel line in envelopes.SelectMany(envelope => envelope.Manifest.Channels))
        {
            if (_channels.Contains(new(shown.Gateway, line.Channel)))
            {
                PackedFile file = FileOf(BundleNames.SegmentsOf(shown.Gateway, shown.KeyEpoch, line.Channel));
                segments[line.Channel] = file;
                _ = _packers.TryAdd(file, new());
                ReadingCount += line.Count;
            }
        }

        Action[] work = [() => AppendNotes(notes, hashes, envelopes), .. segments.Select(pair => (Action)(() => AppendSegments(pair.Key, (pair.Value, _packers[pair.Value]), envelopes)))];
        Parallel.Invoke(together, work);
    }

    private static void AppendNotes(PackedFile notes, PackedFile hashes, BatchEnvelope[] envelopes)
    {
        ArrayBufferWriter<byte> text = new();
        ArrayBufferWriter<byte> apart = new();
        foreach (BatchEnvelope envelope in envelopes)
        {
            NoteHashes.Pack(envelope.Note.Span, text, apart);
        }

        notes.Append(text.WrittenSpan);
        hashes.Append(apart.WrittenSpan);
    }

    private static void AppendSegments(string channel, (PackedFile File, SegmentPacker Packer) target, BatchEnvelope[] envelopes)
    {
        foreach (BatchEnvelope envelope in envelopes)
        {
            for (int index = 0; index < envelope.Segments.Count; index++)
            {
                if (envelope.Manifest.Channels[index].Channel == channel)
                {
                    target.File.Append(target.Packer.Pack(envelope.Segments[index]));
                }
            }
        }
    }

    private PackedFile FileOf(string name)
    {
        if (!_files.TryGetValue(name, out PackedFile? file))
        {
            _files[name] = file = new(name, TemporaryFile.Create(_folder));
        }

        return file;
    }

    private static BundleRefusal Gone(ShownBatches shown, long number)
    {
        string batch = string.Create(CultureInfo.InvariantCulture, $"{shown.Gateway}.{shown.KeyEpoch}/{number}");
        return new("batch-pruned", isTransient: false, new(
            $"El lote {batch}, del que depende el resultado, ya no está en el diario: se depuró con 'cloud store prune --journal'. Restaure una copia de seguridad que lo tenga.",
            $"Batch {batch}, which the result stands on, is not in the journal any more: it was pruned by 'cloud store prune --journal'. Restore a backup that has it."));
    }
}

/// <summary>Files that nobody sees: they have no name any more, and are gone when they are closed, or their process is killed.</summary>
internal static class TemporaryFile
{
    private const int BufferLength = 64 * 1024;

    /// <summary>A new one, to be written, sought and read.</summary>
    /// <param name="folder">Where there is room.</param>
    /// <exception cref="IOException">It cannot be made there.</exception>
    public static FileStream Create(string folder)
    {
        string path = Path.Combine(folder, ".metering-" + Guid.NewGuid().ToString("N"));
        FileStream stream = new(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, BufferLength);
        File.Delete(path);
        return stream;
    }
}
