namespace Metering.Analytics.Events;

/// <summary>What a person says an event was.</summary>
public enum EventDecisionKind
{
    /// <summary>The project's own effect: it stays in the saving.</summary>
    ProjectEffect = 0,

    /// <summary>A lasting change of the plant that is not the project's: adjusted from its first interval on.</summary>
    NonRoutinePermanent = 1,

    /// <summary>A passing change that is not the project's: adjusted between its dates.</summary>
    NonRoutineTemporary = 2,

    /// <summary>The readings are wrong: the intervals are left out.</summary>
    DataFault = 3,

    /// <summary>Nothing happened: chance, or too small to matter. Nothing is adjusted.</summary>
    Ignored = 4,
}

/// <summary>
/// A person's word on an event. IPMVP asks of a non-routine adjustment that it is documented; a decision without a name or
/// without a reason cannot be made.
/// </summary>
public sealed record EventDecision
{
    private const int LongestText = 4000;
    private const int HashCharacters = 64;

    /// <summary>Records a decision.</summary>
    /// <param name="kind">What the event was.</param>
    /// <param name="event">The event as proposed, or as the person entered it.</param>
    /// <param name="person">Who decided; not blank.</param>
    /// <param name="reason">Why; not blank.</param>
    /// <param name="instant">When it was decided.</param>
    /// <param name="attachmentSha256">SHA-256 of a document that proves it, 64 hexadecimal digits; null without one.</param>
    /// <exception cref="ArgumentException">Person or reason blank or longer than 4,000 characters, an unknown kind, or not a hash.</exception>
    public EventDecision(EventDecisionKind kind, EventProposal @event, string person, string reason, DateTimeOffset instant, string? attachmentSha256 = null)
    {
        ArgumentNullException.ThrowIfNull(@event);
        if (!Enum.IsDefined(kind))
        {
            throw new ArgumentOutOfRangeException(nameof(kind), kind, "The kind of decision is not known.");
        }

        Kind = kind;
        Event = @event;
        Person = Text(person, nameof(person));
        Reason = Text(reason, nameof(reason));
        Instant = instant;
        if (attachmentSha256 is not null && (attachmentSha256.Length != HashCharacters || !attachmentSha256.All(char.IsAsciiHexDigit)))
        {
            throw new ArgumentException("A SHA-256 has 64 hexadecimal digits.", nameof(attachmentSha256));
        }

        AttachmentSha256 = attachmentSha256;
    }

    /// <summary>What the event was.</summary>
    public EventDecisionKind Kind { get; }

    /// <summary>The event.</summary>
    public EventProposal Event { get; }

    /// <summary>Who decided.</summary>
    public string Person { get; }

    /// <summary>Why.</summary>
    public string Reason { get; }

    /// <summary>When it was decided.</summary>
    public DateTimeOffset Instant { get; }

    /// <summary>SHA-256 of a document that proves it, 64 hexadecimal digits; null without one.</summary>
    public string? AttachmentSha256 { get; }

    private static string Text(string text, string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(text, name);
        return text.Length <= LongestText
            ? text
            : throw new ArgumentException($"The text is longer than {LongestText} characters.", name);
    }
}
