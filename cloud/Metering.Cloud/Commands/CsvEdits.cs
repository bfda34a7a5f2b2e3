using System.Globalization;
using Metering.Analytics.Intervals;
using Metering.Analytics.Validation;

namespace Metering.Cloud.Commands;

/// <summary>Where something stands in a file, for messages that come later.</summary>
/// <param name="File">Name of the file.</param>
/// <param name="Line">Line, the header being line 1.</param>
/// <param name="From">First column of interest, counted from 0.</param>
/// <param name="To">Second column of interest.</param>
internal readonly record struct CsvPlace(string File, int Line, int From, int To)
{
    /// <summary>`file(line,column)`.</summary>
    public string At(int column) => string.Create(CultureInfo.InvariantCulture, $"{File}({Line},{column + 1})");
}

/// <summary>A line of the file of edits.</summary>
/// <param name="Edit">The edit; its number is its line in the file.</param>
/// <param name="Place">Where it stands.</param>
/// <param name="KeepsTotal">A rejection that keeps the register's total over its stretch: an estimate is scaled to it.</param>
internal sealed record CsvEdit(IntervalEdit Edit, CsvPlace Place, bool KeepsTotal);

/// <summary>
/// A person's edits of intervals: a CSV with the columns from, to, value, person and reason, and, where wanted, withdraw and
/// total. from and to are borders of intervals, to exclusive. value is the use of each interval; blank rejects them.
/// withdraw is the line of an earlier edit that is taken back; the header is line 1. `keep` in total, on a rejection,
/// says that the register's total over the stretch is right and only its course is not.
/// </summary>
internal static class CsvEdits
{
    /// <summary>Reads edits.</summary>
    /// <param name="path">The file.</param>
    /// <param name="series">The intervals they are about.</param>
    /// <exception cref="CsvException">The file cannot be read, or an edit is incomplete or not on the intervals.</exception>
    public static IReadOnlyList<CsvEdit> Read(string path, MeasuredSeries series)
    {
        using CsvReader reader = Open(path, "--edits");
        Columns columns = Columns.Of(reader);
        List<CsvEdit> edits = [];
        HashSet<int> open = [];
        while (reader.Read())
        {
            if (edits.Count == EditLedger.MaximumEdits)
            {
                throw reader.At(0, "más de {0} correcciones. Dé un tiempo más corto.", $"more than {EditLedger.MaximumEdits} edits. Give a shorter time.");
            }

            CsvEdit edit = new(
                IsBlank(reader, columns.Withdraw) ? Change(reader, columns, series) : Withdrawal(reader, columns, open),
                new CsvPlace(Path.GetFileName(path), reader.Line, columns.From, columns.Total),
                KeepsTotal(reader, columns));
            if (edit.Edit.Kind != EditKind.Withdraw)
            {
                open.Add(edit.Edit.Number);
            }

            edits.Add(edit);
        }

        return edits;
    }

    /// <summary>Totals over rejected stretches that the register knows and a person keeps, in order of time.</summary>
    /// <exception cref="CsvException">The register does not know one of them, or two of them overlap.</exception>
    public static IReadOnlyList<KnownTotal> Totals(IReadOnlyList<CsvEdit> edits, IntervalSeries series, MeasuredSeries measured)
    {
        HashSet<int> withdrawn = [.. edits.Select(edit => edit.Edit.Withdraws)];
        List<KnownTotal> totals = [];
        foreach (CsvEdit kept in edits.Where(edit => edit.KeepsTotal && !withdrawn.Contains(edit.Edit.Number)).OrderBy(edit => edit.Edit.FromUtcMilliseconds))
        {
            IntervalEdit edit = kept.Edit;
            if (totals.Count > 0 && edit.FromUtcMilliseconds < totals[^1].ToUtcMilliseconds)
            {
                throw new CsvException("{0}: otro renglón conserva el total de una parte de este tramo. Haga uno de los dos.", $"{kept.Place.At(kept.Place.To)}: another line keeps the total of a part of this stretch. Make one line of the two.");
            }

            Int128 steps = 0;
            int from = measured.BordersUtcMilliseconds.BinarySearch(edit.FromUtcMilliseconds);
            int to = measured.BordersUtcMilliseconds.BinarySearch(edit.ToUtcMilliseconds);
            for (int i = from; i < to; i++)
            {
                steps += series.Code[i] == IntervalCode.Missing
                    ? throw new CsvException("{0}: el registro no sabe el total de este tramo: falta {1}. Deje vacía la columna total.", $"{kept.Place.At(kept.Place.To)}: the register does not know the total of this stretch: {CsvJson.Text(series.StartUtcMilliseconds[i])} is missing. Leave the column total blank.")
                    : series.KnownScaled[i];
            }

            totals.Add(new KnownTotal(edit.FromUtcMilliseconds, edit.ToUtcMilliseconds, IntervalsAnswer.Units(steps, series.Exponent)));
        }

        return totals;
    }

