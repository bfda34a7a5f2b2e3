using System.Globalization;

namespace Metering.Store.Influx;

/// <summary>What one field of an answer's row holds.</summary>
internal enum InfluxCellKind : byte
{
    /// <summary>Nothing.</summary>
    Null,

    /// <summary>True or false.</summary>
    Boolean,

    /// <summary>A whole number; times are milliseconds since 1970-01-01 UTC.</summary>
    Integer,

    /// <summary>A double.</summary>
    Float,

    /// <summary>Text.</summary>
    Text,
}

/// <summary>One field of an answer's row.</summary>
internal readonly record struct InfluxCell
{
    private readonly long _bits;
    private readonly string? _text;

    private InfluxCell(InfluxCellKind kind, long bits, string? text) => (Kind, _bits, _text) = (kind, bits, text);

    public InfluxCellKind Kind { get; }

    public static InfluxCell Of(long value) => new(InfluxCellKind.Integer, value, null);

    public static InfluxCell Of(double value) => new(InfluxCellKind.Float, BitConverter.DoubleToInt64Bits(value), null);

    public static InfluxCell Of(bool value) => new(InfluxCellKind.Boolean, value ? 1 : 0, null);

    public static InfluxCell Of(string value) => new(InfluxCellKind.Text, 0, value);

    /// <summary>The whole number.</summary>
    /// <exception cref="InfluxFormatException">It is something else.</exception>
    public long AsInteger() => Kind == InfluxCellKind.Integer ? _bits : throw Unexpected("a whole number");

    /// <summary>The number, whole or not: JSON writes 7.0 as 7.</summary>
    /// <exception cref="InfluxFormatException">It is something else.</exception>
    public double AsDouble() => Kind switch
    {
        InfluxCellKind.Integer => _bits,
        InfluxCellKind.Float => BitConverter.Int64BitsToDouble(_bits),
        _ => throw Unexpected("a number"),
    };

    /// <summary>The text.</summary>
    /// <exception cref="InfluxFormatException">It is something else.</exception>
    public string AsText() => Kind == InfluxCellKind.Text ? _text! : throw Unexpected("text");

    /// <summary>Whether it is true.</summary>
    /// <exception cref="InfluxFormatException">It is something else.</exception>
    public bool AsBoolean() => Kind == InfluxCellKind.Boolean ? _bits != 0 : throw Unexpected("true or false");

    /// <summary>The value in words, for lists and messages.</summary>
    public override string ToString() => Kind switch
    {
        InfluxCellKind.Null => "",
        InfluxCellKind.Boolean => _bits != 0 ? "true" : "false",
        InfluxCellKind.Integer => _bits.ToString(CultureInfo.InvariantCulture),
        InfluxCellKind.Float => BitConverter.Int64BitsToDouble(_bits).ToString("R", CultureInfo.InvariantCulture),
        _ => _text!,
    };

    private InfluxFormatException Unexpected(string wanted) => new($"the answer holds '{this}' where {wanted} belongs");
}

/// <summary>A part of one series of an answer: some of its rows. A long series comes in several parts, in order.</summary>
internal sealed class InfluxSeries
{
    /// <summary>Measurement, or "" where the statement gives none.</summary>
    public string Name { get; set; } = "";

    /// <summary>Tags by which the answer is grouped.</summary>
    public Dictionary<string, string> Tags { get; } = new(StringComparer.Ordinal);

    /// <summary>Names of the columns.</summary>
    public List<string> Columns { get; } = [];

    /// <summary>The fields, row after row.</summary>
    public List<InfluxCell> Cells { get; } = [];

    /// <summary>Number of rows.</summary>
    public int RowCount => Columns.Count == 0 ? 0 : Cells.Count / Columns.Count;

    /// <summary>One field.</summary>
    public InfluxCell this[int row, int column] => Cells[(row * Columns.Count) + column];

    /// <summary>Index of a column.</summary>
    /// <exception cref="InfluxFormatException">There is none of that name.</exception>
    public int ColumnOf(string name)
    {
        int index = Columns.IndexOf(name);
        return index >= 0 ? index : throw new InfluxFormatException($"the answer has no column '{name}' but {string.Join(", ", Columns)}");
    }

    /// <summary>
    /// The value of a tag in a row: of the whole series, or, as early versions of 3.x answer a GROUP BY, in a column of the tag's name
    /// (influxdata/influxdb, main, influxdb3_server/src/http/v1.rs); "" where the row has no such tag.
    /// </summary>
    public string TagOf(int row, string name)
    {
        if (Tags.TryGetValue(name, out string? value))
        {
            return value;
        }

        int column = Columns.IndexOf(name);
        return column < 0 ? "" : this[row, column].ToString();
    }
}

/// <summary>The peer's answer is not what InfluxDB answers.</summary>
internal sealed class InfluxFormatException(string message, Exception? innerException = null) : Exception(message, innerException);
