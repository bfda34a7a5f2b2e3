using Metering.Mqtt.Packets;

namespace Metering.Mqtt.Session;

/// <summary>
/// Messages and subscriptions on their way to the broker: waiting for a place, in flight, or to be sent again. Guarded by the gate of
/// <see cref="ClientState"/>.
/// </summary>
internal sealed class OutgoingWindow(PublishOperationPool operations)
{
    /// <summary>Callers that may wait for a place at the same time.</summary>
    public const int MaximumWaiting = 10_000;

    /// <summary>Subscriptions that may wait for their answer at the same time.</summary>
    public const int MaximumSubscribing = 1_000;

    /// <summary>No further message is put into the send buffer above this; one message may cross the line.</summary>
    public const int MaximumBufferedBytes = 256 * 1024;

    // The property, and one more byte of the length before it.
    private const int AliasRoom = PacketEncoder.AliasLength + 1;

    private readonly PacketIds ids = new();
    private readonly TopicAliases aliases = new();
    private readonly Dictionary<ushort, PublishOperation> inFlight = [];
    private readonly Dictionary<ushort, TaskCompletionSource<ReceivedAck>> subscribing = [];
    private readonly Queue<PublishOperation> again = new();
    private Queue<PublishOperation> waitingReliable = new();
    private Queue<PublishOperation> waitingPlain = new();
    private int quota;
    private int maximumQuota;
    private int maximumPacketSize;
    private long epoch;
    private long sequence;

    /// <summary>Messages sent again after a reconnect.</summary>
    public long Resent { get; private set; }

    /// <summary>Acknowledgements that matched nothing.</summary>
    public long Unknown { get; set; }

    /// <summary>Messages sent and not yet acknowledged.</summary>
    public int InFlightCount => inFlight.Count;

    /// <summary>Takes a message in; it leaves with a later <see cref="Pump"/>.</summary>
    public PublishOperation Enqueue(PublishHeader header, ReadOnlyMemory<byte> payload)
    {
        ref Queue<PublishOperation> waiting = ref header.QoS == MqttQoS.AtMostOnce ? ref waitingPlain : ref waitingReliable;
        if (waiting.Count >= MaximumWaiting)
        {
            // Cancelled ones keep their place until here.
            waiting = new Queue<PublishOperation>(waiting.Where(static one => !one.Completed));
            if (waiting.Count >= MaximumWaiting)
            {
                throw new MqttException(MqttErrorKind.QueueFull, MqttReasonCode.QuotaExceeded, $"{MaximumWaiting} messages are already waiting to be sent.");
            }
        }

        PublishOperation operation = operations.Rent();
        operation.Begin(header, payload);
        waiting.Enqueue(operation);
        return operation;
    }

    /// <summary>Moves what may leave now into the buffer: first what has to be sent again, in its old order, then new messages.</summary>
    public void Pump(SendBuffer buffer)
    {
        while (quota > 0 && buffer.Length < MaximumBufferedBytes && again.TryDequeue(out PublishOperation? operation))
        {
            SendAgain(buffer, operation);
        }

        while (quota > 0 && again.Count == 0 && buffer.Length < MaximumBufferedBytes && TryNext(waitingReliable, out PublishOperation operation))
        {
            if (!ids.TryTake(out ushort id))
            {
                break;
            }

            waitingReliable.Dequeue();
            operation.PacketId = id;
            operation.Sequence = ++sequence;
            inFlight.Add(id, operation);
            Send(buffer, operation, duplicate: false);
        }

        while (buffer.Length < MaximumBufferedBytes && TryNext(waitingPlain, out PublishOperation operation))
        {
            waitingPlain.Dequeue();
            PacketEncoder.Publish(buffer, operation.Header, packetId: 0, operation.Payload.Span);
            operation.Complete(MqttReasonCode.Success);
        }
    }

    /// <summary>PUBACK: the message is done, its identifier and its place are free.</summary>
    public void Acknowledged(ReceivedAck ack)
    {
        if (!inFlight.Remove(ack.PacketId, out PublishOperation? operation))
        {
            Unknown++;
            return;
        }

        ids.Release(ack.PacketId);
        if (operation.SentEpoch == epoch && quota < maximumQuota)
        {
            quota++;
        }

        operation.Complete(ack.Code);
    }

    /// <summary>SUBACK: hands the answer to the waiting caller.</summary>
    public void Subscribed(ReceivedAck ack)
    {
        if (!subscribing.Remove(ack.PacketId, out TaskCompletionSource<ReceivedAck>? caller))
        {
            Unknown++;
            return;
        }

        ids.Release(ack.PacketId);
        caller.TrySetResult(ack);
    }

    /// <summary>Writes a SUBSCRIBE; the task completes with its SUBACK.</summary>
    public Task<ReceivedAck> Subscribe(SendBuffer buffer, string filter, MqttQoS qos)
    {
        if (subscribing.Count >= MaximumSubscribing || !ids.TryTake(out ushort id))
        {
            throw new MqttException(MqttErrorKind.QueueFull, MqttReasonCode.QuotaExceeded, "Too many subscriptions wait for their answer.");
        }

        TaskCompletionSource<ReceivedAck> caller = new(TaskCreationOptions.RunContinuationsAsynchronously);
        subscribing.Add(id, caller);
        PacketEncoder.Subscribe(buffer, id, filter, qos);
        return caller.Task;
    }

