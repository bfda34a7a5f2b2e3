using Metering.Cloud.Hosting;
using Metering.Ingestion.Import;
using Metering.Readings;
using Metering.Store;
using Metering.Store.Influx;

namespace Metering.Cloud.Imports;

/// <summary>One series of the source and what came of it.</summary>
/// <param name="Series">Its name as in a map file.</param>
/// <param name="Channel">The channel; null when nothing maps it.</param>
/// <param name="InSource">Values in the source.</param>
/// <param name="InStore">Values of the channel in the store, in the same range.</param>
internal sealed record InfluxImportLine(string Series, string? Channel, long InSource, long InStore)
{
    /// <summary>Whether every value is there; of a series that is left out nothing is expected.</summary>
    public bool Matches => Channel is null || InSource == InStore;
}

/// <summary>What an import did.</summary>
/// <param name="Series">Every series of the source, in order of name.</param>
/// <param name="New">Readings added.</param>
/// <param name="Changed">Readings that replaced others.</param>
/// <param name="NotNumbers">Values that are texts or true/false, which no channel can hold.</param>
/// <param name="WindowsSkipped">Ranges that were in the store already, by count.</param>
internal sealed record InfluxImportResult(IReadOnlyList<InfluxImportLine> Series, long New, long Changed, long NotNumbers, int WindowsSkipped)
{
    /// <summary>Whether the store now holds as many values of each mapped series as the source.</summary>
    public bool Matches => Series.All(line => line.Matches);
}

/// <summary>
/// Brings the history of a foreign InfluxDB into the store, range after range, as unsigned readings (evidence grade D). A
/// range whose counts are in the store already is passed over, so an import that was stopped goes on where it was.
/// </summary>
internal sealed class InfluxImport(InfluxHistory history, InfluxImportMap map, IReadingStore store, string gateway)
{
    private readonly SortedDictionary<string, (Channel? Channel, long InSource, long InStore)> _lines = new(StringComparer.Ordinal);
    private readonly Dictionary<InfluxSeriesKey, int> _indexOf = [];
    private readonly List<Channel> _channels = [];
    private readonly List<Reading> _readings = [];
    private long _notNumbers;

    /// <summary>Runs it.</summary>
    /// <param name="from">First instant.</param>
    /// <param name="to">First instant not wanted.</param>
    /// <param name="writer">Takes the readings; null only counts.</param>
    /// <param name="progress">Told the end of each range that is done.</param>
    /// <param name="cancellationToken">Ends it between two batches; what was written stays.</param>
    /// <exception cref="CloudFault">Two series become one channel, or a value does not fit its channel.</exception>
    public async Task<InfluxImportResult> RunAsync(long from, long to, ImportWriter? writer, Action<long> progress, CancellationToken cancellationToken)
    {
        ImportCounts counts = default;
        int skipped = 0;
        foreach ((long start, long end) in history.Windows(from, to))
        {
            Dictionary<InfluxSeriesKey, long> inSource = await history.CountAsync(start, end, cancellationToken);
            bool isThere = Register(inSource, start, end);
            if (writer is not null && inSource.Count > 0)
            {
                if (isThere)
                {
                    skipped++;
                }
                else
                {
                    counts += await CopyAsync(start, end, writer, cancellationToken);
                }
            }

            foreach ((InfluxSeriesKey series, long count) in inSource)
            {
                (Channel? channel, long before, long stored) = _lines[series.ToString()];
                _lines[series.ToString()] = (channel, before + count, stored + (channel is null ? 0 : StoredIn(channel, start, end)));
            }

            progress(end);
        }

        return new(
            [.. _lines.Select(line => new InfluxImportLine(line.Key, line.Value.Channel?.Id, line.Value.InSource, line.Value.InStore))],
            counts.New,
            counts.Changed,
            _notNumbers,
            skipped);
    }

    /// <summary>Makes channels of series not seen before; gives whether the store holds all of the range by count.</summary>
    private bool Register(Dictionary<InfluxSeriesKey, long> inSource, long start, long end)
    {
        bool isThere = true;
        foreach ((InfluxSeriesKey series, long count) in inSource)
        {
            if (!_lines.ContainsKey(series.ToString()))
            {
                Channel? channel = map.ChannelOf(series);
                if (channel is not null && _channels.Exists(other => other.Id == channel.Id))
                {
                    throw new CloudFault(ExitCode.Data, "dos series se volverían el canal {0}, una de ellas «{1}». Dé a cada una un nombre propio con --map ARCHIVO.", $"two series would become channel {channel.Id}, one of them '{series}'. Give each a name of its own with --map FILE.");
                }

                if (channel is not null)
                {
                    _indexOf.Add(series, _channels.Count);
                    _channels.Add(channel);
                }

                _lines.Add(series.ToString(), (channel, 0, 0));
            }

            Channel? mapped = _lines[series.ToString()].Channel;
            isThere &= mapped is null || StoredIn(mapped, start, end) == count;
        }

        return isThere;
    }

    private async Task<ImportCounts> CopyAsync(long start, long end, ImportWriter writer, CancellationToken cancellationToken)
    {
        long notNumbers = _notNumbers;
        _readings.Clear();
        await history.ReadAsync(
            start,
            end,
            () =>
            {
                _readings.Clear();
                _notNumbers = notNumbers;
            },
            Take,
            cancellationToken);
        return _readings.Count == 0 ? default : await writer.WriteAsync(_channels, _readings.ToArray(), cancellationToken);
    }

    private void Take(InfluxPoint point)
    {
        if (!_indexOf.TryGetValue(point.Series, out int index))
        {
            return;
        }

        if (!double.IsFinite(point.Value))
        {
            _notNumbers++;
            return;
        }

        Channel channel = _channels[index];
        if (!TryScale(channel, point, out long scaled))
        {
            throw new CloudFault(
                ExitCode.Data,
                "«{0}» tiene {1:R} el {2:yyyy-MM-ddTHH:mm:ss.fffZ}, y el canal {3} con {4} decimales no lo puede guardar exacto. Déle más decimales en el archivo del mapa, o ninguno si es un valor instantáneo.", $"'{point.Series}' holds {point.Value:R} at {DateTimeOffset.FromUnixTimeMilliseconds(point.UtcMilliseconds):yyyy-MM-ddTHH:mm:ss.fffZ}, which channel {channel.Id} with {channel.DecimalsText} decimals cannot hold exactly. Give it more decimals in the map file, or none if it is a gauge.");
        }

        _readings.Add(new(point.UtcMilliseconds, scaled, index, ReadingQuality.Good, HasValue: true));
    }

    // A whole number above 2^53 is no double, so it never passes through one.
    private static bool TryScale(Channel channel, in InfluxPoint point, out long scaled) => point.Whole is long whole && channel.Form == ValueForm.Decimal
        ? new ExactDecimal(whole, 0).TryScale(channel.DecimalPlaces, out scaled)
        : channel.TryToScaled(point.Value, out scaled) && (point.Whole is not long exact || (decimal)point.Value == exact);

    private long StoredIn(Channel channel, long start, long end)
    {
        if (store.FindChannel(gateway, channel.Id) is null)
        {
            return 0;
        }

        long count = 0;
        foreach (bool hasValue in store.Read(gateway, channel.Id, start, end).HasValues)
        {
            count += hasValue ? 1 : 0;
        }

        return count;
    }
}
