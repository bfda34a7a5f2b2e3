namespace Metering.Analytics.Finance;

/// <summary>An amount in another currency, or in the prices of another month, with the rows that were used.</summary>
/// <param name="From">The amount before.</param>
/// <param name="To">The amount after, not rounded.</param>
/// <param name="Rates">The rows used, to be printed and frozen with the amount.</param>
public sealed record ConvertedMoney(Money From, Money To, IReadOnlyList<DatedValue> Rates);

/// <summary>Dated rates between two currencies: how many units of <see cref="Quoted"/> one unit of <see cref="Unit"/> costs.</summary>
/// <remarks>For the Mexican fixing of the dollar the unit is USD and the quoted currency MXN.</remarks>
public sealed class ExchangeRates
{
    private readonly DatedSeries series;

    /// <summary>Makes the rates.</summary>
    /// <param name="unit">The currency that is bought, ISO 4217.</param>
    /// <param name="quoted">The currency it is paid with, ISO 4217.</param>
    /// <param name="series">Units of the quoted currency for one unit, by day.</param>
    /// <exception cref="ArgumentException">Not two different currencies.</exception>
    public ExchangeRates(string unit, string quoted, DatedSeries series)
    {
        ArgumentNullException.ThrowIfNull(series);
        Unit = Money.CheckedCurrency(unit);
        Quoted = Money.CheckedCurrency(quoted);
        this.series = series;
        if (Unit == Quoted)
        {
            throw new ArgumentException($"a rate between {unit} and itself", nameof(quoted));
        }
    }

    /// <summary>The currency that is bought.</summary>
    public string Unit { get; }

    /// <summary>The currency it is paid with.</summary>
    public string Quoted { get; }

    /// <summary>Converts an amount of either currency into the other at the rate of a day.</summary>
    /// <param name="money">The amount.</param>
    /// <param name="day">The day of the amount.</param>
    /// <param name="policy">What to do when the day has no rate.</param>
    /// <returns>The amount, not rounded, with the rate used; refused when there is no rate or it is a third currency.</returns>
    public Answer<ConvertedMoney> Convert(Money money, DateOnly day, MissingDayPolicy policy)
    {
        if (money.Currency != Unit && money.Currency != Quoted)
        {
            return Answer<ConvertedMoney>.Refuse($"{series.Name} is between {Unit} and {Quoted}; it cannot convert {money.Currency}.");
        }

        Answer<DatedValue> rate = series.At(day, policy);
        if (!rate.IsGiven)
        {
            return Answer<ConvertedMoney>.Refuse(rate.Refusals);
        }

        Money converted = money.Currency == Unit
            ? new Money(money.Amount * rate.Value.Value, Quoted)
            : new Money(money.Amount / rate.Value.Value, Unit);
        return Answer<ConvertedMoney>.Of(new ConvertedMoney(money, converted, [rate.Value]));
    }
}

/// <summary>A monthly price index, such as the national consumer price index; rows are dated by the first day of their month.</summary>
public sealed class PriceIndex
{
    private readonly DatedSeries series;

    /// <summary>Makes the index.</summary>
    /// <param name="series">Index by the first day of each month.</param>
    public PriceIndex(DatedSeries series)
    {
        ArgumentNullException.ThrowIfNull(series);
        this.series = series;
    }

    /// <summary>An amount of one month in the prices of another: amount x index of that month / index of its own month.</summary>
    /// <param name="money">The amount.</param>
    /// <param name="day">Any day of the month of the amount.</param>
    /// <param name="constantPricesOf">Any day of the month whose prices are wanted.</param>
    /// <returns>The amount, not rounded, with both rows used; refused when a month is not in the series.</returns>
    public Answer<ConvertedMoney> AtConstantPrices(Money money, DateOnly day, DateOnly constantPricesOf)
    {
        Answer<DatedValue> own = series.At(FirstOfMonth(day), MissingDayPolicy.Refuse);
        Answer<DatedValue> wanted = series.At(FirstOfMonth(constantPricesOf), MissingDayPolicy.Refuse);
        if (!own.IsGiven || !wanted.IsGiven)
        {
            return Answer<ConvertedMoney>.Refuse([.. own.Refusals, .. wanted.Refusals]);
        }

        Money converted = new(money.Amount * wanted.Value.Value / own.Value.Value, money.Currency);
        return Answer<ConvertedMoney>.Of(new ConvertedMoney(money, converted, [own.Value, wanted.Value]));
    }

    private static DateOnly FirstOfMonth(DateOnly day) => new(day.Year, day.Month, 1);
}
