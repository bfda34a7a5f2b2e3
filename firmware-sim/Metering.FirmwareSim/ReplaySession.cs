using System.Text;
using System.Text.Json;
using Metering.FirmwareSim.Field;
using Metering.FirmwareSim.Output;
using Metering.FirmwareSim.Registers;
using Metering.FirmwareSim.Replay;

namespace Metering.FirmwareSim;

/// <summary>What <c>replay</c> was told.</summary>
internal sealed record ReplaySettings
{
    /// <summary>The file.</summary>
    public required string Csv { get; init; }

    /// <summary>Its map.</summary>
    public required string Map { get; init; }

    /// <summary>Folder for the files.</summary>
    public required string Output { get; init; }

    /// <summary>Where the broker is.</summary>
    public required BrokerAddress Broker { get; init; }

    /// <summary>Serve on a serial line.</summary>
    public required bool IsSerial { get; init; }
}

/// <summary>Serves a file until it is stopped.</summary>
internal static class ReplaySession
{
    /// <summary>Reads, writes, serves; then prints the ready line and waits.</summary>
    internal static async Task<int> RunAsync(ReplaySettings settings, TimeProvider clock, CancellationToken stopping)
    {
        ReplayMap map = ReplayMap.Load(settings.Map);
        ReplaySource source = ReplayLoader.Load(settings.Csv, map);
        OutputFolder output = new(settings.Output);
        using FieldHost host = new([(source, settings.IsSerial)], clock);
        output.WriteGateway(host.Plants[0], settings.Broker, map.Interval);
        output.Write("projects.yaml", Projects(map));
        output.Write("truth.json", Truth(source));
        return await ReadyLine.PrintAndWaitAsync(host, stopping);
    }

    private static string Projects(ReplayMap map) =>
        $"# A replayed file; it has no projects.\nplants:\n{ProjectsYaml.Plant(map.Gateway, map.Name, map.Sector, map.State, map.Zone.Id)}projects: []\n";

    private static string Truth(ReplaySource source)
    {
        (long, long, long) slots = (source.FirstUtcMilliseconds, source.EndUtcMilliseconds, (long)source.Map.Interval.TotalMilliseconds);
        ChannelTruth[] truths = TruthJson.TruthsOf(source, slots);
        using MemoryStream stream = new();
        using (Utf8JsonWriter json = new(stream, TruthJson.Layout))
        {
            json.WriteStartObject();
            json.WriteString("from", TruthJson.Iso(source.FirstUtcMilliseconds));
            json.WriteString("until", TruthJson.Iso(source.EndUtcMilliseconds));
            json.WriteStartArray("projects");
            json.WriteEndArray();
            json.WriteStartArray("channels");
            int index = 0;
            foreach (MeterMap meter in source.Meters)
            {
                foreach (ChannelMap channel in meter.Channels)
                {
                    TruthJson.Write(json, source.Id, (meter, channel), truths[index], source.Series[index].Total);
                    index++;
                }
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }
}
