using System.Globalization;
using System.Text;
using Metering.Readings;

namespace Metering.Cloud.Commands;

/// <summary>A number of a file: exact where it fits, and the nearest double in any case.</summary>
/// <param name="Double">The nearest double, after the column's factor.</param>
/// <param name="Exact">The exact decimal; without meaning when it does not fit.</param>
/// <param name="IsExact">Whether it fits 64 bits and 18 places.</param>
internal readonly record struct ImportValue(double Double, ExactDecimal Exact, bool IsExact);

/// <summary>The rows of a file as instants and values, in the order they stand there.</summary>
internal sealed class ImportCsvRows : IDisposable
{
    /// <summary>Most rows of one file: six years of seconds.</summary>
    private const int MaximumRows = 200_000_000;
    private const int LongestNumber = 128;
    private const NumberStyles Style = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;

    private readonly ImportCsvRequest _request;
    private readonly CsvReader _reader;
    private readonly CsvTime _time;
    private readonly int _timeColumn;
    private readonly int[] _columns;
    private readonly byte[][] _missing;

    public ImportCsvRows(ImportCsvRequest request)
    {
        _request = request;
        _reader = CsvReader.Open(request.Path, MaximumRows);
        try
        {
            _time = new(request.Times.Zone);
            _timeColumn = request.Times.Column is string column ? _reader.IndexOf(column) : 0;
            _columns = [.. request.Columns.Select(wanted => _reader.IndexOf(wanted.Name))];
            _missing = [.. request.Missing.Select(Encoding.UTF8.GetBytes)];
        }
        catch
        {
            _reader.Dispose();
            throw;
        }
    }

    /// <summary>Line of the current row, the header being line 1.</summary>
    public int Line => _reader.Line;

    /// <summary>Stamp of the current row, ms since 1970 UTC.</summary>
    public long UtcMilliseconds { get; private set; }

    /// <summary>Moves to the next row; false at the end.</summary>
    /// <exception cref="CsvException">The row cannot be read.</exception>
    public bool Read()
    {
        if (!_reader.Read())
        {
            return false;
        }

        UtcMilliseconds = _time.Read(_reader, _timeColumn);
        return true;
    }

    /// <summary>The value of a column of the request in the current row; false when it is missing.</summary>
    /// <exception cref="CsvException">The field holds something else than a number.</exception>
    public bool TryValue(int column, out ImportValue value)
    {
        value = default;
        ReadOnlySpan<byte> text = _reader.Field(_columns[column]);
        if (text.IsEmpty || IsMissing(text))
        {
            return false;
        }

        Span<byte> point = stackalloc byte[LongestNumber];
        ReadOnlySpan<byte> number = _request.HasDecimalComma ? WithPoint(text, point) : text;
        if (!double.TryParse(number, Style, CultureInfo.InvariantCulture, out double nearest) || !double.IsFinite(nearest))
        {
            throw NotANumber(column, text);
        }

        ExactDecimal factor = _request.Columns[column].Factor;
        bool isPlain = factor == new ExactDecimal(1, 0);

        // More digits than a double tells apart were never measured: then the number is the double, in its shortest form.
        bool isExact = ExactDecimal.TryParse(number, out ExactDecimal exact) || ExactDecimal.TryFrom(nearest, out exact);
        isExact = isExact && exact.TryTimes(factor, out exact);
        value = new(isPlain ? nearest : isExact ? exact.ToDouble() : nearest * factor.ToDouble(), exact, isExact);
        return double.IsFinite(value.Double) ? true : throw NotANumber(column, text);
    }

    /// <summary>A fault of the current row.</summary>
    /// <param name="column">Index of a column of the request; -1 for the column of stamps.</param>
    /// <param name="spanish">What is wrong and what to do in Spanish, with the places of the English form.</param>
    /// <param name="english">The same in English, with its values.</param>
    public CsvException At(int column, string spanish, FormattableString english) => _reader.At(column < 0 ? _timeColumn : _columns[column], spanish, english);

    public void Dispose() => _reader.Dispose();

    private CsvException NotANumber(int column, ReadOnlySpan<byte> text)
    {
        return text.Contains((byte)',') && !_request.HasDecimalComma
            ? At(
                column,
                "«{0}» no es un número. Una coma decimal necesita --decimal-comma. Escriba 1234.5 sin separador de miles, deje vacío lo que falte, o nombre su marca con --missing.",
                $"'{_reader.Text(_columns[column])}' is not a number. A decimal comma needs --decimal-comma. Write 1234.5 without thousands marks, leave a missing value blank, or name its mark with --missing.")
            : At(
                column,
                "«{0}» no es un número. Escriba 1234.5 sin separador de miles, deje vacío lo que falte, o nombre su marca con --missing.",
                $"'{_reader.Text(_columns[column])}' is not a number. Write 1234.5 without thousands marks, leave a missing value blank, or name its mark with --missing.");
    }

    private bool IsMissing(ReadOnlySpan<byte> text)
    {
        foreach (byte[] mark in _missing)
        {
            if (Ascii.EqualsIgnoreCase(text, mark))
            {
                return true;
            }
        }

        return false;
    }

    // A point in a number with a decimal comma is a thousands mark: left as it is, so that it is refused.
    private static ReadOnlySpan<byte> WithPoint(ReadOnlySpan<byte> text, Span<byte> target)
    {
        if (text.Length > target.Length || text.Contains((byte)'.'))
        {
            return "?"u8;
        }

        text.Replace(target, (byte)',', (byte)'.');
        return target[..text.Length].ToArray();
    }
}
