using System.Globalization;
using Metering.FirmwareSim.Registers;

namespace Metering.FirmwareSim.Replay;

/// <summary>Reads a CSV file by its map: repairs the stamps, puts the rows in order of time, adds up counters in decimal arithmetic.</summary>
internal sealed class ReplayLoader
{
    private readonly string _path;
    private readonly ReplayMap _map;
    private readonly List<(long LocalTicks, CsvRow Row)> _rows = [];

    private ReplayLoader(string path, ReplayMap map)
    {
        _path = path;
        _map = map;
    }

    /// <summary>Loads a file.</summary>
    /// <exception cref="SimulatorException">The file is not what the map says (65) or cannot be read (74).</exception>
    internal static ReplaySource Load(string path, ReplayMap map) => new ReplayLoader(path, map).Load();

    private ReplaySource Load()
    {
        // Channels are numbered through the meters, so columns of one meter stand together.
        ReplayColumn[] columns = [.. _map.Columns.GroupBy(column => column.Meter, StringComparer.Ordinal).SelectMany(meter => meter)];
        foreach (CsvRow row in CsvFile.Read(_path, [_map.TimeColumn, .. columns.Select(column => column.Column)]))
        {
            _rows.Add((LocalTicks(row), row));
        }

        _rows.Sort((left, right) => left.LocalTicks.CompareTo(right.LocalTicks));
        Timeline values = TimelineOf(TimeSpan.Zero);
        Timeline counters = _map.Stamp == StampMeaning.IntervalStart ? TimelineOf(_map.Interval) : values;
        ReplaySeries[] series = new ReplaySeries[columns.Length];
        for (int index = 0; index < series.Length; index++)
        {
            series[index] = columns[index].Use == ColumnUse.Counter
                ? Counter(columns[index], index + 1, counters)
                : Values(columns[index], index + 1, values);
        }

        return new ReplaySource(_map with { Columns = columns }, series);
    }

    private long LocalTicks(CsvRow row)
    {
        if (!DateTime.TryParseExact(row.Cells[0], _map.Format, CultureInfo.InvariantCulture, DateTimeStyles.None, out DateTime local))
        {
            throw Fault(row, $"'{row.Cells[0]}' is not a time of the form '{_map.Format}'");
        }

        if (_map.MidnightBelongsToPreviousDay && local.TimeOfDay == TimeSpan.Zero)
        {
            local = local.AddDays(1);
        }

        return _map.Zone.IsInvalidTime(local)
            ? throw Fault(row, $"'{row.Cells[0]}' does not exist in {_map.Zone.Id}: the clocks were put forward over it")
            : local.Ticks;
    }

    // Interval ends are worked out on the local clock: a day stays a day when the clocks change.
    private Timeline TimelineOf(TimeSpan shift)
    {
        long[] from = new long[_rows.Count];
        long[] until = new long[_rows.Count];
        for (int index = 0; index < from.Length; index++)
        {
            (long localTicks, CsvRow row) = _rows[index];
            from[index] = Utc(localTicks + shift.Ticks);
            until[index] = Utc(localTicks + shift.Ticks + _map.Interval.Ticks);
            if (index > 0 && from[index] < until[index - 1])
            {
                throw Fault(row, $"the row overlaps with that of line {_rows[index - 1].Row.Line}: both are within one interval of {_map.Interval}");
            }
        }

        return new Timeline(from, until);
    }

    private ReplaySeries Counter(ReplayColumn column, int cell, Timeline timeline)
    {
        decimal scale = Scale(column.Decimals);
        decimal sum = 0;
        long[] values = new long[_rows.Count];
        bool[] isPresent = new bool[_rows.Count];
        for (int index = 0; index < values.Length; index++)
        {
            CsvRow row = _rows[index].Row;
            if (Cell(column, row, cell) is { } amount)
            {
                isPresent[index] = true;
                sum += amount >= 0 ? amount : throw Fault(row, $"'{row.Cells[cell]}' of '{column.Column}' is negative: a counter does not run back");
            }

            values[index] = Integer(row, decimal.Floor(sum * scale));
        }

        TimeSpan toStart = _map.Stamp == StampMeaning.IntervalEnd ? -_map.Interval : TimeSpan.Zero;
        return new ReplaySeries(column, timeline, values, isPresent, Utc(_rows[0].LocalTicks + toStart.Ticks));
    }

    private ReplaySeries Values(ReplayColumn column, int cell, Timeline timeline)
    {
        decimal scale = Scale(column.Decimals);
        long[] values = new long[_rows.Count];
        bool[] isPresent = new bool[_rows.Count];
        for (int index = 0; index < values.Length; index++)
        {
            CsvRow row = _rows[index].Row;
            if (Cell(column, row, cell) is { } value)
            {
                isPresent[index] = true;
                values[index] = Integer(row, decimal.Round(value * scale, MidpointRounding.AwayFromZero));
                CheckFits(column, row, values[index]);
            }
        }

        return new ReplaySeries(column, timeline, values, isPresent, timeline.First);
    }

    private decimal? Cell(ReplayColumn column, CsvRow row, int cell)
    {
        string text = row.Cells[cell].Trim();
        if (text.Length == 0 || column.MissingValues.Contains(text, StringComparer.Ordinal))
        {
            return null;
        }

        const NumberStyles Number = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        return decimal.TryParse(text, Number, CultureInfo.InvariantCulture, out decimal value)
            ? value * column.Multiply
            : throw Fault(row, $"'{text}' of '{column.Column}' is not a number; name texts that mean 'missing' under missingValues");
    }

    private void CheckFits(ReplayColumn column, CsvRow row, long value)
    {
        (long minimum, long maximum) = column.Width switch
        {
            RegisterFormat.UInt16 => (0L, ushort.MaxValue),
            RegisterFormat.Int16 => (short.MinValue, short.MaxValue),
            RegisterFormat.UInt32 => (0L, uint.MaxValue),
            RegisterFormat.Int32 => (int.MinValue, int.MaxValue),
            RegisterFormat.UInt64 => (0L, long.MaxValue),
            _ => (long.MinValue, long.MaxValue),
        };
        if (value < minimum || value > maximum)
        {
            throw Fault(row, $"{value} x 10^-{column.Decimals} of '{column.Column}' does not fit the register; choose a wider one under width");
        }
    }

    private long Integer(CsvRow row, decimal value) => value is > long.MinValue and < long.MaxValue
        ? (long)value
        : throw Fault(row, $"{value} is more than a register can hold");

    // A local time that occurs twice is taken as standard time; if that makes rows overlap, the file needs stamps in UTC.
    private long Utc(long localTicks)
    {
        DateTime local = new(localTicks, DateTimeKind.Unspecified);
        return new DateTimeOffset(local, _map.Zone.GetUtcOffset(local)).ToUnixTimeMilliseconds();
    }

    private static decimal Scale(int decimals)
    {
        decimal scale = 1;
        for (int place = 0; place < decimals; place++)
        {
            scale *= 10;
        }

        return scale;
    }

    private SimulatorException Fault(CsvRow row, string message) => new(SimulatorException.WrongData, $"{_path}({row.Line}): {message}");
}
