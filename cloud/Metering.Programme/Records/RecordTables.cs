using Microsoft.EntityFrameworkCore;

namespace Metering.Programme.Records;

/// <summary>The tables of the register and of the audit trail.</summary>
internal static class RecordTables
{
    internal static void Map(ModelBuilder builder)
    {
        builder.Entity<StoredRecord>(record =>
        {
            record.ToTable("Records").HasKey(row => new { row.Kind, row.Id });
            record.Property(row => row.Version).IsConcurrencyToken();
            record.HasIndex(row => row.AuditNumber);
        });
        builder.Entity<StoredContent>().ToTable("Contents").HasKey(row => row.Sha256);
        builder.Entity<AuditEntry>(entry =>
        {
            entry.ToTable("Audit").HasKey(row => row.Number);
            entry.Property(row => row.Number).ValueGeneratedNever();
            entry.HasIndex(row => new { row.Kind, row.RecordId });
            entry.HasIndex(row => row.Project);
            entry.HasIndex(row => row.Plant);
        });
    }
}
