using System.Security.Cryptography;
using System.Text;

namespace Metering.Readings;

/// <summary>One line of a manifest: the segment of one channel.</summary>
/// <param name="Channel">Channel identifier.</param>
/// <param name="Count">Readings in the segment, 1 or more.</param>
/// <param name="SegmentHash">SHA-256 of the segment's bytes, lower-case hexadecimal.</param>
public sealed record ManifestChannel(string Channel, int Count, string SegmentHash);

/// <summary>A stretch in which the gateway asked no meter at all, sealed into the batch so that it cannot be filled in later.</summary>
/// <param name="FromUtcMilliseconds">Last scheduled instant before the hole.</param>
/// <param name="ThroughUtcMilliseconds">First scheduled instant after the hole.</param>
/// <param name="Reason">Why: "stopped" (the gateway was off), "outbox-full", "clock".</param>
/// <param name="Count">How many readings were refused, where that is known; 0 where nothing was polled.</param>
public sealed record GapEvent(long FromUtcMilliseconds, long ThroughUtcMilliseconds, string Reason, long Count);

/// <summary>
/// The signed part of a batch: who, which, after what, with which configuration and software, when, and one line per
/// channel. A text note in the shape of C2SP's signed-note, see <see cref="SignedNote"/>. Version 1, canonical: parsing
/// and writing again gives the same bytes, or the bytes are refused.
/// </summary>
public sealed record BatchManifest
{
    private static ReadOnlySpan<byte> Header => "metering/v1/batch"u8;

    /// <summary>What stands in <see cref="PreviousHash"/> of a gateway's first batch in a key epoch: 64 zeros.</summary>
    public static readonly string NoPrevious = new('0', 64);

    /// <summary>Gateway identifier; also the signer's name.</summary>
    public required string Gateway { get; init; }

    /// <summary>Number of the gateway's key, from 1; a new key starts a new chain.</summary>
    public required int KeyEpoch { get; init; }

    /// <summary>Identifier of this start of the gateway process, 16 hexadecimal digits.</summary>
    public required string Boot { get; init; }

    /// <summary>Number of the batch in the key epoch, from 1, without a hole.</summary>
    public required long Batch { get; init; }

    /// <summary>SHA-256 of the previous batch's whole note, or <see cref="NoPrevious"/>.</summary>
    public required string PreviousHash { get; init; }

    /// <summary>SHA-256 of the gateway's configuration file.</summary>
    public required string ConfigHash { get; init; }

    /// <summary>Software name and version, such as "metering-gateway/0.1.0".</summary>
    public required string Software { get; init; }

    /// <summary>First scheduled instant in the batch.</summary>
    public required long FirstUtcMilliseconds { get; init; }

    /// <summary>Last scheduled instant in the batch.</summary>
    public required long LastUtcMilliseconds { get; init; }

    /// <summary>State of the clock, the same for every reading of the batch: a change of state starts a new batch.</summary>
    public required ClockState Clock { get; init; }

    /// <summary>Monotonic clock of the boot at the moment of <see cref="AnchorUtcMilliseconds"/>, so that wall time can be checked against it.</summary>
    public required long MonotonicMilliseconds { get; init; }

    /// <summary>Wall clock at the same moment.</summary>
    public required long AnchorUtcMilliseconds { get; init; }

    /// <summary>The channels, ascending by identifier.</summary>
    public required IReadOnlyList<ManifestChannel> Channels { get; init; }

    /// <summary>The sealed gaps, in order of time.</summary>
    public required IReadOnlyList<GapEvent> Gaps { get; init; }

    /// <summary>Readings in all segments.</summary>
    public int ReadingCount
    {
        get
        {
            int count = 0;
            for (int index = 0; index < Channels.Count; index++)
            {
                count += Channels[index].Count;
            }

            return count;
        }
    }

    /// <summary>SHA-256 of a whole note, in the form used for <see cref="PreviousHash"/>.</summary>
    public static string HashOf(ReadOnlySpan<byte> note) => Convert.ToHexStringLower(SHA256.HashData(note));

    /// <summary>About as many bytes as the text has, to begin with: a line of a channel is its name, a count and a hash.</summary>
    internal int UsualTextLength => 512 + (Channels.Count * 128);

    /// <summary>The text that is signed.</summary>
    public byte[] ToText()
    {
        using RentedBuffer buffer = new(UsualTextLength);
        WriteTo(buffer);
        return buffer.Written.ToArray();
    }

    /// <summary>Appends the text that is signed.</summary>
    internal void WriteTo(RentedBuffer buffer)
    {
        _ = buffer.Append("metering/v1/batch\ngateway "u8).Append(Gateway)
            .Append("\nepoch "u8).Append(KeyEpoch).Append("\nboot "u8).Append(Boot)
            .Append("\nbatch "u8).Append(Batch).Append("\nprevious "u8).Append(PreviousHash)
            .Append("\nconfig "u8).Append(ConfigHash).Append("\nsoftware "u8).Append(Software)
            .Append("\nspan "u8).Append(FirstUtcMilliseconds).Append(" "u8).Append(LastUtcMilliseconds)
            .Append("\nclock "u8).Append([(byte)Clock]).Append(" "u8).Append(MonotonicMilliseconds).Append(" "u8).Append(AnchorUtcMilliseconds)
            .Append("\nreadings "u8).Append(ReadingCount).Append("\n"u8);
        foreach (ManifestChannel channel in Channels)
        {
            _ = buffer.Append("channel "u8).Append(channel.Channel).Append(" "u8).Append(channel.Count).Append(" "u8).Append(channel.SegmentHash).Append("\n"u8);
        }

        foreach (GapEvent gap in Gaps)
        {
            _ = buffer.Append("gap "u8).Append(gap.FromUtcMilliseconds).Append(" "u8).Append(gap.ThroughUtcMilliseconds).Append(" "u8).Append(gap.Reason.ToString()).Append(" "u8).Append(gap.Count).Append("\n"u8);
        }
    }

