using System.Globalization;
using Metering.Readings;

namespace Metering.Store.Influx;

/// <summary>
/// What has to happen before a reading replaces one that stands in the copy already. InfluxDB keeps the fields that are
/// not written, so a reading without a value would leave the old value beside the new quality.
/// 1.x and 2.x: the old point is removed first. 3.x can remove no point: there the journal is read with hindsight, and a
/// reading that the store no longer holds is not written at all.
/// </summary>
internal sealed class ReplacedReadings(IReadingStore store, InfluxClient client, InfluxPatience patience)
{
    private static readonly IReadOnlySet<long> None = new HashSet<long>();
    private readonly Dictionary<(string Gateway, string Channel), long> _newest = [];
    private bool _isEmpty;

    private bool CanRemove => client.Options.Version != InfluxVersion.Three;

    /// <summary>Forgets what it has seen.</summary>
    /// <param name="isEmpty">Whether the copy is known to hold nothing.</param>
    public void Forget(bool isEmpty)
    {
        _newest.Clear();
        _isEmpty = isEmpty;
    }

    /// <summary>The newest instant of a channel that the copy may hold; <see cref="long.MinValue"/> when it holds none.</summary>
    public async Task<long> NewestAsync(string gateway, string channel, CancellationToken cancellationToken)
    {
        if (_newest.TryGetValue((gateway, channel), out long newest))
        {
            return newest;
        }

        if (!CanRemove)
        {
            // A query for the last point would reach over the whole history, which 3.x refuses.
            return _isEmpty ? long.MinValue : store.FindChannel(gateway, channel)?.LastUtcMilliseconds ?? long.MinValue;
        }

        newest = long.MinValue;
        await AskAsync(
            $"SELECT value, quality FROM reading WHERE gateway='{gateway}' AND channel='{channel}' ORDER BY time DESC LIMIT 1",
            series => newest = series.RowCount == 0 ? newest : Math.Max(newest, series[0, series.ColumnOf("time")].AsInteger()),
            cancellationToken);
        return newest;
    }

    /// <summary>Notes that the copy now holds a segment.</summary>
    public void Saw(string gateway, ChannelSegment segment)
    {
        (string, string) key = (gateway, segment.Channel.Id);
        long newest = segment.UtcMilliseconds.Span[^1];
        _newest[key] = _newest.TryGetValue(key, out long before) ? Math.Max(before, newest) : newest;
    }

    /// <summary>Removes the values that readings without a value replace; gives those instants whose value could not be removed.</summary>
    /// <param name="gateway">Gateway of the segment.</param>
    /// <param name="segment">What will be written.</param>
    /// <param name="newest">From <see cref="NewestAsync"/>.</param>
    /// <param name="flush">Sends what waits: it may be the very value to remove.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public async Task<IReadOnlySet<long>> PrepareAsync(string gateway, ChannelSegment segment, long newest, Func<CancellationToken, Task> flush, CancellationToken cancellationToken)
    {
        HashSet<long> silent = SilentInstants(segment, newest);
        if (silent.Count == 0)
        {
            return None;
        }

        await flush(cancellationToken);
        HashSet<long> standing = [];
        string where = $"gateway='{gateway}' AND channel='{segment.Channel.Id}'";
        foreach ((long from, long to) in InfluxWindows.Of(client.Options.Version, silent.Min(), silent.Max() + 1))
        {
            await AskAsync(
                string.Create(CultureInfo.InvariantCulture, $"SELECT value FROM reading WHERE {where} AND time >= {from}ms AND time < {to}ms"),
                series => Collect(series, silent, standing),
                cancellationToken);
        }

        if (!CanRemove)
        {
            return standing;
        }

        foreach (long instant in standing)
        {
            await AskAsync(string.Create(CultureInfo.InvariantCulture, $"DELETE FROM reading WHERE {where} AND time = {instant}ms"), static _ => { }, cancellationToken);
        }

        return None;
    }

    /// <summary>Instants of a segment at which the store now holds no value though the segment does: in 3.x such a value could never be taken back.</summary>
    public IReadOnlySet<long> Obsolete(string gateway, ChannelSegment segment)
    {
        if (CanRemove)
        {
            return None;
        }

        ReadingColumns now = store.Read(gateway, segment.Channel.Id, segment.UtcMilliseconds.Span[0], segment.UtcMilliseconds.Span[^1] + 1);
        HashSet<long>? obsolete = null;
        int place = 0;
        for (int index = 0; index < segment.Count; index++)
        {
            long instant = segment.UtcMilliseconds.Span[index];
            while (place < now.Count && now.UtcMilliseconds[place] < instant)
            {
                place++;
            }

            if (segment.HasValues.Span[index] && place < now.Count && now.UtcMilliseconds[place] == instant && !now.HasValues[place])
            {
                _ = (obsolete ??= []).Add(instant);
            }
        }

        return obsolete ?? None;
    }

    private static HashSet<long> SilentInstants(ChannelSegment segment, long newest)
    {
        HashSet<long> silent = [];
        for (int index = 0; index < segment.Count && segment.UtcMilliseconds.Span[index] <= newest; index++)
        {
            if (!segment.HasValues.Span[index] && segment.UtcMilliseconds.Span[index] <= LineBuffer.LastInstantUtcMilliseconds)
            {
                _ = silent.Add(segment.UtcMilliseconds.Span[index]);
            }
        }

        return silent;
    }

    private static void Collect(InfluxSeries series, HashSet<long> wanted, HashSet<long> found)
    {
        int time = series.ColumnOf("time");
        int value = series.ColumnOf("value");
        for (int row = 0; row < series.RowCount; row++)
        {
            if (series[row, value].Kind != InfluxCellKind.Null && wanted.Contains(series[row, time].AsInteger()))
            {
                _ = found.Add(series[row, time].AsInteger());
            }
        }
    }

    private async Task AskAsync(string statement, Action<InfluxSeries> visit, CancellationToken cancellationToken)
    {
        while (true)
        {
            InfluxAnswer answer = await client.QueryAsync(statement, visit, cancellationToken);
            if (answer.Verdict == InfluxVerdict.Ok || (client.Options.Version != InfluxVersion.One && IsMissing(answer)))
            {
                patience.Reset();
                return;
            }

            await patience.WaitAsync(answer, cancellationToken);
            if (answer.Verdict == InfluxVerdict.Paused && client.Options.Version == InfluxVersion.One)
            {
                _ = await client.QueryAsync($"CREATE DATABASE \"{client.Options.Database}\"", static _ => { }, cancellationToken);
            }
        }
    }

    // In 3.x a database or table exists from its first write on.
    private bool IsMissing(InfluxAnswer answer) => client.Options.Version == InfluxVersion.Three
        && (answer.Status == 404 || answer.Text.Contains("not found", StringComparison.OrdinalIgnoreCase));
}
