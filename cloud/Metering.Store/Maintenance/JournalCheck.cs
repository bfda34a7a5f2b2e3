using System.Security.Cryptography;
using Metering.Readings;

namespace Metering.Store.Maintenance;

/// <summary>
/// Goes through the journal in the order of arrival: every envelope opens and is signed by the enrolled key, its row says
/// what its manifest says, and each batch names the hash of the one before it. Of a thinned batch the same is asked of the
/// manifest that was kept. Batches that their gateway stated lost, signed, are no gap.
/// </summary>
internal sealed class JournalCheck(IReadOnlyList<GatewayEnrolment> enrolments, IReadOnlyList<LostBatches> losses, VerificationReport report) : IDisposable
{
    private readonly Dictionary<(string Gateway, int KeyEpoch, long First), LostBatches> _losses = losses.ToDictionary(lost => (lost.Gateway, lost.KeyEpoch, lost.First));
    private readonly Dictionary<(string Gateway, int KeyEpoch), (long Batch, string Hash)> _heads = [];
    private readonly Dictionary<(string Gateway, int KeyEpoch), ECDsa> _keys = enrolments.ToDictionary(
        enrolment => (enrolment.Gateway, enrolment.KeyEpoch), enrolment => SigningKey.Parse(enrolment.PublicKeyPem));

    /// <summary>Checks the next row; gives its manifest, or null when it cannot be read.</summary>
    public BatchManifest? Check(JournalRow row)
    {
        string name = string.Create(null, $"batch {row.Batch} of gateway {row.Gateway}, key epoch {row.KeyEpoch} (journal {row.Sequence})");
        (long before, string hash) = _heads.GetValueOrDefault((row.Gateway, row.KeyEpoch), (0, BatchManifest.NoPrevious));
        while (row.Batch != before + 1 && _losses.TryGetValue((row.Gateway, row.KeyEpoch, before + 1), out LostBatches? lost))
        {
            (before, hash) = (lost.Last, lost.LastHash);
        }

        _heads[(row.Gateway, row.KeyEpoch)] = (row.Batch, row.NoteHash);
        try
        {
            (byte[] note, BatchManifest manifest) = row.IsThinned ? Thinned(row) : Whole(row);
            string? fault = FaultOf(row, note, manifest)
                ?? (row.Batch != before + 1 ? string.Create(null, $"comes after batch {before}") : null)
                ?? (manifest.PreviousHash != hash ? "does not name the hash of the batch before it" : null);
            if (fault is not null)
            {
                report.Add($"{name} {fault}.");
            }

            return manifest;
        }
        catch (WireFormatException e)
        {
            report.Add($"{name} cannot be opened: {e.Message}.");
            return null;
        }
    }

    public void Dispose()
    {
        foreach (ECDsa key in _keys.Values)
        {
            key.Dispose();
        }
    }

    private (byte[] Note, BatchManifest Manifest) Whole(JournalRow row)
    {
        BatchEnvelope envelope = BatchEnvelope.Open(row.Envelope);
        _ = envelope.ReadSegments();
        report.Batches++;
        report.Readings += envelope.Manifest.ReadingCount;
        return (envelope.Note.ToArray(), envelope.Manifest);
    }

    private (byte[] Note, BatchManifest Manifest) Thinned(JournalRow row)
    {
        byte[] note = row.KeptNote ?? throw new WireFormatException("its bytes are gone and no record says that they were dropped");
        if (!SignedNote.TrySplit(note, out int length, out _, out _))
        {
            throw new WireFormatException("the manifest that was kept is not a signed note");
        }

        report.ThinnedBatches++;
        return (note, BatchManifest.Parse(note.AsSpan(0, length)));
    }

    private string? FaultOf(JournalRow row, byte[] note, BatchManifest manifest)
    {
        if ((manifest.Gateway, manifest.KeyEpoch, manifest.Batch) != (row.Gateway, row.KeyEpoch, row.Batch)
            || (manifest.FirstUtcMilliseconds, manifest.LastUtcMilliseconds) != (row.First, row.Last)
            || BatchManifest.HashOf(note) != row.NoteHash)
        {
            return "stands in a row that says something else than its manifest";
        }

        if (!_keys.TryGetValue((row.Gateway, row.KeyEpoch), out ECDsa? key))
        {
            return "has no enrolled key";
        }

        NoteFault signature = SignedNote.Verify(note, row.Gateway, key);
        return signature == NoteFault.None ? null : $"is not signed by the enrolled key ({signature})";
    }
}
