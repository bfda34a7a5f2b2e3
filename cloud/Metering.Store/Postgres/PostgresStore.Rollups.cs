using Metering.Store.Rollups;

namespace Metering.Store.Postgres;

/// <content>Intervals, and the versions of ranges.</content>
public sealed partial class PostgresStore
{
    /// <inheritdoc/>
    public IntervalReadings ReadIntervals(IntervalRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return _reader.ReadIntervals(request, IsAppending, out _)
            ?? throw new KeyNotFoundException($"gateway {request.Gateway} has no channel {request.Channel} with readings");
    }

    /// <inheritdoc/>
    public int RefreshRollups(string gateway, string channel, TimeZoneInfo zone) => RollupReader.Refresh((gateway, channel, zone), request =>
    {
        _ = _reader.ReadIntervals(request, IsAppending, out int stored);
        return stored;
    });

    /// <inheritdoc/>
    public string VersionOf(string gateway, string channel, long fromUtcMilliseconds, long toUtcMilliseconds) =>
        _versions.Of(gateway, channel, fromUtcMilliseconds, toUtcMilliseconds)
            ?? throw new KeyNotFoundException($"gateway {gateway} has no channel {channel} with readings");

    /// <summary>Whether this process appends: only then does it store what it computed.</summary>
    private bool IsAppending
    {
        get
        {
            lock (_startGate)
            {
                return _writer is not null;
            }
        }
    }
}
