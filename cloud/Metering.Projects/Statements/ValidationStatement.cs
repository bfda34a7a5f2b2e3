using System.Text.Json;
using Metering.Analytics.Intervals;

namespace Metering.Projects.Statements;

/// <summary>
/// The body of a `validation` entry: one run of the validation rules over the readings of a project's channels. It names the rule set with each of its constants, the readings by their
/// version, and everything that was found with what was done about it. Equal readings give equal bytes on every machine; nobody's name is in it.
/// </summary>
internal static class ValidationStatement
{
    /// <summary>Name of the rule set: registers are read into days.</summary>
    public const string Rules = "register-days";

    /// <summary>Version of the rule set; one more whenever a rule, a constant, or what is done with a finding changes.</summary>
    public const int RulesVersion = 1;

    /// <summary>The constants of the rules in their order; durations in milliseconds.</summary>
    public static IReadOnlyList<(string Name, double Value)> Parameters { get; } =
    [
        .. RegisterRules.Parameters,
        ("read-gap-ms", DailyTable.ReadGap.TotalMilliseconds),
        ("longest-midnight-gap-ms", DailyTable.LongestMidnightGap.TotalMilliseconds),
        ("minimum-completeness", new MeanOptions { Step = IntervalStep.Day }.MinimumCompleteness),
    ];

    /// <summary>The bytes.</summary>
    /// <param name="project">The project.</param>
    /// <param name="evidence">Its channels, the use first, each with what was found.</param>
    public static byte[] Write(Project project, IReadOnlyList<ChannelEvidence> evidence) => StatementJson.Write(json =>
    {
        json.WriteNumber("validation", 1);
        json.WriteString("project", project.Id);
        json.WriteString("rules", Rules);
        json.WriteNumber("rulesVersion", RulesVersion);
        json.Objects("parameters", Parameters, parameter =>
        {
            json.WriteString("name", parameter.Name);
            json.Number("value", parameter.Value);
        });
        json.WriteString("zone", project.Plant.Zone.Id);
        json.Day("firstDay", project.Baseline.First);
        json.Day("lastDay", project.Reporting.Last);
        json.Objects("channels", evidence, channel => WriteChannel(json, channel));
    });

    /// <summary>Readings that a run was made over, by the version of each channel; empty texts for channels without readings.</summary>
    /// <param name="root">A run, or a result: both have their channels in the same form.</param>
    /// <exception cref="FormatException">It has not the form of either.</exception>
    public static IReadOnlyList<(string Gateway, string Channel, string Version)> ReadingsOf(JsonElement root) =>
        [.. root.GetProperty("channels").EnumerateArray().Select(channel => (channel.Text("gateway"), channel.Text("channel"), channel.Text("version")))];

    private static void WriteChannel(Utf8JsonWriter json, ChannelEvidence channel)
    {
        json.WriteString("gateway", channel.Name.Gateway);
        json.WriteString("channel", channel.Name.Channel);
        json.WriteString("kind", channel.Channel is { } about ? StatementJson.Word(about.Kind) : null);
        json.WriteString("version", channel.Version);
        json.WriteNumber("readings", channel.Count);
        json.WriteNumber("usable", channel.UsableCount);
        if (channel.Intervals is { } intervals)
        {
            json.WriteStartObject("intervals");
            json.WriteNumber("measured", intervals.Measured);
            json.WriteNumber("allocated", intervals.Allocated);
            json.WriteNumber("missing", intervals.Missing);
            json.WriteEndObject();
        }
        else
        {
            json.WriteNull("intervals");
        }

        json.Objects("findings", channel.Findings, finding =>
        {
            json.WriteString("rule", StatementJson.Word(finding.Kind));
            json.WriteNumber("utc", finding.UtcMilliseconds);
            json.WriteString("action", StatementJson.Word(RegisterRules.ActionOf(finding.Kind)));
            json.WriteString("detail", finding.Detail);
        });
    }
}
