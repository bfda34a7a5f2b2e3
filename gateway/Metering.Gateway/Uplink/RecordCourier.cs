using Metering.Gateway.Commissioning;
using Metering.Gateway.Inputs;
using Metering.Readings;
using Metering.Readings.Field;
using Microsoft.Extensions.Logging;

namespace Metering.Gateway.Uplink;

/// <summary>
/// Brings what people recorded here (readings, changes of meter, commissioning records) to the cloud, each as the signed note it is, one at a time and again until the cloud
/// says that it has it. What it said is kept in "records-sent". A cloud that does not know these notes answers nothing: it is asked
/// ever more rarely, at last four times a day, with one note. Photos do not travel, their hashes do. Safe from any thread.
/// </summary>
internal sealed class RecordCourier(string stateDirectory, string gateway, RecordMarks marks, TimeProvider clock, ILogger logger)
{
    /// <summary>First wait for the cloud's word; doubles up to <see cref="LongestPatience"/>.</summary>
    internal static readonly TimeSpan FirstPatience = TimeSpan.FromSeconds(10);

    internal static readonly TimeSpan LongestPatience = TimeSpan.FromHours(6);

    /// <summary>Up to this patience a new connection is a reason to send again soon; beyond it nobody seems to listen.</summary>
    private static readonly TimeSpan Hopeful = TimeSpan.FromMinutes(10);

    private readonly FieldLog _entries = new(stateDirectory, gateway);
    private readonly CommissioningFolder _commissioning = new(stateDirectory);
    private readonly Lock _gate = new();
    private readonly List<(string Hash, string File)> _waiting = [];
    private readonly HashSet<string> _seenRecords = new(StringComparer.Ordinal);
    private long _nextEntry = 1;
    private long _commissioningTicks = -1;
    private TimeSpan _patience = FirstPatience;
    private TimeSpan _wait;
    private long? _sentAt;
    private string _lastProblem = "";

    /// <summary>Records that the cloud has not confirmed yet.</summary>
    internal int Waiting
    {
        get
        {
            lock (_gate)
            {
                return _waiting.Count;
            }
        }
    }

    /// <summary>The note to send now; null when there is none or the cloud's word on another is still waited for.</summary>
    internal ReadOnlyMemory<byte>? NextToSend()
    {
        lock (_gate)
        {
            try
            {
                Look();
                return Next();
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                Tell(e.Message);
                return null;
            }
        }
    }

    /// <summary>A connection is new: what was on its way may have been lost with the old one.</summary>
    internal void Reconnected()
    {
        lock (_gate)
        {
            _wait = _patience <= Hopeful && _wait > FirstPatience ? FirstPatience : _wait;
        }
    }

    /// <summary>The cloud was restored from a backup and may have lost what it had confirmed: everything is offered anew, which costs one message a record.</summary>
    internal void ForgetReceipts()
    {
        lock (_gate)
        {
            try
            {
                marks.Forget();
                (_nextEntry, _commissioningTicks, _patience, _sentAt) = (1, -1, FirstPatience, null);
                _waiting.Clear();
                _seenRecords.Clear();
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                Tell(e.Message);
            }
        }
    }

    /// <summary>Takes the cloud's word, its signature checked.</summary>
    /// <returns>Whether it was waited for.</returns>
    internal bool Take(FieldReceipt receipt)
    {
        lock (_gate)
        {
            int place = receipt.Gateway == gateway ? _waiting.FindIndex(one => one.Hash == receipt.Record) : -1;
            if (place < 0)
            {
                return false;
            }

            try
            {
                marks.Add(receipt.Record, receipt.Result);
                if (receipt.Result == FieldReceiptResult.Refused)
                {
                    UplinkEvents.RecordRefused(logger, _waiting[place].File);
                }

                _waiting.RemoveAt(place);
                (_sentAt, _patience) = (null, FirstPatience);
                return true;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // Not marked: it is sent again, and the cloud takes the same note once.
                Tell(e.Message);
                return false;
            }
        }
    }

    private ReadOnlyMemory<byte>? Next()
    {
        bool isUnanswered = _sentAt is not null;
        if (_waiting.Count == 0 || (_sentAt is long at && clock.GetElapsedTime(at) < _wait))
        {
            return null;
        }

        if (isUnanswered)
        {
            // One that the cloud does not answer must not hold up those behind it.
            (string, string) first = _waiting[0];
            _waiting.RemoveAt(0);
            _waiting.Add(first);
            _patience = _patience * 2 < LongestPatience ? _patience * 2 : LongestPatience;
        }

        (_sentAt, _wait) = (clock.GetTimestamp(), _patience);
        return File.ReadAllBytes(_waiting[0].File);
    }

    // Costs one look at one name and one at a folder when nothing is new.
    private void Look()
    {
        if (_nextEntry == 1)
        {
            long last = _entries.LastNumber();
            for (; _nextEntry <= last; _nextEntry++)
            {
                Consider(_entries.PathOf(_nextEntry));
            }
        }

        for (; File.Exists(_entries.PathOf(_nextEntry)); _nextEntry++)
        {
            Consider(_entries.PathOf(_nextEntry));
        }

        long ticks = Directory.Exists(_commissioning.Path) ? Directory.GetLastWriteTimeUtc(_commissioning.Path).Ticks : 0;
        if (ticks == _commissioningTicks)
        {
            return;
        }

        // Looked at once more when it is read: a file may come in the same tick of the folder's clock as this look.
        bool isFresh = clock.GetUtcNow().UtcTicks - ticks < TimeSpan.TicksPerMinute;
        _commissioningTicks = isFresh ? -1 : ticks;
        foreach ((string file, _) in _commissioning.All())
        {
            if (_seenRecords.Add(file))
            {
                Consider(file);
            }
        }
    }

    private void Consider(string file)
    {
        if (!File.Exists(file))
        {
            return;
        }

        byte[] note = File.ReadAllBytes(file);
        string hash = FieldRecord.HashOf(note);
        if (marks.Has(hash))
        {
            return;
        }

        try
        {
            if (FieldRecord.Read(note).Gateway == gateway)
            {
                _waiting.Add((hash, file));
            }
        }
        catch (WireFormatException e)
        {
            Tell($"{file}: {e.Message}");
        }
    }

    private void Tell(string problem)
    {
        if (problem != _lastProblem)
        {
            _lastProblem = problem;
            UplinkEvents.RecordsNotRead(logger, problem);
        }
    }
}
