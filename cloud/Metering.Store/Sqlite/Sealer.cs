using Metering.Store.Chunks;

namespace Metering.Store.Sqlite;

/// <summary>
/// Turns heads into chunks, in slices of one short transaction each. A crash in between costs nothing: the sealed
/// watermark moves only at the end, and laying the same batches over the chunks again changes nothing.
/// For the writer's thread only.
/// </summary>
internal sealed class Sealer(SqliteFile file, ReadingState state)
{
    private const int MaximumSliceReadings = 131_072;
    private const int MaximumSliceChunks = 1_024;

    private readonly List<TaskCompletionSource> _waiting = [];
    private List<(long ChannelId, long Day, Columns Readings)> _work = [];
    private Dictionary<long, ChannelRow>? _rows;
    private long _through;
    private int _next;
    private bool _isRequested;
    private bool _holdsLayer;
    private bool _isRunning;

    /// <summary>Whether there is something to do now.</summary>
    public bool IsBusy => _isRunning || _isRequested;

    /// <summary>Asks for sealing at the next opportunity.</summary>
    /// <param name="completion">Completed when it is done; null when nobody waits.</param>
    public void Request(TaskCompletionSource? completion)
    {
        _isRequested = true;
        if (completion is not null)
        {
            _waiting.Add(completion);
        }
    }

    /// <summary>Begins sealing what is in the heads now, or goes on where a failure stopped it.</summary>
    public void Begin()
    {
        _isRunning = true;
        if (_holdsLayer)
        {
            // What has come since the failure stands in no layer yet: it takes another run, and whoever waits, waits for that.
            _isRequested = true;
            return;
        }

        lock (state.Gate)
        {
            _through = state.Applied;
            _work = state.Heads.Freeze();
        }

        _next = 0;
        _rows = null;
        _holdsLayer = true;
    }

    /// <summary>Does one slice, if there is work.</summary>
    public void Step()
    {
        if (_isRequested && !_isRunning)
        {
            _isRequested = false;
            Begin();
        }

        if (!_isRunning)
        {
            return;
        }

        try
        {
            if (_next < _work.Count)
            {
                _next = file.Write(SealSlice);
                return;
            }

            Finish();
        }
        catch (Exception e) when (e is StoreException or Metering.Readings.WireFormatException)
        {
            // The readings stay in memory and in the journal. The next threshold or tick tries again.
            _isRunning = false;
            _isRequested = false;
            CompleteWaiting(e);
        }
    }

    /// <summary>Tells whoever waits that the store closes; what is not sealed is replayed from the journal at the next start.</summary>
    public void Stop() => CompleteWaiting(new ObjectDisposedException(nameof(SqliteStore)));

    private int SealSlice(SqliteSession session)
    {
        _rows ??= ChannelTable.All(session).ToDictionary(row => row.Id);
        int next = _next;
        int readings = 0;
        while (next < _work.Count && next - _next < MaximumSliceChunks && readings < MaximumSliceReadings)
        {
            (long channelId, long day, Columns head) = _work[next++];
            if (PrunedTable.Contains(session, channelId, day))
            {
                // Late readings of a day that was dropped on purpose stay in the journal only.
                continue;
            }

            long added = ChunkTable.Merge(session, _rows[channelId], day, head, _through);
            ChannelTable.Extend(session, channelId, added, head.UtcMilliseconds[0], head.UtcMilliseconds[^1]);
            readings += head.Count;
        }

        return next;
    }

    private void Finish()
    {
        // Under the lock, so that a reader sees the readings either in memory or in the chunks, never in neither.
        lock (state.Gate)
        {
            _ = file.Write(session =>
            {
                FollowerTable.Set(session, ReadingState.SealedWatermark, _through);
                return true;
            });
            state.NoteSealed(_through);
        }

        _work = [];
        _holdsLayer = false;
        _isRunning = false;
        if (!_isRequested)
        {
            CompleteWaiting(null);
        }
    }

    private void CompleteWaiting(Exception? failure)
    {
        foreach (TaskCompletionSource completion in _waiting)
        {
            _ = failure is null ? completion.TrySetResult() : completion.TrySetException(failure);
        }

        _waiting.Clear();
    }
}
