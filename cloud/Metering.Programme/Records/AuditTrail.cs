using Metering.Programme.Storage;

namespace Metering.Programme.Records;

/// <summary>Writes the audit trail: one numbered entry a change, within the change's own transaction.</summary>
public static class AuditTrail
{
    /// <summary>Adds an entry; it is stored with the context's other changes by SaveChanges.</summary>
    /// <param name="context">A context in a transaction of <see cref="ProgrammeDatabase.BeginChange"/>.</param>
    /// <param name="entry">The entry; its number is given here.</param>
    /// <returns>The entry's number.</returns>
    public static long Append(ProgrammeContext context, AuditEntry entry)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(entry);
        long pending = context.ChangeTracker.Entries<AuditEntry>().Select(row => row.Entity.Number).DefaultIfEmpty(0).Max();
        entry.Number = Math.Max(pending, context.Audit.Max(row => (long?)row.Number) ?? 0) + 1;
        _ = context.Audit.Add(entry);
        return entry.Number;
    }
}
