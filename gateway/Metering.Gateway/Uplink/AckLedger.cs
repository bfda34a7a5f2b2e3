using Metering.Gateway.Outbox;
using Metering.Readings;
using Microsoft.Extensions.Logging;

namespace Metering.Gateway.Uplink;

/// <summary>
/// What the cloud says it has, and what follows for the outbox. A higher number frees at once. A lower one is believed only in
/// the answer to a question of this gateway: then it was read from the cloud's store after everything that was known here. Any
/// other lower number may be an ack that a faster one has overtaken, from another ingestion process or an earlier connection.
/// Numbers are places, see <see cref="BatchPlaces"/>.
/// </summary>
internal sealed class AckLedger(string gateway, GatewayOutbox outbox, TimeProvider clock, ILogger logger)
{
    /// <summary>How long an answer is waited for before the question is asked again.</summary>
    internal static readonly TimeSpan AnswerPatience = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private readonly HashSet<long> _also = [];
    private bool _isInDoubt;
    private bool _wentBack;
    private string? _question;
    private long _askedAt;

    /// <summary>Takes an ack that was signed by the cloud.</summary>
    /// <returns>True when there is something to do: the cloud has more than before, went back, or must be asked.</returns>
    internal bool Take(BatchAck ack)
    {
        if (ack.Gateway != gateway || outbox.Places.PlaceOf(ack.KeyEpoch, ack.Through) is not long place)
        {
            return false;
        }

        lock (_gate)
        {
            if (place > outbox.LastBatch)
            {
                OutboxEvents.BehindCloud(logger, ack.Through, outbox.Places.At(outbox.LastBatch).Batch);
                outbox.SetAcked(place);
                return false;
            }

            if (ack.Through > 0 && outbox.TryRead(place, out _, out string hash) && hash != ack.Head)
            {
                UplinkEvents.Fork(logger, ack.Through);
                return false;
            }

            bool isAnswer = ack.Answers is not null && ack.Answers == _question;
            if (place < outbox.AckedThrough && !isAnswer)
            {
                bool isNew = !_isInDoubt;
                _isInDoubt = true;
                return isNew;
            }

            long[] also = [.. ack.Also.Select(batch => outbox.Places.PlaceOf(ack.KeyEpoch, batch) ?? 0)];
            bool isNews = !_also.SetEquals(also);
            _also.Clear();
            _also.UnionWith(also);
            return Settle(place, isAnswer) || isNews;
        }
    }

    /// <summary>Whether the cloud has this batch although the ones before it are missing.</summary>
    internal bool IsThere(long place)
    {
        lock (_gate)
        {
            return _also.Contains(place);
        }
    }

    /// <summary>A connection is new: what the cloud has is not known for sure.</summary>
    internal void Doubt()
    {
        lock (_gate)
        {
            (_isInDoubt, _question) = (true, null);
        }
    }

    /// <summary>The question to ask now, or null when there is no doubt or an answer is still waited for.</summary>
    internal string? NextQuestion()
    {
        lock (_gate)
        {
            if (!_isInDoubt || (_question is not null && clock.GetElapsedTime(_askedAt) < AnswerPatience))
            {
                return null;
            }

            (_question, _askedAt) = (GatewayRequest.NewAsk(), clock.GetTimestamp());
            return _question;
        }
    }

    /// <summary>Whether the cloud went back since the last call: batches must be sent again.</summary>
    internal bool TakeGoneBack()
    {
        lock (_gate)
        {
            (bool wentBack, _wentBack) = (_wentBack, false);
            return wentBack;
        }
    }

    private bool Settle(long place, bool isAnswer)
    {
        if (place < outbox.AckedThrough)
        {
            UplinkEvents.GoesBack(logger, place, outbox.AckedThrough);
            outbox.SetAcked(place);
            long? oldest = outbox.OldestKept();
            if (oldest > place + 1)
            {
                UplinkEvents.NotKept(logger, place + 1, oldest.Value);
            }

            (_isInDoubt, _question, _wentBack) = (false, null, true);
            return true;
        }

        if (place > outbox.AckedThrough)
        {
            // An answer that is still on its way was read before this and may be lower.
            (_isInDoubt, _question) = (false, null);
            outbox.SetAcked(place);
            return true;
        }

        if (isAnswer)
        {
            (_isInDoubt, _question) = (false, null);
        }

        return false;
    }
}
