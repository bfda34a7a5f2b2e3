using Metering.Analytics.Finance;
using Metering.Analytics.Intervals;

namespace Metering.Analytics.Tariffs;

/// <summary>Whose prices a saving is valued at.</summary>
public enum PriceBasis
{
    /// <summary>Prices of the month of the saving: cash.</summary>
    CurrentPrices = 0,

    /// <summary>Prices of the same calendar month in the twelve months of the baseline: efficiency, free of price changes.</summary>
    BaselinePrices = 1,
}

/// <summary>Where the marginal price of a kWh comes from.</summary>
public sealed record MarginalPrice
{
    /// <summary>The imported rates.</summary>
    public required RateTable Rates { get; init; }

    /// <summary>The tariff.</summary>
    public required CfeTariff Tariff { get; init; }

    /// <summary>The division, exactly as in the rate table.</summary>
    public required string Division { get; init; }

    /// <summary>Percentage added to every charge, for example 2 when metered on the low side; 0 for none. Taxes are left out.</summary>
    public decimal SurchargePercent { get; init; }

    /// <summary>Whose prices.</summary>
    public PriceBasis Basis { get; init; }

    /// <summary>First day of the first of the twelve baseline months; only used for baseline prices.</summary>
    public DateOnly BaselineFirstMonth { get; init; }

    /// <summary>
    /// Price of one more or less kWh: energy in its period + transmission + grid operation + ancillary services, with the
    /// surcharge. Demand is not part of it, nor are fixed charges, which a saved kWh does not lower.
    /// </summary>
    /// <param name="month">First day of the month of the rates.</param>
    /// <param name="period">The period; not used by a tariff without hours.</param>
    /// <param name="refusals">Gets the names of missing rates.</param>
    internal Money? At(DateOnly month, TariffPeriod period, List<string> refusals)
    {
        Charge energy = (Tariff, period) switch
        {
            (CfeTariff.Gdmto, _) => Charge.Energy,
            (_, TariffPeriod.Base) => Charge.EnergyBase,
            (_, TariffPeriod.Intermedia) => Charge.EnergyIntermedia,
            (_, _) => Charge.EnergyPunta,
        };
        decimal sum = 0m;
        bool isKnown = true;
        foreach (Charge charge in (ReadOnlySpan<Charge>)[energy, Charge.Transmission, Charge.GridOperator, Charge.Ancillary])
        {
            Answer<TariffRate> rate = Rates.At(Tariff, Division, month, charge);
            sum += rate.Value?.Rate ?? 0m;
            isKnown &= rate.IsGiven;
            refusals.AddRange(rate.Refusals);
        }

        return isKnown ? new Money(sum * (1m + (SurchargePercent / 100m)), Rates.Currency) : null;
    }

    /// <summary>The month whose rates value a saving in a month.</summary>
    internal DateOnly PriceMonth(DateOnly month)
    {
        if (Basis == PriceBasis.CurrentPrices)
        {
            return month;
        }

        int monthsAfter = (12 + month.Month - BaselineFirstMonth.Month) % 12;
        return new DateOnly(BaselineFirstMonth.Year, BaselineFirstMonth.Month, 1).AddMonths(monthsAfter);
    }
}

/// <summary>How uncertain the saved energy is, at the confidence level of the saving itself.</summary>
public sealed record SavingUncertainty
{
    /// <summary>
    /// Half-width of the interval of the total as a share of the total, 0.12 for 12 %; used when no half-widths by period are given.
    /// </summary>
    public decimal? RelativeHalfWidth { get; init; }

    /// <summary>
    /// Half-widths of the saving in base, intermedia and punta, kWh, from 0; empty when they are not known. Their correlation is
    /// not known either, so the value gets the widest interval, as if all errors went one way; the narrow one is given beside it.
    /// </summary>
    public IReadOnlyList<decimal> HalfWidthKwhByPeriod { get; init; } = [];
}

/// <summary>The saving in one period of one month.</summary>
/// <param name="Month">First day of the month of the saving.</param>
/// <param name="PriceMonth">First day of the month whose rates were used.</param>
/// <param name="Period">The period; null for a tariff without hours.</param>
/// <param name="SavedKwh">Saved energy, kWh; negative when more was used.</param>
/// <param name="PricePerKwh">Marginal price.</param>
/// <param name="Value">Saved energy x price, not rounded.</param>
public sealed record SavingPart(
    DateOnly Month, DateOnly PriceMonth, TariffPeriod? Period, decimal SavedKwh, Money PricePerKwh, Money Value);

