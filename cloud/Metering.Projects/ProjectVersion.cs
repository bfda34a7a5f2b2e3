using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Metering.Analytics.Events;

namespace Metering.Projects;

/// <summary>What tells one result of a project from another: the hash that its signatures name.</summary>
internal static class ProjectVersion
{
    /// <summary>
    /// SHA-256, hexadecimal in lower case, over the project's definition, its readings, decisions and production. Every field that changes a number is in it, so that
    /// an edited project never shows the numbers of the old one. Who decided is not in it: a name may be erased, and the version must still be found anew.
    /// </summary>
    /// <param name="project">The project.</param>
    /// <param name="versions">Of each of its channels the <see cref="Metering.Readings.ReadingVersion"/> over <see cref="Project.Span"/>; empty for a channel without readings.</param>
    /// <param name="decisions">What persons decided on events, in order.</param>
    /// <param name="production">Output of the products that drivers name, in order.</param>
    public static string Of(Project project, IReadOnlyDictionary<ChannelName, string> versions, IReadOnlyList<EventDecision> decisions, IReadOnlyList<DailyOutput> production)
    {
        StringBuilder text = new();
        text.Append(CultureInfo.InvariantCulture, $"{project.Id} {project.Plant.Zone.Id} {project.Resource} {project.ConfidencePercent:R} ");
        text.Append(CultureInfo.InvariantCulture, $"{project.Baseline} {project.Installation} {project.Reporting}\n");
        foreach (ProjectDriver driver in project.Drivers)
        {
            text.Append(CultureInfo.InvariantCulture, $"{driver.Id} {driver.Kind} {driver.Base:R} {driver.Source}{driver.Product}\n");
        }

        foreach (ChannelName name in project.Channels())
        {
            text.Append(CultureInfo.InvariantCulture, $"{name.Gateway} {name.Channel} {versions[name]}\n");
        }

        foreach (EventDecision decision in decisions)
        {
            text.Append(CultureInfo.InvariantCulture, $"{decision.Kind} {decision.Event.Kind} {decision.Event.Period} {decision.Event.FromUtcMilliseconds} {decision.Event.ToUtcMilliseconds} ");
            text.Append(CultureInfo.InvariantCulture, $"{decision.Event.LastUtcMilliseconds} {decision.Event.TotalDateDeviation:R} {decision.Instant:O} {decision.AttachmentSha256}\n{decision.Reason}\n");
        }

        foreach (DailyOutput output in production)
        {
            text.Append(CultureInfo.InvariantCulture, $"{output.Product} {output.Unit} {string.Join(' ', output.Records)}\n");
        }

        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }
}
