using System.Security.Cryptography;
using System.Threading.Channels;
using Metering.Mqtt;
using Metering.Readings;
using Metering.Readings.Field;
using Metering.Store;
using Microsoft.Extensions.Logging;

namespace Metering.Ingestion;

/// <summary>
/// Answers what gateways ask besides having batches stored: enrolment by code, change of key, lost batches, and where their
/// chain and the cloud's log stand; and takes what people recorded there. Beside the lanes, so that a flood of requests delays no batch; a request that finds the queue full is let
/// go, as gateways ask again.
/// </summary>
internal sealed class RequestDesk(
    IngestionOptions options, MqttSession session, IReadingStore store, GatewayKeys keys, AckPublisher acks, Quarantine quarantine, TimeProvider clock, ILogger logger)
{
    private const int QueueLength = 256;

    private readonly FieldRecordDesk _records = new(options, session, store, keys, quarantine, logger);

    private readonly Channel<MqttMessage> _requests = System.Threading.Channels.Channel.CreateBounded<MqttMessage>(
        new BoundedChannelOptions(QueueLength) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    public void Take(MqttMessage message) => _ = _requests.Writer.TryWrite(message);

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await foreach (MqttMessage message in _requests.Reader.ReadAllAsync(cancellationToken))
        {
            string gateway = Topics.GatewayOf(message.Topic)!;
            try
            {
                await AnswerAsync(gateway, message, cancellationToken);
            }
            catch (WireFormatException e)
            {
                RefusalKind kind = keys.IsEnrolled(gateway) ? RefusalKind.Request : RefusalKind.UnknownGateway;
                quarantine.Keep(gateway, message.Topic, message.Payload, kind, e.Message);
            }
            catch (Exception e) when (e is StoreException or MqttException)
            {
                // The gateway asks again.
                logger.RequestFailed(gateway, e.Message);
            }
        }
    }

    private async Task AnswerAsync(string gateway, MqttMessage message, CancellationToken cancellationToken)
    {
        ReadOnlyMemory<byte> note = message.Payload;
        switch (GatewayRequest.KindOf(note.Span))
        {
            case GatewayRequest.Standing:
                acks.Answer(gateway, GatewayRequest.ParseStanding(note.Span, gateway));
                break;
            case GatewayRequest.Log:
                (string ask, long size) = GatewayRequest.ParseLog(note.Span, gateway);
                acks.AnswerLog(gateway, ask, size);
                break;
            case GatewayRequest.Enrol:
                await EnrolAsync(gateway, note, cancellationToken);
                break;
            case GatewayRequest.Rotate:
                Rotate(gateway, message);
                break;
            case GatewayRequest.Lost:
                AcceptLoss(gateway, note);
                break;
            case FieldEntry.Header or CommissioningRecord.FirstLine:
                await _records.TakeAsync(gateway, message, cancellationToken);
                break;
            default:
                throw new WireFormatException("a request of a kind that this version does not know");
        }
    }

    private async Task EnrolAsync(string gateway, ReadOnlyMemory<byte> note, CancellationToken cancellationToken)
    {
        EnrolmentRequest request = EnrolmentRequest.Open(note.Span);
        if (request.Gateway != gateway)
        {
            throw new WireFormatException($"the enrolment names gateway {request.Gateway}, it came on the topic of {gateway}");
        }

        CodeRedemption done = store.Redeem(request, clock.GetUtcNow());
        if (done.Result == EnrolmentResult.Enrolled)
        {
            logger.Enrolled(gateway, done.Plant!, done.KeyEpoch);
            acks.Mark(gateway, done.KeyEpoch);
        }
        else
        {
            logger.NotEnrolled(gateway, done.Result);
        }

        EnrolmentAnswer answer = new(gateway, Convert.ToHexStringLower(SHA256.HashData(note.Span)), done.Result, done.KeyEpoch, done.Plant ?? "-");
        _ = await session.PublishAsync(Topics.Answer(gateway), answer.Sign(options.Name, options.Key), MqttQoS.AtLeastOnce, retain: false, cancellationToken);
    }

    private void Rotate(string gateway, MqttMessage message)
    {
        KeyRotation named = KeyRotation.Read(message.Payload.Span);
        using ECDsa key = KeyOf(gateway, named.Gateway, named.KeyEpoch);
        KeyRotation rotation = KeyRotation.Open(message.Payload.Span, key);
        RotationOutcome outcome = store.Rotate(rotation, message.Payload);
        keys.Forget(gateway, rotation.KeyEpoch);
        switch (outcome)
        {
            case RotationOutcome.Rotated:
                logger.Rotated(gateway, rotation.KeyEpoch + 1, rotation.KeyEpoch, rotation.Through);
                acks.Mark(gateway, rotation.KeyEpoch + 1);
                break;
            case RotationOutcome.Behind:
                // The gateway is told from where on batches of the old key are missing here.
                acks.Mark(gateway, rotation.KeyEpoch);
                break;
            case RotationOutcome.Revoked:
                quarantine.Keep(gateway, message.Topic, message.Payload, RefusalKind.Revoked, $"a change of key was signed by key epoch {rotation.KeyEpoch}, which is revoked");
                break;
            case RotationOutcome.Contradicts or RotationOutcome.UnknownKey:
                logger.RotationContradicts(gateway, rotation.KeyEpoch);
                quarantine.Keep(gateway, message.Topic, message.Payload, RefusalKind.Fork, $"the change from key epoch {rotation.KeyEpoch} contradicts the stored chain or the next key");
                break;
            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }

    private void AcceptLoss(string gateway, ReadOnlyMemory<byte> note)
    {
        LostBatches named = LostBatches.Read(note.Span);
        using ECDsa key = KeyOf(gateway, named.Gateway, named.KeyEpoch);
        LostBatches lost = LostBatches.Open(note.Span, key);
        if (keys.IsRevoked(gateway, lost.KeyEpoch))
        {
            throw new WireFormatException($"batches are stated lost under key epoch {lost.KeyEpoch}, which is revoked");
        }

        if (store.AcceptLoss(lost, note, clock.GetUtcNow()))
        {
            logger.BatchesLost(gateway, lost.First, lost.Last, lost.KeyEpoch);
        }

        acks.Mark(gateway, lost.KeyEpoch);
    }

    // A key object of its own: those of the lanes are used by one lane only.
    private ECDsa KeyOf(string gateway, string named, int keyEpoch)
    {
        GatewayEnrolment? enrolment = named == gateway ? store.FindEnrolment(gateway, keyEpoch) : null;
        return enrolment is null
            ? throw new WireFormatException($"the request names key epoch {keyEpoch} of gateway {named}, which is not enrolled under the topic of {gateway}")
            : SigningKey.Parse(enrolment.PublicKeyPem);
    }
}
