using System.Collections.Frozen;
using Metering.Cloud.Accounts;
using Metering.Programme.Kinds;
using Metering.Programme.Records;

namespace Metering.Cloud.Api;

/// <summary>
/// Who may see and change which record. The register with its names and contracts is the staff's; what is entered at a plant belongs to the plant's
/// people, what is said of a project's events to the project's.
/// </summary>
internal static class RecordAccess
{
    /// <summary>Kinds that are entered at a plant.</summary>
    public static IReadOnlyList<RecordKind> Entries { get; } = [ProductionRecord.Kind, LabResult.Kind, MeterReading.Kind, UtilityBill.Kind];

    private static readonly FrozenSet<string> EntryNames = Entries.Select(kind => kind.Name).ToFrozenSet(StringComparer.Ordinal);
    private static readonly FrozenSet<string> EventNames = new[] { StaticFactorEvent.Kind.Name, EventDecision.Kind.Name }.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Whether a record may be seen.</summary>
    public static bool MaySee(AccessScope scope, RecordKind kind, IProgrammeRecord record) =>
        scope.May(Permission.EditRegister, null, null)
        || (EntryNames.Contains(kind.Name) && record.Plant is string plant && scope.May(Permission.SeePlant, plant, null))
        || (EventNames.Contains(kind.Name) && record.Project is string project && scope.May(Permission.SeeProject, null, project));

    /// <summary>Whether a record may be made, changed or withdrawn.</summary>
    public static bool MayChange(AccessScope scope, RecordKind kind, IProgrammeRecord record) =>
        scope.May(Permission.EditRegister, null, null)
        || (EntryNames.Contains(kind.Name) && record.Plant is string plant && scope.May(Permission.EnterRecords, plant, null))
        || (EventNames.Contains(kind.Name) && record.Project is string project
            && scope.May(kind.Name == EventDecision.Kind.Name ? Permission.EditProject : Permission.EnterRecords, null, project));
}
