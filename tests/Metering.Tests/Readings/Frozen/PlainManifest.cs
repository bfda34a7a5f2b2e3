using Metering.Readings;

namespace Metering.Tests.Readings.Frozen;

/// <summary>A manifest read through strings and written again to compare. Not to be changed, see <see cref="PlainLines"/>.</summary>
internal static class PlainManifest
{
    private const string Header = "metering/v1/batch";

    public static BatchManifest Parse(ReadOnlySpan<byte> text)
    {
        PlainLines lines = new(text);
        lines.Literal(Header);
        string gateway = PlainLines.Id(lines.Field("gateway"), "gateway");
        int epoch = PlainLines.Count(lines.Field("epoch"), "epoch", int.MaxValue);
        string boot = lines.Field("boot");
        long batch = PlainLines.Integer(lines.Field("batch"), "batch");
        string previous = PlainLines.Hash(lines.Field("previous"), "previous");
        string config = PlainLines.Hash(lines.Field("config"), "config");
        string software = lines.Field("software");
        string[] span = lines.Fields("span", 2);
        string[] clock = lines.Fields("clock", 3);
        int readings = PlainLines.Count(lines.Field("readings"), "readings", BatchLimits.MaximumReadings);
        BatchManifest manifest = new()
        {
            Gateway = gateway,
            KeyEpoch = epoch,
            Boot = boot,
            Batch = batch,
            PreviousHash = previous,
            ConfigHash = config,
            Software = software,
            FirstUtcMilliseconds = PlainLines.Integer(span[0], "span"),
            LastUtcMilliseconds = PlainLines.Integer(span[1], "span"),
            Clock = ParseClock(clock[0]),
            MonotonicMilliseconds = PlainLines.Integer(clock[1], "monotonic"),
            AnchorUtcMilliseconds = PlainLines.Integer(clock[2], "anchor"),
            Channels = ParseChannels(ref lines),
            Gaps = ParseGaps(ref lines),
        };
        CheckRelations(manifest, readings);
        return lines.AtEnd && manifest.ToText().AsSpan().SequenceEqual(text)
            ? manifest
            : throw new WireFormatException("the manifest is not in canonical form");
    }

    private static List<ManifestChannel> ParseChannels(ref PlainLines lines)
    {
        List<ManifestChannel> channels = [];
        while (lines.NextIs("channel"))
        {
            string[] fields = lines.Fields("channel", 3);
            if (channels.Count == BatchLimits.MaximumChannels)
            {
                throw new WireFormatException($"more than {BatchLimits.MaximumChannels} channels");
            }

            channels.Add(new(
                PlainLines.Id(fields[0], "channel"),
                PlainLines.Count(fields[1], "count", BatchLimits.MaximumReadings),
                PlainLines.Hash(fields[2], "segment hash")));
        }

        return channels;
    }

    private static List<GapEvent> ParseGaps(ref PlainLines lines)
    {
        List<GapEvent> gaps = [];
        while (lines.NextIs("gap"))
        {
            string[] fields = lines.Fields("gap", 4);
            if (gaps.Count == BatchLimits.MaximumGaps)
            {
                throw new WireFormatException($"more than {BatchLimits.MaximumGaps} gaps");
            }

            gaps.Add(new(
                PlainLines.Integer(fields[0], "gap"),
                PlainLines.Integer(fields[1], "gap"),
                PlainLines.Id(fields[2], "gap reason"),
                PlainLines.Integer(fields[3], "gap count")));
        }

        return gaps;
    }

    private static ClockState ParseClock(string text) => text switch
    {
        "U" => ClockState.Unknown,
        "I" => ClockState.Informed,
        "S" => ClockState.Synchronised,
        "R" => ClockState.Relative,
        _ => throw new WireFormatException($"clock state '{text}' is not one of U, I, S, R"),
    };

    private static void CheckRelations(BatchManifest manifest, int readings)
    {
        bool bootIsHexadecimal = manifest.Boot.Length == 16 && manifest.Boot.AsSpan().IndexOfAnyExcept("0123456789abcdef") < 0;
        if (!bootIsHexadecimal || manifest.KeyEpoch < 1 || manifest.Batch < 1 || readings < 1 || readings != manifest.ReadingCount)
        {
            throw new WireFormatException("boot, epoch, batch or number of readings of the manifest is outside its range");
        }

        if (manifest.FirstUtcMilliseconds > manifest.LastUtcMilliseconds || (manifest.Batch == 1) != (manifest.PreviousHash == BatchManifest.NoPrevious))
        {
            throw new WireFormatException("the span runs backwards, or batch 1 and an empty previous hash do not go together");
        }

        for (int index = 0; index < manifest.Channels.Count; index++)
        {
            bool ascends = index == 0 || string.CompareOrdinal(manifest.Channels[index - 1].Channel, manifest.Channels[index].Channel) < 0;
            if (!ascends || manifest.Channels[index].Count < 1)
            {
                throw new WireFormatException("the channels of the manifest must ascend and have readings");
            }
        }
    }
}