    /// <summary>Opens a file named by an option.</summary>
    /// <exception cref="CsvException">It is not there, or cannot be read.</exception>
    public static CsvReader Open(string path, string option) => File.Exists(path) || Directory.Exists(path)
        ? CsvReader.Open(path)
        : throw new CsvException("{0} no existe. Revise la ruta dada con {1}.", $"{path} does not exist. Check the path given with {option}.");

    /// <summary>A text that must be there.</summary>
    /// <exception cref="CsvException">The field is blank.</exception>
    public static string Said(CsvReader reader, int column, string name)
    {
        string text = CsvNames.Decode(reader.Field(column)).Trim();
        return text.Length == 0 ? throw reader.At(column, "un renglón sin «{0}» no cuenta. Diga quién decidió, y por qué.", $"a line without a {name} does not count. Say who decided, and why.") : text;
    }

    private static IntervalEdit Change(CsvReader reader, Columns columns, MeasuredSeries series)
    {
        CsvTime clock = new(series.Frame.Zone);
        long from = Border(reader, columns.From, clock, series);
        long to = Border(reader, columns.To, clock, series);
        double value = CsvNumber.Read(reader, columns.Value);
        return new IntervalEdit
        {
            Number = reader.Line,
            Kind = double.IsNaN(value) ? EditKind.Reject : EditKind.SetValue,
            FromUtcMilliseconds = from,
            ToUtcMilliseconds = to > from ? to : throw reader.At(columns.To, "el tramo termina antes de empezar; su fin no entra en él. Escriba el inicio del intervalo que sigue al último.", $"the stretch ends before it begins; its end is exclusive. Write the start of the interval after the last one."),
            ValuePerInterval = value,
            Person = Said(reader, columns.Person, "person"),
            Reason = Said(reader, columns.Reason, "reason"),
            MadeUtcMilliseconds = 0,
        };
    }

    private static IntervalEdit Withdrawal(CsvReader reader, Columns columns, HashSet<int> open)
    {
        string text = reader.Text(columns.Withdraw);
        if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int line) || !open.Remove(line))
        {
            throw reader.At(columns.Withdraw, "«{0}» no es la línea de una corrección de arriba que siga vigente. El encabezado es la línea 1; un retiro no se puede retirar.", $"'{text}' is not the line of an edit above that still holds. The header is line 1; a withdrawal cannot be withdrawn.");
        }

        return !IsBlank(reader, columns.Value)
            ? throw reader.At(columns.Value, "un renglón que retira no pone ningún valor. Deje vacío el valor y escriba el nuevo en un renglón propio.", $"a line that withdraws sets no value. Leave the value blank and write the new one in a line of its own.")
            : new IntervalEdit
            {
                Number = reader.Line,
                Kind = EditKind.Withdraw,
                Withdraws = line,
                Person = Said(reader, columns.Person, "person"),
                Reason = Said(reader, columns.Reason, "reason"),
                MadeUtcMilliseconds = 0,
            };
    }

    private static bool KeepsTotal(CsvReader reader, Columns columns)
    {
        if (IsBlank(reader, columns.Total))
        {
            return false;
        }

        bool isRejection = IsBlank(reader, columns.Value) && IsBlank(reader, columns.Withdraw);
        return isRejection && reader.Field(columns.Total).SequenceEqual("keep"u8)
            ? true
            : throw reader.At(columns.Total, "«{0}»: se espera vacío, o keep en un renglón que rechaza.", $"'{reader.Text(columns.Total)}': expected blank, or keep on a line that rejects.");
    }

    private static long Border(CsvReader reader, int column, CsvTime clock, MeasuredSeries series)
    {
        long instant = clock.Read(reader, column);
        ReadOnlySpan<long> borders = series.BordersUtcMilliseconds;
        return borders.BinarySearch(instant) >= 0
            ? instant
            : borders.IsEmpty ? throw reader.At(column, "no hay intervalos que corregir.", $"there are no intervals to edit.")
            : throw reader.At(
                column,
                "«{0}» no cae en ninguna orilla de los intervalos, que van del {1} al {2}. Escriba el inicio de un intervalo, o el fin del último.",
                $"'{reader.Text(column)}' is on no border of the intervals, which go from {CsvJson.Text(borders[0])} to {CsvJson.Text(borders[^1])}. Write the start of an interval, or the end of the last one.");
    }

    private static bool IsBlank(CsvReader reader, int column) => column < 0 || reader.Field(column).IsEmpty;

    /// <summary>Places of the columns; -1 for one that is not there and need not be.</summary>
    private readonly record struct Columns(int From, int To, int Value, int Person, int Reason)
    {
        public int Withdraw { get; private init; }

        public int Total { get; private init; }

        public static Columns Of(CsvReader reader) => new(
            reader.IndexOf("from"), reader.IndexOf("to"), reader.IndexOf("value"), reader.IndexOf("person"), reader.IndexOf("reason"))
        {
            Withdraw = reader.Columns.Contains("withdraw", StringComparer.Ordinal) ? reader.IndexOf("withdraw") : -1,
            Total = reader.Columns.Contains("total", StringComparer.Ordinal) ? reader.IndexOf("total") : -1,
        };
    }
}
