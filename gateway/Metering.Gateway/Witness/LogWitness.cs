using Metering.Readings;
using Microsoft.Extensions.Logging;

namespace Metering.Gateway.Witness;

/// <summary>
/// Asks the cloud from time to time where its transparency log stands, and whether what was seen of it before is still there. A log that does not
/// continue raises an alarm that stays until a person accepts it; nothing else changes: readings are sent as before. Only the answer to the question that is open is
/// judged, as any other may be an older one that was overtaken, and would look like a log that went back.
/// </summary>
internal sealed class LogWitness(string gateway, WitnessFolder folder, TimeProvider clock, ILogger logger)
{
    /// <summary>How often the cloud is asked.</summary>
    internal static readonly TimeSpan Interval = TimeSpan.FromMinutes(15);

    private readonly Lock _gate = new();
    private (string Ask, long Size)? _question;
    private long? _askedAt;

    /// <summary>What is known. Any thread may ask.</summary>
    internal WitnessStanding Standing() => folder.Standing();

    /// <summary>A connection is new: the question is asked again.</summary>
    internal void AskSoon()
    {
        lock (_gate)
        {
            _askedAt = null;
        }
    }

    /// <summary>The question to ask now; null while it is not time.</summary>
    internal ReadOnlyMemory<byte>? NextQuestion()
    {
        lock (_gate)
        {
            if (_askedAt is long at && clock.GetElapsedTime(at) < Interval)
            {
                return null;
            }

            _askedAt = clock.GetTimestamp();
            try
            {
                (string ask, long size) = (GatewayRequest.NewAsk(), folder.Last(out _)?.Size ?? 0);
                _question = (ask, size);
                return GatewayRequest.AskLog(gateway, ask, size);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                WitnessEvents.NotKept(logger, e.Message);
                return null;
            }
        }
    }

    /// <summary>Takes a word of the cloud whose signature holds; most say nothing of the log.</summary>
    internal void Take(BatchAck ack, ReadOnlyMemory<byte> note)
    {
        if (ack.Log is not LogStanding seen || ack.Gateway != gateway)
        {
            return;
        }

        lock (_gate)
        {
            if (ack.Answers != _question?.Ask)
            {
                return;
            }

            long asked = _question!.Value.Size;
            _question = null;
            try
            {
                using IDisposable folderLock = folder.Lock();
                Judge(seen, asked, note.Span);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                WitnessEvents.NotKept(logger, e.Message);
            }
        }
    }

    private void Judge(LogStanding seen, long asked, ReadOnlySpan<byte> note)
    {
        LogStanding? kept = folder.Last(out bool isForeign);
        if ((kept?.Size ?? 0) != asked)
        {
            // A person accepted another past meanwhile: the proof begins elsewhere. Asked anew.
            _askedAt = null;
            return;
        }

        if (!isForeign && (kept is null || seen.After(kept) == LogContinuity.Continues))
        {
            if (kept is null || kept.Size != seen.Size)
            {
                folder.Keep(note);
            }

            return;
        }

        IReadOnlyList<LogAlarm> record = folder.Record();
        if (record.Count == 0 || record[^1].Kind == LogAlarm.Accepted)
        {
            int number = record.Count == 0 ? 1 : record[^1].Number + 1;
            string kind = isForeign ? LogAlarm.OtherKey : LogAlarm.KindOf(seen.After(kept!));
            LogAlarm alarm = new(number, clock.GetUtcNow().ToUnixTimeMilliseconds(), kind, kept?.Size ?? 0, seen.Size, "");
            folder.Raise(alarm, note);
            WitnessEvents.DoesNotContinue(logger, alarm.What.In(Language.English), LogAlarm.Remedy.In(Language.English));
        }
    }
}
