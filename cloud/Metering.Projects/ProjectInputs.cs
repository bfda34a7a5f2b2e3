using Metering.Analytics.Events;

namespace Metering.Projects;

/// <summary>What a project is analysed from.</summary>
internal sealed record ProjectInputs
{
    /// <summary>Readings of its channels; a channel that is not there has none.</summary>
    public required IReadOnlyDictionary<ChannelName, ChannelReadings> Readings { get; init; }

    /// <summary>Where they come from, the use first.</summary>
    public required IReadOnlyList<ChannelEvidence> Evidence { get; init; }

    /// <summary>What persons decided on events; none: proposals are shown and nothing is adjusted.</summary>
    public IReadOnlyList<EventDecision> Decisions { get; init; } = [];

    /// <summary>Output of the products that drivers name, see <see cref="DailyOutput"/>; none when no driver names one.</summary>
    public IReadOnlyList<DailyOutput> Production { get; init; } = [];
}
