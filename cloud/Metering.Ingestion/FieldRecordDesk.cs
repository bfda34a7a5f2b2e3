using System.Security.Cryptography;
using Metering.Mqtt;
using Metering.Readings;
using Metering.Readings.Field;
using Metering.Store;
using Microsoft.Extensions.Logging;

namespace Metering.Ingestion;

/// <summary>
/// Takes what people recorded at gateways. The signature is checked by the key of its epoch, the note is kept, and only then the gateway gets its receipt. A key
/// that named its successor may still have notes on the way; a revoked one has none. What is not in order is put aside and not answered, so that it stays at the gateway.
/// </summary>
internal sealed class FieldRecordDesk(IngestionOptions options, MqttSession session, IReadingStore store, GatewayKeys keys, Quarantine quarantine, ILogger logger)
{
    /// <summary>Takes a note that came on the topic of a gateway.</summary>
    /// <exception cref="WireFormatException">It is not in order.</exception>
    /// <exception cref="StoreException">It could not be kept.</exception>
    /// <exception cref="MqttException">The receipt could not be sent; the gateway sends the note again.</exception>
    public async Task TakeAsync(string gateway, MqttMessage message, CancellationToken cancellationToken)
    {
        FieldRecord record = FieldRecord.Read(message.Payload.Span);
        int keyEpoch = SignerOf(gateway, record, message.Payload);
        FieldReceiptResult result = Keep(gateway, keyEpoch, record, message);
        FieldReceipt receipt = new(gateway, FieldRecord.HashOf(message.Payload.Span), result);
        _ = await session.PublishAsync(Topics.Ack(gateway), receipt.Sign(options.Name, options.Key), MqttQoS.AtLeastOnce, retain: false, cancellationToken);
    }

    private FieldReceiptResult Keep(string gateway, int keyEpoch, FieldRecord record, MqttMessage message)
    {
        bool isKnown = store.FindRecord(gateway, FieldRecord.HashOf(message.Payload.Span)) is not null;
        if (!isKnown && keys.IsRevoked(gateway, keyEpoch))
        {
            quarantine.Keep(gateway, message.Topic, message.Payload, RefusalKind.Revoked, $"a record was signed by key epoch {keyEpoch}, which is revoked");
            return FieldReceiptResult.Refused;
        }

        FieldRecordOutcome outcome = isKnown ? FieldRecordOutcome.Known : store.KeepRecord(record, message.Payload);
        switch (outcome)
        {
            case FieldRecordOutcome.Full:
                quarantine.Keep(gateway, message.Topic, message.Payload, RefusalKind.NeverStorable, $"the gateway has {StoreLimits.MaximumRecords} records already");
                return FieldReceiptResult.Refused;
            case FieldRecordOutcome.Kept:
                logger.RecordKept(gateway, record.Kind, record.Channel);
                return FieldReceiptResult.Kept;
            case FieldRecordOutcome.Known:
                return FieldReceiptResult.Kept;
            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }

    // Throws unless one of the gateway's keys signed it, and the one it names.
    private int SignerOf(string gateway, FieldRecord record, ReadOnlyMemory<byte> note)
    {
        if (record.Gateway != gateway)
        {
            throw new WireFormatException($"the record names gateway {record.Gateway}, it came on the topic of {gateway}");
        }

        foreach (GatewayEnrolment enrolment in store.EnrolmentsOf(gateway))
        {
            using ECDsa key = SigningKey.Parse(enrolment.PublicKeyPem);
            if (record.IsOf(note.Span, enrolment.KeyEpoch, key))
            {
                NoteFault fault = SignedNote.Verify(note.Span, gateway, key);
                return fault == NoteFault.None ? enrolment.KeyEpoch : throw new WireFormatException($"the record is not signed by key epoch {enrolment.KeyEpoch} of {gateway}: {fault}");
            }
        }

        throw new WireFormatException($"no key of gateway {gateway} that is enrolled is the one that the record was signed with");
    }
}
