using Metering.Ingestion.Import;
using Metering.Readings;
using Metering.Store;

namespace Metering.Cloud.Commands;

/// <summary>What is known of one column after the whole file was read once.</summary>
internal sealed class ImportColumnPlan(ImportColumn column)
{
    /// <summary>The column.</summary>
    public ImportColumn Column { get; } = column;

    /// <summary>The channel it becomes; its decimals or form are decided by <see cref="ImportCsvPlan"/>.</summary>
    public Channel Channel { get; set; } = column.ToChannel();

    /// <summary>Rows with a value.</summary>
    public long Values { get; set; }

    /// <summary>Rows without one: gaps, never zeros.</summary>
    public long Missing { get; set; }

    /// <summary>Values that are zero in the file.</summary>
    public long Zeros { get; set; }

    /// <summary>Finds the decimal places.</summary>
    public DecimalFit Fit { get; } = new();

    /// <summary>Largest value by size, to tell whether it can be rounded to the decimals asked for.</summary>
    public double Largest { get; set; }

    /// <summary>First line whose value needs more places than the channel has; 0 for none.</summary>
    public int FirstUnfitLine { get; set; }
}

/// <summary>
/// Reads a file once without writing anything: stamps in order, every field a number or missing, and for each column the form in
/// which all its values are exact.
/// </summary>
internal sealed class ImportCsvPlan
{
    // Intervals take no register beyond 10^17 steps; what is stored stays exact all the same.
    private const double LargestRegisterSteps = 1e17;

    private readonly ImportCsvRequest _request;
    private readonly List<(long UtcMilliseconds, int Line)> _stamps = [];
    private long _last = long.MinValue;
    private int _lastLine;

    private ImportCsvPlan(ImportCsvRequest request)
    {
        _request = request;
        Columns = [.. request.Columns.Select(column => new ImportColumnPlan(column))];
    }

    /// <summary>The columns.</summary>
    public IReadOnlyList<ImportColumnPlan> Columns { get; }

    /// <summary>Rows in the file.</summary>
    public long Rows { get; private set; }

    /// <summary>First stamp, ms since 1970 UTC.</summary>
    public long FirstUtcMilliseconds { get; private set; } = long.MaxValue;

    /// <summary>Last stamp.</summary>
    public long LastUtcMilliseconds { get; private set; } = long.MinValue;

    /// <summary>What a person should know, in sentences.</summary>
    public List<Text> Notes { get; } = [];

    /// <summary>Reads the file.</summary>
    /// <param name="request">What was asked for.</param>
    /// <param name="store">The store: a channel that is there keeps its decimals or form.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="CsvException">The file cannot be used.</exception>
    /// <exception cref="ImportException">A column cannot be kept exactly as asked.</exception>
    public static ImportCsvPlan Make(ImportCsvRequest request, IReadingStore store, CancellationToken cancellationToken)
    {
        ImportCsvPlan plan = new(request);
        using (ImportCsvRows rows = new(request))
        {
            while (rows.Read())
            {
                cancellationToken.ThrowIfCancellationRequested();
                plan.Take(rows);
            }
        }

        if (plan.Rows == 0)
        {
            throw new CsvException("{0}: hay encabezado pero ningún renglón. ¿Está completa la exportación?", $"{Path.GetFileName(request.Path)}: there is a header but no row. Is the export complete?");
        }

        plan.CheckDuplicates();
        foreach (ImportColumnPlan column in plan.Columns)
        {
            StoredChannel? stored = store.FindChannel(ImportOptions.Prefix + request.Name, column.Column.Channel);
            column.Channel = plan.Decide(column, stored?.Channel);
            plan.Warn(column);
        }

        return plan;
    }

    private void Take(ImportCsvRows rows)
    {
        Rows++;
        long instant = rows.UtcMilliseconds;
        FirstUtcMilliseconds = Math.Min(FirstUtcMilliseconds, instant);
        LastUtcMilliseconds = Math.Max(LastUtcMilliseconds, instant);
        if (_request.Sorts)
        {
            _stamps.Add((instant, rows.Line));
        }
        else if (instant < _last)
        {
            throw rows.At(-1, "este renglón es anterior al renglón de la línea {0}. Si se sabe que el orden del archivo está mal, dé --sort; un salto de horas hacia atrás también puede indicar un --zone equivocado o fechas que nombran el fin del día.", $"this row lies before the row of line {_lastLine}. If the order of the file is known to be wrong, give --sort; a jump back by hours may also mean a wrong --zone or stamps that name the end of a day.");
        }
        else if (instant == _last && !_request.KeepsLast)
        {
            throw rows.At(-1, "este renglón tiene la misma fecha que la línea {0}. Dé --keep-last para que valga el último, o corrija el archivo.", $"this row has the same stamp as line {_lastLine}. Give --keep-last to let the last one stand, or correct the file.");
        }

        (_last, _lastLine) = (instant, rows.Line);
        for (int index = 0; index < Columns.Count; index++)
        {
            Take(rows, index);
        }
    }

