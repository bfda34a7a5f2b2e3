using System.Buffers;
using System.Security.Cryptography;
using Metering.Evidence.Bundle;
using Metering.Evidence.Log;
using Metering.Projects;
using Metering.Readings;

namespace Metering.Verifier.Bundles;

/// <summary>Step 4: the signed notes of one gateway's key epoch: signature, numbers without a hole, links, and an entry of the log for each.</summary>
internal sealed class NoteStep
{
    private readonly BundleFile file;
    private readonly ShownLog log;
    private readonly FaultList faults;
    private readonly ShownKey key;
    private readonly LoggedBatches logged;
    private readonly IReadOnlySet<ChannelName> channels;
    private readonly List<LostBatches> losses = [];
    private readonly string who;
    private string lastHash = "";
    private int next;

    public NoteStep((BundleFile File, ShownLog Log, FaultList Faults) about, ShownKey key, IReadOnlySet<ChannelName> channels)
    {
        (file, log, faults) = about;
        this.key = key;
        this.channels = channels;
        Batches = new(key.Statement.Gateway, key.Statement.KeyEpoch);
        who = $"{key.Statement.Gateway}.{ShownLog.Text(key.Statement.KeyEpoch)}";
        logged = log.Batches.GetValueOrDefault((Batches.Gateway, Batches.KeyEpoch)) ?? new();
    }

    /// <summary>What was read.</summary>
    public ShownBatches Batches { get; }

    /// <summary>Reads and checks all notes; SHA-256 of each goes into its entry of the log.</summary>
    /// <param name="bodies">Bodies of the log's entries, for stated losses.</param>
    public void Run(IReadOnlyDictionary<long, byte[]> bodies)
    {
        ReadLosses(bodies);
        if (!IsAscending())
        {
            return;
        }

        string name = BundleNames.NotesOf(Batches.Gateway, Batches.KeyEpoch);
        string hashesName = BundleNames.HashesOf(Batches.Gateway, Batches.KeyEpoch);
        if (file.Has(name) || file.Has(hashesName))
        {
            try
            {
                using Stream stream = file.OpenRead(name, BundleFile.MaximumLength);
                using Stream hashes = file.OpenRead(hashesName, BundleFile.MaximumLength);
                PartReader notes = PartReader.OfNotes(stream, SignedNote.MaximumLength);
                ArrayBufferWriter<byte> note = new();
                while (faults.Count < FaultList.Most && notes.MoveNext())
                {
                    note.ResetWrittenCount();
                    NoteHashes.Unpack(notes.Current, hashes, note);
                    Take(note.WrittenSpan);
                }

                if (faults.Count == 0 && hashes.ReadByte() >= 0)
                {
                    throw new WireFormatException("there are more hashes than the notes have places for");
                }
            }
            catch (Exception e) when (e is WireFormatException or BundleFormatException)
            {
                faults.Add(FaultCode.NoteForm, who, Last(), e.Message);
            }
        }

        SkipLogged(long.MaxValue);
        CheckUnusedLosses();
    }

    private void Take(ReadOnlySpan<byte> note)
    {
        if (!SignedNote.TrySplit(note, out int textLength, out _, out _))
        {
            // What looks like a note but for its last line: a signature in another spelling, most likely.
            faults.Add(FaultCode.NoteCanonical, who, Last());
            return;
        }

        BatchManifest manifest = BatchManifest.Parse(note[..textLength]);
        if (manifest.Gateway != Batches.Gateway || manifest.KeyEpoch != Batches.KeyEpoch)
        {
            faults.Add(FaultCode.NotePlace, who, $"{manifest.Gateway}.{ShownLog.Text(manifest.KeyEpoch)}");
            return;
        }

        FaultCode? fault = SignedNote.Verify(note, Batches.Gateway, key.Key) switch
        {
            NoteFault.None => null,
            NoteFault.WrongKey or NoteFault.WrongSigner => FaultCode.NoteKey,
            NoteFault.Malformed or NoteFault.NotCanonical => FaultCode.NoteCanonical,
            _ => FaultCode.NoteSignature,
        };
        if (fault is { } found)
        {
            faults.Add(found, who, ShownLog.Text(manifest.Batch));
        }

        string hash = BatchManifest.HashOf(note);
        if (IsNext(manifest, hash))
        {
            Keep(manifest, hash);
        }
    }

    private bool IsNext(BatchManifest manifest, string hash)
    {
        long last = Batches.Number.Count == 0 ? manifest.Batch - 1 : Batches.Number[^1];
        if (manifest.Batch <= last)
        {
            bool isTwice = Batches.Number.BinarySearch(manifest.Batch) is >= 0 and int place && Batches.NoteHash.Text(place) == hash;
            faults.Add(isTwice ? FaultCode.BatchTwice : FaultCode.BatchOrder, who, ShownLog.Text(manifest.Batch), ShownLog.Text(last));
            return false;
        }

        string? expected = Batches.Number.Count == 0 ? null : lastHash;
        if (manifest.Batch > last + 1)
        {
            LostBatches? loss = losses.Find(lost => lost.First == last + 1 && lost.Last == manifest.Batch - 1);
            if (loss is null)
            {
                faults.Add(FaultCode.BatchMissing, who, ShownLog.Text(last + 1), ShownLog.Text(manifest.Batch - 1));
                return true;
            }

            expected = loss.LastHash;
        }

        if (expected is not null && manifest.PreviousHash != expected)
        {
            faults.Add(FaultCode.BatchLink, who, ShownLog.Text(manifest.Batch));
        }

        return true;
    }

