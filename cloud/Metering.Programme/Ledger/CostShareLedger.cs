using Metering.Programme.Kinds;
using Metering.Programme.Records;

namespace Metering.Programme.Ledger;

/// <summary>What one payer owes and paid of a contract, in its currency.</summary>
/// <param name="Payer">Who pays.</param>
/// <param name="Due">All that was set down as due, whatever its day.</param>
/// <param name="Paid">All that was paid.</param>
/// <param name="Overdue">What was due before today and is not paid; payments settle the oldest first.</param>
/// <param name="OverdueSince">Day of the oldest amount that is not settled in full; null when nothing is overdue.</param>
internal sealed record PayerStanding(Payer Payer, decimal Due, decimal Paid, decimal Overdue, DateOnly? OverdueSince);

/// <summary>A contract with who owes what.</summary>
internal sealed record ContractStanding
{
    /// <summary>The contract.</summary>
    public required Contract Contract { get; init; }

    /// <summary>The company and the programme.</summary>
    public required IReadOnlyList<PayerStanding> Payers { get; init; }

    /// <summary>Share of the company in the fee, %; null when there is no fee.</summary>
    public decimal? CompanySharePercent { get; init; }

    /// <summary>Greatest share the programme allows, %; null when none is set.</summary>
    public decimal? MostPercent { get; init; }

    /// <summary>Whether the share is greater than allowed.</summary>
    public bool IsAboveMost => CompanySharePercent > MostPercent;

    /// <summary>Whether due amounts of the company add up to another sum than its share by the contract.</summary>
    public bool DiffersFromContract { get; init; }

    /// <summary>Entries in a currency other than the contract's: they are in no sum.</summary>
    public required IReadOnlyList<CostShareEntry> OtherCurrency { get; init; }
}

/// <summary>Due, paid and overdue by contract. Pure.</summary>
internal static class CostShareLedger
{
    /// <summary>All contracts by identifier.</summary>
    public static IReadOnlyList<ContractStanding> Of(RegisterSnapshot register, DateOnly today)
    {
        ILookup<string, CostShareEntry> entries = register.All<CostShareEntry>().ToLookup(entry => entry.Contract, StringComparer.Ordinal);
        // One programme at a time is the rule; with several the strictest share holds, since a contract names none.
        decimal? most = register.All<ProgrammeDefinition>().Min(programme => programme.CompanyShareMostPercent);
        return [.. register.All<Contract>().Select(contract => StandingOf(contract, [.. entries[contract.Id]], most, today))];
    }

    private static ContractStanding StandingOf(Contract contract, CostShareEntry[] entries, decimal? most, DateOnly today)
    {
        CostShareEntry[] own = [.. entries.Where(entry => entry.Amount.Currency == contract.Fee.Currency)];
        PayerStanding company = PayerOf(own, Payer.Company, today);
        return new()
        {
            Contract = contract,
            Payers = [company, PayerOf(own, Payer.Programme, today)],
            CompanySharePercent = contract.Fee.Amount == 0 ? null : 100 * contract.CompanyShare.Amount / contract.Fee.Amount,
            MostPercent = most,
            DiffersFromContract = company.Due != 0 && company.Due != contract.CompanyShare.Amount,
            OtherCurrency = [.. entries.Except(own)],
        };
    }

    private static PayerStanding PayerOf(CostShareEntry[] entries, Payer payer, DateOnly today)
    {
        CostShareEntry[] due = [.. entries.Where(entry => entry.Payer == payer && entry.Entry == LedgerEntry.Due).OrderBy(entry => entry.Day)];
        decimal paid = entries.Where(entry => entry.Payer == payer && entry.Entry == LedgerEntry.Paid).Sum(entry => entry.Amount.Amount);
        decimal left = paid;
        decimal overdue = 0;
        DateOnly? since = null;
        foreach (CostShareEntry entry in due)
        {
            decimal open = Math.Max(0, entry.Amount.Amount - left);
            left = Math.Max(0, left - entry.Amount.Amount);
            if (entry.Day < today && open > 0)
            {
                overdue += open;
                since ??= entry.Day;
            }
        }

        return new(payer, due.Sum(entry => entry.Amount.Amount), paid, overdue, since);
    }
}