    /// <summary>The sender gave up. A message that has left stays in flight, because the broker may have it.</summary>
    public static void Cancel(PublishOperation operation, CancellationToken cancellationToken)
    {
        if (operation.Completed)
        {
            return;
        }

        if (operation.PacketId != 0)
        {
            operation.OutliveSender();
        }

        // One still in a queue is passed over when its turn comes.
        operation.Pinned = true;
        operation.Fail(new OperationCanceledException(cancellationToken));
    }

    /// <summary>A connection is there. With a session at the broker, unacknowledged messages are queued to be sent again (4.4).</summary>
    public void Connected(long newEpoch, bool sessionPresent, int newQuota, int newMaximumPacketSize, ushort topicAliasMaximum)
    {
        aliases.Connected(topicAliasMaximum);
        epoch = newEpoch;
        quota = maximumQuota = newQuota;
        maximumPacketSize = newMaximumPacketSize;
        if (!sessionPresent)
        {
            Forget(() => NotSent("The broker no longer has the session"));
            return;
        }

        foreach (PublishOperation operation in inFlight.Values.OrderBy(static one => one.Sequence))
        {
            operation.Pinned = true;
            again.Enqueue(operation);
        }
    }

    /// <summary>The connection is gone. What never left fails; what is in flight stays, is kept without its sender, or fails too.</summary>
    public void Disconnected(MqttException reason, bool sendersStay, bool sessionStays)
    {
        again.Clear();
        quota = 0;
        FailAll(waitingReliable, reason);
        FailAll(waitingPlain, reason);
        foreach ((ushort id, TaskCompletionSource<ReceivedAck> caller) in subscribing)
        {
            ids.Release(id);
            caller.TrySetException(Lost(reason));
        }

        subscribing.Clear();
        if (!sessionStays)
        {
            Forget(() => Lost(reason));
        }
        else if (!sendersStay)
        {
            foreach (PublishOperation operation in inFlight.Values)
            {
                operation.OutliveSender();
                operation.Fail(Lost(reason));
            }
        }
    }

    private static MqttException Lost(MqttException reason) => new(
        reason.Kind == MqttErrorKind.ClosedByClient ? MqttErrorKind.ClosedByClient : MqttErrorKind.ConnectionLost,
        reason.ReasonCode,
        $"The connection ended before the broker answered, so it is not known whether it arrived. {reason.Message}",
        reason.ReasonString,
        reason);

    private static MqttException NotSent(string why) => new(MqttErrorKind.NotConnected, MqttReasonCode.UnspecifiedError, $"{why}: offer the message again.");

    private static void FailAll(Queue<PublishOperation> waiting, MqttException reason)
    {
        while (waiting.TryDequeue(out PublishOperation? operation))
        {
            operation.Fail(NotSent($"The connection ended before the message was sent. {reason.Message}"));
        }
    }

    /// <summary>The next message of a queue whose sender still waits.</summary>
    private static bool TryNext(Queue<PublishOperation> waiting, out PublishOperation operation)
    {
        while (waiting.TryPeek(out operation!))
        {
            if (!operation.Completed)
            {
                return true;
            }

            waiting.Dequeue();
        }

        return false;
    }

    private void SendAgain(SendBuffer buffer, PublishOperation operation)
    {
        if (!inFlight.TryGetValue(operation.PacketId, out PublishOperation? current) || current != operation)
        {
            return;     // acknowledged in the meantime
        }

        if (PacketEncoder.PublishSize(operation.Header.TopicByteCount, operation.Payload.Length, MqttQoS.AtLeastOnce) > maximumPacketSize)
        {
            inFlight.Remove(operation.PacketId);
            ids.Release(operation.PacketId);
            operation.Fail(new MqttException(MqttErrorKind.PacketTooLarge, MqttReasonCode.PacketTooLarge, "After a reconnect the broker accepts only smaller packets."));
            return;
        }

        Resent++;
        Send(buffer, operation, duplicate: true);
    }

    private void Send(SendBuffer buffer, PublishOperation operation, bool duplicate)
    {
        quota--;
        operation.SentEpoch = epoch;
        int size = PacketEncoder.PublishSize(operation.Header.TopicByteCount, operation.Payload.Length, MqttQoS.AtLeastOnce);
        if (!duplicate && size <= maximumPacketSize - AliasRoom && aliases.Of(operation.Header.Topic) is TopicAlias alias)
        {
            PacketEncoder.PublishAliased(buffer, operation.Header, operation.PacketId, operation.Payload.Span, alias);
            return;
        }

        PacketEncoder.Publish(buffer, operation.Header with { Duplicate = duplicate }, operation.PacketId, operation.Payload.Span);
    }

    private void Forget(Func<MqttException> fault)
    {
        foreach (PublishOperation operation in inFlight.Values)
        {
            ids.Release(operation.PacketId);
            operation.Fail(fault());
        }

        inFlight.Clear();
    }
}