    private void Take(ImportCsvRows rows, int index)
    {
        ImportColumnPlan column = Columns[index];
        if (!rows.TryValue(index, out ImportValue value))
        {
            column.Missing++;
            return;
        }

        column.Values++;
        column.Zeros += value.Double == 0 ? 1 : 0;
        column.Largest = Math.Max(column.Largest, Math.Abs(value.Double));
        if (value.IsExact)
        {
            column.Fit.Add(value.Exact);
        }
        else
        {
            column.Fit.AddUnfit();
        }

        bool isUnfit = column.Column.Decimals is int decimals && !(value.IsExact && value.Exact.TryScale(decimals, out _));
        column.FirstUnfitLine = column.FirstUnfitLine == 0 && isUnfit ? rows.Line : column.FirstUnfitLine;
    }

    private void CheckDuplicates()
    {
        if (_request.KeepsLast)
        {
            return;
        }

        _stamps.Sort();
        for (int index = 1; index < _stamps.Count; index++)
        {
            if (_stamps[index].UtcMilliseconds == _stamps[index - 1].UtcMilliseconds)
            {
                throw new CsvException(
                    "{0}({1},1): este renglón tiene la misma fecha que la línea {2}. Dé --keep-last para que valga el último, o corrija el archivo.", $"{Path.GetFileName(_request.Path)}({_stamps[index].Line},1): this row has the same stamp as line {_stamps[index - 1].Line}. Give --keep-last to let the last one stand, or correct the file.");
            }
        }
    }

    // The decimals asked for, else those of the stored channel, else as many as there are, else (a gauge) doubles.
    private Channel Decide(ImportColumnPlan column, Channel? stored)
    {
        Channel channel = column.Channel;
        if (column.Column.Decimals is int decimals)
        {
            if (column.FirstUnfitLine > 0 && !_request.Rounds)
            {
                throw new ImportException(
                    "columna {0}: el valor de la línea {1} no cabe en {2} decimales. Omita los decimales para conservar cada dígito, o dé --round para redondear a {3}.", $"column {column.Column.Name}: the value of line {column.FirstUnfitLine} does not fit {decimals} decimals. Leave the decimals out to keep every digit, or give --round to round to {decimals}.");
            }

            bool isTooLarge = column.Largest * Math.Pow(10, decimals) >= long.MaxValue;
            return isTooLarge
                ? throw new ImportException("columna {0}: {1} con {2} decimales no cabe en 64 bits. Dé menos decimales.", $"column {column.Column.Name}: {column.Largest} with {decimals} decimals does not fit 64 bits. Give fewer decimals.")
                : channel with { DecimalPlaces = decimals };
        }

        if (stored is not null && stored.Kind == channel.Kind && stored.Unit == channel.Unit)
        {
            return stored.Form == ValueForm.Binary64 || column.Fit.FitsAt(stored.DecimalPlaces)
                ? channel.WithDecimalsCode(stored.DecimalsCode)
                : throw new ImportException(
                    "columna {0}: el canal {1} está guardado con {2} decimales y algunos valores de este archivo necesitan más. Dé «:{3}» y --round, o impórtela con otro canal o --name.", $"column {column.Column.Name}: channel {channel.Id} is stored with {stored.DecimalPlaces} decimals and some values of this file need more. Give ':{stored.DecimalPlaces}' and --round, or import it under another channel or --name.");
        }

        if (column.Fit.Fits)
        {
            return channel with { DecimalPlaces = column.Fit.Places };
        }

        return channel.Kind == ChannelKind.Gauge
            ? channel.WithDecimalsCode(Channel.Binary64Code)
            : throw new ImportException(
                "columna {0}: sus valores tienen hasta {1} decimales, o más, y no todos caben exactos en un registro de 64 bits. Un registro nunca se guarda en punto flotante: déle decimales, como «:6», y --round.", $"column {column.Column.Name}: its values have up to {column.Fit.Places} decimals, or more, and do not all fit a 64-bit register exactly. A register is never kept as floating point: give decimals for it, such as ':6', and --round.");
    }

    private void Warn(ImportColumnPlan column)
    {
        if (column.Values == 0)
        {
            Notes.Add(new($"la columna {column.Column.Name} no tiene ningún valor: no se escribe nada de ella", $"column {column.Column.Name} has no value at all: nothing is written for it"));
        }

        if (column.Channel.Kind == ChannelKind.Counter && column.Largest * Math.Pow(10, column.Channel.DecimalPlaces) > LargestRegisterSteps)
        {
            int places = Math.Max(0, 16 - (int)Math.Log10(Math.Max(1, column.Largest)));
            Notes.Add(new(
                $"columna {column.Column.Name}: con {column.Channel.DecimalPlaces} decimales el registro pasa de 10^17 pasos. Se guarda exacto, pero los intervalos dejan fuera tales lecturas: «:{places}» y --round lo hacen utilizable",
                $"column {column.Column.Name}: with {column.Channel.DecimalPlaces} decimals the register passes 10^17 steps. It is stored exactly, but intervals leave such readings out: ':{places}' and --round make it usable"));
        }
    }
}
