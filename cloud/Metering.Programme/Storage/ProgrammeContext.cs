using Metering.Programme.Accounts;
using Metering.Programme.Records;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;

namespace Metering.Programme.Storage;

/// <summary>The programme database: accounts, grants, records of the register, and the audit trail over all of them.</summary>
public sealed class ProgrammeContext(DbContextOptions<ProgrammeContext> options) : IdentityUserContext<Account>(options)
{
    /// <summary>Name of the schema in PostgreSQL; the readings of the same database stand in "metering".</summary>
    public const string Schema = "programme";

    /// <summary>Roles of accounts.</summary>
    public DbSet<Grant> Grants => Set<Grant>();

    /// <summary>One-time links.</summary>
    public DbSet<Ticket> Tickets => Set<Ticket>();

    /// <summary>Sign-ins that hold or held.</summary>
    public DbSet<Session> Sessions => Set<Session>();

    /// <summary>Keys of machines and links of auditors.</summary>
    public DbSet<AccessKey> AccessKeys => Set<AccessKey>();

    /// <summary>Newest versions of all records.</summary>
    public DbSet<StoredRecord> Records => Set<StoredRecord>();

    /// <summary>Contents of attached files.</summary>
    public DbSet<StoredContent> Contents => Set<StoredContent>();

    /// <summary>Every change.</summary>
    public DbSet<AuditEntry> Audit => Set<AuditEntry>();

    /// <inheritdoc/>
    protected override void OnModelCreating(ModelBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        base.OnModelCreating(builder);
        if (Database.IsNpgsql())
        {
            builder.HasDefaultSchema(Schema);
        }

        AccountTables.Map(builder);
        RecordTables.Map(builder);
    }
}