/// <summary>Saved energy in money.</summary>
public sealed record EnergySavingValue
{
    /// <summary>Sum over all intervals of saved energy x marginal price, not rounded.</summary>
    public required Money Value { get; init; }

    /// <summary>Half-width of its interval, to be printed; null when no uncertainty was given, which is not zero.</summary>
    public required Money? HalfWidth { get; init; }

    /// <summary>Half-width if the errors of the periods were independent; null unless half-widths by period were given.</summary>
    public required Money? IndependentHalfWidth { get; init; }

    /// <summary>Saved energy of the valued intervals, kWh.</summary>
    public required decimal SavedKwh { get; init; }

    /// <summary>The parts, by month and period.</summary>
    public required IReadOnlyList<SavingPart> Parts { get; init; }

    /// <summary>Intervals with a saving.</summary>
    public required int ValuedIntervals { get; init; }

    /// <summary>Intervals without one; they are worth nothing here because nothing is known, not because nothing was saved.</summary>
    public required int MissingIntervals { get; init; }

    /// <summary>Whose prices.</summary>
    public required PriceBasis Basis { get; init; }

    /// <summary>What a reader must know, one sentence in English each.</summary>
    public required IReadOnlyList<string> Notes { get; init; }
}

/// <summary>Values saved energy per interval at the marginal price of its period, never at an average price.</summary>
public static class EnergySaving
{
    /// <summary>Values saved energy.</summary>
    /// <param name="startUtcMilliseconds">Starts of the intervals, UTC milliseconds since 1970-01-01, ascending.</param>
    /// <param name="savedKwh">Expected minus metered energy per interval, kWh; NaN where either is missing.</param>
    /// <param name="calendar">Periods and zone.</param>
    /// <param name="price">Prices.</param>
    /// <param name="uncertainty">Uncertainty of the saved energy.</param>
    /// <returns>The value, or the rates and periods that are missing.</returns>
    /// <remarks>
    /// Intervals are placed by their start. Under a tariff with hours they must be 15 minutes or one hour long: the length is
    /// taken as the smallest distance of two starts, and anything above an hour is refused.
    /// </remarks>
    /// <exception cref="ArgumentException">Columns of different length, stamps out of order, an infinite or huge value, bad uncertainty.</exception>
    public static Answer<EnergySavingValue> Value(
        IReadOnlyList<long> startUtcMilliseconds, IReadOnlyList<double> savedKwh, TariffCalendar calendar, MarginalPrice price, SavingUncertainty uncertainty)
    {
        ArgumentNullException.ThrowIfNull(calendar);
        ArgumentNullException.ThrowIfNull(price);
        long[] starts = Checked(startUtcMilliseconds, savedKwh, uncertainty);
        if (price.Tariff == CfeTariff.Gdmto && uncertainty.HalfWidthKwhByPeriod.Count > 0)
        {
            throw new ArgumentException("half-widths by period with a tariff that has no periods", nameof(uncertainty));
        }

        TariffPeriod[] periods = new TariffPeriod[starts.Length];
        if (price.Tariff == CfeTariff.Gdmth && Place(starts, calendar, periods) is string why)
        {
            return Answer<EnergySavingValue>.Refuse(why);
        }

        List<(DateOnly Month, decimal[] Kwh, int[] Count)> months = AddUp(starts, savedKwh, calendar.Zone, periods);
        List<string> refusals = [];
        List<SavingPart> parts = [];
        int valued = 0;
        foreach ((DateOnly month, decimal[] kwh, int[] count) in months)
        {
            DateOnly priceMonth = price.PriceMonth(month);
            for (int period = 0; period < TariffCalendar.PeriodCount; period++)
            {
                valued += count[period];
                if (count[period] > 0 && price.At(priceMonth, (TariffPeriod)period, refusals) is Money perKwh)
                {
                    TariffPeriod? shown = price.Tariff == CfeTariff.Gdmth ? (TariffPeriod)period : null;
                    parts.Add(new SavingPart(month, priceMonth, shown, kwh[period], perKwh, perKwh * kwh[period]));
                }
            }
        }

        if (valued == 0)
        {
            return Answer<EnergySavingValue>.Refuse("no interval has a saving to value.");
        }

        int missing = starts.Length - valued;
        return refusals.Count > 0
            ? Answer<EnergySavingValue>.Refuse(refusals)
            : Answer<EnergySavingValue>.Of(Sum(parts, starts, missing, calendar, price, uncertainty));
    }

