using Metering.Programme.Lifecycle;
using Metering.Programme.Records;

namespace Metering.Cloud.Register;

/// <summary>How a last change is undone.</summary>
/// <param name="To">The version to go back to; null to withdraw what was entered.</param>
internal sealed record RecordUndo(long? To);

/// <summary>What a page of the register draws; one for each request, filled before the page is rendered.</summary>
internal sealed class RegisterView
{
    /// <summary>The register.</summary>
    public RegisterSnapshot Snapshot { get; set; } = RegisterSnapshot.Empty;

    /// <summary>Where the records are looked at.</summary>
    public RecordPlace Place { get; set; } = RecordPlace.Register;

    /// <summary>The list shown, if any.</summary>
    public RecordList? List { get; set; }

    /// <summary>The form shown, if any.</summary>
    public RecordForm? Form { get; set; }

    /// <summary>The record shown, if any.</summary>
    public RecordVersion? Version { get; set; }

    /// <summary>Records that refer to it, by kind.</summary>
    public IReadOnlyList<(RecordKind Kind, IReadOnlyList<RecordVersion> Records)> References { get; set; } = [];

    /// <summary>Its versions, the oldest first.</summary>
    public IReadOnlyList<RecordRevision> History { get; set; } = [];

    /// <summary>How the reader's own last change is undone; null when somebody else made it.</summary>
    public RecordUndo? Undo { get; set; }

    /// <summary>Why nothing was done; null otherwise.</summary>
    public string? Notice { get; set; }

    /// <summary>Where each project stands.</summary>
    public IReadOnlyList<ProjectStanding> Standings { get; set; } = [];

    /// <summary>Years with targets and progress.</summary>
    public IReadOnlyList<YearProgress> Years { get; set; } = [];
}
