namespace Metering.Programme.Records;

/// <summary>A record of the register. Its kind is its type; what its fields mean stands in the kind's description, see <see cref="RecordKind"/>.</summary>
internal interface IProgrammeRecord
{
    /// <summary>Identifier, unique within the kind.</summary>
    string Id { get; }

    /// <summary>Plant it belongs to; null when it belongs to none. Who may see and change it follows from this.</summary>
    string? Plant => null;

    /// <summary>Project it belongs to; null when it belongs to none.</summary>
    string? Project => null;
}