    // Sum of saved energy x price is the price x sum of saved energy of each month and period, exactly, in decimals.
    private static List<(DateOnly Month, decimal[] Kwh, int[] Count)> AddUp(
        long[] starts, IReadOnlyList<double> savedKwh, TimeZoneInfo zone, TariffPeriod[] periods)
    {
        List<(DateOnly Month, decimal[] Kwh, int[] Count)> months = [];
        long nextMonthUtcMilliseconds = long.MinValue;
        for (int index = 0; index < starts.Length; index++)
        {
            if (starts[index] >= nextMonthUtcMilliseconds)
            {
                DateOnly day = PlantCalendar.DayOf(starts[index], zone);
                DateOnly month = new(day.Year, day.Month, 1);
                months.Add((month, new decimal[TariffCalendar.PeriodCount], new int[TariffCalendar.PeriodCount]));
                nextMonthUtcMilliseconds = PlantCalendar.StartOfDay(month.AddMonths(1), zone);
            }

            if (!double.IsNaN(savedKwh[index]))
            {
                months[^1].Kwh[(int)periods[index]] += MeteredIntervals.Exact(savedKwh[index]);
                months[^1].Count[(int)periods[index]]++;
            }
        }

        return months;
    }

    private static string? Place(long[] starts, TariffCalendar calendar, TariffPeriod[] periods)
    {
        long length = (long)TimeSpan.FromHours(1).TotalMilliseconds;
        long smallest = starts.Length > 1 ? long.MaxValue : length;
        for (int index = 1; index < starts.Length; index++)
        {
            smallest = Math.Min(smallest, starts[index] - starts[index - 1]);
        }

        return smallest <= length
            ? calendar.Fill(starts, TimeSpan.FromMilliseconds(smallest), periods)
            : $"intervals of {TimeSpan.FromMilliseconds(smallest)} lie in several tariff periods; value 15 minutes or hours.";
    }

    private static EnergySavingValue Sum(
        List<SavingPart> parts, long[] starts, int missing, TariffCalendar calendar, MarginalPrice price, SavingUncertainty uncertainty)
    {
        Money value = Money.Zero(price.Rates.Currency);
        decimal saved = 0m;
        foreach (SavingPart part in parts)
        {
            value += part.Value;
            saved += part.SavedKwh;
        }

        List<string> notes = price.Tariff == CfeTariff.Gdmth
            ? [.. calendar.Notes(PlantCalendar.DayOf(starts[0], calendar.Zone), PlantCalendar.DayOf(starts[^1], calendar.Zone))]
            : [];
        if (missing > 0)
        {
            notes.Add($"{missing} of {starts.Length} intervals have no saving and are not valued.");
        }

        (Money? wide, Money? narrow) = SavingSpread.HalfWidths(parts, uncertainty, price.Rates.Currency);
        return new EnergySavingValue
        {
            Value = value,
            HalfWidth = wide,
            IndependentHalfWidth = narrow,
            SavedKwh = saved,
            Parts = parts,
            ValuedIntervals = starts.Length - missing,
            MissingIntervals = missing,
            Basis = price.Basis,
            Notes = notes,
        };
    }

    private static long[] Checked(IReadOnlyList<long> starts, IReadOnlyList<double> savedKwh, SavingUncertainty uncertainty)
    {
        ArgumentNullException.ThrowIfNull(starts);
        ArgumentNullException.ThrowIfNull(savedKwh);
        ArgumentNullException.ThrowIfNull(uncertainty);
        if (starts.Count != savedKwh.Count || starts.Count > MeteredIntervals.MaximumCount)
        {
            throw new ArgumentException($"{starts.Count} stamps and {savedKwh.Count} savings; columns have one length, at most {MeteredIntervals.MaximumCount}");
        }

        for (int index = 0; index < starts.Count; index++)
        {
            if (Math.Abs(savedKwh[index]) > MeteredIntervals.MaximumKwh || (index > 0 && starts[index] <= starts[index - 1]))
            {
                throw new ArgumentException($"interval {index} is out of order or repeated, or its saving of {savedKwh[index]} kWh is beyond {MeteredIntervals.MaximumKwh}");
            }
        }

        if (uncertainty.RelativeHalfWidth < 0m
            || (uncertainty.HalfWidthKwhByPeriod.Count is not 0 and not TariffCalendar.PeriodCount))
        {
            throw new ArgumentException("a relative half-width is from 0, and half-widths by period are three or none", nameof(uncertainty));
        }

        return [.. starts];
    }
}
