using Metering.FirmwareSim.Plants;
using Metering.FirmwareSim.Registers;
using Metering.Readings;

namespace Metering.FirmwareSim.Replay;

/// <summary>What the time stamp of a row says.</summary>
internal enum StampMeaning
{
    /// <summary>The row is the interval that ends then.</summary>
    IntervalEnd,

    /// <summary>The row is the interval that begins then.</summary>
    IntervalStart,

    /// <summary>The row was read then.</summary>
    Instant,
}

/// <summary>How a column becomes a register.</summary>
internal enum ColumnUse
{
    /// <summary>A gauge: the register shows the row's value for one interval from its stamp on.</summary>
    Value,

    /// <summary>A counter: the register shows the exact sum of all intervals that have ended.</summary>
    Counter,

    /// <summary>A counter whose readings are the column.</summary>
    Register,
}

/// <summary>One column of the file.</summary>
internal sealed record ReplayColumn
{
    /// <summary>Its name in the header.</summary>
    public required string Column { get; init; }

    /// <summary>Meter id; columns of one meter share a Modbus unit.</summary>
    public required string Meter { get; init; }

    /// <summary>Quantity, the second part of the channel id.</summary>
    public required string Quantity { get; init; }

    /// <summary>Unit, one of the known units.</summary>
    public required string Unit { get; init; }

    /// <summary>Decimal places of the register.</summary>
    public required int Decimals { get; init; }

    /// <summary>Value, counter or register.</summary>
    public required ColumnUse Use { get; init; }

    /// <summary>Width of the register.</summary>
    public required RegisterFormat Width { get; init; }

    /// <summary>Multiplies the cells, exactly, to reach the unit.</summary>
    public required decimal Multiply { get; init; }

    /// <summary>Cells with these texts are missing, as empty ones are.</summary>
    public required IReadOnlyList<string> MissingValues { get; init; }
}

/// <summary>How a CSV file is replayed.</summary>
internal sealed record ReplayMap
{
    // A meter each, they still have Modbus units of their own (1 to 247).
    private const int MaximumColumns = 200;

    /// <summary>Gateway and plant id.</summary>
    public required string Gateway { get; init; }

    /// <summary>Name of the plant.</summary>
    public required LocalText Name { get; init; }

    /// <summary>Sector word.</summary>
    public required string Sector { get; init; }

    /// <summary>State or region.</summary>
    public required string State { get; init; }

    /// <summary>Name of the column with the time stamps.</summary>
    public required string TimeColumn { get; init; }

    /// <summary>Its .NET format, such as yyyy-MM-dd HH:mm.</summary>
    public required string Format { get; init; }

    /// <summary>What a stamp says.</summary>
    public required StampMeaning Stamp { get; init; }

    /// <summary>Time from row to row.</summary>
    public required TimeSpan Interval { get; init; }

    /// <summary>Zone of the stamps.</summary>
    public required TimeZoneInfo Zone { get; init; }

    /// <summary>A row of 00:00 carries the date of the day it ends instead of the next.</summary>
    public required bool MidnightBelongsToPreviousDay { get; init; }

    /// <summary>The columns.</summary>
    public required IReadOnlyList<ReplayColumn> Columns { get; init; }

    /// <summary>Reads a map file.</summary>
    /// <exception cref="SimulatorException">It cannot be read (74) or is wrong (78); the message names line and column.</exception>
    internal static ReplayMap Load(string path)
    {
        YamlSection map = YamlSection.Load(path);
        YamlSection name = map.Section("name");
        YamlSection time = map.Section("time");
        StampMeaning stamp = time.Choice<StampMeaning>(
            "stamp", null, ("interval-end", StampMeaning.IntervalEnd), ("interval-start", StampMeaning.IntervalStart), ("instant", StampMeaning.Instant));
        ReplayMap read = new()
        {
            Gateway = map.Text("gateway", text => Identifier.IsValid(text), Identifier.Rule),
            Name = new LocalText(name.Text("es"), name.Text("en")),
            Sector = map.OptionalText("sector") ?? "other",
            State = map.OptionalText("state") ?? "-",
            TimeColumn = time.Text("column"),
            Format = time.Text("format"),
            Stamp = stamp,
            Interval = time.Duration("interval"),
            Zone = ZoneOf(time),
            MidnightBelongsToPreviousDay = time.Choice("midnightBelongsToPreviousDay", false, ("true", true), ("false", false)),
            Columns = [.. map.Sections("columns").Select(column => ReadColumn(column, stamp))],
        };
        name.End();
        time.End();
        map.End();
        CheckChannels(map, read.Columns);
        return read;
    }

    private static ReplayColumn ReadColumn(YamlSection section, StampMeaning stamp)
    {
        ColumnUse use = section.Choice<ColumnUse>("as", null, ("value", ColumnUse.Value), ("counter", ColumnUse.Counter), ("register", ColumnUse.Register));
        if (use == ColumnUse.Counter && stamp == StampMeaning.Instant)
        {
            throw section.Fault("as", "a counter adds up intervals, but the stamps of this file are instants; 'register' takes readings of a counter as they are");
        }

        RegisterFormat width = section.Choice(
            "width",
            use == ColumnUse.Value ? RegisterFormat.Int32 : RegisterFormat.UInt32,
            ("uint16", RegisterFormat.UInt16),
            ("int16", RegisterFormat.Int16),
            ("uint32", RegisterFormat.UInt32),
            ("int32", RegisterFormat.Int32),
            ("uint64", RegisterFormat.UInt64),
            ("float32", RegisterFormat.Float32));
        if (use != ColumnUse.Value && width is RegisterFormat.Int16 or RegisterFormat.Int32)
        {
            throw section.Fault("width", "a counter is not negative: take uint16, uint32 or uint64");
        }

        ReplayColumn column = new()
        {
            Column = section.Text("column"),
            Meter = section.Text("meter", text => Identifier.IsValid(text), Identifier.Rule),
            Quantity = section.Text("quantity", text => Identifier.IsValid(text), Identifier.Rule),
            Unit = section.Text("unit", Units.IsKnown, $"known units are {string.Join(", ", Units.All)}"),
            Decimals = section.Number("decimals", 0, Channel.MaximumMeterDecimalPlaces),
            Use = use,
            Width = width,
            Multiply = section.Factor("multiply", 1),
            MissingValues = section.Texts("missingValues"),
        };
        section.End();
        return column;
    }

    private static TimeZoneInfo ZoneOf(YamlSection time)
    {
        string id = time.Text("zone");
        return TimeZoneInfo.TryFindSystemTimeZoneById(id, out TimeZoneInfo? zone)
            ? zone
            : throw time.Fault("zone", $"the time zone '{id}' is not known here; write an IANA name such as America/Mexico_City (they come with the package tzdata)");
    }

    private static void CheckChannels(YamlSection map, IReadOnlyList<ReplayColumn> columns)
    {
        if (columns.Count > MaximumColumns)
        {
            throw map.Fault("columns", $"there are {columns.Count} columns; at most {MaximumColumns} can be served");
        }

        HashSet<string> ids = new(StringComparer.Ordinal);
        foreach (ReplayColumn column in columns)
        {
            string id = $"{column.Meter}.{column.Quantity}";
            if (!ids.Add(id) || !Identifier.IsValid(id))
            {
                throw map.Fault("columns", $"the channel '{id}' is there twice or too long");
            }
        }
    }
}
