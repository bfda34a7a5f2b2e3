using Microsoft.EntityFrameworkCore;

namespace Metering.Programme.Accounts;

/// <summary>The tables of accounts beside Identity's own.</summary>
internal static class AccountTables
{
    private const int LongestName = 120;

    internal static void Map(ModelBuilder builder)
    {
        builder.Entity<Account>(account =>
        {
            account.Property(row => row.DisplayName).HasMaxLength(LongestName);
            account.Property(row => row.Language).HasMaxLength(2);
        });
        builder.Entity<Grant>(grant =>
        {
            grant.ToTable("Grants").HasKey(row => row.Number);
            grant.HasIndex(row => row.AccountId);
            grant.HasOne<Account>().WithMany().HasForeignKey(row => row.AccountId).OnDelete(DeleteBehavior.Restrict);
        });
        builder.Entity<Ticket>(ticket => ticket.ToTable("Tickets").HasKey(row => row.Hash));
        builder.Entity<Session>(session =>
        {
            session.ToTable("Sessions").HasKey(row => row.Id);
            session.HasIndex(row => row.AccountId);
        });
        builder.Entity<AccessKey>(key =>
        {
            key.ToTable("AccessKeys").HasKey(row => row.Id);
            key.HasIndex(row => row.Hash).IsUnique();
            key.Property(row => row.Name).HasMaxLength(LongestName);
        });
    }
}
