namespace Metering.Readings;

/// <summary>
/// MQTT topic names, both directions. Plant and tenant never stand in a topic: the cloud knows them from the gateway's
/// enrolment. "Up" is written by the gateway, "down" by the cloud.
/// </summary>
public static class Topics
{
    private const string Prefix = "metering/v1/";

    /// <summary>What ingestion subscribes to for batches.</summary>
    public const string AllBatches = Prefix + "+/up/batch";

    /// <summary>What ingestion subscribes to for status.</summary>
    public const string AllStatus = Prefix + "+/up/status";

    /// <summary>What ingestion subscribes to for birth messages.</summary>
    public const string AllMeta = Prefix + "+/up/meta";

    /// <summary>What ingestion subscribes to for requests.</summary>
    public const string AllRequests = Prefix + "+/up/request";

    /// <summary>Signed batches, QoS 1, not retained.</summary>
    public static string Batch(string gateway) => $"{Prefix}{gateway}/up/batch";

    /// <summary>Retained JSON, also the Last Will: {"v":1,"state":"online"|"offline"}.</summary>
    public static string Status(string gateway) => $"{Prefix}{gateway}/up/status";

    /// <summary>Retained JSON birth: config hash, meters, channels, units, scale, profile revision, software.</summary>
    public static string Meta(string gateway) => $"{Prefix}{gateway}/up/meta";

    /// <summary>Enrolment, change of key and questions, see <see cref="GatewayRequest"/>; QoS 1, not retained.</summary>
    public static string Request(string gateway) => $"{Prefix}{gateway}/up/request";

    /// <summary>Signed answers to enrolments, see <see cref="EnrolmentAnswer"/>; QoS 1.</summary>
    public static string Answer(string gateway) => $"{Prefix}{gateway}/down/answer";

    /// <summary>Signed acknowledgements, QoS 1.</summary>
    public static string Ack(string gateway) => $"{Prefix}{gateway}/down/ack";

    /// <summary>Commands, QoS 1.</summary>
    public static string Command(string gateway) => $"{Prefix}{gateway}/down/command";

    /// <summary>The gateway named by a topic of ours, or null when the topic is not ours.</summary>
    public static string? GatewayOf(string topic)
    {
        string[] parts = topic.Split('/');
        return parts.Length == 5 && parts[0] == "metering" && parts[1] == "v1" && Identifier.IsValid(parts[2]) ? parts[2] : null;
    }
}
