using Metering.Readings;

namespace Metering.Store;

/// <summary>A batch as it waits on disk for its turn.</summary>
/// <param name="Gateway">Gateway identifier.</param>
/// <param name="KeyEpoch">Key epoch.</param>
/// <param name="Batch">Its number.</param>
/// <param name="NoteHash">Hash of its note, lower-case hexadecimal.</param>
/// <param name="Bytes">The bytes as they came.</param>
/// <param name="ReceivedUtcMilliseconds">When they came first.</param>
internal sealed record WaitingRow(string Gateway, int KeyEpoch, long Batch, string NoteHash, byte[] Bytes, long ReceivedUtcMilliseconds);

/// <summary>What becomes of batches that came before their turn, whichever store keeps them.</summary>
internal static class EarlyBatches
{
    /// <summary>Whether one more fits.</summary>
    /// <param name="count">Batches of the gateway that wait.</param>
    /// <param name="length">Their bytes.</param>
    /// <param name="added">Bytes of the one more.</param>
    public static bool Fits(long count, long length, int added) => count < StoreLimits.MaximumEarlyBatches && length + added <= StoreLimits.MaximumEarlyLength;

    /// <summary>Opens a batch that was sound when it was kept; null when its bytes are damaged now.</summary>
    public static PendingBatch? Open(WaitingRow row)
    {
        try
        {
            BatchEnvelope envelope = BatchEnvelope.Open(row.Bytes);
            return envelope.NoteHash == row.NoteHash ? new(envelope, row.Bytes, envelope.ReadSegments()) { ReceivedUtcMilliseconds = row.ReceivedUtcMilliseconds } : null;
        }
        catch (WireFormatException)
        {
            return null;
        }
    }

    /// <summary>Why a batch whose turn has come does not fit the chain; null when it is appended, or stored already.</summary>
    /// <param name="row">The batch.</param>
    /// <param name="outcome">What it was judged to be; null when its bytes are damaged.</param>
    /// <param name="isStatedLost">Whether its number is stated lost.</param>
    /// <param name="conflict">Why it can never be stored; null when it can.</param>
    public static string? Refusal(WaitingRow row, AppendOutcome? outcome, bool isStatedLost, string? conflict)
    {
        (string kind, string? reason) = outcome switch
        {
            null => ("", "its bytes are damaged on the disk"),
            AppendOutcome.Stored => ("", conflict),
            AppendOutcome.Fork => ("fork: ", isStatedLost ? "its number is stated lost" : "it contradicts the stored chain"),
            _ => ("", null),
        };
        return reason is null ? null : Sentence(kind, row, reason);
    }

    /// <summary>Why a batch is put aside whose key has ended: its turn can never come.</summary>
    public static string Ended(WaitingRow row, bool isRevoked) => isRevoked
        ? Sentence("revoked: ", row, "its key is revoked")
        : Sentence("closed: ", row, "its key was closed before it");

    /// <summary>The newest reading of each channel, by gateway and channel identifier.</summary>
    /// <param name="rows">Waiting batches in any order; damaged ones are passed over.</param>
    public static List<EarlyReading> Newest(IEnumerable<WaitingRow> rows)
    {
        Dictionary<(string Gateway, string Channel), EarlyReading> newest = [];
        foreach (WaitingRow row in rows)
        {
            if (Open(row) is not PendingBatch batch)
            {
                continue;
            }

            foreach (ChannelSegment segment in batch.Segments)
            {
                long instant = segment.UtcMilliseconds.Span[^1];
                if (!newest.TryGetValue((row.Gateway, segment.Channel.Id), out EarlyReading? known)
                    || (instant, row.KeyEpoch, row.Batch).CompareTo((known.Reading.UtcMilliseconds, known.KeyEpoch, known.Batch)) > 0)
                {
                    newest[(row.Gateway, segment.Channel.Id)] = new(
                        row.Gateway, row.KeyEpoch, row.Batch, segment.Channel, LastOf(segment));
                }
            }
        }

        return [.. newest.Values.OrderBy(reading => reading.Gateway, StringComparer.Ordinal).ThenBy(reading => reading.Channel.Id, StringComparer.Ordinal)];
    }

    private static Reading LastOf(ChannelSegment segment)
    {
        int last = segment.Count - 1;
        return new(segment.UtcMilliseconds.Span[last], segment.ScaledValues.Span[last], 0, segment.Qualities.Span[last], segment.HasValues.Span[last]);
    }

    private static string Sentence(string kind, WaitingRow row, string reason) =>
        string.Create(null, $"{kind}batch {row.Batch} of key epoch {row.KeyEpoch} had come before its turn: {reason}");
}
