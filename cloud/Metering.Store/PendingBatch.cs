using Metering.Readings;

namespace Metering.Store;

/// <summary>A batch on its way through a store's writer.</summary>
internal sealed class PendingBatch(BatchEnvelope envelope, byte[] bytes, IReadOnlyList<ChannelSegment> segments)
{
    private AppendOutcome _outcome;
    private Exception? _refusal;

    /// <summary>Takes a batch that was handed to a store; the bytes are copied.</summary>
    /// <exception cref="ArgumentException">The segments are not those of the envelope.</exception>
    /// <exception cref="WireFormatException">An instant lies outside the years that a store holds.</exception>
    public static PendingBatch Take(BatchEnvelope envelope, ReadOnlyMemory<byte> bytes, IReadOnlyList<ChannelSegment> segments, DateTimeOffset received)
    {
        if (segments.Count == 0 || segments.Count != envelope.Manifest.Channels.Count)
        {
            throw new ArgumentException("the segments are not those of the envelope", nameof(segments));
        }

        foreach (ChannelSegment segment in segments)
        {
            ReadOnlySpan<long> instants = segment.UtcMilliseconds.Span;
            if (instants[0] < StoreLimits.FirstInstantUtcMilliseconds || instants[^1] >= StoreLimits.EndInstantUtcMilliseconds)
            {
                throw new WireFormatException($"channel {segment.Channel.Id} has an instant outside the years 1970 to 9999");
            }
        }

        return new(envelope, bytes.ToArray(), segments) { ReceivedUtcMilliseconds = received.ToUnixTimeMilliseconds() };
    }

    public BatchEnvelope Envelope => envelope;

    public byte[] Bytes => bytes;

    public IReadOnlyList<ChannelSegment> Segments => segments;

    /// <summary>When it came, by the clock of the store; of one that came before its turn, when it came first.</summary>
    public long ReceivedUtcMilliseconds { get; init; }

    public TaskCompletionSource<AppendOutcome> Completion { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The place it got in the journal; 0 when it was not stored.</summary>
    public long Sequence { get; private set; }

    public long[] ChannelIds { get; private set; } = [];

    /// <summary>Whether the batch belongs to the end of its chain: stored says that it is the next one and linked.</summary>
    /// <param name="head">Where the chain stands.</param>
    /// <param name="storedHash">Gives the note hash of the stored batch of this number; asked for only when there is one.</param>
    public AppendOutcome Judge(ChainHead head, Func<string?> storedHash)
    {
        BatchManifest manifest = envelope.Manifest;
        if (manifest.Batch <= head.Through)
        {
            return storedHash() == envelope.NoteHash ? AppendOutcome.Duplicate : AppendOutcome.Fork;
        }

        if (manifest.Batch != head.Through + 1)
        {
            return AppendOutcome.OutOfOrder;
        }

        return manifest.PreviousHash == head.NoteHash ? AppendOutcome.Stored : AppendOutcome.Fork;
    }

    /// <summary>Notes what became of it; when a group is tried again, the last word stands.</summary>
    public void Settle(AppendOutcome outcome) => (_outcome, _refusal) = (outcome, null);

    public void Refuse(Exception refusal) => _refusal = refusal;

    public void Place(long sequence, long[] channelIds)
    {
        Sequence = sequence;
        ChannelIds = channelIds;
        _outcome = AppendOutcome.Stored;
    }

    public void Complete()
    {
        if (_refusal is not null)
        {
            Fail(_refusal);
            return;
        }

        _ = Completion.TrySetResult(_outcome);
    }

    public void Fail(Exception e) => _ = Completion.TrySetException(e);
}
