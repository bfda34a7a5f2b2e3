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
    }
}
