using Metering.Analytics.Finance;

namespace Metering.Analytics.Tariffs;

/// <summary>Carries the uncertainty of saved energy into money.</summary>
internal static class SavingSpread
{
    /// <summary>The half-width to print and, where the periods are known apart, the one for independent errors.</summary>
    public static (Money? Wide, Money? Narrow) HalfWidths(List<SavingPart> parts, SavingUncertainty uncertainty, string currency)
    {
        if (uncertainty.HalfWidthKwhByPeriod.Count == TariffCalendar.PeriodCount && parts.TrueForAll(part => part.Period is not null))
        {
            return ByPeriod(parts, uncertainty.HalfWidthKwhByPeriod, currency);
        }

        if (uncertainty.RelativeHalfWidth is not decimal relative)
        {
            return (null, null);
        }

        // Weighted by the size of the parts, not by their sum: where savings and excess use cancel, an average price by the sum
        // could be anything.
        decimal saved = 0m;
        decimal size = 0m;
        decimal value = 0m;
        foreach (SavingPart part in parts)
        {
            saved += part.SavedKwh;
            size += Math.Abs(part.SavedKwh);
            value += Math.Abs(part.SavedKwh) * part.PricePerKwh.Amount;
        }

        decimal price = size > 0m ? value / size : 0m;
        return (new Money(relative * Math.Abs(saved) * price, currency), null);
    }

    private static (Money? Wide, Money? Narrow) ByPeriod(List<SavingPart> parts, IReadOnlyList<decimal> halfWidthKwh, string currency)
    {
        decimal wide = 0m;
        decimal squares = 0m;
        for (int period = 0; period < TariffCalendar.PeriodCount; period++)
        {
            decimal money = halfWidthKwh[period] >= 0m
                ? halfWidthKwh[period] * DearestPrice(parts, (TariffPeriod)period)
                : throw new ArgumentException($"the half-width of {(TariffPeriod)period} is below zero", nameof(halfWidthKwh));
            wide += money;
            squares += money * money;
        }

        return (new Money(wide, currency), new Money(DecimalRoot.Of(squares), currency));
    }

    // The half-width of a period is not divided by month, so that its dearest month bounds it.
    private static decimal DearestPrice(List<SavingPart> parts, TariffPeriod period)
    {
        decimal dearest = 0m;
        foreach (SavingPart part in parts)
        {
            dearest = part.Period == period ? Math.Max(dearest, part.PricePerKwh.Amount) : dearest;
        }

        return dearest;
    }
}

/// <summary>Square roots of decimals.</summary>
internal static class DecimalRoot
{
    /// <summary>The square root of a number from 0, to the last digits of a decimal.</summary>
    public static decimal Of(decimal value)
    {
        decimal root = (decimal)Math.Sqrt((double)value);
        for (int step = 0; step < 4 && root > 0m; step++)
        {
            root = (root + (value / root)) / 2m;
        }

        return root;
    }
}
