using System.Text;
using Metering.Ingestion.Import;
using Metering.Readings;

namespace Metering.Ingestion.Intake;

/// <summary>A field of a series that becomes a channel of a given name.</summary>
public sealed record IntakeRule
{
    /// <summary>Measurement, without escapes.</summary>
    public required string Measurement { get; init; }

    /// <summary>Tags a line must carry; it may carry others, but all lines of a channel carry the same.</summary>
    public required IReadOnlyDictionary<string, string> Tags { get; init; }

    /// <summary>Name of the field, without escapes.</summary>
    public required string Field { get; init; }

    /// <summary>The channel; its profile is filled in with the series it is fed by.</summary>
    public required Channel Channel { get; init; }

    /// <summary>Whether values are rounded to the channel's decimals instead of refused.</summary>
    public bool Rounds { get; init; }

    /// <summary>A rule from 'measurement[,tag=value...] field', written as in line protocol.</summary>
    /// <param name="series">The text.</param>
    /// <param name="channel">The channel the field becomes.</param>
    /// <param name="rounds">See <see cref="Rounds"/>.</param>
    /// <returns>The rule, or null when the text is of another form.</returns>
    public static IntakeRule? Parse(string series, Channel channel, bool rounds)
    {
        int space = series.LastIndexOf(' ');
        if (space <= 0 || series[space - 1] == '\\')
        {
            return null;
        }

        try
        {
            IntakeSeries parsed = IntakeSeries.Parse(Encoding.UTF8.GetBytes(series[..space]), Encoding.UTF8.GetBytes(series[(space + 1)..]));
            return new() { Measurement = parsed.Measurement, Tags = parsed.Tags, Field = parsed.Field, Channel = channel, Rounds = rounds };
        }
        catch (LineProtocolException)
        {
            return null;
        }
    }
}

/// <summary>One database (or bucket) that takes line protocol.</summary>
public sealed record IntakeDatabaseOptions
{
    /// <summary>Name as clients give it in db= or bucket=.</summary>
    public required string Name { get; init; }

    /// <summary>The plant, and how and with which key its readings are kept.</summary>
    public required ImportOptions Import { get; init; }

    /// <summary>Series with a channel of their own name, in order: the first that fits is taken.</summary>
    public required IReadOnlyList<IntakeRule> Rules { get; init; }

    /// <summary>Whether series without a rule become channels under automatic names, or are refused.</summary>
    public bool TakesUnknown { get; init; } = true;
}

/// <summary>How the intake works; the same for all databases.</summary>
public sealed record IntakeOptions
{
    /// <summary>How long the first of several requests waits for others, so that small ones share a signed batch.</summary>
    public TimeSpan Linger { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>Readings at which a batch is written without waiting longer.</summary>
    public int ReadingsPerBatch { get; init; } = 5_000;

    /// <summary>Readings that may wait for the journal, of one database; beyond it requests are told to come back.</summary>
    public int MaximumWaiting { get; init; } = 262_144;

    /// <summary>Channels one database may have, so that a flood of tag values fills no store.</summary>
    public int MaximumChannels { get; init; } = 10_000;
}
