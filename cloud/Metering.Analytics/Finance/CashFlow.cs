namespace Metering.Analytics.Finance;

/// <summary>Years, fractions included, after which an investment is paid back.</summary>
/// <param name="Years">Years from the investment; the last one is divided evenly.</param>
/// <param name="FallsBackLater">Whether later outlays bring the sum below zero again, so that the figure is not the last word.</param>
public sealed record Payback(decimal Years, bool FallsBackLater);

/// <summary>Rates at which the net present value is zero.</summary>
/// <param name="RatesPerYear">All rates found from -90 % to 1,000 % a year, ascending; 0.1 is 10 %.</param>
/// <param name="SignChanges">How often the flows change their sign; one means that there is at most one rate.</param>
public sealed record InternalRate(IReadOnlyList<decimal> RatesPerYear, int SignChanges)
{
    /// <summary>Whether there is one rate only. With several none of them is "the" rate: judge by the net present value.</summary>
    public bool IsUnique => RatesPerYear.Count == 1;
}

/// <summary>
/// Money by year in one currency: element 0 is now, element t the end of year t, outlays negative. Computed in decimals by
/// repeated multiplication; no power function.
/// </summary>
public sealed class CashFlow
{
    /// <summary>Longest flow, in years.</summary>
    public const int MaximumYears = 100;

    /// <summary>Largest amount; beyond it decimals would lose digits.</summary>
    public const decimal MaximumAmount = 1_000_000_000_000m;

    // Below it a hundred years would carry amounts out of the range of decimals; no one discounts like that.
    private const decimal LowestDiscountRate = -0.1m;

    private readonly decimal[] amounts;

    /// <summary>Makes a flow.</summary>
    /// <param name="flows">Amounts from now on, one a year, 1 to 101 of them.</param>
    /// <exception cref="ArgumentException">No amounts, too many, too large, or different currencies.</exception>
    public CashFlow(IReadOnlyList<Money> flows)
    {
        ArgumentNullException.ThrowIfNull(flows);
        if (flows.Count is 0 or > MaximumYears + 1)
        {
            throw new ArgumentException($"{flows.Count} amounts; a cash flow has 1 to {MaximumYears + 1}", nameof(flows));
        }

        Currency = flows[0].Currency;
        amounts = new decimal[flows.Count];
        for (int year = 0; year < amounts.Length; year++)
        {
            amounts[year] = flows[year].Currency == Currency && Math.Abs(flows[year].Amount) <= MaximumAmount
                ? flows[year].Amount
                : throw new ArgumentException($"year {year}: {flows[year]} is another currency than {Currency} or beyond {MaximumAmount}", nameof(flows));
        }
    }

    /// <summary>The currency.</summary>
    public string Currency { get; }

    /// <summary>An investment now and the same saving at the end of each year.</summary>
    /// <param name="investment">What is paid now, as a positive amount.</param>
    /// <param name="annualSaving">What is saved each year.</param>
    /// <param name="years">Life, 1 to <see cref="MaximumYears"/>.</param>
    public static CashFlow Level(Money investment, Money annualSaving, int years)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(years, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(years, MaximumYears);
        Money[] flows = new Money[years + 1];
        Array.Fill(flows, annualSaving);
        flows[0] = -investment;
        return new CashFlow(flows);
    }

    /// <summary>Simple payback of a level saving: investment / annual saving, in years.</summary>
    /// <param name="investment">What is paid, above zero.</param>
    /// <param name="annualSaving">What is saved a year; refused when not above zero.</param>
    /// <exception cref="ArgumentException">Different currencies.</exception>
    public static Answer<Payback> SimplePayback(Money investment, Money annualSaving)
    {
        if (investment.CompareTo(Money.Zero(annualSaving.Currency)) <= 0)
        {
            return Answer<Payback>.Refuse($"an investment of {investment} has no payback.");
        }

        return annualSaving.Amount > 0m
            ? Answer<Payback>.Of(new Payback(investment.Amount / annualSaving.Amount, FallsBackLater: false))
            : Answer<Payback>.Refuse($"a yearly saving of {annualSaving} never pays back.");
    }

    /// <summary>Net present value: the sum of amount / (1 + rate)^year, not rounded.</summary>
    /// <param name="ratePerYear">Discount rate, from -0.1 to 10 (1,000 %); 0.1 is 10 %.</param>
    /// <exception cref="ArgumentOutOfRangeException">The rate is outside.</exception>
    public Money NetPresentValue(decimal ratePerYear)
    {
        CheckRate(ratePerYear);
        decimal factor = 1m;
        decimal sum = 0m;
        foreach (decimal amount in amounts)
        {
            sum += amount / factor;
            // Beyond 10^24 a discounted amount is below a millionth of a cent, and the factor would leave the range of decimals.
            factor = factor < 1e24m ? factor * (1m + ratePerYear) : factor;
        }

        return new Money(sum, Currency);
    }

    /// <summary>
    /// Internal rates of return: every rate from -90 % to 1,000 % at which the net present value is zero, to 12 places. Refused
    /// when the flows never change sign, or no such rate lies in that range.
    /// </summary>
    public Answer<InternalRate> InternalRates()
    {
        int changes = SignChanges();
        if (changes == 0)
        {
            return Answer<InternalRate>.Refuse("the amounts never change their sign, so no rate makes their present value zero.");
        }

        IReadOnlyList<decimal> rates = RateSearch.Roots(amounts);
        return rates.Count > 0
            ? Answer<InternalRate>.Of(new InternalRate(rates, changes))
            : Answer<InternalRate>.Refuse("no rate from -90 % to 1,000 % a year makes the present value zero.");
    }

    /// <summary>Years until the amounts, not discounted, add up to zero.</summary>
    public Answer<Payback> PaybackTime() => DiscountedPaybackTime(0m);

    /// <summary>Years until the discounted amounts add up to zero; refused when there is no outlay first or they never do.</summary>
    /// <param name="ratePerYear">Discount rate, from 0 to 10; 0.1 is 10 %.</param>
    /// <exception cref="ArgumentOutOfRangeException">The rate is outside.</exception>
    public Answer<Payback> DiscountedPaybackTime(decimal ratePerYear)
    {
        CheckRate(ratePerYear);
        ArgumentOutOfRangeException.ThrowIfNegative(ratePerYear);
        decimal factor = 1m;
        decimal sum = 0m;
        decimal? years = null;
        bool fallsBack = false;
        for (int year = 0; year < amounts.Length; year++)
        {
            decimal present = amounts[year] / factor;
            if (year == 0 && present >= 0m)
            {
                return Answer<Payback>.Refuse("the first amount is not an outlay, so there is nothing to pay back.");
            }

            if (years is null && sum < 0m && sum + present >= 0m)
            {
                years = year - 1 + (-sum / present);
            }

            sum += present;
            fallsBack |= years is not null && sum < 0m;
            factor = factor < 1e24m ? factor * (1m + ratePerYear) : factor;
        }

        return years is decimal found
            ? Answer<Payback>.Of(new Payback(found, fallsBack))
            : Answer<Payback>.Refuse($"after {amounts.Length - 1} years {-sum} {Currency} are still not paid back.");
    }

    private static void CheckRate(decimal ratePerYear)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(ratePerYear, LowestDiscountRate);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(ratePerYear, RateSearch.HighestRate);
    }

    private int SignChanges()
    {
        int changes = 0;
        decimal last = 0m;
        foreach (decimal amount in amounts)
        {
            if (amount != 0m)
            {
                changes += last != 0m && (last > 0m) != (amount > 0m) ? 1 : 0;
                last = amount;
            }
        }

        return changes;
    }
}
