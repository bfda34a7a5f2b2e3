using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Metering.Readings;
using Metering.Store;

namespace Metering.Cloud.Explore;

/// <summary>A stored reading with the signed batch that carried it.</summary>
internal sealed record ReadingTrace
{
    // Batches of one gateway that overlap in time are few: early ones, repeats after a clock was set, imports.
    private const int MostBatches = 64;

    /// <summary>The channel, as it is stored.</summary>
    public required StoredChannel Stored { get; init; }

    /// <summary>The reading; its channel index is 0.</summary>
    public required Reading Reading { get; init; }

    /// <summary>Instant of the reading before it in the store; null for the first.</summary>
    public long? EarlierUtcMilliseconds { get; init; }

    /// <summary>Instant of the reading after it in the store; null for the last.</summary>
    public long? LaterUtcMilliseconds { get; init; }

    /// <summary>The batch; null when its bytes were pruned or the store no longer has it.</summary>
    public CarryingBatch? Batch { get; init; }

    /// <summary>The registers it was read from, as the gateway said; null when it did not say.</summary>
    public RegisterSource? Source { get; init; }

    /// <summary>The words of these registers, derived from the value; null when they cannot be.</summary>
    public IReadOnlyList<ushort>? Words => Reading.HasValue ? Source?.Words(Stored.Channel, Reading.ScaledValue) : null;

    /// <summary>Finds a reading and the batch that stands for it; null when there is no reading of that instant.</summary>
    public static ReadingTrace? Find(IReadingStore store, string gateway, string channel, long utcMilliseconds)
    {
        if (store.FindChannel(gateway, channel) is not { } stored)
        {
            return null;
        }

        const long around = TimeSpan.MillisecondsPerDay;
        ReadingColumns columns = store.Read(gateway, channel, utcMilliseconds - around, utcMilliseconds + around);
        int place = Array.BinarySearch(columns.UtcMilliseconds, utcMilliseconds);
        if (place < 0)
        {
            return null;
        }

        CarryingBatch? batch = Carrying(store, gateway, channel, utcMilliseconds);
        return new()
        {
            Stored = stored,
            Reading = new(utcMilliseconds, columns.ScaledValues[place], 0, columns.Qualities[place], columns.HasValues[place]),
            EarlierUtcMilliseconds = place > 0 ? columns.UtcMilliseconds[place - 1] : null,
            LaterUtcMilliseconds = place + 1 < columns.Count ? columns.UtcMilliseconds[place + 1] : null,
            Batch = batch,
            Source = batch is null || store.FindBirth(gateway, batch.Manifest.ConfigHash) is not { } birth ? null : RegisterSource.Of(birth, stored.Channel),
        };
    }

    /// <summary>The integer exactly as it was signed, with its power of ten: 81234 × 10⁻¹; a double by its shortest exact text.</summary>
    public string Exact
    {
        get
        {
            if (!Reading.HasValue)
            {
                return "";
            }

            Channel channel = Stored.Channel;
            string integer = Reading.ScaledValue.ToString(CultureInfo.InvariantCulture);
            return channel.Form == ValueForm.Binary64
                ? channel.ToDouble(Reading.ScaledValue).ToString("R", CultureInfo.InvariantCulture)
                : channel.DecimalPlaces == 0 ? integer
                : string.Create(CultureInfo.InvariantCulture, $"{integer} × 10^-{channel.DecimalPlaces}");
        }
    }

    private static CarryingBatch? Carrying(IReadingStore store, string gateway, string channel, long utcMilliseconds)
    {
        foreach (JournalRecord record in store.BatchesAt(gateway, utcMilliseconds, MostBatches))
        {
            BatchEnvelope envelope = BatchEnvelope.Open(record.Envelope.Span);
            for (int index = 0; index < envelope.Segments.Count; index++)
            {
                if (envelope.Manifest.Channels[index].Channel == channel && CarryingBatch.LineOf(envelope.Segments[index], utcMilliseconds) is { } line)
                {
                    return CarryingBatch.Of(store, record, envelope, index, line);
                }
            }
        }

        return null;
    }
}

/// <summary>The batch that carried a reading, opened and checked now.</summary>
internal sealed record CarryingBatch
{
    /// <summary>Its row of the journal.</summary>
    public required JournalRecord Record { get; init; }

    /// <summary>Its manifest.</summary>
    public required BatchManifest Manifest { get; init; }

    /// <summary>SHA-256 of its note, which the next batch names.</summary>
    public required string NoteHash { get; init; }

    /// <summary>The signed manifest, as it came.</summary>
    public required string ManifestText { get; init; }

    /// <summary>SHA-256 of the channel's segment, as the manifest names it; the segment was checked against it.</summary>
    public required string SegmentHash { get; init; }

    /// <summary>The lines before the readings of the channel's segment, as they came.</summary>
    public required string SegmentHeader { get; init; }

    /// <summary>The line of the reading, byte for byte.</summary>
    public required string Line { get; init; }

    /// <summary>What the check of the signature gave; null when the gateway's key is not enrolled here.</summary>
    public required NoteFault? Signature { get; init; }

    /// <summary>The line of an instant in a segment's canonical bytes; null when the segment has none.</summary>
    public static string? LineOf(ReadOnlySpan<byte> segment, long utcMilliseconds)
    {
        string lead = string.Create(CultureInfo.InvariantCulture, $"\n{utcMilliseconds},");
        int start = segment.IndexOf(Encoding.ASCII.GetBytes(lead));
        if (start < 0)
        {
            return null;
        }

        ReadOnlySpan<byte> rest = segment[(start + 1)..];
        return Encoding.ASCII.GetString(rest[..rest.IndexOf((byte)'\n')]);
    }

    /// <summary>A batch with its checks.</summary>
    public static CarryingBatch Of(IReadingStore store, JournalRecord record, BatchEnvelope envelope, int segment, string line)
    {
        ReadOnlySpan<byte> bytes = envelope.Segments[segment];
        return new()
        {
            Record = record,
            Manifest = envelope.Manifest,
            NoteHash = envelope.NoteHash,
            ManifestText = Encoding.UTF8.GetString(envelope.Note.Span),
            SegmentHash = envelope.Manifest.Channels[segment].SegmentHash,
            SegmentHeader = Encoding.ASCII.GetString(bytes[..(bytes.IndexOf("\n\n"u8) + 1)]),
            Line = line,
            Signature = Check(store.FindEnrolment(record.Gateway, record.KeyEpoch), envelope),
        };
    }

    private static NoteFault? Check(GatewayEnrolment? enrolment, BatchEnvelope envelope)
    {
        if (enrolment is null)
        {
            return null;
        }

        using ECDsa key = SigningKey.Parse(enrolment.PublicKeyPem);
        return SignedNote.Verify(envelope.Note.Span, enrolment.Gateway, key);
    }
}
