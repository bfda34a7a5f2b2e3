using Metering.Programme.Kinds;

namespace Metering.Programme.Records;

/// <summary>A record as it stands, with its version.</summary>
/// <param name="Kind">Its kind.</param>
/// <param name="Record">The record; what it was last when it is withdrawn.</param>
/// <param name="Version">Number of the version, from 1.</param>
/// <param name="AuditNumber">Audit entry that made it.</param>
/// <param name="IsWithdrawn">Whether it was withdrawn.</param>
internal sealed record RecordVersion(RecordKind Kind, IProgrammeRecord Record, long Version, long AuditNumber, bool IsWithdrawn);

/// <summary>The whole register at one moment. Never changes; a newer one shares with it the kinds in which nothing changed. Safe from any thread.</summary>
internal sealed class RegisterSnapshot
{
    private readonly IReadOnlyDictionary<string, KindTable> tables;

    private RegisterSnapshot(long auditNumber, IReadOnlyDictionary<string, KindTable> tables) => (AuditNumber, this.tables) = (auditNumber, tables);

    /// <summary>A register without records.</summary>
    public static RegisterSnapshot Empty { get; } = new(0, new Dictionary<string, KindTable>(StringComparer.Ordinal));

    /// <summary>Number of the last audit entry it knows of; two snapshots with the same number have the same records.</summary>
    public long AuditNumber { get; }

    /// <summary>All records of a type that were not withdrawn, by identifier.</summary>
    public IReadOnlyList<TRecord> All<TRecord>()
        where TRecord : class, IProgrammeRecord =>
        tables.TryGetValue(RecordKinds.Of(typeof(TRecord)).Name, out KindTable? table) ? (TRecord[])table.Records : [];

    /// <summary>A record that was not withdrawn; null when there is none.</summary>
    public TRecord? Find<TRecord>(string? id)
        where TRecord : class, IProgrammeRecord =>
        id is not null && Version(new(RecordKinds.Of(typeof(TRecord)).Name, id)) is { IsWithdrawn: false } found ? (TRecord)found.Record : null;

    /// <summary>A record with its version, a withdrawn one too; null when there never was one.</summary>
    public RecordVersion? Version(RecordKey key) => tables.GetValueOrDefault(key.Kind)?.ById.GetValueOrDefault(key.Id);

    /// <summary>All versions of a kind, withdrawn ones too, by identifier.</summary>
    public IReadOnlyList<RecordVersion> Versions(RecordKind kind) => tables.GetValueOrDefault(kind.Name)?.Versions ?? [];

    /// <summary>A snapshot with some records changed.</summary>
    internal RegisterSnapshot With(long auditNumber, IEnumerable<RecordVersion> changed)
    {
        Dictionary<string, KindTable> next = new(tables, StringComparer.Ordinal);
        foreach (IGrouping<RecordKind, RecordVersion> group in changed.GroupBy(version => version.Kind))
        {
            Dictionary<string, RecordVersion> rows = next.TryGetValue(group.Key.Name, out KindTable? table)
                ? new(table.ById, StringComparer.Ordinal)
                : new(StringComparer.Ordinal);
            foreach (RecordVersion version in group)
            {
                rows[version.Record.Id] = version;
            }

            next[group.Key.Name] = new(group.Key, rows);
        }

        return new(auditNumber, next);
    }

    private sealed class KindTable
    {
        public KindTable(RecordKind kind, Dictionary<string, RecordVersion> rows)
        {
            ById = rows;
            Versions = [.. rows.Values.OrderBy(row => row.Record.Id, StringComparer.Ordinal)];
            IProgrammeRecord[] present = [.. Versions.Where(row => !row.IsWithdrawn).Select(row => row.Record)];
            Records = Array.CreateInstance(kind.Type, present.Length);
            Array.Copy(present, Records, present.Length);
        }

        public Dictionary<string, RecordVersion> ById { get; }

        public RecordVersion[] Versions { get; }

        /// <summary>An array of the kind's own type, so that a typed list costs nothing.</summary>
        public Array Records { get; }
    }
}
