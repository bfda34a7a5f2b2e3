using System.Globalization;
using System.Text;
using Metering.Readings;

namespace Metering.Cloud.Commands;

/// <summary>What the values of a column are.</summary>
internal enum ImportKind
{
    /// <summary>A cumulative register, read at the stamp.</summary>
    Counter,

    /// <summary>A value of the moment of the stamp.</summary>
    Gauge,

    /// <summary>A value that speaks for a whole interval, such as a mean flow: kept at the interval's start.</summary>
    Mean,
}

/// <summary>One column to bring in and the channel it becomes.</summary>
internal sealed record ImportColumn
{
    /// <summary>Name of the column in the file.</summary>
    public required string Name { get; init; }

    /// <summary>Identifier of the channel.</summary>
    public required string Channel { get; init; }

    /// <summary>Identifier of the meter; by default the channel's up to its first point.</summary>
    public required string Meter { get; init; }

    /// <summary>Unit after <see cref="Factor"/>.</summary>
    public required string Unit { get; init; }

    /// <summary>What the values are.</summary>
    public required ImportKind Kind { get; init; }

    /// <summary>Decimal places asked for; null to keep every digit there is.</summary>
    public int? Decimals { get; init; }

    /// <summary>What each value is multiplied by, exactly; 1 by default.</summary>
    public ExactDecimal Factor { get; init; } = new(1, 0);

    /// <summary>The column in one canonical line, which is part of what every batch is signed with.</summary>
    public string Canonical => string.Create(
        CultureInfo.InvariantCulture,
        $"{Name}={Channel}:{Meter}:{Unit}:{CsvNames.Kebab(Kind)}:{Decimals?.ToString(CultureInfo.InvariantCulture) ?? "all"}:{Factor.Mantissa}e-{Factor.Places}");

    /// <summary>The channel with its decimal places or form still open.</summary>
    public Channel ToChannel() => new()
    {
        Id = Channel,
        Meter = Meter,
        Unit = Unit,
        Kind = Kind == ImportKind.Counter ? ChannelKind.Counter : ChannelKind.Gauge,
        DecimalPlaces = 0,
        Profile = "csv-import/1",
    };
}

/// <summary>How the stamps of a file are to be understood.</summary>
/// <param name="Column">Column of the stamps; null for the first one.</param>
/// <param name="Zone">Zone of stamps without an offset.</param>
/// <param name="StandsAtEnd">Whether a stamp names the end of its interval.</param>
/// <param name="Step">Length of the intervals; null when not given.</param>
internal sealed record ImportTimes(string? Column, TimeZoneInfo Zone, bool StandsAtEnd, TimeSpan? Step)
{
    /// <summary>What is taken off a stamp to get the instant of a column's reading, ms.</summary>
    public long ShiftOf(ImportKind kind) => kind == ImportKind.Mean && StandsAtEnd ? (long)Step!.Value.TotalMilliseconds : 0;
}

/// <summary>What `cloud import csv` was asked for.</summary>
internal sealed record ImportCsvRequest
{
    /// <summary>The file.</summary>
    public required string Path { get; init; }

    /// <summary>Plant the readings belong to.</summary>
    public required string Plant { get; init; }

    /// <summary>Name of the import.</summary>
    public required string Name { get; init; }

    /// <summary>The columns.</summary>
    public required IReadOnlyList<ImportColumn> Columns { get; init; }

    /// <summary>The stamps.</summary>
    public required ImportTimes Times { get; init; }

    /// <summary>Texts that mean: no value. A blank field always does.</summary>
    public required IReadOnlyList<string> Missing { get; init; }

    /// <summary>Whether numbers are written with a decimal comma.</summary>
    public bool HasDecimalComma { get; init; }

    /// <summary>Whether values are rounded to the decimals asked for.</summary>
    public bool Rounds { get; init; }

    /// <summary>Whether rows may come in any order.</summary>
    public bool Sorts { get; init; }

    /// <summary>Whether of two rows of one instant the later one stands.</summary>
    public bool KeepsLast { get; init; }

    /// <summary>Whether stored readings may change.</summary>
    public bool Overwrites { get; init; }

    /// <summary>Whether nothing is written.</summary>
    public bool IsDryRun { get; init; }

    /// <summary>How the file is understood, in canonical lines.</summary>
    public string Canonical()
    {
        StringBuilder text = new();
        _ = text.Append(CultureInfo.InvariantCulture, $"zone {Times.Zone.Id}\nstamp {(Times.StandsAtEnd ? "end" : "start")} {Times.Step}\ncomma {HasDecimalComma}\nround {Rounds}\n");
        foreach (ImportColumn column in Columns)
        {
            _ = text.Append(column.Canonical).Append('\n');
        }

        return text.ToString();
    }
}
