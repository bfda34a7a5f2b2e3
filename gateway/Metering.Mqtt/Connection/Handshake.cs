using Metering.Mqtt.Packets;
using Metering.Mqtt.Session;

namespace Metering.Mqtt.Connection;

/// <summary>From nothing to an accepted connection: open, CONNECT, CONNACK (MQTT 5.0, 3.1 and 3.2).</summary>
internal static class Handshake
{
    public static async Task<MqttConnection> RunAsync(ClientState state, MqttClientOptions options, TimeProvider clock, CancellationToken cancellationToken)
    {
        using CancellationTokenSource timeout = new(options.ConnectTimeout, clock);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        Transport? transport = null;
        try
        {
            transport = await Transport.OpenAsync(options, either.Token);
            await SendConnectAsync(transport.Stream, options, either.Token);
            ReceiveBuffer receive = new(options.MaximumPacketSize);
            MqttConnectResult answer = await ReceiveAnswerAsync(transport.Stream, receive, options, either.Token);
            CheckAnswer(answer, options);
            return new MqttConnection(state, options, clock, transport, receive, answer);
        }
        catch (Exception thrown)
        {
            Exception fault = thrown;
            if (transport is not null)
            {
                fault = Transport.IsBroken(thrown) && options.UseTls ? await transport.LastWordAsync() ?? thrown : thrown;
                await transport.DisposeAsync();
            }

            if (fault is OperationCanceledException && !cancellationToken.IsCancellationRequested)
            {
                throw new MqttException(
                    MqttErrorKind.Unreachable,
                    MqttReasonCode.ServerUnavailable,
                    $"The broker at {options.Host}:{options.Port} did not answer within {options.ConnectTimeout.TotalSeconds} s.",
                    innerException: fault);
            }

            if (fault is not MqttException && Transport.IsBroken(fault))
            {
                throw TlsFaults.AfterHandshake(options, fault) ?? Vanished(options, fault);
            }

            throw;
        }
    }

    private static MqttException Vanished(MqttClientOptions options, Exception? cause) => new(
        MqttErrorKind.Unreachable,
        MqttReasonCode.ServerUnavailable,
        $"The broker at {options.Host}:{options.Port} ended the connection before it answered. Is that port MQTT, and is TLS set the same on both sides?{(options.UseTls ? " Does it want a certificate of this client?" : "")}",
        innerException: cause);

    private static async Task SendConnectAsync(Stream stream, MqttClientOptions options, CancellationToken cancellationToken)
    {
        SendBuffer buffer = new();
        try
        {
            PacketEncoder.Connect(buffer, options);
            await stream.WriteAsync(buffer.Written, cancellationToken);
        }
        finally
        {
            buffer.Clear(secret: true);
        }
    }

    private static async Task<MqttConnectResult> ReceiveAnswerAsync(Stream stream, ReceiveBuffer receive, MqttClientOptions options, CancellationToken cancellationToken)
    {
        MqttConnectResult? answer;
        while (!TryReadAnswer(receive, options.MaximumPacketSize, out answer))
        {
            int count = await stream.ReadAsync(receive.FreeSpace(), cancellationToken);
            if (count == 0)
            {
                throw Vanished(options, cause: null);
            }

            receive.Received(count);
        }

        return answer!;
    }

    private static bool TryReadAnswer(ReceiveBuffer receive, int maximumPacketSize, out MqttConnectResult? answer)
    {
        answer = null;
        if (receive.Unread.StartsWith("HTTP/"u8))
        {
            throw new MqttException(MqttErrorKind.ProtocolError, MqttReasonCode.ProtocolError, "What answers at that port is a web server (HTTP) and no MQTT broker.");
        }

        if (!PacketDecoder.TryReadFrame(receive.Unread, maximumPacketSize, out Frame frame))
        {
            return false;
        }

        answer = frame.Type switch
        {
            PacketType.ConnAck => PacketDecoder.ConnAck(frame.Body),
            PacketType.Disconnect => Refusal(PacketDecoder.Disconnect(frame.Body)),
            _ => throw PacketReader.Violation(MqttReasonCode.ProtocolError, "the first packet is not CONNACK"),
        };
        receive.Consume(frame.TotalLength);
        return true;
    }

    /// <summary>Some brokers refuse with DISCONNECT instead of CONNACK.</summary>
    private static MqttConnectResult Refusal(ReceivedAck disconnect) => new()
    {
        ReasonCode = disconnect.Code == MqttReasonCode.Success ? MqttReasonCode.UnspecifiedError : disconnect.Code,
        ReasonString = disconnect.ReasonString,
    };

    private static void CheckAnswer(MqttConnectResult answer, MqttClientOptions options)
    {
        if (answer.ReasonCode != MqttReasonCode.Success)
        {
            string told = MqttReasonText.Describe(answer.ReasonCode, answer.ReasonString);
            throw new MqttException(
                MqttErrorKind.Refused,
                answer.ReasonCode,
                $"The broker at {options.Host}:{options.Port} refused the connection: {told}. {MqttReasonText.Advice(answer.ReasonCode)}",
                answer.ReasonString);
        }

        if (answer.SessionPresent && options.CleanStart)
        {
            throw PacketReader.Violation(MqttReasonCode.ProtocolError, "a session is present although a clean start was asked for");
        }
    }
}