    private void Keep(BatchManifest manifest, string hash)
    {
        lastHash = hash;
        SkipLogged(manifest.Batch);
        bool isLogged = next < logged.Batch.Count && logged.Batch[next] == manifest.Batch;
        if (isLogged)
        {
            log.SetBody(logged.Place[next], hash);
        }
        else
        {
            faults.Add(FaultCode.BatchNotLogged, who, ShownLog.Text(manifest.Batch));
        }

        Batches.Number.Add(manifest.Batch);
        Batches.LogIndex.Add(isLogged ? logged.Index[next++] : -1);
        Batches.Span.Add((manifest.FirstUtcMilliseconds, manifest.LastUtcMilliseconds));
        Batches.NoteHash.Add(hash);
        Batches.ReadingCount += manifest.ReadingCount;
        foreach (ManifestChannel line in manifest.Channels)
        {
            if (channels.Contains(new(Batches.Gateway, line.Channel)))
            {
                AddLine(line);
            }
        }
    }

    private void AddLine(ManifestChannel line)
    {
        if (!Batches.Lines.TryGetValue(line.Channel, out SegmentLines? lines))
        {
            lines = new(logged.Batch.Count);
            Batches.Lines.Add(line.Channel, lines);
        }

        lines.Batch.Add(Batches.Number.Count - 1);
        lines.Count.Add(line.Count);
        lines.Hash.Add(line.SegmentHash);
    }

    // Batches that the log has and the bundle does not show.
    private void SkipLogged(long upTo)
    {
        for (; next < logged.Batch.Count && logged.Batch[next] < upTo; next++)
        {
            faults.Add(FaultCode.NoteMissing, who, ShownLog.Text(logged.Batch[next]));
        }
    }

    private bool IsAscending()
    {
        for (int place = 1; place < logged.Batch.Count; place++)
        {
            if (logged.Batch[place] <= logged.Batch[place - 1])
            {
                faults.Add(FaultCode.BatchLogOrder, who, ShownLog.Text(logged.Batch[place]));
                return false;
            }
        }

        return true;
    }

    private void ReadLosses(IReadOnlyDictionary<long, byte[]> bodies)
    {
        foreach (ShownEntry shown in log.Entries.Where(shown => shown.Entry.Kind == LogEntryKind.Loss && shown.Scope == Batches.Gateway && shown.Number == Batches.KeyEpoch))
        {
            try
            {
                LostBatches lost = LostBatches.Open(bodies[shown.Index], key.Key);
                losses.Add(lost.Gateway == Batches.Gateway && lost.KeyEpoch == Batches.KeyEpoch && shown.Entry.Subject == $"loss/{lost.Gateway}/{ShownLog.Text(lost.KeyEpoch)}/{ShownLog.Text(lost.First)}"
                    ? lost
                    : throw new WireFormatException("its subject names other batches than its body"));
            }
            catch (Exception e) when (e is WireFormatException or CryptographicException or KeyNotFoundException)
            {
                faults.Add(FaultCode.LossForm, who, e.Message);
            }
        }
    }

    // What is stated as lost must be missing: a loss over batches that are there is an invention.
    private void CheckUnusedLosses()
    {
        foreach (LostBatches lost in losses)
        {
            if (Batches.Number.Exists(number => number >= lost.First && number <= lost.Last))
            {
                faults.Add(FaultCode.LossDiffers, who, ShownLog.Text(lost.First), ShownLog.Text(lost.Last));
            }
        }
    }

    private string Last() => Batches.Number.Count == 0 ? "0" : ShownLog.Text(Batches.Number[^1]);

    /// <summary>An ended epoch with another behind it must be shown to its last batch, and the next from its first.</summary>
    public static void CheckEpochs(IReadOnlyList<NoteStep> steps, FaultList faults)
    {
        for (int place = 1; place < steps.Count; place++)
        {
            (NoteStep before, NoteStep after) = (steps[place - 1], steps[place]);
            if (before.Batches.Gateway != after.Batches.Gateway || before.Batches.Number.Count == 0 || after.Batches.Number.Count == 0)
            {
                continue;
            }

            if (before.key.End?.Statement.LastBatch is { } last && before.Batches.Number[^1] < last)
            {
                faults.Add(FaultCode.EpochCut, before.Batches.Gateway, ShownLog.Text(before.Batches.KeyEpoch), ShownLog.Text(last));
            }

            if (after.Batches.Number[0] > 1 && !after.losses.Exists(lost => lost.First == 1 && lost.Last == after.Batches.Number[0] - 1))
            {
                faults.Add(FaultCode.BatchMissing, after.who, "1", ShownLog.Text(after.Batches.Number[0] - 1));
            }
        }
    }
}
