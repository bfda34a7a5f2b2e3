using Metering.Evidence.Log;

namespace Metering.Programme.Log;

/// <summary>What is to become an entry of the log.</summary>
/// <param name="Kind">One of <see cref="LogEntryKind"/>.</param>
/// <param name="Scope">What the entries of the kind are counted in: a project, a plant, a gateway, or <see cref="ProgrammeScope"/>. The subject is KIND/SCOPE/N.</param>
/// <param name="IsSalted">Whether the body may hold a person's data: it gets a salt, and may be erased.</param>
/// <param name="Body">The body; empty when it is kept elsewhere, see <see cref="BodyHash"/>.</param>
/// <param name="FixedSubject">The subject where it follows from what it is about, such as a batch; null to be counted.</param>
internal sealed record LogDraft(string Kind, string Scope, bool IsSalted, ReadOnlyMemory<byte> Body, string? FixedSubject = null)
{
    /// <summary>Scope of what belongs to no plant and no project.</summary>
    public const string ProgrammeScope = "programme";

    /// <summary>SHA-256 of a body that is kept elsewhere, lower-case hexadecimal; null when <see cref="Body"/> is the body.</summary>
    public string? BodyHash { get; init; }

    /// <summary>Name of the event it comes from, such as "audit 4711": a second draft of the same source makes no second entry. Null when the subject is enough.</summary>
    public string? Source { get; init; }

    /// <summary>Whether there is no entry when the body is that of the newest entry of this kind and scope.</summary>
    public bool OnlyIfChanged { get; init; }

    /// <summary>A batch of the journal: its body, the signed note, stands there.</summary>
    /// <param name="gateway">Gateway.</param>
    /// <param name="keyEpoch">Key epoch.</param>
    /// <param name="batch">Number.</param>
    /// <param name="noteHash">SHA-256 of the note, lower-case hexadecimal.</param>
    public static LogDraft Batch(string gateway, int keyEpoch, long batch, string noteHash) =>
        new(LogEntryKind.Batch, gateway, false, default, string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{LogEntryKind.Batch}/{gateway}/{keyEpoch}/{batch}")) { BodyHash = noteHash };
}

/// <summary>An entry as the log keeps it.</summary>
/// <param name="Index">0-based place.</param>
/// <param name="Entry">The entry.</param>
/// <param name="Salt">Its salt; empty when it has none, or was erased.</param>
/// <param name="Body">Its body; null for a batch, whose body is in the journal, and for what was erased.</param>
/// <param name="IsErased">Whether the body was erased.</param>
internal sealed record LoggedEntry(long Index, LogEntry Entry, ReadOnlyMemory<byte> Salt, ReadOnlyMemory<byte>? Body, bool IsErased)
{
    /// <summary>Name of the event it comes from; null when it has none.</summary>
    public string? Source { get; init; }

    /// <summary>SHA-256 of the entry as a leaf, 32 bytes, as it is stored.</summary>
    public required ReadOnlyMemory<byte> LeafHash { get; init; }
}

/// <summary>How far a follower is; moved in the transaction of the entries it made.</summary>
/// <param name="Name">Name of what is followed.</param>
/// <param name="Value">Last number that is in the log; 0 for none.</param>
/// <param name="Mark">What stood at that number, to notice when it is another by now; empty where that cannot be.</param>
internal sealed record LogWatermark(string Name, long Value, string Mark);