    /// <summary>Reads the text of a manifest.</summary>
    /// <exception cref="WireFormatException">The bytes are not a canonical manifest of version 1.</exception>
    public static BatchManifest Parse(ReadOnlySpan<byte> text)
    {
        // Every field is taken in its one spelling and in its one place, so that writing the result again gives the same bytes.
        CanonicalLines lines = new(text);
        lines.Literal(Header);
        string gateway = CanonicalLines.Id(lines.Field("gateway"u8), "gateway");
        int epoch = CanonicalLines.Count(lines.Field("epoch"u8), "epoch", int.MaxValue);
        string boot = CanonicalLines.Text(lines.Field("boot"u8), "boot");
        long batch = CanonicalLines.Integer(lines.Field("batch"u8), "batch");
        string previous = CanonicalLines.Hash(lines.Field("previous"u8), "previous");
        string config = CanonicalLines.Hash(lines.Field("config"u8), "config");
        string software = CanonicalLines.Text(lines.Field("software"u8), "software");
        Span<Range> places = stackalloc Range[3];
        ReadOnlySpan<byte> span = lines.Fields("span"u8, places[..2]);
        long first = CanonicalLines.Integer(span[places[0]], "span");
        long last = CanonicalLines.Integer(span[places[1]], "span");
        ReadOnlySpan<byte> clock = lines.Fields("clock"u8, places);
        int readings = CanonicalLines.Count(lines.Field("readings"u8), "readings", BatchLimits.MaximumReadings);
        BatchManifest manifest = new()
        {
            Gateway = gateway,
            KeyEpoch = epoch,
            Boot = boot,
            Batch = batch,
            PreviousHash = previous,
            ConfigHash = config,
            Software = software,
            FirstUtcMilliseconds = first,
            LastUtcMilliseconds = last,
            Clock = ParseClock(clock[places[0]]),
            MonotonicMilliseconds = CanonicalLines.Integer(clock[places[1]], "monotonic"),
            AnchorUtcMilliseconds = CanonicalLines.Integer(clock[places[2]], "anchor"),
            Channels = ParseChannels(ref lines),
            Gaps = ParseGaps(ref lines),
        };
        manifest.CheckRelations(readings);
        return lines.AtEnd ? manifest : throw new WireFormatException("the manifest is not in canonical form");
    }

    private static List<ManifestChannel> ParseChannels(ref CanonicalLines lines)
    {
        List<ManifestChannel> channels = [];
        Span<Range> places = stackalloc Range[3];
        while (lines.NextIs("channel"u8))
        {
            ReadOnlySpan<byte> line = lines.Fields("channel"u8, places);
            if (channels.Count == BatchLimits.MaximumChannels)
            {
                throw new WireFormatException($"more than {BatchLimits.MaximumChannels} channels");
            }

            channels.Add(new(
                CanonicalLines.Id(line[places[0]], "channel"),
                CanonicalLines.Count(line[places[1]], "count", BatchLimits.MaximumReadings),
                CanonicalLines.Hash(line[places[2]], "segment hash")));
        }

        return channels;
    }

    private static List<GapEvent> ParseGaps(ref CanonicalLines lines)
    {
        List<GapEvent> gaps = [];
        Span<Range> places = stackalloc Range[4];
        while (lines.NextIs("gap"u8))
        {
            ReadOnlySpan<byte> line = lines.Fields("gap"u8, places);
            if (gaps.Count == BatchLimits.MaximumGaps)
            {
                throw new WireFormatException($"more than {BatchLimits.MaximumGaps} gaps");
            }

            gaps.Add(new(
                CanonicalLines.Integer(line[places[0]], "gap"),
                CanonicalLines.Integer(line[places[1]], "gap"),
                CanonicalLines.Id(line[places[2]], "gap reason"),
                CanonicalLines.Integer(line[places[3]], "gap count")));
        }

        return gaps;
    }

    private static ClockState ParseClock(ReadOnlySpan<byte> text) => text switch
    {
        [(byte)'U'] => ClockState.Unknown,
        [(byte)'I'] => ClockState.Informed,
        [(byte)'S'] => ClockState.Synchronised,
        [(byte)'R'] => ClockState.Relative,
        _ => throw new WireFormatException($"clock state '{Encoding.ASCII.GetString(text[..Math.Min(text.Length, 40)])}' is not one of U, I, S, R"),
    };

    private void CheckRelations(int readings)
    {
        bool bootIsHexadecimal = Boot.Length == 16 && Boot.AsSpan().IndexOfAnyExcept("0123456789abcdef") < 0;
        if (!bootIsHexadecimal || KeyEpoch < 1 || Batch < 1 || readings < 1 || readings != ReadingCount)
        {
            throw new WireFormatException("boot, epoch, batch or number of readings of the manifest is outside its range");
        }

        if (FirstUtcMilliseconds > LastUtcMilliseconds || (Batch == 1) != (PreviousHash == NoPrevious))
        {
            throw new WireFormatException("the span runs backwards, or batch 1 and an empty previous hash do not go together");
        }

        for (int index = 0; index < Channels.Count; index++)
        {
            bool ascends = index == 0 || string.CompareOrdinal(Channels[index - 1].Channel, Channels[index].Channel) < 0;
            if (!ascends || Channels[index].Count < 1)
            {
                throw new WireFormatException("the channels of the manifest must ascend and have readings");
            }
        }
    }
}
