using System.Text.Json;
using Metering.Analytics.Events;
using Metering.Readings;

namespace Metering.Projects.Statements;

/// <summary>
/// The body of a `decision` entry: one version of one decision on an event, with the event as the project's periods make it. What a person is called is not in it,
/// only the account: a name may be erased.
/// </summary>
internal sealed record DecisionStatement
{
    private const string What = "decision";

    /// <summary>Identifier of the decision's record.</summary>
    public required string Id { get; init; }

    /// <summary>Version of the record, from 1.</summary>
    public required int Version { get; init; }

    /// <summary>It counts no more; the other fields are those of the last version that did.</summary>
    public required bool IsWithdrawn { get; init; }

    /// <summary>The project.</summary>
    public required string Project { get; init; }

    /// <summary>Identifier of the event's record.</summary>
    public required string EventId { get; init; }

    /// <summary>First day of the event, in the plant's zone; it comes first in the order of decisions.</summary>
    public required DateOnly FirstDay { get; init; }

    /// <summary>The decision.</summary>
    public required EventDecision Decision { get; init; }

    /// <summary>Account that decided.</summary>
    public required string Actor { get; init; }

    /// <summary>The bytes.</summary>
    public byte[] ToBytes() => StatementJson.Write(json =>
    {
        json.WriteNumber("decision", 1);
        json.WriteString("id", Id);
        json.WriteNumber("version", Version);
        json.WriteBoolean("withdrawn", IsWithdrawn);
        json.WriteString("project", Project);
        json.WriteString("eventId", EventId);
        json.WriteString("kind", StatementJson.Word(Decision.Kind));
        WriteEvent(json, Decision.Event, FirstDay);
        json.WriteString("reason", Decision.Reason);
        json.WriteNumber("decidedUtc", Decision.Instant.ToUnixTimeMilliseconds());
        json.WriteString("attachmentSha256", Decision.AttachmentSha256);
        json.WriteString("actor", Actor);
    });

    /// <summary>Reads it; the decision's person is the account.</summary>
    /// <exception cref="WireFormatException">The bytes are no decision in its one form.</exception>
    public static DecisionStatement Read(ReadOnlySpan<byte> bytes) => StatementJson.Read(bytes, What, ReadRoot, statement => statement.ToBytes());

    /// <summary>The decisions that count, in the order in which a result takes them: by the event's first day, then by its identifier, then by the decision's.</summary>
    /// <param name="newest">Of each record of the project the newest version.</param>
    public static IReadOnlyList<DecisionStatement> InOrder(IEnumerable<DecisionStatement> newest) =>
        [.. newest.Where(one => !one.IsWithdrawn).OrderBy(one => one.FirstDay).ThenBy(one => one.EventId, StringComparer.Ordinal).ThenBy(one => one.Id, StringComparer.Ordinal)];

    private static void WriteEvent(Utf8JsonWriter json, EventProposal about, DateOnly firstDay)
    {
        json.WriteStartObject("event");
        json.WriteString("kind", StatementJson.Word(about.Kind));
        json.WriteString("period", StatementJson.Word(about.Period));
        json.WriteNumber("fromUtc", about.FromUtcMilliseconds);
        json.Whole("toUtc", about.ToUtcMilliseconds);
        json.WriteNumber("lastUtc", about.LastUtcMilliseconds);
        json.WriteNumber("sizePerInterval", about.SizePerInterval);
        json.WriteNumber("sizeHalfWidth", about.SizeHalfWidth);
        json.WriteNumber("total", about.Total);
        json.WriteNumber("expectedTotal", about.ExpectedTotal);
        json.WriteNumber("totalDateDeviation", about.TotalDateDeviation);
        json.WriteNumber("intervals", about.Intervals);
        json.Day("firstDay", firstDay);
        json.WriteEndObject();
    }

    private static DecisionStatement ReadRoot(JsonElement root)
    {
        root.RequireVersion("decision");
        JsonElement about = root.GetProperty("event");
        string actor = root.Text("actor");
        return new()
        {
            Id = root.Text("id"),
            Version = root.GetProperty("version").GetInt32(),
            IsWithdrawn = root.GetProperty("withdrawn").GetBoolean(),
            Project = root.Text("project"),
            EventId = root.Text("eventId"),
            FirstDay = about.Day("firstDay"),
            Decision = new(
                root.Value<EventDecisionKind>("kind"),
                EventOf(about),
                actor,
                root.Text("reason"),
                DateTimeOffset.FromUnixTimeMilliseconds(root.Whole("decidedUtc")),
                root.TextOrNull("attachmentSha256")),
            Actor = actor,
        };
    }

    // What the search for events adds (likelihoods, the intervals that show it) is not on record and takes no part in a result.
    private static EventProposal EventOf(JsonElement about) => new()
    {
        Kind = about.Value<EventKind>("kind"),
        Period = about.Value<EventPeriod>("period"),
        FromUtcMilliseconds = about.Whole("fromUtc"),
        ToUtcMilliseconds = about.WholeOrNull("toUtc"),
        LastUtcMilliseconds = about.Whole("lastUtc"),
        SizePerInterval = about.GetProperty("sizePerInterval").GetDouble(),
        SizeHalfWidth = about.GetProperty("sizeHalfWidth").GetDouble(),
        Total = about.GetProperty("total").GetDouble(),
        ExpectedTotal = about.GetProperty("expectedTotal").GetDouble(),
        TotalDateDeviation = about.GetProperty("totalDateDeviation").GetDouble(),
        Intervals = about.GetProperty("intervals").GetInt32(),
        ShownUtcMilliseconds = [],
        LikelihoodGain = 0,
        Penalty = 0,
        IsNearInstallation = false,
    };
}
