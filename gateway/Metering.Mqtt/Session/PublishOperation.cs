using System.Threading.Tasks.Sources;
using Metering.Mqtt.Packets;

namespace Metering.Mqtt.Session;

/// <summary>
/// One message on its way out, and the task its sender waits on. Used again for the next message once the sender has its answer.
/// All fields are guarded by the gate of <see cref="ClientState"/>.
/// </summary>
internal sealed class PublishOperation(ClientState state) : IValueTaskSource<MqttReasonCode>
{
    // Senders go on elsewhere: one that blocks must not hold up the receive loop.
    private ManualResetValueTaskSourceCore<MqttReasonCode> completion = new() { RunContinuationsAsynchronously = true };
    private CancellationTokenRegistration cancellation;

    public PublishHeader Header { get; private set; }

    public ReadOnlyMemory<byte> Payload { get; private set; }

    public ushort PacketId { get; set; }

    /// <summary>Place in the order of first sending.</summary>
    public long Sequence { get; set; }

    /// <summary>Connection it was last sent on; 0 before.</summary>
    public long SentEpoch { get; set; }

    /// <summary>True once the sender has, or is about to get, its answer.</summary>
    public bool Completed { get; private set; }

    /// <summary>True when something may still point here after the sender has gone, so that it cannot be used again.</summary>
    public bool Pinned { get; set; }

    public void Begin(PublishHeader header, ReadOnlyMemory<byte> payload)
    {
        Header = header;
        Payload = payload;
    }

    /// <summary>The task for the sender. To be called once, outside the gate.</summary>
    public ValueTask<MqttReasonCode> Watch(CancellationToken cancellationToken)
    {
        ValueTask<MqttReasonCode> task = new(this, completion.Version);
        if (cancellationToken.CanBeCanceled)
        {
            cancellation = cancellationToken.UnsafeRegister(static (self, token) => ((PublishOperation)self!).Cancel(token), this);
        }

        return task;
    }

    public void Complete(MqttReasonCode code)
    {
        if (!Completed)
        {
            Completed = true;
            completion.SetResult(code);
        }
    }

    public void Fail(Exception fault)
    {
        if (!Completed)
        {
            Completed = true;
            completion.SetException(fault);
        }
    }

    /// <summary>Keeps the message after its sender has gone: the memory belongs to the sender, so the content is copied.</summary>
    public void OutliveSender()
    {
        if (!Completed)
        {
            Pinned = true;
            Payload = Payload.ToArray();
        }
    }

    public ValueTaskSourceStatus GetStatus(short token) => completion.GetStatus(token);

    public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        completion.OnCompleted(continuation, state, token, flags);

    public MqttReasonCode GetResult(short token)
    {
        if (token != completion.Version || completion.GetStatus(token) == ValueTaskSourceStatus.Pending)
        {
            throw new InvalidOperationException("The task of a publish may be awaited once.");
        }

        // Waits for a cancellation that is running just now, so that it cannot hit the next user.
        cancellation.Dispose();
        cancellation = default;
        try
        {
            return completion.GetResult(token);
        }
        finally
        {
            if (!Pinned)
            {
                Reset();
                state.Operations.Return(this);
            }
        }
    }

    private void Reset()
    {
        completion.Reset();
        Header = default;
        Payload = default;
        PacketId = 0;
        Sequence = 0;
        SentEpoch = 0;
        Completed = false;
    }

    private void Cancel(CancellationToken cancellationToken) => state.Cancel(this, cancellationToken);
}

/// <summary>Operations waiting for their next use. Safe for threads.</summary>
internal sealed class PublishOperationPool(ClientState state)
{
    private const int MaximumKept = 1024;

    private readonly Lock gate = new();
    private readonly Stack<PublishOperation> free = new();

    public PublishOperation Rent()
    {
        lock (gate)
        {
            return free.TryPop(out PublishOperation? operation) ? operation : new PublishOperation(state);
        }
    }

    public void Return(PublishOperation operation)
    {
        lock (gate)
        {
            if (free.Count < MaximumKept)
            {
                free.Push(operation);
            }
        }
    }
}
