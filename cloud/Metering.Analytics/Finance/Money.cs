using System.Globalization;

namespace Metering.Analytics.Finance;

/// <summary>
/// An exact amount in one currency. Amounts of different currencies are never added: convert first, with a dated rate
/// (<see cref="ExchangeRates"/>). The default value has no currency and cannot be computed with.
/// </summary>
public readonly record struct Money : IComparable<Money>
{
    private readonly string? currency;

    /// <summary>Makes an amount.</summary>
    /// <param name="amount">The amount, not rounded; may be negative.</param>
    /// <param name="currency">Three capital letters, ISO 4217, for example MXN.</param>
    /// <exception cref="ArgumentException">The currency is not three capital letters.</exception>
    public Money(decimal amount, string currency)
    {
        Amount = amount;
        this.currency = CheckedCurrency(currency);
    }

    /// <summary>The amount in <see cref="Currency"/>, not rounded.</summary>
    public decimal Amount { get; }

    /// <summary>The currency, three capital letters, ISO 4217.</summary>
    /// <exception cref="InvalidOperationException">This is the default value, which has no currency.</exception>
    public string Currency => currency ?? throw new InvalidOperationException("an amount without a currency");

    /// <summary>Sum of two amounts of one currency.</summary>
    /// <exception cref="ArgumentException">The currencies differ.</exception>
    public static Money operator +(Money left, Money right) => new(left.Amount + left.Same(right), left.Currency);

    /// <summary>Difference of two amounts of one currency.</summary>
    /// <exception cref="ArgumentException">The currencies differ.</exception>
    public static Money operator -(Money left, Money right) => new(left.Amount - left.Same(right), left.Currency);

    /// <summary>The amount with the opposite sign.</summary>
    public static Money operator -(Money money) => new(-money.Amount, money.Currency);

    /// <summary>A multiple of an amount, not rounded.</summary>
    public static Money operator *(Money money, decimal factor) => new(money.Amount * factor, money.Currency);

    /// <summary>Whether an amount is smaller than another of the same currency.</summary>
    /// <exception cref="ArgumentException">The currencies differ.</exception>
    public static bool operator <(Money left, Money right) => left.CompareTo(right) < 0;

    /// <summary>Whether an amount is at most another of the same currency.</summary>
    /// <exception cref="ArgumentException">The currencies differ.</exception>
    public static bool operator <=(Money left, Money right) => left.CompareTo(right) <= 0;

    /// <summary>Whether an amount is larger than another of the same currency.</summary>
    /// <exception cref="ArgumentException">The currencies differ.</exception>
    public static bool operator >(Money left, Money right) => left.CompareTo(right) > 0;

    /// <summary>Whether an amount is at least another of the same currency.</summary>
    /// <exception cref="ArgumentException">The currencies differ.</exception>
    public static bool operator >=(Money left, Money right) => left.CompareTo(right) >= 0;

    /// <summary>Sum of two amounts of one currency.</summary>
    /// <exception cref="ArgumentException">The currencies differ.</exception>
    public static Money Add(Money left, Money right) => left + right;

    /// <summary>Difference of two amounts of one currency.</summary>
    /// <exception cref="ArgumentException">The currencies differ.</exception>
    public static Money Subtract(Money left, Money right) => left - right;

    /// <summary>The amount with the opposite sign.</summary>
    public static Money Negate(Money money) => -money;

    /// <summary>A multiple of an amount, not rounded.</summary>
    public static Money Multiply(Money money, decimal factor) => money * factor;

    /// <summary>Nothing, in a currency.</summary>
    /// <param name="currency">Three capital letters, ISO 4217.</param>
    public static Money Zero(string currency) => new(0m, currency);

    /// <summary>
    /// Compares two amounts of one currency: negative when this one is smaller, zero when equal, positive when larger.
    /// </summary>
    /// <param name="other">The other amount.</param>
    /// <exception cref="ArgumentException">The currencies differ.</exception>
    public int CompareTo(Money other) => Amount.CompareTo(Same(other));

    /// <summary>Rounded as on bills: halves away from zero.</summary>
    /// <param name="decimals">Places after the point, 0 to 28; cents are 2.</param>
    public Money Rounded(int decimals = 2) => new(decimal.Round(Amount, decimals, MidpointRounding.AwayFromZero), Currency);

    /// <summary>Amount with a decimal point, no grouping, and currency: <c>1234.50 MXN</c>. For logs; reports format for their reader.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Amount} {currency ?? "???"}");

    internal static string CheckedCurrency(string currency)
    {
        ArgumentNullException.ThrowIfNull(currency);
        bool isCode = currency.Length == 3;
        foreach (char c in currency)
        {
            isCode &= c is >= 'A' and <= 'Z';
        }

        return isCode
            ? currency
            : throw new ArgumentException($"'{currency}' is not a currency: write three capital letters such as MXN", nameof(currency));
    }

    private decimal Same(Money other) => Currency == other.Currency
        ? other.Amount
        : throw new ArgumentException($"{Currency} and {other.Currency} cannot be put together: convert one with a dated rate");
}
