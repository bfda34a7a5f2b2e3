using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Metering.Gateway.Configuration;
using Metering.Gateway.Diagnosis.Health;
using Metering.Gateway.Polling;
using Metering.Gateway.Status;
using Metering.Meters.Yaml;

namespace Metering.Gateway.Bundling;

/// <summary>What only a running gateway, or the journal it wrote into, can tell a support bundle. What cannot be had is said in its place.</summary>
internal static class RunningParts
{
    /// <summary>How the gateway stands, as its local page says it.</summary>
    internal const string StatusName = "status.json";

    /// <summary>The statistics of its lines.</summary>
    internal const string LinesName = "lines.txt";

    /// <summary>The end of its journal.</summary>
    internal const string JournalName = "journal.txt";

    private const int JournalLines = 5000;
    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Asks the gateway that runs with this configuration.</summary>
    internal static async Task<IReadOnlyList<(string Name, string Text)>> AskAsync(string configFile, CancellationToken cancellationToken)
    {
        try
        {
            using StatusClient client = new(ConfigurationFile.Load(configFile));
            if (await client.AskAsync(cancellationToken) is not JsonElement status)
            {
                return Missing("No gateway was running with this configuration, or its statusPage is off.");
            }

            string lines = status.TryGetProperty("polling", out JsonElement polling) && polling.ValueKind == JsonValueKind.Object
                ? LineReport.Of(PollingSnapshotJson.Read(polling))
                : "The gateway runs and has not polled yet.\n";
            return [(StatusName, JsonSerializer.Serialize(status, Readable) + "\n"), (LinesName, lines)];
        }
        catch (YamlFaultException)
        {
            return Missing("The configuration is faulty (configuration-faults.txt), so the address of the gateway is not known.");
        }
        catch (UnauthorizedAccessException)
        {
            return Missing("A gateway runs and wants another token than statusPage.tokenFile holds now.");
        }
        catch (JsonException e)
        {
            return Missing($"A gateway runs and its answer cannot be read: {e.Message}");
        }
        catch (IOException e)
        {
            return Missing($"The gateway was not asked: {e.Message}");
        }
    }

    /// <summary>The end of the service's journal.</summary>
    /// <param name="program">journalctl, or what stands for it.</param>
    /// <param name="cancellationToken">Ends it early.</param>
    internal static async Task<(string Name, string Text)> JournalAsync(string program, CancellationToken cancellationToken)
    {
        string[] arguments = ["--unit", MachineHealth.UnitName, "--lines", JournalLines.ToString(System.Globalization.CultureInfo.InvariantCulture), "--no-pager", "--output", "short-iso"];
        string? text = await SystemProgram.TextAsync(program, arguments, cancellationToken);
        return (JournalName, string.IsNullOrWhiteSpace(text)
            ? "No journal could be read: there is no systemd, nothing was written, or this user may not read it (group systemd-journal).\n"
            : text);
    }

    private static (string Name, string Text)[] Missing(string why)
    {
        string json = Encoding.UTF8.GetString(JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, string> { ["missing"] = why }));
        return [(StatusName, json + "\n"), (LinesName, why + "\n")];
    }
}
